//go:build unix

package main

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// The kill matrix of undo: an upsert that created half of its records and updated the other half is taken back, killed
// again and again, and undone again until it is done. It ends as an undo that nobody killed: what others touched is as
// they left it, and undo.csv has one true line for each row. ATTIO_BULK_TORTURE runs five hundred seeds, else twenty.
func TestUndoKillMatrix(t *testing.T) {
	upserts := func(uint64) killShape { return killShapes(4) }
	killMatrix(t, torture(20, 500), upserts, (*killRun).playUndo)
}

func (k *killRun) playUndo() {
	require.Zero(k.t, k.session(k.importArgs(), calm))
	want := k.tamper()
	require.Equal(k.t, journal.ExitReports, k.undo(0))
	require.Equal(k.t, want, k.undone())
	for i := range killRows {
		found := k.server.Find("users", "user_id", fmt.Sprintf("u%d", i))
		switch want[fmt.Sprint(i+1)] {
		case journal.UndoDeleted, journal.UndoGone:
			require.Empty(k.t, found)
		case journal.UndoRestored:
			require.Len(k.t, k.server.Find("users", "primary_email_address", fmt.Sprintf("old%d@example.com", i)), 1)
		default:
			require.Len(k.t, found, 1)
		}
	}
	require.Len(k.t, k.server.Find("users", "primary_email_address", "theirs3@example.com"), 1)
	require.Empty(k.t, k.server.Unhandled())
}

// undone is what undo.csv says of each row, and by its id of each option and each target.
func (k *killRun) undone() map[string]string {
	out := make(map[string]string)
	for _, line := range k.report(filepath.Join(k.dir, "run"), "undo.csv")[1:] {
		what := line[0]
		if what == "" {
			what = line[1]
		}
		require.NotContains(k.t, out, what, "a second line for it")
		out[what] = line[2]
	}
	return out
}

// tamper is what others do between the import and its undo: it says what must become of each row.
func (k *killRun) tamper() map[string]string {
	want := make(map[string]string)
	for i := range killRows {
		want[fmt.Sprint(i+1)] = journal.UndoDeleted
		if i < killRows/2 {
			want[fmt.Sprint(i+1)] = journal.UndoRestored
		}
		id := k.server.Find("users", "user_id", fmt.Sprintf("u%d", i))[0].ID
		var err error
		switch i {
		case 3, 23:
			err, want[fmt.Sprint(i+1)] = k.server.Set(
				"users", id, map[string]any{"primary_email_address": fmt.Sprintf("theirs%d@example.com", i)}), journal.UndoKept
		case 5, 25:
			err, want[fmt.Sprint(i+1)] = k.server.Remove("users", id), journal.UndoGone
		case 27:
			err, want[fmt.Sprint(i+1)] = k.server.AttachNote("users", id, "called them"), journal.UndoKept
		}
		require.NoError(k.t, err)
	}
	return want
}
