package source_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/source"
)

// texts are the cells of all rows of a source, which is to read the same twice.
func texts(t *testing.T, o source.Options) (columns []string, rows [][]string) {
	t.Helper()
	in, err := source.Open(t.Context(), o)
	require.NoError(t, err)
	for range 2 {
		rows = nil
		for row, err := range in.Rows(t.Context()) {
			require.NoError(t, err)
			require.Nil(t, row.Bad)
			var cells []string
			for _, c := range row.Cells {
				cells = append(cells, c.Text)
			}
			rows = append(rows, cells)
		}
	}
	survey, err := in.Survey(t.Context())
	require.NoError(t, err)
	require.Equal(t, len(rows), survey.Rows)
	require.NoError(t, in.Close())
	return survey.Columns, rows
}

// Whatever its cells hold, a table comes out as it went in: nothing of it is guessed.
func TestTableIsReadExactly(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	want := [][]string{
		{"ID", "Text"}, {"1", "a;b;c"}, {"2", "two\r\nlines\nand\rmore"}, {"3", `say "hi", then go`}, {"4", " blanks "},
		{"5", "\ttab"}, {"6", "é\u2028"}, {"7", "=1+1"},
	}
	columns, rows := texts(t, source.Table("rows", source.Slice(want)))
	require.Equal(t, want[0], columns)
	require.Equal(t, want[1:], rows)
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	require.Empty(t, left, "Close removes the copy")
}

func TestObjectsAreReadByTheirKeys(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	type name struct {
		First string `json:"first"`
	}
	type person struct {
		ID   int      `json:"id"`
		Name name     `json:"name"`
		Tags []string `json:"tags,omitempty"`
	}
	columns, rows := texts(t, source.Objects("people", source.Slice([]person{
		{1, name{"Ada"}, nil}, {2, name{"<b>"}, []string{"x", "y"}},
	})))
	require.Equal(t, []string{"id", "name.first", "tags"}, columns)
	require.Equal(t, [][]string{{"1", "Ada", ""}, {"2", "<b>", `["x","y"]`}}, rows)
}

// Half of the rows is not taken for all of them.
func TestRowsThatEndWithAnErrorAreRefused(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	lost := errors.New("the connection was lost")
	for name, rows := range map[string]source.Options{
		"table": source.Table("rows", func(yield func([]string, error) bool) {
			_ = yield([]string{"ID"}, nil) && yield([]string{"1"}, nil) && yield(nil, lost)
		}),
		"objects": source.Objects("rows", func(yield func(map[string]int, error) bool) {
			_ = yield(map[string]int{"ID": 1}, nil) && yield(nil, lost)
		}),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := source.Open(t.Context(), rows)
			require.ErrorIs(t, err, lost)
			e, ok := errors.AsType[*source.Error](err)
			require.True(t, ok)
			require.Equal(t, "FIL001", e.Code)
			require.ErrorContains(t, err, "rows: ")
			left, err := os.ReadDir(os.Getenv("TMPDIR"))
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

func TestRowsStopWithTheirContext(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	why := errors.New("enough")
	ctx, stop := context.WithCancelCause(t.Context())
	var endless iter.Seq2[[]string, error] = func(yield func([]string, error) bool) {
		for n := 0; yield([]string{fmt.Sprint(n)}, nil); n++ {
			if n == 10 {
				stop(why)
			}
		}
	}
	_, err := source.Open(ctx, source.Table("rows", endless))
	require.ErrorIs(t, err, why)
}

// The copy of rows that nobody can give again was lost: that is an error, and standard input is not waited for.
func TestRowsWhoseCopyIsGone(t *testing.T) {
	_, err := source.Open(t.Context(), source.Options{Path: "rows", Spool: t.TempDir() + "/gone"})
	require.ErrorContains(t, err, "rows: the copy of its rows cannot be read")
}
