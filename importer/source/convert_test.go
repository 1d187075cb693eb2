package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// made is what the tests make of a row.
type made struct {
	row  mapping.Row
	text string
}

func nextMade() (*made, *mapping.Row) {
	m := &made{}
	return m, &m.row
}

func makeText(m *made) { m.text = fmt.Sprint(m.row.Number, " ", m.row.Cells[0].Text) }

// numbered is a file of rows that hold their numbers.
func numbered(t testing.TB, rows int) string {
	var b strings.Builder
	b.WriteString("id\n")
	for i := range rows {
		fmt.Fprintln(&b, i+1)
	}
	return file(t, "in.csv", b.String())
}

func TestConvertKeepsTheOrder(t *testing.T) {
	for _, rows := range []int{0, 1, rowsTogether, 5000} {
		in, err := Open(t.Context(), Options{Path: numbered(t, rows)})
		require.NoError(t, err)
		n := 0
		for items, err := range Convert(t.Context(), in, nextMade, makeText) {
			require.NoError(t, err)
			require.NotEmpty(t, items)
			for _, m := range items {
				n++
				require.Equal(t, fmt.Sprint(n, " ", n), m.text)
			}
		}
		require.Equal(t, rows, n)
	}
}

// What is wrong with the file comes after all that could be read.
func TestConvertEndsWithTheError(t *testing.T) {
	in, err := Open(t.Context(), Options{Path: file(t, "in.csv", "n\n"+strings.Repeat("1\n", 99)+"\"2\n")})
	require.NoError(t, err)
	_, err = in.Begin(t.Context())
	require.NoError(t, err)
	n, last := 0, error(nil)
	for items, err := range Convert(t.Context(), in, nextMade, makeText) {
		n, last = n+len(items), err
	}
	require.Equal(t, 99, n)
	var e *Error
	require.ErrorAs(t, last, &e)
	require.Equal(t, "CSV004", e.Code)
}

func TestConvertIsStopped(t *testing.T) {
	in, err := Open(t.Context(), Options{Path: numbered(t, 20_000)})
	require.NoError(t, err)
	for range Convert(t.Context(), in, nextMade, makeText) {
		break // its goroutines end
	}
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	var last error
	for _, err := range Convert(ctx, in, nextMade, makeText) {
		cancel(cause)
		last = err
	}
	require.Equal(t, cause, last)
}

// Rows may be read into storage that is used again, in every format.
func TestRowsIntoStorage(t *testing.T) {
	for name, content := range map[string]string{
		"in.csv": "a,b\n1,x\n\n2,\n", "in.jsonl": "{\"a\":1,\"b\":\"x\"}\n{}\n{\"a\":2}\n",
	} {
		in, err := Open(t.Context(), Options{Path: file(t, name, content)})
		require.NoError(t, err)
		var row mapping.Row
		var got []string
		for r, err := range in.RowsInto(t.Context(), func() *mapping.Row { return &row }) {
			require.NoError(t, err)
			require.Same(t, &row, r)
			got = append(got, fmt.Sprint(r.Number, ":", r.Cells[0].Text, r.Cells[1].Text))
		}
		require.Equal(t, []string{"1:1x", "2:2"}, got, name)
	}
}

// A file that is written to while it is read is noticed within a thousand rows, and the error says which rows are sure.
func TestFileOverwrittenIsNoticedSoon(t *testing.T) {
	path := numbered(t, 20_000)
	in, err := Open(t.Context(), Options{Path: path})
	require.NoError(t, err)
	_, err = in.Survey(t.Context())
	require.NoError(t, err)
	last, failed := 0, error(nil)
	for r, err := range in.Rows(t.Context()) {
		if failed = err; err != nil {
			break
		}
		if last = r.Number; last == 3000 {
			b, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, []byte(strings.ReplaceAll(string(b), "9", "8")), 0o600))
			later := in.stat.ModTime().Add(1)
			require.NoError(t, os.Chtimes(path, later, later))
		}
	}
	var e *Error
	require.ErrorAs(t, failed, &e)
	require.Equal(t, []any{"FIL009", 2*checkEvery - 1, 3*checkEvery - 1}, []any{e.Code, e.Sure, last})
}
