package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/check"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Rows that were not sent are told of when an import ends: the first few on the screen, all of them in the reports.
// They show cells, so that none of them is for a log.

// shownRows is how many rows of a kind the end of an import shows; the report has them all.
const shownRows = 3

// notSent keeps the first rows that were not sent: of the refused ones one of each kind in each column.
type notSent struct {
	file               string
	rejects, conflicts someRows
	kinds              [][2]string
	conflictRows       []int // of the conflicts' lines
}

// someRows are what is said of the first rows of a kind.
type someRows struct {
	lines []string
	rows  int // of which these lines are
}

// add is told of a row that is a conflict or rejected.
func (n *notSent) add(out *journal.Outcome) {
	if out.Action == journal.Conflicts {
		n.addConflict(out)
		return
	}
	before := len(n.rejects.lines)
	for _, e := range out.Errors {
		kind := [2]string{e.Code, e.Column}
		if e.Cell == nil && out.Row == nil || slices.Contains(n.kinds, kind) || len(n.rejects.lines) == shownRows {
			continue
		}
		n.kinds = append(n.kinds, kind)
		n.rejects.lines = append(n.rejects.lines, rejectText(n.file, out, e))
	}
	if len(n.rejects.lines) > before {
		n.rejects.rows++
	}
}

// addConflict keeps the first rows of the file, in whichever order they come.
func (n *notSent) addConflict(out *journal.Outcome) {
	at, _ := slices.BinarySearch(n.conflictRows, out.Row.Number)
	if at == shownRows {
		return
	}
	c := &n.conflicts
	n.conflictRows = slices.Insert(n.conflictRows, at, out.Row.Number)
	c.lines = slices.Insert(c.lines, at, conflictText(n.file, out))
	c.rows = min(len(c.lines), shownRows)
	n.conflictRows, c.lines = n.conflictRows[:c.rows], c.lines[:c.rows]
}

// rejectText says why a row was refused.
func rejectText(file string, out *journal.Outcome, e journal.Reject) string {
	switch {
	case e.Cell != nil:
		return cellError(file, e.Cell)
	case out.Row.Bad != nil:
		return rowError(file, e.Code, check.BadRow(out.Row))
	case e.Column == "": // a reason that is no cell's own, such as Attio's refusal of a value
		return fmt.Sprintf("%s:%d: row %d: %s", file, out.Row.Line, out.Row.Number, e.Message)
	}
	return fmt.Sprintf("%s:%d: row %d, column %q: %s", file, out.Row.Line, out.Row.Number, e.Column, e.Message)
}

// conflictText says with what a row is in conflict, and in what the two differ.
func conflictText(file string, out *journal.Outcome) string {
	c := out.Conflicts[0]
	text := fmt.Sprintf("%s:%d: row %d: %s", file, out.Row.Line, out.Row.Number, c.Attribute)
	if c.Value != "" {
		text += fmt.Sprintf(" %q", shortened(c.Value, cellWidth))
	}
	if text += ": " + c.Message; c.Kind == journal.InFile {
		return text
	}
	var parts []string
	for _, d := range c.Differences[:min(len(c.Differences), shownRows)] {
		parts = append(parts, differs(d))
	}
	if more := len(c.Differences) - len(parts); more > 0 {
		parts = append(parts, count(more, "more attribute")+map[bool]string{true: " differs", false: " differ"}[more == 1])
	}
	return text + "; " + cmp.Or(strings.Join(parts, "; "), "nothing else differs")
}

// differs says in words what an attribute is in Attio and in a file.
func differs(d mapping.Difference) string {
	side := func(text []byte) string {
		if s := string(text); s != "" && s != "null" && s != "[]" {
			return shortened(s, cellWidth)
		}
		return "empty"
	}
	return fmt.Sprintf("%s is %s in Attio, and %s in the file", d.Slug, side(d.Attio), side(d.File))
}

// sayRows shows what there is to say of the first rows of a kind, and where to find the others.
func (a *app) sayRows(some someRows, all int, report string) {
	for _, text := range some.lines {
		a.say("%s", text)
	}
	if more := all - some.rows; more > 0 && some.rows > 0 {
		a.say("%s", moreIn(more, report))
	}
}

// moreIn says how many are not shown, and which report has them.
func moreIn(more int, report string) string {
	return fmt.Sprintf("... and %s more, see %s", grouped(int64(more)), report)
}
