package attiotest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Operators by kind, after Attio's guide to filtering and what its users report. There is no $ne and no $nin.
var (
	textOps   = []string{"$eq", "$in", "$contains", "$starts_with", "$ends_with"}
	stringOps = []string{"$eq", "$contains", "$starts_with", "$ends_with"}
	namedOps  = []string{"$eq", "$contains", "$starts_with", "$ends_with", "$not_empty"}
	rangeOps  = []string{"$eq", "$lt", "$lte", "$gt", "$gte"}
	idOps     = []string{"$eq", "$in"}
	eqOnly    = []string{"$eq"}
)

// operandKind is what a filter may compare a part of a value with.
type operandKind int

const (
	aString operandKind = iota
	aNumber
	aBool
	aDate
	aMoment
	anOption
	anID
	aPhone
	anObject // a slug or id of an object
)

// filterField is a part of a value that a filter may name.
type filterField struct {
	operand operandKind
	ops     []string
}

// test is one operator on one part of a value.
type test func(value) bool

// condition compiles what a filter says of one attribute. Of an attribute with several values, one of them has to meet
// all that is said.
func (f *compiler) condition(a *attribute, v any, path []string) node {
	var tests []test
	var keys []string // what an index may look up; nil for nothing
	obj, isObject := v.(fields)
	if !isObject {
		obj = fields{{"$eq", v}}
	}
	if len(obj) == 0 {
		panic(fail(path))
	}
	for _, m := range obj {
		name, ops := m.name, fields{{"$eq", m.value}}
		at := path
		if isObject {
			at = under(path, m.name)
		}
		if strings.HasPrefix(name, "$") {
			name, ops = "", fields{m}
		} else if inner, ok := m.value.(fields); ok {
			ops = inner
		}
		if name == "" && a.typ == "record-reference" && isObject {
			panic(badFilter(at, "invalid_filter_operator", `Invalid operator "`+m.name+`"`))
		}
		spec, ok := a.filterField(name)
		if !ok && name == "" {
			panic(badFilter(at, "missing_sort_field", "A field is required to filter by an attribute of type '"+a.typ+"'"))
		} else if !ok {
			panic(badFilter(at, "invalid_filter_field", "Invalid field '"+name+"' for attribute of type '"+a.typ+"'"))
		}
		name = cmp.Or(name, a.kind.main)
		for _, op := range ops {
			t, found := f.test(a, name, spec, op, at)
			tests = append(tests, t)
			if found != nil && a.unique && name == a.kind.main {
				keys = found
			}
		}
	}
	meets := func(v value) bool { return !slices.ContainsFunc(tests, func(t test) bool { return !t(v) }) }
	n := node{match: func(r *record, slots []slot) bool { return slices.ContainsFunc(r.view(slots, a), meets) }}
	if keys != nil {
		n.pick = func() []*record { return a.lookUp(keys) }
	}
	return n
}

// filterField finds a part; "" is what a filter without a name is about. A record's id is an id, though the attribute
// is a text.
func (a *attribute) filterField(name string) (filterField, bool) {
	if a.common && a.typ == "text" && (name == "" || name == "value") {
		return filterField{anID, idOps}, true
	}
	spec, ok := a.kind.fields[name]
	if !ok && name == "" {
		spec, ok = a.kind.fields[a.kind.main]
	}
	return spec, ok
}

// lookUp finds the records that may hold one of the keys: the index ignores case, so that the match decides.
func (a *attribute) lookUp(keys []string) []*record {
	var found []*record
	for _, k := range keys {
		if !a.common {
			found = append(found, a.index.find(k)...)
		} else if id, err := uuid.Parse(k); err == nil {
			if rec := a.object.records[id]; rec != nil {
				found = append(found, rec)
			}
		}
	}
	return found
}

// test compiles one operator. keys are the values it asks to be equal to.
func (f *compiler) test(a *attribute, name string, spec filterField, op field, path []string) (t test, keys []string) {
	if !slices.Contains(spec.ops, op.name) {
		panic(badFilter(path, "invalid_filter_operator", "Invalid operator: "+op.name))
	}
	get := func(v value) any { return a.part(v.body, name) }
	if name == "active_from" {
		get = func(v value) any { return stamp(v.from) }
	}
	if op.name == "$not_empty" {
		if op.value != true {
			panic(fail(path))
		}
		return func(v value) bool { x := get(v); return x != nil && x != "" }, nil
	}
	operands := []any{op.value}
	if op.name == "$in" {
		list, ok := op.value.([]any)
		if !ok {
			panic(fail(path))
		}
		operands = list
	}
	wanted := make(map[any]bool, len(operands))
	var last any
	for _, o := range operands {
		last = f.operand(a, spec.operand, o, op.name, path)
		wanted[last], keys = true, append(keys, a.keyOf(last))
	}
	if op.name == "$eq" || op.name == "$in" {
		return func(v value) bool { return wanted[lowered(get(v))] }, keys
	}
	return compared(get, op.name, last), nil
}
