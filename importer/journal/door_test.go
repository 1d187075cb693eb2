package journal_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// begin makes a run's directory and begins its journal.
func begin(t *testing.T) (*journal.Dir, journal.Info, *journal.Writer) {
	t.Helper()
	d, err := journal.Create(filepath.Join(t.TempDir(), "run"), "users")
	require.NoError(t, err)
	t.Cleanup(func() { _ = d.Close() })
	info := journal.NewInfo()
	info.Object, info.WorkspaceID, info.WorkspaceSlug = "users", "w1", "acme"
	require.NoError(t, info.Write(d))
	w, err := journal.NewWriter(d, &info)
	require.NoError(t, err)
	return d, info, w
}

// A directory that somebody works in is held; one that holds a run is none for a new one.
func TestWhoHasADirectory(t *testing.T) {
	d, info, w := begin(t)
	require.NoError(t, w.Close())
	require.True(t, journal.Held(d.Path()))
	var busy *journal.BusyError
	require.ErrorAs(t, journal.CheckNew(d.Path()), &busy)
	require.Equal(t, d.Path(), busy.Path)
	_, err := journal.Open(d.Path())
	require.ErrorAs(t, err, &busy)
	require.NoError(t, d.Close())
	require.False(t, journal.Held(d.Path()))
	var taken *journal.DirError
	require.ErrorAs(t, journal.CheckNew(d.Path()), &taken)
	require.Contains(t, taken.Error(), d.Path())
	require.NoError(t, journal.CheckNew(""))
	_, _, err = journal.Load(t.TempDir())
	require.ErrorAs(t, err, &taken)
	var changed *journal.ChangedError
	require.ErrorAs(t, info.CheckWorkspace("w2", "other"), &changed)
	require.Equal(t, "acme", changed.Workspace)
	require.NoError(t, info.CheckWorkspace("w1", "acme"))
}

