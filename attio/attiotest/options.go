package attiotest

import (
	"cmp"
	"time"
)

// Options shape a Server. The zero value is a strict Attio with the built-in workspace, Attio's limits and no faults.
type Options struct {
	Seed *Workspace // nil: Standard()
	// Key is the one API key that is known; a well-formed other one is answered as a revoked one. "": any key of 64
	// characters is taken, each as an actor of its own.
	Key string
	// Scopes of the key, "record_permission:read-write" and so on; nil: all that this tool needs.
	Scopes []string

	WriteLimit int    // writes a second; 0: 25; negative: no limit
	ReadLimit  int    // reads a second; 0: 100; negative: no limit
	Window     Window // how a second is counted
	// FilterValues is how many values a query's filter may compare with, all conditions together; one more is refused
	// with a 400. 0: 100, as was seen of Attio; negative: no limit.
	FilterValues int

	Latency time.Duration // between a request's arrival and its commit
	Jitter  time.Duration // added before the arrival and after the commit, each uniform in [0, Jitter]
	Faults  []Fault
	// ClockSkew is the server's clock minus the local one: dates, created_at and the limit's seconds follow it.
	ClockSkew time.Duration
	// LimitSkew is the limiter's clock minus the server's: where the seconds that are counted begin.
	LimitSkew time.Duration
	// Lag is how long a write stays invisible to queries. Reads by id, unique rules and references see it at once.
	Lag time.Duration
	// Enrich, where set, lets the system make and link the company of a person's e-mail domain so long after the
	// person's creation; Attio takes 0.2 to 0.5 s. 0: never.
	Enrich time.Duration

	// Readings are what is not known of Attio; the zero value is strict.
	Readings Readings

	// KeepRequests is how many requests the log holds; 0: the last 10,000; negative: none.
	KeepRequests int
	// RandSeed makes ids, jitter and chances repeatable; 0 is a seed like any other.
	RandSeed uint64
}

// Window is how the limiter counts a second.
type Window int

// The windows. Attio's pages speak of the next clock second.
const (
	ClockSecond Window = iota // a fixed window per second of the server's clock
	Sliding                   // any 1,000 ms
)

// defaultScopes are all that this tool needs.
var defaultScopes = []string{"comment:read-write", "list_configuration:read", "list_entry:read-write",
	"note:read-write", "object_configuration:read-write", "record_permission:read-write", "task:read-write",
	"user_management:read"}

// fill sets the defaults.
func (o *Options) fill() {
	if o.Seed == nil {
		o.Seed = Standard()
	}
	if o.Scopes == nil {
		o.Scopes = defaultScopes
	}
	o.WriteLimit = cmp.Or(o.WriteLimit, 25)
	o.ReadLimit = cmp.Or(o.ReadLimit, 100)
	o.FilterValues = cmp.Or(o.FilterValues, 100)
	o.KeepRequests = cmp.Or(o.KeepRequests, 10_000)
	o.Readings.MaxQueryLimit = cmp.Or(o.Readings.MaxQueryLimit, 500)
	o.Readings.MultiMatch = cmp.Or(o.Readings.MultiMatch, "multiple_match_results")
}
