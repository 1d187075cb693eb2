package pace

import (
	"sync"
	"time"
)

// Clock is the server's clock as its Date headers tell it, kept on the local monotonic clock: setting the local clock
// changes nothing. The gates of one server share one Clock. It may be used by several goroutines.
//
// An answer stamped D that arrived at local time r shows that the server's clock is at least D - r ahead: it read D
// or more when it stamped, and that was before r. The largest such difference is the closest one. It can only be too
// low, so that a tick computed from it is never too early.
type Clock struct {
	base time.Time // with its monotonic reading

	mu      sync.Mutex
	ahead   time.Duration // server's Unix time minus the local time since base, at least; as of at
	at      time.Duration
	first   time.Duration // when the first dated answer arrived
	last    time.Duration
	dated   int       // answers with a Date
	undated int       // answers without, since the last dated one
	strikes float64   // answers that contradict what is known, lately
	resets  int       // how often it had to be learned again, lately
	reset   time.Time // the last of these
	retry   time.Time // not believed until then
}

const (
	clockAnswers = 20                      // answers needed before the clock is known
	clockSpan    = 1050 * time.Millisecond // and over how long
	clockDrift   = 300                     // parts in a million by which two clocks may drift apart
	clockStep    = 1500 * time.Millisecond // a larger difference is another clock, not a better answer
	clockSlack   = 10 * time.Millisecond
	clockStrikes = 5 // one answer may be wrong: a cached one, or one of another machine
	clockResets  = 3 // within a minute: it does not run like a clock
	clockPause   = 5 * time.Minute
)

// NewClock returns a clock that knows nothing yet.
func NewClock() *Clock { return &Clock{base: time.Now()} }

// Now is the server's time, to about a second; the zero time before the first answer with a Date.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dated == 0 {
		return time.Time{}
	}
	local := time.Since(c.base)
	return time.Unix(0, int64(local+c.ahead)).UTC()
}

// Hear takes an answer: when its request left and when it arrived, by the local clock, and its Date, zero where it
// had none.
func (c *Clock) Hear(sent, received, date time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if date.IsZero() {
		if c.undated++; c.undated >= clockAnswers {
			c.forget()
		}
		return
	}
	c.undated = 0
	local := received.Sub(c.base)
	stamped := time.Duration(date.Unix()) * time.Second
	ahead := stamped - local
	if c.dated == 0 {
		c.first, c.ahead, c.at = local, ahead, local
	}
	c.dated++
	c.last = local
	bound := c.bound(local)
	// It was stamped after it was sent and before the second after D began: that bounds the difference from above.
	tooLow := stamped+time.Second-sent.Sub(c.base) < bound-clockSlack
	if tooHigh := ahead > bound+clockStep; tooLow || tooHigh {
		if c.strikes++; c.strikes >= clockStrikes {
			c.mistrust(received)
		}
		return
	}
	c.strikes = max(0, c.strikes-0.5)
	if ahead > bound {
		c.ahead, c.at = ahead, local
	}
}

// mistrust begins to learn again: the clock was set, or the dates are stale or another machine's.
func (c *Clock) mistrust(now time.Time) {
	if c.resets++; now.Sub(c.reset) > time.Minute {
		c.resets = 1
	}
	c.reset = now
	c.forget()
	if c.resets >= clockResets {
		c.retry = now.Add(clockPause)
	}
}

func (c *Clock) forget() {
	c.dated, c.strikes, c.ahead, c.at = 0, 0, 0, 0
}

// bound is the difference, at least, at a local time.
func (c *Clock) bound(local time.Duration) time.Duration {
	return c.ahead - (local-c.at)*clockDrift/1_000_000
}

// known reports whether there is enough to go by.
func (c *Clock) known(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dated >= clockAnswers && c.last-c.first >= clockSpan && !now.Before(c.retry)
}

// absent says why there is no clock to learn; "" where there may be one.
func (c *Clock) absent(now time.Time) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.undated >= clockAnswers {
		return "answers carry no Date"
	}
	if now.Before(c.retry) {
		return "the server's Date does not run like a clock"
	}
	return ""
}

// second is the server's clock second at a local time; the local clock's where the server's has never been heard.
func (c *Clock) second(at time.Time) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dated == 0 {
		return at.Unix()
	}
	local := at.Sub(c.base)
	return int64((local + c.bound(local)) / time.Second)
}

// tick is the local time at which a server second begins, never too early.
func (c *Clock) tick(second int64, now time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base.Add(time.Duration(second)*time.Second - c.bound(now.Sub(c.base)))
}
