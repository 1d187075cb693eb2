package attiotest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"
)

// What may hang on a record besides its values: places in lists, notes, tasks. They can be read here, to tell that
// nothing hangs on a record, and are made by seeds and tests.

// list is a list of records of one object. It has no attributes of its own here.
type list struct {
	id         uuid.UUID
	slug, name string
	parent     *object
	created    int64
	entries    []*entry
}

// entry is a record's place in a list; several of one record are allowed, as in Attio.
type entry struct {
	id      uuid.UUID
	list    *list
	record  *record
	created int64
}

// note is a note on one record.
type note struct {
	id             uuid.UUID
	record         *record
	title, content string
	by             *actor
	created        int64
}

// task is linked to exactly one record here; Attio's may be to several.
type task struct {
	id      uuid.UUID
	record  *record
	content string
	done    bool
	by      *actor
	created int64
}

// detach removes what hangs on a record that is deleted.
func (ws *state) detach(rec *record) {
	for _, l := range ws.lists {
		l.entries = slices.DeleteFunc(l.entries, func(e *entry) bool { return e.record == rec })
	}
	ws.notes = slices.DeleteFunc(ws.notes, func(n *note) bool { return n.record == rec })
	ws.tasks = slices.DeleteFunc(ws.tasks, func(t *task) bool { return t.record == rec })
}

// loadExtras comes last: all that it reads refers to records by id.
func (l *loader) loadExtras(w *Workspace) {
	find := func(object, id, what string) *record {
		if o := l.ws.object(object); o != nil {
			if u, ok := uuidOf(id); ok && o.records[u] != nil {
				return o.records[u]
			}
		}
		l.problem("%s: there is no record %q of %q", what, id, object)
		return nil
	}
	for i, s := range w.Lists {
		li := &list{id: l.id(s.ID, "list", l.ws.slug, s.Slug), slug: s.Slug, name: s.Name, parent: l.ws.object(s.Object),
			created: l.ws.now + int64(i)}
		if li.parent == nil {
			l.problem("list %s: there is no object %q", s.Slug, s.Object)
			continue
		}
		l.ws.lists = append(l.ws.lists, li)
		for j, e := range s.Entries {
			if rec := find(s.Object, e.Record, "list "+s.Slug); rec != nil {
				id := l.id(e.ID, "entry", l.ws.slug, s.Slug, strconv.Itoa(j))
				li.entries = append(li.entries, &entry{id, li, rec, l.ws.now})
			}
		}
	}
	for i, s := range w.Notes {
		if rec := find(s.Object, s.Record, "note"); rec != nil {
			id := l.id(s.ID, "note", l.ws.slug, strconv.Itoa(i))
			l.ws.notes = append(l.ws.notes, &note{id, rec, s.Title, s.Content, l.member, l.ws.now})
		}
	}
	for i, s := range w.Tasks {
		if rec := find(s.Object, s.Record, "task"); rec != nil {
			id := l.id(s.ID, "task", l.ws.slug, strconv.Itoa(i))
			l.ws.tasks = append(l.ws.tasks, &task{id, rec, s.Content, s.Completed, l.member, l.ws.now})
		}
	}
}

// listEntries answers GET …/records/{id}/entries.
func (s *Server) listEntries(c *call) (reply, *refusal) {
	rec, r := c.record(s.ws)
	if r != nil {
		return reply{}, r
	}
	type entryJSON struct {
		List    uuid.UUID `json:"list_id"`
		Slug    string    `json:"list_api_slug"`
		Entry   uuid.UUID `json:"entry_id"`
		Created string    `json:"created_at"`
	}
	found := []entryJSON{}
	for _, l := range s.ws.lists {
		for _, e := range l.entries {
			if e.record == rec {
				found = append(found, entryJSON{l.id, l.slug, e.id, stamp(e.created)})
			}
		}
	}
	return pageOf(c.query, found, 100, 1000)
}

