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

// refuse is the error of a filter: the path stands beside the message, not in validation_errors.
func (f *compiler) refuse(path []string, code, message string) *refusal {
	r := refuse(http.StatusBadRequest, code, "%s", message)
	r.Path = path
	return r
}

// fail is the error for all that has no code of its own.
func (f *compiler) fail(path []string) *refusal {
	return f.refuse(path, "filter_error", "Error in filter.")
}

func (f *compiler) unknown(path []string, slug string) *refusal {
	return f.refuse(path, "unknown_filter_attribute_slug", "Unknown attribute slug: "+slug+".")
}

// under extends a path without sharing its memory.
func under(path []string, more ...string) []string { return append(slices.Clone(path), more...) }

// filter compiles an object of conditions, all of which must hold.
func (f *compiler) filter(v any, path []string) (node, *refusal) {
	obj, ok := v.(fields)
	if !ok {
		return node{}, f.fail(path)
	}
	if steps, there := obj.get("path"); there {
		if _, isList := steps.([]any); isList {
			return f.path(obj, path)
		}
	}
	var parts []node
	for _, m := range obj {
		n, r := f.member(m, under(path, m.name))
		if r != nil {
			return node{}, r
		}
		parts = append(parts, n)
	}
	return allOf(parts), nil
}

// member compiles one key of a filter's object: logic, or an attribute by slug or id.
func (f *compiler) member(m field, path []string) (node, *refusal) {
	switch m.name {
	case "$and", "$or":
		list, ok := m.value.([]any)
		if !ok || len(list) == 0 {
			return node{}, f.fail(path)
		}
		var parts []node
		for i, el := range list {
			n, r := f.filter(el, under(path, strconv.Itoa(i)))
			if r != nil {
				return node{}, r
			}
			parts = append(parts, n)
		}
		if m.name == "$and" {
			return allOf(parts), nil
		}
		return anyOf(parts), nil
	case "$not":
		return f.not(m.value, path)
	}
	a := f.object.live(m.name)
	if a == nil {
		return node{}, f.unknown(path, m.name)
	}
	return f.condition(a, m.value, path)
}

// not takes a single condition; logic inside it is taken for the slug of an attribute.
func (f *compiler) not(v any, path []string) (node, *refusal) {
	obj, ok := v.(fields)
	if !ok || len(obj) != 1 {
		return node{}, f.fail(path)
	}
	if name := obj[0].name; strings.HasPrefix(name, "$") {
		return node{}, f.unknown(under(path, name), name)
	}
	inner, r := f.filter(v, path)
	if r != nil {
		return node{}, r
	}
	return node{match: func(r *record, slots []slot) bool { return !inner.match(r, slots) }}, nil
}

// allOf holds where all parts hold. One part that an index can find narrows the search for all.
func allOf(parts []node) node {
	if len(parts) == 1 {
		return parts[0]
	}
	n := node{match: func(r *record, slots []slot) bool {
		for _, p := range parts {
			if !p.match(r, slots) {
				return false
			}
		}
		return true
	}}
	for _, p := range parts {
		if p.pick != nil {
			n.pick = p.pick
			break
		}
	}
	return n
}

// anyOf holds where one part holds. Only where an index finds every part does it find the whole.
func anyOf(parts []node) node {
	n := node{match: func(r *record, slots []slot) bool {
		for _, p := range parts {
			if p.match(r, slots) {
				return true
			}
		}
		return false
	}}
	for _, p := range parts {
		if p.pick == nil {
			return n
		}
	}
	n.pick = func() []*record {
		var found []*record
		for _, p := range parts {
			found = append(found, p.pick()...)
		}
		return found
	}
	return n
}

// path compiles {"path":[["people","company"],["companies","name"]],"constraints":{…}}: the references of the first
// attributes are followed, and the constraints hold of the last one.
func (f *compiler) path(obj fields, path []string) (node, *refusal) {
	steps, _ := obj.get("path")
	constraints, there := obj.get("constraints")
	if !there || len(obj) != 2 {
		return node{}, f.fail(path)
	}
	attrs, r := f.steps(steps, under(path, "path"))
	if r != nil {
		return node{}, r
	}
	last := attrs[len(attrs)-1]
	end, r := (&compiler{object: last.object, now: f.now}).condition(last, constraints, under(path, "constraints"))
	if r != nil {
		return node{}, r
	}
	return node{match: func(rec *record, slots []slot) bool {
		found := false
		follow(rec, slots, attrs, f.now, func(r *record, s []slot) { found = found || end.match(r, s) })
		return found
	}}, nil
}

// steps reads a path of two to five pairs of object and attribute.
func (f *compiler) steps(v any, path []string) ([]*attribute, *refusal) {
	list, _ := v.([]any)
	if len(list) < 1 || len(list) > 5 {
		return nil, f.fail(path)
	}
	var attrs []*attribute
	for i, el := range list {
		at := under(path, strconv.Itoa(i))
		pair, _ := el.([]any)
		if len(pair) != 2 {
			return nil, f.fail(at)
		}
		slug, _ := pair[0].(string)
		name, _ := pair[1].(string)
		from := f.object.ws.objects
		if i == 0 {
			from = []*object{f.object}
		}
		o := lookUp(from, slug)
		if o == nil || i > 0 && !attrs[i-1].allows(o) {
			return nil, f.fail(at)
		}
		a := o.live(name)
		if a != nil && a == o.link && o.ws.o.Readings.NoParentPaths {
			return nil, f.fail(at)
		}
		if a == nil {
			return nil, f.unknown(at, name)
		}
		if i < len(list)-1 && a.typ != "record-reference" {
			return nil, f.fail(at)
		}
		attrs = append(attrs, a)
	}
	return attrs, nil
}

// follow calls visit for every record that holds the last attribute of a path.
func follow(rec *record, slots []slot, attrs []*attribute, now int64, visit func(*record, []slot)) {
	if len(attrs) == 1 {
		visit(rec, slots)
		return
	}
	for _, v := range rec.view(slots, attrs[0]) {
		target := v.body.(refBody).record
		if s, there := target.seen(now); there && target.object == attrs[1].object {
			follow(target, s, attrs[1:], now, visit)
		}
	}
}

// tooManyValues refuses a filter that compares with more values than Attio takes.
func (s *Server) tooManyValues(filter any) *refusal {
	all, longest := filterValues(filter)
	n := all
	if s.o.Readings.ValuesPerIn {
		n = longest
	}
	if s.o.FilterValues < 0 || n <= s.o.FilterValues {
		return nil
	}
	return refuse(400, "filter_error", "Error in filter: too many constraint values used.")
}

// filterValues counts the values that a filter compares with: all of them, and those of the longest list. The steps
// of a path are names, not values.
func filterValues(v any) (all, longest int) {
	switch x := v.(type) {
	case fields:
		for _, m := range x {
			if _, list := m.value.([]any); m.name == "path" && list {
				continue
			}
			n, l := filterValues(m.value)
			all, longest = all+n, max(longest, l)
			if list, ok := m.value.([]any); ok && m.name == "$in" {
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
