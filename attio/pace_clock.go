package attio

import "time"

// clock learns where the server's clock seconds begin, from the Date headers of its answers and the local monotonic clock.
//
// An answer stamped D that arrived at local time r shows that the server's clock is at least D - r ahead: it read D or more when it stamped,
// and that was before r. The largest such difference is the closest; an answer stamped just after a tick makes it tight, and slow answers
// do no harm. It can only be too low, so a tick computed from it is never too early.
type clock struct {
	ahead   time.Duration // server's Unix time minus the local clock's reading, at least; as of at
	at      time.Duration
	first   time.Duration // local time of the first dated answer
	last    time.Duration
	dated   int     // answers with a Date
	undated int     // answers without, since the last dated one
	strikes float64 // answers that contradict what is known, lately
}

const (
	clockAnswers = 20                      // answers needed before the clock is known
	clockSpan    = 1050 * time.Millisecond // and over how long
	clockDrift   = 300                     // parts in a million by which two clocks may drift apart
	clockStep    = 1500 * time.Millisecond // a larger difference is another clock, not a better answer
	clockSlack   = 10 * time.Millisecond
	clockStrikes = 5 // one answer may be wrong: a cached one, or one of another machine
)

// bound is the difference, at least, at a local time.
func (c *clock) bound(local time.Duration) time.Duration {
	return c.ahead - (local-c.at)*clockDrift/1_000_000
}

// known says that there is enough to go by.
func (c *clock) known() bool { return c.dated >= clockAnswers && c.last-c.first >= clockSpan }

// absent says that answers carry no Date.
func (c *clock) absent() bool { return c.undated >= clockAnswers }

// second is the server's clock second (Unix) at a local time, by the bound.
func (c *clock) second(local time.Duration) int64 {
	return int64((local + c.bound(local)) / time.Second)
}

// tick is the local time at which a server second begins.
func (c *clock) tick(second int64, local time.Duration) time.Duration {
	return time.Duration(second)*time.Second - c.bound(local)
}

// hear takes one answer. It returns false when the server's clock cannot be what was learnt: it was set, or the dates are stale or another
// machine's. Everything is to be learnt again then.
func (c *clock) hear(sent, received time.Duration, date time.Time) bool {
	if date.IsZero() {
		c.undated++
		return true
	}
	c.undated = 0
	stamped := time.Duration(date.Unix()) * time.Second
	ahead := stamped - received
	if c.dated == 0 {
		c.first, c.ahead, c.at = received, ahead, received
	}
	c.dated++
	c.last = received
	bound := c.bound(received)
	// It was stamped after it was sent and before the second after D began: that bounds the difference from above.
	tooLow := stamped+time.Second-sent < bound-clockSlack
	if tooHigh := ahead > bound+clockStep; tooLow || tooHigh {
		c.strikes++
		return c.strikes < clockStrikes
	}
	c.strikes = max(0, c.strikes-0.5)
	if ahead > bound {
		c.ahead, c.at = ahead, received
	}
	return true
}
