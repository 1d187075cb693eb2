package importer

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/undo"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// An undo is as hard to kill as an import: however often it is cut short, and whatever answers are lost, it ends with
// the same report as one that went through.

const undoMapping = `version: 1
object: specimens
match: code
columns:
  - {column: Code, attribute: code}
  - {column: Label, attribute: label}
  - {column: Kind, attribute: kind, missing: create}
  - {column: State, attribute: state, missing: create}
  - {column: Finder, attribute: finder, reference: people.email_addresses, missing: create}
`

// undoRows are specimens 0 to 15, of which 0 to 4 exist before the run.
const undoRows, undoOld = 16, 5

func undoText() string {
	text := "Code,Label,Kind,State,Finder\n"
	for i := range undoRows {
		text += fmt.Sprintf("s%d,new,%s,%s,f%d@example.com\n", i, []string{"Fungus", "Moss"}[i%2],
			[]string{"Lost", "New"}[i%2], i%3)
	}
	return text
}

// builtOn is a run that made and overwrote some of everything, and what others did to it since. want is what becomes of
// it, by result.
func builtOn(t *testing.T, w *world) (dir string, want map[string]int) {
	t.Helper()
	for i := range undoOld {
		_, err := w.server.Insert("specimens", map[string]any{"code": fmt.Sprintf("s%d", i), "label": "old", "kind": "Plant"})
		require.NoError(t, err)
	}
	sum, dir, err := w.run(t.Context(),
		job{object: "specimens", text: undoText(), mapping: undoMapping, mode: mapping.Upsert})
	require.NoError(t, err)
	require.Equal(t, journal.Counts{Read: undoRows, Created: undoRows - undoOld, Updated: undoOld}, sum.Rows)
	require.Equal(t, map[string]int{"options": 3, "people": 3}, sum.AlsoCreated)
	id := func(i int) string { return w.server.Find("specimens", "code", fmt.Sprintf("s%d", i))[0].ID }
	require.NoError(t, w.server.Set("specimens", id(1), map[string]any{"label": "theirs"}))
	require.NoError(t, w.server.Remove("specimens", id(2)))
	require.NoError(t, w.server.Set("specimens", id(6), map[string]any{"label": "theirs"}))
	require.NoError(t, w.server.Remove("specimens", id(7)))
	require.NoError(t, w.server.AttachNote("specimens", id(8), "called them"))
	require.NoError(t, w.server.AttachTask("specimens", id(9), "call them"))
	require.NoError(t, w.server.AddEntry("favourites", "specimens", id(10)))
	two := w.server.Find("people", "email_addresses", "f2@example.com")[0].ID
	require.NoError(t, w.server.Set("people", two, map[string]any{"job_title": "finder"}))
	return dir, map[string]int{journal.UndoDeleted: 6 + 2, journal.UndoRestored: 3, journal.UndoArchived: 3,
		journal.UndoKept: 1 + 4 + 1, journal.UndoGone: 2}
}

// checkUndone proves that a run was taken back, and that undo.csv says so: a line for each thing, and no more.
func checkUndone(t *testing.T, w *world, dir string, sum undo.Summary, want map[string]int) {
	t.Helper()
	rows := readRows(t, filepath.Join(dir, undo.File))
	results, seen := make(map[string]int), make(map[string]bool)
	for _, row := range rows {
		results[row["result"]]++
		require.False(t, seen[row["record_id"]], "%s has two lines", row["record_id"])
		seen[row["record_id"]] = true
		n := len(w.server.Find("specimens", "record_id", row["record_id"])) +
			len(w.server.Find("people", "record_id", row["record_id"]))
		switch row["result"] {
		case journal.UndoDeleted, journal.UndoGone, journal.UndoArchived:
			require.Zero(t, n)
		default:
			require.Equal(t, 1, n, "%v", row)
		}
	}
	require.Equal(t, want, results, "%v", rows)
	require.Equal(t, want, sum.Counts)
	require.Equal(t, journal.ExitReports, sum.ExitCode)
	for i, label := range map[int]string{0: "old", 1: "theirs", 3: "old", 4: "old", 6: "theirs", 8: "new", 9: "new",
		10: "new"} {
		found := w.server.Find("specimens", "code", fmt.Sprintf("s%d", i))
		require.Len(t, found, 1)
		require.Contains(t, toText(t, found[0].Values), fmt.Sprintf(`"label":%q`, label), "s%d", i)
		if label == "old" {
			require.Contains(t, toText(t, found[0].Values), `"kind":"Plant"`, "s%d", i)
		}
	}
	require.Equal(t, 8, w.server.Count("specimens"))
	require.Equal(t, 1, w.server.Count("people"))
	require.Empty(t, w.server.Unhandled())
}

// isUndoMethod fits the writes of an undo; those of an upsert are PATCH and PUT as well.
func isUndoMethod(method string) bool { return method != http.MethodGet && method != http.MethodPost }

