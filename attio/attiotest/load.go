package attiotest

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
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

// named makes an id that follows from names.
func named(parts ...string) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("attiotest:"+strings.Join(parts, "\x00")))
}

// loader turns a Workspace into a state, and collects what is wrong with it.
type loader struct {
	ws       *state
	rd       *reader
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
		return named(names...)
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
	ws := &state{name: w.Name, slug: w.Slug, system: newActor("system", ""), now: now, o: o, lagging: map[*record]bool{}}
	if ws.name == "" {
		ws.name = "Sandbox"
	}
	if ws.slug == "" {
		ws.slug = "sandbox"
	}
	l := &loader{ws: ws, rd: &reader{ws: ws, o: o, trusted: true}}
	ws.id = l.id(w.ID, "workspace", ws.slug)
	l.loadMembers(w.Members)
	for _, spec := range w.Objects {
		l.loadObject(spec)
	}
	sort.Slice(ws.objects, func(i, j int) bool {
		return ws.objects[i].id.String() < ws.objects[j].id.String()
	})
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
		if m.AccessLevel == "" {
			m.AccessLevel = "member"
		}
		l.ws.members = append(l.ws.members, m)
	}
	l.member = newActor("workspace-member", l.ws.members[0].ID)
}

// commonAttributes are what every object has: one in front, two between Attio's own attributes and the custom ones.
func commonAttributes() (front, middle []Attribute) {
	return []Attribute{{Slug: "record_id", Title: "Record ID", Type: "text", System: true, ReadOnly: true, Unique: true}},
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
	list, middle := commonAttributes()
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

// knownTypes are the 17 that Attio's API can answer with.
var knownTypes = map[string]bool{"text": true, "number": true, "checkbox": true, "currency": true, "date": true,
	"timestamp": true, "rating": true, "status": true, "select": true, "record-reference": true, "actor-reference": true,
	"location": true, "domain": true, "email-address": true, "phone-number": true, "interaction": true,
	"personal-name": true}

// loadAttribute reads what an attribute says of itself; what it says of objects has to wait for those.
func (l *loader) loadAttribute(o *object, spec Attribute) {
	where := o.slug + "." + spec.Slug
	if !knownTypes[spec.Type] {
		l.problem("attribute %s: there is no type %q", where, spec.Type)
	}
	if o.attribute(spec.Slug) != nil || spec.Slug == "" {
		l.problem("attribute %s: its slug is taken or empty", where)
	}
	a := &attribute{object: o, slug: spec.Slug, title: spec.Title, typ: spec.Type, system: spec.System,
		writable: !spec.ReadOnly && spec.Type != "interaction", required: spec.Required, unique: spec.Unique,
		multi: spec.Multi, archived: spec.Archived, currency: spec.Currency, created: l.ws.now}
	a.common = spec.System && slices.Contains([]string{"record_id", "entry_id", "created_at", "created_by"}, spec.Slug)
	kind := "attribute"
	if o.parent != nil { // a list may have the slug of an object
		kind = "attribute of a list"
	}
	a.id = l.id(spec.ID, kind, l.ws.slug, o.slug, spec.Slug)
	if !spec.System || spec.Description != "" { // null on system attributes
		a.description = &spec.Description
	}
	if spec.System && spec.Slug == "created_at" {
		a.dynamic = "PT0S"
	} else if spec.System && spec.Slug == "created_by" {
		a.dynamic = "current-user"
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
		made := a.newOption(l.id(opt.ID, "option", l.ws.slug, o.slug, a.slug, opt.Title), opt.Title)
		made.archived, made.party = opt.Archived, opt.Celebration
		if opt.TargetTime != "" {
			made.target = &opt.TargetTime
		}
		made.changed()
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
		if s.Inverse == "" {
			continue
		}
		objectSlug, slug, _ := strings.Cut(s.Inverse, ".")
		if target := l.ws.object(objectSlug); target != nil {
			a.inverse = target.attribute(slug)
		}
		if a.inverse == nil {
			l.problem("attribute %s.%s: there is no %s to be its other side", spec.Slug, s.Slug, s.Inverse)
		}
	}
}

// makeRecords makes an object's records without values, so that references find their targets in any order.
func (l *loader) makeRecords(spec Object) {
	o := l.ws.object(spec.Slug)
	for i, r := range spec.Records {
		rec := &record{object: o, created: l.ws.now, by: l.member}
		rec.id = l.id(r.ID, "record", l.ws.slug, o.slug, fmt.Sprint(i))
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
		rec := o.records[l.id(r.ID, "record", l.ws.slug, o.slug, fmt.Sprint(i))]
		if rec == nil {
			continue
		}
		values := fields{}
		for _, slug := range sortedKeys(r.Values) {
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
		w := write{rd: l.rd, object: o, by: l.member, at: rec.created, replace: true}
		if scalars {
			w.create = true
		}
		if r := w.apply(rec, values); r != nil {
			l.problem("record %d of %s: %s %s", i+1, o.slug, r.Message, encode(r.Items))
		}
	}
}

// sortedKeys makes runs repeat, which maps do not.
func sortedKeys(m map[string]json.RawMessage) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
