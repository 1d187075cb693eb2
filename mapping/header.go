package mapping

import (
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
)

// path is an attribute of the plan's object, or a part of its values: name, name.first_name, company.description.
type path struct {
	attr *attio.Attribute
	part string // "" for the whole value
}

func (p path) String() string {
	if p.part == "" {
		return p.attr.Slug
	}
	return p.attr.Slug + "." + p.part
}

// headerTable finds attributes by header: slug or title exactly, case, blanks and punctuation ignored, and parts behind either. Slugs go
// before titles, whole attributes before parts.
type headerTable struct {
	slugs, titles, parts map[string][]path
	names                []string // what can be written in a mapping file, for nearest names
}

func newHeaderTable(o *attio.Object) *headerTable {
	t := &headerTable{slugs: map[string][]path{}, titles: map[string][]path{}, parts: map[string][]path{}}
	for i := range o.Attributes {
		a := &o.Attributes[i]
		if a.Archived {
			continue
		}
		slug, title := plainName(a.Slug), plainName(a.Title)
		t.slugs[slug] = append(t.slugs[slug], path{attr: a})
		if title != slug {
			t.titles[title] = append(t.titles[title], path{attr: a})
		}
		if a.Writable {
			t.names = append(t.names, a.Slug)
		}
		for _, part := range exportParts(a) {
			p := path{a, part}
			t.parts[slug+plainName(part)] = append(t.parts[slug+plainName(part)], p)
			if title != slug {
				t.parts[title+plainName(part)] = append(t.parts[title+plainName(part)], p)
			}
			if a.Writable && divided(a.Type) {
				t.names = append(t.names, p.String())
			}
		}
	}
	return t
}

// exportParts are the parts that an export writes in columns of their own, the readable name beside a reference included.
func exportParts(a *attio.Attribute) []string {
	if a.Type == attio.TypeRecordReference || a.Type == attio.TypeActorReference {
		return []string{"name"}
	}
	if c := codecs[a.Type]; c != nil {
		return c.parts
	}
	return nil
}

// find answers what a header names; several where it fits several equally well, none where it fits nothing.
func (t *headerTable) find(header string) []path {
	name := plainName(header)
	if name == "" {
		return nil
	}
	for _, table := range []map[string][]path{t.slugs, t.titles, t.parts} {
		if found := table[name]; len(found) > 0 {
			return found
		}
	}
	return nil
}

// ownColumns are columns of this program's own files that say nothing of a record: those of an export that repeat the record's own data,
// and those that a file of rejects has at the right.
var ownColumns = set("record_id created_at web_url attio_row attio_column attio_code attio_error attio_raw")

// leftOver says whether a column needs no mapping, since what it holds cannot be written: the columns of an export that are read only, or of
// a type that this version does not know, which an export writes all the same.
func leftOver(header string, found []path) bool {
	if ownColumns[header] {
		return true
	}
	for _, p := range found {
		switch {
		case !p.attr.Writable, codecs[p.attr.Type] == nil, p.part == "currency_code":
		case p.part == "name" && p.attr.Type != attio.TypePersonalName && header == p.String(): // an export's own; "Company name" is somebody's data
		default:
			return false
		}
	}
	return len(found) > 0
}

// matchHeaders makes the mapping file that the headers alone say. Columns that match nothing are left to the check of unmapped columns.
func (b *binder) matchHeaders() *File {
	f := &File{}
	for i, header := range b.in.Columns {
		found := b.headers.find(header)
		if leftOver(header, found) {
			continue
		}
		if len(found) > 1 {
			b.problem(b.column(i), fmt.Sprintf("the header fits %s", quotePaths(found)), mapLines(header, found[0].String())...)
			b.said[i] = true
		}
		if len(found) == 1 {
			f.Columns = append(f.Columns, Column{Column: header, Attribute: found[0].String()})
		}
	}
	return f
}

func quotePaths(found []path) string {
	var names []string
	for _, p := range found {
		names = append(names, p.String())
	}
	return quoteAll(names)
}

// mapLines are the lines that map a column.
func mapLines(header, attribute string) []string {
	return []string{"  - column: " + quoteYAML(header), "    attribute: " + attribute}
}

// unmapped reports the columns that are neither mapped nor ignored, with the lines to add.
func (b *binder) unmapped() {
	var left []string
	for i, header := range b.in.Columns {
		if b.used[i] || b.said[i] {
			continue
		}
		found := b.headers.find(header)
		if leftOver(header, found) {
			b.leave(i, header, found)
			if header != "record_id" && !strings.HasPrefix(header, "attio_") {
				left = append(left, header)
			}
			continue
		}
		if b.undecided(header, i) {
			continue
		}
		if trim(header) == "" {
			b.problem(fmt.Sprintf("%s: column %d", b.in.Name, i+1), "the column has no header", fmt.Sprintf(`  - column: "#%d"`, i+1), "    attribute: ATTRIBUTE", fmt.Sprintf(`or: ignore: ["#%d"]`, i+1))
			continue
		}
		target, text := "ATTRIBUTE", fmt.Sprintf("no attribute of %s has this slug or title", b.plan.Object.Slug)
		near := nearest(header, append(b.titles(), b.headers.names...))
		if len(near) > 0 {
			text += theNearest(near)
			if found := b.headers.find(near[0]); len(found) > 0 {
				target = found[0].String()
			}
		}
		if !b.inferred {
			if text = "the column is neither mapped nor ignored"; len(found) > 0 {
				target = found[0].String()
			}
		}
		b.problem(b.column(i), text, append(mapLines(header, target), "or: ignore: ["+quoteYAML(header)+"]")...)
	}
	if len(left) > 0 {
		b.plan.Notes = append(b.plan.Notes, "left out, since they cannot be written: "+strings.Join(left, ", "))
	}
}

func (b *binder) titles() []string {
	var all []string
	for i := range b.plan.Object.Attributes {
		if a := &b.plan.Object.Attributes[i]; a.Writable && !a.Archived && plainName(a.Title) != plainName(a.Slug) {
			all = append(all, a.Title)
		}
	}
	return all
}

// leave takes what an export's own columns say: the record id is the key of updates, a currency code is checked.
func (b *binder) leave(i int, header string, found []path) {
	if header == "record_id" && b.plan.Mode != Create && b.plan.id == nil {
		b.plan.id = &source{plan: b.plan, column: i, header: header, part: -1}
	}
	for _, p := range found {
		if e := b.byAttr[p.attr]; e != nil && e.code == nil && p.part == "currency_code" {
			e.code = &source{plan: b.plan, attr: p.attr, column: i, header: header, part: -1}
		}
	}
}
