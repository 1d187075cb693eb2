package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

// unpackSamples copies the samples into a folder.
func unpackSamples(folder string) error {
	return os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "samples")))
}

func TestSamplesAreWhatTheDemoNeeds(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "..", "samples", "workspace.json"))
	require.NoError(t, err)
	defer f.Close()
	w, err := attiotest.ReadWorkspace(f)
	require.NoError(t, err)
	require.Len(t, usersOf(attiotest.New(attiotest.Options{Seed: w}).Workspace()), 10)
}

func TestSchedulesUseFlagsThatExist(t *testing.T) {
	flags := newExportCommand(&app{}).Flags()
	folder := filepath.Join("..", "..", "samples", "schedules")
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	comment, flag := regexp.MustCompile(`(?m)^#.*$`), regexp.MustCompile(`--([a-z-]+)`)
	used := 0
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		require.NoError(t, err)
		for _, m := range flag.FindAllSubmatch(comment.ReplaceAll(text, nil), -1) {
			require.NotNil(t, flags.Lookup(string(m[1])), "%s: --%s", e.Name(), m[1])
			used++
		}
	}
	require.Greater(t, used, 12)
}
