package attio

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/attio-bulk/attio-bulk/attio/pace"
	"github.com/attio-bulk/attio-bulk/attio/share"
)

// What Attio allows and what we take, unless the options say otherwise. The rates are Attio's documented ones
// (docs.attio.com/rest-api/guides/rate-limiting).
const (
	defaultBaseURL   = "https://api.attio.com"
	defaultReadRate  = 100
	defaultWriteRate = 25
	defaultInFlight  = 128
)

// Options configure a Client.
type Options struct {
	Key       Secret            // the API key; required
	BaseURL   string            // "" for https://api.attio.com; may carry a path prefix; http:// only to loopback
	ReadRate  float64           // reads a second; 0 for Attio's 100, learned and kept; set: even pacing at N
	WriteRate float64           // writes a second; 0 for Attio's 25, learned and kept; set: even pacing at N
	Transport http.RoundTripper // nil for one of our own, with timeouts on every phase
	UserAgent string            // "" for "attio-bulk"
	// InFlight bounds the connections kept; 0 for 128.
	InFlight int
	// ShareFolder holds a file for each workspace, by which the processes of this machine share its seconds from their
	// first Self on: see package share. "" for a client that shares nothing.
	ShareFolder string
	// FilterValues is how many values a filter may hold at the start; 0 for MaxFilterValues. See FilterSizes.
	FilterValues int
	// Observe is told of waits, refusals and repeats, for progress and --verbose; nil for nobody. It must not block, and
	// is called from several goroutines.
	Observe func(Event)
}

// Event is something that a person who watches would want to know: never a key or a cell's value.
type Event struct {
	// "paused" (a gate closed), "retry" (a request goes again), "pacing" (requests are spread in another way from now on)
	Kind  string
	Write bool          // of the writes' gate; else of the reads'
	Wait  time.Duration // how long the gate stays closed, or how long it is until the request goes again
	Text  string        // one line, for --verbose: method, path, status, code
}

// Stats counts requests since the client was made, repeats included.
type Stats struct {
	Reads, Writes, Retries, RateLimited int64
	// WritesHeld and ReadsHeld say what held requests back.
	WritesHeld, ReadsHeld Held
}

// Held is the time by the clock during which at least one request waited for its turn, by the cause.
type Held struct {
	Limit time.Duration // Attio's limit itself
	Other time.Duration // a limit lower than Attio's: another client of the workspace, or an incident
	Score time.Duration // the queries' score budget of ten seconds
}

// Client talks to one workspace. It is safe for use by several goroutines.
type Client struct {
	base      string // without a slash at the end
	transport http.RoundTripper
	agent     string
	reads     *pace.Gate
	queries   *pace.Gate // of record queries, before reads
	writes    *pace.Gate
	writeRate float64
	observe   func(Event)
	clock     *pace.Clock
	folder    string                     // ShareFolder
	claims    atomic.Pointer[share.File] // nil until the workspace is known
	unshared  sync.Once                  // has said why it shares nothing
	filters   FilterSizes
	// pageRecords is how many records Attio gives a page, where it refused more; 0 where it did not.
	pageRecords atomic.Int64
	page        atomic.Int64 // bytes of the last query's answer
	answered    atomic.Bool  // an answer has come: the address is right and the network was there
	worked      atomic.Bool  // a request has succeeded

	// The key is held by these closures alone, so that no way of printing a Client can print it: fmt looks through
	// unexported fields, but not into functions.
	authorize func(http.Header)
	redact    func(string) string

	counts struct {
		reads, writes, retries, limited atomic.Int64
	}
}

