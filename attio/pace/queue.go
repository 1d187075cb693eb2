package pace

import (
	"context"
	"slices"
	"time"
)

// wait stands in the queue until the caller has its turn, the context ends, or the server asks for a pause that is
// too long.
func (g *Gate) wait(ctx context.Context, again bool) (Turn, error) {
	if ctx.Err() != nil {
		return Turn{}, context.Cause(ctx)
	}
	c, queue := make(chan Turn, 1), &g.queue[1] // c holds one turn once it has been given
	if again {
		queue = &g.queue[0]
	}
	g.update(func(time.Time) { *queue = append(*queue, c) })
	select {
	case t := <-c:
		return t, t.err
	case <-ctx.Done():
	}
	g.update(func(time.Time) {
		*queue = slices.DeleteFunc(*queue, func(o chan Turn) bool { return o == c })
		select {
		case t := <-c: // given in the same instant
			t.second.sent--
		default:
		}
	})
	return Turn{}, context.Cause(ctx)
}

func (g *Gate) waiting() int { return len(g.queue[0]) + len(g.queue[1]) }

// pump lets everyone go who may go now, and sets the timer for the next one. The timer is made while somebody waits,
// so that it belongs to the test bubble of who waits.
func (g *Gate) pump(now time.Time) {
	if g.timer != nil {
		g.timer.Stop()
	}
	for g.waiting() > 0 {
		at, t := g.slot(now), Turn{second: new(second)}
		switch {
		case g.closed.Sub(now) > longPause:
			t.err = &LongPauseError{Until: g.closed}
		case at.After(now):
			g.timer = time.AfterFunc(at.Sub(now), func() { g.update(func(time.Time) {}) })
			return
		default:
			t = g.take(now)
		}
		first := &g.queue[0]
		if len(*first) == 0 {
			first = &g.queue[1]
		}
		(*first)[0] <- t
		*first = (*first)[1:]
	}
}
