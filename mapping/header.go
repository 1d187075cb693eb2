package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Path is an attribute of the plan's object, or a part of its values: name, name.first_name, company.description.
type Path struct {
	Attr *attio.Attribute
	Part string // "" for the whole value
}

// String is the path as it stands in a mapping file.
func (p Path) String() string {
	if p.Part == "" {
		return p.Attr.Slug
	}
	return p.Attr.Slug + "." + p.Part
}

// Headers finds attributes by header: slug or title exactly, case, blanks and punctuation ignored, and parts behind
// either. Slugs go before titles, whole attributes before parts.
type Headers struct {
	tables [3]map[string][]Path // by slug, by title, by part
	parts  map[string][]Path    // by a part's own name, for what a header is probably meant for
	data   bool                 // the file is somebody's JSON, and none of this program's own exports
	names  []string             // what can be written in a mapping file, for nearest names
}

// NewHeaders is the table of an object's attributes.
func NewHeaders(o *attio.Object) *Headers {
	t := &Headers{tables: [3]map[string][]Path{{}, {}, {}}, parts: map[string][]Path{}}
	for i := range o.Attributes {
		a := &o.Attributes[i]
		if a.Archived {
			continue
		}
		t.name(a.Writable, Path{Attr: a})
		for i, name := range slices.Compact([]string{problem.Plain(a.Slug), problem.Plain(a.Title)}) {
			t.tables[i][name] = append(t.tables[i][name], Path{Attr: a})
			for _, part := range exportParts(a) {
				name := name + problem.Plain(part)
				t.tables[2][name] = append(t.tables[2][name], Path{a, part})
			}
		}
		for _, part := range exportParts(a) {
			t.name(a.Writable && value.Divided(a.Type), Path{a, part})
			if a.Writable && value.Divided(a.Type) {
				t.parts[problem.Plain(part)] = append(t.parts[problem.Plain(part)], Path{a, part})
			}
		}
	}
	return t
}

// SetInput says which file the headers are of.
func (t *Headers) SetInput(in Input) {
	t.data = in.JSON && !slices.Contains(in.Columns, "record_id")
}

// Foreign reports whether what LeftOver takes for the readable name beside a reference is the file's own data:
// company.name of somebody's JSON.
func (t *Headers) Foreign(found []Path) bool {
	return t.data && len(found) == 1 && found[0].Part == "name" && found[0].Attr.Type == attio.TypeRecordReference
}

func (t *Headers) name(writable bool, p Path) {
	if writable {
		t.names = append(t.names, p.String())
	}
}

// exportParts are the parts that an export writes in columns of their own, the readable name beside a reference
// included.
func exportParts(a *attio.Attribute) []string {
	if a.Type == attio.TypeRecordReference || a.Type == attio.TypeActorReference {
		return []string{"name"}
	}
	return value.Parts(a.Type)
}

// Find returns what a header names; several where it fits several equally well, none where it fits nothing.
func (t *Headers) Find(header string) []Path {
	name := problem.Plain(header)
	for _, table := range t.tables {
		if found := table[name]; len(found) > 0 && name != "" {
			return found
		}
	}
	return nil
}

// ownColumns are columns of this program's own files that say nothing of a record: those of an export that repeat the
// record's own data, and those that a file of rejects has at the right.
var ownColumns = strings.Fields("record_id created_at web_url attio_row attio_column attio_code attio_error attio_raw")

// LeftOver reports whether a column needs no mapping, since what it holds cannot be written: the columns of an export
// that are read only, or of a type that this version does not know, which an export writes all the same.
func LeftOver(header string, found []Path) bool {
	if slices.Contains(ownColumns, header) {
		return true
	}
	for _, p := range found {
		switch {
		case !p.Attr.Writable, !value.Known(p.Attr.Type), p.Part == "currency_code":
		// an export's own; "Company name" is somebody's data
		case p.Part == "name" && p.Attr.Type != attio.TypePersonalName && header == p.String():
		default:
			return false
		}
	}
	return len(found) > 0
}

// matchHeaders makes the mapping file that the headers alone say. Columns that match nothing are left to the check of
// unmapped columns.
func (b *binder) matchHeaders() *mapfile.File {
	f := &mapfile.File{}
	for i, header := range b.in.Columns {
		found := b.headers.Find(header)
		if LeftOver(header, found) && !b.headers.Foreign(found) {
			continue
		}
		if len(found) > 1 {
			b.problem(b.column(header), "the header fits "+QuotePaths(found), mapLines(header, found[0].String())...)
			b.said[i] = true
		}
		if len(found) == 1 {
			f.Columns = append(f.Columns, mapfile.Column{Column: header, Attribute: found[0].String()})
		}
	}
	return f
}

// QuotePaths lists paths for a message.
func QuotePaths(found []Path) string {
	var names []string
	for _, p := range found {
		names = append(names, p.String())
	}
	return problem.List(names)
}

