package pace

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// stormy refuses everything for some seconds, again and again, and names the second in which that ends.
type stormy struct {
	bySecond
	storms [][2]int64 // seconds of the server's clock: from, until
}

func (l *stormy) accept(at time.Duration) bool {
	return !l.in(at) && l.bySecond.accept(at)
}

func (l *stormy) in(at time.Duration) bool { return l.until(at) > 0 }

// until is the second in which the storm of that time ends; 0 where there is none.
func (l *stormy) until(at time.Duration) int64 {
	for _, s := range l.storms {
		if second := int64(at / time.Second); second >= s[0] && second < s[1] {
			return s[1]
		}
	}
	return 0
}

// TestNothingLeavesBeforeTheTimeThatARefusalNamed: what leaves after a refusal was received arrives no earlier than
// the time that it named, by the server's clock, whether the gate knows that clock, is just learning it, or never
// does.
func TestNothingLeavesBeforeTheTimeThatARefusalNamed(t *testing.T) {
	for _, c := range []struct {
		name string
		date func(at time.Time) time.Time
	}{
		{"the clock can be learned", func(at time.Time) time.Time { return at.Truncate(time.Second) }},
		{"there is no Date", func(time.Time) time.Time { return time.Time{} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(60) {
				synctest.Test(t, func(t *testing.T) { stormRun(t, seed, c.date) })
			}
		})
	}
}

func stormRun(t *testing.T, seed uint64, dateOf func(time.Time) time.Time) {
	r := rand.New(rand.NewPCG(seed, 7))
	l := &stormy{bySecond: bySecond{limit: func(time.Duration) int { return 25 }}}
	for at := int64(r.IntN(3)); at < 40; at += int64(4 + r.IntN(8)) {
		length := int64(1 + r.IntN(6))
		l.storms = append(l.storms, [2]int64{at, at + length})
		at += length
	}
	begin := time.Now()
	offset := time.Duration(r.IntN(1000)) * ms
	server := func() time.Duration { return time.Since(begin) + offset }
	g := New(Options{Rate: 25})
	var mu sync.Mutex
	type refusal struct {
		received time.Time
		until    time.Duration // the time that it named, by the server's clock
	}
	var refusals []refusal
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	defer cancel()
	delays := [2]int{1 + r.IntN(20), 30 + r.IntN(400)}
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for again := false; ; {
				turn, err := g.Wait(ctx, again)
				if err != nil {
					return
				}
				left := time.Now()
				mu.Lock()
				way := time.Duration(delays[0]+r.IntN(delays[1])) * ms
				back := time.Duration(delays[0]+r.IntN(delays[1])) * ms
				mu.Unlock()
				time.Sleep(way)
				mu.Lock()
				at := server()
				for _, r := range refusals {
					// of two things in one instant of the fake clock nobody knows which was first
					if r.received.Before(left) && at < r.until {
						t.Errorf("seed %d: arrived at %s, before %s", seed, at, r.until)
					}
				}
				ok := l.accept(at)
				until := at.Truncate(time.Second) + time.Second
				if end := l.until(at); end > 0 {
					until = time.Duration(end) * time.Second
				}
				a := Answer{Limited: !ok, Date: dateOf(begin.Add(at))}
				mu.Unlock()
				time.Sleep(back)
				a.Received = time.Now()
				switch {
				case ok:
				case a.Date.IsZero(): // nothing says how old the answer is: the whole pause is waited
					a.RetryAfter = until - at.Truncate(time.Second)
				default:
					a.RetryAfter = begin.Add(until).Sub(a.Date)
				}
				g.Done(turn, a)
				if !ok {
					mu.Lock()
					refusals = append(refusals, refusal{a.Received, until})
					mu.Unlock()
				}
				again = !ok
			}
		})
	}
	all.Wait()
}

func TestAPauseOfMoreThanAMinuteFailsForEveryone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(Options{Rate: 25})
		first, err := g.Wait(t.Context(), false)
		require.NoError(t, err)
		waiting := make(chan error)
		for range 40 {
			go func() {
				for {
					if _, err := g.Wait(t.Context(), false); err != nil {
						waiting <- err
						return
					}
				}
			}()
		}
		synctest.Wait()
		begin := time.Now()
		g.Done(first, refusal(time.Hour))
		for range 40 {
			var long *LongPauseError
			require.ErrorAs(t, <-waiting, &long)
			require.Equal(t, begin.Add(time.Hour), long.Until)
		}
		_, err = Queries(g).Wait(t.Context(), false)
		var long *LongPauseError
		require.ErrorAs(t, err, &long, "queries pass this gate too")
		require.ErrorContains(t, err, "the server takes no request until ")
		require.Less(t, time.Since(begin), time.Second)
		time.Sleep(time.Hour)
		_, err = g.Wait(t.Context(), false)
		require.NoError(t, err, "afterwards it is open again")
	})
}

func TestAQueryThatIsCancelledIsNotCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads := New(Options{Rate: 1, Fixed: true})
		queries := Queries(reads)
		_, err := reads.Wait(t.Context(), false)
		require.NoError(t, err)
		ctx, cancel := context.WithCancelCause(t.Context())
		enough := errors.New("enough")
		failed := make(chan error, 1)
		go func() {
			_, err := queries.Wait(ctx, false)
			failed <- err
		}()
		synctest.Wait()
		cancel(enough)
		require.ErrorIs(t, <-failed, enough)
		require.Zero(t, queries.now.sent)
	})
}