func (w *world) undoWrites() (n int) {
	for _, r := range w.server.Requests() {
		if isUndoMethod(r.Method) {
			n++
		}
	}
	return n
}

func TestUndoOfEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		dir, want := builtOn(t, w)
		sum, err := w.undo(t.Context(), dir)
		require.NoError(t, err)
		checkUndone(t, w, dir, sum, want)
	})
}

// All that was sent is announced and nothing of what came of it was written: the next undo finds out that it was done.
func TestUndoThatLostItsResults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		dir, want := builtOn(t, w)
		_, err := w.undo(t.Context(), dir)
		require.NoError(t, err)
		name := filepath.Join(dir, "journal.jsonl")
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		var kept strings.Builder
		for line := range strings.Lines(string(text)) {
			if !strings.Contains(line, `"t":"undone"`) {
				kept.WriteString(line)
			}
		}
		require.NoError(t, os.WriteFile(name, []byte(kept.String()+`{"t":"undone","row":3,"rec`), 0o600))
		require.NoError(t, os.Remove(filepath.Join(dir, undo.File)))
		d, err := journal.Open(dir)
		require.NoError(t, err)
		info, _, err := journal.Load(dir)
		require.NoError(t, err)
		h, err := journal.ReadHistory(d.Path(), &info, nil, nil)
		require.NoError(t, err)
		require.True(t, h.Undone, "a run of which something may have been deleted is not resumed")
		require.NoError(t, d.Close())
		before := w.undoWrites()
		sum, err := w.undo(t.Context(), dir)
		require.NoError(t, err)
		checkUndone(t, w, dir, sum, want)
		require.LessOrEqual(t, w.undoWrites()-before, 3, "nothing but the options is sent again")
	})
}

// Answers to an undo's writes get lost, once or until it gives up: what it did is not reported as another's doing.
func TestUndoWithLostAnswers(t *testing.T) {
	isUndo := func(r *http.Request, _ []byte) bool { return isUndoMethod(r.Method) }
	for _, loss := range losses {
		for _, times := range []int{1, 3, 40} { // five in a row stop an undo
			t.Run(fmt.Sprintf("%s, %d times", loss.name, times), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, attiotest.Options{Latency: 30 * time.Millisecond})
					dir, want := builtOn(t, w)
					fault := loss.fault
					fault.Match, fault.Times = isUndo, times
					w.server.AddFault(fault)
					sum, err := w.undo(t.Context(), dir)
					for n := 0; err != nil; n++ {
						require.Less(t, n, 10)
						require.Equal(t, journal.ExitStopped, sum.ExitCode)
						sum, err = w.undo(t.Context(), dir)
					}
					checkUndone(t, w, dir, sum, want)
				})
			})
		}
	}
}

// A record that somebody else deletes in the moment in which it is to be taken back is gone, and not deleted by us.
func TestUndoOfWhatSomebodyElseDeletesJustThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		_, dir, err := w.run(t.Context(), job{text: users(1, 1)})
		require.NoError(t, err)
		id := w.server.Records("users")[0].ID
		w.server.AddFault(attiotest.Fault{Method: http.MethodDelete,
			Before: func() { require.NoError(t, w.server.Remove("users", id)) }, N: 1})
		sum, err := w.undo(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, undo.Summary{Counts: map[string]int{journal.UndoGone: 1}}, sum)
	})
}

// The disk fails from the n-th write of an undo on, whichever it is: it stops before it takes back what it could not
// announce, and with room again it ends as if nothing had been.
func TestUndoOnFullDiskAtEachWrite(t *testing.T) {
	defer func(was func(step, name string) error) { durable.Fault = was }(durable.Fault)
	for _, cause := range []error{syscall.ENOSPC, syscall.EIO} {
		full := 0
		for n := 1; ; n++ {
			require.Less(t, n, 100)
			survived := false
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, attiotest.Options{})
				dir, want := builtOn(t, w)
				imported, count := w.undoWrites(), 0
				durable.Fault = func(step, name string) error {
					if count++; count >= n {
						return &os.PathError{Op: "write", Path: name, Err: cause}
					}
					return nil
				}
				sum, err := w.undo(t.Context(), dir)
				durable.Fault = func(_, _ string) error { return nil }
				announced := strings.Count(readFile(t, filepath.Join(dir, "journal.jsonl")), `"t":"undo",`)
				require.LessOrEqual(t, w.undoWrites()-imported, announced, "what is sent was announced")
				if err != nil {
					full++
					require.ErrorIs(t, err, cause)
					require.Equal(t, journal.ExitStopped, sum.ExitCode)
					sum, err = w.undo(t.Context(), dir)
					require.NoError(t, err)
				} else {
					survived = true
				}
				checkUndone(t, w, dir, sum, want)
			})
			if survived {
				break
			}
		}
		require.Greater(t, full, 4, "%v at as many writes", cause)
	}
}
