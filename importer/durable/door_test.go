package durable_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// A file gets its name when it is whole, and only then.
func TestAFileGetsItsNameWhenItIsWhole(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "report.csv")
	f, err := durable.CreateTemp(folder)
	require.NoError(t, err)
	require.True(t, durable.IsTemp(filepath.Base(f.Name())))
	_, err = f.Write([]byte("whole"))
	require.NoError(t, err)
	require.NoFileExists(t, name)
	require.NoError(t, f.ReplaceAs(name))
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, "whole", string(text))
	require.Error(t, func() error {
		f, err := durable.CreateTemp(folder)
		require.NoError(t, err)
		return f.ReplaceAs(filepath.Join(folder, "no folder", "x"))
	}())
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing is left of the other")
}

func TestFilesThatChangeTheirNames(t *testing.T) {
	folder := t.TempDir()
	a, b := filepath.Join(folder, "a"), filepath.Join(folder, "b")
	f, empty, err := durable.Append(a)
	require.NoError(t, err)
	require.True(t, empty)
	_, err = f.Write([]byte("x"))
	require.NoError(t, err)
	require.NoError(t, f.Close())
	require.NoError(t, durable.Rename(a, b))
	require.NoError(t, durable.SyncFolder(folder))
	require.NoFileExists(t, a)
	require.FileExists(t, b)
	durable.Crash("nobody asked for it")
	require.NoError(t, durable.Remove(b))
	require.NoError(t, durable.Remove(b), "it is not there any more")
}
