package attiotest

import "time"

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
	// QueriesAreWrites counts POST …/query against the writes. Attio does not say; connectors take it for a read.
	QueriesAreWrites bool
	// ScoreLimit is the budget of query scores in any ten seconds; 0: none. Attio's own is not published.
	ScoreLimit int
	// ScoreByRows lets the score of a sorted query follow the rows of its page; else all that match, which costs more.
	ScoreByRows bool

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

	// FilterValues is how many values a query's filter may compare with, all conditions together; one more is refused
	// with a 400. 0 and less: no limit. Attio's is 100.
	FilterValues int

	// Readings are what Attio does not document.
	Readings Readings

	// MaxQueryLimit is the largest limit of a query; 0: 500, Attio's default. The real maximum is not documented.
	MaxQueryLimit int
	// ClampQueryLimit answers a larger limit with MaxQueryLimit rows instead of a refusal.
	ClampQueryLimit bool
	Order           Order // of a query without sorts
	Ties            Ties  // of a query with sorts
	// ShuffleValues answers several values of one attribute in an order that nothing explains, as was seen of Attio.
	ShuffleValues bool
	// CreatedEarlier is how much earlier the attribute created_at is than the record's own; filters and sorts follow the
	// attribute. Of records made in the app it was seen to be 11 to 118 s, of those made by the API 0.
	CreatedEarlier time.Duration

	EmptyText        EmptyText // what "" does to a text
	Decimals         Decimals  // what a fifth decimal does
	NumericStrings   bool      // take "17" for a number, as currency does
	FoldOptionTitles bool      // find options without regard to case
	BareOptionIDs    bool      // take option ids as bare strings inside arrays; else they are ignored with a 200
	ArchivedOptions  bool      // take archived options and statuses
	LocationText     bool      // take a bare text as a location's first line; else it is refused
	StripWWW         bool      // store www.x.com as x.com
	DomainSchemes    bool      // take https://x.com as x.com; else it is refused
	IDNDomains       bool      // take münchen.de as xn--mnchen-3ya.de; else it is refused

	Conflict   ConflictWording // the words of a uniqueness_conflict
	MultiMatch string          // code when an assert matches several records; "": multiple_match_results

	// KeepRequests is how many requests the log holds; 0: the last 10,000; negative: none.
	KeepRequests int
	// RandSeed makes ids, jitter and chances repeatable; 0 is a seed like any other.
	RandSeed uint64
}

// Readings are the choices where nobody knows what Attio does. The zero value is the stricter reading of each.
type Readings struct {
	// ValuesPerIn counts FilterValues for each $in by itself; else all values of the filter count together.
	ValuesPerIn bool
}

// Window is how the limiter counts a second.
type Window int

// The windows. Attio's pages speak of the next clock second.
const (
	ClockSecond Window = iota // a fixed window per second of the server's clock
	Sliding                   // any 1,000 ms
)

// Order is the order of a query that asks for none.
type Order int

// The orders. Ascending record_id was observed, and is not promised.
const (
	ByRecordID Order = iota
	ByCreation       // ascending created_at
	Shuffled         // fixed, and like no attribute
)

// Ties is how records stand that a query's sorts leave equal; Attio documents nothing.
type Ties int

// The orders of ties.
const (
	TiesFixed    Ties = iota // the same in every query, but not ascending record_id
	TiesByID                 // ascending record_id
	TiesUnstable             // another one in every query
)

// EmptyText is what an empty string does to a text attribute; unknown of Attio.
type EmptyText int

// The readings of "".
const (
	EmptyRefused EmptyText = iota
	EmptyClears
	EmptyStored
)

// Decimals is what happens to a number with more than four decimals; unknown of Attio.
type Decimals int

// The readings of a fifth decimal.
const (
	DecimalsRefused Decimals = iota
	DecimalsRounded
	DecimalsKept
)

// ConflictWording is a variant of the uniqueness_conflict message.
type ConflictWording int

// The variants that are on record.
const (
	Wording2026   ConflictWording = iota // names the slug and the conflicting record ids
	WordingNoIDs                         // September 2026, seen on PATCH and PUT: names the slug only
	WordingOf2025                        // names the value and the attribute's id
)

// defaultScopes are all that this tool needs.
var defaultScopes = []string{"list_configuration:read", "list_entry:read-write", "note:read-write",
	"object_configuration:read-write", "record_permission:read-write", "task:read-write", "user_management:read"}

// fill sets the defaults.
func (o *Options) fill() {
	if o.Seed == nil {
		o.Seed = Standard()
	}
	if o.Scopes == nil {
		o.Scopes = defaultScopes
	}
	or := func(v *int, otherwise int) {
		if *v == 0 {
			*v = otherwise
		}
	}
	or(&o.WriteLimit, 25)
	or(&o.ReadLimit, 100)
	or(&o.MaxQueryLimit, 500)
	or(&o.KeepRequests, 10_000)
	if o.MultiMatch == "" {
		o.MultiMatch = "multiple_match_results"
	}
}
