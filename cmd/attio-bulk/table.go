package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/term"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
)

// csv prints rows as a CSV file on standard output.
func (u *ui) csv(rows [][]any, header ...string) error {
	lines := [][]string{header}
	for _, row := range rows {
		var line []string
		for _, v := range row {
			line = append(line, printable(fmt.Sprint(v)))
		}
		lines = append(lines, line)
	}
	return csv.NewWriter(u.out).WriteAll(lines)
}

// list prints rows as a table on standard output, as many of their cells as the header has; on a terminal, no wider
// than that: cells that are too long for their column go on below.
func (u *ui) list(rows [][]any, header ...string) error {
	lines := [][]string{header}
	for _, row := range rows {
		line := make([]string, len(header))
		for i := range header {
			switch v := row[i]; v {
			case false, "":
				line[i] = "-"
			case true:
				line[i] = "yes"
			default:
				line[i] = fmt.Sprint(v)
			}
		}
		lines = append(lines, line)
	}
	_, err := io.WriteString(u.out, aligned(lines, u.columns))
	return err
}

// columnGap stands between the columns of a table.
const columnGap = 2

// aligned are rows of cells in columns, in lines of at most limit columns; 0: of any length.
func aligned(rows [][]string, limit int) string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			row[i] = oneLine(cell)
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], width(row[i]))
		}
	}
	narrow(widths, limit-columnGap*(len(widths)-1), limit > 0)
	var b strings.Builder
	for _, row := range rows {
		parts, height := make([][]string, len(row)), 1
		for i, cell := range row {
			parts[i] = wrapped(cell, widths[i])
			height = max(height, len(parts[i]))
		}
		for n := range height {
			var line strings.Builder
			for i, part := range parts {
				text := ""
				if n < len(part) {
					text = part[n]
				}
				line.WriteString(text + strings.Repeat(" ", widths[i]-width(text)+columnGap))
			}
			b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
		}
	}
	return b.String()
}

// narrowest is how narrow a column of a table gets at most.
const narrowest = 8

// narrow takes columns from the widest ones until all have room.
func narrow(widths []int, room int, limited bool) {
	for limited {
		sum, widest := 0, 0
		for i, w := range widths {
			if sum += w; w >= widths[widest] {
				widest = i
			}
		}
		if sum <= room || widths[widest] <= narrowest {
			return
		}
		widths[widest]--
	}
}

// wrapped are the lines of a text, each at most so many columns wide. They end at blanks where they can.
func wrapped(text string, columns int) (lines []string) {
	for width(text) > columns {
		cut, used := 0, 0
		for i, r := range text {
			if used += width(string(r)); used > columns && i > 0 {
				cut = i
				break
			}
		}
		if blank := strings.LastIndexByte(text[:cut+1], ' '); blank > 0 {
			cut = blank
		}
		if cut == 0 { // a single letter that is wider than the column
			break
		}
		lines = append(lines, strings.TrimRight(text[:cut], " "))
		text = strings.TrimLeft(text[cut:], " ")
	}
	return append(lines, text)
}

// terminalColumns is how wide the terminal behind a file is; 0 where it is none.
func terminalColumns(f *os.File) int {
	columns, _, _ := term.GetSize(int(f.Fd())) // 0 with an error
	return columns
}

// What a file or a server says never steers the terminal. Everything that is printed passes one of these doors:
// printable for messages and tables, door for all of a standard output that is a terminal, escaped for JSON.

// picture is what a terminal shows instead of a letter that it would act on; ok reports whether there is a need for
// one.
func picture(r rune) (_ rune, ok bool) {
	switch {
	case r < ' ':
		return r + 0x2400, true // the pictures of control characters
	case r == 0x7F:
		return 0x2421, true
	case r < 0xA0 && r > 0x7F, r == 0x2028, r == 0x2029, unicode.Is(unicode.Bidi_Control, r):
		return utf8.RuneError, true
	}
	return r, false
}

// shown is picture but for line breaks and tabs, which stay.
func shown(r rune) rune {
	if r != '\n' && r != '\t' {
		r, _ = picture(r)
	}
	return r
}

// printable makes the control characters of a text visible.
func printable(text string) string { return strings.Map(shown, text) } // broken UTF-8 becomes U+FFFD

// oneLine is a printable text without line breaks and tabs, for a table's cell.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		r, _ = picture(r)
		return r
	}, text)
}

// visible are the letters of a text, each in one place of the line: what has no picture of its own stands as U+FFFD.
func visible(s string) []rune {
	out := []rune(oneLine(s))
	for i, r := range out {
		if !unicode.IsGraphic(r) {
			out[i] = utf8.RuneError
		}
	}
	return out
}

// escaped writes the letters of JSON that a terminal would act on as JSON's own escapes, which lose nothing.
func escaped(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for _, r := range string(text) {
		if _, ok := picture(r); ok && r != '\n' {
			out = fmt.Appendf(out, "\\u%04x", r)
		} else {
			out = utf8.AppendRune(out, r)
		}
	}
	return out
}

// width is how many columns of a terminal a text takes: letters of East Asian scripts and emoji take two, marks on
// letters none.
func width(text string) int { return uniseg.StringWidth(text) }

// newDoor makes control characters visible in all that is written to a terminal. A letter may come in several writes.
func newDoor(w io.Writer) io.Writer { return transform.NewWriter(w, runes.Map(shown)) }
