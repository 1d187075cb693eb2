package check

import (
	"cmp"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Report is what a check found.
type Report struct {
	Rows       int `json:"rows"`       // data rows of the file
	Importable int `json:"importable"` // rows that would be sent
	Rejected   int `json:"rejected"`   // rows that would be refused
	Conflicts  int `json:"conflicts"`  // rows that hold a unique value of an earlier row
	Skipped    int `json:"skipped"`    // rows with nothing mapped in them
	BlankRows  int `json:"blank_rows"`
	// WithoutUnique counts the rows that would be created without a unique value: a second import creates them again.
	WithoutUnique int             `json:"without_unique"`
	LeftOut       journal.Dropped `json:"left_out"` // values of rows that would not be rejected

	Errors  []Finding `json:"errors"`  // why rows would be rejected, the most frequent first
	InFile  []Finding `json:"in_file"` // values that stand in several rows
	Dropped []Finding `json:"dropped"` // cells that `on_error: drop` and, of options, `missing: blank` leave out
	// what a spreadsheet has probably destroyed; such rows are imported all the same
	Warnings []Finding     `json:"warnings"`
	Creates  []Create      `json:"creates"`  // what `missing: create` would make
	Unproven []string      `json:"unproven"` // what only Attio can tell
	Survey   source.Survey `json:"-"`
	Plan     *mapping.Plan `json:"-"`
	// Preview are the first rows that would be sent, each as a new record.
	Preview []mapping.Preview `json:"-"`
}

// Bad reports whether some row would not be imported.
func (r *Report) Bad() bool { return r.Rejected > 0 || r.Conflicts > 0 }

// Finding is one kind of mistake in one column.
type Finding struct {
	Code     string    `json:"code"`   // stable; Codes, value.Codes and Codes explain each
	Column   string    `json:"column"` // header; "" for the row as a whole
	Text     string    `json:"text"`   // the code's explanation
	Rows     int       `json:"rows"`   // how many rows or cells
	Fix      string    `json:"fix,omitempty"`
	Examples []Example `json:"examples"`
}

// Example is one cell or row of a finding.
type Example struct {
	Row    int                `json:"row"`
	Line   int                `json:"line"`
	Column int                `json:"column"` // bytes of the line from 1; 0 where the row has no one place
	Value  string             `json:"value"`
	Text   string             `json:"text"`
	Cell   *mapping.CellError `json:"-"` // where the mistake is a refused cell
	From   int                `json:"-"` // the offending bytes of Value, where Cell is nil; both 0 for all of it
	To     int                `json:"-"`
}

// BadRow shows a row that cannot be read as a whole. Of a CSV row the part from the place at fault to the end is
// marked, where that is in its first line, at which its text begins.
func BadRow(row *mapping.Row) Example {
	bad := row.Bad
	e := Example{Row: row.Number, Line: bad.Line, Column: bad.Column, Text: "the row " + bad.Message}
	e.Value = strings.TrimRight(strings.Clone(row.Raw), "\r\n")
	if strings.HasPrefix(bad.Code, "CSV") && bad.Line == row.Line && bad.Column > 1 && bad.Column <= len(e.Value) {
		e.From, e.To = bad.Column-1, len(e.Value)
	}
	return e
}

// exampleOf shows a cell.
func exampleOf(row *mapping.Row, i int, text string) Example {
	cell := &row.Cells[i]
	return Example{Row: row.Number, Line: int(cell.Line), Column: int(cell.Column), Value: strings.Clone(cell.Text),
		Text: text}
}

// Create is one option that does not exist and that the mapping has made.
type Create struct {
	Attribute string `json:"attribute"`
	Option    string `json:"option"`
	Rows      int    `json:"rows"`
}

// footer warns of rows at the end of the file that look like totals and notes, and of another table behind them.
func (c *checker) footer(s *source.Survey) {
	if s.Next > 0 {
		c.find(&c.out.Warnings, "ROW002", "", "", func() Example {
			return Example{Row: s.Rows + 1, Line: s.Next, Text: "the other table begins here"}
		})
	}
	for _, one := range s.Suspects {
		c.find(&c.out.Warnings, "ROW001", "", "", func() Example {
			return Example{Row: one.Row, Line: one.Line, Value: one.Text, Text: "the row " + one.Why}
		})
	}
}

// report sorts what was found.
func (c *checker) report(s source.Survey) *Report {
	c.damage.finish()
	r := &c.out
	r.Survey, r.Plan, r.BlankRows = s, c.plan, s.BlankRows
	r.Survey.Rows = r.Rows
	for _, list := range []*[]Finding{&r.Errors, &r.InFile, &r.Dropped, &r.Warnings} {
		if *list == nil {
			*list = []Finding{}
		}
		slices.SortFunc(*list, func(a, b Finding) int {
			return cmp.Or(b.Rows-a.Rows, strings.Compare(a.Code, b.Code), strings.Compare(a.Column, b.Column))
		})
	}
	r.Creates = []Create{}
	for _, o := range c.made {
		r.Creates = append(r.Creates, *o)
	}
	slices.SortFunc(r.Creates, func(a, b Create) int {
		return cmp.Or(strings.Compare(a.Attribute, b.Attribute), b.Rows-a.Rows, strings.Compare(a.Option, b.Option))
	})
	if r.Unproven = unproven(c.plan); len(c.archived) > 0 {
		r.Unproven = append(r.Unproven,
			"whether records hold already the archived options that these columns name, which nobody can "+
				"write to them: "+strings.Join(c.archived, ", "))
	}
	return r
}

// unproven says what a check leaves open.
func unproven(p *mapping.Plan) []string {
	out := []string{}
	var refs []string
	for _, col := range p.File.Columns {
		if a := p.Object.Attribute(col.Attribute); a != nil && a.Type == attio.TypeRecordReference {
			refs = append(refs, col.Column)
		}
	}
	if len(refs) > 0 {
		out = append(out, "whether the records that these columns refer to exist: "+strings.Join(refs, ", "))
	}
	if len(p.Unique) > 0 {
		var slugs []string
		for _, a := range p.Unique {
			slugs = append(slugs, a.Slug)
		}
		out = append(out, "whether a record in Attio has one of these already: "+strings.Join(slugs, ", "))
	}
	return out
}
