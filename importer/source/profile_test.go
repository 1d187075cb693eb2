package source

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/propose"
)

// users is a schema of users, as far as the files here need it.
func users() *attio.Schema {
	attribute := func(slug, title string, t attio.Type) attio.Attribute {
		return attio.Attribute{Slug: slug, Title: title, Type: t, Writable: true}
	}
	id, mail := attribute("user_id", "ID", attio.TypeText),
		attribute("primary_email_address", "Email", attio.TypeEmailAddress)
	id.Unique, mail.Unique = true, true
	return &attio.Schema{Objects: []attio.Object{{Slug: "users", Attributes: []attio.Attribute{
		id, mail, attribute("signed_up_at", "Signed up", attio.TypeTimestamp), attribute("mrr", "MRR", attio.TypeNumber),
		attribute("last_seen_at", "Last seen", attio.TypeTimestamp),
	}}}}
}

// proposeUsers proposes a mapping of a file for users.
func proposeUsers(t *testing.T, path string) *propose.Proposal {
	t.Helper()
	in, err := Open(t.Context(), Options{Path: path})
	require.NoError(t, err)
	s, profiles, err := in.Profile(t.Context())
	require.NoError(t, err)
	require.Len(t, profiles, len(s.Columns))
	p, err := propose.Propose(mapping.Input{Name: path, Columns: s.Columns}, profiles, users(),
		propose.Options{Object: "users"})
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
		setRow(t, f, "Sheet1", "A2", "u-1", "ada@example.com", time.Date(2026, 4, 3, 0, 0, 0, 0, time.UTC), 1234.5,
			"03.04.2026 10:30")
	})
	p := proposeUsers(t, path)
	require.Empty(t, p.Asks())
	require.Empty(t, p.Columns[2].Column.Format, "a spreadsheet's own dates need none")
	require.Empty(t, p.Columns[3].Column.Decimal)
	require.Equal(t, "DD.MM.YYYY HH:mm", p.Columns[4].Column.Format)
}

func BenchmarkProfile(b *testing.B) {
	path := benchFile(b, 20_000)
	st, err := os.Stat(path)
	require.NoError(b, err)
	b.SetBytes(st.Size())
	for b.Loop() {
		in, err := Open(b.Context(), Options{Path: path})
		require.NoError(b, err)
		_, profiles, err := in.Profile(b.Context())
		require.NoError(b, err)
		require.Len(b, profiles, 8)
	}
}
