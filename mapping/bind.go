package mapping

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Bind checks a mapping file against the input's columns and the schema, and compiles it. f may be nil: then headers
// are matched to attributes. The error is Problems: everything that is wrong, at once, each with where it stands and
// the nearest names.
func Bind(f *mapfile.File, in Input, s *attio.Schema, o BindOptions) (*Plan, error) {
	b := &binder{in: in, schema: s, opts: o, inferred: f == nil, byAttr: map[*attio.Attribute]*entry{}, filled: map[string]string{},
		used: make([]bool, len(in.Columns)), said: make([]bool, len(in.Columns))}
	b.plan = &Plan{Schema: s, Mode: o.Mode, columns: in.Columns, sheet: in.Spreadsheet}
	if b.plan.Mode == "" {
		b.plan.Mode = Create
	}
	if !b.object(f) {
		return nil, b.problems
	}
	b.headers = NewHeaders(b.plan.Object)
	if b.file = f; f == nil {
		b.file = b.matchHeaders()
	}
	b.plan.File = b.file
	for i := range b.file.Columns {
		b.bindColumn(&b.file.Columns[i])
	}
	b.bindConstants()
	b.alone()
	b.ignore()
	b.unmapped()
	b.match()
	b.required()
	b.notes()
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	return b.plan, nil
}

// binder collects a plan and what is wrong with it.
type binder struct {
	in       Input
	schema   *attio.Schema
	opts     BindOptions
	file     *mapfile.File
	inferred bool // the file was made from the headers
	plan     *Plan
	headers  *Headers
	members  *value.Members
	options  map[*attio.Attribute]*value.Options
	byAttr   map[*attio.Attribute]*entry
	filled   map[string]string   // attribute or part → where it is filled
	used     []bool              // by column of the input
	said     []bool              // columns that have a problem already
	waiting  []*mapfile.Question // questions of the mapping file that nobody has answered
	problems problem.Problems
}

func (b *binder) problem(where, text string, hint ...string) {
	b.problems = append(b.problems, problem.Problem{Where: where, Text: text, Hint: hint})
}

// column is where a column of the input stands, for problems.
func (b *binder) column(i int) string {
	return fmt.Sprintf("%s: column %q", b.in.Name, b.in.Columns[i])
}

// at is where a key of a column's entry stands: in the mapping file, or at the header it was made from.
func (b *binder) at(c *mapfile.Column, key string) string {
	if b.inferred {
		return fmt.Sprintf("%s: column %q", b.in.Name, c.Column)
	}
	return b.place(c.Place(key), "column "+mapfile.Quote(c.Column))
}

// place is a position in the mapping file; files made by a program have none, and name the entry instead.
func (b *binder) place(at, entry string) string {
	name := b.file.Name
	if name == "" {
		name = "mapping"
	}
	if at == "" {
		return name + ": " + entry
	}
	return name + ":" + at
}

// object finds the object to write to.
func (b *binder) object(f *mapfile.File) bool {
	slug, where := b.opts.Object, "--object"
	if slug == "" && f != nil && f.Object != "" {
		slug = f.Object
		b.file = f
		where = b.place(f.Place("object"), "object")
	}
	object, bad := problem.FindObject(b.schema, cmp.Or(slug, DefaultObject), where)
	b.plan.Object, b.problems = object, append(b.problems, bad...)
	return bad == nil
}

// DefaultObject is written to where neither the command line nor the mapping names another.
const DefaultObject = "users"

