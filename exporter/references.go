package exporter

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter/walk"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

const generation = 20_000 // texts in either half of the cache

// references finds what stands for the records that exported records refer to. Every page's are asked for in batches
// while other pages are read; the answers are kept, as long as there are not too many.
type references struct {
	*job
	names map[string]*flat.Flat // by object: its one readable column; nil where it has none

	mu         sync.Mutex
	young, old texts
}

type target struct{ object, id string }

// texts are what stands for records; "" for those that are not there or have nothing.
type texts map[target]string

// newReferences returns what looks up for an export of the flat form.
func newReferences(j *job) *references {
	s := &references{job: j, names: map[string]*flat.Flat{}}
	for i := range j.schema.Objects {
		o := &j.schema.Objects[i]
		s.names[o.Slug] = readable(j.schema, o)
	}
	return s
}

// lookup looks up what the records of a page refer to; nil when they refer to nothing.
func (s *references) lookup(ctx context.Context, records []attio.Record) (flat.Lookup, error) {
	if s == nil {
		return nil, nil
	}
	page := texts{}
	missing := map[string][]string{}
	var refs []value.Ref
	for i := range records {
		refs = s.flat.Targets(refs[:0], &records[i])
		for _, ref := range refs {
			t := target{ref.Object, ref.ID}
			if _, ok := page[t]; ok {
				continue
			}
			text, ok := s.have(t)
			page[t] = text
			if !ok {
				missing[t.object] = append(missing[t.object], t.id)
			}
		}
	}
	for object, ids := range missing {
		if err := s.ask(ctx, object, ids, page); err != nil {
			return nil, err
		}
	}
	if len(page) == 0 {
		return nil, nil
	}
	return func(object, id string) (string, bool) {
		text := page[target{object, id}]
		return text, text != ""
	}, nil
}

// have returns from the members and the cache.
func (s *references) have(t target) (text string, ok bool) {
	if t.object == value.MemberType {
		return s.member(t.id), true
	}
	if o := s.schema.Object(t.object); o == nil || o.Attributes == nil {
		return "", true // nothing to read it by
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if text, ok = s.young[t]; !ok {
		if text, ok = s.old[t]; ok {
			s.keep(t, text)
		}
	}
	return text, ok
}

// keep remembers a text. What has not been asked for since the young half filled up is forgotten. The caller holds
// the lock.
func (s *references) keep(t target, text string) {
	if s.young == nil || len(s.young) >= generation {
		s.old, s.young = s.young, texts{}
	}
	s.young[t] = text
}

// ask reads some records of one object, in batches. A batch that is too large for Attio is halved, and so are all
// later ones. A server that gives fewer than were asked for may have a limit of its own: the others are asked for
// again until an answer brings none of them.
func (s *references) ask(ctx context.Context, object string, ids []string, page texts) error {
	sizes := s.client.Filters()
	var answer attio.Page
	for len(ids) > 0 {
		batch := ids[:min(sizes.Of(object), len(ids))]
		query := attio.Query{Filter: walk.ByIDs(nil, batch), Limit: len(batch)}
		err := s.client.ReadPage(ctx, object, query, &answer)
		switch {
		case sizes.Refused(object, len(batch), err):
			continue
		case attio.MayBeTooLarge(err):
			return &attio.FilterError{Object: object, Shape: attio.ShapeOf(query.Filter), Err: err}
		case err != nil:
			return err
		}
		got := make(map[string]string, len(batch))
		for i := range answer.Records {
			got[answer.Records[i].ID] = s.text(object, &answer.Records[i])
		}
		left := slices.DeleteFunc(slices.Clone(batch), func(id string) bool { _, ok := got[id]; return ok })
		if len(left) == len(batch) {
			left = nil // they are not there
		}
		s.mu.Lock()
		for _, id := range batch {
			if !slices.Contains(left, id) {
				page[target{object, id}] = got[id]
				s.keep(target{object, id}, got[id])
			}
		}
		s.mu.Unlock()
		ids = append(left, ids[len(batch):]...)
	}
	return nil
}

// text is what stands for a record.
func (s *references) text(object string, r *attio.Record) string {
	o := s.schema.Object(object)
	if s.References != flat.ByKey {
		if named := s.names[o.Slug]; named != nil {
			return strings.Clone(named.Cells(nil, r, nil, nil)[0])
		}
		return ""
	}
	if a := value.KeyAttribute(o); a != nil {
		if keys := value.KeysOf(nil, a, r); len(keys) > 0 {
			return strings.Clone(keys[0])
		}
	}
	return ""
}

// readable is the column by which people know an object's records: the name, or else the key.
func readable(s *attio.Schema, o *attio.Object) *flat.Flat {
	column := ""
	if a := o.Attribute("name"); a != nil && !a.Archived {
		column = a.Slug
		if a.Type == attio.TypePersonalName {
			column += ".full_name"
		}
	} else if a := value.KeyAttribute(o); a != nil {
		column = a.Slug
	}
	f, err := flat.New(s, o.Slug, flat.Options{Columns: []string{column}})
	if err != nil {
		return nil // it has neither, or its type has no plain column
	}
	return f
}

func (s *references) member(id string) string {
	i := slices.IndexFunc(s.schema.Members, func(m attio.Member) bool { return m.ID == id })
	if i < 0 {
		return ""
	}
	m := &s.schema.Members[i]
	if name := strings.TrimSpace(m.FirstName + " " + m.LastName); name != "" && s.References != flat.ByKey {
		return name
	}
	return m.Email
}

// readMembers reads the members where columns show their names or addresses and the schema has none: it reads them
// only for attributes that can be written, and created_by cannot. A key that may not read them leaves their ids.
func (j *job) readMembers(ctx context.Context) error {
	shown := func(a attio.Attribute) bool {
		return a.Type == attio.TypeActorReference &&
			(j.References == flat.ByKey || slices.Contains(j.flat.Header(), a.Slug+".name"))
	}
	if j.schema.Members != nil || !slices.ContainsFunc(j.object.Attributes, shown) {
		return nil
	}
	members, err := j.client.WorkspaceMembers(ctx)
	if errors.Is(err, attio.ErrForbidden) {
		j.warn("the key may not read the workspace's members: they are written by their ids")
		return nil
	}
	s := *j.schema // the caller's is left as it is
	s.Members = members
	j.schema = &s
	return err
}
