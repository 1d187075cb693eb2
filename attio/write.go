package attio

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// WriteOptions say how a write waits and who is told before it leaves. nil stands for the zero value.
type WriteOptions struct {
	// Stop gives up waiting while no attempt may have been processed: class Stopped. Once one may have been, the write is
	// seen through. nil: only the call's own context, which also cancels a request in flight.
	Stop context.Context
	// Sending is called once, when the pacer has let the request go and before its first byte leaves. It is not called
	// again when the request is repeated. An error keeps the request from leaving, and is returned as it is. nil for
	// nothing.
	Sending func() error
}

// Written is the answer to a write.
type Written struct {
	Record   Record    // as it is after the write; empty after a deletion
	At       time.Time // the server's clock (Date) in the answer, second resolution; zero when there was none
	Attempts int       // requests that were sent for it, refused ones included; set after an error too
}

// CreateRecord sends POST /v2/objects/{object}/records. values is the JSON object of values by slug: {"name":"…"}.
//
// Failures that surely stored nothing are repeated here: a 429 until it passes (it costs no attempt), what could not
// be sent and what Attio says it did not process for up to two minutes in a row. An unknown outcome is never
// repeated: it is returned, class Unknown, and so is an answer of success that cannot be read. A request in flight
// when ctx ends is class Unknown too.
func (c *Client) CreateRecord(ctx context.Context, object string, values json.RawMessage,
	o *WriteOptions) (Written, error) {
	return c.write(ctx, values, o,
		&request{method: http.MethodPost, path: route("objects", object, "records"), create: true})
}

// UpdateRecord sends PATCH /v2/objects/{object}/records/{record_id}: several values are added to those that the record
// has. Unknown outcomes are repeated, five attempts in all. A 404 of the record is a Refused *Error with CodeNotFound.
func (c *Client) UpdateRecord(ctx context.Context, object, id string, values json.RawMessage,
	o *WriteOptions) (Written, error) {
	return c.write(ctx, values, o,
		&request{method: http.MethodPatch, path: route("objects", object, "records", id), record: true})
}

// ReplaceRecord sends PUT /v2/objects/{object}/records/{record_id}: what is sent takes the place of all values of its
// attribute; other attributes stay as they are. It fails as UpdateRecord does.
func (c *Client) ReplaceRecord(ctx context.Context, object, id string, values json.RawMessage,
	o *WriteOptions) (Written, error) {
	return c.write(ctx, values, o,
		&request{method: http.MethodPut, path: route("objects", object, "records", id), record: true})
}

// AssertRecord sends PUT /v2/objects/{object}/records?matching_attribute=…: it creates the record, or updates the one
// that holds the value of the unique attribute match. Unknown outcomes are repeated, five attempts in all.
// Beware: every attribute of several values but the matching one becomes exactly what is sent
// (docs.attio.com/rest-api/endpoint-reference/records/assert-a-record).
func (c *Client) AssertRecord(ctx context.Context, object, match string, values json.RawMessage,
	o *WriteOptions) (Written, error) {
	query := url.Values{"matching_attribute": {match}}
	if err := checkQuery(query); err != nil {
		return Written{}, err
	}
	return c.write(ctx, values, o,
		&request{method: http.MethodPut, path: route("objects", object, "records"), query: query.Encode()})
}

// DeleteRecord removes a record for good. A 404 of the record is returned as a Refused *Error with CodeNotFound, unless
// an earlier attempt of this call may have deleted it: then it is gone, as asked.
func (c *Client) DeleteRecord(ctx context.Context, object, id string, o *WriteOptions) (Written, error) {
	r := &request{method: http.MethodDelete, path: route("objects", object, "records", id), write: true, record: true,
		read: readObject}
	r.take(o)
	res, err := c.do(ctx, r)
	if res.doubt && errors.Is(err, ErrNotFound) && ClassOf(err) == Refused {
		err = nil
	}
	return Written{At: res.date, Attempts: res.attempts}, err
}

// readObject wants any JSON object: Attio's answer to a deletion is {}, a captive portal's is not JSON.
func readObject(rep reply) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(rep.body, &object); err != nil || object == nil {
		return errors.Join(errors.New("not an object"), err)
	}
	return nil
}

// write sends a write whose answer is the record.
func (c *Client) write(ctx context.Context, values json.RawMessage, o *WriteOptions, r *request) (Written, error) {
	r.write = true
	r.take(o)
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
