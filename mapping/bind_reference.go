package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// target compiles what the cells of a reference column may point to; Target says how.
func (b *binder) target(c *mapfile.Column, a *attio.Attribute, s *column) *value.Target {
	t := &value.Target{Allowed: allowedObjects(b.schema, a), IDs: true}
	switch {
	case len(t.Allowed) == 0:
		b.problem(b.at(c, "attribute"), a.Slug+" cannot refer to any object of this workspace")
		return t
	case c.Reference != "":
		b.named(c, a, s, t)
	case len(t.Allowed) == 1 && a.AllowedObjects != nil:
		t.Object = t.Allowed[0]
		t.Key = keyReader(value.KeyAttribute(t.Object), s)
	default:
		t.Keys = map[string]*value.Reader{}
		for _, o := range t.Allowed {
			t.Keys[o.Slug] = keyReader(value.KeyAttribute(o), s)
		}
	}
	if s.Missing == value.MissingCreate {
		b.creatable(c, t)
	}
	return t
}

// allowedObjects are the objects of the schema that a reference may point to: all of them where the attribute names
// none.
func allowedObjects(s *attio.Schema, a *attio.Attribute) (all []*attio.Object) {
	if a.AllowedObjects == nil {
		for i := range s.Objects {
			all = append(all, &s.Objects[i])
		}
	}
	for _, id := range a.AllowedObjects {
		if o := s.Object(id); o != nil {
			all = append(all, o)
		}
	}
	return all
}

// keyReader reads the keys of a target; nil where there is no attribute for them.
func keyReader(a *attio.Attribute, s *column) *value.Reader {
	if a == nil {
		return nil
	}
	return &value.Reader{Attr: a, Country: s.Country}
}

// named binds `reference: people.email_addresses` or `reference: people`. A text attribute need not be unique: a cell
// that several records fit is refused where they are looked up.
func (b *binder) named(c *mapfile.Column, a *attio.Attribute, s *column, t *value.Target) {
	where := b.at(c, "reference")
	slug, attribute, _ := strings.Cut(c.Reference, ".")
	o := t.Find(slug)
	if o == nil {
		b.problem(where, fmt.Sprintf("%s cannot refer to %q; it can to %s", a.Slug, slug, t.Slugs()),
			entryLines(c, referTo(t.Allowed[0])...)...)
		t.Object = &attio.Object{Slug: slug}
		return
	}
	t.Object = o
	if attribute == "" || attribute == "record_id" {
		return
	}
	key := o.Attribute(attribute)
	switch {
	case o.Attributes == nil:
		b.problem(where, fmt.Sprintf("the attributes of %q were not read", o.Slug))
	case key == nil:
		b.unknown(where, "    reference: "+o.Slug+".", attribute, o, mapLines(c.Column, c.Attribute)...)
	case !key.Unique && key.Type != attio.TypeText || key.Archived || !value.Writable(key.Type):
		b.problem(where, fmt.Sprintf("%s.%s is not unique, so it cannot be referred to", o.Slug, attribute),
			entryLines(c, referTo(o)...)...)
	default:
		t.IDs, t.Key = false, keyReader(key, s)
	}
}

// referTo is the line that refers to records of an object by their key; none where they have none.
func referTo(o *attio.Object) []string {
	if k := value.KeyAttribute(o); k != nil {
		return []string{fmt.Sprintf("    reference: %s.%s", o.Slug, k.Slug)}
	}
	return nil
}

// creatable reports a target that could never be created: without a key, or with attributes needed that no column
// fills.
func (b *binder) creatable(c *mapfile.Column, t *value.Target) {
	where := b.at(c, "missing")
	if t.Object == nil || t.Key == nil || !t.Key.Attr.Unique {
		var hint []string
		if len(t.Allowed) == 1 {
			hint = entryLines(c, referTo(t.Allowed[0])...)
		}
		b.problem(where, "missing: create needs a `reference` that names a unique attribute of the target", hint...)
		return
	}
	for i := range t.Object.Attributes {
		a := &t.Object.Attributes[i]
		path := c.Attribute + "." + a.Slug
		fills := func(c mapfile.Column) bool { return c.Attribute == path || strings.HasPrefix(c.Attribute, path+".") }
		if Needed(a) && a != t.Key.Attr && !slices.ContainsFunc(b.file.Columns, fills) {
			b.problem(where, fmt.Sprintf("records of %s need %s, which no column fills", t.Object.Slug, a.Slug),
				"  - column: HEADER", "    attribute: "+path, "    reference: "+c.Reference)
		}
	}
}

// TargetFields are the fields of a record that has to be created for a reference: its key, and what Fill says. Encode
// them with any plan.
func (p *Plan) TargetFields(r *value.Ref) []value.Field {
	var a *attio.Attribute
	if o := p.Schema.Object(r.Object); o != nil {
		a = o.Attribute(r.Attr)
	}
	if a == nil {
		return nil
	}
	key := value.Value{Text: r.Key}
	if a.Type != attio.TypeText {
		_ = (&value.Reader{Attr: a}).Read(value.TextCell, r.Key, &key) // it is in normal form
	}
	fields := []value.Field{{Attr: a, Values: []value.Value{key}}}
	for _, f := range r.Fill {
		if f.Attr != a {
			fields = append(fields, f)
		}
	}
	return fields
}
