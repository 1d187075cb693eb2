package importer

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

const usersHeader = "User ID,Primary email address\n"

// users is a file of n users, from number first on.
func users(first, n int) string {
	var b strings.Builder
	b.WriteString(usersHeader)
	for i := first; i < first+n; i++ {
		fmt.Fprintf(&b, "u%d,user%d@example.com\n", i, i)
	}
	return b.String()
}

func TestRunCreatesEveryRowOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{Latency: 50 * time.Millisecond, Jitter: 50 * time.Millisecond})
		sum, dir, err := w.run(t.Context(), job{text: users(1, 60)})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 60, Created: 60}, sum.Rows)
		require.Equal(t, 0, sum.ExitCode)
		require.True(t, sum.Finished)
		require.Equal(t, 60, w.server.Count("users"))
		require.GreaterOrEqual(t, sum.Requests.Writes, int64(60))
		require.NoFileExists(t, filepath.Join(dir, journal.ConflictsFile))
		require.NoFileExists(t, filepath.Join(dir, "rejects.csv"))
		for _, row := range readRows(t, filepath.Join(dir, journal.ResultsFile)) {
			require.Equal(t, "created", row["action"])
			require.Equal(t, "1", row["attempts"])
			require.Contains(t, row["web_url"], row["record_id"])
		}
		require.Empty(t, w.server.Unhandled())
	})
}

func TestRunFilesArePrivate(t *testing.T) {
	w := newWorld(t, attiotest.Options{WriteLimit: -1, ReadLimit: -1})
	_, dir, err := w.run(t.Context(), job{text: users(1, 1) + "u2,not an address\n"})
	require.NoError(t, err)
	st, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), st.Mode().Perm())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.NotEmpty(t, entries)
	for _, e := range entries {
		st, err := e.Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), st.Mode().Perm(), e.Name())
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		require.NotContains(t, string(text), testKey, e.Name())
	}
}

func TestConflictsOfBothKinds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		_, _, err := w.run(t.Context(), job{text: users(1, 2)})
		require.NoError(t, err)
		text := usersHeader +
			"u1,other@example.com\n" + // 1 exists by id, and differs in its address
			"u9,USER2@Example.com\n" + // 2 exists by address, whatever the case
			"u10,ten@example.com\n" + // 3 is new
			"u11,TEN@example.com\n" + // 4 has row 3's address
			"u10,eleven@example.com\n" + // 5 has row 3's id
			"u1,user2@example.com\n" // 6 fits two records
		sum, dir, err := w.run(t.Context(), job{text: text})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 6, Created: 1, Conflict: 5}, sum.Rows)
		require.Equal(t, journal.ExitReports, sum.ExitCode)
		lines := make(map[string][]map[string]string)
		for _, l := range readRows(t, filepath.Join(dir, journal.ConflictsFile)) {
			lines[l["row"]] = append(lines[l["row"]], l)
		}
		require.Len(t, lines["1"], 1)
		one := lines["1"][0]
		require.Equal(t, "existing", one["kind"])
		require.Equal(t, "user_id", one["attribute"])
		require.Equal(t, "u1", one["value"])
		require.Contains(t, one["existing_url"], one["existing_record_id"])
		require.JSONEq(t, `{"primary_email_address":{"file":"other@example.com","attio":"user1@example.com"}}`,
			one["differences"])
		require.Equal(t, "USER2@Example.com", lines["2"][0]["value"], "values stand as in the file")
		require.JSONEq(t, `{"user_id":{"file":"u9","attio":"u2"}}`, lines["2"][0]["differences"])
		for _, row := range []string{"4", "5"} {
			require.Len(t, lines[row], 1)
			require.Equal(t, "in_file", lines[row][0]["kind"])
			require.Equal(t, "3", lines[row][0]["first_row"])
			require.Empty(t, lines[row][0]["differences"])
		}
		require.Len(t, lines["6"], 2, "a line for each unique value")
		require.Equal(t, 3, w.server.Count("users"))
	})
}

func TestRejectedFirstRowGivesItsPlaceToTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{Latency: 300 * time.Millisecond})
		text := "User ID,Primary email address,Workspace\n" +
			"u1,ada@example.com,00000000-0000-4000-8000-000000000000\n" + // no such workspace
			"u1,ada@example.com,\n" +
			"u1,ada@example.com,\n"
		sum, dir, err := w.run(t.Context(), job{text: text})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 3, Created: 1, Rejected: 1, Conflict: 1}, sum.Rows)
		actions := make(map[string]string)
		for _, r := range readRows(t, filepath.Join(dir, journal.ResultsFile)) {
			actions[r["row"]] = r["action"]
		}
		require.Equal(t, map[string]string{"1": "rejected", "2": "created", "3": "conflict"}, actions)
		require.Equal(t, []string{"2", "2"}, column(readRows(t, filepath.Join(dir, journal.ConflictsFile)), "first_row"))
	})
}

