package layout

import (
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/source/delimited"
)

// rare looks for delimiters that texts are full of: they are taken only where every record agrees, and the cells show
// that they are columns. Where they show little, one column is the other Guess.
func rare(text []byte, said Said) []Guess {
	forms := []delimited.Form{}
	for _, comma := range secondary {
		forms = append(forms, delimited.Form{Comma: comma})
	}
	for _, form := range append(forms, delimited.Form{Blanks: 2}, delimited.Form{Blanks: 1}) {
		g := best(text, form, said)
		rows, bad := Rows(text, g.Form, 0)
		if g.Cells < 2 || bad > 0 || len(rows) < 3 {
			continue
		}
		switch columns(rows, g.Cells, form) {
		case certain:
			return []Guess{g}
		case likely:
			return []Guess{g, best(text, delimited.Form{Comma: ','}, said)}
		}
	}
	return nil
}

// evidence is how surely a rare delimiter makes columns.
type evidence int

const (
	none evidence = iota
	likely
	certain
)

// columns judges the records that a rare delimiter makes, most of which have some number of cells.
func columns(rows []Row, cells int, form delimited.Form) evidence {
	for len(rows) > 0 && len(rows[0].Cells) > 0 && strings.HasPrefix(rows[0].Cells[0], "#") {
		rows = rows[1:]
	}
	from := 0
	for from < len(rows) && len(rows[from].Cells) != cells {
		from++
	}
	other := func(r Row) bool { return len(r.Cells) != cells }
	if from > 3 || from+1 >= len(rows) || slices.ContainsFunc(rows[from:], other) {
		return none
	}
	head, t := rows[from].Cells, tableOf(rows[from+1:])
	like, unlike := t.agree(head)
	alone := from == 0 || rows[from].Gap // no line without the delimiter is a header of one column
	switch {
	case from == 1 && form.Blanks == 1 && len(rows[0].Cells) > cells && cells > 3 && like > 1 && words(rows[0].Cells):
		return certain // a name in the header has a blank
	case like == 0 && unlike > 0 && words(head) && (form.Blanks != 1 || cells > 2 && unlike > 1):
		return certain
	case form.Blanks == 0 && alone && cells > 2 && (cells > 3 || words(head)) && !slices.ContainsFunc(rows[from:], spaced):
		return certain
	case form.Blanks == 1 && alone && cells > 2 && like == 0 && unlike > 0 && words(head):
		return likely
	case form.Blanks == 1 && from == 0 && cells > 3 && t.typed() > 1:
		return likely
	}
	return none
}

// spaced reports whether a cell begins with a blank, as text behind a colon does.
func spaced(r Row) bool {
	return slices.ContainsFunc(r.Cells, func(c string) bool {
		return strings.HasPrefix(c, " ") || strings.HasPrefix(c, "//")
	})
}
