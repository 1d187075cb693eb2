package check

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Rules of a check: it reads the whole file with the code of the import (Input.Rows and Plan.Values), sends nothing,
// and keeps counts and a few examples, so that its memory does not grow with the file but by 16 bytes for each value of
// a unique attribute. What Attio alone knows is left open and named: whether records that rows refer to exist, and
// whether a unique value is taken.

// maxExamples is how many examples a finding keeps.
const maxExamples = 3

// maxGroups bounds the findings that are told apart; mistakes are of few kinds, and a file that has more is not the
// mapping's file.
const maxGroups = 1000

// Options say what a check keeps of a file beside its findings. The zero value is that of File.
type Options struct {
	Preview int // rows that are kept as they would stand in Attio as new records; 0 for none
}

// File checks a file without a preview, see [Options.File].
func File(ctx context.Context, in *source.File, bind func(source.Survey) (*mapping.Plan, error)) (*Report, error) {
	return Options{}.File(ctx, in, bind)
}

// File reads a file and says what an import with the plan that bind returns would do. bind is told what the file is;
// Rows of the survey is 0 then where they have not been counted yet. It is called a second time in the rare case that
// the rest of a CSV file is not as its beginning. The error is a *source.Error where the whole file is at fault, or
// bind's.
func (o Options) File(
	ctx context.Context, in *source.File, bind func(source.Survey) (*mapping.Plan, error),
) (*Report, error) {
	s, err := in.Begin(ctx)
	if err != nil {
		return nil, err
	}
	plan, err := bind(*s)
	if err != nil {
		return nil, err
	}
	c := newChecker(plan, s)
	c.options = o
	var unused sync.Pool
	next := func() (*checked, *mapping.Row) {
		it, ok := unused.Get().(*checked)
		if !ok {
			it = &checked{}
		}
		return it, &it.row
	}
	for items, err := range source.Convert(ctx, in, next, c.convert) {
		if errors.Is(err, source.ErrMisjudged) {
			return o.File(ctx, in, bind)
		}
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			c.take(&it.row, &it.rec, it.refused)
			unused.Put(it)
		}
	}
	c.footer(s)
	return c.report(*s), nil
}

// checked is a row with what the import would make of it. It is used again for another row.
type checked struct {
	row     mapping.Row
	rec     mapping.Record
	refused []*mapping.CellError
}

// checker collects a report.
type checker struct {
	plan     *mapping.Plan
	keys     []mapping.Key
	refused  []*mapping.CellError
	seen     *claim.Table
	lines    source.Lines       // of the rows that own a value
	findings map[findingKey]int // where on its list each stands
	made     map[[2]string]*Create
	options  Options
	damage   *damage
	out      Report
	columns  []string
	explain  map[string]string // by code
	// archived are headers of columns that hold archived options: only records can tell whether these would have to be
	// written.
	archived []string
}

// findingKey is a finding: the list of the report that it is on, and what it is about.
type findingKey struct {
	list         *[]Finding
	code, column string
}

func newChecker(p *mapping.Plan, s *source.Survey) *checker {
	c := &checker{
		plan: p, columns: s.Columns, seen: claim.New(0), findings: map[findingKey]int{},
		made: map[[2]string]*Create{}, explain: maps.Clone(source.Codes),
	}
	c.damage = newDamage(c, s, p.Ignored)
	maps.Copy(c.explain, Codes)
	for _, code := range value.Codes {
		c.explain[code.Code] = code.Text
	}
	return c
}

// convert reads a row as the import does.
func (c *checker) convert(it *checked) {
	it.refused = nil
	if it.row.Bad == nil {
		it.refused = c.plan.Values(&it.row, &it.rec)
	}
}

// take accounts for one row; it keeps nothing of it but copies.
func (c *checker) take(row *mapping.Row, rec *mapping.Record, errs []*mapping.CellError) {
	c.out.Rows++
	if row.Bad != nil {
		c.out.Rejected++
		c.find(&c.out.Errors, row.Bad.Code, "", "", func() Example { return BadRow(row) })
		return
	}
	c.cells(&c.out.Errors, row, errs)
	c.damage.row(row, errs)
	if len(errs) > 0 {
		c.out.Rejected++
		return
	}
	c.cells(&c.out.Dropped, row, rec.Dropped)
	c.out.LeftOut.Add(len(rec.Dropped))
	switch {
	case len(rec.Fields) == 0:
		c.out.Skipped++
	case !c.unique(row, rec):
		c.out.Conflicts++
	default:
		c.noteArchived(rec)
		c.importable(row, rec)
		if c.plan.Creates() {
			c.creates(rec.Fields)
		}
	}
}

