package attiotest

import "fmt"

// AttachNote puts a note on a record, behind the clients' back.
func (s *Server) AttachNote(slug, id, title string) error {
	return s.attach(slug, id, func(rec *record, at int64, by *actor) error {
		s.ws.notes = append(s.ws.notes, &note{s.ids.next(), rec, title, "", by, at})
		return nil
	})
}

// AttachTask links a task to a record, behind the clients' back.
func (s *Server) AttachTask(slug, id, content string) error {
	return s.attach(slug, id, func(rec *record, at int64, by *actor) error {
		s.ws.tasks = append(s.ws.tasks, &task{s.ids.next(), rec, content, false, by, at})
		return nil
	})
}

// AddEntry puts a record into a list, behind the clients' back. A list that is not there yet is made, of the record's
// object. A record may stand in a list several times.
func (s *Server) AddEntry(listSlug, slug, id string) error {
	return s.attach(slug, id, func(rec *record, at int64, _ *actor) error {
		var into *list
		for _, l := range s.ws.lists {
			if l.slug == listSlug {
				into = l
			}
		}
		if into == nil {
			into = &list{id: s.ids.next(), slug: listSlug, name: listSlug, parent: rec.object, created: at}
			s.ws.lists = append(s.ws.lists, into)
		}
		if into.parent != rec.object {
			return fmt.Errorf("list %q holds %s, not %s", listSlug, into.parent.slug, slug)
		}
		into.entries = append(into.entries, &entry{s.ids.next(), into, rec, at})
		return nil
	})
}

// attach makes an edit of a record that can itself fail.
func (s *Server) attach(slug, id string, do func(rec *record, at int64, by *actor) error) error {
	var failed error
	err := s.edit(slug, func(o *object, w *write) *refusal {
		rec, r := o.find(id)
		if r != nil {
			return r
		}
		failed = do(rec, w.at, w.by)
		return nil
	})
	if err != nil {
		return err
	}
	return failed
}
