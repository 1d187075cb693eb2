package attiotest

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// A request's body is read into a tree of its own: nil, bool, number, string, []any and fields. Unlike encoding/json it
// keeps the order of an object's keys (the first attribute that fails is the one that is reported), keeps numbers as
// they were written (so that decimals can be counted), and refuses what a kinder reader lets pass: a key that stands
// twice, bytes that are not UTF-8, anything behind the value.

// number is a JSON number as it was written.
type number string

// field is one key of a JSON object.
type field struct {
	name  string
	value any
}

// fields is a JSON object, in the order of the text.
type fields []field

// get finds a key's value.
func (f fields) get(name string) (any, bool) {
	for _, m := range f {
		if m.name == name {
			return m.value, true
		}
	}
	return nil, false
}

// MarshalJSON writes the keys in their order: answers are made of the same tree that requests are read into.
func (f fields) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, m := range f {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(appendString(b, m.name), ':'), encode(m.value)...)
	}
	return append(b, '}'), nil
}

// typeAt is the JSON type of a key's value in Attio's words, "undefined" for a key that is not there.
func (f fields) typeAt(name string) string {
	if v, there := f.get(name); there {
		return kindOf(v)
	}
	return "undefined"
}

// parseJSON reads exactly one JSON value.
func parseJSON(data []byte) (any, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data))
	v, err := readNode(dec)
	if err != nil {
		return nil, err
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("something follows the value at byte %d", dec.InputOffset())
	}
	return v, nil
}

// readNode reads one value at the decoder. Duplicate keys and bytes that are not UTF-8 are the decoder's own errors.
func readNode(dec *jsontext.Decoder) (any, error) {
	tok, err := dec.ReadToken()
	if err != nil {
		return nil, err
	}
	switch tok.Kind() {
	case 'n':
		return nil, nil
	case 't', 'f':
		return tok.Bool(), nil
	case '"':
		return tok.String(), nil
	case '0':
		return number(tok.String()), nil
	case '[':
		list := []any{}
		for dec.PeekKind() != ']' {
			v, err := readNode(dec)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := dec.ReadToken()
		return list, err
	default: // '{': the decoder itself refuses anything else here
		obj := fields{}
		for dec.PeekKind() != '}' {
			name, err := dec.ReadToken()
			if err != nil {
				return nil, err
			}
			key := name.String()
			v, err := readNode(dec)
			if err != nil {
				return nil, err
			}
			obj = append(obj, field{key, v})
		}
		_, err := dec.ReadToken()
		return obj, err
	}
}

// kindOf names a node's JSON type in the words of Attio's validator.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case number:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	default:
		return "object"
	}
}
