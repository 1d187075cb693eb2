package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Rules of a check: it reads the whole file with the code of the import (Input.Rows and Plan.Values), sends nothing, and keeps counts and
// a few examples, so that its memory does not grow with the file but by 16 bytes for each value of a unique attribute. What Attio alone
// knows is left open and named: whether records that rows refer to exist, and whether a unique value is taken.

// CheckExamples is how many examples a finding keeps.
const CheckExamples = 3

// maxCheckGroups bounds the findings that are told apart; mistakes are of few kinds, and a file that has more is not the mapping's file.
const maxCheckGroups = 1000

// CheckReport is what a check found.
type CheckReport struct {
	Rows       int `json:"rows"`       // data rows of the file
	Importable int `json:"importable"` // rows that would be sent
	Rejected   int `json:"rejected"`   // rows that would be refused
	Conflicts  int `json:"conflicts"`  // rows that hold a unique value of an earlier row
	Skipped    int `json:"skipped"`    // rows with nothing mapped in them
	BlankRows  int `json:"blank_rows"`

	Errors   []Finding     `json:"errors"`   // why rows would be rejected, the most frequent first
	InFile   []Finding     `json:"in_file"`  // values that stand in several rows
	Dropped  []Finding     `json:"dropped"`  // cells that `on_error: drop` leaves out
	Warnings []Finding     `json:"warnings"` // what a spreadsheet has probably destroyed; such rows are imported all the same
	Creates  []WouldCreate `json:"creates"`  // what `missing: create` would make
	Unproven []string      `json:"unproven"` // what only Attio can tell
	Survey   Survey        `json:"-"`
	Plan     *mapping.Plan `json:"-"`
}

// Bad says whether some row would not be imported.
func (r *CheckReport) Bad() bool { return r.Rejected > 0 || r.Conflicts > 0 }

// Finding is one kind of mistake in one column.
type Finding struct {
	Code     string    `json:"code"`   // stable; Codes, mapping.Codes and CheckCodes explain each
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
}

// WouldCreate is one option that does not exist and that the mapping has made.
type WouldCreate struct {
	Attribute string `json:"attribute"`
	Option    string `json:"option"`
	Rows      int    `json:"rows"`
}

// Check reads a file to its end and says what an import with the plan that bind answers would do. bind is told what the file is; Rows of
// the survey is 0 then where rows have not been counted yet. It is called a second time in the rare case that a column without a
// header turns out to be filled. The error is an *InputError where the whole file is at fault, or bind's.
func Check(ctx context.Context, in *Input, bind func(Survey) (*mapping.Plan, error)) (*CheckReport, error) {
	var out *CheckReport
	err := in.once(ctx, func(s *Survey, rows func(stage) error) error {
		plan, err := bind(*s)
		if err != nil {
			return err
		}
		c := newChecker(plan, s.Columns)
		if err := rows(stage{c.convert, c.take}); err != nil {
			return err
		}
		out = c.report(*s)
		return nil
	})
	return out, err
}

// checker collects a report.
type checker struct {
	plan     *mapping.Plan
	keys     []mapping.Key
	seen     *claims
	findings map[findingKey]*Finding
	options  map[[2]string]*WouldCreate
	damage   *damage
	out      CheckReport
	columns  []string
	explain  map[string]string // by code
}

type findingKey struct {
	kind, code, column string
}

// The kinds of findings, which are the lists of a report.
const (
	errorFinding   = "error"
	inFileFinding  = "in_file"
	droppedFinding = "dropped"
	warningFinding = "warning"
)

func newChecker(p *mapping.Plan, columns []string) *checker {
	c := &checker{plan: p, columns: columns, seen: newClaims(0), findings: map[findingKey]*Finding{}, options: map[[2]string]*WouldCreate{}, explain: map[string]string{}}
	c.damage = newDamage(c, columns, p.File.Ignore)
	for _, code := range mapping.Codes {
		c.explain[code.Code] = code.Text
	}
	for _, table := range []map[string]string{Codes, CheckCodes} {
		for code, text := range table {
			c.explain[code] = text
		}
	}
	return c
}

// convert reads a row as the import does.
func (c *checker) convert(row *mapping.Row, rec *mapping.Record) []*mapping.CellError {
	if row.Bad != nil {
		return nil
	}
	return c.plan.Values(row, rec)
}

// take accounts for one row; it keeps nothing of it but copies.
func (c *checker) take(row *mapping.Row, rec *mapping.Record, errs []*mapping.CellError) {
	c.out.Rows++
	if row.Bad != nil {
		c.out.Rejected++
		c.find(errorFinding, row.Bad.Code, "", "", func() Example {
			return Example{Row: row.Number, Line: row.Bad.Line, Column: row.Bad.Column, Value: strings.Clone(row.Raw), Text: "the row " + row.Bad.Message}
		})
		return
	}
	for _, e := range errs {
		c.find(errorFinding, e.Code, e.Header, e.Fix, func() Example { return exampleOf(row, e) })
	}
	for _, e := range rec.Dropped {
		c.find(droppedFinding, e.Code, e.Header, e.Fix, func() Example { return exampleOf(row, e) })
	}
	c.damage.row(row, errs)
	switch {
	case len(errs) > 0:
		c.out.Rejected++
	case len(rec.Fields) == 0:
		c.out.Skipped++
	case !c.unique(row, rec):
		c.out.Conflicts++
	default:
		c.out.Importable++
		if c.plan.Creates() {
			c.creates(rec.Fields)
		}
	}
}

