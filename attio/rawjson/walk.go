package rawjson

import (
	"bytes"
	"encoding/json"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// Members walks the members of a JSON object in their order. raw must be valid JSON, such as a record's value or what
// Check passed: Members stops, without an error, at malformed JSON. What is not an object has no members.
func Members(raw json.RawMessage) iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		for b := inside(raw, '{'); ; {
			name, value, rest := nextMember(b)
			if value == nil || !yield(nameOf(name), value) {
				return
			}
			b = rest
		}
	}
}

// nextMember takes the first member off: its name as it stands between the quotes, and its value; nil where there is
// none.
func nextMember(b []byte) (name, value, rest []byte) {
	b = skipComma(b)
	n := valueLen(b)
	if n < 2 || b[0] != '"' {
		return nil, nil, nil
	}
	name = b[1 : n-1]
	if b = skipBlank(b[n:]); len(b) == 0 || b[0] != ':' {
		return nil, nil, nil
	}
	b = skipBlank(b[1:])
	if n = valueLen(b); n == 0 {
		return nil, nil, nil
	}
	return name, b[:n:n], b[n:]
}

// Elements walks the elements of a JSON array, as Members does an object's members.
func Elements(raw json.RawMessage) iter.Seq[json.RawMessage] {
	return func(yield func(json.RawMessage) bool) {
		for b := inside(raw, '['); ; {
			b = skipComma(b)
			n := valueLen(b)
			if n == 0 || !yield(json.RawMessage(b[:n:n])) {
				return
			}
			b = b[n:]
		}
	}
}

// Member returns the value of an object's member; nil where there is none. The name must be one without characters that
// JSON escapes.
func Member(raw json.RawMessage, name string) json.RawMessage {
	for b := inside(raw, '{'); ; {
		key, value, rest := nextMember(b)
		if value == nil || string(key) == name {
			return value
		}
		b = rest
	}
}

func inside(raw []byte, open byte) []byte {
	raw = skipBlank(raw)
	if len(raw) == 0 || raw[0] != open {
		return nil
	}
	return raw[1:]
}

func skipBlank(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\n' || b[0] == '\t' || b[0] == '\r') {
		b = b[1:]
	}
	return b
}

func skipComma(b []byte) []byte {
	b = skipBlank(b)
	if len(b) > 0 && b[0] == ',' {
		b = skipBlank(b[1:])
	}
	return b
}

// valueLen is the length of the JSON value that b begins with; 0 where there is none.
func valueLen(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	switch b[0] {
	case '"':
		return stringLen(b)
	case '{', '[':
		return nestLen(b)
	}
	i := 1
	for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' && b[i] > ' ' {
		i++
	}
	switch word := b[:i]; {
	case b[0] == '-', '0' <= b[0] && b[0] <= '9':
	case string(word) != "null" && string(word) != "true" && string(word) != "false":
		return 0
	}
	return i
}

// nestLen is the length of an object or array.
func nestLen(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			n := stringLen(b[i:])
			if n == 0 {
				return 0
			}
			i += n - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

func stringLen(b []byte) int {
	end := bytes.IndexByte(b[1:], '"') + 1
	if end > 0 && b[end-1] != '\\' {
		return end + 1
	}
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}

// names are the keys of Attio's values, so that walking a page makes no strings of them (attio-openapi, output-value).
var names = func(all ...string) map[string]string {
	m := make(map[string]string, len(all))
	for _, s := range all {
		m[s] = s
	}
	return m
}(
	"active_from", "active_until", "created_by_actor", "attribute_type", "type", "id", "value", "option", "status",
	"title", "is_archived", "workspace_id", "object_id", "attribute_id", "option_id", "status_id", "target_object",
	"target_record_id", "referenced_actor_type", "referenced_actor_id", "currency_value", "currency_code",
	"domain", "root_domain", "original_email_address", "email_address", "email_domain", "email_root_domain",
	"email_local_specifier", "original_phone_number", "country_code", "phone_number", "first_name", "last_name",
	"full_name", "line_1", "line_2", "line_3", "line_4", "locality", "region", "postcode", "latitude", "longitude",
	"interaction_type", "interacted_at", "owner_actor", "target_time_in_status", "celebration_enabled",
)

// nameOf is the text of a name that stands between its quotes.
func nameOf(b []byte) string {
	if s, ok := names[string(b)]; ok {
		return s
	}
	if bytes.IndexByte(b, '\\') < 0 {
		return string(b)
	}
	text, _ := jsontext.AppendUnquote(nil, append(append([]byte{'"'}, b...), '"'))
	return string(text)
}
