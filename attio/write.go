package attio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Write is one write request.
type Write struct {
	Object string          // slug or id
	Record string          // record id, for an update or a deletion
	Values json.RawMessage // the JSON object of values by slug: {"name":"…"}; the client wraps it as {"data":{"values":…}}
	Match  string          // the unique attribute of an Assert
	// Overwrite makes an Update replace several values (PUT) instead of adding to them (PATCH).
	Overwrite bool
	// Stop gives up waiting while no attempt may have been processed: class Stopped. Once one may have been, the write is
	// seen through. nil: only the call's own context, which also cancels a request in flight.
	Stop context.Context
	// Sending is called once, when the pacer has let the request go and before its first byte leaves, and not again when
	// the request is repeated; an error keeps it from leaving, and is returned as it is. nil for nothing.
	Sending func() error
}

// Written is the answer to a write.
type Written struct {
	Record   Record
	At       time.Time // the server's clock (Date) in the answer, second resolution; zero when there was none
	Attempts int       // requests that were sent for it, refused ones included
}

// Create sends POST /v2/objects/{object}/records. Failures that surely stored nothing are repeated here: a 429 until it
// passes (it costs no attempt), what could not be sent and what Attio says it did not process for up to two minutes in a
// row. An unknown outcome is never repeated: it is returned, class Unknown, and so is an answer of success that cannot be
// read. A request in flight when ctx ends is class Unknown too.
// Written.Attempts is set whether or not there is an error.
func (c *Client) Create(ctx context.Context, w Write) (Written, error) {
	if err := checkNames(w.Object); err != nil {
		return Written{}, err
	}
	return c.write(ctx, w, &request{method: http.MethodPost, path: recordsPath(w.Object), create: true})
}

// Update sends PATCH or, with Overwrite, PUT /v2/objects/{object}/records/{record_id}; unknown outcomes are repeated, five
// attempts in all. A 404 of the record is a Refused *Error with code not_found.
func (c *Client) Update(ctx context.Context, w Write) (Written, error) {
	if err := checkNames(w.Object, w.Record); err != nil {
		return Written{}, err
	}
	method := http.MethodPatch
	if w.Overwrite {
		method = http.MethodPut
	}
	return c.write(ctx, w, &request{method: method, path: recordPath(w.Object, w.Record), record: true})
}

// Assert sends PUT /v2/objects/{object}/records?matching_attribute=…; unknown outcomes are repeated, five attempts in all.
// Beware: every attribute of several values but the matching one becomes exactly what is sent
// (docs.attio.com/rest-api/endpoint-reference/records/assert-a-record).
func (c *Client) Assert(ctx context.Context, w Write) (Written, error) {
	if err := checkNames(w.Object, w.Match); err != nil {
		return Written{}, err
	}
	return c.write(ctx, w, &request{
		method: http.MethodPut, path: recordsPath(w.Object), query: url.Values{"matching_attribute": {w.Match}}.Encode(),
	})
}

// Delete removes a record for good. A 404 of the record is returned as a Refused *Error with code not_found, unless an
// earlier attempt of this call may have deleted it: then it is gone, as asked. Written.Record is empty.
func (c *Client) Delete(ctx context.Context, w Write) (Written, error) {
	if err := checkNames(w.Object, w.Record); err != nil {
		return Written{}, err
	}
	res, err := c.do(ctx, &request{
		method: http.MethodDelete, path: recordPath(w.Object, w.Record), write: true, record: true,
		stop: w.Stop, sending: w.Sending,
		read: func(rep reply) error {
			var object map[string]json.RawMessage // Attio's answer is {}; a captive portal's is not JSON
			if err := json.Unmarshal(rep.body, &object); err != nil || object == nil {
				return errors.Join(errors.New("not an object"), err)
			}
			return nil
		},
	})
	var e *Error
	if res.doubt && errors.As(err, &e) && e.Code == codeNotFound {
		err = nil
	}
	return Written{At: res.date, Attempts: res.attempts}, err
}

// write sends a write that answers with the record.
func (c *Client) write(ctx context.Context, w Write, r *request) (Written, error) {
	r.write, r.stop, r.sending = true, w.Stop, w.Sending
	values := w.Values
	if values == nil {
		values = json.RawMessage("{}")
	}
	r.body = make([]byte, 0, len(values)+32)
	r.body = append(append(append(r.body, `{"data":{"values":`...), values...), "}}"...)
	var written Written
	r.read = func(rep reply) (err error) {
		written.Record, err = decodeRecord(rep.body)
		return err
	}
	res, err := c.do(ctx, r)
	if err != nil {
		return Written{Attempts: res.attempts}, err
	}
	written.At, written.Attempts = res.date, res.attempts
	return written, nil
}

// Get reads one record. One that was merged away or deleted is a Refused *Error with code not_found.
func (c *Client) Get(ctx context.Context, object, id string) (Record, error) {
	if err := checkNames(object, id); err != nil {
		return Record{}, err
	}
	var record Record
	_, err := c.do(ctx, &request{
		method: http.MethodGet, path: recordPath(object, id), record: true,
		read: func(rep reply) (err error) {
			record, err = decodeRecord(rep.body)
			return err
		},
	})
	return record, err
}

func recordsPath(object string) string { return "/v2/objects/" + url.PathEscape(object) + "/records" }

func recordPath(object, id string) string { return recordsPath(object) + "/" + url.PathEscape(id) }

// checkNames refuses a part of a path that would lead to another route: without a record id an update would be an
// assert of anything, and a dot is a step up.
func checkNames(parts ...string) error {
	for _, p := range parts {
		if p == "" || p == "." || p == ".." {
			return &Error{Class: Refused, Err: fmt.Errorf("%q names no object, record or attribute", p)}
		}
	}
	return nil
}
