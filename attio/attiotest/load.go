package attiotest

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// state is a workspace in memory.
type state struct {
	id         uuid.UUID
	name, slug string
	members    []Member
	objects    []*object // ascending id, as Attio lists them
	lists      []*object // ascending created_at, as Attio lists them
	notes      []*note
	tasks      []*task
	system     *actor
	now        int64 // creation time of what the seed does not date
	writes     int64 // counts changes, so that kept results of queries can tell that they are old
	o          *Options
	lagging    map[*record]bool // records that queries see as they were
}

// loader turns a Workspace into a state, and collects what is wrong with it.
type loader struct {
	ws       *state
	member   *actor
	problems []error
}

// problem notes what is wrong and goes on, so that a file's faults are reported together.
func (l *loader) problem(format string, args ...any) {
	l.problems = append(l.problems, fmt.Errorf(format, args...))
}

// id reads an id, or makes one that follows from the names: the same in every run.
func (l *loader) id(given string, names ...string) uuid.UUID {
	if given == "" {
		return uuid.NewSHA1(uuid.NameSpaceURL, []byte("attiotest:"+strings.Join(names, "\x00")))
	}
	id, ok := uuidOf(given)
	if !ok {
		l.problem("%q is not a UUID", given)
	}
	return id
}

// load reads in the order of dependence: objects, what they say of each other, records, their plain values, their
// references (which are found by those values), and what hangs on records.
func load(w *Workspace, o *Options, now int64) (*state, []error) {
	ws := &state{name: cmp.Or(w.Name, "Sandbox"), slug: cmp.Or(w.Slug, "sandbox"), system: newActor("system", ""),
		now: now, o: o, lagging: map[*record]bool{}}
	l := &loader{ws: ws}
	ws.id = l.id(w.ID, "workspace", ws.slug)
	l.loadMembers(w.Members)
	for _, spec := range w.Objects {
		l.loadObject(spec)
	}
	slices.SortFunc(ws.objects, func(a, b *object) int { return bytes.Compare(a.id[:], b.id[:]) })
	for _, spec := range w.Objects {
		l.linkObject(spec)
	}
	if len(l.problems) == 0 {
		for _, spec := range w.Objects {
			l.makeRecords(spec)
		}
		for _, scalars := range []bool{true, false} { // references need their targets' unique values
			for _, spec := range w.Objects {
				l.fillRecords(spec, scalars)
			}
		}
		l.loadAttached(w)
	}
	return ws, l.problems
}

// loadMembers makes an admin where there is no member: somebody has authorised the key.
func (l *loader) loadMembers(specs []Member) {
	if len(specs) == 0 {
		specs = []Member{{FirstName: "Sam", LastName: "Sandbox", Email: "sam@example.com", AccessLevel: "admin"}}
	}
	for _, m := range specs {
		m.ID = l.id(m.ID, "member", l.ws.slug, m.Email).String()
		m.AccessLevel = cmp.Or(m.AccessLevel, "member")
		l.ws.members = append(l.ws.members, m)
	}
	l.member = newActor("workspace-member", l.ws.members[0].ID)
}

// commonAttributes are what every object and list has: the id in front, the others between Attio's own attributes and
// the custom ones.
func commonAttributes(id, title string) (front, middle []Attribute) {
	return []Attribute{{Slug: id, Title: title, Type: "text", System: true, ReadOnly: true, Unique: true}},
		[]Attribute{{Slug: "created_at", Title: "Created at", Type: "timestamp", System: true, ReadOnly: true},
			{Slug: "created_by", Title: "Created by", Type: "actor-reference", System: true, ReadOnly: true}}
}

// loadObject puts the attributes into the order of Attio's lists: record_id, Attio's own, created_at, created_by,
// custom ones.
func (l *loader) loadObject(spec Object) {
	o := newObject(l.ws, l.id(spec.ID, "object", l.ws.slug, spec.Slug), spec.Slug, l.ws.now)
	o.singular, o.plural = spec.Singular, spec.Plural
	if l.ws.object(spec.Slug) != nil || spec.Slug == "" {
		l.problem("object %q: its slug is taken or empty", spec.Slug)
	}
	l.ws.objects = append(l.ws.objects, o)
	list, middle := commonAttributes("record_id", "Record ID")
	var custom []Attribute
	for _, a := range spec.Attributes {
		if a.System {
			list = append(list, a)
		} else {
			custom = append(custom, a)
		}
	}
	for _, a := range append(append(list, middle...), custom...) {
		l.loadAttribute(o, a)
	}
}