// importable accounts for a row that would be sent.
func (c *checker) importable(row *mapping.Row, rec *mapping.Record) {
	c.out.Importable++
	if len(c.keys) == 0 && c.plan.Mode == mapping.Create {
		c.out.WithoutUnique++
	}
	if len(c.out.Preview) < c.options.Preview {
		c.out.Preview = append(c.out.Preview,
			mapping.Preview{Row: row.Number, Line: row.Line, Record: c.plan.Stand(rec, nil)})
	}
}

// cells accounts for cells that are refused or left out.
func (c *checker) cells(list *[]Finding, row *mapping.Row, errs []*mapping.CellError) {
	for _, e := range errs {
		c.find(list, e.Code, e.Header, e.Fix, func() Example {
			e.Value = strings.Clone(e.Value) // not the whole row with it
			return Example{Row: row.Number, Line: e.Line, Column: e.Column, Value: e.Value, Text: e.Message, Cell: e}
		})
	}
}

// find counts a mistake and keeps the first few of its kind.
func (c *checker) find(list *[]Finding, code, column, fix string, example func() Example) {
	i, known := c.findings[findingKey{list, code, column}]
	if !known {
		if len(c.findings) >= maxGroups {
			return
		}
		i = len(*list)
		c.add(list, code, column, Finding{})
	}
	f := &(*list)[i]
	f.Fix = cmp.Or(f.Fix, fix)
	f.note(example)
}

// add takes a finding up.
func (c *checker) add(list *[]Finding, code, column string, f Finding) {
	f.Code, f.Column, f.Text = code, strings.Clone(column), c.explain[code]
	c.findings[findingKey{list, code, f.Column}] = len(*list)
	*list = append(*list, f)
}

// note counts a mistake and keeps the first few.
func (f *Finding) note(example func() Example) {
	if f.Rows++; len(f.Examples) < maxExamples {
		f.Examples = append(f.Examples, example())
	}
}

// unique claims the row's unique values; false when an earlier row has one of them.
func (c *checker) unique(row *mapping.Row, rec *mapping.Record) bool {
	c.keys = c.plan.Keys(c.keys[:0], rec)
	for _, k := range c.keys {
		first := c.seen.Owner(c.seen.Key(k))
		if first == 0 || first == row.Number {
			continue
		}
		column, index := c.columnOf(row, rec, k)
		c.find(&c.out.InFile, "DUP001", column, "", func() Example {
			text := fmt.Sprintf("%q is in %s already", k.Text, c.lines.Place(first))
			if index >= 0 {
				return exampleOf(row, index, text)
			}
			return Example{Row: row.Number, Line: row.Line, Value: strings.Clone(k.Text), Text: text}
		})
		return false
	}
	c.lines.Add(row.Number, row.Line)
	for _, k := range c.keys {
		c.seen.Claim(c.seen.Key(k), row.Number)
	}
	return true
}

// columnOf is the column that fills a unique attribute; its index is -1 where no one column does.
func (c *checker) columnOf(row *mapping.Row, rec *mapping.Record, k mapping.Key) (name string, index int) {
	for _, f := range rec.Fields {
		if f.Attr == k.Attr && len(f.Columns) > 0 && f.Columns[0] < len(row.Cells) {
			return c.columns[f.Columns[0]], f.Columns[0]
		}
	}
	return k.Attr.Slug, -1
}

// noteArchived notes the columns whose archived options are refused unless the record holds them; in mode create they
// are errors already.
func (c *checker) noteArchived(rec *mapping.Record) {
	if c.plan.Mode == mapping.Create {
		return
	}
	c.refused = c.plan.Archived(c.refused[:0], rec)
	for _, e := range c.refused {
		if !slices.Contains(c.archived, e.Header) {
			c.archived = append(c.archived, strings.Clone(e.Header))
		}
	}
}

// creates notes the options that would be made.
func (c *checker) creates(fields []value.Field) {
	for _, f := range fields {
		for i := range f.Values {
			v := &f.Values[i]
			if v.Ref != nil {
				c.creates(v.Ref.Fill)
			}
			if !v.Missing {
				continue
			}
			k := [2]string{f.Attr.Slug, strings.ToLower(strings.Clone(v.Text))} // titles that differ in case are one option
			if c.made[k] == nil && len(c.made) < maxGroups {
				c.made[k] = &Create{Attribute: f.Attr.Slug, Option: strings.Clone(v.Text)}
			}
			if o := c.made[k]; o != nil {
				o.Rows++
			}
		}
	}
}
