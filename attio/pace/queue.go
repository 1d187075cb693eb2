package pace

import (
	"context"
	"slices"
	"time"
)

// queue holds who waits at a gate, those that were refused and the others: first come, first served. The gate's lock
// guards it.
type queue struct {
	again, fresh []*caller
	timer        *time.Timer
}

type caller struct {
	since time.Time
	leave chan Turn // holds one turn once it has been given
}

func (q *queue) len() int { return len(q.again) + len(q.fresh) }

// pop removes the first caller of a queue that is not empty.
func (q *queue) pop() (c *caller) {
	from := &q.again
	if len(*from) == 0 {
		from = &q.fresh
	}
	c, *from = (*from)[0], (*from)[1:]
	return c
}

// wake calls f in d. The timer is made when somebody first waits, so that it belongs to the test bubble of who waits.
func (q *queue) wake(d time.Duration, f func()) {
	if q.timer == nil {
		q.timer = time.AfterFunc(d, f)
		return
	}
	q.timer.Reset(d)
}

func (q *queue) rest() {
	if q.timer != nil {
		q.timer.Stop()
	}
}

// wait stands in the queue until the caller has its turn, the context ends, or the server asks for a pause that is
// too long.
func (g *Gate) wait(ctx context.Context, again bool) (Turn, error) {
	if ctx.Err() != nil {
		return Turn{}, context.Cause(ctx)
	}
	c := &caller{since: time.Now(), leave: make(chan Turn, 1)}
	g.mu.Lock()
	g.mark(c.since)
	if again {
		g.queue.again = append(g.queue.again, c)
	} else {
		g.queue.fresh = append(g.queue.fresh, c)
	}
	g.pump(c.since)
	g.mu.Unlock()
	select {
	case t := <-c.leave:
		return t, t.err
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	g.mark(now)
	select {
	case t := <-c.leave: // given in the same instant
		g.refund(t)
	default:
		is := func(o *caller) bool { return o == c }
		g.queue.again, g.queue.fresh = slices.DeleteFunc(g.queue.again, is), slices.DeleteFunc(g.queue.fresh, is)
		g.tally.Waited += now.Sub(c.since)
	}
	g.pump(now)
	return Turn{}, context.Cause(ctx)
}

// pump lets everyone go who may go now, and sets the timer for the next one.
func (g *Gate) pump(now time.Time) {
	for g.queue.len() > 0 {
		at, err := g.slot(now), g.tooLong(now)
		if err == nil && at.After(now) {
			g.queue.wake(at.Sub(now), g.alarm)
			return
		}
		c := g.queue.pop()
		g.tally.Waited += now.Sub(c.since)
		if err != nil {
			c.leave <- Turn{err: err}
			continue
		}
		c.leave <- g.take(now)
	}
	g.queue.rest()
}

// alarm is what the timer calls.
func (g *Gate) alarm() { g.update(func(time.Time) {}) }
