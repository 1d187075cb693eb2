package importer

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/importer/undo"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// killedAt leaves of a run directory what a kill right after the last line with this text would have left, summary of
// the leg before included.
func killedAt(t *testing.T, dir, text string, summary []byte) {
	t.Helper()
	name := filepath.Join(dir, "journal.jsonl")
	lines, err := os.ReadFile(name)
	require.NoError(t, err)
	at := strings.LastIndex(string(lines), text)
	require.Positive(t, at)
	end := at + strings.IndexByte(string(lines[at:]), '\n') + 1
	require.NoError(t, os.WriteFile(name, lines[:end], 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, journal.SummaryFile), summary, 0o600))
}

func TestKilledRetryIsGoneOnWith(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{Faults: []attiotest.Fault{{Match: isCreate, N: 2, Times: 1, Status: 400,
			Code: "validation_type"}}})
		first, dir, err := w.run(t.Context(), job{text: users(1, 2)})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 2, Created: 1, Rejected: 1}, first.Rows)
		var during []byte // the summary while the second leg is at work
		w.server.AddFault(attiotest.Fault{Match: isCreate, Committed: func() {
			during, err = os.ReadFile(filepath.Join(dir, journal.SummaryFile))
		}, Latency: time.Millisecond})
		_, errRetry := w.resume(t.Context(), dir, journal.Rejected)
		require.NoError(t, errRetry)
		require.NoError(t, err)
		require.Equal(t, 2, w.server.Count("users"))
		killedAt(t, dir, `{"t":"intent"`, during)

		var left journal.Summary
		require.NoError(t, json.Unmarshal(during, &left))
		require.False(t, left.Finished, "a leg is at work")
		sum, err := w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 2, Created: 2}, sum.Rows, "the record is there, so the row is not rejected")
		require.True(t, sum.Finished)
		require.Equal(t, 2, w.server.Count("users"))
	})
}

func TestResumeWithLimitLeavesTheRestToBeResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		stop, cancel := context.WithCancelCause(t.Context())
		w.server.AddFault(attiotest.Fault{Match: isCreate, N: 3, Committed: func() { cancel(&Interrupted{"SIGINT", 130}) },
			Latency: time.Millisecond})
		_, dir, err := w.run(stop, job{text: users(1, 60)})
		require.Error(t, err)

		limited, err := w.resumeWith(t.Context(), dir, func(o *ResumeOptions) { o.Limit = 40 })
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 60, Created: 40, Pending: 20}, limited.Rows)
		require.Equal(t, journal.ExitDone, limited.ExitCode)
		require.False(t, limited.Finished, "20 rows are left")

		sum, err := w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 60, Created: 60}, sum.Rows)
		require.True(t, sum.Finished)
	})
}

func TestFinishedRunWithLimitSendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		_, dir, err := w.run(t.Context(), job{text: users(1, 4), edit: func(o *Options) { o.Limit = 2 }})
		require.NoError(t, err)
		sum, err := w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.True(t, sum.Finished)
		again, err := w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, sum.Requests, again.Requests)
		require.Equal(t, sum.FinishedAt, again.FinishedAt)
	})
}

func TestStoppedRetryLeavesNoRowOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{WriteLimit: -1})
		text := users(1, 300) + "u901,bad\nu902,bad\n"
		first, dir, err := w.run(t.Context(), job{text: text})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 302, Created: 300, Rejected: 2}, first.Rows)
		ctx, cancel := context.WithCancelCause(t.Context())
		sum, err := w.resumeWith(ctx, dir, func(o *ResumeOptions) {
			o.Retry = []journal.Action{journal.Rejected}
			o.Notice = func(string) { cancel(&Interrupted{"SIGINT", 130}) } // before the first row
		})
		require.Error(t, err)
		require.Equal(t, journal.Counts{Read: 302, Created: 300, Rejected: 2}, sum.Rows)
	})
}

