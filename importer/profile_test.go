package importer

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// proposeUsers proposes a mapping of a file for the sandbox's users.
func proposeUsers(t *testing.T, path string) *mapping.Proposal {
	t.Helper()
	c, err := attio.New(attio.Options{Key: attio.Secret(testKey), Transport: attiotest.New(attiotest.Options{}).Transport()})
	require.NoError(t, err)
	schema, err := c.Schema(t.Context(), "users")
	require.NoError(t, err)
	in, err := OpenInput(t.Context(), InputOptions{Path: path})
	require.NoError(t, err)
	s, profiles, err := in.Profile(t.Context())
	require.NoError(t, err)
	require.Len(t, profiles, len(s.Columns))
	p, err := mapping.Propose(mapping.Input{Name: path, Columns: s.Columns, JSON: s.JSON}, profiles, schema, "users")
	require.NoError(t, err)
	return p
}

// The order of a date is decided by the whole column: the one cell that tells is the last of many.
func TestProfileSeesTheWholeColumn(t *testing.T) {
	text := "ID,Email,Signed up\n" + strings.Repeat("u,a@example.com,03/04/2026\n", 5000) + "short\n"
	p := proposeUsers(t, file(t, "users.csv", text))
	require.Contains(t, p.Columns[2].Ask, "all 5000 dates fit both orders")
	p = proposeUsers(t, file(t, "users.csv", text+"u,a@example.com,04/13/2026\n"))
	require.Empty(t, p.Asks())
	require.Equal(t, "american", p.Columns[2].Column.Format)
}

func TestProfileOfAWorkbook(t *testing.T) {
	path := workbookFile(t, func(f *excelize.File) {
		setRow(t, f, "Sheet1", "A1", "ID", "Email", "Signed up", "MRR", "Last seen")
		setRow(t, f, "Sheet1", "A2", "u-1", "ada@example.com", time.Date(2026, 4, 3, 0, 0, 0, 0, time.UTC), 1234.5, "03.04.2026 10:30")
	})
	p := proposeUsers(t, path)
	require.Empty(t, p.Asks())
	require.Empty(t, p.Columns[2].Column.Format, "a spreadsheet's own dates need none")
	require.Empty(t, p.Columns[3].Column.Decimal)
	require.Equal(t, "DD.MM.YYYY HH:mm", p.Columns[4].Column.Format)
	in, err := OpenInput(t.Context(), InputOptions{Path: path})
	require.NoError(t, err)
	r, err := check(t, in, "users", string(p.YAML()))
	require.NoError(t, err)
	require.Equal(t, 1, r.Importable)
}

func BenchmarkProfile(b *testing.B) {
	path := benchFile(b, 20_000)
	st, err := os.Stat(path)
	require.NoError(b, err)
	b.SetBytes(st.Size())
	for b.Loop() {
		in, err := OpenInput(b.Context(), InputOptions{Path: path})
		require.NoError(b, err)
		_, profiles, err := in.Profile(b.Context())
		require.NoError(b, err)
		require.Len(b, profiles, 8)
	}
}
