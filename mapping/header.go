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
	slugs, titles, parts map[string][]Path
	names                []string // what can be written in a mapping file, for nearest names
}

// NewHeaders is the table of an object's attributes.
func NewHeaders(o *attio.Object) *Headers {
	t := &Headers{slugs: map[string][]Path{}, titles: map[string][]Path{}, parts: map[string][]Path{}}
	for i := range o.Attributes {
		a := &o.Attributes[i]
		if a.Archived {
			continue
		}
		slug, title := problem.Plain(a.Slug), problem.Plain(a.Title)
		t.slugs[slug] = append(t.slugs[slug], Path{Attr: a})
		if title != slug {
			t.titles[title] = append(t.titles[title], Path{Attr: a})
		}
		if a.Writable {
			t.names = append(t.names, a.Slug)
		}
		for _, part := range exportParts(a) {
			p := Path{a, part}
			t.parts[slug+problem.Plain(part)] = append(t.parts[slug+problem.Plain(part)], p)
			if title != slug {
				t.parts[title+problem.Plain(part)] = append(t.parts[title+problem.Plain(part)], p)
			}
			if a.Writable && value.Divided(a.Type) {
				t.names = append(t.names, p.String())
			}
		}
	}
	return t
}

// exportParts are the parts that an export writes in columns of their own, the readable name beside a reference
// included.
func exportParts(a *attio.Attribute) []string {
	if a.Type == attio.TypeRecordReference || a.Type == attio.TypeActorReference {
		return []string{"name"}
	}
	return value.Parts(a.Type)
}

// Find answers what a header names; several where it fits several equally well, none where it fits nothing.
func (t *Headers) Find(header string) []Path {
	name := problem.Plain(header)
	if name == "" {
		return nil
	}
	for _, table := range []map[string][]Path{t.slugs, t.titles, t.parts} {
		if found := table[name]; len(found) > 0 {
			return found
		}
	}
	return nil
}

// ownColumns are columns of this program's own files that say nothing of a record: those of an export that repeat the
// record's own data, and those that a file of rejects has at the right.
var ownColumns = strings.Fields("record_id created_at web_url attio_row attio_column attio_code attio_error attio_raw")

// LeftOver says whether a column needs no mapping, since what it holds cannot be written: the columns of an export
// that are read only, or of a type that this version does not know, which an export writes all the same.
func LeftOver(header string, found []Path) bool {
	if slices.Contains(ownColumns, header) {
		return true
	}
	for _, p := range found {
		switch {
		case !p.Attr.Writable, !value.Known(p.Attr.Type), p.Part == "currency_code":
		case p.Part == "name" && p.Attr.Type != attio.TypePersonalName && header == p.String(): // an export's own; "Company name" is somebody's data
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
		if LeftOver(header, found) {
			continue
		}
		if len(found) > 1 {
			b.problem(b.column(i), fmt.Sprintf("the header fits %s", QuotePaths(found)), mapLines(header, found[0].String())...)
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
	var left []string
	for i, header := range b.in.Columns {
		if b.used[i] || b.said[i] {
			continue
		}
		found := b.headers.Find(header)
		if LeftOver(header, found) {
			b.leave(i, header, found)
			if header != "record_id" && !strings.HasPrefix(header, "attio_") {
				left = append(left, header)
			}
			continue
		}
		if b.undecided(header, i) {
			continue
		}
		if value.Trim(header) == "" {
			b.problem(fmt.Sprintf("%s: column %d", b.in.Name, i+1), "the column has no header", fmt.Sprintf(`  - column: "#%d"`, i+1), "    attribute: ATTRIBUTE", fmt.Sprintf(`or: ignore: ["#%d"]`, i+1))
			continue
		}
		target, text := "ATTRIBUTE", fmt.Sprintf("no attribute of %s has this slug or title", b.plan.Object.Slug)
		near := problem.Nearest(header, append(b.titles(), b.headers.names...))
		if len(near) > 0 {
			text += problem.TheNearest(near)
			if found := b.headers.Find(near[0]); len(found) > 0 {
				target = found[0].String()
			}
		}
		if !b.inferred {
			if text = "the column is neither mapped nor ignored"; len(found) > 0 {
				target = found[0].String()
			}
		}
		b.problem(b.column(i), text, append(mapLines(header, target), "or: ignore: ["+mapfile.Quote(header)+"]")...)
	}
	if len(left) > 0 {
		b.plan.Notes = append(b.plan.Notes, "left out, since they cannot be written: "+strings.Join(left, ", "))
	}
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
	if header == "record_id" && b.plan.Mode != Create && b.plan.id == nil {
		b.plan.id = &column{plan: b.plan, index: i, header: header, part: -1}
	}
	for _, p := range found {
		if e := b.byAttr[p.Attr]; e != nil && e.code == nil && p.Part == "currency_code" {
			e.code = &column{Reader: value.Reader{Attr: p.Attr}, plan: b.plan, index: i, header: header, part: -1}
		}
	}
}