func TestAJournalOfNonsenseIsAnError(t *testing.T) {
	d, info, w := begin(t)
	require.NoError(t, w.Close())
	f, err := os.OpenFile(d.File("journal.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString("{\"t\":\"poem\"}\n{\"t\":\"poem\"}\n")
	require.NoError(t, errors.Join(err, f.Close()))
	_, err = journal.ReadHistory(d.Path(), &info, nil, nil)
	var damaged *journal.Error
	require.ErrorAs(t, err, &damaged)
	require.Equal(t, 2, damaged.Line)
	require.Contains(t, damaged.Error(), "journal.jsonl:2: ")
}

// What rows came to is counted under the names that results.csv has.
func TestCountsHaveEveryAction(t *testing.T) {
	var c journal.Counts
	for i, a := range journal.Actions {
		c.Add(a, i+1)
		c.Read += i + 1
		require.Equal(t, i+1, c.Of(a))
	}
	require.Equal(t, c.Created+c.Updated+c.Unchanged+c.Skipped+c.Conflict+c.Rejected+c.Unknown, c.Finished())
	require.Equal(t, journal.ExitUnknown, c.ExitCode())
	require.Equal(t, journal.ExitDone, journal.Counts{Read: 1, Created: 1}.ExitCode())
	r := journal.Requests{Reads: 1, Writes: 2}
	r.Add(journal.Requests{Reads: 3, Retries: 4})
	require.Equal(t, journal.Requests{Reads: 4, Writes: 2, Retries: 4}, r)
}

// What was recorded is what the next session reads.
func TestHistoryOfAStoppedRun(t *testing.T) {
	d, info, w := begin(t)
	at := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	require.NoError(t, w.Announce(
		nil, &journal.Session{At: at}, &journal.Intent{Row: 1, At: at, Write: "create", Send: 1}))
	done := &journal.Outcome{
		Row: &mapping.Row{Number: 1, Line: 2}, Action: journal.Created, RecordID: "r1", Attempts: 1,
	}
	first := journal.ResultOf(done)
	require.NoError(t, w.Record(&first))
	refused := &journal.Outcome{Row: &mapping.Row{Number: 2, Line: 3}, Action: journal.Rejected,
		Errors: []journal.Reject{{Column: "Seats", Code: "VAL013", Message: "no number"}}}
	second := journal.ResultOf(refused)
	require.NoError(t, w.Record(&second))
	require.NoError(t, w.Sync())
	require.NoError(t, w.Close())

	h, err := journal.ReadHistory(d.Path(), &info, nil, nil)
	require.NoError(t, err)
	require.Equal(t, journal.Counts{Read: 2, Created: 1, Rejected: 1}, h.Counts)
	require.Equal(t, journal.Created, h.Action(1))
	require.Equal(t, 1, h.Attempts(1))
	require.False(t, h.Empty())
	require.False(t, h.Retries())
	result, err := h.Result(1, false)
	require.NoError(t, err)
	again := result.With(done.Row, nil, nil, nil)
	require.Equal(t, "r1", again.RecordID)
	require.Equal(t, done.Row, again.Row)
	sum := h.Summary(&info, 2, 0)
	require.Equal(t, 2, sum.Rows.Read)
	require.NoError(t, sum.Write(d))
	_, last, err := journal.Load(d.Path())
	require.NoError(t, err)
	require.Equal(t, sum.Rows, last.Rows)
	require.False(t, last.Resumed().Finished)
	require.NoError(t, h.Close())

	h, err = journal.ReadHistory(d.Path(), &info, []journal.Action{journal.Rejected}, nil)
	require.NoError(t, err)
	require.True(t, h.Retries())
	require.Empty(t, h.Action(2), "it is tried again")
	require.NoError(t, h.Close())
}

// What an update overwrites is on disk before it is announced.
func TestBeforeImages(t *testing.T) {
	d, _, w := begin(t)
	cur := attio.Record{ID: "r1", Values: map[string]json.RawMessage{
		"plan": json.RawMessage(`[{"option":"gold"}]`), "seats": json.RawMessage(`[]`),
		"created_by": json.RawMessage(`[{"referenced_actor_type":"api-token","referenced_actor_id":"k1"}]`),
	}}
	change := mapping.Change{Fields: []value.Field{{Attr: &attio.Attribute{Slug: "plan"}}}}
	require.NoError(t, w.Announce(
		journal.BeforeImageOf(7, &cur, change), &journal.Intent{Row: 7, Write: "patch", Record: "r1"}))
	images, err := journal.ReadBeforeImages(d.Path())
	require.NoError(t, err)
	require.Equal(t, "r1", images[7].Record)
	require.JSONEq(t, `[{"option":"gold"}]`, string(images[7].Values["plan"]))
	require.NotContains(t, images[7].Values, "seats")
	require.FileExists(t, d.File(journal.BeforeFile))
	require.NoError(t, w.Close())
}

// What a run was given through a pipe is kept in it.
func TestInputThatIsKept(t *testing.T) {
	d, _, w := begin(t)
	require.NoError(t, w.Close())
	copied := filepath.Join(t.TempDir(), "copy")
	require.NoError(t, os.WriteFile(copied, []byte("rows"), 0o600))
	require.NoError(t, d.KeepInput(copied))
	text, err := os.ReadFile(d.Spool())
	require.NoError(t, err)
	require.Equal(t, "rows", string(text))
	require.ErrorIs(t, d.KeepInput(filepath.Join(t.TempDir(), "gone")), fs.ErrNotExist)
}

func TestDifferencesAreACell(t *testing.T) {
	ds := journal.Differences{
		{Slug: "seats", File: json.RawMessage("3"), Attio: json.RawMessage("4")},
		{Slug: "plan", File: json.RawMessage(`"gold"`), Attio: json.RawMessage("null")},
	}
	var again journal.Differences
	require.NoError(t, json.Unmarshal([]byte(ds.String()), &again))
	require.Equal(t, ds.String(), again.String())
	require.Less(t, strings.Index(ds.String(), "plan"), strings.Index(ds.String(), "seats"))
}
