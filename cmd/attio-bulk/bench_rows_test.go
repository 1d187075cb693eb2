//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// benchMapping maps the files of benchRows.
const benchMapping = `version: 1
object: users
match: user_id
columns:
  - {column: id, attribute: user_id}
  - {column: First name, attribute: full_name.first_name}
  - {column: Last name, attribute: full_name.last_name}
  - {column: E-mail, attribute: primary_email_address}
  - {column: Last seen, attribute: last_seen_at}
  - {column: MRR, attribute: mrr}
  - {column: Plan, attribute: plan}
  - {column: Note, attribute: source}
`

// benchUser is row i of a file: eight cells, some 200 bytes. It is the same in every run.
type benchUser struct{ id, first, last, mail, seen, mrr, plan, note string }

func userOf(i int) benchUser {
	u := benchUser{
		id:    fmt.Sprintf("usr_%08d", i),
		first: []string{"Ada", "Zoë", "Siobhán", "Łukasz", "Jürgen", "María José", "Ingrid", "Nadia"}[i%8],
		last:  []string{"Lovelace", "Müller-Lüdenscheidt", "O'Connor", "Nakamura", "van der Berg"}[i/8%5],
		mail:  fmt.Sprintf("person.number.%d@customer-%d.com", i, i%977),
		seen:  fmt.Sprintf("2024-%02d-%02dT%02d:%02d:00Z", i%12+1, i%28+1, i%24, i%60),
		mrr:   fmt.Sprintf("%d.%d5", i%900, i%10),
		plan:  []string{"Free", "Starter", "Professional", "Enterprise"}[i%4],
		note:  "met at the spring fair; asked for a demo of the reports and wants to hear about prices in the autumn",
	}
	switch i % 20 {
	case 0, 3, 6, 9, 12, 15, 18:
		u.note = "said \"call me later\"; a colleague, who was there too, says that the budget is settled in Q3, not before"
	case 1, 8, 14:
		u.note = "two visits:\none in Zürich, where the offer was made,\none in Łódź, where nobody had read it – ask " +
			"again in spring"
	}
	return u
}

// benchFile writes rows from..to-1 as users.csv with users.yaml beside it. Half of the rows have a quoted cell, 15 %
// line breaks in it.
func benchFile(b *testing.B, from, to int) (path string, size int64) {
	b.Helper()
	dir := b.TempDir()
	require.NoError(b, os.WriteFile(filepath.Join(dir, "users.yaml"), []byte(benchMapping), 0o600))
	path = filepath.Join(dir, "users.csv")
	f, err := os.Create(path)
	require.NoError(b, err)
	w := bufio.NewWriterSize(f, 1<<20)
	_, _ = w.WriteString("id,First name,Last name,E-mail,Last seen,MRR,Plan,Note\n")
	for i := from; i < to; i++ {
		u := userOf(i)
		if strings.ContainsAny(u.note, ",\"\n") {
			u.note = `"` + strings.ReplaceAll(u.note, `"`, `""`) + `"`
		}
		_, err := fmt.Fprintf(w, "%s,%s,%s,%s,%s,%s,%s,%s\n", u.id, u.first, u.last, u.mail, u.seen, u.mrr, u.plan, u.note)
		require.NoError(b, err)
	}
	require.NoError(b, w.Flush())
	st, err := f.Stat()
	require.NoError(b, err)
	require.NoError(b, f.Close())
	return path, st.Size()
}

// values are the same user as the sandbox takes them.
func (u benchUser) values() map[string]any {
	mrr, _ := strconv.ParseFloat(u.mrr, 64)
	return map[string]any{
		"user_id": u.id, "primary_email_address": u.mail, "last_seen_at": u.seen, "mrr": mrr, "plan": u.plan,
		"source":    u.note,
		"full_name": map[string]any{"first_name": u.first, "last_name": u.last, "full_name": u.first + " " + u.last},
	}
}

// sandboxOf serves a workspace that holds so many users of the files.
func sandboxOf(b *testing.B, o attiotest.Options, users int) (*attiotest.Server, string) {
	b.Helper()
	if o.KeepRequests == 0 {
		o.KeepRequests = -1
	}
	server := attiotest.New(o)
	for i := range users {
		_, err := server.Insert("users", userOf(i).values())
		require.NoError(b, err)
	}
	require.NoError(b, server.Listen("127.0.0.1:0"))
	b.Cleanup(server.Close)
	return server, server.URL
}

// importOf is the command line that imports a file made by benchFile.
func importOf(b *testing.B, path string, more ...string) []string {
	args := []string{program(b), "import", path, "--mapping", filepath.Join(filepath.Dir(path), "users.yaml"),
		"--run-dir", "run", "--json", "--quiet"}
	return append(args, more...)
}

// rowsOf reads the accounts of an import from its --json.
func rowsOf(b *testing.B, out []byte) journal.Counts {
	b.Helper()
	var s journal.Summary
	require.NoError(b, json.Unmarshal(out, &s), "%s", out)
	return s.Rows
}
