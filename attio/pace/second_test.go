package pace

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEvenPacingGoesInSmallGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(Options{Rate: 25})
		g.spread.evenly = true
		g.judge(time.Now())
		begin := time.Now()
		var at []time.Duration
		one := func() {
			_, err := g.Wait(t.Context(), false)
			require.NoError(t, err)
			at = append(at, time.Since(begin))
		}
		for range 50 {
			one()
		}
		for i := 5; i < len(at); i++ {
			require.InDelta(t, 5.0/22.5, (at[i] - at[i-5]).Seconds(), 0.001, "%d", i)
		}
		one() // of a group whose other four lapse
		time.Sleep(3 * time.Second)
		at = nil
		for range 60 {
			one()
		}
		for i := 25; i < len(at); i++ {
			require.Greater(t, at[i]-at[i-25], time.Second, "no more than 25 in a second, not after a rest either")
		}
	})
}

func TestSlowRatesArePacedEvenly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(Options{Rate: 0.5})
		begin := time.Now()
		for range 31 { // more than it takes to learn a clock
			turn, err := g.Wait(t.Context(), false)
			require.NoError(t, err)
			g.Done(turn, ok())
		}
		require.GreaterOrEqual(t, time.Since(begin), 60*time.Second)
		require.False(t, g.ticked(time.Now()))
	})
}

func TestFixedRateLetsOneGoEveryInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(Options{Rate: 25, Fixed: true})
		begin := time.Now()
		for range 51 {
			_, err := g.Wait(t.Context(), false)
			require.NoError(t, err)
		}
		require.InDelta(t, 2*time.Second, time.Since(begin), float64(time.Millisecond))
		require.InDelta(t, 2*time.Second, g.Stats().Limit, float64(time.Millisecond))
	})
}

// A burst of refusals at the start, before the server's clock is known, is waited out and soon made up for.
func TestBurstAtTheStartIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(Options{Rate: 25})
		start := time.Now()
		for i := range 60 {
			tn, err := g.Wait(t.Context(), i > 0 && i < 6)
			require.NoError(t, err)
			time.Sleep(20 * time.Millisecond)
			a := ok()
			if i < 5 {
				a = refusal(time.Second)
			}
			g.Done(tn, a)
		}
		require.Less(t, time.Since(start), 15*time.Second, "by the fake clock: five seconds of refusals, then sixty requests")
	})
}
