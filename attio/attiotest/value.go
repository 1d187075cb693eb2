package attiotest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// value is one value of one attribute of one record, as it is stored.
type value struct {
	from int64 // active_from
	by   *actor
	body body
}

// body is the part of a value that belongs to its type: a string (text, date 2023-01-02, timestamp
// 2023-01-02T15:04:05.000000000Z), a float64, a bool, an *option, the *record that a reference names, or parts.
type body any

// parts are a body of several texts; kind says which ones.
type parts []string

// null is a part that is null. No text can hold it: bodies are checked for UTF-8 when they are read.
const null = "\xff"

// actor is who wrote a value.
type actor struct {
	typ, id string // id is "" for the system
	encoded string
}

func newActor(typ, id string) *actor {
	a := &actor{typ: typ, id: id}
	a.encoded = string(encode(a.json()))
	return a
}

// json is created_by_actor; the id of the system is null.
func (a *actor) json() fields { return fields{{"type", a.typ}, {"id", orNull(a.id)}} }

func appendString(b []byte, s string) []byte {
	b, err := jsontext.AppendQuote(b, s)
	if err != nil {
		panic(err) // bodies are checked for UTF-8 when they are read
	}
	return b
}

// appendNumber writes a number as JavaScript does.
func appendNumber(b []byte, f float64) []byte {
	return append(b, jsontext.Float(f).String()...)
}

// appendBody writes a body's own keys as JSON members, in the order of real traffic.
func (a *attribute) appendBody(b []byte, v body) []byte {
	if v, ok := v.(parts); ok {
		for i, s := range v {
			b = append(b, a.kind.labels[i]...)
			if s == null || s == "" && a.kind.empty {
				b = append(b, "null"...)
			} else {
				b = appendString(b, s)
			}
		}
		return append(b, a.kind.tail...)
	}
	b = append(b, a.lead...)
	switch v := v.(type) {
	case string:
		b = appendString(b, v)
	case float64:
		b = appendNumber(b, v)
	case bool:
		b = strconv.AppendBool(b, v)
	case *option:
		b = append(b, v.encoded...)
	case *record:
		b = append(append(b, v.object.slug...), `","target_record_id":"`...)
		b = append(appendUUID(b, v.id), '"')
	}
	return b
}

// part is what filters and sorts name of a body: string, float64, bool, or nil for none.
func (a *attribute) part(v body, name string) any {
	switch v := v.(type) {
	case *option:
		switch name {
		case "title":
			return v.title
		case a.kind.key:
			return v.id.String()
		}
		return nil
	case *record:
		if name == "target_object" {
			return v.object.slug
		}
		return v.id.String()
	case parts:
		if i := slices.Index(a.kind.parts, name); i >= 0 && v[i] != null {
			return v[i]
		}
		return nil
	}
	return v
}

// sent is a body in the full form of a write, for dumps.
func (a *attribute) sent(v body) any {
	switch v := v.(type) {
	case *option:
		return v.title
	case *record:
		return map[string]any{"target_object": v.object.slug, "target_record_id": v.id}
	case parts:
		if a.kind.sent == 1 {
			return v[0]
		}
		m := map[string]any{}
		for i, s := range v[:a.kind.sent] {
			if m[a.kind.parts[i]] = s; s == null {
				m[a.kind.parts[i]] = nil
			}
		}
		if a.typ == "interaction" {
			return map[string]any{"interaction_type": v[0], "interacted_at": v[1],
				"owner_actor": map[string]any{"type": v[2], "id": v[3]}}
		}
		return m
	}
	return v
}

// keyOf is what an index files a body under: its normalised form.
func (a *attribute) keyOf(v body) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return string(appendNumber(nil, v))
	case *option:
		return v.id.String()
	case *record:
		return v.id.String()
	case parts:
		if a.kind.sameBy > 0 {
			return v[a.kind.sameBy-1]
		}
	}
	return string(a.appendBody(nil, v)) // of types that are never unique
}

// same reports whether Attio takes two values for one. For e-mail addresses and phone numbers only the normalised form
// counts; all others must be wholly equal.
func (a *attribute) same(x, y body) bool {
	if _, ok := x.(parts); ok {
		return a.keyOf(x) == a.keyOf(y)
	}
	return x == y
}

// identical is same, but the forms kept beside the normalised one must agree as well: only then does a value that is
// sent again leave the stored one as it is.
func identical(x, y body) bool {
	if p, ok := x.(parts); ok {
		q, ok := y.(parts)
		return ok && slices.Equal(p, q)
	}
	return x == y
}

// holds reports whether a value is among those stored.
func (a *attribute) holds(values []value, b body) bool {
	return slices.ContainsFunc(values, func(v value) bool { return a.same(v.body, b) })
}

func uuidOf(s string) (uuid.UUID, bool) {
	if len(s) != 36 { // uuid.Parse takes braces and URNs as well
		return uuid.UUID{}, false
	}
	id, err := uuid.Parse(s)
	return id, err == nil && id.String() == strings.ToLower(s)
}
