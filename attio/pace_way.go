package attio

import (
	"fmt"
	"time"
)

// way is how a pacer paces now.
type way int

const (
	plain    way = iota // evenly, because the caller said so or since the clock does not explain the refusals
	learning            // evenly and slower, until the server's clock is known
	locked              // each server second's budget early in that second
)

const (
	firstTrial   = 5 * time.Minute // until the clock is tried again
	longestTrial = time.Hour
	longPause    = 2 * time.Second
	mostLost     = 3 // times that the clock may be lost within a minute
	// A server that counts otherwise never accepts so many full windows in a row.
	provenWindows = 10
)

// lockOff leaves it at even pacing, just under the limit, whatever the server's clock may be. To be called before the first wait.
func (p *pacer) lockOff() {
	p.way, p.unlocked = plain, true
	p.even.limit(p.base, plainShare, plainShare)
}

// learn takes what an answer teaches.
func (p *pacer) learn(now time.Time, t turn, a answer) {
	if a.status != 0 {
		p.windows.rtt.hear(a.received.Sub(t.sent))
	}
	if t.query {
		p.scores.flying--
	}
	if p.scores.guilty(t, a, p.n) {
		until := a.received.Add(max(a.retryAfter, shortestPause))
		if !p.scores.closed.After(now) {
			p.paused(until.Sub(now), "the score budget of queries was reached")
		}
		p.scores.refused(now, t, until)
		a.limited = false // the rate of reads is not to blame
	} else if t.query && !a.limited && a.status != 0 {
		p.scores.accepted(now, t, a)
	}
	if t.window != nil {
		p.windows.landed(t.window, t.place, t.sent.Sub(p.base), a.received.Sub(p.base), a)
	}
	if a.limited {
		p.refused(now, t, a)
	} else if a.status != 0 {
		p.own++
		p.even.accepted(now)
	}
	p.hear(now, t.sent, a)
}

// hear learns the server's clock.
func (p *pacer) hear(now, sent time.Time, a answer) {
	if a.status == 0 {
		return
	}
	sound := p.clock.hear(sent.Sub(p.base), a.received.Sub(p.base), a.date)
	if !sound {
		p.clock = clock{}
	}
	if !p.unlocked {
		p.settle(now, sound)
	}
}

// refused closes the gate. A window's refusal closes the rest of its second, which is what Retry-After says there.
func (p *pacer) refused(now time.Time, t turn, a answer) {
	wait := max(a.retryAfter, shortestPause)
	if p.way == locked && t.window != nil && wait <= time.Second {
		if t.window == p.windows.now && t.window.refused == 1 {
			end := p.base.Add(p.windows.opening(t.window.second+1, now.Sub(p.base)))
			p.paused(end.Sub(now), "the rate limit was reached")
		}
		return
	}
	until := a.received.Add(wait)
	if p.clock.known() && !a.date.IsZero() {
		// Retry-After is a whole second of the server's clock: no need to wait for the fraction that Date leaves out.
		tick := p.base.Add(p.windows.opening(a.date.Add(wait+time.Second-1).Unix(), now.Sub(p.base)))
		tick = later(tick, a.received.Add(shortestPause))
		if tick.Before(until) {
			until = tick
		}
	}
	p.even.refused(now, t.sent)
	switch {
	case p.way == locked && t.window == nil: // it went just before the lock
		p.windows.budget.level = min(p.windows.budget.level, p.evenly())
	case p.way == locked && wait > longPause && !p.closed.After(now): // begin again with care
		p.windows.budget.halve()
	}
	p.close(now, until)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// settle changes the way of pacing when the clock is known, lost, absent or no explanation.
func (p *pacer) settle(now time.Time, sound bool) {
	switch {
	case p.way == plain:
		if now.After(p.retry) {
			p.relearn(now)
		}
	case p.clock.absent():
		p.giveUp(now, "answers carry no Date")
	case !sound:
		if p.lost++; now.Sub(p.lostAt) > time.Minute {
			p.lost = 1
		}
		p.lostAt = now
		if p.lost >= mostLost {
			p.giveUp(now, "the server's Date does not run like a clock")
			return
		}
		p.relearn(now)
	case p.way == learning && p.clock.known():
		if p.lockAt.IsZero() { // even pacing goes on until the tick: half a second that nobody has to wait
			local := now.Sub(p.base)
			p.lockAt = p.base.Add(p.windows.opening(p.clock.second(local)+1, local))
		}
	case p.way == locked && p.windows.doubt.unexplained() && p.windows.budget.proven >= provenWindows:
		p.relearn(now) // it did, until the server's clock was set
	case p.way == locked && p.windows.doubt.unexplained():
		p.giveUp(now, "refusals do not follow the server's clock second")
	}
}

// lock begins to send each server second's budget, with the second that has just begun.
func (p *pacer) lock(now time.Time) {
	p.way, p.lockAt = locked, time.Time{}
	p.windows.budget = newBudget(int(p.n), p.evenly(), p.own < clockAnswers)
	p.windows.doubt = doubt{left: doubtWindows}
	p.windows.begin(now.Sub(p.base))
}

// evenly is the budget of a second by what even pacing went through with while the clock was learnt.
func (p *pacer) evenly() int {
	if p.even.rate >= p.even.ceiling {
		return int(p.n)
	}
	return max(1, int(p.even.rate))
}

// relearn starts again, evenly.
func (p *pacer) relearn(now time.Time) {
	p.way, p.lockAt = learning, time.Time{}
	p.clock, p.own = clock{}, 0
	p.even.limit(now, learnShare, learnShare)
	p.even.restart(now)
}

// giveUp paces evenly from now on, and tries the clock again much later.
func (p *pacer) giveUp(now time.Time, why string) {
	p.way, p.lockAt = plain, time.Time{}
	p.retry = now.Add(p.trial)
	p.trial = min(2*p.trial, longestTrial)
	p.even.limit(now, slideShare, plainShare)
	p.even.restart(now)
	if !p.told {
		p.told = true
		p.events = append(p.events, Event{Kind: "pacing", Text: fmt.Sprintf("%s: pacing evenly at %.3g a second", why, p.even.rate)})
	}
}
