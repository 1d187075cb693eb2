package attio

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// ok is an answer that came at once.
func ok() answer {
	return answer{received: time.Now(), date: time.Now().Truncate(time.Second), status: 200}
}

// refusal is a 429 that came at once.
func refusal(after time.Duration) answer {
	a := ok()
	a.status, a.limited, a.retryAfter = 429, true, after
	return a
}

// burst has 128 callers wait at once and says when each had leave, after zero.
func burst(t *testing.T, p *pacer, zero time.Time) []time.Duration {
	t.Helper()
	var mu sync.Mutex
	var at []time.Duration
	for range 128 {
		go func() {
			_, err := p.wait(t.Context(), false)
			mu.Lock()
			defer mu.Unlock()
			at = append(at, time.Since(zero))
			require.NoError(t, err)
		}()
	}
	time.Sleep(30 * time.Second)
	synctest.Wait()
	require.Len(t, at, 128)
	return at
}

func TestLineServesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(10, true, nil)
		var mu sync.Mutex
		var order []int
		join := func(i int, again bool) {
			go func() {
				_, err := p.wait(t.Context(), again)
				mu.Lock()
				defer mu.Unlock()
				order = append(order, i)
				require.NoError(t, err)
			}()
			synctest.Wait()
		}
		for i := range 4 {
			join(i, false) // 0 goes at once
		}
		join(10, true)
		join(11, true)
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, []int{0, 10, 11, 1, 2, 3}, order)
	})
}

func TestLineLeftByACancelledCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(1, true, nil)
		_, err := p.wait(t.Context(), false)
		require.NoError(t, err)
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		failed := make(chan error, 1)
		go func() {
			_, err := p.wait(ctx, false)
			failed <- err
		}()
		synctest.Wait()
		begin := time.Now()
		served := make(chan time.Duration, 1)
		go func() {
			_, err := p.wait(t.Context(), false)
			served <- time.Since(begin)
			require.NoError(t, err)
		}()
		synctest.Wait()
		cancel(cause)
		require.ErrorIs(t, <-failed, cause)
		require.InDelta(t, time.Second, <-served, float64(time.Millisecond), "the one that left has taken no turn")
		_, err = p.wait(ctx, true)
		require.ErrorIs(t, err, cause)
	})
}

func TestGateClosesForAll(t *testing.T) {
	for _, c := range []struct {
		name  string
		after time.Duration
		want  time.Duration
	}{
		{"what the server asked", 3 * time.Second, 3 * time.Second},
		{"nothing asked", 0, 250 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var events []Event
				p := newPacer(25, true, func(e Event) { events = append(events, e) })
				first, err := p.wait(t.Context(), false)
				require.NoError(t, err)
				begin := time.Now()
				p.done(first, refusal(c.after))
				at := burst(t, p, begin)
				require.InDelta(t, c.want, at[0], float64(time.Millisecond))
				for i := 1; i < len(at); i++ {
					require.GreaterOrEqual(t, at[i]-at[i-1], 39*time.Millisecond, "no stampede when the gate opens")
				}
				require.Len(t, events, 1)
				require.Equal(t, "paused", events[0].Kind)
				require.InDelta(t, c.want, events[0].Wait, float64(time.Millisecond))
			})
		})
	}
}

// lock drives p until it has locked on to a server's clock second.
func lock(t *testing.T, s *server, p *pacer) {
	t.Helper()
	drive(s, "a", p, 64, 15*time.Second).Wait()
	require.Equal(t, locked, p.way)
}

func quiet(seed uint64) *server {
	return &server{
		begin: time.Now(), limiter: clockSecond(), offset: 370 * ms, latency: 50 * ms, jitter: [2]time.Duration{5 * ms, 20 * ms}, seed: seed,
		accepted: map[string][]int{}, refused: map[string][]int{},
	}
}

func TestFirstWriteKnowsTheClockFromReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := quiet(1), newPacer(25, false, nil)
		s.read()
		require.Equal(t, learning, p.way)
		s.overhear(p)
		require.Zero(t, p.stats().waited)
		first, err := p.wait(t.Context(), false)
		require.NoError(t, err)
		require.Nil(t, first.window, "until the next tick it goes evenly, and does not wait for it")
		time.Sleep(time.Second)
		next, err := p.wait(t.Context(), false)
		require.NoError(t, err)
		require.NotNil(t, next.window)
	})
}

func TestLongPauseClosesTheLockedGateToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := quiet(1), newPacer(25, false, nil)
		lock(t, s, p)
		first, err := p.wait(t.Context(), false)
		require.NoError(t, err)
		date := s.now().Truncate(time.Second)
		p.done(first, answer{received: time.Now(), date: date, status: 429, limited: true, retryAfter: 10 * time.Second})
		reset := time.Now().Add(date.Add(10 * time.Second).Sub(s.now()))
		at := burst(t, p, reset)
		require.Greater(t, at[0], time.Duration(0), "not before the server's time")
		require.Less(t, at[0], 200*ms)
		require.Greater(t, at[13], 900*ms, "half as many as before in the first second")
		for i := 1; i < len(at); i++ {
			require.GreaterOrEqual(t, at[i]-at[i-1], 13*ms)
		}
	})
}

func TestSingleCallerIsNotHeldBackByTheLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := quiet(2), newPacer(25, false, nil)
		lock(t, s, p)
		time.Sleep(3 * time.Second)
		before := p.stats().waited
		begin := time.Now()
		for range 40 { // at 8 a second
			turn, err := p.wait(t.Context(), false)
			require.NoError(t, err)
			p.done(turn, s.call("b"))
			time.Sleep(50 * ms)
		}
		require.Less(t, (p.stats().waited - before).Seconds(), 0.05*time.Since(begin).Seconds())
		require.Zero(t, sum(s.refused["b"], 0, 1000))
	})
}

func TestCancelledBurstLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := quiet(3), newPacer(25, false, nil)
		lock(t, s, p)
		ctx, cancel := context.WithCancelCause(t.Context())
		cause := errors.New("stop")
		var all sync.WaitGroup
		var mu sync.Mutex
		failed := 0
		for range 128 {
			all.Go(func() {
				turn, err := p.wait(ctx, false)
				if err != nil {
					mu.Lock()
					defer mu.Unlock()
					failed++
					require.ErrorIs(t, err, cause)
					return
				}
				p.done(turn, s.call("a"))
			})
		}
		time.Sleep(2100 * ms)
		cancel(cause)
		all.Wait()
		require.Greater(t, failed, 128-76)
		require.Less(t, failed, 128-25)
		require.True(t, p.line.empty())
		require.False(t, p.line.timer.Stop(), "no timer runs while nobody waits")
	})
}

func TestStatsTellTheLimitFromAnotherClient(t *testing.T) {
	for _, c := range []struct {
		name   string
		beside func(*server, time.Time)
		other  [2]float64 // share of the time
	}{
		{"alone", nil, [2]float64{0, 0}},
		{"another client takes ten", naive(10, true), [2]float64{0.1, 0.6}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, p := quiet(4), newPacer(25, false, nil)
				if c.beside != nil {
					go c.beside(s, time.Now().Add(time.Minute))
				}
				drive(s, "a", p, 64, time.Minute).Wait()
				time.Sleep(5 * time.Second)
				got := p.stats()
				require.GreaterOrEqual(t, got.other.Seconds()/60, c.other[0])
				require.LessOrEqual(t, got.other.Seconds()/60, c.other[1])
				require.InDelta(t, 60, (got.limit + got.other).Seconds(), 2, "somebody waits all the time")
				require.Greater(t, got.waited, 30*time.Minute, "64 callers, most of the time")
			})
		})
	}
}
