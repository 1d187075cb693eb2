package pace

import (
	"sync"
	"time"
)

// Clock is the server's clock as its Date headers tell it, kept on the local monotonic clock: setting the local clock
// changes nothing. The gates of one server share one Clock. It may be used by several goroutines.
//
// An answer stamped D that arrived at local time r shows that the server's clock is at least D - r ahead: it read D
// or more when it stamped, and that was before r. The answer with the largest such difference is the closest one. It
// can only be too low, so that a tick computed from it is never too early.
type Clock struct {
	mu    sync.Mutex
	knows reading // read it by read
}

// reading is what a clock knows. Its methods may be called on a copy.
type reading struct {
	date, at time.Time // the server's clock read date or more at a local time
	first    time.Time // when the first dated answer arrived
	dated    int       // answers with a Date
	undated  int       // answers without, since the last dated one
	sure     bool      // there were enough answers to go by
	strikes  float64   // answers that contradict what is known, lately
	resets   int       // how often it had to be learned again, lately
	reset    time.Time // the last of these
	retry    time.Time // not believed until then
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
func NewClock() *Clock { return new(Clock) }

// read returns what the clock knows now.
func (c *Clock) read() reading {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.knows
}

// Now is the server's time, to about a second; the zero time before the first answer with a Date.
func (c *Clock) Now() time.Time {
	r := c.read()
	if r.dated == 0 {
		return time.Time{}
	}
	return r.date.Add(time.Since(r.at)).UTC()
}

// Hear takes an answer: when its request left and when it arrived, by the local clock, and its Date, zero where it
// had none.
func (c *Clock) Hear(sent, received, date time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := &c.knows
	if date.IsZero() {
		if r.undated++; r.undated >= clockAnswers {
			r.forget()
		}
		return
	}
	r.undated = 0
	if r.dated == 0 {
		r.first, r.date, r.at = received, date, received
	}
	r.dated++
	r.sure = r.sure || r.dated >= clockAnswers && received.Sub(r.first) >= clockSpan
	least := r.server(received)
	// It was stamped after it was sent and before the second after date began: that bounds the difference from above.
	tooLow := date.Add(time.Second + clockSlack).Before(r.server(sent))
	if tooHigh := date.After(least.Add(clockStep)); tooLow || tooHigh {
		if r.strikes++; r.strikes >= clockStrikes {
			r.mistrust(received)
		}
		return
	}
	r.strikes = max(0, r.strikes-0.5)
	if date.After(least) {
		r.date, r.at = date, received
	}
}

// mistrust begins to learn again: the clock was set, or the dates are stale or another machine's.
func (r *reading) mistrust(now time.Time) {
	if r.resets++; now.Sub(r.reset) > time.Minute {
		r.resets = 1
	}
	r.reset = now
	r.forget()
	if r.resets >= clockResets {
		r.retry = now.Add(clockPause)
	}
}

func (r *reading) forget() { r.dated, r.strikes, r.sure = 0, 0, false }

// server is what the server's clock reads at a local time, at least.
func (r *reading) server(local time.Time) time.Time {
	passed := local.Sub(r.at)
	return r.date.Add(passed - passed*clockDrift/1_000_000)
}

// known reports whether there is enough to go by.
func (r reading) known(now time.Time) bool { return r.sure && !now.Before(r.retry) }

// absent says why there is no clock to learn; "" where there may be one.
func (r reading) absent(now time.Time) string {
	switch {
	case r.undated >= clockAnswers:
		return "answers carry no Date"
	case now.Before(r.retry):
		return "the server's Date does not run like a clock"
	}
	return ""
}

// second is the server's clock second at a local time; the local clock's where the server's has never been heard.
func (r reading) second(local time.Time) int64 {
	if r.dated == 0 {
		return local.Unix()
	}
	return r.server(local).Unix()
}

// tick is the local time at which a server second begins, never too early.
func (r reading) tick(second int64, now time.Time) time.Time {
	return now.Add(time.Unix(second, 0).Sub(r.server(now)))
}
