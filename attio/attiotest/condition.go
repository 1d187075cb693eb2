package attiotest

import (
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
	eqOnly    = []string{"$eq"}
)

// kinds of operands.
const (
	aString = iota
	aNumber
	aBool
	aDate
	aMoment
	anOption
	anID
	aPhone
)

// filterField is a part of a value that a filter may name.
type filterField struct {
	kind int
	ops  []string
}

// filterFields lists them by type; "" is the part that a condition without a name is about.
var filterFields = map[string]map[string]filterField{
	"text":      {"": {aString, textOps}, "value": {aString, textOps}},
	"number":    {"": {aNumber, rangeOps}, "value": {aNumber, rangeOps}},
	"rating":    {"": {aNumber, rangeOps}, "value": {aNumber, rangeOps}},
	"currency":  {"": {aNumber, rangeOps}, "currency_value": {aNumber, rangeOps}},
	"date":      {"": {aDate, rangeOps}, "value": {aDate, rangeOps}},
	"timestamp": {"": {aMoment, rangeOps}, "value": {aMoment, rangeOps}},
	"checkbox":  {"": {aBool, eqOnly}, "value": {aBool, eqOnly}},
	"select":    {"": {anOption, eqOnly}, "option": {anOption, eqOnly}, "active_from": {aMoment, rangeOps}},
	"status":    {"": {anOption, eqOnly}, "status": {anOption, eqOnly}, "active_from": {aMoment, rangeOps}},
	"domain":    {"": {aString, namedOps}, "domain": {aString, namedOps}, "root_domain": {aString, namedOps}},
	"email-address": {"": {aString, stringOps}, "email_address": {aString, stringOps}, "email_domain": {aString,
		stringOps},
		"email_root_domain": {aString, stringOps}, "email_local_specifier": {aString, stringOps}},
	"personal-name": {"": {aString, namedOps}, "full_name": {aString, namedOps}, "first_name": {aString, namedOps},
		"last_name": {aString, namedOps}},
	"phone-number": {"": {aPhone, stringOps}, "phone_number": {aPhone, stringOps}, "country_code": {aString,
		[]string{"$eq", "$not_empty"}}},
	"location": {"line_1": {aString, stringOps}, "line_2": {aString, stringOps}, "line_3": {aString, stringOps},
		"line_4": {aString, stringOps}, "locality": {aString, stringOps}, "region": {aString, stringOps},
		"postcode": {aString, stringOps}, "country_code": {aString, eqOnly}},
	"record-reference": {"target_object": {anObject, eqOnly}, "target_record_id": {anID, []string{"$eq", "$in"}}},
	"actor-reference":  {"referenced_actor_type": {aString, eqOnly}, "referenced_actor_id": {anID, eqOnly}},
	"interaction": {"": {aString, []string{"$not_empty"}}, "owner_member_id": {anID, eqOnly},
		"interaction_type": {aString, eqOnly},
		"interacted_at":    {aMoment, rangeOps}},
}

const anObject = 100 // a slug or id of an object

// defaultFields name the part that "" stands for.
var defaultFields = map[string]string{"currency": "currency_value", "select": "option", "status": "status",
	"domain":        "domain",
	"email-address": "email_address", "personal-name": "full_name", "phone-number": "phone_number",
	"interaction": "interaction_type"}

// test is one operator on one part of a value.
type test func(value) bool

// condition compiles what a filter says of one attribute. Of an attribute with several values, one of them has to meet
// all that is said.
func (f *compiler) condition(a *attribute, v any, path []string) (node, *refusal) {
	var tests []test
	var keys []string // what an index may look up; nil for nothing
	obj, isObject := v.(fields)
	if !isObject {
		obj = fields{{"$eq", v}}
	}
	if len(obj) == 0 {
		return node{}, f.fail(path)
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
			return node{}, f.refuse(at, "invalid_filter_operator", `Invalid operator "`+m.name+`"`)
		}
		spec, ok := f.fieldOf(a, name)
		if !ok && name == "" {
			return node{}, f.refuse(at, "missing_sort_field",
				"A field is required to filter by an attribute of type '"+a.typ+"'")
		}
		if !ok {
			return node{}, f.refuse(at, "invalid_filter_field", "Invalid field '"+name+"' for attribute of type '"+a.typ+"'")
		}
		if name == "" && defaultFields[a.typ] == "" {
			name = "value"
		} else if name == "" {
			name = defaultFields[a.typ]
		}
		for _, op := range ops {
			t, found, r := f.test(a, name, spec, op, at)
			if r != nil {
				return node{}, r
			}
			tests = append(tests, t)
			if found != nil && a.indexed(name) {
				keys = found
			}
		}
	}
	n := node{match: func(r *record, slots []slot) bool {
		for _, v := range r.view(slots, a) {
			if meets(v, tests) {
				return true
			}
		}
		return false
	}}
	if keys != nil {
		n.pick = func() []*record { return a.lookUp(keys) }
	}
	return n, nil
}

// meets tells whether one value passes all tests.
func meets(v value, tests []test) bool {
	for _, t := range tests {
		if !t(v) {
			return false
		}
	}
	return true
}

// fieldOf finds a part; a record's id is an id, though the attribute is a text.
func (f *compiler) fieldOf(a *attribute, name string) (filterField, bool) {
	if a.builtin() && a.typ == "text" && (name == "" || name == "value") {
		return filterField{anID, []string{"$eq", "$in"}}, true
	}
	spec, ok := filterFields[a.typ][name]
	return spec, ok
}

// indexed tells whether a look-up by this part needs no scan.
func (a *attribute) indexed(name string) bool {
	return a.unique && (name == "value" || name == defaultFields[a.typ])
}

// lookUp finds the records that may hold one of the keys: the index ignores case, so that the match decides.
func (a *attribute) lookUp(keys []string) []*record {
	var found []*record
	for _, k := range keys {
		if !a.builtin() {
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
func (f *compiler) test(a *attribute, name string, spec filterField, op field, path []string) (t test, keys []string,
	r *refusal) {
	if !slices.Contains(spec.ops, op.name) {
		return nil, nil, f.refuse(path, "invalid_filter_operator", "Invalid operator: "+op.name)
	}
	get := func(v value) any { x, _ := v.body.field(name); return x }
	if name == "active_from" {
		get = func(v value) any { return stamp(v.from) }
	}
	if op.name == "$not_empty" {
		if op.value != true {
			return nil, nil, f.fail(path)
		}
		return func(v value) bool { x := get(v); return x != nil && x != "" }, nil, nil
	}
	operands := []any{op.value}
	if op.name == "$in" {
		list, ok := op.value.([]any)
		if !ok {
			return nil, nil, f.fail(path)
		}
		operands = list
	}
	wanted := make([]any, len(operands))
	for i, o := range operands {
		if wanted[i], r = f.operand(a, spec, o, op.name, path); r != nil {
			return nil, nil, r
		}
	}
	if op.name == "$eq" || op.name == "$in" {
		keys = []string{}
		for _, x := range wanted {
			keys = append(keys, operandKey(x))
		}
		return equalTo(get, wanted), keys, nil
	}
	return compared(get, op.name, wanted[0]), nil, nil
}
