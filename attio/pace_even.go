package attio

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

// even paces evenly, slower after refusals, faster again after clean seconds, never above its ceiling. It knows nothing of the server's
// clock, so that it works with any way of counting, at the price of staying below the limit. Requests go in small groups, evenly spaced:
// whole groups fit any second, and the time between two of them takes up what is late.
type even struct {
	n     float64 // the limit
	fixed bool    // always exactly n

	limiter *rate.Limiter
	rate    float64   // the rate now
	ceiling float64   // the highest rate
	row     int       // bad seconds in close succession
	cut     time.Time // the last refusal, or the beginning
	raised  time.Time

	slot     time.Time // reserved for the next request
	reserved bool
	rest     int       // of its group, after that slot
	lapse    time.Time // when those may no longer go
}

// Shares of the limit. Requests that are spaced evenly over a limit of clock seconds straddle every tick, and jitter moves some over it:
// even a hair under the limit is refused at times. The lower shares keep refusals under one in a thousand with 200 ms of jitter.
const (
	plainShare = 0.96 // nothing is known of how the server counts
	learnShare = 0.80 // until the server's clock is known
	slideShare = 0.89 // the server does not count by clock seconds
)

// Five groups a second: with more the time between two is shorter than jitter, and fewer are more than a server takes that allows no bursts.
const (
	evenGroups = 5
	evenGap    = 8 * time.Millisecond // within a group
)

// How the rate follows refusals: found by simulation, so that two or three in a minute remain where the limit is a sliding second.
const (
	evenCut     = 0.006           // of the rate, at the first refusal
	learnCut    = 0.5             // while the clock is being learnt
	learnLeast  = 0.2             // of the limit: slower, the clock would take too long to learn
	learnRaise  = 1.5             // after each clean second while it is being learnt
	evenClose   = 2 * time.Second // a refusal sooner after another is cut for harder; later ones may be what a machine held up and let go at once
	evenStep    = 0.00005         // of the limit, each second after a refusal
	evenDoubles = 20.0            // seconds in which that doubles
)

func newEven(n float64, fixed bool) even {
	e := even{n: n, fixed: fixed, limiter: rate.NewLimiter(rate.Limit(n), 1), rate: n}
	if !fixed {
		e.limit(time.Now(), learnShare, learnShare)
	}
	return e
}

// limit sets the rate and its ceiling, as shares of the limit.
func (e *even) limit(now time.Time, share, ceiling float64) {
	if e.fixed {
		return
	}
	e.ceiling = ceiling * e.n
	e.cut, e.row = now, 0
	e.set(now, share*e.n)
	e.limiter.SetBurstAt(now, e.group())
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
	if e.reserved {
		return e.slot
	}
	if e.rest > 0 && now.Before(e.lapse) {
		e.rest--
		e.slot = later(now, e.slot.Add(evenGap))
	} else {
		e.begin(now.Add(e.limiter.ReserveN(now, e.group()).DelayFrom(now)))
	}
	e.reserved = true
	return e.slot
}

// group is how many requests go together.
func (e *even) group() int {
	if e.fixed || e.learning() {
		return 1
	}
	return max(1, int(e.n/evenGroups))
}

// begin sets the time of a group. What is not used of it before the next one is due lapses: it would be too much on top of that.
func (e *even) begin(at time.Time) {
	e.slot, e.rest = at, e.group()-1
	e.lapse = at.Add(time.Duration(float64(e.group()) / e.rate * float64(time.Second)))
}

// take uses the slot that next reserved.
func (e *even) take() { e.reserved = false }

// restart spaces from then on: no slot that was missed while the gate was closed may be made up for.
func (e *even) restart(then time.Time) {
	e.limiter = rate.NewLimiter(rate.Limit(e.rate), e.group())
	e.limiter.AllowN(then.Add(-time.Nanosecond), e.group())
	e.begin(then)
	e.reserved = true
}

// refused slows down, twice as much each time that follows closely. Requests that went before the last change teach nothing.
func (e *even) refused(now, sent time.Time) {
	since := now.Sub(e.cut)
	if e.fixed || !sent.After(e.cut) {
		return
	}
	if e.row++; since > evenClose {
		e.row = 0
	}
	e.cut = now
	if e.learning() { // so far below the limit it cannot be jitter
		e.set(now, max(e.rate*(1-learnCut), min(e.rate, learnLeast*e.n)))
		return
	}
	e.set(now, e.rate*(1-evenCut*float64(int(1)<<min(e.row, 5))))
}

// learning says that the server's clock is not known yet: a time too short to be timid for long.
func (e *even) learning() bool { return e.ceiling <= learnShare*e.n }

// accepted speeds up after clean seconds: hardly at first, since the rate before the last refusal was about right, and faster the longer
// there is none.
func (e *even) accepted(now time.Time) {
	if e.fixed || e.rate >= e.ceiling || now.Sub(e.raised) < time.Second {
		return
	}
	if e.learning() {
		e.set(now, e.rate*learnRaise)
		return
	}
	step := evenStep * math.Exp2(now.Sub(e.cut).Seconds()/evenDoubles)
	e.set(now, e.rate+e.n*min(step, evenCut))
}