func TestRebuildKeepsPendingRows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		stop, cancel := context.WithCancelCause(t.Context())
		w.server.AddFault(attiotest.Fault{Match: isCreate, N: 3, Committed: func() { cancel(&Interrupted{"SIGINT", 130}) },
			Latency: time.Millisecond})
		sum, dir, err := w.run(stop, job{text: users(1, 60)})
		require.Error(t, err)
		require.Positive(t, sum.Rows.Pending)
		d, err := journal.Open(dir)
		require.NoError(t, err)
		rebuilt, err := Rebuild(t.Context(), d, "")
		require.NoError(t, err)
		require.NoError(t, d.Close())
		require.Equal(t, sum.Rows, rebuilt.Rows)
	})
}

// Two rows can mean one record without a value in common. Sent side by side, each would take back what the other wrote.
func TestRowsForOneRecordAreSentOnce(t *testing.T) {
	const file = `
version: 1
object: people
columns:
  - {column: Mail, attribute: email_addresses}
  - {column: Phone, attribute: phone_numbers}
  - {column: Job, attribute: job_title, blank: clear}
`
	for _, mode := range []mapping.Mode{mapping.Upsert, mapping.Update} {
		t.Run(string(mode), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, attiotest.Options{Latency: 200 * time.Millisecond})
				_, dir, err := w.run(t.Context(),
					job{object: "people", mapping: file, text: "Mail,Phone,Job\na@example.com;b@example.com,,cook\n"})
				require.NoError(t, err)
				id := readRows(t, filepath.Join(dir, journal.ResultsFile))[0]["record_id"]
				text := "record_id,Mail,Phone,Job\n" +
					id + ",,+442079460001,\n" +
					id + ",,+442079460002,\n" +
					",a@example.com,+442079460003,\n" +
					",b@example.com,+442079460004,\n"
				sum, dir, err := w.run(t.Context(),
					job{object: "people", mapping: file, mode: mode, match: "email_addresses", text: text})
				require.NoError(t, err)
				require.Equal(t, journal.Counts{Read: 4, Updated: 1, Conflict: 3}, sum.Rows)
				require.Equal(t, "updated", readRows(t, filepath.Join(dir, journal.ResultsFile))[0]["action"])
				lines := readRows(t, filepath.Join(dir, journal.ConflictsFile))
				require.Len(t, lines, 3)
				values := []string{id, "a@example.com", "b@example.com"}
				for i, l := range lines {
					require.Equal(t, "in_file", l["kind"])
					require.Equal(t, "1", l["first_row"])
					require.Equal(t, values[i], l["value"])
				}
				d, err := journal.Open(dir)
				require.NoError(t, err)
				_, err = Rebuild(t.Context(), d, "")
				require.NoError(t, err)
				require.NoError(t, d.Close())
				require.Equal(t, lines, readRows(t, filepath.Join(dir, journal.ConflictsFile)))
			})
		})
	}
}

func TestRowsForOneRecordAcrossLegs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		const file = "version: 1\nobject: people\ncolumns:\n  - {column: Mail, attribute: email_addresses}\n  - {column: " +
			"Job, attribute: job_title}\n"
		_, _, err := w.run(t.Context(),
			job{object: "people", mapping: file, text: "Mail,Job\na@example.com;b@example.com,cook\n"})
		require.NoError(t, err)
		sum, dir, err := w.run(t.Context(), job{
			object: "people", mapping: file, mode: mapping.Update, text: "Mail,Job\na@example.com,baker\nb@example.com,smith\n",
			edit: func(o *Options) { o.Limit = 1 },
		})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 1, Updated: 1}, sum.Rows)
		sum, err = w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 2, Updated: 1, Conflict: 1}, sum.Rows)
	})
}

