package importer_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
)

// users are two rows in memory.
func users() source.Options {
	return source.Table("users", source.Slice([][]string{
		{"User ID", "Primary email address"}, {"u1", "ada@example.com"}, {"u2", "bob@example.com"},
	}))
}

// The reports of a run whose rows are in no file are made anew from its own folder.
func TestReportsOfRowsFromMemoryAreMadeAnew(t *testing.T) {
	_, client, dir := workspace()
	defer os.RemoveAll(dir)
	sum, err := importer.Run(t.Context(), client, importer.Options{In: users(), RunDir: filepath.Join(dir, "run")})
	require.NoError(t, err)
	results := filepath.Join(sum.RunDir, journal.ResultsFile)
	before, err := os.ReadFile(results)
	require.NoError(t, err)
	require.NoError(t, os.Remove(results))
	held, err := journal.Open(sum.RunDir)
	require.NoError(t, err)
	defer held.Close()
	again, err := importer.Rebuild(t.Context(), held, "")
	require.NoError(t, err)
	require.Equal(t, sum.Rows, again.Rows)
	after, err := os.ReadFile(results)
	require.NoError(t, err)
	require.Len(t, after, len(before))
}

// What cannot be done is said before anything is written, to Attio or to disk.
func TestImportsThatAreRefused(t *testing.T) {
	server, client, dir := workspace()
	defer os.RemoveAll(dir)
	run := filepath.Join(dir, "run")
	_, err := importer.Prepare(t.Context(), client, importer.Options{In: users(), RunDir: run, ImportKey: "name"})
	unfit, ok := errors.AsType[*importer.ImportKeyError](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, "name", unfit.Attribute)
	require.Contains(t, unfit.Error(), unfit.Reason)
	_, err = importer.Run(t.Context(), client, importer.Options{In: users(), RunDir: run, Object: "castles"})
	require.Error(t, err)
	require.NoDirExists(t, run)

	ctx, stop := context.WithCancelCause(t.Context())
	stop(&importer.Interrupted{Signal: "SIGINT", ExitCode: 130})
	_, err = importer.Run(ctx, client, importer.Options{In: users(), RunDir: run})
	signal, ok := errors.AsType[*importer.Interrupted](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, 130, signal.ExitCode)
	require.Equal(t, "interrupted by SIGINT", signal.Error())
	require.Zero(t, server.Count("users"))

	require.NoError(t, os.Mkdir(run, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(run, "mine"), nil, 0o600))
	_, err = importer.Run(t.Context(), client, importer.Options{In: users(), RunDir: run})
	_, taken := errors.AsType[*journal.DirError](err)
	require.True(t, taken, "%v", err)
	for code, text := range importer.Codes {
		require.NotEmpty(t, text, code)
	}
}
