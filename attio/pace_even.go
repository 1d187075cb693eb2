package attio

import (
	"time"

	"golang.org/x/time/rate"
)

// even paces evenly, one request at a time: slower after refusals, faster again after clean seconds, never above its ceiling. It knows
// nothing of the server's clock, so that it works with any way of counting, at the price of staying below the limit.
type even struct {
	n     float64 // the limit
	fixed bool    // always exactly n

	limiter *rate.Limiter
	rate    float64 // the rate now
	ceiling float64 // the highest rate
	bad     float64 // the rate at the last refusal; 0 before the first
	row     int     // bad seconds in a row
	cut     time.Time
	raised  time.Time

	slot     time.Time // reserved for the next request
	reserved bool
}

// Shares of the limit. Requests that are spaced evenly over a limit of clock seconds straddle every tick, and jitter moves some over it:
// even a hair under the limit is refused at times. The lower shares keep refusals under one in a thousand with 200 ms of jitter.
const (
	plainShare = 0.96 // nothing is known of how the server counts
	learnShare = 0.80 // until the server's clock is known
	slideShare = 0.87 // the server does not count by clock seconds
)

func newEven(n float64, fixed bool) even {
	e := even{n: n, fixed: fixed, limiter: rate.NewLimiter(rate.Limit(n), 1), rate: n}
	if !fixed {
		e.limit(time.Now(), plainShare)
	}
	return e
}

// limit sets the ceiling, as a share of the limit, and goes there.
func (e *even) limit(now time.Time, share float64) {
	if e.fixed {
		return
	}
	e.ceiling = share * e.n
	e.set(now, e.ceiling)
}

func (e *even) set(now time.Time, r float64) {
	e.rate = min(max(r, e.n/100), e.ceiling)
	e.limiter.SetLimitAt(now, rate.Limit(e.rate))
	e.raised = now
}

// share is the rate as a share of the ceiling.
func (e *even) share() float64 {
	if e.fixed {
		return 1
	}
	return e.rate / e.ceiling
}

// next is when the next request may go.
func (e *even) next(now time.Time) time.Time {
	if !e.reserved {
		e.slot = now.Add(e.limiter.ReserveN(now, 1).DelayFrom(now))
		e.reserved = true
	}
	return e.slot
}

// take uses the slot that next reserved.
func (e *even) take() { e.reserved = false }

// restart spaces from then on: no slot that was missed while the gate was closed may be made up for.
func (e *even) restart(then time.Time) {
	e.limiter = rate.NewLimiter(rate.Limit(e.rate), 1)
	e.limiter.AllowN(then.Add(-time.Nanosecond), 1)
	e.slot, e.reserved = then, true
}

// refused slows down, once a second: by 5 %, twice that with each bad second in a row.
func (e *even) refused(now time.Time) {
	if e.fixed || now.Sub(e.cut) < time.Second {
		return
	}
	if e.row = min(e.row+1, 3); now.Sub(e.cut) > 3*time.Second {
		e.row = 1
	}
	e.bad, e.cut = e.rate, now
	e.set(now, e.rate*(1-0.025*float64(int(1)<<e.row)))
}

// accepted speeds up after clean seconds, and slowly where the last refusal was.
func (e *even) accepted(now time.Time) {
	if e.fixed || e.rate >= e.ceiling || now.Sub(e.cut) < 2*time.Second || now.Sub(e.raised) < time.Second {
		return
	}
	step := 0.01 * e.n
	if e.rate+step > 0.97*e.bad {
		step = 0.002 * e.n
	}
	e.set(now, e.rate+step)
}