// A leg that is given up leaves rows that only resume can clear up: their lines stay until it has.
func TestRowsGivenUpKeepTheirLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		abort, give := context.WithCancel(t.Context())
		stop, cancel := context.WithCancelCause(t.Context())
		w.server.AddFault(attiotest.Fault{Match: isCreate, Committed: func() { cancel(&Interrupted{"SIGINT", 130}); give() },
			Latency: time.Second})
		sum, dir, err := w.run(stop, job{text: users(1, 300), edit: func(o *Options) { o.Abort = abort }})
		require.Error(t, err)
		require.Positive(t, sum.Rows.Unknown)
		before := readRows(t, filepath.Join(dir, journal.ResultsFile))

		d, err := journal.Open(dir)
		require.NoError(t, err)
		rebuilt, err := Rebuild(t.Context(), d, "")
		require.NoError(t, err)
		require.NoError(t, d.Close())
		require.Equal(t, sum.Rows, rebuilt.Rows)
		require.ElementsMatch(t, before, readRows(t, filepath.Join(dir, journal.ResultsFile)))

		again, halt := context.WithCancelCause(t.Context())
		sum, err = w.resumeWith(again, dir, func(*ResumeOptions) {
			w.server.AddFault(attiotest.Fault{Path: "/query", Before: func() { halt(&Interrupted{"SIGINT", 130}) },
				Latency: time.Millisecond})
		})
		require.Error(t, err)
		require.Equal(t, rebuilt.Rows, sum.Rows, "stopped before it came to any row")
		require.ElementsMatch(t, before, readRows(t, filepath.Join(dir, journal.ResultsFile)))
	})
}

// A journal that lost all its lines is not that of a run that never began: begun anew, it would have every row sent
// again.
func TestEmptiedJournalIsRefused(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "torn": `{"t":"hea`, "garbage": "x\n"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, attiotest.Options{WriteLimit: -1, ReadLimit: -1})
			_, dir, err := w.run(t.Context(), job{text: users(1, 2), edit: func(o *Options) { o.Limit = 1 }})
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "journal.jsonl"), []byte(text), 0o600))
			var damaged *journal.Error
			d, err := journal.Open(dir)
			if name != "garbage" {
				require.ErrorAs(t, err, &damaged)
				return
			}
			require.NoError(t, err)
			defer d.Close()
			_, err = Resume(t.Context(), w.client, d, ResumeOptions{})
			require.ErrorAs(t, err, &damaged)
			_, err = undo.PlanOf(d.Path())
			require.Error(t, err)
			_, err = Verify(t.Context(), w.client, d, VerifyOptions{})
			require.Error(t, err)
			left, err := os.ReadFile(filepath.Join(dir, "journal.jsonl"))
			require.NoError(t, err)
			require.Equal(t, text, string(left))
		})
	}
}

// A finished run stays finished, also where rows of it were unknown in between.
func TestResumeOfAFinishedRunThatHadUnknownRows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		abort, give := context.WithCancel(t.Context())
		stop, cancel := context.WithCancelCause(t.Context())
		w.server.AddFault(attiotest.Fault{Match: isCreate, N: 3, Committed: func() {
			cancel(&Interrupted{"SIGINT", 130})
			give()
		}, Latency: time.Second})
		sum, dir, err := w.run(stop, job{text: users(1, 20), edit: func(o *Options) { o.Abort = abort }})
		require.Error(t, err)
		require.NotZero(t, sum.Rows.Unknown)
		w.server.ClearFaults()
		done, err := w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.True(t, done.Finished)
		d, err := journal.Open(dir)
		require.NoError(t, err)
		defer d.Close()
		again, err := Resume(t.Context(), w.client, d, ResumeOptions{})
		require.NoError(t, err, "it needs no schema")
		require.Equal(t, done.Rows, again.Rows)
	})
}

// What is in no file is kept in the run directory, from which the run is resumed. Nothing is left of it elsewhere.
func TestCopyOfWhatIsNoFileIsKept(t *testing.T) {
	table, err := csv.NewReader(strings.NewReader(users(1, 9))).ReadAll()
	require.NoError(t, err)
	for name, in := range map[string]func() source.Options{
		"standard input": func() source.Options {
			return source.Options{Path: "-", Stdin: strings.NewReader(users(1, 9))}
		},
		"a table": func() source.Options { return source.Table("users of the shop", source.Slice(table)) },
	} {
		t.Run(name, func(t *testing.T) {
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, attiotest.Options{})
				sum, dir, err := w.run(t.Context(), job{edit: func(o *Options) { o.In, o.Limit = in(), 4 }})
				require.NoError(t, err)
				require.Equal(t, 4, sum.Rows.Created)
				left, err := filepath.Glob(filepath.Join(temp, "attio-bulk-*"))
				require.NoError(t, err)
				require.Empty(t, left)
				sum, err = w.resume(t.Context(), dir)
				require.NoError(t, err)
				require.Equal(t, 9, sum.Rows.Created)
			})
		})
	}
}
