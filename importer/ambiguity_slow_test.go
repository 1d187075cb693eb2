package importer

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// A write that becomes visible later than we look for it: its second sending is refused, and the record that the
// refusal names is ours. Where it names none, the row is unknown. It is never somebody else's.
func TestLostAnswersOfASlowServer(t *testing.T) {
	for _, words := range []attiotest.ConflictWording{attiotest.Wording2026, attiotest.WordingNoIDs} {
		for lag := 8 * time.Second; lag <= 48*time.Second; lag += 40 * time.Second / time.Duration(torture(4, 40)) {
			for times := 1; times <= torture(2, 5); times++ {
				t.Run(fmt.Sprintf("lag %s, %d times, wording %d", lag, times, words), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						w := newWorld(t, attiotest.Options{Lag: lag, Latency: 30 * time.Millisecond,
							Readings: attiotest.Readings{Conflict: words}})
						w.server.AddFault(attiotest.Fault{Match: isCreate, Drop: true, After: true, Times: times})
						sum, dir, err := w.run(t.Context(), job{text: users(1, 8)})
						require.NoError(t, err)
						why := column(readRows(t, filepath.Join(dir, journal.ResultsFile)), "message")
						require.Equal(t, 8, w.server.Count("users"))
						require.Equal(t, 8, sum.Rows.Created+sum.Rows.Unknown, "%v", why)
						switch {
						case words == attiotest.Wording2026 || lag < 12*time.Second:
							require.Zero(t, sum.Rows.Unknown, "%v", why)
						case lag > 20*time.Second:
							require.Equal(t, times, sum.Rows.Unknown, "%v", why)
						}
					})
				})
			}
		}
	}
}

// A create that we gave up on arrives after all, before or after it was sent again: Attio refuses one of the two, and
// the row was created.
func TestLostCreateThatArrivesLate(t *testing.T) {
	for late, step := time.Duration(0),
		32*time.Second/time.Duration(torture(8, 320)); late <= 32*time.Second; late += step {
		t.Run(late.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, attiotest.Options{Latency: 30 * time.Millisecond})
				arrived, lost := make(chan int, 1), false
				w.server.AddFault(attiotest.Fault{Drop: true, Match: func(r *http.Request, body []byte) bool {
					if lost || !isCreate(r, body) {
						return false
					}
					lost = true
					again := r.Clone(context.WithoutCancel(r.Context()))
					again.Body = io.NopCloser(bytes.NewReader(body))
					time.AfterFunc(late, func() {
						res, err := w.server.Transport().RoundTrip(again)
						if assert.NoError(t, err) {
							arrived <- res.StatusCode
						}
					})
					return true
				}})
				sum, dir, err := w.run(t.Context(), job{text: users(1, 8)})
				require.NoError(t, err)
				require.Equal(t, journal.Counts{Read: 8, Created: 8}, sum.Rows, "%v",
					column(readRows(t, filepath.Join(dir, journal.ResultsFile)), "message"))
				require.Contains(t, []int{http.StatusOK, http.StatusBadRequest}, <-arrived)
				require.Equal(t, 8, w.server.Count("users"))
			})
		})
	}
}

// The server is gone just when it has refused the second sending: whose the record is that holds the value is not
// known, and not said.
func TestServerGoneBehindARefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{Lag: 10 * time.Second})
		w.server.AddFault(attiotest.Fault{Match: isCreate, Drop: true, After: true, Times: 1})
		creates := 0
		w.server.AddFault(attiotest.Fault{Status: 503, Match: func(r *http.Request, body []byte) bool {
			if isCreate(r, body) {
				creates++
			}
			return creates > 1 && !isCreate(r, body)
		}})
		sum, dir, err := w.run(t.Context(), job{text: users(1, 1)})
		require.Error(t, err)
		require.Equal(t, journal.Counts{Read: 1, Unknown: 1}, sum.Rows)
		w.server.ClearFaults()
		sum, err = w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 1, Created: 1}, sum.Rows)
		require.Equal(t, 1, w.server.Count("users"))
	})
}