// New checks the options (key present, base URL allowed, rates not negative) and makes a client. It sends nothing.
func New(o Options) (*Client, error) {
	if err := checkKey(o.Key); err != nil {
		return nil, err
	}
	base, err := checkBaseURL(o.BaseURL)
	if err != nil {
		return nil, err
	}
	if !(o.ReadRate >= 0) || !(o.WriteRate >= 0) || o.InFlight < 0 || o.FilterValues < 0 {
		return nil, errors.New("rates, connections and the size of filters cannot be negative")
	}
	o.InFlight, o.UserAgent = cmp.Or(o.InFlight, defaultInFlight), cmp.Or(o.UserAgent, "attio-bulk")
	if o.Transport == nil {
		o.Transport = newTransport(o.InFlight)
	}
	key := string(o.Key)
	c := &Client{base: base, transport: o.Transport, agent: o.UserAgent, clock: pace.NewClock(), folder: o.ShareFolder,
		filters:   FilterSizes{most: o.FilterValues},
		authorize: func(h http.Header) { h.Set("Authorization", "Bearer "+key) }, redact: newRedactor(key)}
	c.observe = func(e Event) {
		if o.Observe != nil {
			e.Text = c.redact(e.Text)
			o.Observe(e)
		}
	}
	c.writeRate = cmp.Or(o.WriteRate, defaultWriteRate)
	c.reads = pace.New(pace.Options{
		Rate: cmp.Or(o.ReadRate, defaultReadRate), Fixed: o.ReadRate != 0, Clock: c.clock, Observe: c.observeGate(false),
		Share: c.share("reads", max(defaultReadRate, o.ReadRate)),
	})
	c.queries = pace.Queries(c.reads)
	c.writes = pace.New(pace.Options{
		Rate: c.writeRate, Fixed: o.WriteRate != 0, Clock: c.clock, Observe: c.observeGate(true),
		Share: c.share("writes", max(defaultWriteRate, o.WriteRate)),
	})
	return c, nil
}

// observeGate tells who watches what a gate does.
func (c *Client) observeGate(write bool) func(pace.Event) {
	return func(e pace.Event) {
		kind := "paused"
		if e.Pause == 0 {
			kind = "pacing"
		}
		c.observe(Event{Kind: kind, Write: write, Wait: e.Pause, Text: e.Text})
	}
}

// checkKey refuses what cannot stand in a header. Attio's keys are 64 characters long, but so says Attio itself where
// one is not, and its OAuth tokens are not bound to that.
func checkKey(key Secret) error {
	if key == "" {
		return errors.New("no API key")
	}
	if i := strings.IndexFunc(string(key), func(r rune) bool { return r <= ' ' || r > '~' }); i >= 0 {
		return fmt.Errorf("the API key has a character at position %d that no key has (a blank, a line break, a letter "+
			"with an accent)", i+1)
	}
	return nil
}

// Now is the server's clock as learnt from the Date headers of its answers, to about a second; the local clock before
// the first answer.
func (c *Client) Now() time.Time {
	if t := c.clock.Now(); !t.IsZero() {
		return t
	}
	return time.Now()
}

// WriteRate is how many writes a second are aimed at: Attio's limit, or what Options say.
func (c *Client) WriteRate() float64 { return c.writeRate }

// Stats returns the counts so far.
func (c *Client) Stats() Stats {
	reads, queries, writes := c.reads.Stats(), c.queries.Stats(), c.writes.Stats()
	return Stats{Reads: c.counts.reads.Load(), Writes: c.counts.writes.Load(),
		Retries: c.counts.retries.Load(), RateLimited: c.counts.limited.Load(),
		WritesHeld: Held{Limit: writes.Limit, Other: writes.Other},
		ReadsHeld:  Held{Limit: reads.Limit, Other: reads.Other, Score: queries.Limit + queries.Other}}
}

// share returns what a gate asks for its share of a second; nil where nothing is to be shared.
func (c *Client) share(budget string, limit float64) func(int64, int) (int, bool) {
	if c.folder == "" {
		return nil
	}
	return func(second int64, wanted int) (int, bool) {
		f := c.claims.Load()
		if f == nil {
			return 0, false
		}
		n, err := f.Claim(budget, second, wanted, int(limit))
		if err != nil {
			c.unshared.Do(func() {
				c.observe(Event{Kind: "pacing", Text: "seconds are not shared with other processes: " + err.Error()})
			})
		}
		return n, err == nil
	}
}

// joinWorkspace begins to share the seconds of the workspace that the key turned out to be of.
func (c *Client) joinWorkspace(id string) {
	if c.folder != "" && id != "" && c.claims.Load() == nil {
		sum := sha256.Sum256([]byte(c.base + "\n" + id))
		c.claims.Store(share.Open(c.folder, hex.EncodeToString(sum[:8])))
		c.reads.Ask()
		c.writes.Ask()
	}
}
