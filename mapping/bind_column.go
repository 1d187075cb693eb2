package mapping

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// bindColumn binds one entry of the mapping file.
func (b *binder) bindColumn(c *mapfile.Column) {
	col := b.find(b.at(c, "column"), c.Column)
	if col >= 0 {
		b.used[col] = true
	} else {
		col = len(b.in.Columns) // of no row; there is a problem already
	}
	before := len(b.problems)
	b.bindTo(c, col)
	if len(b.problems) > before && col < len(b.said) {
		b.said[col] = true
	}
}

// bindTo finds what the entry fills and adds a source to it.
func (b *binder) bindTo(c *mapfile.Column, col int) {
	where := b.at(c, "attribute")
	slug, part, _ := strings.Cut(c.Attribute, ".")
	if c.Attribute == "record_id" {
		if !b.taken(where, c) && b.plan.Mode != Create {
			b.plan.id = b.source(c, nil, col)
		}
		return
	}
	a := b.attribute(where, b.plan.Object, slug, mapLines(c.Column, "")[:1]...)
	switch {
	case a == nil || b.taken(where, c):
	case a.Type == attio.TypeRecordReference && part != "":
		b.bindFill(where, c, a, part, col)
	default:
		b.bindPart(where, &b.plan.entries, c, a, part, col)
	}
}

// attribute finds an attribute that can be written. entry are the lines before the attribute's, for a hint.
func (b *binder) attribute(where string, o *attio.Object, slug string, entry ...string) *attio.Attribute {
	a := o.Attribute(slug)
	switch {
	case a == nil:
		b.unknown(where, "    attribute: ", slug, o, entry...)
	case a.Archived:
		b.problem(where, fmt.Sprintf("%s.%s is archived", o.Slug, slug))
	case !a.Writable:
		b.problem(where, fmt.Sprintf("%s.%s is read only", o.Slug, slug))
	case !value.Writable(a.Type):
		b.problem(where, fmt.Sprintf("%s.%s is of type %s, which this version cannot write", o.Slug, slug, a.Type))
	default:
		return a
	}
	return nil
}

// taken reports two columns onto the same attribute or part, and a whole value beside its parts.
func (b *binder) taken(where string, c *mapfile.Column) bool {
	slug, part, _ := strings.Cut(c.Attribute, ".")
	a := b.plan.Object.Attribute(slug)
	i := slices.IndexFunc(b.filled, func(had filling) bool {
		s, p, _ := strings.Cut(had.attribute, ".")
		return had.attribute == c.Attribute ||
			a != nil && value.Divided(a.Type) && s == slug && (p == "" || part == "")
	})
	if i < 0 {
		b.filled = append(b.filled, filling{c.Attribute, c.Column})
		return false
	}
	first := b.filled[i].column
	var hint []string
	if a != nil && a.Multi && part == "" {
		hint = append(mapLines(first, c.Attribute), fmt.Sprintf(`    transform: [join: {columns: [%s], with: ";"}]`,
			mapfile.Quote(c.Column)))
	}
	b.problem(where, fmt.Sprintf("the columns %q and %q both fill %s", first, c.Column, c.Attribute), hint...)
	return true
}

// entryOf finds the entry of an attribute, or nil.
func entryOf(list []*entry, a *attio.Attribute) *entry {
	if i := slices.IndexFunc(list, func(e *entry) bool { return e.attr == a }); i >= 0 {
		return list[i]
	}
	return nil
}

// entryFor finds the entry of an attribute, or makes it.
func entryFor(list *[]*entry, a *attio.Attribute) *entry {
	e := entryOf(*list, a)
	if e == nil {
		e = &entry{attr: a}
		*list = append(*list, e)
	}
	return e
}

