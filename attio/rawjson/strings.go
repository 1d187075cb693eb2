package rawjson

import (
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
)

// Unquote is the text of a JSON string; false where raw is none.
func Unquote(raw json.RawMessage) (string, bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	inside := raw[1 : len(raw)-1]
	for _, b := range inside {
		if b < ' ' || b == '"' || b == '\\' || b > '~' {
			text, err := jsontext.AppendUnquote(nil, []byte(raw))
			return string(text), err == nil
		}
	}
	return string(inside), raw[len(raw)-1] == '"'
}

// AppendString appends s as a JSON string. Bytes that are not UTF-8 become U+FFFD: callers check their input before.
func AppendString(dst []byte, s string) []byte {
	dst, _ = jsontext.AppendQuote(dst, s)
	return dst
}