// find answers the place of a column by header or "#3"; -1 with a problem where there is none.
func (b *binder) find(where, name string) int {
	if n, ok := ordinal(name); ok && !slices.Contains(b.in.Columns, name) {
		if n > len(b.in.Columns) {
			b.problem(where, fmt.Sprintf("%s has %d columns, so there is no column %q", b.in.Name, len(b.in.Columns), name))
			return -1
		}
		return n - 1
	}
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, sameHeader} {
		var found []int
		for i, c := range b.in.Columns {
			if same(c, name) {
				found = append(found, i)
			}
		}
		if len(found) == 1 {
			return found[0]
		}
		if len(found) > 1 {
			var hint []string
			for _, i := range found {
				hint = append(hint, fmt.Sprintf(`  - column: "#%d"`, i+1))
			}
			b.problem(where, fmt.Sprintf("%s has %d columns %q; name one by its place", b.in.Name, len(found), name), hint...)
			for _, i := range found {
				b.said[i] = true
			}
			return -1
		}
	}
	text := fmt.Sprintf("%s has no column %q", b.in.Name, name)
	var hint []string
	if near := problem.Nearest(name, b.in.Columns); len(near) > 0 {
		text += problem.TheNearest(near)
		hint = []string{"  - column: " + mapfile.Quote(near[0])}
	}
	b.problem(where, text, hint...)
	return -1
}

// sameHeader compares headers without regard to case and to blanks around and between words.
func sameHeader(a, b string) bool {
	fold := func(s string) string { return strings.ToLower(strings.Join(strings.FieldsFunc(s, value.IsBlank), " ")) }
	return fold(a) == fold(b)
}

// ordinal reads "#3".
func ordinal(name string) (int, bool) {
	digits, ok := strings.CutPrefix(name, "#")
	if !ok || digits == "" || len(digits) > 6 || !value.IsDigits(digits) || digits[0] == '0' {
		return 0, false
	}
	n := 0
	for _, c := range digits {
		n = n*10 + int(c-'0')
	}
	return n, true
}

// alone reports countries and currency codes that stand without the value they belong to.
func (b *binder) alone() {
	for i := range b.file.Columns {
		c := &b.file.Columns[i]
		slug, part, dotted := strings.Cut(c.Attribute, ".")
		e := b.byAttr[b.plan.Object.Attribute(slug)]
		if dotted && e != nil && e.code != nil && e.whole == nil {
			b.problem(b.at(c, "attribute"), fmt.Sprintf("%s.%s says nothing without a column for %s", slug, part, slug), mapLines("HEADER", slug)...)
		}
	}
}

// ignore takes the columns out that are left out on purpose; a header that stands several times is left out
// everywhere but where it is mapped.
func (b *binder) ignore() {
	for i, name := range b.file.Ignore {
		where := b.place(b.file.Place(fmt.Sprintf("ignore.%d", i)), "ignore")
		var found []int
		for c, header := range b.in.Columns {
			if header == name {
				found = append(found, c)
			}
		}
		if len(found) < 2 {
			if c := b.find(where, name); c >= 0 {
				found = []int{c}
			}
		}
		mapped := 0
		for _, c := range found {
			if b.used[c] {
				mapped++
			}
			b.used[c] = true
		}
		if mapped > 0 && mapped == len(found) {
			b.problem(where, fmt.Sprintf("the column %q is mapped and ignored", name))
		}
	}
}

// notes says what was decided without being asked.
func (b *binder) notes() {
	p := b.plan
	var all []string
	for _, e := range p.entries {
		for _, one := range slices.Concat([]*entry{e}, e.fill) {
			s := one.whole
			if s == nil || s.index < 0 {
				continue
			}
			if one.attr.Type == attio.TypeTimestamp {
				zone := s.Zone
				if zone == nil {
					zone = time.UTC
				}
				all = append(all, fmt.Sprintf("times of %s that name no zone are taken as %s", one.attr.Slug, zone))
			}
			if t := s.Target; t != nil && t.IDs && t.Key != nil {
				all = append(all, fmt.Sprintf("cells of %s are record ids or %s.%s", one.attr.Slug, t.Object.Slug, t.Key.Attr.Slug))
			}
		}
	}
	sort.Strings(all)
	p.Notes = append(p.Notes, all...)
	if p.sheet {
		p.Notes = append(p.Notes, "apostrophes that the export put before formulas are taken off")
	}
	switch {
	case p.Match != nil && p.id != nil:
		p.Notes = append(p.Notes, "records are found by record_id, and where that is blank by "+p.Match.Slug)
	case p.Match != nil:
		p.Notes = append(p.Notes, "records are found by "+p.Match.Slug)
	case p.id != nil:
		p.Notes = append(p.Notes, "records are found by record_id alone")
	}
}
