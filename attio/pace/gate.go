package pace

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

const (
	leastPause = 250 * time.Millisecond // after a refusal
	longPause  = time.Minute

	queryPeriod = 10 * time.Second
	guessPeriod = 3 * time.Second
	queryShare  = 0.95 // of what went through
	dearScore   = 20
)

// Gate lets requests of one kind go. It may be used by several goroutines.
//
//	t, err := g.Wait(ctx, again)
//	… send …
//	g.Done(t, answer) // always, whatever came of it
type Gate struct {
	mu       sync.Mutex
	o        Options
	clock    *Clock
	next     *Gate          // a request passes this gate, then the next one
	queue    [2][]chan Turn // who waits for a turn: those that were refused, then all others
	timer    *time.Timer    // runs while somebody waits
	closed   time.Time      // nobody passes until then
	sends    []time.Time    // when the last requests left, of two seconds at least
	now      *second
	past     []*second // not judged yet
	claiming bool      // Share has been asked and has not returned
	budget   budget
	spread   spread
	score    float64     // queries: the mean score, lately
	through  []time.Time // queries: what went through in the last period
	refused  time.Time   // queries: the last refusal that counted
	events   []Event
	tally    Stats
	marked   time.Time
}

// New returns an open gate.
func New(o Options) *Gate {
	o.Clock = cmp.Or(o.Clock, NewClock())
	now := time.Now()
	g := &Gate{o: o, clock: o.Clock, marked: now}
	g.spread = spread{evenly: o.Fixed || o.Rate < leastTicked, since: now, after: spreadWait, place: 0.9}
	g.budget = newBudget(g.most(now))
	return g
}

// Queries returns a gate for requests that pass it and then the gate of reads. It has no rate of its own until
// queries are refused while reads are below half of theirs: then they have a budget of their own, as Attio's have,
// over ten seconds (https://docs.attio.com/rest-api/guides/rate-limiting, score).
func Queries(reads *Gate) *Gate {
	o := reads.o
	o.Fixed, o.Share = false, nil // the gate behind it shares
	g := New(o)
	g.next = reads
	g.spread.evenly = true
	g.budget = newBudget(o.Rate)
	return g
}

// Wait returns when one request may leave; again puts a request that was refused before the others. The error is the
// context's cause, or a *LongPauseError.
func (g *Gate) Wait(ctx context.Context, again bool) (Turn, error) {
	t, err := g.wait(ctx, again)
	if err != nil || g.next == nil {
		return t, err
	}
	behind, err := g.next.Wait(ctx, again)
	if err != nil {
		g.update(func(time.Time) { t.second.sent-- })
		return Turn{}, err
	}
	t.behind, t.sent = &behind, behind.sent
	return t, nil
}

// Done ends a turn and learns from what came of it.
func (g *Gate) Done(t Turn, a Answer) {
	if g.next != nil {
		if t.behind == nil {
			return
		}
		behind := a
		a.Limited = a.Limited && (float64(t.behind.load) < g.o.Rate/2 || g.suspect())
		behind.Limited = behind.Limited && !a.Limited
		g.next.Done(*t.behind, behind)
	} else if !a.Received.IsZero() {
		g.clock.Hear(t.sent, a.Received, a.Date)
	}
	if t.second != nil {
		g.update(func(now time.Time) { g.learn(now, t, a) })
	}
}

// Stats returns what held requests back until now.
func (g *Gate) Stats() Stats {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.mark(time.Now())
	return g.tally
}

// update changes what is known, lets everyone go who may go by that, and tells what is to be told.
func (g *Gate) update(change func(now time.Time)) {
	g.mu.Lock()
	now := time.Now()
	g.mark(now)
	change(now)
	g.pump(now)
	events := g.events
	g.events = nil
	g.mu.Unlock()
	if g.o.Observe != nil {
		for _, e := range events {
			g.o.Observe(e)
		}
	}
}

// ticked reports whether requests leave early in each of the server's seconds.
func (g *Gate) ticked(now time.Time) bool {
	return !g.spread.evenly && g.clock.read().known(now)
}

// most is the highest level.
func (g *Gate) most(now time.Time) float64 {
	switch {
	case g.o.Fixed, g.next != nil, g.o.Rate < leastTicked, g.ticked(now):
		return g.o.Rate
	case g.spread.evenly, g.clock.read().absent(now) != "":
		return evenShare * g.o.Rate
	}
	return learnShare * g.o.Rate
}

