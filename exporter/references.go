package exporter

import (
	"context"
	"errors"
	"net/http"
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
	flat   *flat.Flat
	schema *attio.Schema
	byKey  bool // the unique attribute; else a readable name
	read   readFunc

	sizes *attio.FilterSizes

	mu         sync.Mutex
	young, old map[target]found
	names      map[string]*flat.Flat // by object: its one readable column; nil where it has none
}

type target struct{ object, id string }

type found struct {
	text string
	ok   bool
}

// lookup looks up what the records of a page refer to; nil when they refer to nothing.
func (s *references) lookup(ctx context.Context, records []attio.Record) (flat.Lookup, error) {
	texts := map[target]found{}
	missing := map[string][]string{}
	var refs []value.Ref
	for i := range records {
		refs = s.flat.Targets(refs[:0], &records[i])
		for _, ref := range refs {
			t := target{ref.Object, ref.ID}
			if _, ok := texts[t]; ok {
				continue
			}
			f, ok := s.known(t)
			texts[t] = f
			if !ok {
				missing[t.object] = append(missing[t.object], t.id)
			}
		}
	}
	for object, ids := range missing {
		if err := s.ask(ctx, object, ids, texts); err != nil {
			return nil, err
		}
	}
	if len(texts) == 0 {
		return nil, nil
	}
	return func(object, id string) (string, bool) {
		f := texts[target{object, id}]
		return f.text, f.ok
	}, nil
}

// known returns from the members and the cache.
func (s *references) known(t target) (found, bool) {
	if t.object == "workspace-member" {
		return s.member(t.id), true
	}
	if o := s.schema.Object(t.object); o == nil || o.Attributes == nil {
		return found{}, true // nothing to read it by
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.young[t]
	if !ok {
		if f, ok = s.old[t]; ok {
			s.keep(t, f)
		}
	}
	return f, ok
}

// keep remembers a text. What has not been asked for since the young half filled up is forgotten. The caller holds
// the lock.
func (s *references) keep(t target, f found) {
	if s.young == nil || len(s.young) >= generation {
		s.old, s.young = s.young, map[target]found{}
	}
	s.young[t] = f
}

// ask reads some records of one object, in batches. A batch that is too large for Attio is halved, and so are all
// later ones.
func (s *references) ask(ctx context.Context, object string, ids []string, texts map[target]found) error {
	for len(ids) > 0 {
		batch := ids[:min(s.sizes.Of(object), len(ids))]
		err := s.askBatch(ctx, object, batch, texts)
		switch {
		case s.sizes.Refused(object, len(batch), err):
			continue
		case attio.MayBeTooLarge(err):
			return &attio.FilterError{Object: object, Shape: attio.ShapeOf(walk.ByIDs(nil, batch)), Err: err}
		case err != nil:
			return err
		}
		ids = ids[len(batch):]
	}
	return nil
}

// askBatch reads some records of one object. A server that answers fewer than were asked for may have a limit of its
// own: what is missing is asked for again until an answer brings nothing.
func (s *references) askBatch(ctx context.Context, object string, ids []string, texts map[target]found) error {
	ids = slices.Clone(ids)
	var page attio.Page
	for len(ids) > 0 {
		if err := s.read(ctx, object, attio.Query{Filter: walk.ByIDs(nil, ids), Limit: len(ids)}, &page); err != nil {
			return err
		}
		before := len(ids)
		for i := range page.Records {
			rec := &page.Records[i]
			if at := slices.Index(ids, rec.ID); at >= 0 {
				ids = slices.Delete(ids, at, at+1)
				s.store(target{object, rec.ID}, s.text(object, rec), texts)
			}
		}
		if len(ids) == before {
			break
		}
	}
	for _, id := range ids {
		s.store(target{object, id}, found{}, texts)
	}
	return nil
}

func (s *references) store(t target, f found, texts map[target]found) {
	texts[t] = f
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(t, f)
}

// text is what stands for a record.
func (s *references) text(object string, r *attio.Record) found {
	o := s.schema.Object(object)
	if s.byKey {
		if a := value.KeyAttribute(o); a != nil {
			if keys := value.KeysOf(nil, a, r); len(keys) > 0 {
				return found{strings.Clone(keys[0]), true}
			}
		}
		return found{}
	}
	s.mu.Lock()
	named, ok := s.names[o.Slug]
	if !ok {
		named = readable(s.schema, o)
		if s.names == nil {
			s.names = map[string]*flat.Flat{}
		}
		s.names[o.Slug] = named
	}
	s.mu.Unlock()
	if named == nil {
		return found{}
	}
	name := named.Cells(nil, r, nil, nil)[0]
	return found{strings.Clone(name), name != ""}
}

// readable is the column by which people know an object's records: the name, or else the key.
func readable(s *attio.Schema, o *attio.Object) *flat.Flat {
	var column string
	if a := o.Attribute("name"); a != nil && !a.Archived {
		column = a.Slug
		if a.Type == attio.TypePersonalName {
			column += ".full_name"
		}
	} else if a := value.KeyAttribute(o); a != nil {
		column = a.Slug
	} else {
		return nil
	}
	f, err := flat.New(s, o.Slug, flat.Options{Columns: []string{column}})
	if err != nil {
		return nil // an attribute of a type that has no plain column
	}
	return f
}

func (s *references) member(id string) found {
	for _, m := range s.schema.Members {
		if m.ID != id {
			continue
		}
		name := strings.TrimSpace(m.FirstName + " " + m.LastName)
		if s.byKey || name == "" {
			name = m.Email
		}
		return found{name, name != ""}
	}
	return found{}
}

// readMembers reads the members where columns show their names or addresses and the schema has none: it reads them
// only for attributes that can be written, and created_by cannot. A key that may not read them leaves their ids.
func (j *job) readMembers(ctx context.Context) error {
	shown := func(a attio.Attribute) bool {
		return a.Type == attio.TypeActorReference &&
			(j.References == flat.ByKey || slices.Contains(j.flat.Header(), a.Slug+".name"))
	}
	if j.flat == nil || j.schema.Members != nil || !slices.ContainsFunc(j.object.Attributes, shown) {
		return nil
	}
	members, err := j.members(ctx)
	var e *attio.Error
	if errors.As(err, &e) && e.Status == http.StatusForbidden {
		j.Warn("the key may not read the workspace's members: they are written by their ids")
		return nil
	}
	s := *j.schema // the caller's is left as it is
	s.Members = members
	j.schema = &s
	return err
}
