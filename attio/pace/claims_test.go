package pace_test

import (
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
