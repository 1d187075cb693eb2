package attiotest

import (
	"cmp"
	"fmt"
	"slices"
)

// kind is what Attio says of a type of attributes: the forms of its values, and what filters and sorts may name of
// them.
type kind struct {
	json  string   // the JSON type that Attio's validator asks for; "": string
	key   string   // the only key of a value; "" where it has parts
	parts []string // the parts of a value, by the names that filters have for them
	// labels are what stands before each part in an answer, tail what stands behind the last: in the order of real
	// traffic.
	labels []string
	tail   string
	sameBy int  // two values are the same where this part is, from 1 on; 0: all of them
	sent   int  // how many parts, from the first on, a write has; 1: the bare text
	empty  bool // an empty part is answered as null
	open   bool // its input alternatives are not closed by the OpenAPI document

	read func(a *attribute, v any, trusted bool) body

	main   string // what a filter without a name is about; "": it needs one
	sort   string // what a sort without a field is by; "" for types that have more than one and need it named
	fields map[string]filterField
}

// each gives the same kind and operators to several parts.
func each(operand operandKind, ops []string, names ...string) map[string]filterField {
	m := map[string]filterField{}
	for _, n := range names {
		m[n] = filterField{operand, ops}
	}
	return m
}

// labelled makes the labels of parts that stand side by side.
func labelled(names ...string) []string {
	var list []string
	for i, n := range names {
		if n = `"` + n + `":`; i > 0 {
			n = "," + n
		}
		list = append(list, n)
	}
	return list
}

// scalar is a type whose values have one key.
func scalar(json, key string, operand operandKind, ops []string, read func(*attribute, any, bool) body) *kind {
	return &kind{json: json, key: key, main: key, sort: key, read: read, fields: each(operand, ops, key)}
}

// choice is a select or a status.
func choice(key string) *kind {
	return &kind{key: key, main: key, sort: "title", read: readOption,
		fields: map[string]filterField{key: {anOption, eqOnly}, "active_from": {aMoment, rangeOps}}}
}

var (
	nameKeys  = []string{"first_name", "last_name", "full_name"}
	actorKeys = []string{"referenced_actor_type", "referenced_actor_id"}
	placeKeys = []string{"line_1", "line_2", "line_3", "line_4", "locality", "region", "postcode", "country_code",
		"latitude", "longitude"}
	mailKeys = []string{"original_email_address", "email_address", "email_domain", "email_root_domain",
		"email_local_specifier"}
	phoneKeys = []string{"original_phone_number", "country_code", "phone_number"}
)

// kinds are the 17 types that Attio's API knows. Filters by the parts of a location stand below.
var kinds = map[string]*kind{
	"text":      scalar("", "value", aString, textOps, readText),
	"number":    scalar("number", "value", aNumber, rangeOps, readNumber),
	"rating":    scalar("number", "value", aNumber, rangeOps, readNumber),
	"currency":  scalar("number", "currency_value", aNumber, rangeOps, readNumber),
	"date":      scalar("", "value", aDate, rangeOps, readMoment),
	"timestamp": scalar("", "value", aMoment, rangeOps, readMoment),
	"checkbox":  scalar("boolean", "value", aBool, eqOnly, readCheckbox),
	"select":    choice("option"),
	"status":    choice("status"),
	"domain": {key: "domain", parts: []string{"domain", "root_domain"}, labels: labelled("domain", "root_domain"),
		sent: 1, sameBy: 1, open: true, read: readDomain, main: "domain",
		fields: each(aString, namedOps, "domain", "root_domain")},
	"email-address": {key: "email_address", parts: mailKeys, labels: labelled(mailKeys...), sent: 1, sameBy: 2,
		open: true, read: readEmail, main: "email_address", fields: each(aString, stringOps, mailKeys[1:]...)},
	"phone-number": {parts: phoneKeys, labels: labelled(phoneKeys...), sent: 2, sameBy: 3, open: true, read: readPhone,
		main: "phone_number", fields: map[string]filterField{"phone_number": {aPhone, stringOps},
			"country_code": {aString, []string{"$eq", "$not_empty"}}}},
	"personal-name": {json: "object", parts: nameKeys, labels: labelled(nameKeys...), sent: 3, open: true,
		read: readName, main: "full_name", fields: each(aString, namedOps, nameKeys...)},
	"location": {json: "object", parts: placeKeys, labels: labelled(placeKeys...), sent: 10, read: readPlace,
		fields: each(aString, stringOps, placeKeys[:7]...)},
	"record-reference": {read: readReference, fields: map[string]filterField{"target_object": {anObject, eqOnly},
		"target_record_id": {anID, idOps}}},
	"actor-reference": {parts: actorKeys, labels: labelled(actorKeys...), sent: 2, empty: true, read: readActor,
		fields: map[string]filterField{actorKeys[0]: {aString, eqOnly}, actorKeys[1]: {anID, eqOnly}}},
	"interaction": {json: "object", parts: []string{"interaction_type", "interacted_at", "", "owner_member_id"},
		labels: []string{`"interaction_type":`, `,"interacted_at":`, `,"owner_actor":{"type":`, `,"id":`}, tail: "}",
		empty: true, read: readInteraction, main: "interaction_type",
		fields: map[string]filterField{"": {aString, []string{"$not_empty"}}, "owner_member_id": {anID, eqOnly},
			"interaction_type": {aString, eqOnly}, "interacted_at": {aMoment, rangeOps}}},
}

