package importer

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// Storms of 429s with every form of Retry-After, and a server whose clock is a minute and a half off either way: every
// row is there once, at its first sending that counts, and a refusal costs the row nothing.
func TestStormsOf429s(t *testing.T) {
	for _, form := range []string{"date", "seconds", "past", "garbage", "none"} {
		for skew, step := -90*time.Second,
			180*time.Second/time.Duration(torture(2, 36)); skew <= 90*time.Second; skew += step {
			t.Run(fmt.Sprintf("%s, clock off by %s", form, skew), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, attiotest.Options{ClockSkew: skew, Latency: 20 * time.Millisecond})
					w.server.AddFault(attiotest.Fault{Match: isCreate, N: 30, Burst: 40, Status: 429, RetryAfter: form})
					sum, _, err := w.run(t.Context(), job{text: users(1, 150)})
					require.NoError(t, err)
					require.Equal(t, journal.Counts{Read: 150, Created: 150}, sum.Rows)
					require.Equal(t, 150, w.server.Count("users"))
					require.Positive(t, sum.Requests.RateLimited)
					require.Less(t, sum.Seconds, 120.0, "seconds of the fake clock: a storm is waited out, not slept through")
				})
			})
		}
	}
}

// A pause of more than a minute, whatever the clocks say, is not waited for: the run stops and says so, and can be
// resumed.
func TestLongPauseStops(t *testing.T) {
	for _, skew := range []time.Duration{-90 * time.Second, 0, 90 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, attiotest.Options{ClockSkew: skew})
			w.server.AddFault(attiotest.Fault{Match: isCreate, N: 20, Burst: 50, Status: 429, RetryAfter: "far"})
			sum, dir, err := w.run(t.Context(), job{text: users(1, 60)})
			var api *attio.Error
			require.ErrorAs(t, err, &api)
			require.Equal(t, attio.Fatal, api.Class)
			require.Greater(t, api.RetryAfter, time.Minute)
			require.Equal(t, journal.ExitStopped, sum.ExitCode)
			require.Positive(t, sum.Rows.Pending)
			w.server.ClearFaults()
			sum, err = w.resume(t.Context(), dir)
			require.NoError(t, err)
			require.Equal(t, journal.Counts{Read: 60, Created: 60}, sum.Rows)
			require.Equal(t, 60, w.server.Count("users"))
		})
	}
}

// A key that is revoked on the way stops the run at once; rows that were not sent are pending, and none is unknown.
func TestRevokedKeyStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{Latency: 200 * time.Millisecond})
		w.server.AddFault(attiotest.Fault{Match: isCreate, N: 10, Burst: 1000, Status: 401})
		sum, dir, err := w.run(t.Context(), job{text: users(1, 100)})
		var api *attio.Error
		require.ErrorAs(t, err, &api)
		require.Equal(t, 401, api.Status)
		require.Equal(t, journal.ExitStopped, sum.ExitCode)
		require.Zero(t, sum.Rows.Unknown+sum.Rows.Rejected)
		require.Less(t, w.creates(), 60, "the others stop at once")
		w.server.ClearFaults()
		sum, err = w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 100, Created: 100}, sum.Rows)
	})
}

// The first fifty rows that are sent are all refused for one reason: the fault is not in the rows, and the run stops.
func TestOneReasonForAllStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		w.server.AddFault(attiotest.Fault{Match: isCreate, Status: 400, Code: "validation_type", Message: "no such thing"})
		sum, _, err := w.run(t.Context(), job{text: users(1, 200)})
		var stop *Stop
		require.ErrorAs(t, err, &stop)
		require.Contains(t, stop.Reason, "no such thing")
		require.GreaterOrEqual(t, sum.Rows.Rejected, sameReasonLimit)
		require.Less(t, sum.Rows.Rejected, sameReasonLimit+maxWorkers)
	})
}

// A server that answers no write is not asked for every row: the run stops, and the rows that were sent are taken up by
// resume.
func TestServerThatLosesEveryWriteStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		w.server.AddFault(attiotest.Fault{Match: isCreate, Status: 503})
		sum, dir, err := w.run(t.Context(), job{text: users(1, 300)})
		var stop *Stop
		require.ErrorAs(t, err, &stop)
		require.Equal(t, journal.ExitStopped, sum.ExitCode)
		require.GreaterOrEqual(t, sum.Rows.Unknown, lostLimit)
		require.Less(t, w.creates(), 4*2*maxWorkers, "most rows were never sent")
		w.server.ClearFaults()
		sum, err = w.resume(t.Context(), dir, journal.Unknown)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 300, Created: 300}, sum.Rows)
		require.Equal(t, 300, w.server.Count("users"))
	})
}
