package attiotest

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"
)

// Notes and tasks hang on records, beside their places in lists. They can be read here, and are made by seeds and
// tests.

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
func (w *write) detach(rec *record) {
	ws := rec.object.ws
	for _, e := range ws.entries(rec) {
		w.remove(e)
	}
	ws.notes = slices.DeleteFunc(ws.notes, func(n *note) bool { return n.record == rec })
	ws.tasks = slices.DeleteFunc(ws.tasks, func(t *task) bool { return t.record == rec })
}

// record finds a record that a seed names.
func (l *loader) record(object, id, what string) *record {
	if o := l.ws.object(object); o != nil {
		if u, ok := uuidOf(id); ok && o.records[u] != nil {
			return o.records[u]
		}
	}
	l.problem("%s: there is no record %q of %q", what, id, object)
	return nil
}

// loadAttached comes last: all that it reads refers to records by id.
func (l *loader) loadAttached(w *Workspace) {
	l.loadLists(w.Lists)
	for i, s := range w.Notes {
		if rec := l.record(s.Object, s.Record, "note"); rec != nil {
			id := l.id(s.ID, "note", l.ws.slug, strconv.Itoa(i))
			l.ws.notes = append(l.ws.notes, &note{id, rec, s.Title, s.Content, l.member, l.ws.now})
		}
	}
	for i, s := range w.Tasks {
		if rec := l.record(s.Object, s.Record, "task"); rec != nil {
			id := l.id(s.ID, "task", l.ws.slug, strconv.Itoa(i))
			l.ws.tasks = append(l.ws.tasks, &task{id, rec, s.Content, s.Completed, l.member, l.ws.now})
		}
	}
}

// AttachNote puts a note on a record, behind the clients' back.
func (s *Server) AttachNote(slug, id, title string) error {
	return s.attach(slug, id, func(rec *record, w *write) error {
		s.ws.notes = append(s.ws.notes, &note{s.ids.next(), rec, title, "", w.by, w.at})
		return nil
	})
}

// AttachTask links a task to a record, behind the clients' back.
func (s *Server) AttachTask(slug, id, content string) error {
	return s.attach(slug, id, func(rec *record, w *write) error {
		s.ws.tasks = append(s.ws.tasks, &task{s.ids.next(), rec, content, false, w.by, w.at})
		return nil
	})
}

// attach makes an edit of a record that can itself fail.
func (s *Server) attach(slug, id string, do func(*record, *write) error) error {
	var failed error
	err := s.edit(slug, func(o *object, w *write) *refusal {
		rec, r := o.find(id)
		if r == nil {
			failed = do(rec, w)
		}
		return r
	})
	return cmp.Or(err, failed)
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

// linked reads a pair of query parameters that name a record; nil for neither. others are those that may stand beside.
func (c *call) linked(ws *state, object, record string, others ...string) (*record, *refusal) {
	if r := c.onlyQuery(append(others, object, record)...); r != nil {
		return nil, r
	}
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

// listNotes answers GET /v2/notes, newest first: 10 a page unless asked for up to 50.
func (s *Server) listNotes(c *call) (reply, *refusal) {
	rec, r := c.linked(s.ws, "parent_object", "parent_record_id", "limit", "offset")
	if r != nil {
		return reply{}, r
	}
	type noteJSON struct {
		ID struct {
			Workspace uuid.UUID `json:"workspace_id"`
			Note      uuid.UUID `json:"note_id"`
		} `json:"id"`
		Object    string    `json:"parent_object"`
		Record    uuid.UUID `json:"parent_record_id"`
		Title     string    `json:"title"`
		Meeting   *string   `json:"meeting_id"`
		Plain     string    `json:"content_plaintext"`
		Markdown  string    `json:"content_markdown"`
		Tags      []any     `json:"tags"`
		CreatedBy actorJSON `json:"created_by_actor"`
		Created   string    `json:"created_at"`
	}
	found := []noteJSON{}
	for _, n := range slices.Backward(s.ws.notes) {
		if rec == nil || n.record == rec {
			j := noteJSON{Object: n.record.object.slug, Record: n.record.id, Title: n.title, Plain: n.content,
				Markdown: n.content, Tags: []any{}, CreatedBy: n.by.json(), Created: stamp(n.created)}
			j.ID.Workspace, j.ID.Note = s.ws.id, n.id
			found = append(found, j)
		}
	}
	return pageOf(c.query, found, 10, 50)
}

// listTasks answers GET /v2/tasks, oldest first unless asked otherwise: 500 a page.
func (s *Server) listTasks(c *call) (reply, *refusal) {
	rec, r := c.linked(s.ws, "linked_object", "linked_record_id", "limit", "offset", "sort", "assignee", "is_completed")
	if r != nil {
		return reply{}, r
	}
	type linkJSON struct {
		Object string    `json:"target_object_id"`
		Record uuid.UUID `json:"target_record_id"`
	}
	type taskJSON struct {
		ID struct {
			Workspace uuid.UUID `json:"workspace_id"`
			Task      uuid.UUID `json:"task_id"`
		} `json:"id"`
		Plain       string     `json:"content_plaintext"`
		Done        bool       `json:"is_completed"`
		CompletedAt *string    `json:"completed_at"`
		Deadline    *string    `json:"deadline_at"`
		Linked      []linkJSON `json:"linked_records"`
		Assignees   []any      `json:"assignees"`
		CreatedBy   actorJSON  `json:"created_by_actor"`
		Created     string     `json:"created_at"`
	}
	sort, done, who := c.query.Get("sort"), c.query.Get("is_completed"), c.query.Get("assignee")
	switch {
	case !slices.Contains([]string{"", "created_at:asc", "created_at:desc"}, sort):
		return reply{}, badQuery("sort")
	case !slices.Contains([]string{"", "true", "false"}, done):
		return reply{}, badQuery("is_completed")
	}
	found := []taskJSON{}
	for _, t := range s.ws.tasks {
		// No task here has an assignee.
		if rec != nil && t.record != rec || done != "" && done != strconv.FormatBool(t.done) || who != "" && who != "null" {
			continue
		}
		j := taskJSON{Plain: t.content, Done: t.done, Linked: []linkJSON{{t.record.object.slug, t.record.id}},
			Assignees: []any{}, CreatedBy: t.by.json(), Created: stamp(t.created)}
		if j.ID.Workspace, j.ID.Task = s.ws.id, t.id; t.done {
			j.CompletedAt = &j.Created
		}
		found = append(found, j)
	}
	if sort == "created_at:desc" {
		slices.Reverse(found)
	}
	return pageOf(c.query, found, 500, 500)
}

// listThreads answers GET /v2/threads. There are no comments here, so it has nothing to list.
func (s *Server) listThreads(c *call) (reply, *refusal) {
	rec, r := c.linked(s.ws, "object", "record_id", "entry_id", "list", "limit", "offset")
	if r != nil {
		return reply{}, r
	}
	ofEntry := c.query.Has("entry_id") || c.query.Has("list")
	if ofEntry {
		o, r := s.list(c.query.Get("list"))
		if r != nil {
			return reply{}, r
		}
		if rec, r = o.find(c.query.Get("entry_id")); r != nil {
			return reply{}, r
		}
	}
	if rec == nil && !s.o.Readings.FreeThreads {
		return reply{}, badQuery("record_id")
	}
	return pageOf(c.query, []any{}, 10, 50)
}
