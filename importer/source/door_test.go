package source_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// opened is a file of the given content.
func opened(t *testing.T, name, content string) *source.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	in, err := source.Open(t.Context(), source.Options{Path: path})
	require.NoError(t, err)
	require.Equal(t, path, in.Path())
	return in
}

// Rows are converted side by side and come in the file's order.
func TestConvertedRowsComeInTheirOrder(t *testing.T) {
	text := "ID\n"
	for range 500 {
		text += "x\n"
	}
	in := opened(t, "users.csv", text)
	require.Equal(t, "rejects.csv", in.RejectsName())
	type made struct {
		row   mapping.Row
		twice int
	}
	next := func() (*made, *mapping.Row) { m := &made{}; return m, &m.row }
	n := 0
	for some, err := range source.Convert(t.Context(), in, next, func(m *made) { m.twice = 2 * m.row.Number }) {
		require.NoError(t, err)
		for _, m := range some {
			n++
			require.Equal(t, 2*n, m.twice)
		}
	}
	require.Equal(t, 500, n)
}

// Storage that the caller gives is used again.
func TestRowsInStorageOfTheCaller(t *testing.T) {
	in := opened(t, "users.jsonl", "{\"id\":1}\n{\"id\":2}\n")
	require.Equal(t, "rejects.jsonl", in.RejectsName())
	var storage mapping.Row
	var seen []string
	for row, err := range in.RowsInto(t.Context(), func() *mapping.Row { return &storage }) {
		require.NoError(t, err)
		require.Same(t, &storage, row)
		seen = append(seen, row.Cells[0].Text)
	}
	require.Equal(t, []string{"1", "2"}, seen)
	survey, profiles, err := in.Profile(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, survey.Rows)
	require.Equal(t, 2, profiles[0].Filled)
}

// An error of a file names its code, which is explained, and the setting that would help.
func TestFaultsOfAFile(t *testing.T) {
	for name, c := range map[string]struct {
		o       source.Options
		code    string
		setting source.Setting
	}{
		"a format that is none":    {source.Options{Dialect: source.Dialect{Format: "doc"}}, "FIL008", source.Format},
		"a delimiter that is none": {source.Options{Dialect: source.Dialect{Delimiter: "ab"}}, "FIL008", source.Delimiter},
		"an unknown encoding":      {source.Options{Dialect: source.Dialect{Encoding: "klingon"}}, "FIL008", source.Encoding},
		"a sheet of a text file":   {source.Options{Dialect: source.Dialect{Sheet: "1"}}, "FIL008", source.Sheet},
	} {
		t.Run(name, func(t *testing.T) {
			c.o.Path = filepath.Join(t.TempDir(), "f.csv")
			require.NoError(t, os.WriteFile(c.o.Path, []byte("a,b\n1,2\n"), 0o600))
			_, err := source.Open(t.Context(), c.o)
			e, ok := errors.AsType[*source.Error](err)
			require.True(t, ok)
			require.Equal(t, c.code, e.Code)
			require.Equal(t, c.setting, e.Setting)
			require.NotEmpty(t, source.Codes[e.Code])
		})
	}
	_, err := source.Open(t.Context(), source.Options{Path: filepath.Join(t.TempDir(), "gone.csv")})
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestLinesOfRows(t *testing.T) {
	var l source.Lines
	require.Zero(t, l.Of(1))
	l.Add(1, 2)
	l.Add(2, 3)
	l.Add(3, 7)
	l.Add(4, 8)
	require.Equal(t, []int{2, 3, 7, 8}, []int{l.Of(1), l.Of(2), l.Of(3), l.Of(4)})
}
