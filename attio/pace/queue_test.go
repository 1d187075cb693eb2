package pace

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
func ok() Answer {
	return Answer{Received: time.Now(), Date: time.Now().Truncate(time.Second)}
}

// refusal is a 429 that came at once.
func refusal(after time.Duration) Answer {
	a := ok()
	a.Limited, a.RetryAfter = true, after
	return a
}

// burst has 128 callers wait at once and says when each had leave, after zero.
func burst(t *testing.T, g *Gate, zero time.Time) []time.Duration {
	t.Helper()
	var mu sync.Mutex
	var at []time.Duration
	for range 128 {
		go func() {
			_, err := g.Wait(t.Context(), false)
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

func TestQueueServesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(Options{Rate: 10, Fixed: true})
		var mu sync.Mutex
		var order []int
		join := func(i int, again bool) {
			go func() {
				_, err := g.Wait(t.Context(), again)
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

func TestQueueLeftByACancelledCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(Options{Rate: 1, Fixed: true})
		_, err := g.Wait(t.Context(), false)
		require.NoError(t, err)
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		failed := make(chan error, 1)
		go func() {
			_, err := g.Wait(ctx, false)
			failed <- err
		}()
		synctest.Wait()
		begin := time.Now()
		served := make(chan time.Duration, 1)
		go func() {
			_, err := g.Wait(t.Context(), false)
			served <- time.Since(begin)
			require.NoError(t, err)
		}()
		synctest.Wait()
		cancel(cause)
		require.ErrorIs(t, <-failed, cause)
		require.InDelta(t, time.Second, <-served, float64(time.Millisecond), "the one that left has taken no turn")
		_, err = g.Wait(ctx, true)
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
				g := New(Options{Rate: 25, Fixed: true, Observe: func(e Event) { events = append(events, e) }})
				first, err := g.Wait(t.Context(), false)
				require.NoError(t, err)
				begin := time.Now()
				g.Done(first, refusal(c.after))
				at := burst(t, g, begin)
				require.InDelta(t, c.want, at[0], float64(time.Millisecond))
				for i := 1; i < len(at); i++ {
					require.GreaterOrEqual(t, at[i]-at[i-1], 39*time.Millisecond, "no stampede when the gate opens")
				}
				require.Len(t, events, 1)
				require.InDelta(t, c.want, events[0].Pause, float64(time.Millisecond))
			})
		})
	}
}

// lock drives p until it has locked on to a server's clock second.
func lock(t *testing.T, s *server, g *Gate) {
	t.Helper()
	drive(s, "a", g, 64, 15*time.Second).Wait()
	require.True(t, g.ticked(time.Now()))
}

func quiet(seed uint64) *server {
	return &server{
		begin: time.Now(), limiter: clockSecond(), offset: 370 * ms, latency: 50 * ms,
		jitter: [2]time.Duration{5 * ms, 20 * ms}, seed: seed,
		accepted: map[string][]int{}, refused: map[string][]int{},
	}
}

func TestLongerPauseClosesTheTickedGateToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, g := quiet(1), New(Options{Rate: 25})
		lock(t, s, g)
		first, err := g.Wait(t.Context(), false)
		require.NoError(t, err)
		date := s.now().Truncate(time.Second)
		g.Done(first, Answer{Received: time.Now(), Date: date, Limited: true, RetryAfter: 10 * time.Second})
		reset := time.Now().Add(date.Add(10 * time.Second).Sub(s.now()))
		at := burst(t, g, reset)
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
		s, g := quiet(2), New(Options{Rate: 25})
		lock(t, s, g)
		time.Sleep(3 * time.Second)
		before := g.Stats().Limit
		begin := time.Now()
		for range 40 { // at 8 a second
			turn, err := g.Wait(t.Context(), false)
			require.NoError(t, err)
			g.Done(turn, s.call("b"))
			time.Sleep(50 * ms)
		}
		require.Less(t, (g.Stats().Limit - before).Seconds(), 0.05*time.Since(begin).Seconds())
		require.Zero(t, sum(s.refused["b"], 0, 1000))
	})
}

func TestCancelledBurstLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, g := quiet(3), New(Options{Rate: 25})
		lock(t, s, g)
		ctx, cancel := context.WithCancelCause(t.Context())
		cause := errors.New("stop")
		var all sync.WaitGroup
		var mu sync.Mutex
		failed := 0
		for range 128 {
			all.Go(func() {
				turn, err := g.Wait(ctx, false)
				if err != nil {
					mu.Lock()
					defer mu.Unlock()
					failed++
					require.ErrorIs(t, err, cause)
					return
				}
				g.Done(turn, s.call("a"))
			})
		}
		time.Sleep(2100 * ms)
		cancel(cause)
		all.Wait()
		require.Greater(t, failed, 128-76)
		require.Less(t, failed, 128-25)
		require.Zero(t, g.waiting())
		require.False(t, g.timer.Stop(), "no timer runs while nobody waits")
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
				s, g := quiet(4), New(Options{Rate: 25})
				if c.beside != nil {
					go c.beside(s, time.Now().Add(time.Minute))
				}
				drive(s, "a", g, 64, time.Minute).Wait()
				time.Sleep(5 * time.Second)
				got := g.Stats()
				require.GreaterOrEqual(t, got.Other.Seconds()/60, c.other[0])
				require.LessOrEqual(t, got.Other.Seconds()/60, c.other[1])
				require.InDelta(t, 60, (got.Limit + got.Other).Seconds(), 2, "somebody waits all the time")
			})
		})
	}
}
