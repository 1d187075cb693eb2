package attiotest

import (
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

// body is the part of a value that belongs to its type.
type body interface {
	append(b []byte, a *attribute) []byte // the type's own keys as JSON members, in the order of real traffic
	// field is a part for filters and sorts: string, float64, bool or nil; false for no such part.
	field(name string) (any, bool)
	write() any // the full write form, for dumps
}

// actor is who wrote a value.
type actor struct {
	typ, id string // id is "" for the system
	encoded string
}

func newActor(typ, id string) *actor {
	a := &actor{typ: typ, id: id}
	a.encoded = string(appendNullable(append(appendString([]byte(`{"type":`), typ), `,"id":`...), id)) + "}"
	return a
}

type (
	textBody   string  // text, date (2023-01-02) and timestamp (2023-01-02T15:04:05.000000000Z)
	numberBody float64 // number and rating
	boolBody   bool
	moneyBody  float64
	optionBody struct{ *option }
	refBody    struct{ *record }
	actorBody  struct{ typ, id string }
	domainBody struct{ domain, root string }
	emailBody  struct{ original, address, domain, root, local string }
	phoneBody  struct{ original, country, e164 string }
	nameBody   struct{ first, last, full string }
	placeBody  [10]*string // in the order of placeKeys

	interactionBody struct{ typ, at, ownerType, ownerID string }
)

var placeKeys = [10]string{"line_1", "line_2", "line_3", "line_4", "locality", "region", "postcode", "country_code",
	"latitude", "longitude"}

func appendString(b []byte, s string) []byte {
	if plain(s) {
		return append(append(append(b, '"'), s...), '"')
	}
	b, err := jsontext.AppendQuote(b, s)
	if err != nil {
		panic(err) // bodies are checked for UTF-8 when they are read
	}
	return b
}

// plain tells a string that needs no escapes, as most are.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x80 {
			return false
		}
	}
	return true
}

func appendNullable(b []byte, s string) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return appendString(b, s)
}

// appendNumber writes a number as JavaScript does.
func appendNumber(b []byte, f float64) []byte {
	format := byte('f')
	if abs := max(f, -f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	b = strconv.AppendFloat(b, f, format, -1, 64)
	if n := len(b); format == 'e' && n >= 4 && b[n-4] == 'e' && b[n-3] == '-' && b[n-2] == '0' {
		b[n-2] = b[n-1] // e-09 is e-9
		b = b[:n-1]
	}
	return b
}

func appendMember(b []byte, name, s string) []byte {
	b = append(b, name...)
	return appendString(b, s)
}

func (v numberBody) append(b []byte, _ *attribute) []byte {
	return appendNumber(append(b, `"value":`...), float64(v))
}
func (v boolBody) append(b []byte, _ *attribute) []byte {
	return strconv.AppendBool(append(b, `"value":`...), bool(v))
}
func (v moneyBody) append(b []byte, a *attribute) []byte {
	b = appendNullable(append(b, `"currency_code":`...), a.currency)
	return appendNumber(append(b, `,"currency_value":`...), float64(v))
}
func (v textBody) append(b []byte, _ *attribute) []byte {
	return appendMember(b, `"value":`, string(v))
}
func (v optionBody) append(b []byte, a *attribute) []byte {
	if a.typ == "status" {
		return append(append(b, `"status":`...), v.encoded...)
	}
	return append(append(b, `"option":`...), v.encoded...)
}
func (v refBody) append(b []byte, _ *attribute) []byte {
	b = appendMember(b, `"target_object":`, v.object.slug)
	return appendMember(b, `,"target_record_id":`, v.id.String())
}
func (v actorBody) append(b []byte, _ *attribute) []byte {
	b = appendMember(b, `"referenced_actor_type":`, v.typ)
	return appendNullable(append(b, `,"referenced_actor_id":`...), v.id)
}
func (v domainBody) append(b []byte, _ *attribute) []byte {
	b = appendMember(b, `"domain":`, v.domain)
	return appendMember(b, `,"root_domain":`, v.root)
}
func (v emailBody) append(b []byte, _ *attribute) []byte {
	b = appendMember(b, `"original_email_address":`, v.original)
	b = appendMember(b, `,"email_address":`, v.address)
	b = appendMember(b, `,"email_domain":`, v.domain)
	b = appendMember(b, `,"email_root_domain":`, v.root)
	return appendMember(b, `,"email_local_specifier":`, v.local)
}
func (v phoneBody) append(b []byte, _ *attribute) []byte {
	b = appendMember(b, `"original_phone_number":`, v.original)
	b = appendMember(b, `,"country_code":`, v.country)
	return appendMember(b, `,"phone_number":`, v.e164)
}
func (v nameBody) append(b []byte, _ *attribute) []byte {
	b = appendMember(b, `"first_name":`, v.first)
	b = appendMember(b, `,"last_name":`, v.last)
	return appendMember(b, `,"full_name":`, v.full)
}
func (v *placeBody) append(b []byte, _ *attribute) []byte {
	for i, part := range v {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), placeKeys[i]...), `":`...)
		if part == nil {
			b = append(b, "null"...)
		} else {
			b = appendString(b, *part)
		}
	}
	return b
}
func (v interactionBody) append(b []byte, _ *attribute) []byte {
	b = appendMember(b, `"interaction_type":`, v.typ)
	b = appendMember(b, `,"interacted_at":`, v.at)
	b = appendMember(b, `,"owner_actor":{"type":`, v.ownerType)
	return append(appendNullable(append(b, `,"id":`...), v.ownerID), '}')
}

// keyOf is what an index files a value under: its normalised form.
func keyOf(b body) string {
	switch v := b.(type) {
	case textBody:
		return string(v)
	case numberBody:
		return string(appendNumber(nil, float64(v)))
	case optionBody:
		return v.id.String()
	case refBody:
		return v.id.String()
	case domainBody:
		return v.domain
	case emailBody:
		return v.address
	case phoneBody:
		return v.e164
	}
	return string(b.append(nil, &attribute{})) // of types that are never unique
}

// same reports whether Attio takes two values for one. For e-mail addresses and phone numbers only the normalised form
// counts; all others must be wholly equal.
func same(a, b body) bool {
	switch a.(type) {
	case emailBody, phoneBody, *placeBody:
		return keyOf(a) == keyOf(b)
	}
	return a == b
}

// identical is same, but the forms kept beside the normalised one must agree as well: only then does a value that is
// sent again leave the stored one as it is.
func identical(a, b body) bool {
	if p, ok := a.(*placeBody); ok {
		return same(p, b)
	}
	return a == b
}

func uuidOf(s string) (uuid.UUID, bool) {
	if len(s) != 36 { // uuid.Parse takes braces and URNs as well
		return uuid.UUID{}, false
	}
	id, err := uuid.Parse(s)
	return id, err == nil && id.String() == strings.ToLower(s)
}
