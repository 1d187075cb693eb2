package pace_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/pace"
)

// TestOnlyTheGateBehindQueriesShares: a query is a read, whose second is claimed once.
func TestOnlyTheGateBehindQueriesShares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		claims := 0
		reads := pace.New(pace.Options{Rate: 100, Share: func(int64, int) (int, bool) {
			claims++
			if claims <= 2 { // others have taken these seconds
				return 0, true
			}
			return 50, true
		}})
		queries := pace.Queries(reads)
		began := time.Now()
		turn, err := queries.Wait(t.Context(), false)
		require.NoError(t, err)
		queries.Done(turn, pace.Answer{Received: time.Now()})
		require.Less(t, time.Since(began), 5*time.Second)
		time.Sleep(2 * time.Second)
	})
}

// TestAShareThatCutsAProbeShortEndsIt: whoever was refused once while others had the rest goes faster again when they
// have gone.
func TestAShareThatCutsAProbeShortEndsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		passed := func() time.Duration { return time.Since(began) }
		g := pace.New(pace.Options{Rate: 25, Share: func(int64, int) (int, bool) {
			if passed() < time.Minute {
				return 8, true
			}
			return 25, true
		}})
		refused, late := false, 0
		for passed() < 3*time.Minute {
			turn, err := g.Wait(t.Context(), false)
			require.NoError(t, err)
			a := pace.Answer{Received: time.Now()}
			if !refused && passed() > 20*time.Second {
				refused = true
				a.Limited, a.RetryAfter = true, 3*time.Second
			}
			if passed() > 2*time.Minute {
				late++
			}
			g.Done(turn, a)
		}
		require.Greater(t, late, 20*60, "in the last minute, alone")
	})
}

// TestAskGetsAShareOfTheSecondAtHand: where it turns out in the middle of a second that others have part of it, the
// rest of that second is shared already.
func TestAskGetsAShareOfTheSecondAtHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var shared atomic.Bool
		g := pace.New(pace.Options{Rate: 100, Share: func(int64, int) (int, bool) { return 10, shared.Load() }})
		began := time.Now()
		sent := func(until time.Duration) (n int) {
			for ; ; n++ {
				turn, err := g.Wait(t.Context(), false)
				require.NoError(t, err)
				g.Done(turn, pace.Answer{Received: time.Now()})
				if time.Since(began) >= until {
					return n
				}
			}
		}
		require.Greater(t, sent(200*time.Millisecond), 12, "alone, at 80 a second")
		shared.Store(true)
		g.Ask()
		require.Less(t, sent(time.Second), 10, "at 10 a second")
	})
}

// TestASecondThatIsBegunTwiceGetsItsShareOnce: what has left in a second is part of the share that it gets when it is
// asked for again.
func TestASecondThatIsBegunTwiceGetsItsShareOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := pace.NewClock()
		for range 30 { // the server's second begins with ours
			clock.Hear(time.Now(), time.Now(), time.Now().Truncate(time.Second))
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second)))
		g := pace.New(pace.Options{Rate: 25, Clock: clock, Share: func(int64, int) (int, bool) { return 12, true }})
		began, again := time.Now(), false
		for n := 1; ; n++ {
			turn, err := g.Wait(t.Context(), false)
			require.NoError(t, err)
			if time.Since(began) >= time.Second {
				break
			}
			require.LessOrEqual(t, n, 12, "after %v", time.Since(began))
			g.Done(turn, pace.Answer{Received: time.Now(), Date: time.Now().Truncate(time.Second)})
			if n == 12 && !again {
				again = true
				time.Sleep(100 * time.Millisecond)
				g.Ask()
			}
		}
		require.True(t, again)
	})
}

// TestWhatHeldRequestsBack: the rate itself, or less than that.
func TestWhatHeldRequestsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := pace.New(pace.Options{Rate: 10})
		for range 30 {
			turn, err := g.Wait(t.Context(), false)
			require.NoError(t, err)
			g.Done(turn, pace.Answer{Received: time.Now()})
		}
		held := g.Stats()
		require.Greater(t, held.Limit, time.Second)
		turn, err := g.Wait(t.Context(), false)
		require.NoError(t, err)
		g.Done(turn, pace.Answer{Received: time.Now(), Limited: true, RetryAfter: 10 * time.Second})
		_, err = g.Wait(t.Context(), true)
		require.NoError(t, err)
		require.Greater(t, g.Stats().Other-held.Other, 9*time.Second)
		g.Done(turn, pace.Answer{Received: time.Now(), Limited: true, RetryAfter: 90 * time.Second})
		_, err = g.Wait(t.Context(), true)
		require.ErrorContains(t, err, "takes no request until")
	})
}