// slot is when the next request may leave: not after now if it may leave now.
func (g *Gate) slot(now time.Time) time.Time {
	if g.closed.After(now) {
		return g.closed
	}
	if g.now == nil || !now.Before(g.now.end) || g.now.manner != g.manner(now) && !g.now.rest {
		g.begin(now)
	}
	switch {
	case g.now.asked.After(now):
		return g.now.asked
	case g.now.sent >= g.now.budget:
		return g.now.end
	case g.now.manner == &queries && g.now.level >= g.budget.most: // whenever they like until some have been refused
		return now
	}
	at := later(g.now.start, g.left(1).Add(g.now.gap))
	if g.now.manner != &ticked {
		at = later(at, g.left(g.now.group).Add(time.Duration(float64(g.now.group)/g.now.level*float64(time.Second))))
	}
	if g.now.manner == &queries { // no more in ten seconds than went through
		if most := max(1, int(g.now.level*queryPeriod.Seconds())); len(g.through) >= most {
			at = later(at, g.through[len(g.through)-most].Add(queryPeriod))
		}
	}
	if g.o.Share != nil && g.now.manner == &evenly && at.After(g.now.end) { // the next share may be larger
		return g.now.end
	}
	return at
}

// left is when the last request but n-1 left; long ago where there were fewer.
func (g *Gate) left(n int) time.Time {
	if n > len(g.sends) {
		return time.Time{}
	}
	return g.sends[len(g.sends)-n]
}

// take gives leave to one request, now.
func (g *Gate) take(now time.Time) Turn {
	g.sends = append(g.sends[max(0, len(g.sends)-4*(int(g.o.Rate)+1)):], now)
	g.now.sent++
	load := g.sentSince(now.Add(-time.Second))
	return Turn{sent: now, second: g.now, place: float64(g.now.sent) / g.now.level, load: load}
}

// since drops the times that are not after from.
func since(times []time.Time, from time.Time) []time.Time {
	return slices.DeleteFunc(times, func(t time.Time) bool { return !t.After(from) })
}

// suspect reports whether the queries' own budget is the cause of a refusal, however frequent reads are: queries are
// dear, or have just been refused for it.
func (g *Gate) suspect() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.score >= dearScore || g.budget.level < g.budget.most || g.now != nil && g.now.refused > 0
}

// learn takes what an answer teaches.
func (g *Gate) learn(now time.Time, t Turn, a Answer) {
	t.second.answered++
	switch {
	case a.Limited:
		g.close(now, t, a)
		if g.next == nil {
			t.second.refused++
			if t.second.manner == &ticked && !t.second.part {
				g.spread.place += (t.place - g.spread.place) / 5
			}
		} else if t.sent.After(g.refused) { // else it left before the last refusal was known, and teaches nothing new
			g.refused = now
			if t.second.refused++; t.second.refused > 1 {
				t.second.end = now // ten seconds are long to wait for the same answer again and again
			}
		}
	case g.next != nil && !a.Received.IsZero():
		g.score += (float64(a.Score) - g.score) / 5
		g.through = append(since(g.through, now.Add(-queryPeriod)), now)
	}
	g.judge(now)
}

// close keeps the gate closed until the time that a refusal named.
func (g *Gate) close(now time.Time, t Turn, a Answer) {
	until := a.Received.Add(max(a.RetryAfter, leastPause))
	if !a.Date.IsZero() && g.clock.read().known(now) {
		// The clock knows the fraction of the second that Date leaves out.
		named := a.Date.Add(a.RetryAfter + time.Second - 1).Unix()
		if tick := g.clock.read().tick(named, now).Add(lead); tick.Before(until) {
			until = tick
		}
	}
	if !until.After(g.closed) || !until.After(now) {
		return
	}
	if !g.closed.After(now) {
		g.events = append(g.events, Event{Pause: until.Sub(now), Text: "the rate limit was reached"})
	}
	if a.RetryAfter > 2*time.Second && !g.o.Fixed && t.sent.After(g.budget.since) { // once for what left together
		g.budget.lower(now, g.budget.level/2) // and begins again with care
		g.budget.patience = 1
	}
	g.closed = until
}

// mark tallies the time since the last mark.
func (g *Gate) mark(now time.Time) {
	passed := now.Sub(g.marked)
	g.marked = now
	if g.waiting() == 0 {
		return
	}
	open := min(passed, max(0, now.Sub(g.closed)))
	limit := time.Duration(g.budget.level / g.budget.most * float64(open))
	g.tally.Limit += limit
	g.tally.Other += passed - limit
}