func TestModes(t *testing.T) {
	header := "User ID,Primary email address\n"
	tests := []struct {
		name   string
		mode   mapping.Mode
		match  string
		text   string
		want   journal.Counts
		writes int
	}{
		{"upsert creates, updates and leaves alone", mapping.Upsert, "user_id",
			header + "u1,user1@example.com\nu2,new2@example.com\nu3,user3@example.com\n",
			journal.Counts{Read: 3, Unchanged: 1, Updated: 1, Created: 1}, 2},
		{"update rejects what is not there", mapping.Update, "user_id",
			header + "u1,user1@example.com\nu3,user3@example.com\n",
			journal.Counts{Read: 2, Unchanged: 1, Rejected: 1}, 0},
		{"a row that fits two records is a conflict", mapping.Upsert, "user_id",
			header + "u1,user2@example.com\n",
			journal.Counts{Read: 1, Conflict: 1}, 0},
		{"the first row of the file wins", mapping.Upsert, "user_id",
			header + "u1,first@example.com\nu1,second@example.com\n",
			journal.Counts{Read: 2, Updated: 1, Conflict: 1}, 1},
		{"a row with nothing in it is skipped", mapping.Upsert, "user_id",
			"User ID,Primary email address,Notes\n,,x\nu1,user1@example.com,\n",
			journal.Counts{Read: 2, Skipped: 1, Unchanged: 1}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, attiotest.Options{})
				_, _, err := w.run(t.Context(), job{text: users(1, 2)})
				require.NoError(t, err)
				before := w.client.Stats().Writes
				j := job{text: tt.text, mode: tt.mode, match: tt.match}
				if strings.Contains(tt.text, "Notes") {
					j.mapping = "version: 1\nobject: users\ncolumns:\n  - column: User ID\n    attribute: user_id\n  - column: " +
						"Primary email address\n    attribute: primary_email_address\nignore: [Notes]\n"
				}
				sum, _, err := w.run(t.Context(), j)
				require.NoError(t, err)
				require.Equal(t, tt.want, sum.Rows)
				require.Equal(t, int64(tt.writes), w.client.Stats().Writes-before)
			})
		})
	}
}

func TestDryRunSendsNoWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		_, _, err := w.run(t.Context(), job{text: users(1, 2)})
		require.NoError(t, err)
		writes := w.client.Stats().Writes
		sum, dir, err := w.run(t.Context(),
			job{text: users(2, 2) + "u4,bad\nu2,x@example.com\nu3,y@example.com\n", edit: func(o *Options) { o.DryRun = true }})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 5, Created: 1, Conflict: 3, Rejected: 1}, sum.Rows)
		require.True(t, sum.DryRun)
		require.Equal(t, writes, w.client.Stats().Writes)
		require.Equal(t, 2, w.server.Count("users"))
		require.FileExists(t, filepath.Join(dir, "rejects.csv"))
		_, err = w.resumeError(t.Context(), dir)
		var de *journal.DirError
		require.ErrorAs(t, err, &de)
	})
}

// resumeError goes on with a run that cannot be gone on with.
func (w *world) resumeError(ctx context.Context, dir string) (journal.Summary, error) {
	d, err := journal.Open(dir)
	require.NoError(w.t, err)
	defer d.Close()
	schema, err := w.client.Schema(ctx, "users")
	require.NoError(w.t, err)
	return Resume(ctx, w.client, d, ResumeOptions{Schema: schema})
}

func TestNoPreflightReportsConflictsAttioFinds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		_, _, err := w.run(t.Context(), job{text: users(1, 2)})
		require.NoError(t, err)
		sum, dir, err := w.run(t.Context(), job{text: users(2, 2), edit: func(o *Options) { o.NoPreflight = true }})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 2, Created: 1, Conflict: 1}, sum.Rows)
		lines := readRows(t, filepath.Join(dir, journal.ConflictsFile))
		require.Len(t, lines, 2)
		require.Equal(t, []string{"{}", "{}"}, column(lines, "differences"))
	})
}

func TestLimitThenResumeTakesTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		sum, dir, err := w.run(t.Context(), job{text: users(1, 10), edit: func(o *Options) { o.Limit = 4 }})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 4, Created: 4}, sum.Rows)
		require.Equal(t, 0, sum.ExitCode)
		sum, err = w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 10, Created: 10}, sum.Rows)
		require.Equal(t, 10, w.server.Count("users"))
	})
}

func TestMaxRejectsStopsAndCanBeResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		sum, dir, err := w.run(t.Context(), job{
			text: usersHeader + "u1,bad\nu2,bad\nu3,c@example.com\n",
			edit: func(o *Options) { o.MaxRejects = journal.MaxRejects{Set: true, Rows: 1} },
		})
		var stop *Stop
		require.ErrorAs(t, err, &stop)
		require.Equal(t, journal.ExitStopped, sum.ExitCode)
		require.NotEmpty(t, sum.Reason)
		require.False(t, sum.Finished)
		require.FileExists(t, filepath.Join(dir, "rejects.csv"))
	})
}

func TestFinishedRunIsNotRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		first, dir, err := w.run(t.Context(), job{text: users(1, 3) + "u1,z@example.com\n"})
		require.NoError(t, err)
		before := len(w.server.Requests())
		again, err := w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, first.Rows, again.Rows)
		require.Equal(t, journal.ExitReports, again.ExitCode)
		for _, r := range w.server.Requests()[before:] {
			require.NotEqual(t, "POST /v2/objects/users/records", r.Method+" "+r.Path)
		}
	})
}

func TestJournalHoldsNoAddress(t *testing.T) {
	w := newWorld(t, attiotest.Options{WriteLimit: -1, ReadLimit: -1})
	_, dir, err := w.run(t.Context(), job{text: usersHeader + "u1,marked-person@example.com\nu2,marked-bad@\n"})
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(dir, "journal.jsonl"))
	require.NoError(t, err)
	require.NotContains(t, string(text), "marked",
		"created and rejected rows are in the input; the journal need not repeat them")
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		require.True(t, json.Valid([]byte(line)), line)
	}
}

func TestSpeedIsNotLimitedByWhatCameBeforeTheRun(t *testing.T) {
	before := attio.Stats{}
	before.ReadsHeld.Limit = time.Second
	after := before
	require.Equal(t, "the latency of the calls", bottleneck(after, before, time.Second, true))
	after.WritesHeld.Limit = 900 * time.Millisecond
	require.Equal(t, "Attio's limit of writes, 90 % of the time", bottleneck(after, before, time.Second, true))
}