// bindPart adds a source to the entry of an attribute, which it makes where there is none yet. nil: there is no such
// part.
func (b *binder) bindPart(
	where string, list *[]*entry, c *mapfile.Column, a *attio.Attribute, part string, col int) *column {
	parts := value.Parts(a.Type)
	no := slices.Index(parts, part)
	switch {
	case part == "" || no >= 0:
	case len(parts) == 0:
		b.problem(where, fmt.Sprintf("%s is of type %s, which has no parts", a.Slug, a.Type))
		return nil
	default:
		b.problem(where, fmt.Sprintf("%s has no part %q; its parts are %s", a.Slug, part, strings.Join(parts, ", ")))
		return nil
	}
	e, s := entryFor(list, a), b.source(c, a, col)
	switch {
	case part == "":
		e.whole, e.replace = s, c.Several == mapfile.Replace
	case value.Divided(a.Type):
		s.part = no
		e.parts = append(e.parts, s)
	default:
		e.code = s
	}
	if col >= 0 {
		e.columns = append(e.columns, col)
	}
	return s
}

// bindFill binds a column that fills a further attribute of a reference's target, should it be created.
func (b *binder) bindFill(where string, c *mapfile.Column, a *attio.Attribute, part string, col int) {
	var main *mapfile.Column
	for i := range b.file.Columns {
		if other := &b.file.Columns[i]; other.Attribute == a.Slug {
			main = other
		}
	}
	object, _, _ := strings.Cut(c.Reference, ".")
	target := b.schema.Object(object)
	slug, rest, _ := strings.Cut(part, ".")
	switch {
	case c.Reference == "":
		b.problem(where, fmt.Sprintf(
			"%s.%s belongs to the record that %s refers to, so the entry needs the same `reference` as %s",
			a.Slug, part, a.Slug, a.Slug), entryLines(c, b.sameReference(a, main)...)...)
		return
	case target == nil || target.Attributes == nil:
		return // the reference's own entry reports it
	case main == nil && b.file.MayFill(a.Slug): // the question is what a person is pointed to
		return
	case main == nil || main.Reference != c.Reference:
		b.problem(where, fmt.Sprintf("no column fills %s with `reference: %s`, so no record can be created for %s",
			a.Slug, c.Reference, c.Attribute))
		return
	case main.Missing != value.MissingCreate:
		b.problem(where, fmt.Sprintf("%s is only written to records that are created: say so at the column %q",
			c.Attribute, main.Column), entryLines(main, "    reference: "+main.Reference, "    missing: create")...)
		return
	}
	inner := b.attribute(where, target, slug)
	if inner == nil {
		return
	}
	plain := *c
	plain.Reference = ""
	if s := b.bindPart(where, &entryFor(&b.plan.entries, a).fill, &plain, inner, rest, col); s != nil {
		s.New = true
	}
}

// sameReference is the line that the columns of a target's attributes share with main, the column of the reference
// itself; nil: there is none.
func (b *binder) sameReference(a *attio.Attribute, main *mapfile.Column) []string {
	if main != nil && main.Reference != "" {
		return []string{"    reference: " + main.Reference}
	}
	if allowed := allowedObjects(b.schema, a); len(allowed) == 1 {
		return referTo(allowed[0])
	}
	return nil
}

// bindConstants binds the values for every row, and reads each once so that a bad one is a problem now.
func (b *binder) bindConstants() {
	for i := range b.file.Constants {
		k := &b.file.Constants[i]
		where := b.place(k.Place(), "constants: "+k.Attribute)
		c := k.Column()
		slug, part, _ := strings.Cut(k.Attribute, ".")
		a := b.attribute(where, b.plan.Object, slug)
		if a == nil || b.taken(where, c) {
			continue
		}
		before := len(b.plan.entries)
		s := b.bindPart(where, &b.plan.entries, c, a, part, -1)
		if s == nil {
			continue
		}
		if part != "" && s.part < 0 {
			b.problem(where, "a country or currency code cannot be a constant")
			continue
		}
		s.constant = Cell{Text: k.Values[0]}
		if k.List {
			list, _ := json.Marshal(k.Values) // texts always can be
			s.constant = Cell{Text: string(list), Kind: value.JSONCell}
		}
		if len(b.plan.entries) > before {
			r := reading{rec: &Record{Row: &Row{}}}
			r.read(entryOf(b.plan.entries, a))
			for _, bad := range r.errs {
				b.problem(where, bad.Message+"; accepted: "+bad.Accepted)
			}
		}
	}
}

// entryLines are an entry of the mapping file as it has to be: its column, its attribute, and the lines to add or to
// change.
func entryLines(c *mapfile.Column, lines ...string) []string {
	return append(mapLines(c.Column, c.Attribute), lines...)
}