// loadAttribute reads what an attribute says of itself; what it says of objects has to wait for those.
func (l *loader) loadAttribute(o *object, spec Attribute) {
	where := o.slug + "." + spec.Slug
	known := kinds[spec.Type]
	if known == nil {
		l.problem("attribute %s: there is no type %q", where, spec.Type)
		known = &kind{}
	}
	if o.attribute(spec.Slug) != nil || spec.Slug == "" {
		l.problem("attribute %s: its slug is taken or empty", where)
	}
	a := &attribute{object: o, slug: spec.Slug, title: spec.Title, typ: spec.Type, kind: known, system: spec.System,
		writable: !spec.ReadOnly && spec.Type != "interaction", required: spec.Required, unique: spec.Unique,
		multi: spec.Multi, archived: spec.Archived, currency: spec.Currency, created: l.ws.now, index: index{}}
	a.common = spec.System && slices.Contains([]string{"record_id", "entry_id", "created_at", "created_by"}, spec.Slug)
	what := "attribute"
	if o.parent != nil { // a list may have the slug of an object
		what = "attribute of a list"
	}
	a.id = l.id(spec.ID, what, l.ws.slug, o.slug, spec.Slug)
	if !spec.System || spec.Description != "" { // null on system attributes
		a.description = &spec.Description
	}
	if spec.System {
		a.dynamic = map[string]string{"created_at": "PT0S", "created_by": "current-user"}[spec.Slug]
	}
	if len(spec.Default) > 0 {
		v, err := parseJSON(spec.Default)
		if err != nil || v == nil {
			l.problem("attribute %s: its default: %v", where, err)
		}
		a.fallback = v
	}
	o.attrs = append(o.attrs, a)
	for _, opt := range spec.Options {
		made := &option{id: l.id(opt.ID, "option", l.ws.slug, o.slug, a.slug, opt.Title), title: opt.Title,
			archived: opt.Archived, party: opt.Celebration}
		if opt.TargetTime != "" {
			made.target = &opt.TargetTime
		}
		a.add(made)
	}
}

// linkObject resolves what attributes say of other objects.
func (l *loader) linkObject(spec Object) {
	o := l.ws.object(spec.Slug)
	o.prepare()
	for _, s := range spec.Attributes {
		a := o.attribute(s.Slug)
		if a == nil {
			continue
		}
		for _, slug := range s.Objects {
			target := l.ws.object(slug)
			if target == nil {
				l.problem("attribute %s.%s: there is no object %q", spec.Slug, s.Slug, slug)
				continue
			}
			a.allowed = append(a.allowed, target)
		}
		objectSlug, slug, _ := strings.Cut(s.Inverse, ".")
		if target := l.ws.object(objectSlug); target != nil {
			a.inverse = target.attribute(slug)
		}
		if a.inverse == nil && s.Inverse != "" {
			l.problem("attribute %s.%s: there is no %s to be its other side", spec.Slug, s.Slug, s.Inverse)
		}
	}
}

// makeRecords makes an object's records without values, so that references find their targets in any order.
func (l *loader) makeRecords(spec Object) {
	o := l.ws.object(spec.Slug)
	for i, r := range spec.Records {
		rec := &record{object: o, created: l.ws.now, by: l.member}
		rec.id = l.id(r.ID, "record", l.ws.slug, o.slug, strconv.Itoa(i))
		if r.CreatedAt != "" {
			t, _, ok := moment(r.CreatedAt)
			if !ok {
				l.problem("record %d of %s: created_at %q is not a time", i+1, o.slug, r.CreatedAt)
			}
			rec.created = t.UnixMilli()
		}
		if o.records[rec.id] != nil {
			l.problem("record %d of %s: its id is taken", i+1, o.slug)
			continue
		}
		o.place(rec)
	}
}

// fillRecords writes the values: first all but references, then those.
func (l *loader) fillRecords(spec Object, scalars bool) {
	o := l.ws.object(spec.Slug)
	for i, r := range spec.Records {
		rec := o.records[l.id(r.ID, "record", l.ws.slug, o.slug, strconv.Itoa(i))]
		values := fields{}
		for _, slug := range slices.Sorted(maps.Keys(r.Values)) { // so that runs repeat, which maps do not
			a := o.attribute(slug)
			if a != nil && (a.typ != "record-reference") != scalars {
				continue
			}
			v, err := parseJSON(r.Values[slug])
			if err != nil {
				l.problem("record %d of %s: %s: %v", i+1, o.slug, slug, err)
			}
			values = append(values, field{slug, v})
		}
		w := write{trusted: true, object: o, by: l.member, at: rec.created, replace: true, create: scalars}
		if r := attempt(func() { w.apply(rec, values) }); r != nil {
			l.problem("record %d of %s: %s %s", i+1, o.slug, r.Message, encode(r.Items))
		}
	}
}
