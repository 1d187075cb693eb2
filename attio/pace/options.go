package pace

import (
	"fmt"
	"time"
)

// Options say what a gate is for.
type Options struct {
	// Rate is how many requests a second the server allows; above 0.
	Rate float64
	// Fixed sends evenly at Rate, whatever the server's clock may be: for a rate that somebody chose.
	Fixed bool
	// Clock is the server's clock, shared by all its gates; nil for one of the gate's own.
	Clock *Clock
	// Share returns how many of the requests that the server allows in a second of its clock this gate may send, where
	// it would send so many as wanted; false where that cannot be found out. It is called in a goroutine of its own, one
	// call at a time. After a few milliseconds, or with false, the gate goes on as if it were alone. Nil for nobody to
	// share with.
	Share func(second int64, wanted int) (int, bool)
	// Observe is told what the gate does, outside of its lock; nil for nobody. It must not block.
	Observe func(Event)
}

// Event is what a person who watches would want to know.
type Event struct {
	Pause time.Duration // the gate is closed for so long; 0 where it goes on in another way
	Text  string        // why, in a few words
}

// Turn is the leave to send one request. Give it back with Done.
type Turn struct {
	sent   time.Time
	second *second
	place  float64 // in its second, as a share of those that were to leave in it
	load   int     // requests that left in the second before, this one too
	behind *Turn   // of the gate behind this one
	err    error
}

// Answer is what came of a request.
type Answer struct {
	Received time.Time // local time at which the answer's header arrived; zero where none came
	Date     time.Time // the server's Date header; zero where it is absent or unreadable
	Limited  bool      // refused for its rate: a 429
	// RetryAfter is how long after Date the server asks to wait, of a refusal. Where there is no Date, after Received.
	RetryAfter time.Duration
	// Score is what a query cost, where the server says so.
	Score int
}

// Stats say what held requests back.
type Stats struct {
	// Limit and Other are time by the clock while at least one request waited: for the rate itself, or for less than
	// that, because of another client or an incident.
	Limit, Other time.Duration
}

// LongPauseError is returned by Wait while the server asks for a pause that nobody should wait for: more than a minute,
// which ends at Until by the local clock.
type LongPauseError struct{ Until time.Time }

func (e *LongPauseError) Error() string {
	return fmt.Sprintf("the server takes no request until %s", e.Until.UTC().Format(time.RFC3339))
}
