package attiotest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

// refusal is an answer that says no, in Attio's envelope: four keys, plus validation_errors where a value or the body
// is at fault, or path where a filter is.
//
// What handles a request or reads a value refuses by a panic with a refusal, wherever in a body it stands; attempt
// makes it a value again. Nothing is changed before everything has been checked, so nothing is left half done.
type refusal struct {
	Status  int      `json:"status_code"`
	Type    string   `json:"type"`
	Code    string   `json:"code"`
	Message string   `json:"message"`
	Items   []item   `json:"validation_errors,omitempty"`
	Path    []string `json:"path,omitempty"`
}

// item is one of the validation_errors. Path names the part of a value without the attribute's slug and without the
// index among several values, which is what makes Attio's errors hard to place.
type item struct {
	Code     string   `json:"code"`
	Path     []any    `json:"path"`
	Message  string   `json:"message"`
	Expected string   `json:"expected,omitempty"`
	Received string   `json:"received,omitempty"`
	Options  []string `json:"options,omitempty"`
}

// attempt returns the refusal that do ended with; nil where it came to its end.
func attempt(do func()) (r *refusal) {
	defer func() {
		if p := recover(); p != nil {
			var ok bool
			if r, ok = p.(*refusal); !ok {
				panic(p)
			}
		}
	}()
	do()
	return nil
}

const (
	invalidRequest = "invalid_request_error"
	authError      = "auth_error"
)

// refuse makes a refusal with a message in words of Attio's.
func refuse(status int, code, format string, args ...any) *refusal {
	return &refusal{Status: status, Type: invalidRequest, Code: code, Message: fmt.Sprintf(format, args...)}
}

// notFound is a 404 of something that the path names.
func notFound(format string, args ...any) *refusal {
	return refuse(http.StatusNotFound, "not_found", format, args...)
}

// valueNotFound is a 400 of something that the body names.
func valueNotFound(format string, args ...any) *refusal {
	return refuse(http.StatusBadRequest, "value_not_found", format, args...)
}

// invalid is the 400 that carries validation_errors.
func invalid(message string, items ...item) *refusal {
	r := refuse(http.StatusBadRequest, "validation_type", "%s", message)
	r.Items = items
	return r
}

// badBody refuses the body as such, before any value is looked at.
func badBody(items ...item) *refusal { return invalid("Body payload validation error.", items...) }

// badQuery refuses a query parameter by its name.
func badQuery(name string) *refusal {
	return invalid("Query params validation error.", invalidItem("Invalid input", name))
}

// bad is the refusal of a value: it names the attribute, never the value or its place among several.
func (a *attribute) bad(items ...item) *refusal {
	return invalid(fmt.Sprintf("An invalid value was passed to attribute with slug %q.", a.slug), items...)
}

// wrongType is the item for a JSON type that does not fit; a key that is not there has the type "undefined".
func wrongType(expected, received string, path ...any) item {
	msg := fmt.Sprintf("Expected %s, received %s", expected, received)
	if received == "undefined" {
		msg = "Required"
	}
	it := invalidItem(msg, path...)
	it.Code, it.Expected, it.Received = "invalid_type", expected, received
	return it
}

// invalidItem is the item for a value of the right type that is wrong all the same.
func invalidItem(message string, path ...any) item {
	return item{Code: "invalid", Path: append([]any{}, path...), Message: message} // an empty path is [], not null
}

// invalidOption is the item for a word that is none of those that are known.
func invalidOption(expected, received string, options []string, path ...any) item {
	it := invalidItem("Invalid enum value. Expected "+expected+", received '"+received+"'", path...)
	it.Code, it.Options = "invalid_option", options
	return it
}

// unknownKey is the item for a key that does not belong; Attio's words for it are not on record, these are its
// validator's.
func unknownKey(name string, path ...any) item {
	return invalidItem(fmt.Sprintf("Unrecognized key(s) in object: '%s'", name), path...)
}

// encode writes JSON as Attio does: no escapes for HTML, no trailing line end.
func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // only our own types come here
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
