//go:build unix

package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// checkJournal holds what the journal alone says, made into reports in a copy of the run directory, against the
// sandbox; of a session that ended whole, against its own reports too.
func (k *killRun) checkJournal(whole bool) {
	run, again := filepath.Join(k.dir, "run"), k.t.TempDir()
	lines, err := os.ReadFile(filepath.Join(run, "journal.jsonl"))
	require.NoError(k.t, err)
	if !strings.Contains(string(lines), "\n") { // killed before its first line was whole
		require.Zero(k.t, strings.Count(string(lines), "intent"))
		return
	}
	require.NoError(k.t, os.CopyFS(again, os.DirFS(run)))
	for _, name := range []string{"results.csv", "dropped.csv", "summary.json"} {
		if err := os.Remove(filepath.Join(again, name)); err != nil {
			require.ErrorIs(k.t, err, fs.ErrNotExist)
		}
	}
	dir, err := journal.Open(again)
	require.NoError(k.t, err)
	told, err := importer.Rebuild(k.t.Context(), dir, "")
	require.NoError(k.t, errors.Join(err, dir.Close()))
	c := told.Rows
	require.Equal(k.t, c.Read, c.Created+c.Updated+c.Unchanged+c.Skipped+c.Conflict+c.Rejected+c.Unknown+c.Pending)
	k.checkDropped(again, told.Dropped)
	old := 0 // records that were there before the run
	if strings.Contains(strings.Join(k.shape.args, " "), "upsert") {
		old = killRows / 2
	}
	there := k.server.Count(k.shape.object) - old
	require.LessOrEqual(k.t, c.Created, there, "what the journal calls created is there")
	require.LessOrEqual(k.t, there, c.Created+c.Unknown, "what is there, the journal knows of")
	if !whole {
		return
	}
	_, sum, err := journal.Load(run)
	require.NoError(k.t, err)
	require.Equal(k.t, c, sum.Rows, "summary and journal")
	require.Equal(k.t, k.report(again, "results.csv"), k.report(run, "results.csv"), "results and journal")
	require.Equal(k.t, told.Dropped, sum.Dropped, "summary and journal")
}

// checkDropped holds dropped.csv of a run directory against the accounts and against what the rows that are done must
// have lost: each value once, in the order of the file.
func (k *killRun) checkDropped(run string, counts journal.Dropped) {
	if !k.shape.leaves {
		require.Zero(k.t, counts)
		require.NoFileExists(k.t, filepath.Join(run, "dropped.csv"))
		return
	}
	done := make(map[string]bool)
	if _, err := os.Stat(filepath.Join(run, "results.csv")); err == nil {
		for _, row := range k.report(run, "results.csv")[1:] {
			done[row[0]] = true
		}
	}
	want := slices.DeleteFunc(dropped(), func(line []string) bool { return !done[line[0]] })
	rows := make(map[string]bool)
	for _, line := range want {
		rows[line[0]] = true
	}
	require.Equal(k.t, journal.Dropped{Values: len(want), Rows: len(rows)}, counts)
	if len(want) == 0 {
		require.NoFileExists(k.t, filepath.Join(run, "dropped.csv"))
		return
	}
	require.Equal(k.t, want, k.report(run, "dropped.csv")[1:])
}

// report are the lines of a report.
func (k *killRun) report(run, name string) [][]string {
	text, err := os.ReadFile(filepath.Join(run, name))
	require.NoError(k.t, err)
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	require.NoError(k.t, err)
	return rows
}

// checkResults holds results.csv against the summary and the sandbox.
func (k *killRun) checkResults(sum *journal.Summary) {
	rows := k.report(filepath.Join(k.dir, "run"), "results.csv")
	require.Len(k.t, rows, killRows+1)
	k.checkDropped(filepath.Join(k.dir, "run"), sum.Dropped)
	seen, actions := make(map[string]bool), make(map[string]int)
	for i, row := range rows[1:] {
		require.Equal(k.t, fmt.Sprint(i+1), row[0], "the order of rows")
		require.False(k.t, seen[row[0]], "row %s has two results", row[0])
		seen[row[0]] = true
		actions[row[2]]++
		if row[2] == "unknown" {
			continue
		}
		require.Len(k.t, k.server.Find(k.shape.object, "record_id", row[3]), 1, "row %s", row[0])
	}
	require.Equal(k.t, sum.Rows.Created, actions["created"])
	require.Equal(k.t, sum.Rows.Updated, actions["updated"])
}
