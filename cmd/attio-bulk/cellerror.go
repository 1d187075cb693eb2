package main

import (
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/check"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// A refused cell is shown so that somebody who has never seen the file can act on it: where it stands, what is wrong,
// the cell with a caret under each letter at fault, what would be accepted, and the one line of the mapping file that
// would change it:
//
//	users.csv:41:7: row 40, column "E-mail": "ada@" is not an e-mail address
//	    ada@
//	    ^^^^
//	  accepted: an address such as ada@example.com
//	  add to `column: E-mail` in the mapping: transform: [lower]

// cellError shows a refused cell of a file.
func cellError(file string, e *mapping.CellError) string {
	lines := append([]string{file + ":" + e.Error()}, cellLines(e.Value, e.From, e.To)...)
	if e.Accepted != "" {
		lines = append(lines, "  accepted: "+e.Accepted)
	}
	if e.Fix != "" {
		lines = append(lines, "  "+fixLine(e.Header, e.Fix))
	}
	return strings.Join(lines, "\n")
}

// inTheMapping stands in each line that speaks of the mapping file.
const inTheMapping = " in the mapping: "

// rowError shows a row that cannot be read as a whole.
func rowError(file, code string, e check.Example) string {
	lines := exampleLines(file, e)
	if accepted := acceptedRows[code]; accepted != "" {
		lines = append(lines, "  accepted: "+accepted)
	}
	return strings.Join(lines, "\n")
}

// exampleLines show one fault of a file: where it is, what is wrong, and the cell. A row as a whole has no one place
// for carets.
func exampleLines(file string, e check.Example) []string {
	where := fmt.Sprintf("%s:%d", file, e.Line)
	if e.Column > 0 {
		where += fmt.Sprintf(":%d", e.Column)
	}
	from, to := e.From, e.To
	if e.Cell != nil {
		from, to = e.Cell.From, e.Cell.To
	}
	cell := cellLines(e.Value, from, to)
	if e.Column == 0 && len(cell) > 0 {
		cell = cell[:1]
	}
	text := ": " + e.Text
	if what, row := strings.CutPrefix(e.Text, "the row "); row { // the row as a whole
		text = " " + what
	}
	return append([]string{fmt.Sprintf("%s: row %d%s", where, e.Row, text)}, cell...)
}

// acceptedRows says how a row that cannot be read is to be written, by code.
var acceptedRows = map[string]string{
	"CSV011": "as many cells as the header has, blank ones too: a,,c",
	"CSV012": `a cell that holds the separator in quotes: "Doe, Jane"`,
	"CSV013": `a cell that holds a quote in quotes, and the quote twice: "5"" disk"`,
}

// fixLine says where the line belongs, or the lines.
func fixLine(header, fix string) string {
	if strings.Contains(fix, "\n") {
		fix = "\n    " + strings.ReplaceAll(fix, "\n", "\n    ")
		return fmt.Sprintf("add to `column: %s`"+strings.TrimRight(inTheMapping, " ")+"%s", header, fix)
	}
	return fmt.Sprintf("add to `column: %s`"+inTheMapping+"%s", header, fix)
}

// cellWidth is how many letters of a cell are shown.
const cellWidth = 64

// cellLines are a cell, on one line, and carets under its bytes from and to; under all of it where both are 0. Of a
// long cell the part around the fault is shown. A blank cell has nothing to show.
func cellLines(value string, from, to int) []string {
	if value == "" {
		return nil
	}
	if to <= from || to > len(value) {
		from, to = 0, len(value)
	}
	before, fault, after := visible(value[:from]), visible(value[from:to]), visible(value[to:])
	if room := cellWidth / 3; len(before) > room {
		before = append([]rune("…"), before[len(before)-room:]...)
	}
	if room := cellWidth - len(before); len(fault) > room {
		fault, after = append(fault[:room:room], '…'), nil
	}
	if room := cellWidth - len(before) - len(fault); len(after) > max(0, room) {
		after = append(after[:max(0, room)], '…')
	}
	carets := strings.Repeat(" ", width(string(before))) + strings.Repeat("^", max(1, width(string(fault))))
	return []string{"    " + string(before) + string(fault) + string(after), "    " + carets}
}
