package attiotest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// reader checks values as Attio does, type by type, by its own reading of Attio's pages on attribute types and of the
// input-value schema of its OpenAPI document.
type reader struct {
	ws *state
	o  *Options
	// trusted reads seeds and the edits of tests: attributes that the API will not write may be written.
	trusted bool
}

// parsed is what came of one attribute in a write.
type parsed struct {
	attr   *attribute
	bodies []body
	// ignored says that nothing is to be done: the write is taken, and has no effect.
	ignored bool
	// cleared says that the value itself asks for nothing to be there, whatever the call.
	cleared bool
}

// parseAll reads an attribute's values from the form that a request has.
func (a *attribute) parseAll(rd *reader, v any) (parsed, *refusal) {
	p := parsed{attr: a}
	list, isList := v.([]any)
	switch {
	case isList:
	case v == nil:
		return p, badValue(a.slug, wrongType(nil, a.expects(), "null"))
	case a.multi:
		return p, invalid("Multi-select attribute expects an array but received a single value")
	default:
		list = []any{v}
	}
	if !a.multi && len(list) > 1 {
		return p, badValue(a.slug, invalidItem(fmt.Sprintf("Expected a single value, received %d", len(list))))
	}
	dropped := 0
	for _, el := range list {
		if isList && a.dropsBareID(rd, el) {
			dropped++
			continue
		}
		if s, ok := el.(string); ok && s == "" && a.typ == "text" && rd.o.Readings.EmptyText == EmptyClears {
			p.cleared = true
			continue
		}
		b, r := a.parse(rd, el)
		if r != nil {
			return p, r
		}
		if !contains(p.bodies, b) {
			p.bodies = append(p.bodies, b)
		}
	}
	p.ignored = dropped > 0 && dropped == len(list)
	return p, nil
}

// contains tells whether a value is sent twice: Attio stores it once.
func contains(list []body, b body) bool {
	for _, other := range list {
		if same(other, b) {
			return true
		}
	}
	return false
}

// dropsBareID tells the quiet loss that users of select attributes report: the id of an option as a bare string inside
// an array is taken with a 200 and ignored. {"option":"<id>"} and titles work.
func (a *attribute) dropsBareID(rd *reader, el any) bool {
	s, ok := el.(string)
	if !ok || a.typ != "select" || rd.o.Readings.BareOptionID || rd.trusted {
		return false
	}
	_, isID := uuidOf(s)
	return isID && a.findOption(s, rd.o.Readings.FoldOptionTitles, false) == nil
}

// expects is the JSON type that Attio's validator asks for.
func (a *attribute) expects() string {
	switch {
	case a.multi:
		return "array"
	case a.typ == "number" || a.typ == "rating" || a.typ == "currency":
		return "number"
	case a.typ == "checkbox":
		return "boolean"
	case a.typ == "location" || a.typ == "personal-name" || a.typ == "interaction":
		return "object"
	}
	return "string"
}

// parse reads one value.
func (a *attribute) parse(rd *reader, v any) (body, *refusal) {
	switch a.typ {
	case "text":
		return parseScalar(a, rd, v, "value", func(v any) (body, *refusal) { return parseText(a, rd, v) })
	case "number":
		return parseScalar(a, rd, v, "value", func(v any) (body, *refusal) { return parseNumber(a, rd, v) })
	case "rating":
		return parseScalar(a, rd, v, "value", func(v any) (body, *refusal) { return parseRating(a, v) })
	case "currency":
		return parseScalar(a, rd, v, "currency_value", func(v any) (body, *refusal) { return parseMoney(a, rd, v) })
	case "checkbox":
		return parseScalar(a, rd, v, "value", func(v any) (body, *refusal) { return parseCheckbox(a, v) })
	case "date":
		return parseScalar(a, rd, v, "value", func(v any) (body, *refusal) { return parseDate(a, v) })
	case "timestamp":
		return parseScalar(a, rd, v, "value", func(v any) (body, *refusal) { return parseStamp(a, v) })
	case "select":
		return parseScalar(a, rd, v, "option", func(v any) (body, *refusal) { return parseOption(a, rd, v) })
	case "status":
		return parseScalar(a, rd, v, "status", func(v any) (body, *refusal) { return parseOption(a, rd, v) })
	case "domain":
		return parseScalar(a, rd, v, "domain", func(v any) (body, *refusal) { return parseDomain(a, rd, v) })
	case "email-address":
		return parseScalar(a, rd, v, "email_address", func(v any) (body, *refusal) { return parseEmail(a, v) })
	case "phone-number":
		return parsePhone(a, rd, v)
	case "personal-name":
		return parseName(a, rd, v)
	case "location":
		return parsePlace(a, rd, v)
	case "record-reference":
		return parseReference(a, rd, v)
	case "actor-reference":
		return parseActor(a, rd, v)
	default:
		return parseInteraction(a, v)
	}
}

