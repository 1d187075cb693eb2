package propose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Nothing is proposed or offered that was not tried: each entry reads the cells that the profiles remember with the
// code of the import, and what it would refuse is said beside it.

// Reading is what an entry makes of a cell.
type Reading struct {
	Cell    string // as it stands in the file
	Value   string // what Attio would hold; "" where the cell is refused or left out
	Refused string // why; "" where it is taken
}

// shownReadings is how many readings of an answer are kept.
const shownReadings = 3

// tester tries entries on the cells of a file.
type tester struct {
	in       mapping.Input
	schema   *attio.Schema
	object   string
	profiles []*Profile
}

// outcome is what came of trying an entry.
type outcome struct {
	cells, refused int // that are not blank
	faults         []fault
	readings       []Reading
	drops          bool // the entry leaves out what it would refuse
}

// fault is one kind of refusal.
type fault struct {
	code, message string
	cells         int
}

// try reads a column's cells by an entry; nil where the entry cannot be bound, as where two headers are the same.
func (t *tester) try(c mapfile.Column, p *Profile) *outcome {
	trial, err := mapping.NewTrial(c, t.in, t.schema, t.object)
	if err != nil {
		return nil
	}
	out := &outcome{drops: c.OnError == mapfile.DropValue || c.Missing == value.MissingBlank}
	if p.lists > 0 || len(p.values) == 0 || strings.Contains(c.Column, "[]") || dependent(&c) {
		for i := range p.head {
			row := t.row(i)
			out.add(trial, row, p.head[i].Text, 1)
		}
		return out
	}
	at := t.place(c.Column)
	row := &mapping.Row{Cells: make([]mapping.Cell, len(t.in.Columns))}
	for _, text := range byCount(p.values) {
		row.Cells[at] = mapping.Cell{Text: text, Kind: p.kind(text)}
		out.add(trial, row, text, p.values[text])
	}
	return out
}

// dependent reports whether an entry reads other columns as well.
func dependent(c *mapfile.Column) bool {
	return c.CountryColumn != "" ||
		slices.ContainsFunc(c.Transform, func(t mapfile.Transform) bool { return len(t.Columns) > 0 })
}

// row is one of the first rows of the file, as far as it was kept.
func (t *tester) row(n int) *mapping.Row {
	row := &mapping.Row{Cells: make([]mapping.Cell, len(t.in.Columns))}
	for i, p := range t.profiles {
		if n < len(p.head) {
			row.Cells[i] = p.head[n]
		}
	}
	return row
}

// place is a column of the file by its header or "#3".
func (t *tester) place(name string) int {
	if i := slices.Index(t.in.Columns, name); i >= 0 {
		return i
	}
	n := 0
	_, _ = fmt.Sscanf(name, "#%d", &n) // a blank header, which Suggestion names so
	return min(max(0, n-1), len(t.in.Columns)-1)
}

// kind is how a cell came.
func (p *Profile) kind(text string) value.Kind {
	switch {
	case !p.typed[text]:
		return value.TextCell
	case p.native > 0 && len(text) >= 10 && text[4] == '-':
		return value.DateCell
	}
	return value.NumberCell
}

func (out *outcome) add(trial *mapping.Trial, row *mapping.Row, cell string, times int) {
	text, bad := trial.Read(row)
	if text == "" && bad == nil {
		return
	}
	out.cells += times
	r := Reading{Cell: cell, Value: text}
	if bad != nil {
		r.Refused = bad.Message
	}
	if bad != nil && !out.drops {
		out.refused += times
		i := slices.IndexFunc(out.faults, func(f fault) bool { return f.code == bad.Code })
		if i < 0 {
			i = len(out.faults)
			out.faults = append(out.faults, fault{code: bad.Code, message: bad.Message})
		}
		out.faults[i].cells += times
	}
	if len(out.readings) < shownReadings {
		out.readings = append(out.readings, r)
	}
}

// worst is the most frequent kind of refusal.
func (out *outcome) worst() fault {
	return slices.MaxFunc(out.faults, func(a, b fault) int { return a.cells - b.cells })
}

// prove tries what a suggestion proposes and offers. An entry that would refuse every second cell is asked about; of
// others each kind of refusal is noted. No answer is offered that would refuse all cells, or leave a value out that new
// records must have.
func (t *tester) prove(sg *Suggestion) {
	if sg.Column != nil {
		t.proveColumn(sg)
	}
	kept := sg.Answers[:0]
	for _, a := range sg.Answers {
		if a.Constant == nil {
			out := t.try(a.Column, sg.sourceOf())
			if out != nil {
				if out.drops && t.needed(a.Column.Attribute) || out.cells > 0 && out.refused == out.cells {
					continue
				}
				if a.Readings = out.readings; out.refused > 0 && !strings.Contains(a.Text, "refuses") {
					a.Text = strings.TrimPrefix(a.Text+fmt.Sprintf("; refuses %d of %d cells", out.refused, out.cells), "; ")
				}
			}
		}
		kept = append(kept, a)
	}
	sg.Answers = kept
}

// sourceOf is the profile of the column that the suggestion's entries read.
func (s *Suggestion) sourceOf() *Profile {
	if s.profile == nil { // of an attribute that records lack
		return &Profile{}
	}
	return s.profile
}

// needed reports whether an attribute, or the one that a part is of, must be filled in new records.
func (t *tester) needed(path string) bool {
	slug, _, _ := strings.Cut(path, ".")
	a := t.schema.Object(t.object).Attribute(slug)
	return a != nil && mapping.Needed(a)
}

func (t *tester) proveColumn(sg *Suggestion) {
	out := t.try(*sg.Column, sg.profile)
	if out == nil || out.refused == 0 {
		return
	}
	if sg.Readings = out.readings; out.refused*2 < out.cells {
		slices.SortStableFunc(out.faults, func(a, b fault) int { return cmp.Compare(b.cells, a.cells) })
		for _, f := range out.faults[:min(3, len(out.faults))] {
			sg.Notes = append(sg.Notes, fmt.Sprintf("%d of %s would be rejected: %s", f.cells, plural(out.cells, "cell"),
				f.message))
		}
		return
	}
	sg.Ask = fmt.Sprintf("%d of %s would be rejected as %s: %s", out.refused, plural(out.cells, "cell"),
		sg.Column.Attribute, out.worst().message)
	if out.refused < out.cells {
		dropped, as := *sg.Column, *sg.Column
		dropped.OnError = mapfile.DropValue
		sg.Answers = []Answer{{Column: dropped, Text: fmt.Sprintf("leaves these %d out", out.refused)}, {Column: as}}
	}
	sg.Column, sg.Likely, sg.doubt, sg.fills = nil, "", "", false
}
