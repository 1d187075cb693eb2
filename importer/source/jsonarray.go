package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// array reads the elements of one JSON array as a stream. A fault in its syntax ends it, since nobody can tell where
// the next element begins; what is wrong within one well-formed element (a key twice, bad UTF-8) is found later and
// costs one row.
type array struct {
	in   *File
	win  *window
	dec  *jsontext.Decoder
	line int  // of the text at keep
	col  int  // bytes of that line before keep
	n    int  // elements read
	open bool // the [ was read
}

func newArray(in *File, p *pass) func() (element, error) {
	win := &window{r: in.enc.Unchecked(p), limit: maxRow}
	dec := jsontext.NewDecoder(win, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	a := &array{in: in, win: win, line: 1, dec: dec}
	return a.next
}

func (a *array) next() (element, error) {
	e, err := a.read()
	return e, a.fault(err)
}

func (a *array) read() (e element, err error) {
	if !a.open {
		if k := a.dec.PeekKind(); k != '[' && k != jsontext.KindInvalid {
			return e, a.in.fault("JSN002", "the JSON is not an array of objects").set(Format, "jsonl")
		}
		if err := a.bracket(); err != nil {
			return e, err
		}
		a.open = true
	}
	if a.dec.PeekKind() == ']' {
		if err := a.bracket(); err != nil {
			return e, err
		}
		if _, err = a.dec.ReadToken(); err == nil {
			err = a.in.fault("JSN001", "there is more text after the array").at(a.line, a.col+1)
		}
		return e, err
	}
	v, err := a.dec.ReadValue()
	if err != nil {
		return e, err
	}
	end := a.dec.InputOffset()
	a.advance(end - int64(len(v)))
	e = element{text: string(v), line: a.line, column: a.col + 1}
	a.advance(end)
	a.n++
	return e, nil
}

func (a *array) bracket() error {
	_, err := a.dec.ReadToken()
	if err == nil {
		a.advance(a.dec.InputOffset())
	}
	return err
}

// advance counts lines up to an offset, and lets the window forget what is before it.
func (a *array) advance(to int64) {
	text := a.win.text(a.win.keep, to)
	if i := bytes.LastIndexByte(text, '\n'); i >= 0 {
		a.line += bytes.Count(text, []byte{'\n'})
		a.col = len(text) - i - 1
	} else {
		a.col += len(text)
	}
	a.win.keep = to
}

func (a *array) fault(err error) error {
	var ie *Error
	var se *jsontext.SyntacticError
	var long errRowTooLong
	switch {
	case err == nil || err == io.EOF || errors.As(err, &ie):
		return err
	case errors.As(err, &long):
		rest := a.win.rest(a.win.keep)
		a.advance(a.win.keep + int64(len(rest)-len(bytes.TrimLeft(rest, ", \t\r\n"))))
		return a.in.fault("JSN003", fmt.Sprintf("an element is longer than %d MiB", long.limit>>20)).at(a.line, a.col+1)
	case a.win.err != nil && a.win.err != io.EOF:
		return a.win.err // of the compression or the encoding
	}
	text := "it ends too early"
	if errors.As(err, &se) {
		a.advance(max(a.win.keep, se.ByteOffset))
		text = reason(se)
	} else {
		a.advance(a.win.base + int64(len(a.win.buf)))
	}
	text = fmt.Sprintf("the JSON array is not well formed: %s; elements read until here: %d", text, a.n)
	return a.in.fault("JSN001", text).at(a.line, a.col+1).by(err)
}