// parseScalar takes both forms of a value with one key: the bare scalar, and the object with that key and no other.
func parseScalar(a *attribute, rd *reader, v any, key string, read func(any) (body, *refusal)) (body, *refusal) {
	obj, ok := v.(fields)
	if !ok {
		return read(v)
	}
	inner, ok := obj.get(key)
	if !ok {
		return nil, badValue(a.slug, wrongType([]any{key}, a.scalar(), "undefined"))
	}
	if r := onlyKeys(a, rd, obj, key); r != nil {
		return nil, r
	}
	return read(inner)
}

// scalar is the JSON type of a single value.
func (a *attribute) scalar() string {
	one := *a
	one.multi = false
	return one.expects()
}

// onlyKeys refuses what else stands in a value's object: the input alternatives of the OpenAPI document are closed,
// and an echo of the read shape is a mistake that should be seen.
func onlyKeys(a *attribute, rd *reader, obj fields, known ...string) *refusal {
	if rd.o.Readings.ExtraKeys && slices.Contains(openTypes, a.typ) {
		return nil
	}
	for _, f := range obj {
		if !slices.Contains(known, f.name) {
			return badValue(a.slug, unknownKey(f.name))
		}
	}
	return nil
}

// openTypes are those whose input alternatives the OpenAPI document does not close.
var openTypes = []string{"personal-name", "email-address", "domain", "phone-number"}

// text reads a string that may stand under a key.
func text(a *attribute, v any, path ...any) (string, *refusal) {
	s, ok := v.(string)
	if !ok {
		return "", badValue(a.slug, wrongType(path, "string", kindOf(v)))
	}
	return s, nil
}

const maxText = 10 << 20 // "Values are limited to 10MB" (OpenAPI, text value)

// parseText keeps a text as it is, blanks and line breaks included.
func parseText(a *attribute, rd *reader, v any) (body, *refusal) {
	s, r := text(a, v, "value")
	switch {
	case r != nil:
		return nil, r
	case s == "" && rd.o.Readings.EmptyText != EmptyStored:
		return nil, badValue(a.slug, invalidItem("String must contain at least 1 character(s)", "value"))
	case len(s) > maxText:
		return nil, badValue(a.slug, invalidItem("Value is too long", "value"))
	case strings.ContainsRune(s, 0):
		return nil, badValue(a.slug, invalidItem("Invalid string", "value"))
	}
	return textBody(s), nil
}

// parseCheckbox takes booleans and the two strings that the OpenAPI document names, no other spelling.
func parseCheckbox(a *attribute, v any) (body, *refusal) {
	switch v {
	case true, "true":
		return boolBody(true), nil
	case false, "false":
		return boolBody(false), nil
	}
	return nil, badValue(a.slug, wrongType([]any{"value"}, "boolean", kindOf(v)))
}

// parseOption finds an option or a status by title or id. None is ever made by a write.
func parseOption(a *attribute, rd *reader, v any) (body, *refusal) {
	key := map[string]string{"select": "option", "status": "status"}[a.typ]
	s, r := text(a, v, key)
	if r != nil {
		return nil, r
	}
	if s == "" {
		return nil, badValue(a.slug, invalidItem("String must contain at least 1 character(s)", key))
	}
	o := a.findOption(s, rd.o.Readings.FoldOptionTitles, true)
	if o == nil || o.archived && !rd.o.Readings.ArchivedOptions && !rd.trusted {
		return nil, a.noOption(s)
	}
	return optionBody{o}, nil
}

// noOption has two wordings, as reported; the OpenAPI document's example has a third.
func (a *attribute) noOption(title string) *refusal {
	if a.typ == "status" {
		return valueNotFound("Cannot find Status with title %q.", title)
	}
	return valueNotFound("Cannot find select option with title %q.", title)
}

// readOnly is the refusal of a write to what the API does not write. Attio's own words are not on record.
func readOnly(a *attribute) *refusal {
	return refuse(http.StatusBadRequest, "validation_type", "Attribute with slug %q is read-only and cannot be written.",
		a.slug)
}
