package importer

import (
	"context"
	"encoding/json"
	"net/http"
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
	"github.com/attio-bulk/attio-bulk/importer/undo"
	"github.com/attio-bulk/attio-bulk/mapping"
)

func toText(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// textAttribute is a writable, single text attribute that is not unique.
func textAttribute(t *testing.T, o *attio.Object) string {
	t.Helper()
	for _, a := range o.Attributes {
		if a.Type == attio.TypeText && a.Writable && !a.Unique {
			return a.Slug
		}
	}
	t.Fatal("no text attribute")
	return ""
}

func (w *world) planUndo(dir string) (undo.Plan, error) {
	d, err := journal.Open(dir)
	require.NoError(w.t, err)
	defer d.Close()
	return undo.PlanOf(d.Path())
}

func (w *world) undo(ctx context.Context, dir string) (undo.Summary, error) {
	client := newClient(w.t, w.server)
	d, err := journal.Open(dir)
	require.NoError(w.t, err)
	defer d.Close()
	return undo.Run(ctx, client, d, undo.Options{})
}

func TestUndoDeletesWhatNobodyTouched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		before, err := w.server.Insert("users", map[string]any{"user_id": "old", "primary_email_address": "old@example.com"})
		require.NoError(t, err)
		_, dir, err := w.run(t.Context(), job{text: users(1, 7)})
		require.NoError(t, err)
		ids := make(map[string]string)
		for _, row := range readRows(t, filepath.Join(dir, journal.ResultsFile)) {
			ids[row["row"]] = row["record_id"]
		}
		require.NoError(t, w.server.Set("users", ids["2"], map[string]any{"primary_email_address": "changed@example.com"}))
		require.NoError(t, w.server.Remove("users", ids["3"]))
		require.NoError(t, w.server.AttachNote("users", ids["4"], "called them"))
		require.NoError(t, w.server.AttachTask("users", ids["6"], "call them"))
		require.NoError(t, w.server.AddEntry("vips", "users", ids["7"]))
		sum, err := w.undo(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, map[string]int{journal.UndoDeleted: 2, journal.UndoKept: 4, journal.UndoGone: 1}, sum.Counts)
		require.Equal(t, journal.ExitReports, sum.ExitCode)
		require.Equal(t, 5, w.server.Count("users"),
			"the old one, the changed one, those with a note, a task and a place in a list")
		require.NotEmpty(t, before)
		got, why := make(map[string]string), make(map[string]string)
		for _, row := range readRows(t, filepath.Join(dir, undo.File)) {
			got[row["row"]], why[row["row"]] = row["result"], row["message"]
		}
		require.Equal(t, map[string]string{"1": "deleted", "2": "kept", "3": "gone", "4": "kept", "5": "deleted",
			"6": "kept", "7": "kept"}, got)
		for row, reason := range map[string]string{"2": "primary_email_address", "4": "notes", "6": "tasks",
			"7": "list entries"} {
			require.Contains(t, why[row], reason)
		}

		asked := len(w.server.Requests())
		again, err := w.undo(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, sum, again, "the whole undo, not only its last session")
		for _, r := range w.server.Requests()[asked:] {
			require.Equal(t, http.MethodGet, r.Method, "a second undo has nothing left to do")
		}
	})
}

func TestUndoPutsEarlierValuesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		_, _, err := w.run(t.Context(), job{text: users(1, 3)})
		require.NoError(t, err)
		text := usersHeader + "u1,new1@example.com\nu2,new2@example.com\nu3,user3@example.com\n"
		sum, dir, err := w.run(t.Context(), job{text: text, mode: mapping.Update, match: "user_id"})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 3, Updated: 2, Unchanged: 1}, sum.Rows)
		two := w.server.Find("users", "user_id", "u2")
		require.Len(t, two, 1)
		require.NoError(t, w.server.Set("users", two[0].ID, map[string]any{"primary_email_address": "later@example.com"}))
		u, err := w.undo(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, map[string]int{journal.UndoRestored: 1, journal.UndoKept: 1}, u.Counts)
		require.Contains(t, toText(t, w.server.Find("users", "user_id", "u1")), "user1@example.com")
		require.Contains(t, toText(t, w.server.Find("users", "user_id", "u2")), "later@example.com")
	})
}

