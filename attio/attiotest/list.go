package attiotest

import (
	"fmt"
	"strconv"
)

// A list is an object whose records are entries: each has a parent record, and values of its own. Only the attributes
// that every list has are modelled, and no writes.

// listAttributes are what every list has. The last one is no part of an entry's values; filters know it.
func listAttributes() []Attribute {
	return []Attribute{
		{Slug: "entry_id", Title: "Entry ID", Type: "text", System: true, ReadOnly: true, Unique: true},
		{Slug: "created_at", Title: "Created at", Type: "timestamp", System: true, ReadOnly: true},
		{Slug: "created_by", Title: "Created by", Type: "actor-reference", System: true, ReadOnly: true},
	}
}

// newList adds a list of an object's records to the workspace.
func (l *loader) newList(id, slug, name string, parent *object, created int64) *object {
	o := newObject(l.ws, l.id(id, "list", l.ws.slug, slug), slug, created)
	o.singular, o.parent, o.by = name, parent, l.member
	for _, a := range listAttributes() {
		l.loadAttribute(o, a)
	}
	o.link = &attribute{object: o, slug: "parent_record", typ: "record-reference", common: true,
		allowed: []*object{parent}}
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
	return s.attach(slug, id, func(rec *record, w *write) error {
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
type listJSON struct {
	ID struct {
		Workspace string `json:"workspace_id"`
		List      string `json:"list_id"`
	} `json:"id"`
	Slug      string    `json:"api_slug"`
	Created   string    `json:"created_at"`
	Name      string    `json:"name"`
	Access    string    `json:"workspace_access"`
	Members   []any     `json:"workspace_member_access"`
	Parents   []string  `json:"parent_object"`
	CreatedBy actorJSON `json:"created_by_actor"`
}

func (o *object) listJSON() listJSON {
	j := listJSON{Slug: o.slug, Created: stamp(o.created), Name: o.singular, Access: "full-access", Members: []any{},
		Parents: []string{o.parent.slug}, CreatedBy: o.by.json()}
	j.ID.Workspace, j.ID.List = o.ws.id.String(), o.id.String()
	return j
}

// listLists answers GET /v2/lists, in one page, ascending created_at as was seen.
func (s *Server) listLists(*call) (reply, *refusal) {
	lists := []listJSON{}
	for _, o := range s.ws.lists {
		lists = append(lists, o.listJSON())
	}
	return data(lists), nil
}

// list finds the list that a route names.
func (s *Server) list(name string) (*object, *refusal) {
	if o := lookUp(s.ws.lists, name); o != nil {
		return o, nil
	}
	return nil, notFound("List with slug/ID %q not found.", name)
}

// getList answers GET /v2/lists/{slug or id}.
func (s *Server) getList(c *call) (reply, *refusal) {
	o, r := s.list(c.segs[0])
	if r != nil {
		return reply{}, r
	}
	return data(o.listJSON()), nil
}

// queryEntries answers POST /v2/lists/{list}/entries/query.
func (s *Server) queryEntries(c *call) (reply, *refusal) {
	o, r := s.list(c.segs[0])
	if r != nil {
		return reply{}, r
	}
	return s.query(c, o)
}

// recordEntries answers GET …/records/{id}/entries.
func (s *Server) recordEntries(c *call) (reply, *refusal) {
	rec, r := c.record(s.ws)
	if r != nil {
		return reply{}, r
	}
	type entryJSON struct {
		List    string `json:"list_id"`
		Slug    string `json:"list_api_slug"`
		Entry   string `json:"entry_id"`
		Created string `json:"created_at"`
	}
	found := []entryJSON{}
	for _, e := range s.ws.entries(rec) {
		found = append(found, entryJSON{e.object.id.String(), e.object.slug, e.id.String(), stamp(e.created)})
	}
	return pageOf(c.query, found, 100, 1000)
}

// entries are a record's places in lists.
func (ws *state) entries(parent *record) (found []*record) {
	for _, o := range ws.lists {
		o.order.all(func(e *record) bool {
			if e.parent == parent && !e.gone {
				found = append(found, e)
			}
			return true
		})
	}
	return found
}
