package durable_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// stepsOf has Fault note the steps of a call, with the last element of each name, and fail at the n-th; 0 for never.
func stepsOf(t *testing.T, n int, call func() error) (steps []string, err error) {
	t.Helper()
	defer func(was func(step, name string) error) { durable.Fault = was }(durable.Fault)
	durable.Fault = func(step, name string) error {
		if name = filepath.Base(name); durable.IsTemp(name) {
			name = "temporary"
		}
		if steps = append(steps, step+" "+name); len(steps) == n {
			return &os.PathError{Op: step, Path: name, Err: syscall.ENOSPC}
		}
		return nil
	}
	return steps, call()
}

func folder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "folder")
	require.NoError(t, os.Mkdir(dir, 0o700))
	return dir
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	out := make(map[string]string)
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		out[e.Name()] = string(text)
		if st, err := e.Info(); runtime.GOOS != "windows" {
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), st.Mode())
		}
	}
	return out
}

// A disk that fails at any step leaves the old file or the new one, and nothing beside it.
func TestReplaceIsAllOrNothing(t *testing.T) {
	want := []string{"create folder", "write temporary", "sync temporary", "close temporary", "rename a",
		"sync folder folder"}
	for n := range len(want) + 1 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			dir := folder(t)
			name := filepath.Join(dir, "a")
			require.NoError(t, durable.Replace(name, strings.NewReader("old")))
			steps, err := stepsOf(t, n, func() error { return durable.Replace(name, strings.NewReader("new")) })
			content := "old"
			if n == 0 {
				require.NoError(t, err)
				require.Equal(t, want, steps, "the folder is flushed when the file has its name")
			} else {
				require.ErrorIs(t, err, syscall.ENOSPC)
			}
			if n == 0 || n == len(want) {
				content = "new"
			}
			require.Equal(t, map[string]string{"a": content}, contents(t, dir))
		})
	}
}

func TestReplaceJSON(t *testing.T) {
	dir := folder(t)
	require.NoError(t, durable.ReplaceJSON(filepath.Join(dir, "a"), map[string]int{"n": 1}))
	require.Equal(t, map[string]string{"a": "{\n  \"n\": 1\n}\n"}, contents(t, dir))
	require.Error(t, durable.ReplaceJSON(filepath.Join(dir, "a"), func() {}))
	require.Len(t, contents(t, dir), 1)
}

// The name of a file that is made to be appended to lasts, too.
func TestAppend(t *testing.T) {
	dir := folder(t)
	name := filepath.Join(dir, "a")
	for i, want := range [][]string{{"sync folder folder", "write a", "sync a", "close a"},
		{"write a", "sync a", "close a"}} {
		steps, err := stepsOf(t, 0, func() error {
			f, empty, err := durable.Append(name)
			if err != nil {
				return err
			}
			require.Equal(t, i == 0, empty)
			fmt.Fprintln(f, "line")
			return f.Finish()
		})
		require.NoError(t, err)
		require.Equal(t, want, steps)
	}
	require.Equal(t, map[string]string{"a": "line\nline\n"}, contents(t, dir))
	_, _, err := durable.Append(filepath.Join(dir, "nowhere", "a"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestReplaceBy(t *testing.T) {
	dir := folder(t)
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	require.NoError(t, durable.Replace(b, strings.NewReader("new")))
	steps, err := stepsOf(t, 0, func() error { return durable.ReplaceBy(a, b) })
	require.NoError(t, err)
	require.Equal(t, []string{"rename a", "sync folder folder"}, steps)
	require.Equal(t, map[string]string{"a": "new"}, contents(t, dir))
	require.NoError(t, durable.ReplaceBy(a, b), "there is none")
	require.Empty(t, contents(t, dir))
}

func TestDiscardLeavesNothing(t *testing.T) {
	dir := folder(t)
	f, err := durable.CreateTemp(dir)
	require.NoError(t, err)
	fmt.Fprint(f, "text")
	part := make([]byte, 2)
	_, err = f.ReadAt(part, 2)
	require.NoError(t, err)
	require.Equal(t, "xt", string(part), "what was written can be read before it has its name")
	require.True(t, durable.IsTemp(filepath.Base(f.Name())))
	f.Discard()
	var none *durable.File
	require.NoError(t, errors.Join(none.Sync(), none.Finish()), "nothing was written to it")
	require.Empty(t, contents(t, dir))
}
