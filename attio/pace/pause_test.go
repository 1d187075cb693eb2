package pace

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// leaves counts the requests that leave within a time, all of which go through.
func leaves(t *testing.T, g *Gate, within time.Duration) (n int) {
	t.Helper()
	for end := time.Now().Add(within); ; n++ {
		turn, err := g.Wait(t.Context(), false)
		require.NoError(t, err)
		g.Done(turn, Answer{Received: time.Now()})
		if time.Now().After(end) {
			return n
		}
	}
}

// TestAPauseLeavesARateThatSomebodyChoseAsItIs: it is never learned, so nothing would raise it again.
func TestAPauseLeavesARateThatSomebodyChoseAsItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(Options{Rate: 10, Fixed: true})
		for range 3 {
			turn, err := g.Wait(t.Context(), false)
			require.NoError(t, err)
			g.Done(turn, refusal(5*time.Second))
		}
		time.Sleep(5 * time.Second)
		require.InDelta(t, 100, leaves(t, g, 10*time.Second), 3)
	})
}

// TestAPauseHalvesTheLevelOnce, however many requests that were in flight together are refused.
func TestAPauseHalvesTheLevelOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(Options{Rate: 100})
		var inFlight []Turn
		for range 16 {
			turn, err := g.Wait(t.Context(), false)
			require.NoError(t, err)
			inFlight = append(inFlight, turn)
		}
		for _, turn := range inFlight {
			time.Sleep(time.Millisecond)
			g.Done(turn, refusal(5*time.Second))
		}
		time.Sleep(5 * time.Second)
		require.Greater(t, leaves(t, g, 2*time.Second), 50)
	})
}

// TestAPauseForgetsATrial: what was to be tried before the pause is more than the level that is right after it.
func TestAPauseForgetsATrial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(Options{Rate: 25})
		g.budget.level, g.budget.most, g.budget.tried = 20, 25, true
		turn, err := g.Wait(t.Context(), false)
		require.NoError(t, err)
		time.Sleep(20 * time.Millisecond)
		g.budget.trial = 24
		g.Done(turn, refusal(5*time.Second))
		time.Sleep(5 * time.Second)
		_, err = g.Wait(t.Context(), false)
		require.NoError(t, err)
		require.InDelta(t, 10, g.now.level, 0.01)
		require.False(t, g.now.probe)
		require.Zero(t, g.budget.trial, "the next one can be tried")
	})
}
