package importer

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// appendLines appends lines to a run's journal, as a process writes them before it is killed.
func appendLines(t *testing.T, dir, lines string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, "journal.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString(lines)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

const peopleByMail = `version: 1
object: people
match: email_addresses
columns:
  - {column: Mail, attribute: email_addresses}
  - {column: Name, attribute: name}
  - {column: Job, attribute: job_title}
`

// An undo that announced a record and was killed before it sent anything has put nothing back: the next one does,
// whatever the type of what was overwritten.
func TestUndoKilledBeforeItSentAnything(t *testing.T) {
	for _, row := range []string{"a@example.com,Grace Hopper,\n", "a@example.com,,baker\n"} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, attiotest.Options{})
			_, err := w.server.Insert("people", map[string]any{
				"email_addresses": []string{"a@example.com"}, "name": "Lovelace, Ada", "job_title": "cook",
			})
			require.NoError(t, err)
			sum, dir, err := w.run(t.Context(),
				job{object: "people", mapping: peopleByMail, mode: mapping.Update, text: "Mail,Name,Job\n" + row})
			require.NoError(t, err)
			require.Equal(t, journal.Counts{Read: 1, Updated: 1}, sum.Rows)
			id := w.server.Records("people")[0].ID
			appendLines(t, dir, `{"t":"undo","row":1,"at":"2026-11-26T08:00:00Z","record_id":"`+id+"\"}\n")
			_, err = w.undo(t.Context(), dir)
			require.NoError(t, err)
			now := toText(t, w.server.Records("people")[0].Values)
			require.Contains(t, now, `"Ada Lovelace"`)
			require.Contains(t, now, `"cook"`)
		})
	}
}

// A row whose record went away just then was sent to another: undo puts back what that one held, not what the first
// did.
func TestUndoPutsBackWhatTheRecordItselfHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		mails := []string{"a@example.com"}
		first, err := w.server.Insert("people", map[string]any{"email_addresses": mails, "job_title": "cook"})
		require.NoError(t, err)
		w.server.AddFault(attiotest.Fault{Method: http.MethodPatch, N: 1, Before: func() {
			require.NoError(t, w.server.Remove("people", first))
			_, err := w.server.Insert("people", map[string]any{"email_addresses": mails, "job_title": "smith"})
			require.NoError(t, err)
		}})
		sum, dir, err := w.run(t.Context(),
			job{object: "people", mapping: peopleByMail, mode: mapping.Update, text: "Mail,Name,Job\na@example.com,,baker\n"})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 1, Updated: 1}, sum.Rows)
		u, err := w.undo(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, map[string]int{journal.UndoRestored: 1}, u.Counts)
		require.Contains(t, toText(t, w.server.Records("people")[0].Values), `"smith"`)
	})
}

// What somebody wrote between an update that was never sent and the one that resume sent is what that one overwrote.
func TestUndoPutsBackWhatResumeOverwrote(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		id, err := w.server.Insert(
			"people", map[string]any{"email_addresses": []string{"a@example.com"}, "job_title": "cook"})
		require.NoError(t, err)
		w.server.AddFault(attiotest.Fault{Method: http.MethodPatch, Status: 503})
		sum, dir, err := w.run(t.Context(),
			job{object: "people", mapping: peopleByMail, mode: mapping.Update, text: "Mail,Name,Job\na@example.com,,baker\n"})
		require.Error(t, err)
		require.Equal(t, journal.Counts{Read: 1, Unknown: 1}, sum.Rows)
		w.server.ClearFaults()
		time.Sleep(time.Hour)
		require.NoError(t, w.server.Set("people", id, map[string]any{"job_title": "smith"}))
		sum, err = w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 1, Updated: 1}, sum.Rows)
		_, err = w.undo(t.Context(), dir)
		require.NoError(t, err)
		require.Contains(t, toText(t, w.server.Records("people")[0].Values), `"smith"`)
	})
}

// A row that is tried again and means the record that a later row has made is a conflict with that row, as it would
// have been had that row updated the record: the two do not overwrite each other.
func TestRowTriedAgainLeavesALaterRowsRecordAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{Faults: []attiotest.Fault{{Match: isCreate, N: 1, Times: 1, Status: 400,
			Code: "validation_type"}}})
		sum, dir, err := w.run(t.Context(), job{
			object: "people", mapping: peopleByMail, mode: mapping.Upsert,
			text: "Mail,Name,Job\na@example.com,,baker\na@example.com,,smith\n",
		})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 2, Created: 1, Rejected: 1}, sum.Rows)
		sum, err = w.resume(t.Context(), dir, journal.Rejected)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 2, Created: 1, Conflict: 1}, sum.Rows)
		require.Contains(t, toText(t, w.server.Records("people")[0].Values), `"smith"`)
	})
}

// A row whose update was sent holds its record, and the row tried again before it their address: neither waits for the
// other.
func TestRowTriedAgainAndRowSentDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		id, err := w.server.Insert(
			"people", map[string]any{"email_addresses": []string{"a@example.com"}, "job_title": "cook"})
		require.NoError(t, err)
		w.server.AddFault(attiotest.Fault{Method: http.MethodPatch, Times: 1, Status: 400, Code: "validation_type"})
		w.server.AddFault(attiotest.Fault{Method: http.MethodPatch, Status: 503})
		sum, dir, err := w.run(t.Context(), job{
			object: "people", mapping: peopleByMail, mode: mapping.Update,
			text: "record_id,Mail,Name,Job\n,a@example.com,,baker\n" + id + ",a@example.com,,smith\n",
		})
		require.Error(t, err)
		require.Equal(t, journal.Counts{Read: 2, Rejected: 1, Unknown: 1}, sum.Rows)
		w.server.ClearFaults()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		sum, err = w.resume(ctx, dir, journal.Rejected)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 2, Updated: 1, Conflict: 1}, sum.Rows)
		require.Contains(t, toText(t, w.server.Records("people")[0].Values), `"smith"`)
	})
}
