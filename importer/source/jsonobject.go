package source

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/attio-bulk/attio-bulk/importer/source/charset"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// objectReader reads one JSON object at a time, strictly: no key twice, no invalid UTF-8, numbers as they are written.
// Nested objects are told by dotted paths; an empty one says nothing. jsontext is used because encoding/json lets
// repeated keys and bad bytes pass silently.
type objectReader struct {
	dec  jsontext.Decoder
	path []byte
}

// leaf is told of each value that is not an object: its path (valid during the call), its text, and its offset in the
// object's text.
type leaf func(path []byte, kind value.Kind, text string, offset int)

// read reads text, which is to be one object and nothing else. The error's Column counts bytes of text from 1, its Line
// is 0.
func (o *objectReader) read(text string, each leaf) *mapping.RowError {
	if !utf8.ValidString(text) {
		return &mapping.RowError{Code: "JSN014", Column: charset.ValidPrefix([]byte(text)) + 1, Message: "is not valid UTF-8"}
	}
	buf := bytes.NewBufferString(text)
	o.dec.Reset(buf)
	o.path = o.path[:0]
	if k := o.dec.PeekKind(); k != '{' && k != jsontext.KindInvalid {
		return &mapping.RowError{Code: "JSN013", Column: 1, Message: "is not a JSON object"}
	}
	err := o.object(text, each)
	if err == nil {
		if _, err = o.dec.ReadToken(); err == nil {
			return &mapping.RowError{Code: "JSN011", Column: int(o.dec.InputOffset()), Message: "has more than one JSON value"}
		}
		if o.dec.StackDepth() == 0 && err == io.EOF {
			return nil
		}
	}
	return syntaxError(err, len(text))
}

func (o *objectReader) object(text string, each leaf) error {
	if _, err := o.dec.ReadToken(); err != nil {
		return err
	}
	outer := len(o.path)
	for o.dec.PeekKind() != '}' {
		name, err := o.dec.ReadValue()
		if err != nil {
			return err
		}
		if outer > 0 {
			o.path = append(o.path, '.')
		}
		if bytes.IndexByte(name, '\\') < 0 {
			o.path = append(o.path, name[1:len(name)-1]...)
		} else if o.path, err = jsontext.AppendUnquote(o.path, name); err != nil {
			return err
		}
		if o.dec.PeekKind() == '{' {
			err = o.object(text, each)
		} else {
			err = o.value(text, each)
		}
		if err != nil {
			return err
		}
		o.path = o.path[:outer]
	}
	_, err := o.dec.ReadToken()
	return err
}

func (o *objectReader) value(text string, each leaf) error {
	raw, err := o.dec.ReadValue()
	if err != nil {
		return err
	}
	end := int(o.dec.InputOffset())
	start := end - len(raw)
	kind, s := value.JSONCell, text[start:end]
	switch raw.Kind() {
	case 'n':
		kind, s = value.NullCell, ""
	case 't', 'f':
		kind = value.BoolCell
	case '0':
		kind = value.NumberCell
	case '"':
		kind = value.TextCell
		if s = s[1 : len(s)-1]; strings.IndexByte(s, '\\') >= 0 {
			b, err := jsontext.AppendUnquote(nil, raw)
			if err != nil {
				return err
			}
			s = string(b)
		}
	}
	each(o.path, kind, s, start)
	return nil
}

func syntaxError(err error, size int) *mapping.RowError {
	e := &mapping.RowError{Code: "JSN011", Column: size + 1, Message: "is not well-formed JSON: it ends too early"}
	var se *jsontext.SyntacticError
	if errors.As(err, &se) {
		e.Column = min(int(se.ByteOffset), size) + 1
		e.Message = "is not well-formed JSON: " + reason(se)
	}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		e.Code, e.Message = "JSN012", "has the same key twice: "+string(se.JSONPointer)
	}
	return e
}

func reason(e *jsontext.SyntacticError) string {
	if errors.Is(e.Err, io.ErrUnexpectedEOF) {
		return "it ends too early"
	}
	return strings.TrimPrefix(e.Err.Error(), "jsontext: ")
}

// spansLines reports whether text begins with one JSON value over several lines: a document, not an object a line.
func spansLines(text []byte) bool {
	dec := jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	v, err := dec.ReadValue()
	if err != nil { // cut off by the end of the sample
		return errors.Is(err, io.ErrUnexpectedEOF) && bytes.IndexByte(text, '\n') >= 0
	}
	return bytes.IndexByte(v, '\n') >= 0
}

// annotate writes an object once more on one line, with members appended; members that it has under those names are
// left out. Where text is not an object, the result has the members alone.
func annotate(text string, names []string, values []jsontext.Value) []byte {
	out := []byte{'{'}
	member := func(name, value []byte) {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, name...), ':'), value...)
	}
	compact := jsontext.Value(text)
	if err := compact.Compact(); err == nil && compact.Kind() == '{' {
		dec := jsontext.NewDecoder(bytes.NewBuffer(compact))
		_, _ = dec.ReadToken() // all of it was read once already
		for dec.PeekKind() == '"' {
			v, _ := dec.ReadValue()
			name := bytes.Clone(v)
			value, _ := dec.ReadValue()
			if key, _ := jsontext.AppendUnquote(nil, name); !slices.Contains(rejectColumns, string(key)) {
				member(name, value)
			}
		}
	}
	for i, n := range names {
		member([]byte(`"`+n+`"`), values[i])
	}
	return append(out, '}', '\n')
}
