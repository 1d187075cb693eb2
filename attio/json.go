package attio

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// This file alone knows how JSON is read and written token by token. It uses jsontext because it is strict (duplicate
// keys and bytes that are not UTF-8 are errors, where encoding/json takes the last and a U+FFFD) and because record
// pages are what an export's time goes into: measured on pages of 500 records, it takes 3 to 4 times less CPU than
// encoding/json and some 15 % of its allocations (BenchmarkDecodePage, BenchmarkFlatten). Go 1.27 has the same code as encoding/json/jsontext.

// cursor is a decoder with the buffer it reads, kept for the next caller. A decoder over a *bytes.Buffer reads that
// buffer in place and never writes to it, so offsets are offsets into the caller's bytes.
type cursor struct {
	buf bytes.Buffer
	dec jsontext.Decoder
	src []byte
}

var cursors = sync.Pool{New: func() any { return new(cursor) }}

func newCursor(src []byte) *cursor {
	k := cursors.Get().(*cursor)
	k.src = src
	k.buf = *bytes.NewBuffer(src)
	k.dec.Reset(&k.buf)
	return k
}

func (k *cursor) free() {
	k.src, k.buf = nil, bytes.Buffer{}
	k.dec.Reset(&k.buf)
	cursors.Put(k)
}

// value returns the next value as a part of the source, without room to append into what follows.
func (k *cursor) value() (json.RawMessage, error) {
	v, err := k.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	end := int(k.dec.InputOffset())
	return k.src[end-len(v) : end : end], nil
}

// open reads the token that opens an object or an array.
func (k *cursor) open(kind jsontext.Kind) error {
	t, err := k.dec.ReadToken()
	if err != nil {
		return noEOF(err)
	}
	if t.Kind() != kind {
		return fmt.Errorf("want %s at offset %d, got %s", kindName(kind), k.dec.InputOffset(), kindName(t.Kind()))
	}
	return nil
}

// more reports whether the object or array that is open has another item, and reads its end where it has none. At a
// fault it reports true, and the next read tells the fault.
func (k *cursor) more() bool {
	switch k.dec.PeekKind() {
	case jsontext.KindEndObject, jsontext.KindEndArray:
		_, _ = k.dec.ReadToken()
		return false
	}
	return true
}

// end wants nothing but blanks behind the document.
func (k *cursor) end() error {
	if _, err := k.dec.ReadToken(); err == nil {
		return fmt.Errorf("more than one document: offset %d", k.dec.InputOffset())
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func kindName(k jsontext.Kind) string {
	switch k {
	case jsontext.KindBeginObject:
		return "an object"
	case jsontext.KindBeginArray:
		return "an array"
	case jsontext.KindString:
		return "a string"
	}
	return k.String()
}

// noEOF makes a document that ends too soon an io.ErrUnexpectedEOF, an empty one included.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// object walks the members of the object that comes next; each must consume one value.
func (k *cursor) object(each func(name []byte) error) error {
	if err := k.open(jsontext.KindBeginObject); err != nil {
		return err
	}
	for k.more() {
		raw, err := k.value()
		if err != nil {
			return noEOF(err)
		}
		name := raw[1 : len(raw)-1]
		if bytes.IndexByte(name, '\\') >= 0 {
			if name, err = jsontext.AppendUnquote(nil, []byte(raw)); err != nil {
				return err
			}
		}
		if err := each(name); err != nil {
			return noEOF(err)
		}
	}
	return nil
}

// array walks the elements of the array that comes next; each must consume one value.
func (k *cursor) array(each func() error) error {
	if err := k.open(jsontext.KindBeginArray); err != nil {
		return err
	}
	for k.more() {
		if err := each(); err != nil {
			return noEOF(err)
		}
	}
	return nil
}

// text reads a string; a null reads as "".
func (k *cursor) text() (string, error) {
	raw, err := k.value()
	if err != nil {
		return "", err
	}
	if raw[0] == 'n' {
		return "", nil
	}
	s, ok := Unquote(raw)
	if !ok {
		return "", fmt.Errorf("want a string at offset %d", int(k.dec.InputOffset())-len(raw))
	}
	return s, nil
}

// skip passes over one value, which is checked even so.
func (k *cursor) skip() error { return k.dec.SkipValue() }

// CheckJSON checks that raw is one JSON document without duplicate keys, all of it UTF-8. The error is a *SyntaxError.
func CheckJSON(raw []byte) error {
	k := newCursor(raw)
	defer k.free()
	_, err := k.dec.ReadValue()
	if err == nil {
		err = k.end()
	}
	if err == nil {
		return nil
	}
	e := &SyntaxError{Offset: k.dec.InputOffset(), Err: noEOF(err)}
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		e.Offset, e.Pointer, e.Err = syntactic.ByteOffset, string(syntactic.JSONPointer), syntactic.Err
		e.Duplicate = errors.Is(syntactic.Err, jsontext.ErrDuplicateName)
	}
	return e
}

// SyntaxError says where a document stops being strict JSON.
type SyntaxError struct {
	Offset    int64  // bytes before the fault
	Pointer   string // RFC 6901 pointer to the value at fault, "/address/city"; "" for the document itself
	Duplicate bool   // the fault is a key that stands twice in one object: the one that Pointer names
	Err       error
}

// Error names the fault, where it is and in which value. It quotes no value, but may quote a character of one.
func (e *SyntaxError) Error() string {
	s := strings.TrimPrefix(e.Err.Error(), "jsontext: ")
	if e.Duplicate {
		s = "the key stands twice"
	}
	if e.Pointer != "" {
		s = e.Pointer + ": " + s
	}
	return fmt.Sprintf("%s (byte %d)", s, e.Offset)
}

// Unwrap is the parser's own error.
func (e *SyntaxError) Unwrap() error { return e.Err }

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
