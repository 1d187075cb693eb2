package mapping

import (
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
)

// target compiles what the cells of a reference column may point to; refTarget says how.
func (b *binder) target(c *Column, a *attio.Attribute, s *source) *refTarget {
	t := &refTarget{allowed: allowedObjects(b.schema, a), ids: true}
	switch {
	case len(t.allowed) == 0:
		b.problem(b.at(c, "attribute"), a.Slug+" cannot refer to any object of this workspace")
		return t
	case c.Reference != "":
		b.named(c, a, s, t)
	case len(t.allowed) == 1 && a.AllowedObjects != nil:
		t.object = t.allowed[0]
		t.key = b.keySource(KeyAttribute(t.object), s)
	default:
		t.keys = map[string]*source{}
		for _, o := range t.allowed {
			t.keys[o.Slug] = b.keySource(KeyAttribute(o), s)
		}
	}
	if s.missing == MissingCreate {
		b.creatable(c, t)
	}
	return t
}

// allowedObjects are the objects of the schema that a reference may point to: all of them where the attribute names none.
func allowedObjects(s *attio.Schema, a *attio.Attribute) (all []*attio.Object) {
	if a.AllowedObjects == nil {
		for i := range s.Objects {
			all = append(all, &s.Objects[i])
		}
		return all
	}
	for _, id := range a.AllowedObjects {
		if o := s.Object(id); o != nil {
			all = append(all, o)
		}
	}
	return all
}

// keySource reads the keys of a target; nil where there is no attribute for them.
func (b *binder) keySource(a *attio.Attribute, s *source) *source {
	if a == nil {
		return nil
	}
	return &source{plan: b.plan, attr: a, codec: codecs[a.Type], column: s.column, header: s.header, part: -1, decimal: ".", country: s.country}
}

// named binds `reference: people.email_addresses` or `reference: people`.
func (b *binder) named(c *Column, a *attio.Attribute, s *source, t *refTarget) {
	where := b.at(c, "reference")
	slug, attribute, _ := strings.Cut(c.Reference, ".")
	o := t.find(slug)
	if o == nil {
		text := fmt.Sprintf("%s cannot refer to %q; it can to %s", a.Slug, slug, t.slugs())
		var hint []string
		if o := t.allowed; len(o) > 0 && KeyAttribute(o[0]) != nil {
			hint = []string{fmt.Sprintf("    reference: %s.%s", o[0].Slug, KeyAttribute(o[0]).Slug)}
		}
		b.problem(where, text, hint...)
		t.object = &attio.Object{Slug: slug}
		return
	}
	t.object = o
	if attribute == "" || attribute == "record_id" {
		return
	}
	key := o.Attribute(attribute)
	switch {
	case o.Attributes == nil:
		b.problem(where, fmt.Sprintf("the attributes of %q were not read", o.Slug))
	case key == nil:
		b.unknown(where, "    attribute: ", attribute, o)
	case !key.Unique || key.Archived || codecs[key.Type] == nil || codecs[key.Type].parse == nil:
		text := fmt.Sprintf("%s.%s is not unique, so it cannot be referred to", o.Slug, attribute)
		var hint []string
		if k := KeyAttribute(o); k != nil {
			hint = []string{fmt.Sprintf("    reference: %s.%s", o.Slug, k.Slug)}
		}
		b.problem(where, text, hint...)
	default:
		t.ids, t.key = false, b.keySource(key, s)
	}
}

// creatable reports a target that could never be created: without a key, or with attributes needed that no column fills.
func (b *binder) creatable(c *Column, t *refTarget) {
	where := b.at(c, "missing")
	if t.object == nil || t.key == nil {
		b.problem(where, "missing: create needs a `reference` that names a unique attribute of the target", "    reference: companies.domains")
		return
	}
	for i := range t.object.Attributes {
		a := &t.object.Attributes[i]
		if !needed(a) || a == t.key.attr || b.fills(c.Attribute+"."+a.Slug) {
			continue
		}
		b.problem(where, fmt.Sprintf("records of %s need %s, which no column fills", t.object.Slug, a.Slug), "  - column: HEADER",
			"    attribute: "+c.Attribute+"."+a.Slug, "    reference: "+c.Reference)
	}
}

// fills says whether an entry of the mapping file fills an attribute, or a part of it.
func (b *binder) fills(attribute string) bool {
	for i := range b.file.Columns {
		if to := b.file.Columns[i].Attribute; to == attribute || strings.HasPrefix(to, attribute+".") {
			return true
		}
	}
	return false
}

// TargetFields are the fields of a record that has to be created for a reference: its key, and what Fill says. Encode them with any plan.
func (p *Plan) TargetFields(r *Ref) []Field {
	o := p.Schema.Object(r.Object)
	if o == nil {
		return nil
	}
	a := o.Attribute(r.Attr)
	if a == nil {
		return nil
	}
	fields := []Field{{Attr: a, Values: []Value{keyValue(a, r.Key)}}}
	for _, f := range r.Fill {
		if f.Attr != a {
			fields = append(fields, f)
		}
	}
	return fields
}

// keyValue makes a value again of a key in normal form.
func keyValue(a *attio.Attribute, key string) Value {
	v := Value{Text: key}
	s := &source{attr: a, codec: codecs[a.Type], decimal: "."}
	if a.Type != attio.TypeText {
		_ = s.codec.parse(s, TextCell, key, &v)
	}
	return v
}