// A process that died after its updates were done and before it wrote so leaves them to resume, which finds the records
// as they should be. They are this run's all the same, and undo puts back what they overwrote.
func TestUndoOfUpdatesThatResumeFoundDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		_, _, err := w.run(t.Context(), job{text: users(1, 2)})
		require.NoError(t, err)
		text := usersHeader + "u1,new1@example.com\nu2,new2@example.com\n"
		_, dir, err := w.run(t.Context(), job{text: text, mode: mapping.Update, match: "user_id"})
		require.NoError(t, err)
		name := filepath.Join(dir, "journal.jsonl")
		lines, err := os.ReadFile(name)
		require.NoError(t, err)
		var intents strings.Builder
		for line := range strings.Lines(string(lines)) {
			if !strings.Contains(line, `"t":"outcome"`) && !strings.Contains(line, `"t":"end"`) {
				intents.WriteString(line)
			}
		}
		require.Equal(t, 2, strings.Count(intents.String(), `"t":"intent"`))
		require.NoError(t, os.WriteFile(name, []byte(intents.String()), 0o600))
		require.NoError(t, os.Remove(filepath.Join(dir, journal.SummaryFile)))
		sum, err := w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 2, Updated: 2}, sum.Rows)
		require.EqualValues(t, 2, sum.Requests.Writes, "nothing is sent again")
		two := w.server.Find("users", "user_id", "u2")
		require.NoError(t, w.server.Set("users", two[0].ID, map[string]any{"primary_email_address": "later@example.com"}))
		u, err := w.undo(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, map[string]int{journal.UndoRestored: 1, journal.UndoKept: 1}, u.Counts)
		require.Contains(t, toText(t, w.server.Find("users", "user_id", "u1")), "user1@example.com")
		require.Contains(t, toText(t, w.server.Find("users", "user_id", "u2")), "later@example.com")
	})
}

func TestVerifyFindsWhatChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		_, dir, err := w.run(t.Context(), job{text: users(1, 4)})
		require.NoError(t, err)
		var shown []Progress
		sum, err := w.verify(t.Context(), dir, func(p Progress) { shown = append(shown, p) })
		require.NoError(t, err)
		require.Equal(t, VerifySummary{Same: 4}, sum)
		require.Equal(t, []Progress{{Phase: "verifying", Total: 4, Counts: journal.Counts{Read: 4}}}, shown,
			"at the end of each batch")
		one := w.server.Find("users", "user_id", "u1")[0].ID
		require.NoError(t, w.server.Set("users", one, map[string]any{"primary_email_address": "x@example.com"}))
		require.NoError(t, w.server.Remove("users", w.server.Find("users", "user_id", "u2")[0].ID))
		sum, err = w.verify(t.Context(), dir)
		require.NoError(t, err)
		require.Len(t, sum.Shown, 2, "the address of one, and one that is gone")
		require.Equal(t, VerifyDifference{1, 2, one, mapping.Difference{Slug: "primary_email_address",
			File: json.RawMessage(`"user1@example.com"`), Attio: json.RawMessage(`"x@example.com"`)}}, sum.Shown[0])
		require.Zero(t, sum.Shown[1].Difference)
		sum.Shown = nil
		require.Equal(t, VerifySummary{Same: 2, Different: 1, Gone: 1, ExitCode: journal.ExitUnknown}, sum)
		rows := readRows(t, filepath.Join(dir, verifyFile))
		require.Equal(t, "primary_email_address", rows[0]["attributes"])
	})
}

func (w *world) verify(ctx context.Context, dir string, progress ...func(Progress)) (VerifySummary, error) {
	info, _, err := journal.Load(dir)
	require.NoError(w.t, err)
	schema, err := w.client.Schema(ctx, info.Object)
	require.NoError(w.t, err)
	d, err := journal.Open(dir)
	require.NoError(w.t, err)
	defer d.Close()
	o := VerifyOptions{Schema: schema}
	for _, o.Progress = range progress {
	}
	return Verify(ctx, w.client, d, o)
}

func TestUndoNamesTheRowsOfUnknownOutcome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		abort, give := context.WithCancel(t.Context())
		stop, cancel := context.WithCancelCause(t.Context())
		w.server.AddFault(attiotest.Fault{Match: isCreate, N: 4,
			Committed: func() { cancel(&Interrupted{"SIGINT", 130}); give() }, Latency: time.Second})
		sum, dir, err := w.run(stop, job{text: users(1, 60), edit: func(o *Options) { o.Abort = abort; o.Workers = 2 }})
		require.Error(t, err)
		require.Positive(t, sum.Rows.Created)
		require.Positive(t, sum.Rows.Unknown)
		plan, err := w.planUndo(dir)
		require.NoError(t, err)
		require.Equal(t, undo.Plan{
			Delete: sum.Rows.Created, Objects: map[string]int{"users": sum.Rows.Created}, Unknown: sum.Rows.Unknown,
		}, plan)

		for range 2 { // they stay unknown
			u, err := w.undo(t.Context(), dir)
			require.NoError(t, err)
			require.Equal(t, sum.Rows.Unknown, u.Counts[journal.UndoFailed])
			require.Equal(t, journal.ExitReports, u.ExitCode)
		}
		d, err := journal.Open(dir)
		require.NoError(t, err)
		defer d.Close()
		_, err = Resume(t.Context(), w.client, d, ResumeOptions{})
		require.ErrorContains(t, err, "undo has already reverted part of this run")
	})
}
