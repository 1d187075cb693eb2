package mapping

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
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
	b := newBinder(f, in, s, o)
	if !b.object() {
		return nil, b.problems
	}
	b.headers = NewHeaders(b.plan.Object)
	b.headers.SetInput(in)
	if b.inferred {
		b.file = b.matchHeaders()
	}
	if o.IgnoreRest && !b.file.IgnoreRest {
		file := *b.file
		file.IgnoreRest, b.file = true, &file
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
	filled   []filling
	used     []bool              // by column of the input
	beside   []bool              // the same: read beside another column, and free to be mapped or left out as well
	said     []bool              // columns that have a problem already
	waiting  []*mapfile.Question // questions of the mapping file that nobody has answered
	problems problem.Problems
}

func newBinder(f *mapfile.File, in Input, s *attio.Schema, o BindOptions) *binder {
	return &binder{in: in, schema: s, opts: o, file: f, inferred: f == nil,
		plan: &Plan{Schema: s, Mode: cmp.Or(o.Mode, Create), columns: in.Columns, sheet: in.Spreadsheet,
			ignored: make([]bool, len(in.Columns))},
		used: make([]bool, len(in.Columns)), beside: make([]bool, len(in.Columns)), said: make([]bool, len(in.Columns))}
}

// filling is an attribute or part and the column that was meant for it first.
type filling struct{ attribute, column string }

func (b *binder) problem(where, text string, hint ...string) {
	b.problems = append(b.problems, problem.Problem{Where: where, Text: text, Hint: hint})
}

// column is where a column of the input stands, for problems.
func (b *binder) column(header string) string { return fmt.Sprintf("%s: column %q", b.in.Name, header) }

// at is where a key of a column's entry stands: in the mapping file, or at the header it was made from.
func (b *binder) at(c *mapfile.Column, key string) string {
	if b.inferred {
		return b.column(c.Column)
	}
	return b.place(c.Place(key), "column "+mapfile.Quote(c.Column))
}

// place is a position in the mapping file; files made by a program have none, and name the entry instead.
func (b *binder) place(at, entry string) string {
	name := cmp.Or(b.file.Name, "mapping")
	if at == "" {
		return name + ": " + entry
	}
	return name + ":" + at
}

// object finds the object to write to.
func (b *binder) object() bool {
	slug, where := b.opts.Object, "--object"
	if slug == "" && b.file != nil && b.file.Object != "" {
		slug, where = b.file.Object, b.place(b.file.Place("object"), "object")
	}
	object, bad := problem.FindObject(b.schema, cmp.Or(slug, DefaultObject), where)
	b.plan.Object, b.problems = object, append(b.problems, bad...)
	return bad == nil
}

// DefaultObject is written to where neither the command line nor the mapping names another.
const DefaultObject = "users"

// find returns the place of a column by header or "#3"; -1 with a problem where there is none.
func (b *binder) find(where, name string) int {
	exact := b.places(func(header string) bool { return header == name })
	if n, ok := ordinal(name); ok && len(exact) == 0 {
		if n > len(b.in.Columns) {
			b.problem(where, fmt.Sprintf("%s has %d columns, so there is no column %q", b.in.Name, len(b.in.Columns), name))
			return -1
		}
		return n - 1
	}
	like := b.places(func(header string) bool { return foldHeader(header) == foldHeader(name) })
	for _, found := range [][]int{exact, like} {
		if len(found) == 1 {
			return found[0]
		}
		if len(found) > 1 {
			var hint []string
			for _, i := range found {
				hint = append(hint, fmt.Sprintf(`  - column: "#%d"`, i+1))
				b.said[i] = true
			}
			b.problem(where, fmt.Sprintf("%s has %d columns %q; name one by its place", b.in.Name, len(found), name), hint...)
			return -1
		}
	}
	if col, _ := b.nested(name); col >= 0 {
		return col
	}
	meant, near := problem.Meant(name, b.in.Columns)
	b.problem(where, fmt.Sprintf("%s has no column %q%s", b.in.Name, name, meant), lineFor("  - column: ", near)...)
	return -1
}

// places are those of the input's columns with a certain header.
func (b *binder) places(is func(header string) bool) (found []int) {
	for i, header := range b.in.Columns {
		if is(header) {
			found = append(found, i)
		}
	}
	return found
}

// lineFor is the hint that names something, without a name none.
func lineFor(key, name string) []string {
	if name == "" {
		return nil
	}
	return []string{key + mapfile.Quote(name)}
}

// foldHeader is a header without regard to case and to blanks around and between words.
func foldHeader(s string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(s, value.IsBlank), " "))
}

// ordinal reads "#3".
func ordinal(name string) (int, bool) {
	digits, ok := strings.CutPrefix(name, "#")
	n, err := strconv.ParseUint(digits, 10, 20)
	return int(n), ok && err == nil && digits[0] != '0'
}

// alone reports countries and currency codes that stand without the value they belong to.
func (b *binder) alone() {
	for i := range b.file.Columns {
		c := &b.file.Columns[i]
		slug, part, dotted := strings.Cut(c.Attribute, ".")
		e := entryOf(b.plan.entries, b.plan.Object.Attribute(slug))
		if dotted && e != nil && e.code != nil && e.whole == nil {
			b.problem(b.at(c, "attribute"), fmt.Sprintf("%s.%s says nothing without a column for %s", slug, part, slug),
				mapLines("HEADER", slug)...)
		}
	}
}

// ignore takes the columns out that are left out on purpose; a header that stands several times is left out
// everywhere but where it is mapped.
func (b *binder) ignore() {
	for i, name := range b.file.Ignore {
		where := b.place(b.file.Place(fmt.Sprintf("ignore.%d", i)), "ignore")
		found := b.places(func(header string) bool { return header == name })
		if len(found) == 0 && mapfile.IsPattern(name) {
			b.ignoreLike(foldHeader(name))
			continue
		}
		if len(found) < 2 {
			found = []int{b.find(where, name)}
		}
		if at, members := b.nested(name); members != nil && at == found[0] && at >= 0 { // others of its members may be mapped
			b.used[at] = true
			continue
		}
		if found[0] >= 0 && !slices.ContainsFunc(found, func(c int) bool { return !b.used[c] }) {
			b.problem(where, fmt.Sprintf("the column %q is mapped and ignored", name))
		}
		for _, c := range found {
			if c >= 0 {
				b.leaveOut(c)
			}
		}
	}
}

// ignoreLike leaves out the columns of a pattern, but none that is mapped.
func (b *binder) ignoreLike(pattern string) {
	for i, header := range b.in.Columns {
		if !b.used[i] && mapfile.Match(pattern, foldHeader(header)) {
			b.leaveOut(i)
		}
	}
}

func (b *binder) leaveOut(column int) { b.used[column], b.plan.ignored[column] = true, true }

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
				zone := cmp.Or(s.Zone, time.UTC)
				all = append(all, fmt.Sprintf("times of %s that name no zone are taken as %s", one.attr.Slug, zone))
			}
			if t := s.Target; t != nil && t.IDs && t.Key != nil {
				all = append(all, fmt.Sprintf("cells of %s are record ids or %s.%s", one.attr.Slug, t.Object.Slug, t.Key.Attr.Slug))
			}
		}
	}
	slices.Sort(all)
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