func init() {
	kinds["location"].fields["country_code"] = filterField{aString, eqOnly}
}

// creatable are the 15 types that an attribute can be made of, in the order of Attio's error.
var creatable = []string{"text", "number", "checkbox", "currency", "date", "timestamp", "rating", "status", "select",
	"record-reference", "actor-reference", "location", "domain", "email-address", "phone-number"}

// parsed is what came of one attribute in a write.
type parsed struct {
	attr    *attribute
	bodies  []body
	ignored bool // nothing is to be done: the write is taken, and has no effect
	cleared bool // the value itself asks for nothing to be there, whatever the call
}

// parseAll reads an attribute's values from the form that a request has. trusted are seeds and the edits of tests:
// they may write what the API will not.
func (a *attribute) parseAll(v any, trusted bool) parsed {
	p := parsed{attr: a}
	list, isList := v.([]any)
	switch {
	case isList:
	case v == nil && a.multi:
		panic(a.bad(wrongType("array", "null")))
	case v == nil:
		panic(a.bad(wrongType(a.jsonType(), "null")))
	case a.multi:
		panic(invalid("Multi-select attribute expects an array but received a single value"))
	default:
		list = []any{v}
	}
	if !a.multi && len(list) > 1 {
		panic(a.bad(invalidItem(fmt.Sprintf("Expected a single value, received %d", len(list)))))
	}
	dropped := 0
	for _, el := range list {
		if isList && !trusted && a.dropsBareID(el) {
			dropped++
			continue
		}
		if el == "" && a.typ == "text" && a.readings().EmptyText == EmptyClears {
			p.cleared = true
			continue
		}
		if b := a.parse(el, trusted); !slices.ContainsFunc(p.bodies, func(x body) bool { return a.same(x, b) }) {
			p.bodies = append(p.bodies, b) // what is sent twice is stored once
		}
	}
	p.ignored = dropped > 0 && dropped == len(list)
	return p
}

// parse reads one value. A type with one key takes both forms: the bare value, and an object with that key and no
// other.
func (a *attribute) parse(v any, trusted bool) body {
	if obj, ok := v.(fields); ok && a.kind.key != "" {
		if v, ok = obj.get(a.kind.key); !ok {
			panic(a.bad(wrongType(a.jsonType(), "undefined", a.kind.key)))
		}
		a.onlyKeys(obj, a.kind.key)
	}
	return a.kind.read(a, v, trusted)
}

// jsonType is the JSON type of a single value.
func (a *attribute) jsonType() string { return cmp.Or(a.kind.json, "string") }

// readings are the choices by which this attribute's values are read.
func (a *attribute) readings() *Readings { return &a.object.ws.o.Readings }

// dropsBareID reports the quiet loss that users of select attributes see: the id of an option as a bare string inside
// an array is taken with a 200 and ignored. {"option":"<id>"} and titles work.
func (a *attribute) dropsBareID(el any) bool {
	s, ok := el.(string)
	if !ok || a.typ != "select" || a.readings().BareOptionID {
		return false
	}
	_, isID := uuidOf(s)
	return isID && a.findOption(s, a.readings().FoldOptionTitles, false) == nil
}

// onlyKeys refuses what else stands in a value's object: the input alternatives of the OpenAPI document are closed,
// and an echo of the read shape is a mistake that should be seen.
func (a *attribute) onlyKeys(obj fields, known ...string) {
	if a.readings().ExtraKeys && a.kind.open {
		return
	}
	for _, f := range obj {
		if !slices.Contains(known, f.name) {
			panic(a.bad(unknownKey(f.name)))
		}
	}
}

// text reads a string that may stand under a key.
func (a *attribute) text(v any, path ...any) string {
	s, ok := v.(string)
	if !ok {
		panic(a.bad(wrongType("string", kindOf(v), path...)))
	}
	return s
}
