package attio

import (
	"container/list"
	"context"
	"time"
)

// line is a queue of callers: first come, first served, refused requests first. It is guarded by its pacer's lock.
type line struct {
	again, fresh list.List // of *waiter
	timer        *time.Timer
}

// waiter is a caller in a line.
type waiter struct {
	since time.Time
	leave chan turn // holds one turn once it has been given
	in    *list.List
	place *list.Element
}

func (l *line) empty() bool { return l.again.Len() == 0 && l.fresh.Len() == 0 }

func (l *line) join(w *waiter, again bool) {
	w.in = &l.fresh
	if again {
		w.in = &l.again
	}
	w.place = w.in.PushBack(w)
}

// pop removes the first waiter of a line that is not empty.
func (l *line) pop() *waiter {
	in := &l.again
	if in.Len() == 0 {
		in = &l.fresh
	}
	return in.Remove(in.Front()).(*waiter)
}

// rest stops the timer: nobody waits.
func (l *line) rest() {
	if l.timer != nil {
		l.timer.Stop()
	}
}

// wake calls f in d. The timer is made when somebody first waits, so that it belongs to the test bubble of who waits.
func (l *line) wake(d time.Duration, f func()) {
	if l.timer == nil {
		l.timer = time.AfterFunc(d, f)
		return
	}
	l.timer.Reset(d)
}

// queue waits in l for a turn.
func (p *pacer) queue(ctx context.Context, l *line, again bool) (turn, error) {
	if ctx.Err() != nil {
		return turn{}, context.Cause(ctx)
	}
	w := &waiter{since: time.Now(), leave: make(chan turn, 1)}
	p.mu.Lock()
	p.mark(w.since)
	l.join(w, again)
	p.pump(w.since)
	p.mu.Unlock()
	select {
	case t := <-w.leave:
		return t, nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.mark(now)
	select {
	case t := <-w.leave: // given in the same instant
		p.refund(t)
	default:
		w.in.Remove(w.place)
		p.tally.waited += now.Sub(w.since)
	}
	p.pump(now)
	return turn{}, context.Cause(ctx)
}

// pump lets everyone go who may go now, and sets the timers for the next ones.
func (p *pacer) pump(now time.Time) {
	p.serve(now, &p.scores.line, p.scores.next, p.scores.take)
	p.serve(now, &p.line, p.next, p.take)
}

func (p *pacer) serve(now time.Time, l *line, next func(time.Time) time.Time, take func(time.Time) turn) {
	for !l.empty() {
		at := next(now)
		if at.After(now) {
			l.wake(at.Sub(now), p.wake)
			return
		}
		w := l.pop()
		p.tally.waited += now.Sub(w.since)
		w.leave <- take(now)
	}
	l.rest()
}

// wake is what the timer calls.
func (p *pacer) wake() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.mark(now)
	p.pump(now)
}
