package rawjson

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Check checks that raw is one JSON document without duplicate keys, all of it UTF-8. The error is a *SyntaxError.
func Check(raw []byte) error {
	r := NewReader(raw)
	defer r.Close()
	_, err := r.dec.ReadValue()
	if err == nil {
		err = r.End()
	}
	if err == nil {
		return nil
	}
	e := &SyntaxError{Offset: r.dec.InputOffset(), Err: noEOF(err)}
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
