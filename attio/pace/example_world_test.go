package pace_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attio-bulk/attio-bulk/attio/pace"
)

// world is a server under a fake clock, and who sends to it. The zero value counts 25 requests by its clock second,
// which begins with the local one's, and answers at once.
type world struct {
	limit   func(second int64) int // nil for 25
	ahead   func() time.Duration   // its clock minus the local one; nil for 0
	undated bool                   // its answers have no Date
	sliding bool                   // it counts any second
	way     time.Duration          // a request is on its way for up to so long, and so is its answer
	mu      sync.Mutex
	sent    uint64
	taken   map[int64]int
	log     []time.Time
	late    time.Duration // the latest accepted request of a second, since its begin
	yes, no int
}

// play runs f under a fake clock.
func play(f func(w *world)) {
	synctest.Test(new(testing.T), func(*testing.T) { f(&world{taken: map[int64]int{}}) })
}

func (w *world) now() time.Time {
	if w.ahead == nil {
		return time.Now()
	}
	return time.Now().Add(w.ahead())
}

// call sends one request.
func (w *world) call() pace.Answer {
	w.mu.Lock()
	w.sent++
	r := rand.New(rand.NewPCG(1, w.sent))
	w.mu.Unlock()
	time.Sleep(time.Duration(r.Float64() * float64(w.way)))
	a := w.arrive()
	time.Sleep(time.Duration(r.Float64() * float64(w.way)))
	a.Received = time.Now()
	return a
}

// arrive counts a request.
func (w *world) arrive() pace.Answer {
	w.mu.Lock()
	defer w.mu.Unlock()
	now, limit := w.now(), 25
	second := now.Unix()
	if w.limit != nil {
		limit = w.limit(second)
	}
	ok := w.taken[second] < limit
	if w.sliding {
		ok = len(w.log) < 25 || now.Sub(w.log[len(w.log)-25]) >= time.Second
	}
	a := pace.Answer{Date: now.Truncate(time.Second)}
	if ok {
		w.yes++
		w.taken[second]++
		w.log = append(w.log, now)
		w.late = max(w.late, now.Sub(a.Date))
	} else {
		w.no++
		a.Limited, a.RetryAfter = true, time.Second
	}
	if w.undated {
		a.Date = time.Time{}
	}
	return a
}

// teach sends reads through a gate of their own for long enough to learn the clock.
func (w *world) teach(clock *pace.Clock) {
	w.send(pace.New(pace.Options{Rate: 20, Fixed: true, Clock: clock}), 1, 1225*time.Millisecond)
	time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second)))
	w.yes, w.no, w.late = 0, 0, 0
	clear(w.taken)
}

// send has workers send all they can through a gate for a while.
func (w *world) send(g *pace.Gate, workers int, d time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for again := false; ; {
				turn, err := g.Wait(ctx, again)
				if err != nil {
					return
				}
				a := w.call()
				g.Done(turn, a)
				again = a.Limited
			}
		})
	}
	all.Wait()
}

// tell prints what came of the requests since the last time.
func (w *world) tell(what string, d time.Duration) {
	fmt.Printf("%s: %.0f a second, %d refused\n", what, float64(w.yes)/d.Seconds(), w.no)
	w.yes, w.no = 0, 0
}
