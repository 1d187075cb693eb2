package exporter

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
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
func ParseSort(text string) (keys []SortKey, err error) {
	if text == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		name, direction, _ := strings.Cut(strings.TrimSpace(part), ":")
		k := SortKey{Desc: direction == "desc"}
		k.Attribute, k.Field, _ = strings.Cut(name, ".")
		if k.Attribute == "" {
			return nil, bad("Sort", "%q has a part without an attribute", text)
		}
		if direction != "" && direction != "asc" && direction != "desc" {
			return nil, bad("Sort", "%q is neither asc nor desc", direction)
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
	member string // of the value, as in fields
}

// own are what a record has beside its attributes.
var own = map[string]func(*attio.Record) string{
	"record_id":  func(r *attio.Record) string { return r.ID },
	"created_at": func(r *attio.Record) string { return walk.Instant(r.CreatedAt) },
	"web_url":    func(r *attio.Record) string { return r.WebURL },
}

// plain are the fields of a type that is not in fields, be it one that this version does not know.
var plain = map[string]string{"": "value"}

// fields are what the values of a type are sorted by: the parts by their names in the flat form, "" for the plain
// value. Each is a member of the value, "a:b" for two of them joined, "a.b" for one inside another; # is before that
// of a number, @ before that of a time.
var fields = map[attio.Type]map[string]string{
	attio.TypeNumber: {"": "#value"}, attio.TypeRating: {"": "#value"}, attio.TypeTimestamp: {"": "@value"},
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

// bindSort checks the keys against the object. Problems come with the nearest names.
func bindSort(keys []SortKey, o *attio.Object) (bounds ordering, problems problem.Problems) {
	for _, k := range keys {
		b, text := bindKey(k, o)
		bounds = append(bounds, b)
		if text != "" {
			problems = append(problems, problem.Problem{Where: "Sort", Text: text})
		}
	}
	return bounds, problems
}

// bindKey returns what is wrong with a key, or "".
func bindKey(k SortKey, o *attio.Object) (bound, string) {
	if of := own[k.Attribute]; of != nil && k.Field == "" {
		return bound{desc: k.Desc, own: of}, ""
	}
	a := o.Attribute(k.Attribute)
	if a == nil {
		known := slices.Sorted(maps.Keys(own))
		for i := range o.Attributes {
			known = append(known, o.Attributes[i].Slug)
		}
		near, _ := problem.Meant(k.Attribute, known)
		return bound{}, fmt.Sprintf("%s has no attribute %q%s", o.Slug, k.Attribute, near)
	}
	by := fields[a.Type]
	if by == nil {
		by = plain
	}
	if member, ok := by[k.Field]; ok {
		return bound{desc: k.Desc, slug: a.Slug, member: member}, ""
	}
	var parts []string
	for _, part := range slices.Sorted(maps.Keys(by)) {
		if part != "" {
			parts = append(parts, a.Slug+"."+part)
		}
	}
	switch {
	case len(parts) == 0:
		return bound{}, fmt.Sprintf("%s has no parts to sort by", a.Slug)
	case k.Field == "":
		return bound{}, fmt.Sprintf("%s has parts to sort by: %s", a.Slug, strings.Join(parts, ", "))
	}
	return bound{}, fmt.Sprintf("%s has no part %q; it has %s", a.Slug, k.Field, strings.Join(parts, ", "))
}

// append makes a record's key.
func (o ordering) append(dst []byte, r *attio.Record) []byte {
	for i := range o {
		best := o[i].best(r)
		if best == nil {
			dst = append(dst, 1)
			continue
		}
		dst = append(dst, 0)
		for _, c := range best {
			if o[i].desc {
				c = ^c
			}
			dst = append(dst, c)
		}
	}
	return append(dst, r.ID...)
}

// best is the record's value that comes first in the direction; nil where none is set.
func (b *bound) best(r *attio.Record) (best []byte) {
	if b.own != nil {
		return terminated(nil, b.own(r))
	}
	for raw := range rawjson.Elements(r.Values[b.slug]) {
		v := b.value(raw)
		if v != nil && (best == nil || (bytes.Compare(v, best) < 0) != b.desc) {
			best = v
		}
	}
	return best
}

// value is the part of one value that counts, as bytes that compare like it; nil where it is not set.
func (b *bound) value(raw json.RawMessage) []byte {
	var texts []string
	for path := range strings.SplitSeq(strings.TrimLeft(b.member, "#@"), ":") {
		at := raw
		for name := range strings.SplitSeq(path, ".") {
			at = rawjson.Member(at, name)
		}
		if text, ok := rawjson.Unquote(at); ok {
			texts = append(texts, text)
		} else if len(at) > 0 && string(at) != "null" {
			texts = append(texts, string(at))
		}
	}
	switch text := strings.Join(texts, ":"); {
	case texts == nil:
		return nil
	case b.member[0] == '#':
		return number(text)
	case b.member[0] == '@':
		return terminated(nil, walk.Instant(text))
	default:
		return terminated(nil, text)
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

// number is a number, which Attio keeps as a 64-bit float, as bytes that compare like it; what is none stands behind
// them all.
func number(text string) []byte {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && f == 0 || strings.Trim(text, "+-.0123456789eE") != "" {
		return terminated([]byte{1}, text)
	}
	bits := math.Float64bits(f + 0) // of the two zeros one
	if f < 0 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	return binary.BigEndian.AppendUint64([]byte{0}, bits)
}
