package attiotest

import (
	"fmt"
	"strconv"
)

// A list is an object whose records are entries: each has a parent record, and values of its own. Only the attributes
// that every list has are modelled, and no writes.

// newList adds a list of an object's records to the workspace.
func (l *loader) newList(id, slug, name string, parent *object, created int64) *object {
	o := newObject(l.ws, l.id(id, "list", l.ws.slug, slug), slug, created)
	o.singular, o.parent, o.by = name, parent, l.member
	front, middle := commonAttributes("entry_id", "Entry ID")
	for _, a := range append(front, middle...) {
		l.loadAttribute(o, a)
	}
	// No part of an entry's values; filters know it.
	o.link = &attribute{object: o, slug: "parent_record", typ: "record-reference", kind: kinds["record-reference"],
		common: true, allowed: []*object{parent}}
	o.prepare()
	l.ws.lists = append(l.ws.lists, o)
	return o
}

// loadLists makes the lists of a seed; their parents are there by now.
func (l *loader) loadLists(specs []List) {
	for i, s := range specs {
		parent := l.ws.object(s.Object)
		if parent == nil {
			l.problem("list %s: there is no object %q", s.Slug, s.Object)
			continue
		}
		o := l.newList(s.ID, s.Slug, s.Name, parent, l.ws.now+int64(i))
		for j, e := range s.Entries {
			if rec := l.record(s.Object, e.Record, "list "+s.Slug); rec != nil {
				id := l.id(e.ID, "entry", l.ws.slug, s.Slug, strconv.Itoa(j))
				(&write{by: l.member, at: l.ws.now}).add(&record{object: o, id: id, parent: rec})
			}
		}
	}
}

// AddEntry puts a record into a list, behind the clients' back. A list that is not there yet is made, of the record's
// object. A record may stand in a list several times.
func (s *Server) AddEntry(listSlug, slug, id string) error {
	return s.edit(slug, func(w *write) error {
		rec := w.object.find(id)
		into := lookUp(s.ws.lists, listSlug)
		if into == nil {
			l := &loader{ws: s.ws, member: w.by}
			into = l.newList("", listSlug, listSlug, rec.object, w.at)
		}
		if into.parent != rec.object {
			return fmt.Errorf("list %q holds %s, not %s", listSlug, into.parent.slug, slug)
		}
		w.add(&record{object: into, id: s.ids.next(), parent: rec})
		return nil
	})
}

// listJSON is a list in the API's shape. Who may see it is not modelled: all may.
func (o *object) listJSON() fields {
	return fields{{"id", fields{{"workspace_id", o.ws.id}, {"list_id", o.id}}}, {"api_slug", o.slug},
		{"created_at", stamp(o.created)}, {"name", o.singular}, {"workspace_access", "full-access"},
		{"workspace_member_access", []any{}}, {"parent_object", []string{o.parent.slug}},
		{"created_by_actor", o.by.json()}}
}

// list finds the list that a route names.
func (c *call) list(name string) *object {
	if o := lookUp(c.ws.lists, name); o != nil {
		return o
	}
	panic(notFound("List with slug/ID %q not found.", name))
}

// recordEntries answers GET …/records/{id}/entries.
func (c *call) recordEntries() reply {
	found := []fields{}
	for _, e := range c.ws.entries(c.record()) {
		found = append(found, fields{{"list_id", e.object.id}, {"list_api_slug", e.object.slug}, {"entry_id", e.id},
			{"created_at", stamp(e.created)}})
	}
	return pageOf(c, found, 100, 1000)
}

// entries are a record's places in lists.
func (ws *state) entries(parent *record) (found []*record) {
	for _, o := range ws.lists {
		for e := range o.order.all() {
			if e.parent == parent && !e.gone {
				found = append(found, e)
			}
		}
	}
	return found
}
