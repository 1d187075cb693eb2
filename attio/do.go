package attio

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Call is any request of the API, for those that have no method of their own.
type Call struct {
	Method string // GET, POST, …
	Path   string // "/v2/lists/sales/entries"; parts that are not known beforehand go through url.PathEscape
	Query  url.Values
	Body   any // marshalled to JSON; a json.RawMessage goes as it is; nil for none
	// Read says that the call changes nothing, though it is no GET: a query, a search. It is paced as a read, and
	// repeated.
	Read bool
	// Repeatable says that doing the call twice does no more than doing it once. A POST that is not repeatable is not
	// repeated once it may have been processed; other methods always are.
	Repeatable bool
	WriteOptions
}

// Answer says how a Call went.
type Answer struct {
	At          time.Time // the server's clock (Date), second resolution; zero when there was none
	Attempts    int       // requests that were sent for it, refused ones included; set after an error too
	ExecutionID string    // x-attio-execution-id, for Attio's support
}

// Do sends a call: paced, repeated, classified and redacted as all others. The answer's whole JSON document, whose
// items are mostly below "data", is decoded into what into points to; with nil it only has to be an object. An answer
// that does not fit into it is an *Error of class Unknown. A 404 with CodeNotFound is Refused, unless it speaks of
// the object or the endpoint.
func (c *Client) Do(ctx context.Context, call Call, into any) (Answer, error) {
	r := &request{method: call.Method, path: call.Path, query: call.Query.Encode(), record: true}
	r.write = !call.Read && call.Method != http.MethodGet && call.Method != http.MethodHead
	r.create = r.write && call.Method == http.MethodPost && !call.Repeatable
	r.search = call.Read && strings.HasSuffix(call.Path, "/query")
	r.take(&call.WriteOptions)
	if call.Body != nil {
		var err error
		if r.body, err = json.Marshal(call.Body); err != nil {
			return Answer{}, &Error{Class: Refused, Method: call.Method, Path: call.Path, Err: fmt.Errorf("body: %w", err)}
		}
	}
	r.read = func(rep reply) error {
		if into == nil {
			return readObject(rep)
		}
		return json.Unmarshal(rep.body, into)
	}
	res, err := c.do(ctx, r)
	a := Answer{At: res.date, Attempts: res.attempts}
	if res.header != nil {
		a.ExecutionID = c.clean(res.header.Get("X-Attio-Execution-Id"), maxName)
	}
	return a, err
}
