package rawjson

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// Reader reads one document token by token. It is strict: duplicate keys and bytes that are not UTF-8 are errors. It is
// for one goroutine.
type Reader struct {
	buf bytes.Buffer
	dec jsontext.Decoder
	src []byte
}

// readers are kept, each a decoder with the buffer that it reads. A decoder over a *bytes.Buffer reads that buffer in
// place and never writes to it, so offsets are offsets into the caller's bytes.
var readers = sync.Pool{New: func() any { return new(Reader) }}

// NewReader returns a reader of src, which must not change while it is read. Close gives its memory back.
func NewReader(src []byte) *Reader {
	r := readers.Get().(*Reader)
	r.src = src
	r.buf = *bytes.NewBuffer(src)
	r.dec.Reset(&r.buf)
	return r
}

// Close ends the reading. The reader must not be used afterwards; what it returned may.
func (r *Reader) Close() {
	r.src, r.buf = nil, bytes.Buffer{}
	r.dec.Reset(&r.buf)
	readers.Put(r)
}

// Offset is how many bytes have been read.
func (r *Reader) Offset() int { return int(r.dec.InputOffset()) }

// Value returns the next value as a part of the source, without room to append into what follows.
func (r *Reader) Value() (json.RawMessage, error) {
	v, err := r.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	end := int(r.dec.InputOffset())
	return r.src[end-len(v) : end : end], nil
}

// open reads the token that opens an object or an array.
func (r *Reader) open(kind jsontext.Kind) error {
	t, err := r.dec.ReadToken()
	if err != nil {
		return noEOF(err)
	}
	if t.Kind() != kind {
		got := cmp.Or(kindNames[t.Kind()], t.Kind().String())
		return fmt.Errorf("want %s at offset %d, got %s", kindNames[kind], r.dec.InputOffset(), got)
	}
	return nil
}

// more reports whether the object or array that is open has another item, and reads its end where it has none. At a
// fault it reports true, and the next read tells the fault.
func (r *Reader) more() bool {
	switch r.dec.PeekKind() {
	case jsontext.KindEndObject, jsontext.KindEndArray:
		_, _ = r.dec.ReadToken()
		return false
	}
	return true
}

// End wants nothing but blanks behind the document.
func (r *Reader) End() error {
	if _, err := r.dec.ReadToken(); err == nil {
		return fmt.Errorf("more than one document: offset %d", r.dec.InputOffset())
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

var kindNames = map[jsontext.Kind]string{jsontext.KindBeginObject: "an object", jsontext.KindBeginArray: "an array",
	jsontext.KindString: "a string"}

// noEOF makes a document that ends too soon an io.ErrUnexpectedEOF, an empty one included.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Object walks the members of the object that comes next; each must consume one value.
func (r *Reader) Object(each func(name []byte) error) error {
	if err := r.open(jsontext.KindBeginObject); err != nil {
		return err
	}
	for r.more() {
		raw, err := r.Value()
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

// Array walks the elements of the array that comes next; each must consume one value.
func (r *Reader) Array(each func() error) error {
	if err := r.open(jsontext.KindBeginArray); err != nil {
		return err
	}
	for r.more() {
		if err := each(); err != nil {
			return noEOF(err)
		}
	}
	return nil
}

// Text reads a string; a null reads as "".
func (r *Reader) Text() (string, error) {
	raw, err := r.Value()
	if err != nil {
		return "", err
	}
	if raw[0] == 'n' {
		return "", nil
	}
	s, ok := Unquote(raw)
	if !ok {
		return "", fmt.Errorf("want a string at offset %d", int(r.dec.InputOffset())-len(raw))
	}
	return s, nil
}

// Skip passes over one value, which is checked even so.
func (r *Reader) Skip() error { return r.dec.SkipValue() }
