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
