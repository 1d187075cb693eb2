package exporter_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/exporter"
)

// What can be known to be wrong is said before the first request, and the previous file is as it was.
func TestExportsThatAreRefused(t *testing.T) {
	_, client, dir := workspace()
	defer os.RemoveAll(dir)
	users := filepath.Join(dir, "users.csv")
	whole := exporter.Options{Out: users}
	require.NoError(t, whole.Ready(time.Now()))
	_, err := exporter.Run(t.Context(), client, whole)
	require.NoError(t, err)
	before, err := os.ReadFile(users)
	require.NoError(t, err)
	cut := filepath.Join(dir, "cut.csv")
	require.NoError(t, os.WriteFile(cut, before, 0o600))

	option, folder, notWhole := new(exporter.OptionError), new(exporter.NoFolderError), new(exporter.NotWholeError)
	for name, c := range map[string]struct {
		o    exporter.Options
		want any
	}{
		"a bound that is none":       {exporter.Options{Out: users, MinRecords: "many"}, &option},
		"no folder":                  {exporter.Options{Out: filepath.Join(dir, "no", "users.csv")}, &folder},
		"an export without manifest": {exporter.Options{Out: users, ChangesSince: cut}, &notWhole},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorAs(t, c.o.Ready(time.Now()), c.want)
			_, err := exporter.Run(t.Context(), client, c.o)
			require.ErrorAs(t, err, c.want)
		})
	}
	require.Equal(t, "MinRecords", option.Option)
	require.Contains(t, option.Error(), errors.Unwrap(option).Error())
	require.ErrorIs(t, folder, fs.ErrNotExist)
	require.Contains(t, folder.Error(), folder.Path)
	require.Contains(t, notWhole.Error(), cut)

	_, err = exporter.Run(t.Context(), client, exporter.Options{Out: users, MinRecords: "3"})
	few, ok := errors.AsType[*exporter.TooFewError](err)
	require.True(t, ok)
	require.Equal(t, exporter.TooFewError{Path: users, Records: 2, Minimum: 3}, *few)
	require.NotEmpty(t, few.Error())
	after, err := os.ReadFile(users)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

func TestNamesOfOutputs(t *testing.T) {
	at := time.Date(2026, 11, 22, 14, 59, 0, 0, time.UTC)
	require.Equal(t, "users-2026-11-22-145900.csv", exporter.Expand("{object}-{date}-{time}.csv", "users", at))
	for name, is := range map[string]bool{"a.csv": true, "a.jsonl.gz": true, "backup": false, "a.xml": false} {
		require.Equal(t, is, exporter.NamesFile(name), name)
	}
}

// Beside a file stands what an import of it has to know.
func TestWhatAManifestTells(t *testing.T) {
	_, client, dir := workspace()
	defer os.RemoveAll(dir)
	none, sheet := filepath.Join(dir, "none.jsonl"), filepath.Join(dir, "sheet.csv")
	var seen []exporter.Progress
	m, err := exporter.Run(t.Context(), client, exporter.Options{
		Object: "companies", Out: none, Progress: func(p exporter.Progress) { seen = append(seen, p) },
	})
	require.NoError(t, err)
	require.Equal(t, exporter.Complete, m.Verdict)
	require.NotEmpty(t, seen)
	require.Contains(t, exporter.ColumnsOfNone(none), "domains")
	require.Nil(t, exporter.ColumnsOfNone(sheet))
	require.False(t, exporter.MadeForSpreadsheet(none))
	_, err = exporter.Run(t.Context(), client, exporter.Options{Out: sheet, Spreadsheet: true})
	require.NoError(t, err)
	require.True(t, exporter.MadeForSpreadsheet(sheet))
	_, err = exporter.Check(filepath.Join(dir, "nothing.csv"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestAnExportThatIsStopped(t *testing.T) {
	_, client, dir := workspace()
	defer os.RemoveAll(dir)
	why := errors.New("enough")
	ctx, stop := context.WithCancelCause(t.Context())
	stop(why)
	_, err := exporter.Run(ctx, client, exporter.Options{Out: filepath.Join(dir, "users.csv")})
	require.ErrorIs(t, err, why)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}
