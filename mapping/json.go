package mapping

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// members walks the members of a JSON object, elements those of a JSON array, both without allocating. What they walk came through a JSON reader
// already; broken text ends the walk, and never panics.
type members struct{ rest []byte }

type elements struct{ rest []byte }

func membersOf(raw []byte) members { return members{inside(raw, '{')} }

func elementsOf(raw []byte) elements { return elements{inside(raw, '[')} }

func inside(raw []byte, open byte) []byte {
	raw = skipBlank(raw)
	if len(raw) == 0 || raw[0] != open {
		return nil
	}
	return raw[1:]
}

// next answers the next member: the key as it stands between its quotes, and the bytes of its value.
func (m *members) next() (key, value []byte, ok bool) {
	b := skipComma(m.rest)
	n := valueLen(b)
	if n < 2 || b[0] != '"' {
		return nil, nil, false
	}
	key, b = b[1:n-1], skipBlank(b[n:])
	if len(b) == 0 || b[0] != ':' {
		return nil, nil, false
	}
	b = skipBlank(b[1:])
	if n = valueLen(b); n == 0 {
		return nil, nil, false
	}
	m.rest = b[n:]
	return key, b[:n], true
}

// next answers the bytes of the next element.
func (e *elements) next() (value []byte, ok bool) {
	b := skipComma(e.rest)
	n := valueLen(b)
	if n == 0 {
		return nil, false
	}
	e.rest = b[n:]
	return b[:n], true
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
	i := 0
	for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' && b[i] != ':' && b[i] > ' ' {
		i++
	}
	return i
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

// textOf is the text of a JSON string; ok is false for null and everything else that is not a string.
func textOf(raw []byte) (string, bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	for _, c := range raw[1 : len(raw)-1] {
		if c == '\\' {
			out, err := jsontext.AppendUnquote(nil, raw)
			return string(out), err == nil
		}
	}
	return string(raw[1 : len(raw)-1]), true
}

// memberText is the text of one member of an object; "" where it is missing or null.
func memberText(raw []byte, name string) string {
	value, _ := member(raw, name)
	text, _ := textOf(value)
	return text
}

func member(raw []byte, name string) ([]byte, bool) {
	for m := membersOf(raw); ; {
		key, value, ok := m.next()
		if !ok {
			return nil, false
		}
		if string(key) == name {
			return value, true
		}
	}
}

// quote appends text as a JSON string. Bytes that are not UTF-8 were refused when the cell was read.
func quote(dst []byte, text string) []byte {
	dst, _ = jsontext.AppendQuote(dst, text)
	return dst
}

// quoteOrNull appends text as a JSON string, or null where it is empty.
func quoteOrNull(dst []byte, text string) []byte {
	if text == "" {
		return append(dst, "null"...)
	}
	return quote(dst, text)
}
