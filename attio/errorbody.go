package attio

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
)

const (
	maxMessage = 500 // bytes kept of Attio's words
	maxName    = 200 // bytes kept of a code, a path's part, a slug
	maxItems   = 50  // validation items and record ids kept
)

// readError makes an *Error of an answer that is not a success, and classifies it. It makes something of any body: a
// proxy's HTML, half a document, fields of other types than Attio's.
func (c *Client) readError(r *request, rep reply) *Error {
	e := &Error{Method: r.method, Path: r.path, Status: rep.status,
		ExecutionID: c.clean(rep.header.Get("X-Attio-Execution-Id"), maxName)}
	c.readErrorBody(e, rep.body)
	if rep.status == http.StatusTooManyRequests && e.Code == "" {
		e.Code = CodeRateLimited
	}
	e.Class = classify(e, r)
	if e.limited() {
		e.RetryAfter = retryAfter(rep.header, c.clock.Now())
		if e.RetryAfter > maxPause {
			e.Class = Fatal
		}
	}
	if rep.status >= 300 && rep.status < 400 {
		e.Message = "redirects are not followed: the base URL is not the API's"
	}
	return e
}

// limited reports whether the answer is a refusal for the rate: the pacer's matter, and no attempt.
func (e *Error) limited() bool { return e.Status == http.StatusTooManyRequests }

// readErrorBody fills in what the body says. The shape is {"status_code","type","code","message"} with
// "validation_errors" and "path" where they apply (docs.attio.com, any endpoint's error responses). What is of another
// type than Attio's is left out: encoding/json goes on behind it.
func (c *Client) readErrorBody(e *Error, body []byte) {
	var b struct {
		Type, Code, Message string
		Path                []any
		Validation          []Validation `json:"validation_errors"`
	}
	var mismatch *json.UnmarshalTypeError
	if err := json.Unmarshal(body, &b); err != nil && !errors.As(err, &mismatch) {
		return
	}
	e.Type, e.Code, e.Message = c.clean(b.Type, maxName), c.clean(b.Code, maxName), c.clean(b.Message, maxMessage)
	e.Attribute, e.ConflictingRecords = namedIn(b.Message, e.Code)
	e.Attribute = c.clean(e.Attribute, maxName)
	for _, part := range c.path(b.Path) {
		e.FilterPath = append(e.FilterPath, Validation{Path: []any{part}}.where())
	}
	for _, v := range b.Validation[:min(len(b.Validation), maxItems)] {
		v.Code, v.Message, v.Path = c.clean(v.Code, maxName), c.clean(v.Message, maxMessage), c.path(v.Path)
		v.Expected, v.Received = c.clean(v.Expected, maxName), c.clean(v.Received, maxName)
		e.Validation = append(e.Validation, v)
	}
}

// path makes the strings and numbers of a path fit to show, and leaves out what is neither.
func (c *Client) path(parts []any) (kept []any) {
	for _, p := range parts[:min(len(parts), maxItems)] {
		switch p := p.(type) {
		case string:
			kept = append(kept, c.clean(p, maxName))
		case float64:
			kept = append(kept, p)
		}
	}
	return kept
}

// Attio names the attribute in the message alone, by slug or by id:
//
//	An invalid value was passed to attribute with slug "name".
//	Required value for attribute with ID "41252299-…" was not provided.
//	Cannot find attribute with slug/ID "x".
//	No attribute was found for matching_attribute slug/ID "x".
//	Unknown attribute slug: email.
//
// and in three variants of uniqueness_conflict (2025, September 2026, since):
//
//	The value "{\"domain\":\"x.com\"}" provided for attribute with ID "…" conflicts with one already in the system. …
//	A value provided for attribute with slug "domains" conflicts with one already in the system. …
//	A value provided for attribute with slug "domains" conflicts … Conflicting record IDs: 498f9009-…
var (
	namedAttribute   = regexp.MustCompile(`(?i)attribute (?:with )?(?:slug/ID|slug|ID) "([^"\\]+)"`)
	unknownAttribute = regexp.MustCompile(`^Unknown attribute slug: (\S+?)\.?$`)
	recordID         = regexp.MustCompile(`(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)
)

// namedIn finds the attribute and the conflicting records that a message names. The oldest variant quotes the value,
// which is a stranger's text and may imitate all of this; it stands before the attribute's name, so the last name
// counts, and ids only behind it.
func namedIn(message, code string) (attribute string, records []string) {
	if m := unknownAttribute.FindStringSubmatch(message); m != nil {
		return m[1], nil
	}
	found := namedAttribute.FindAllStringSubmatchIndex(message, -1)
	if len(found) == 0 {
		return "", nil
	}
	last := found[len(found)-1]
	attribute = message[last[2]:last[3]]
	if code != CodeUniquenessConflict {
		return attribute, nil
	}
	if _, ids, ok := strings.Cut(message[last[1]:], "Conflicting record IDs:"); ok {
		records = recordID.FindAllString(ids, maxItems)
	}
	return attribute, records
}