// pageOf answers with the part of a list that the query string asks for.
func pageOf[T any](q url.Values, list []T, limit, most int) (reply, *refusal) {
	for _, p := range []struct {
		name      string
		into      *int
		low, high int
	}{{"limit", &limit, 1, most}, {"offset", new(int), 0, 1 << 31}} {
		v := *p.into
		if text := q.Get(p.name); q.Has(p.name) {
			n, err := strconv.Atoi(text)
			if err != nil || n < p.low || n > p.high {
				return reply{}, badQuery(p.name)
			}
			v = n
		}
		if p.name == "offset" {
			list = list[min(v, len(list)):]
		} else {
			limit = v
		}
	}
	return data(list[:min(limit, len(list))]), nil
}

// badQuery refuses a query parameter by its name.
func badQuery(name string) *refusal {
	return invalid("Query params validation error.", invalidItem("Invalid input", name))
}

// linked reads a pair of query parameters that name a record; nil for neither.
func (c *call) linked(ws *state, object, record string) (*record, *refusal) {
	if !c.query.Has(object) && !c.query.Has(record) {
		return nil, nil
	}
	o := ws.object(c.query.Get(object))
	if o == nil {
		return nil, notFound("Object with slug/ID %q not found.", c.query.Get(object))
	}
	id, ok := uuidOf(c.query.Get(record))
	if !ok {
		return nil, badQuery(record)
	}
	rec := o.records[id]
	if rec == nil {
		return nil, notFound("Record with ID %q not found.", id)
	}
	return rec, nil
}

// actorJSON is created_by_actor; the id of the system is null.
type actorJSON struct {
	Type string  `json:"type"`
	ID   *string `json:"id"`
}

func (a *actor) json() actorJSON {
	if a.id == "" {
		return actorJSON{Type: a.typ}
	}
	return actorJSON{a.typ, &a.id}
}

// listNotes answers GET /v2/notes: 10 a page unless asked for up to 50.
func (s *Server) listNotes(c *call) (reply, *refusal) {
	rec, r := c.linked(s.ws, "parent_object", "parent_record_id")
	if r != nil {
		return reply{}, r
	}
	found := []any{}
	for _, n := range s.ws.notes {
		if rec == nil || n.record == rec {
			found = append(found, struct {
				ID        any       `json:"id"`
				Object    string    `json:"parent_object"`
				Record    uuid.UUID `json:"parent_record_id"`
				Title     string    `json:"title"`
				Meeting   *string   `json:"meeting_id"`
				Plain     string    `json:"content_plaintext"`
				Markdown  string    `json:"content_markdown"`
				Tags      []any     `json:"tags"`
				CreatedBy actorJSON `json:"created_by_actor"`
				Created   string    `json:"created_at"`
			}{map[string]any{"workspace_id": s.ws.id, "note_id": n.id}, n.record.object.slug, n.record.id, n.title, nil,
				n.content, n.content, []any{}, n.by.json(), stamp(n.created)})
		}
	}
	return pageOf(c.query, found, 10, 50)
}

// listTasks answers GET /v2/tasks: 500 a page.
func (s *Server) listTasks(c *call) (reply, *refusal) {
	for name := range c.query {
		if !slices.Contains([]string{"limit", "offset", "linked_object", "linked_record_id"}, name) {
			// The other parameters of the API are not modelled: a wrong answer would be worse.
			return reply{}, refuse(http.StatusNotImplemented, "not_modelled", "attiotest knows no query parameter %q here", name)
		}
	}
	rec, r := c.linked(s.ws, "linked_object", "linked_record_id")
	if r != nil {
		return reply{}, r
	}
	found := []any{}
	for _, t := range s.ws.tasks {
		if rec == nil || t.record == rec {
			found = append(found, struct {
				ID        any       `json:"id"`
				Plain     string    `json:"content_plaintext"`
				Deadline  *string   `json:"deadline_at"`
				Done      bool      `json:"is_completed"`
				Linked    []any     `json:"linked_records"`
				Assignees []any     `json:"assignees"`
				CreatedBy actorJSON `json:"created_by_actor"`
				Created   string    `json:"created_at"`
			}{map[string]any{"workspace_id": s.ws.id, "task_id": t.id}, t.content, nil, t.done,
				[]any{map[string]any{"target_object_id": t.record.object.slug, "target_record_id": t.record.id}},
				[]any{}, t.by.json(), stamp(t.created)})
		}
	}
	return pageOf(c.query, found, 500, 500)
}
