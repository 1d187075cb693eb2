package attio

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// pacer lets requests of one kind (reads or writes) go at the rate that Attio allows. One pacer is shared by all callers; it is the one
// gate that closes for everyone on a 429.
//
//	t, err := p.wait(ctx, again)  // blocks until this request may go
//	…send…
//	p.done(t, answer{…})          // always, whatever came of it
type pacer struct {
	limit   *rate.Limiter
	observe func(Event)

	mu     sync.Mutex
	closed time.Time // the gate opens again then
}

// turn is the leave to send one request.
type turn struct{}

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

// newPacer paces n requests a second. even forces even pacing at n.
func newPacer(n float64, even bool, observe func(Event)) *pacer {
	return &pacer{limit: rate.NewLimiter(rate.Limit(n), 1), observe: observe}
}

// wait blocks until a request may go; again puts a request that was refused at the front of the queue. The error is the context's cause.
func (p *pacer) wait(ctx context.Context, again bool) (turn, error) {
	for {
		if ctx.Err() != nil {
			return turn{}, context.Cause(ctx)
		}
		p.mu.Lock()
		d := time.Until(p.closed)
		p.mu.Unlock()
		if d <= 0 {
			r := p.limit.Reserve()
			if d = r.Delay(); d <= 0 {
				return turn{}, nil
			}
			if err := sleep(ctx, d); err != nil {
				r.Cancel()
				return turn{}, err
			}
			return turn{}, nil
		}
		if err := sleep(ctx, d); err != nil {
			return turn{}, err
		}
	}
}

// done ends a turn.
func (p *pacer) done(t turn, a answer) {
	if !a.limited {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := time.Now().Add(a.retryAfter); until.After(p.closed) {
		p.closed = until
		p.observe(Event{Kind: "paused", Wait: a.retryAfter, Text: "paused by Attio"})
	}
}
