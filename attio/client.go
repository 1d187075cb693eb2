// Package attio is a client for Attio's REST API that paces itself, knows which failures may be repeated, and says
// of every write whether it was done, was not done, or cannot be known.
package attio

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"time"
)

// Options configure a Client.
type Options struct {
	Key       string            // the API key; required
	BaseURL   string            // "" for https://api.attio.com; may carry a path prefix; http:// only to loopback
	ReadRate  float64           // reads a second; 0 for Attio's 100
	WriteRate float64           // writes a second; 0 for Attio's 25, learnt and kept by the pacer; set: even pacing at N
	Transport http.RoundTripper // nil for one of our own, with timeouts on every phase
	UserAgent string            // "" for "attio-bulk"
	// InFlight bounds the connections kept; 0 for 128.
	InFlight int
	// Observe is told of waits, refusals and repeats, for progress and --verbose; nil for nobody. It must not block.
	Observe func(Event)
}

// Event is something that a person who watches would want to know: never a key or a cell's value.
type Event struct {
	Kind  string        // "paused" (a gate closed), "retry" (a request goes again), "pacing" (the pacer changed its ways)
	Write bool          // of the writes' gate; else of the reads'
	Wait  time.Duration // how long the gate stays closed
	Text  string        // one line, for --verbose: method, path, status, code
}

// Stats counts requests since the client was made, repeats included.
type Stats struct {
	Reads, Writes, Retries, RateLimited int64
	// WriteWait is the time that writes spent waiting for their turn, summed over all callers.
	WriteWait time.Duration
}

// Client talks to one workspace. It is safe for use by several goroutines.
type Client struct{}

// New checks the options (key present, base URL allowed) and makes a client. It sends nothing.
func New(o Options) (*Client, error) { panic("contract") }

// Write is one write request.
type Write struct {
	Object string          // slug or id
	Record string          // record id, for an update or a deletion
	Values json.RawMessage // the JSON object of values by slug: {"name":"…"}; the client wraps it as {"data":{"values":…}}
	Match  string          // the unique attribute of an Assert
	// Overwrite makes an Update replace several values (PUT) instead of adding to them (PATCH).
	Overwrite bool
	// Stop gives up waiting for a turn before anything is sent: class Stopped. nil: only the call's own context, which
	// also cancels a request in flight.
	Stop context.Context
	// Sending is called once, when the pacer has let the request go and before its first byte leaves; an error keeps it
	// from leaving, and is returned as it is. nil for nothing.
	Sending func() error
}

// Written is the answer to a write.
type Written struct {
	Record   Record
	At       time.Time // the server's clock (Date) in the answer, second resolution; zero when there was none
	Attempts int       // requests that were sent for it, refused ones included
}

// Create sends POST /v2/objects/{object}/records. Not-sent and not-processed failures are repeated here until they pass
// (a 429 costs no attempt); an unknown outcome is never repeated: it is returned, class Unknown.
// Written.Attempts is set whether or not there is an error.
func (c *Client) Create(ctx context.Context, w Write) (Written, error) { panic("contract") }

// Update sends PATCH or, with Overwrite, PUT /v2/objects/{object}/records/{record_id}; unknown outcomes are repeated.
func (c *Client) Update(ctx context.Context, w Write) (Written, error) { panic("contract") }

// Assert sends PUT /v2/objects/{object}/records?matching_attribute=…; unknown outcomes are repeated.
func (c *Client) Assert(ctx context.Context, w Write) (Written, error) { panic("contract") }

// Delete removes a record for good. A 404 of the record is returned as a Refused *Error with code not_found.
func (c *Client) Delete(ctx context.Context, w Write) (Written, error) { panic("contract") }

// Get reads one record. Several ids of records that were merged away or deleted: *Error with code not_found.
func (c *Client) Get(ctx context.Context, object, id string) (Record, error) { panic("contract") }

// Self asks what the key is. A key that is revoked or unknown is an *Error of class Fatal with status 401, although
// Attio itself answers 200 {"active":false} here.
func (c *Client) Self(ctx context.Context) (Self, error) { panic("contract") }

// Objects lists the workspace's objects, without attributes.
func (c *Client) Objects(ctx context.Context) ([]Object, error) { panic("contract") }

// Attributes lists an object's attributes, all pages, archived ones left out, with the options and statuses of
// those that have them when withOptions is set.
func (c *Client) Attributes(ctx context.Context, object string, withOptions bool) ([]Attribute, error) {
	panic("contract")
}

// WorkspaceMembers lists the members.
func (c *Client) WorkspaceMembers(ctx context.Context) ([]Member, error) { panic("contract") }

// Schema reads what plans for these objects need: self, all objects, the attributes of the named ones with their options, the
// attributes of the objects they refer to, and the members where an attribute points to them and the key may read them.
// An object that does not exist is an *Error with code not_found.
func (c *Client) Schema(ctx context.Context, objects ...string) (*Schema, error) { panic("contract") }

// CreateOption makes an option of a select attribute, or a status of a status attribute.
func (c *Client) CreateOption(ctx context.Context, object string, a Attribute, title string) (Option, error) {
	panic("contract")
}

// ArchiveOption archives an option or a status; Attio cannot delete them.
func (c *Client) ArchiveOption(ctx context.Context, object string, a Attribute, option string) error {
	panic("contract")
}

// QueryPage reads one page.
func (c *Client) QueryPage(ctx context.Context, object string, q Query) (Page, error) {
	panic("contract")
}

// Query iterates over pages of q.Limit from q.Offset on, one after the other, until an empty one. It does not notice
// records that move while it reads; package exporter does.
func (c *Client) Query(ctx context.Context, object string, q Query) iter.Seq2[Page, error] {
	panic("contract")
}

// Now is the server's clock as learnt from the Date headers of its answers, to about a second; the local clock before
// the first answer.
func (c *Client) Now() time.Time { panic("contract") }

// Stats returns the counts so far.
func (c *Client) Stats() Stats { panic("contract") }
