package attio

import (
	"context"
	"sync"
	"time"
)

// pacer lets requests of one kind (reads or writes) go at the rate that Attio allows. One pacer is shared by all callers; it is the one
// gate that closes for everyone on a 429.
//
//	t, err := p.wait(ctx, again)  // blocks until this request may go; waitQuery for a record query
//	…send…
//	p.done(t, answer{…})          // always, whatever came of it
//
// Its plain mode is even pacing (pace_even.go). On top it learns the server's clock second (pace_clock.go) and sends each second's budget
// early in that second (pace_window.go, pace_budget.go), since Attio's limits are reset, typically, at the next clock second (Attio's guide
// Rate limiting). Where refusals contradict that (pace_doubt.go) it goes back to even pacing; pace_way.go chooses. The queue is in
// pace_line.go, the queries' score budget in pace_score.go.
//
// It owns no goroutine: a timer runs while somebody waits, and nothing runs while nobody does.
type pacer struct {
	mu      sync.Mutex
	n       float64 // requests a second that Attio allows
	base    time.Time
	observe func(Event)

	line   line      // who waits
	closed time.Time // the gate is closed until then
	events []Event   // to be told once the lock is let go

	scores   scores
	way      way
	unlocked bool // the clock is not to be learnt
	even     even
	clock    clock
	windows  windows
	own      int           // requests accepted since the clock is being learnt
	lockAt   time.Time     // the clock is known: when the next second begins; zero when it is not, or long since
	lost     int           // times that the clock had to be learnt again, lately
	lostAt   time.Time     // the last of them
	retry    time.Time     // when to try the clock again
	trial    time.Duration // how long to wait the next time
	told     bool          // the change of ways has been told

	tally  paceStats
	marked time.Time // up to when time has been tallied
}

// turn is the leave to send one request.
type turn struct {
	sent   time.Time // when leave was given
	query  bool      // it came through waitQuery
	load   int       // requests that went in the second before, this one too
	window *window   // nil when paced evenly
	place  int       // in the window
}

// answer is what came of a request, for the pacer to learn from.
type answer struct {
	received   time.Time     // local monotonic time at which the answer's header arrived; zero when none came
	date       time.Time     // the server's Date header; zero when absent or unreadable
	status     int           // 0 when none came
	limited    bool          // a 429
	retryAfter time.Duration // of a 429: Retry-After minus Date, already made sane: 250 ms at least; 0 when absent
	score      int           // x-attio-record-query-score of a query
	query      bool          // a record query: a 429 may be its score budget of ten seconds
}

// leastLocked is the lowest rate for which seconds have budgets.
const leastLocked = 2

// shortestPause is how long the gate stays closed at least.
const shortestPause = 250 * time.Millisecond

// paceStats says what held requests back.
type paceStats struct {
	// waited is summed over all callers.
	waited time.Duration
	// The rest is time by the clock while at least one request waited: for Attio's limit itself, or for a limit lower than Attio's, which
	// is another client's use or an incident (a closed gate, and the part of the time by which the budget is cut).
	limit, other time.Duration
	// score is time while a query waited for the score budget; it may overlap with the others.
	score time.Duration
}

// newPacer paces n requests a second. even forces even pacing at n.
func newPacer(n float64, even bool, observe func(Event)) *pacer {
	now := time.Now()
	p := &pacer{n: n, base: now, marked: now, observe: observe, way: learning, trial: firstTrial}
	p.even = newEven(n, even)
	p.windows.clock = &p.clock
	if even || n < leastLocked {
		p.way, p.unlocked = plain, true
	}
	return p
}

// wait blocks until a request may go; again puts a request that was refused at the front of the queue. The error is the context's cause.
func (p *pacer) wait(ctx context.Context, again bool) (turn, error) {
	return p.queue(ctx, &p.line, again)
}

// done ends a turn.
func (p *pacer) done(t turn, a answer) {
	p.update(func(now time.Time) { p.learn(now, t, a) })
}

// overhear takes an answer to a request of the other kind, from which the server's clock can be learnt as well: an import reads before it
// writes, so that its first writes know the clock.
func (p *pacer) overhear(sent time.Time, a answer) {
	p.update(func(now time.Time) { p.hear(now, sent, a) })
}

// update changes what is known, lets everyone go who may go by that, and tells what is to be told.
func (p *pacer) update(change func(now time.Time)) {
	p.mu.Lock()
	now := time.Now()
	p.mark(now)
	change(now)
	p.pump(now)
	events := p.events
	p.events = nil
	p.mu.Unlock()
	if p.observe != nil {
		for _, e := range events {
			p.observe(e)
		}
	}
}

// close keeps the gate closed until then.
func (p *pacer) close(now, until time.Time) {
	if !until.After(p.closed) {
		return
	}
	if !p.closed.After(now) && until.After(now) {
		p.paused(until.Sub(now), "the rate limit was reached")
	}
	p.closed = until
	p.even.restart(until)
}

func (p *pacer) paused(wait time.Duration, why string) {
	p.events = append(p.events, Event{Kind: "paused", Wait: wait, Text: why})
}

// next is when the request at the front of the line may go: not after now if it may go now.
func (p *pacer) next(now time.Time) time.Time {
	if p.closed.After(now) {
		return p.closed
	}
	if !p.lockAt.IsZero() && !now.Before(p.lockAt) {
		p.lock(now)
	}
	if p.way == locked {
		return p.base.Add(p.windows.next(now.Sub(p.base)))
	}
	return p.even.next(now)
}

// take gives leave to one request, now.
func (p *pacer) take(now time.Time) turn {
	t := turn{sent: now}
	if p.way == locked {
		t.window, t.place = p.windows.take(now.Sub(p.base))
	} else {
		p.even.take()
	}
	t.load = p.windows.left(now.Sub(p.base))
	return t
}

// refund takes a turn back that nobody used.
func (p *pacer) refund(t turn) {
	if t.window == nil {
		return
	}
	t.window.sent--
	if t.place < 0 {
		t.window.canary = noCanary
	}
}

// mark tallies the time since the last mark.
func (p *pacer) mark(now time.Time) {
	passed := now.Sub(p.marked)
	p.marked = now
	if passed <= 0 {
		return
	}
	if !p.scores.line.empty() {
		p.tally.score += passed
	}
	if p.line.empty() {
		return
	}
	if p.closed.After(now) {
		p.tally.other += passed
		return
	}
	share := p.even.share()
	if p.way == locked {
		share = float64(p.windows.budget.level) / float64(p.windows.budget.full)
	}
	p.tally.limit += time.Duration(share * float64(passed))
	p.tally.other += time.Duration((1 - share) * float64(passed))
}

// stats says what held requests back until now.
func (p *pacer) stats() paceStats {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mark(time.Now())
	return p.tally
}