func exampleOf(row *mapping.Row, e *mapping.CellError) Example {
	e.Value = strings.Clone(e.Value) // not the whole row with it
	return Example{Row: row.Number, Line: e.Line, Column: e.Column, Value: e.Value, Text: e.Message, Cell: e}
}

// find counts a mistake and keeps the first few of its kind.
func (c *checker) find(kind, code, column, fix string, example func() Example) {
	k := findingKey{kind, code, column}
	f := c.findings[k]
	if f == nil {
		if len(c.findings) >= maxCheckGroups {
			return
		}
		f = &Finding{}
		c.add(kind, code, column, f)
	}
	if f.Fix == "" {
		f.Fix = fix
	}
	f.note(example)
}

// add takes a finding up.
func (c *checker) add(kind, code, column string, f *Finding) {
	f.Code, f.Column, f.Text = code, strings.Clone(column), c.explain[code]
	c.findings[findingKey{kind, code, f.Column}] = f
}

// note counts a mistake and keeps the first few.
func (f *Finding) note(example func() Example) {
	if f.Rows++; len(f.Examples) < CheckExamples {
		f.Examples = append(f.Examples, example())
	}
}

// unique claims the row's unique values; false when an earlier row has one of them.
func (c *checker) unique(row *mapping.Row, rec *mapping.Record) bool {
	c.keys = c.plan.Keys(c.keys[:0], rec)
	for _, k := range c.keys {
		first := c.seen.holder(c.seen.key(k))
		if first == 0 || first == row.Number {
			continue
		}
		column, line, at, index := c.place(row, rec, k)
		c.find(inFileFinding, codeInFile, column, "", func() Example {
			e := Example{Row: row.Number, Line: line, Column: at, Value: strings.Clone(k.Text), Text: fmt.Sprintf("%q is in row %d already", k.Text, first)}
			if index >= 0 {
				e.Value = strings.Clone(row.Cells[index].Text)
			}
			return e
		})
		return false
	}
	for _, k := range c.keys {
		c.seen.take(c.seen.key(k), row.Number)
	}
	return true
}

// place is where the value of a unique attribute stands in a row; index is -1 where no one column fills it.
func (c *checker) place(row *mapping.Row, rec *mapping.Record, k mapping.Key) (column string, line, at, index int) {
	for _, f := range rec.Fields {
		if f.Attr == k.Attr && len(f.Columns) > 0 && f.Columns[0] < len(row.Cells) {
			cell := &row.Cells[f.Columns[0]]
			return c.columns[f.Columns[0]], int(cell.Line), int(cell.Column), f.Columns[0]
		}
	}
	return k.Attr.Slug, row.Line, 0, -1
}

// creates notes the options that would be made.
func (c *checker) creates(fields []mapping.Field) {
	for _, f := range fields {
		for i := range f.Values {
			v := &f.Values[i]
			if v.Ref != nil {
				c.creates(v.Ref.Fill)
			}
			if !v.Missing {
				continue
			}
			k := [2]string{f.Attr.Slug, v.Text}
			o := c.options[k]
			if o == nil && len(c.options) < maxCheckGroups {
				o = &WouldCreate{Attribute: f.Attr.Slug, Option: strings.Clone(v.Text)}
				c.options[[2]string{f.Attr.Slug, o.Option}] = o
			}
			if o != nil {
				o.Rows++
			}
		}
	}
}

// report sorts what was found.
func (c *checker) report(s Survey) *CheckReport {
	c.damage.finish()
	r := &c.out
	r.Survey, r.Plan, r.BlankRows = s, c.plan, s.BlankRows
	r.Survey.Rows = r.Rows
	r.Errors, r.InFile, r.Dropped, r.Warnings = c.sorted(errorFinding), c.sorted(inFileFinding), c.sorted(droppedFinding), c.sorted(warningFinding)
	r.Creates = []WouldCreate{}
	for _, o := range c.options {
		r.Creates = append(r.Creates, *o)
	}
	slices.SortFunc(r.Creates, func(a, b WouldCreate) int {
		return firstOf(strings.Compare(a.Attribute, b.Attribute), b.Rows-a.Rows, strings.Compare(a.Option, b.Option))
	})
	r.Unproven = unproven(c.plan)
	return r
}

func (c *checker) sorted(kind string) []Finding {
	out := []Finding{}
	for k, f := range c.findings {
		if k.kind == kind {
			out = append(out, *f)
		}
	}
	slices.SortFunc(out, func(a, b Finding) int {
		return firstOf(b.Rows-a.Rows, strings.Compare(a.Code, b.Code), strings.Compare(a.Column, b.Column))
	})
	return out
}

// firstOf is the first comparison that tells two things apart.
func firstOf(compared ...int) int {
	for _, n := range compared {
		if n != 0 {
			return n
		}
	}
	return 0
}

// unproven says what a check leaves open.
func unproven(p *mapping.Plan) []string {
	out := []string{}
	var refs []string
	for _, col := range p.File.Columns {
		if a := p.Object.Attribute(col.Attribute); a != nil && a.Type == attio.RecordReference {
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
