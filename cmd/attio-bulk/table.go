package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// csv prints rows as a CSV file on standard output.
func (u *ui) csv(rows [][]any, header ...string) error {
	w := csv.NewWriter(u.out)
	if err := w.Write(header); err != nil {
		return err
	}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = printable(fmt.Sprint(v))
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// list prints rows as a table, as many of their cells as the header has.
func (u *ui) list(rows [][]any, header ...string) error {
	lines := make([][]string, len(rows))
	for n, row := range rows {
		lines[n] = make([]string, len(header))
		for i := range header {
			switch v := row[i]; v {
			case false, "":
				lines[n][i] = "-"
			case true:
				lines[n][i] = "yes"
			default:
				lines[n][i] = fmt.Sprint(v)
			}
		}
	}
	return u.table(header, lines)
}

// columnGap stands between the columns of a table.
const columnGap = 2

// table prints rows of cells in aligned columns on standard output; on a terminal, no wider than that: cells that are
// too long for their column go on below.
func (u *ui) table(header []string, rows [][]string) error {
	_, err := io.WriteString(u.out, aligned(append([][]string{header}, rows...), u.columns))
	return err
}

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
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return columns
}
