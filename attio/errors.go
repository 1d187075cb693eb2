package attio

import (
	"time"
)

// Class says what a failed request means for the row that it carried.
type Class int

// The classes, from the harmless to the fatal.
const (
	// Refused: Attio looked at the request and said no (400 and the like); nothing was stored. The row's fate is known.
	Refused Class = iota
	// NotSent: no byte of the request can have been processed (dial, DNS, TLS, connection refused).
	NotSent
	// NotProcessed: Attio says that it did not process the request (429, 409 concurrent_write_conflict, merge_in_progress).
	NotProcessed
	// Unknown: the request may have been processed and may not (connection lost, timeout, 5xx).
	Unknown
	// Fatal: no request of this kind can succeed (401, 403, 404 of the object, quota, a pause of more than a minute).
	Fatal
	// Stopped: the caller gave up waiting before anything was sent.
	Stopped
)

// Error is an answer of the API that is not a success, or the lack of one.
type Error struct {
	Class      Class
	Method     string // POST
	Path       string // /v2/objects/users/records: never a query or a key
	Status     int    // HTTP status; 0 when there was no answer
	Type       string // invalid_request_error, auth_error, rate_limit_error
	Code       string // uniqueness_conflict, validation_type, …; "" when the body was not Attio's
	Message    string // Attio's own words, shortened to 500 bytes
	Validation []Validation
	FilterPath []string // where in the filter the fault is
	// Attribute is the slug or the id of the attribute that the message names; "" when it names none.
	Attribute string
	// ConflictingRecords are the record ids that a uniqueness_conflict names; nil in the variants that name none.
	ConflictingRecords []string
	ExecutionID        string        // x-attio-execution-id, for Attio's support
	RetryAfter         time.Duration // what a 429 asked for, by the server's own clock
	Err                error         // the cause below HTTP: a net error, a context's cause
}

// Validation is one item of a validation_type error. Path names the part of the value ("first_name"), without the
// attribute's slug and without the index among several values.
type Validation struct {
	Code     string `json:"code"`
	Path     []any  `json:"path"` // strings and numbers
	Message  string `json:"message"`
	Expected string `json:"expected"`
	Received string `json:"received"`
}
