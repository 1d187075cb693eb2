package attiotest

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Dump is the workspace as it is now, in the form that a seed has. Values lose who wrote them and when; loading it
// gives the same ids and the same values.
func (s *Server) Dump() []byte {
	var b bytes.Buffer
	_ = json.Indent(&b, encode(s.Workspace()), "", "  ") // it is JSON
	return append(b.Bytes(), '\n')
}

// Workspace is what Dump gives.
func (s *Server) Workspace() *Workspace {
	done := s.reading()
	defer done()
	ws := s.ws
	w := &Workspace{ID: ws.id.String(), Name: ws.name, Slug: ws.slug, Members: slices.Clone(ws.members)}
	for _, o := range ws.objects {
		w.Objects = append(w.Objects, o.dump())
	}
	for _, o := range ws.lists {
		d := List{ID: o.id.String(), Slug: o.slug, Name: o.singular, Object: o.parent.slug}
		for e := range o.order.all() {
			if !e.gone {
				d.Entries = append(d.Entries, Entry{e.id.String(), e.parent.id.String()})
			}
		}
		w.Lists = append(w.Lists, d)
	}
	for _, n := range ws.notes {
		w.Notes = append(w.Notes, Note{n.id.String(), n.record.object.slug, n.record.id.String(), n.title, n.content})
	}
	for _, t := range ws.tasks {
		w.Tasks = append(w.Tasks, Task{t.id.String(), t.record.object.slug, t.record.id.String(), t.content, t.done})
	}
	return w
}

// dump leaves out the three attributes that every object has: they come by themselves when it is loaded.
func (o *object) dump() Object {
	d := Object{ID: o.id.String(), Slug: o.slug, Singular: o.singular, Plural: o.plural}
	for _, a := range o.attrs {
		if !a.common {
			d.Attributes = append(d.Attributes, a.dump())
		}
	}
	for rec := range o.order.all() {
		if !rec.gone {
			d.Records = append(d.Records, rec.dump())
		}
	}
	return d
}

// dump writes the values in write form.
func (r *record) dump() Record {
	d := Record{ID: r.id.String(), CreatedAt: stamp(r.created), Values: map[string]json.RawMessage{}}
	for _, s := range r.slots {
		d.Values[s.attr.slug] = s.attr.written(s.values)
	}
	return d
}

// dump keeps every id, so that what clients have noted stays true of the loaded workspace.
func (a *attribute) dump() Attribute {
	d := Attribute{ID: a.id.String(), Slug: a.slug, Title: a.title, Type: a.typ, System: a.system,
		ReadOnly: !a.writable && a.typ != "interaction", Required: a.required, Unique: a.unique, Multi: a.multi,
		Archived: a.archived, Currency: a.currency}
	if a.description != nil {
		d.Description = *a.description
	}
	for _, o := range a.allowed {
		d.Objects = append(d.Objects, o.slug)
	}
	if a.inverse != nil {
		d.Inverse = a.inverse.object.slug + "." + a.inverse.slug
	}
	for _, o := range a.options {
		opt := Option{ID: o.id.String(), Title: o.title, Archived: o.archived, Celebration: o.party}
		if o.target != nil {
			opt.TargetTime = *o.target
		}
		d.Options = append(d.Options, opt)
	}
	if a.fallback != nil {
		bodies := a.parseAll(a.fallback, true).bodies
		d.Default = a.written(mapped(bodies, func(b body) value { return value{body: b} }))
	}
	return d
}

// written is an attribute's values in write form.
func (a *attribute) written(values []value) json.RawMessage {
	if !a.multi && len(values) == 1 {
		return encode(a.sent(values[0].body))
	}
	return encode(mapped(values, func(v value) any { return a.sent(v.body) }))
}
