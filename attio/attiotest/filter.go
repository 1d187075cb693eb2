package attiotest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// node is a compiled part of a filter.
type node struct {
	match func(r *record, slots []slot) bool
	// pick finds, through an index, a superset of what matches; nil where only a scan can tell.
	pick func() []*record
}

// compiler turns a filter's tree into a node. Errors name the place in the filter by the keys and indexes that lead
// to it.
type compiler struct {
	object *object
	// now is the moment at which records that a path leads to are seen.
	now int64
}

// badFilter is the error of a filter: the path stands beside the message, not in validation_errors.
func badFilter(path []string, code, message string) *refusal {
	r := refuse(http.StatusBadRequest, code, "%s", message)
	r.Path = path
	return r
}

// fail is the error for all that has no code of its own.
func fail(path []string) *refusal { return badFilter(path, "filter_error", "Error in filter.") }

func unknownSlug(path []string, slug string) *refusal {
	return badFilter(path, "unknown_filter_attribute_slug", "Unknown attribute slug: "+slug+".")
}

// under extends a path without sharing its memory.
func under(path []string, more ...string) []string { return append(slices.Clone(path), more...) }

// filter compiles an object of conditions, all of which must hold.
func (f *compiler) filter(v any, path []string) node {
	obj, ok := v.(fields)
	if !ok {
		panic(fail(path))
	}
	if obj.typeAt("path") == "array" {
		return f.path(obj, path)
	}
	return allOf(mapped(obj, func(m field) node { return f.member(m, under(path, m.name)) }))
}

// member compiles one key of a filter's object: logic, or an attribute by slug or id.
func (f *compiler) member(m field, path []string) node {
	switch m.name {
	case "$and", "$or":
		list, ok := m.value.([]any)
		if !ok || len(list) == 0 {
			panic(fail(path))
		}
		var parts []node
		for i, el := range list {
			parts = append(parts, f.filter(el, under(path, strconv.Itoa(i))))
		}
		if m.name == "$and" {
			return allOf(parts)
		}
		return anyOf(parts)
	case "$not":
		return f.not(m.value, path)
	}
	a := f.object.live(m.name)
	if a == nil {
		panic(unknownSlug(path, m.name))
	}
	return f.condition(a, m.value, path)
}

// not takes a single condition; logic inside it is taken for the slug of an attribute.
func (f *compiler) not(v any, path []string) node {
	obj, ok := v.(fields)
	if !ok || len(obj) != 1 {
		panic(fail(path))
	}
	if name := obj[0].name; strings.HasPrefix(name, "$") {
		panic(unknownSlug(under(path, name), name))
	}
	inner := f.filter(v, path)
	return node{match: func(r *record, slots []slot) bool { return !inner.match(r, slots) }}
}

// allOf holds where all parts hold. One part that an index can find narrows the search for all.
func allOf(parts []node) node {
	if len(parts) == 1 {
		return parts[0]
	}
	n := node{match: func(r *record, slots []slot) bool {
		return !slices.ContainsFunc(parts, func(p node) bool { return !p.match(r, slots) })
	}}
	if i := slices.IndexFunc(parts, func(p node) bool { return p.pick != nil }); i >= 0 {
		n.pick = parts[i].pick
	}
	return n
}

// anyOf holds where one part holds. Only where an index finds every part does it find the whole.
func anyOf(parts []node) node {
	n := node{match: func(r *record, slots []slot) bool {
		return slices.ContainsFunc(parts, func(p node) bool { return p.match(r, slots) })
	}}
	if !slices.ContainsFunc(parts, func(p node) bool { return p.pick == nil }) {
		n.pick = func() (found []*record) {
			for _, p := range parts {
				found = append(found, p.pick()...)
			}
			return found
		}
	}
	return n
}

// path compiles {"path":[["people","company"],["companies","name"]],"constraints":{…}}: the references of the first
// attributes are followed, and the constraints hold of the last one.
func (f *compiler) path(obj fields, path []string) node {
	steps, _ := obj.get("path")
	constraints, there := obj.get("constraints")
	if !there || len(obj) != 2 {
		panic(fail(path))
	}
	attrs := f.steps(steps, under(path, "path"))
	last := attrs[len(attrs)-1]
	end := (&compiler{object: last.object, now: f.now}).condition(last, constraints, under(path, "constraints"))
	return node{match: func(rec *record, slots []slot) bool {
		found := false
		follow(rec, slots, attrs, f.now, func(r *record, s []slot) { found = found || end.match(r, s) })
		return found
	}}
}

// steps reads a path of one to five pairs of object and attribute.
func (f *compiler) steps(v any, path []string) []*attribute {
	list, _ := v.([]any)
	if len(list) < 1 || len(list) > 5 {
		panic(fail(path))
	}
	var attrs []*attribute
	for i, el := range list {
		at := under(path, strconv.Itoa(i))
		pair, _ := el.([]any)
		if len(pair) != 2 {
			panic(fail(at))
		}
		slug, _ := pair[0].(string)
		name, _ := pair[1].(string)
		from := f.object.ws.objects
		if i == 0 {
			from = []*object{f.object}
		}
		o := lookUp(from, slug)
		if o == nil || i > 0 && !attrs[i-1].allows(o) {
			panic(fail(at))
		}
		a := o.live(name)
		switch {
		case a == nil:
			panic(unknownSlug(at, name))
		case a == o.link && o.ws.o.Readings.NoParentPaths, i < len(list)-1 && a.typ != "record-reference":
			panic(fail(at))
		}
		attrs = append(attrs, a)
	}
	return attrs
}

// follow calls visit for every record that holds the last attribute of a path.
func follow(rec *record, slots []slot, attrs []*attribute, now int64, visit func(*record, []slot)) {
	if len(attrs) == 1 {
		visit(rec, slots)
		return
	}
	for _, v := range rec.view(slots, attrs[0]) {
		target := v.body.(*record)
		if s, there := target.seen(now); there && target.object == attrs[1].object {
			follow(target, s, attrs[1:], now, visit)
		}
	}
}

// fewValues refuses a filter that compares with more values than Attio takes.
func (s *Server) fewValues(filter any) {
	n, longest := filterValues(filter)
	if s.o.Readings.ValuesPerIn {
		n = longest
	}
	if s.o.FilterValues >= 0 && n > s.o.FilterValues {
		panic(badFilter(nil, "filter_error", "Error in filter: too many constraint values used."))
	}
}

// filterValues counts the values that a filter compares with: all of them, and those of the longest list. The steps
// of a path are names, not values.
func filterValues(v any) (all, longest int) {
	switch x := v.(type) {
	case fields:
		for _, m := range x {
			list, isList := m.value.([]any)
			if m.name == "path" && isList {
				continue
			}
			n, l := filterValues(m.value)
			if all, longest = all+n, max(longest, l); m.name == "$in" {
				longest = max(longest, len(list))
			}
		}
	case []any:
		for _, el := range x {
			n, l := filterValues(el)
			all, longest = all+n, max(longest, l)
		}
	default:
		all = 1
	}
	return all, longest
}
