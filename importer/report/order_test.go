package report

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// shuffled is a run directory whose tables hold so many rows in an order of chance, with cells of several lines and
// quotes, and the same in the order of rows.
func shuffled(t *testing.T, rows int) (d *journal.Dir, want string) {
	t.Helper()
	d, err := journal.Create(filepath.Join(t.TempDir(), "run"), "users")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	const header = "row,line,action\n"
	text := make([]string, rows)
	for i := range text {
		text[i] = fmt.Sprintf("%d,%d,\"a \"\"quoted\"\"\ncell, %d\"\n", i+1, i+2, i)
		if i%7 == 0 { // two lines, whose order counts
			text[i] += fmt.Sprintf("%d,%d,again\n", i+1, i+2)
		}
	}
	want = header + strings.Join(text, "")
	rng := rand.New(rand.NewPCG(1, 2))
	rng.Shuffle(rows, func(i, j int) { text[i], text[j] = text[j], text[i] })
	for _, name := range []string{journal.ResultsFile, journal.DroppedFile} {
		require.NoError(t, os.WriteFile(d.File(name), []byte(header+strings.Join(text, "")), 0o600))
	}
	return d, want
}

func TestTablesArePutInTheOrderOfRows(t *testing.T) {
	for _, rows := range []int{1, 2, 100_000} { // the last are more than memory is given for
		d, want := shuffled(t, rows)
		for range 2 {
			require.NoError(t, Order(d))
			for _, name := range []string{journal.ResultsFile, journal.DroppedFile} {
				text, err := os.ReadFile(d.File(name))
				require.NoError(t, err)
				require.Equal(t, want, string(text))
			}
		}
		left, err := os.ReadDir(d.Path())
		require.NoError(t, err)
		require.Len(t, left, 3, "two tables and the lock")
	}
}

// A table that is in order is not written again.
func TestOrderedTablesStayAsTheyAre(t *testing.T) {
	d, _ := shuffled(t, 1)
	defer func(was func(step, name string) error) { durable.Fault = was }(durable.Fault)
	durable.Fault = func(step, name string) error { return fmt.Errorf("%s %s", step, name) }
	require.NoError(t, Order(d))
}

// Whatever step the disk fails at, a table is the old one or the new one, whole.
func TestOrderIsAllOrNothing(t *testing.T) {
	defer func(was func(step, name string) error) { durable.Fault = was }(durable.Fault)
	for n := 1; ; n++ {
		d, want := shuffled(t, 50)
		before, err := os.ReadFile(d.File(journal.ResultsFile))
		require.NoError(t, err)
		steps := 0
		durable.Fault = func(string, string) error {
			if steps++; steps == n {
				return os.ErrPermission
			}
			return nil
		}
		err = Order(d)
		durable.Fault = func(string, string) error { return nil }
		for _, name := range []string{journal.ResultsFile, journal.DroppedFile} {
			text, err := os.ReadFile(d.File(name))
			require.NoError(t, err)
			require.Contains(t, []string{string(before), want}, string(text))
		}
		if steps < n {
			require.NoError(t, err)
			return
		}
		require.ErrorIs(t, err, os.ErrPermission)
		require.NoError(t, Order(d), "what was left behind is in nobody's way")
		text, err := os.ReadFile(d.File(journal.ResultsFile))
		require.NoError(t, err)
		require.Equal(t, want, string(text))
	}
}

// A table that somebody edited is left alone, and said.
func TestOrderOfWhatIsNoTable(t *testing.T) {
	for _, text := range []string{"row,line\nx,1\n", "row,line\n2,1\n1,1"} {
		d, _ := shuffled(t, 1)
		require.NoError(t, os.WriteFile(d.File(journal.ResultsFile), []byte(text), 0o600))
		require.Error(t, Order(d))
		now, err := os.ReadFile(d.File(journal.ResultsFile))
		require.NoError(t, err)
		require.Equal(t, text, string(now))
	}
}
