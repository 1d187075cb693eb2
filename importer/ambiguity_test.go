package importer

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// losses are the ways in which the answer to a create gets lost: all that the server may have done, by all that the
// client may have seen.
var losses = []struct {
	name  string
	fault attiotest.Fault
}{
	{"dropped before the work", attiotest.Fault{Drop: true}},
	{"dropped after the work", attiotest.Fault{Drop: true, After: true}},
	{"half read", attiotest.Fault{HalfRead: true}},
	{"never connected", attiotest.Fault{Refuse: true}},
	{"503 before the work", attiotest.Fault{Status: 503}},
	{"503 after the work", attiotest.Fault{Status: 503, After: true}},
	{"500 in words before the work", attiotest.Fault{Status: 500, Text: "Service Unavailable"}},
	{"500 in words after the work", attiotest.Fault{Status: 500, Text: "Service Unavailable", After: true}},
	{"an answer cut short", attiotest.Fault{Truncate: true}},
	{"an answer that is not JSON, before the work", attiotest.Fault{Text: "<html>oops</html>"}},
	{"an answer that is not JSON, after the work", attiotest.Fault{Text: "<html>oops</html>", After: true}},
	{"no answer for two minutes, not done", attiotest.Fault{Latency: 2 * time.Minute, Drop: true}},
	{"no answer for two minutes, done", attiotest.Fault{Latency: 2 * time.Minute, After: true}},
}

// torture chooses between the two forms of a test.
func torture(short, long int) int {
	if os.Getenv("ATTIO_BULK_TORTURE") != "" {
		return long
	}
	return short
}

// lags are the times until a write can be seen, from none to five seconds.
func lags() (out []time.Duration) {
	for lag, step := time.Duration(0), 5*time.Second/time.Duration(torture(4, 50)); lag <= 5*time.Second; lag += step {
		out = append(out, lag)
	}
	return out
}

// Every combination of what the server did and what the client saw, with a lag until a write can be seen from none to
// five seconds: each row is there exactly once and reported as created.
func TestLostAnswers(t *testing.T) {
	for _, loss := range losses {
		for _, lag := range lags() {
			for times := 1; times <= torture(3, 9); times++ {
				t.Run(fmt.Sprintf("%s, lag %s, %d times", loss.name, lag, times), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						w := newWorld(t, attiotest.Options{Lag: lag, Latency: 30 * time.Millisecond})
						fault := loss.fault
						fault.Method, fault.Times = "POST", times
						fault.Match = isCreate
						w.server.AddFault(fault)
						sum, dir, err := w.run(t.Context(), job{text: users(1, 8)})
						require.NoError(t, err)
						require.Equal(t, journal.Counts{Read: 8, Created: 8}, sum.Rows, "%v",
							column(readRows(t, filepath.Join(dir, journal.ResultsFile)), "message"))
						require.Equal(t, 8, w.server.Count("users"))
					})
				})
			}
		}
	}
}

// The same row lost again and again is given up on as unknown after four sendings, never reported as anything else.
func TestRowLostEveryTimeIsUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		w.server.AddFault(attiotest.Fault{Match: isCreate, Drop: true})
		sum, dir, err := w.run(t.Context(), job{text: users(1, 1)})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 1, Unknown: 1}, sum.Rows)
		require.Equal(t, journal.ExitUnknown, sum.ExitCode)
		require.Equal(t, []string{"4"}, column(readRows(t, filepath.Join(dir, journal.ResultsFile)), "attempts"))
		w.server.ClearFaults()
		sum, err = w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, 1, sum.Rows.Unknown, "without --retry it stays")
		sum, err = w.resume(t.Context(), dir, journal.Unknown)
		require.NoError(t, err)
		require.Equal(t, 0, sum.Rows.Unknown)
		require.LessOrEqual(t, w.server.Count("users"), 1)
	})
}

// Somebody else makes the same record in the moment in which our answer is lost: that is a conflict, and not ours.
func TestLostAnswerAndSomebodyElsesRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		w.server.AddFault(attiotest.Fault{Times: 1, Drop: true, Match: func(r *http.Request, body []byte) bool {
			if !isCreate(r, body) {
				return false
			}
			if w.server.Count("users") == 0 {
				_, err := w.server.Insert("users", map[string]any{"user_id": "u1", "primary_email_address": "else@example.com"})
				assert.NoError(t, err)
			}
			return true
		}})
		sum, dir, err := w.run(t.Context(), job{text: users(1, 1)})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 1, Conflict: 1}, sum.Rows)
		require.Equal(t, []string{"existing"}, column(readRows(t, filepath.Join(dir, journal.ConflictsFile)), "kind"))
		require.Equal(t, 1, w.server.Count("users"))
	})
}

