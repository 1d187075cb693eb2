package attio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Class says what a failed request means for the row that it carried.
type Class int

// The classes, from the harmless to the fatal.
const (
	// Refused: Attio looked at the request and said no (400 and the like); nothing was stored. The row's fate is known.
	Refused Class = iota
	// NotSent: no byte of the request can have been processed (dial, DNS, TLS, connection refused; Cloudflare's 521, 523,
	// 525 and 526, which say that it did not reach Attio).
	NotSent
	// NotProcessed: Attio says that it did not process the request (429, 409 concurrent_write_conflict,
	// merge_in_progress).
	NotProcessed
	// Unknown: the request, or an earlier attempt of it, may have been processed and may not (connection lost, timeout,
	// 5xx, an answer that cannot be read).
	Unknown
	// Fatal: no request of this kind can succeed (401, 403, 404 of the object, quota, a pause of more than a minute, a
	// redirect, a certificate that is not the server's).
	Fatal
	// Stopped: the context of the call, or WriteOptions.Stop, ended. Nothing that was sent can have changed anything.
	Stopped
)

// String is the class in a word or two: "refused", "not sent".
func (c Class) String() string {
	return [...]string{"refused", "not sent", "not processed", "outcome unknown", "fatal", "stopped"}[c]
}

// Error is an answer of the API that is not a success, or the lack of one.
type Error struct {
	Class      Class
	Method     string // POST
	Path       string // /v2/objects/users/records: never a query or a key
	Status     int    // HTTP status; 0 when there was no answer
	Type       string // invalid_request_error, auth_error, rate_limit_error
	Code       string // uniqueness_conflict, validation_type, …; "" when the body was not Attio's
	Message    string // Attio's own words, shortened to 500 bytes; they may quote a cell's value
	Validation []Validation
	FilterPath []string // where in the filter the fault is
	// Attribute is the slug or the id of the attribute that the message names; "" when it names none.
	Attribute string
	// ConflictingRecords are the record ids that a uniqueness_conflict names; nil in the variants that name none.
	ConflictingRecords []string
	ExecutionID        string        // x-attio-execution-id, for Attio's support
	RetryAfter         time.Duration // what a 429 asked for, by the server's own clock; a second where it did not say
	Err                error         // the cause below HTTP: a net error, a context's cause, why an answer cannot be read
}

// Validation is one item of a validation_type error. Path names the part of the value ("first_name"), without the
// attribute's slug and without the index among several values.
type Validation struct {
	Code     string `json:"code"`
	Path     []any  `json:"path"` // strings and float64s
	Message  string `json:"message"`
	Expected string `json:"expected"`
	Received string `json:"received"`
}

// Codes of Attio's errors that decide a class, or that callers ask for (docs.attio.com, the error tables of each
// endpoint; those that the documentation leaves out are from recorded answers).
const (
	CodeNotFound           = "not_found"
	CodeRateLimited        = "rate_limit_exceeded"
	CodeConcurrentWrite    = "concurrent_write_conflict"
	CodeMergeInProgress    = "merge_in_progress"
	CodeQuotaExceeded      = "quota_exceeded"
	CodeBilling            = "billing_error"
	CodeParticleGate       = "particle_gate_violation"
	CodeUnauthorized       = "unauthorized"
	CodeSlugConflict       = "slug_conflict"
	CodeUniquenessConflict = "uniqueness_conflict"
)

// What an *Error may be, for errors.Is. The class says what it means for the request.
var (
	ErrNotFound     = errors.New("not found")             // CodeNotFound: a record, an object, an endpoint
	ErrConflict     = errors.New("a value is taken")      // CodeUniquenessConflict, CodeSlugConflict
	ErrRateLimited  = errors.New("rate limited")          // 429
	ErrUnauthorized = errors.New("the key is refused")    // 401
	ErrForbidden    = errors.New("the key lacks a scope") // 403
	ErrQuota        = errors.New("the plan's limit")      // CodeQuotaExceeded, CodeBilling
)

// Is reports whether target is the sentinel that stands for e's status or code.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrNotFound:
		return e.Code == CodeNotFound
	case ErrConflict:
		return e.Code == CodeUniquenessConflict || e.Code == CodeSlugConflict
	case ErrRateLimited:
		return e.Status == http.StatusTooManyRequests
	case ErrUnauthorized:
		return e.Status == http.StatusUnauthorized
	case ErrForbidden:
		return e.Status == http.StatusForbidden
	case ErrQuota:
		return e.Code == CodeQuotaExceeded || e.Code == CodeBilling
	}
	return false
}

