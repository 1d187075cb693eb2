package exporter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter/walk"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// SortKey is one criterion of the file's order.
type SortKey struct {
	Attribute string // slug; record_id, created_at and web_url are the record's own
	Field     string // the part of a value; "" for the type's plain value
	Desc      bool
}

// String is the key as ParseSort reads it.
func (k SortKey) String() string {
	s, d := k.Attribute, ":asc"
	if k.Field != "" {
		s += "." + k.Field
	}
	if k.Desc {
		d = ":desc"
	}
	return s + d
}

// ParseSort reads ATTR[.FIELD][:asc|desc],… as --sort takes it. "" is no key, which means the default order.
// The error is an *OptionError.
func ParseSort(text string) ([]SortKey, error) {
	var keys []SortKey
	for _, part := range strings.Split(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" && text == "" {
			return nil, nil
		}
		name, direction, _ := strings.Cut(part, ":")
		k := SortKey{Desc: direction == "desc"}
		k.Attribute, k.Field, _ = strings.Cut(name, ".")
		if k.Attribute == "" {
			return nil, &OptionError{Option: "Sort", Text: fmt.Sprintf("%q has a part without an attribute", text)}
		}
		if direction != "" && direction != "asc" && direction != "desc" {
			return nil, &OptionError{Option: "Sort", Text: fmt.Sprintf("%q is neither asc nor desc", direction)}
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// ordering are bound sort keys: they make of each record bytes that compare as the records are to stand. Values that
// are not set stand last in either direction; of several values the one that comes first in the direction counts;
// ties stand by ascending record_id.
type ordering []bound

type bound struct {
	desc   bool
	own    func(*attio.Record) string // of the record itself
	slug   string
	field  string // member of the value, "a:b" for two of them joined, "a.b" for one inside another
	number bool
}

// fields are what the values of a type are sorted by: the parts by their names in the flat form, "" for the plain
// value.
var fields = map[attio.Type]map[string]string{
	attio.TypeText: {"": "value"}, attio.TypeNumber: {"": "#value"}, attio.TypeCheckbox: {"": "value"},
	attio.TypeRating: {"": "#value"},
	attio.TypeDate:   {"": "value"}, attio.TypeTimestamp: {"": "@value"},
	attio.TypeCurrency: {"": "#currency_value", "currency_code": "currency_code"},
	attio.TypeStatus:   {"": "status.title"}, attio.TypeSelect: {"": "option.title"},
	attio.TypeRecordReference: {"": "target_object:target_record_id"},
	attio.TypeActorReference:  {"": "referenced_actor_type:referenced_actor_id"},
	attio.TypeDomain:          {"": "domain", "root_domain": "root_domain"},
	attio.TypeEmailAddress:    {"": "email_address", "email_domain": "email_domain"},
	attio.TypePhoneNumber:     {"": "phone_number", "country_code": "country_code"},
	attio.TypeInteraction: {"": "@interacted_at", "interacted_at": "@interacted_at",
		"interaction_type": "interaction_type"},
	attio.TypePersonalName: {"": "full_name", "full_name": "full_name", "first_name": "first_name",
		"last_name": "last_name"},
	attio.TypeLocation: {"line_1": "line_1", "line_2": "line_2", "line_3": "line_3", "line_4": "line_4",
		"locality": "locality", "region": "region",
		"postcode": "postcode", "country_code": "country_code", "latitude": "#latitude", "longitude": "#longitude"},
}

// bindSort checks the keys against the object. No keys mean created_at:asc. The error is problem.Problems, with the
// nearest names.
func bindSort(keys []SortKey, o *attio.Object) (ordering, error) {
	if len(keys) == 0 {
		keys = []SortKey{{Attribute: "created_at"}}
	}
	var bounds ordering
	var problems problem.Problems
	for _, k := range keys {
		b, text := bindKey(k, o)
		b.desc = k.Desc
		bounds = append(bounds, b)
		if text != "" {
			problems = append(problems, problem.Problem{Where: "Sort", Text: text})
		}
	}
	if problems != nil {
		return nil, problems
	}
	return bounds, nil
}

// bindKey returns what is wrong with a key, or "".
func bindKey(k SortKey, o *attio.Object) (bound, string) {
	own := map[string]func(*attio.Record) string{
		"record_id":  func(r *attio.Record) string { return r.ID },
		"created_at": func(r *attio.Record) string { return walk.Instant(r.CreatedAt) },
		"web_url":    func(r *attio.Record) string { return r.WebURL },
	}
	if f := own[k.Attribute]; f != nil && k.Field == "" {
		return bound{own: f}, ""
	}
	a := o.Attribute(k.Attribute)
	if a == nil {
		known := []string{"record_id", "created_at", "web_url"}
		for i := range o.Attributes {
			known = append(known, o.Attributes[i].Slug)
		}
		return bound{}, fmt.Sprintf("%s has no attribute %q%s", o.Slug, k.Attribute, nearestOf(k.Attribute, known))
	}
	by := fields[a.Type]
	if by == nil {
		by = map[string]string{"": "value"} // of a type that this version does not know
	}
	member, ok := by[k.Field]
	if !ok {
		var parts []string
		for part := range by {
			if part != "" {
				parts = append(parts, part)
			}
		}
		if k.Field == "" {
			return bound{}, fmt.Sprintf("%s has parts to sort by: %s", a.Slug, sortedList(a.Slug, parts))
		}
		if len(parts) == 0 {
			return bound{}, fmt.Sprintf("%s has no parts to sort by", a.Slug)
		}
		return bound{}, fmt.Sprintf("%s has no part %q; it has %s", a.Slug, k.Field, sortedList(a.Slug, parts))
	}
	return bound{slug: a.Slug, field: strings.TrimPrefix(member, "#"), number: member[0] == '#'}, ""
}

// append makes a record's key.
func (o ordering) append(dst []byte, r *attio.Record) []byte {
	for i := range o {
		b := &o[i]
		best, found := []byte(nil), false
		if b.own != nil {
			best, found = terminated(nil, b.own(r)), true
		} else {
			for _, raw := range elements(r.Values[b.slug]) {
				v, ok := b.value(raw)
				if ok && (!found || (bytes.Compare(v, best) < 0) != b.desc) {
					best, found = v, true
				}
			}
		}
		if !found {
			dst = append(dst, 1)
			continue
		}
		dst = append(dst, 0)
		for _, c := range best {
			if b.desc {
				c = ^c
			}
			dst = append(dst, c)
		}
	}
	return append(dst, r.ID...)
}

func elements(array json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(array, &list) != nil {
		return nil
	}
	return list
}

// value is the part of one value that counts, as bytes that compare like it; false where it is not set.
func (b *bound) value(raw json.RawMessage) ([]byte, bool) {
	field, isTime := strings.CutPrefix(b.field, "@")
	var text []string
	for _, path := range strings.Split(field, ":") {
		at := raw
		for _, name := range strings.Split(path, ".") {
			var members map[string]json.RawMessage
			if json.Unmarshal(at, &members) != nil {
				return nil, false
			}
			at = members[name]
		}
		if len(at) == 0 || string(at) == "null" {
			continue
		}
		s := string(at)
		if at[0] == '"' && json.Unmarshal(at, &s) != nil {
			return nil, false
		}
		text = append(text, s)
	}
	switch joined := strings.Join(text, ":"); {
	case len(text) == 0:
		return nil, false
	case b.number:
		if key := decimal(joined); key != nil {
			return key, true
		}
		return terminated([]byte{3}, joined), true // no number: behind them all
	case isTime:
		return terminated(nil, walk.Instant(joined)), true
	default:
		return terminated(nil, joined), true
	}
}

// terminated appends a text so that a shorter one stands before a longer one that begins with it, whatever follows.
func terminated(dst []byte, s string) []byte {
	for i := range len(s) {
		if dst = append(dst, s[i]); s[i] == 0 {
			dst = append(dst, 0xff)
		}
	}
	return append(dst, 0, 0)
}

// decimal is an exact decimal number as bytes that compare like it: sign, exponent, digits. nil for what is no number.
func decimal(s string) []byte {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && f == 0 || !strings.ContainsAny(s, "0123456789") || strings.ContainsAny(s, "xXnN_") {
		return nil
	}
	s, negative := strings.CutPrefix(strings.TrimPrefix(s, "+"), "-")
	mantissa, power, _ := strings.Cut(strings.ReplaceAll(s, "E", "e"), "e")
	exponent, _ := strconv.Atoi(power)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	exponent += len(whole)
	trimmed := strings.TrimLeft(digits, "0")
	exponent -= len(digits) - len(trimmed)
	trimmed = strings.TrimRight(trimmed, "0")
	if trimmed == "" {
		return []byte{1}
	}
	e := uint32(exponent + 1<<30)
	key := append([]byte{byte(e >> 24), byte(e >> 16), byte(e >> 8), byte(e)}, trimmed...)
	key = append(key, 0)
	if !negative {
		return append([]byte{2}, key...)
	}
	for i := range key {
		key[i] = ^key[i]
	}
	return append([]byte{0}, key...)
}