// An object without a unique value to look a row up by: the row is unknown, and is not sent twice.
func TestLostAnswerWithoutUniqueValue(t *testing.T) {
	for _, after := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, attiotest.Options{})
			w.server.AddFault(attiotest.Fault{Match: isCreate, N: 2, Drop: true, After: after})
			sum, dir, err := w.run(t.Context(),
				job{object: "deals", text: dealsText(t, w), edit: func(o *Options) { o.Workers = 1 }})
			require.NoError(t, err)
			require.Equal(t, journal.Counts{Read: 3, Created: 2, Unknown: 1}, sum.Rows)
			posts := 0
			for _, r := range w.server.Requests() {
				if r.Method == http.MethodPost && r.Path == "/v2/objects/deals/records" {
					posts++
				}
			}
			require.Equal(t, 3, posts)
			require.Contains(t, column(readRows(t, filepath.Join(dir, journal.ResultsFile)), "message")[1], "created_at")
		})
	}
}

func dealsText(t *testing.T, w *world) string {
	t.Helper()
	schema, err := w.client.Schema(t.Context(), "deals")
	require.NoError(t, err)
	require.NotEmpty(t, schema.Members)
	text := "Deal name,Deal stage,Deal owner\n"
	for i := range 3 {
		text += fmt.Sprintf("Deal %d,Lead,%s\n", i, schema.Members[0].Email)
	}
	return text
}

// A second signal gives up what is in flight: unknown on disk, and resume finds out.
func TestAbortThenResume(t *testing.T) {
	for _, done := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, attiotest.Options{Latency: 100 * time.Millisecond})
			stop, cancel := context.WithCancelCause(t.Context())
			abort, cancelAbort := context.WithCancel(t.Context())
			defer cancelAbort()
			w.server.AddFault(attiotest.Fault{Match: isCreate, N: 5, After: done, Latency: 30 * time.Second})
			go func() {
				time.Sleep(5 * time.Second)
				cancel(&Interrupted{Signal: "SIGINT", ExitCode: 130})
				time.Sleep(time.Second)
				cancelAbort()
			}()
			sum, dir, err := w.run(stop, job{text: users(1, 140), edit: func(o *Options) { o.Abort = abort }})
			var sig *Interrupted
			require.ErrorAs(t, err, &sig)
			require.Equal(t, 130, sum.ExitCode)
			require.Equal(t, 1, sum.Rows.Unknown)
			require.Positive(t, sum.Rows.Created)
			w.server.ClearFaults()
			sum, err = w.resume(t.Context(), dir)
			require.NoError(t, err)
			require.Equal(t, journal.Counts{Read: 140, Created: 140}, sum.Rows)
			require.Equal(t, 140, w.server.Count("users"))
		})
	}
}

// A first signal finishes what is in flight, and nothing is unknown.
func TestStopThenResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{Latency: 400 * time.Millisecond})
		stop, cancel := context.WithCancelCause(t.Context())
		go func() {
			time.Sleep(7 * time.Second)
			cancel(&Interrupted{Signal: "SIGTERM", ExitCode: 143})
		}()
		sum, dir, err := w.run(stop, job{text: users(1, 120)})
		var sig *Interrupted
		require.ErrorAs(t, err, &sig)
		require.Equal(t, 143, sum.ExitCode)
		require.Zero(t, sum.Rows.Unknown)
		require.Equal(t, w.server.Count("users"), sum.Rows.Created)
		require.Positive(t, sum.Rows.Pending)
		sum, err = w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 120, Created: 120}, sum.Rows)
		require.Equal(t, 120, w.server.Count("users"))
		for _, row := range readRows(t, filepath.Join(dir, journal.ResultsFile)) {
			require.Equal(t, "1", row["attempts"], "row %s", row["row"])
		}
	})
}

// The server goes away while a lost answer is looked up: the row was sent, so it is unknown and not pending, and a row
// that waits for it stays to be decided. Resume finds out.
func TestServerGoneWhileLookingUp(t *testing.T) {
	for _, done := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, attiotest.Options{})
			gone := false
			w.server.AddFault(attiotest.Fault{After: done, Drop: true, Match: func(r *http.Request, b []byte) bool {
				gone = gone || isCreate(r, b)
				return gone
			}})
			text := usersHeader + "u1,user1@example.com\nu1,user1@example.com\n"
			sum, dir, err := w.run(t.Context(), job{text: text})
			require.Error(t, err)
			require.Equal(t, journal.ExitStopped, sum.ExitCode)
			require.Equal(t, journal.Counts{Read: 2, Unknown: 1, Pending: 1}, sum.Rows)
			w.server.ClearFaults()
			sum, err = w.resume(t.Context(), dir)
			require.NoError(t, err)
			require.Equal(t, journal.Counts{Read: 2, Created: 1, Conflict: 1}, sum.Rows)
			require.Equal(t, 1, w.server.Count("users"))
		})
	}
}

// The server answers an update with errors until we give up: it was sent, so the row is unknown until resume has
// compared again.
func TestUpdateWithoutAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		_, _, err := w.run(t.Context(), job{text: users(1, 1)})
		require.NoError(t, err)
		w.server.AddFault(attiotest.Fault{Method: http.MethodPatch, Status: 503, After: true})
		sum, dir, err := w.run(t.Context(),
			job{text: usersHeader + "u1,new@example.com\n", mode: mapping.Upsert, match: "user_id"})
		require.Error(t, err)
		require.Equal(t, journal.Counts{Read: 1, Unknown: 1}, sum.Rows)
		w.server.ClearFaults()
		sum, err = w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 1, Updated: 1}, sum.Rows)
	})
}