// Error is one line: what was asked, what came back, what the parts of the value lacked. It may quote a cell's value
// where Attio does; Brief never does.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Brief())
	if m := strings.TrimRight(e.Message, ". "); m != "" {
		b.WriteString(": " + m)
	}
	for i, v := range e.Validation {
		b.WriteString([]string{": ", "; "}[min(i, 1)])
		if p := v.where(); p != "" {
			b.WriteString(p + ": ")
		}
		b.WriteString(strings.TrimRight(v.Message, ". "))
		if v.Expected != "" && v.Received != "" {
			b.WriteString(" (want " + v.Expected + ", got " + v.Received + ")")
		}
	}
	if len(e.FilterPath) > 0 {
		b.WriteString(" (at " + strings.Join(e.FilterPath, ".") + " of the filter)")
	}
	if e.Class == Fatal && e.RetryAfter > maxPause {
		b.WriteString(": asked to wait " + e.RetryAfter.Round(time.Second).String())
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Brief is method, path, status and code: what a log may hold.
func (e *Error) Brief() string {
	s := e.Method + " " + e.Path + ": "
	if e.Method == "" { // it did not come to a request
		s = ""
	}
	switch {
	case e.Status == 0:
		return s + e.Class.String()
	case e.Code != "":
		return s + strconv.Itoa(e.Status) + " " + e.Code
	}
	return s + strings.TrimSpace(strconv.Itoa(e.Status)+" "+http.StatusText(e.Status))
}

// Unwrap is the cause below HTTP, nil where Attio's answer is all there is.
func (e *Error) Unwrap() error { return e.Err }

// where is the path of a validation item, dotted.
func (v Validation) where() string {
	parts := make([]string, len(v.Path))
	for i, p := range v.Path {
		switch p := p.(type) {
		case string:
			parts[i] = p
		case float64:
			parts[i] = strconv.FormatFloat(p, 'f', -1, 64)
		}
	}
	return strings.Join(parts, ".")
}

// ClassOf is the class of the *Error in err's chain. An error that has none in it counts as Stopped where it is a
// context's, and as Fatal else (a disk that is full, a fault of ours): going on would not be safe.
func ClassOf(err error) Class {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return Stopped
	}
	return Fatal
}

// notOfRecord fits the messages of a 404 that does not speak of the record: the object or the endpoint is not there
// (docs.attio.com, the error tables; recorded answers).
var notOfRecord = regexp.MustCompile(`^(Object with|The referenced object|Could not find endpoint)`)

// originNotReached are Cloudflare's own statuses for a request that it could not hand on to Attio: refused,
// unreachable, no TLS connection
// (developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors).
var originNotReached = []int{521, 523, 525, 526}

// classify tells the class of an answer that is not a success: by code before status, and by the request and Attio's
// words where the code is not enough (a record that is not there is one row's matter, an object that is not there is
// everybody's).
func classify(e *Error, r *request) Class {
	status := e.Status
	switch e.Code {
	case CodeRateLimited, CodeConcurrentWrite, CodeMergeInProgress:
		return NotProcessed
	case CodeQuotaExceeded, CodeBilling, CodeParticleGate:
		return Fatal
	}
	switch {
	case status == http.StatusTooManyRequests:
		return NotProcessed
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusProxyAuthRequired:
		return Fatal
	case status == http.StatusNotFound && e.Code == CodeNotFound && r.record && !notOfRecord.MatchString(e.Message):
		return Refused
	case status == http.StatusNotFound:
		return Fatal
	case e.Code == "" && slices.Contains(originNotReached, status):
		return NotSent
	case status == http.StatusRequestTimeout, status >= 500, status < 200:
		return Unknown
	case status >= 400:
		return Refused
	}
	return Fatal // a redirect, which we do not follow: nothing was done, and nothing will be
}

// Refusal is Attio's own reason, with the parts of the value that it names.
func (e *Error) Refusal() string {
	text := e.Message
	for _, v := range e.Validation {
		text += fmt.Sprintf("; %v: %s", v.Path, v.Message)
	}
	return text
}
