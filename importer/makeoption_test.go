package importer

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// cutBehind leaves of a journal what a process has written that was killed behind the n-th line with this text.
func cutBehind(t *testing.T, dir, text string, n int) {
	t.Helper()
	name := filepath.Join(dir, "journal.jsonl")
	var kept strings.Builder
	for line := range strings.Lines(readFile(t, name)) {
		kept.WriteString(line)
		if strings.Contains(line, text) {
			if n--; n == 0 {
				break
			}
		}
	}
	require.Zero(t, n)
	require.NoError(t, os.WriteFile(name, []byte(kept.String()), 0o600))
	for _, report := range []string{journal.SummaryFile, journal.ResultsFile} {
		require.NoError(t, durable.Remove(filepath.Join(dir, report)))
	}
}

// A process dies between making an option, a status or a target and saying so: resume finds that it was made, and undo
// takes it back.
func TestWhatWasMadeJustBeforeAKillIsUndone(t *testing.T) {
	for n := 1; n <= 4; n++ {
		for _, done := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, attiotest.Options{})
				made := 0 // what follows the n-th want is not made: the process is dead by then
				w.server.AddFault(attiotest.Fault{Method: http.MethodPost, Status: 401,
					Match: func(r *http.Request, _ []byte) bool {
						if strings.HasSuffix(r.URL.Path, "/query") {
							return false
						}
						made++
						return made > n || made == n && !done
					}})
				_, dir, err := w.run(t.Context(),
					job{object: "specimens", text: undoText(), mapping: undoMapping, mode: mapping.Upsert})
				require.Error(t, err)
				w.server.ClearFaults()
				cutBehind(t, dir, `"t":"want"`, min(n, 3)+3*(n/4)) // the three targets are announced together
				cut := readFile(t, filepath.Join(dir, "journal.jsonl"))
				require.NotContains(t, cut, "Fungus", "titles are cells")

				plan, err := w.planUndo(dir)
				require.NoError(t, err)
				require.Positive(t, plan.Unknown, "whether it was made is not known before resume")

				sum, err := w.resume(t.Context(), dir)
				require.NoError(t, err)
				require.Equal(t, journal.Counts{Read: undoRows, Created: undoRows}, sum.Rows)
				require.Equal(t, map[string]int{"options": 3, "people": 3}, sum.AlsoCreated, "%d, done %v", n, done)
				u, err := w.undo(t.Context(), dir)
				require.NoError(t, err)
				require.Equal(t, map[string]int{journal.UndoDeleted: undoRows + 3, journal.UndoArchived: 3}, u.Counts)
				require.Zero(t, w.server.Count("specimens")+w.server.Count("people"))
				schema, err := newClient(t, w.server).Schema(t.Context(), "specimens")
				require.NoError(t, err)
				for _, slug := range []string{"kind", "state"} {
					for _, o := range schema.Object("specimens").Attribute(slug).Options {
						require.Equal(t, strings.Contains("Fungus Moss Lost", o.Title), o.Archived, o.Title)
					}
				}
			})
		}
	}
}

// What is announced and surely not made is not taken for the run's own when somebody else makes it.
func TestOptionOfSomebodyElseIsNotOurs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		w.server.AddFault(attiotest.Fault{Method: http.MethodPost, Path: "/options", Status: 401})
		_, dir, err := w.run(t.Context(),
			job{object: "specimens", text: undoText(), mapping: undoMapping, mode: mapping.Upsert})
		require.Error(t, err)
		w.server.ClearFaults()
		schema, err := w.client.Schema(t.Context(), "specimens")
		require.NoError(t, err)
		_, err = w.client.CreateOption(t.Context(), "specimens", *schema.Object("specimens").Attribute("kind"), "Fungus")
		require.NoError(t, err)
		sum, err := w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, map[string]int{"options": 2, "people": 3}, sum.AlsoCreated)
	})
}

// A target that somebody else makes between our look and our create is used, and is not the run's to take back.
func TestTargetOfSomebodyElseIsNotOurs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		w.server.AddFault(attiotest.Fault{Method: http.MethodPost, Path: "/people/records", N: 1, Before: func() {
			_, err := w.server.Insert("people", map[string]any{"email_addresses": []any{"f0@example.com"}})
			require.NoError(t, err)
		}, Match: func(r *http.Request, body []byte) bool {
			return strings.Contains(string(body), "f0@") && !strings.HasSuffix(r.URL.Path, "/query")
		}})
		sum, dir, err := w.run(t.Context(),
			job{object: "specimens", text: undoText(), mapping: undoMapping, mode: mapping.Upsert})
		require.NoError(t, err)
		require.Equal(t, map[string]int{"options": 3, "people": 2}, sum.AlsoCreated)
		u, err := w.undo(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, map[string]int{journal.UndoDeleted: undoRows + 2, journal.UndoArchived: 3}, u.Counts)
		require.Len(t, w.server.Records("people"), 1)
	})
}

func TestOnlyAnArchivedOptionIsBroughtBack(t *testing.T) {
	a := &attio.Attribute{Options: []attio.Option{{ID: "1", Title: "Gone", Archived: true}, {ID: "2", Title: "There"}}}
	for title, id := range map[string]string{"Gone": "1", "There": "", "New": ""} {
		require.Equal(t, id, archivedOption(a, title))
	}
}