// mapLines are the lines that map a column.
func mapLines(header, attribute string) []string {
	return []string{"  - column: " + mapfile.Quote(header), "    attribute: " + attribute}
}

// unmapped reports the columns that are neither mapped nor ignored, with the lines to add.
func (b *binder) unmapped() {
	var left, rest, open []string
	question := b.file.Rest()
	for i, header := range b.in.Columns {
		for name, q := range b.file.UndecidedInside(header) {
			b.waiting = append(b.waiting, q)
			b.used[i] = true
			b.problems = append(b.problems, q.Problem(fmt.Sprintf("column %q is not decided: %s", name, q.Text)))
		}
		if b.used[i] || b.said[i] || b.beside[i] {
			continue
		}
		name := header
		if value.Trim(header) == "" {
			name = fmt.Sprintf("#%d", i+1)
		}
		found := b.headers.Find(header)
		if LeftOver(header, found) && !b.headers.Foreign(found) {
			b.leave(i, header, found)
			if header != "record_id" && !strings.HasPrefix(header, "attio_") {
				left = append(left, header)
			}
			continue
		}
		if q := b.file.Undecided(header, i+1); q != nil {
			b.waiting = append(b.waiting, q)
			b.problems = append(b.problems, q.Problem(fmt.Sprintf("column %q is not decided: %s", header, q.Text)))
			continue
		}
		if b.file.IgnoreRest {
			b.leaveOut(i)
			rest = append(rest, name)
			continue
		}
		if question != nil {
			open = append(open, name)
			continue
		}
		if name != header {
			b.problem(fmt.Sprintf("%s: column %d", b.in.Name, i+1), "the column has no header",
				append(mapLines(name, "ATTRIBUTE"), fmt.Sprintf("or: ignore: [%q]", name))...)
			continue
		}
		b.nowhere(header, b.in.ColumnName(i), found)
	}
	if len(open) > 0 {
		b.waiting = append(b.waiting, question)
		b.problems = append(b.problems, question.Problem(restOpen(open)))
	}
	if len(left) > 0 {
		b.plan.Notes = append(b.plan.Notes, "left out, since they cannot be written: "+strings.Join(left, ", "))
	}
	if len(rest) > 0 {
		b.plan.Notes = append(b.plan.Notes, "left out, since nothing maps them: "+strings.Join(rest, ", "))
	}
}

// nowhere reports a column that nothing names, with the lines for what it is probably meant for.
func (b *binder) nowhere(header, name string, found []Path) {
	end, near := b.meant(header)
	text := fmt.Sprintf("no attribute of %s has this slug or title%s", b.plan.Object.Slug, end)
	meant, target := b.headers.Find(near), "ATTRIBUTE"
	if !b.inferred {
		text, meant = "the column is neither mapped nor ignored", slices.Concat(found, meant)
	}
	if len(meant) > 0 {
		target = meant[0].String()
	}
	b.problem(b.column(header), text, append(mapLines(name, target), "or: ignore: ["+mapfile.Quote(name)+"]")...)
}

// restOpen says which columns wait for one answer.
func restOpen(names []string) string {
	const shown = 3
	if len(names) == 1 {
		return fmt.Sprintf("column %q is not decided", names[0])
	}
	text := fmt.Sprintf("%d columns are not decided: ", len(names))
	if more := len(names) - shown; more > 0 {
		return text + strings.Join(names[:shown], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return text + strings.Join(names, ", ")
}

// meant is what a header that names nothing is probably meant for: the part of a name or a place that is called so,
// else what is spelled alike. end is the end of a message about it, as problem.Meant writes it.
func (b *binder) meant(header string) (end, near string) {
	if parts := b.headers.parts[problem.Plain(header)]; len(parts) > 0 {
		return "; the nearest is " + QuotePaths(parts[:1]), parts[0].String()
	}
	return problem.Meant(header, append(b.titles(), b.headers.names...))
}

func (b *binder) titles() []string {
	var all []string
	for i := range b.plan.Object.Attributes {
		if a := &b.plan.Object.Attributes[i]; a.Writable && !a.Archived && problem.Plain(a.Title) != problem.Plain(a.Slug) {
			all = append(all, a.Title)
		}
	}
	return all
}

// leave takes what an export's own columns say: the record id is the key of updates, a currency code is checked.
func (b *binder) leave(i int, header string, found []Path) {
	c := &mapfile.Column{Column: header}
	if header == "record_id" && b.plan.Mode != Create && b.plan.id == nil {
		b.plan.id = b.source(c, nil, i)
	}
	for _, p := range found {
		if e := entryOf(b.plan.entries, p.Attr); e != nil && e.code == nil && p.Part == "currency_code" {
			e.code = b.source(c, p.Attr, i)
		}
	}
}
