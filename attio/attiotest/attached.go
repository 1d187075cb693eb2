package attiotest

import (
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
	return s.edit(slug, func(w *write) error {
		s.ws.notes = append(s.ws.notes, &note{s.ids.next(), w.object.find(id), title, "", w.by, w.at})
		return nil
	})
}

// AttachTask links a task to a record, behind the clients' back.
func (s *Server) AttachTask(slug, id, content string) error {
	return s.edit(slug, func(w *write) error {
		s.ws.tasks = append(s.ws.tasks, &task{s.ids.next(), w.object.find(id), content, false, w.by, w.at})
		return nil
	})
}

// linked reads a pair of query parameters that name a record; nil for neither. others are those that may stand beside.
func (c *call) linked(object, record string, others ...string) *record {
	c.onlyQuery(append(others, object, record)...)
	if !c.query.Has(object) && !c.query.Has(record) {
		return nil
	}
	o := c.objectCalled(c.query.Get(object))
	id, ok := uuidOf(c.query.Get(record))
	if !ok {
		panic(badQuery(record))
	}
	return o.find(id.String())
}

// listNotes answers GET /v2/notes, newest first: 10 a page unless asked for up to 50.
func (c *call) listNotes() reply {
	rec := c.linked("parent_object", "parent_record_id", "limit", "offset")
	found := []fields{}
	for _, n := range slices.Backward(c.ws.notes) {
		if rec != nil && n.record != rec {
			continue
		}
		found = append(found, fields{{"id", fields{{"workspace_id", c.ws.id}, {"note_id", n.id}}},
			{"parent_object", n.record.object.slug}, {"parent_record_id", n.record.id}, {"title", n.title},
			{"meeting_id", nil}, {"content_plaintext", n.content}, {"content_markdown", n.content}, {"tags", []any{}},
			{"created_by_actor", n.by.json()}, {"created_at", stamp(n.created)}})
	}
	return pageOf(c, found, 10, 50)
}

// listTasks answers GET /v2/tasks, oldest first unless asked otherwise: 500 a page. No task here has an assignee.
func (c *call) listTasks() reply {
	rec := c.linked("linked_object", "linked_record_id", "limit", "offset", "sort", "assignee", "is_completed")
	sort := c.word("sort", "", "created_at:asc", "created_at:desc")
	done := c.word("is_completed", "", "true", "false")
	who := c.query.Get("assignee")
	found := []fields{}
	for _, t := range c.ws.tasks {
		if rec != nil && t.record != rec || done != "" && done != strconv.FormatBool(t.done) || who != "" && who != "null" {
			continue
		}
		var completed any
		if t.done {
			completed = stamp(t.created)
		}
		link := fields{{"target_object_id", t.record.object.slug}, {"target_record_id", t.record.id}}
		found = append(found, fields{{"id", fields{{"workspace_id", c.ws.id}, {"task_id", t.id}}},
			{"content_plaintext", t.content}, {"is_completed", t.done}, {"completed_at", completed}, {"deadline_at", nil},
			{"linked_records", []any{link}}, {"assignees", []any{}}, {"created_by_actor", t.by.json()},
			{"created_at", stamp(t.created)}})
	}
	if sort == "created_at:desc" {
		slices.Reverse(found)
	}
	return pageOf(c, found, 500, 500)
}

// listThreads answers GET /v2/threads. There are no comments here, so it has nothing to list.
func (c *call) listThreads() reply {
	rec := c.linked("object", "record_id", "entry_id", "list", "limit", "offset")
	if c.query.Has("entry_id") || c.query.Has("list") {
		rec = c.list(c.query.Get("list")).find(c.query.Get("entry_id"))
	}
	if rec == nil && !c.s.o.Readings.FreeThreads {
		panic(badQuery("record_id"))
	}
	return pageOf(c, []any{}, 10, 50)
}
