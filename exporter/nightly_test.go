package exporter

import (
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

func TestChangesSince(t *testing.T) {
	for _, name := range []string{"u.csv", "u.jsonl.gz"} {
		t.Run(name, func(t *testing.T) {
			b := newSandbox(t, 40, attiotest.Options{})
			b.must(Options{Out: name})
			ids := b.column(name, "record_id")
			plain := func(i int) string { return strings.Trim(ids[i], `"`) }

			m := b.must(Options{Out: name, ChangesSince: b.path(name)})
			require.Equal(t, &Since{File: name}, m.Since)
			require.Empty(t, b.read(name+changesSuffix))

			require.NoError(t, b.server.Remove("users", plain(3)))
			require.NoError(t, b.server.Set("users", plain(5), map[string]any{"source": "web; \"new\"", "mrr": 3}))
			added, err := b.server.Insert("users", map[string]any{"user_id": "new", "primary_email_address": "new@example.com"})
			require.NoError(t, err)
			m = b.must(Options{Out: name, ChangesSince: b.path(name)}) // replaces the file that it compares with
			require.Equal(t, &Since{File: name, Added: 1, Changed: 1, Deleted: 1}, m.Since)
			require.Equal(t, b.path(name)+changesSuffix, m.ChangesPath)

			byChange := map[string]map[string]any{}
			for _, line := range b.lines(name + changesSuffix) {
				byChange[line["change"].(string)] = line
			}
			require.Equal(t, added, byChange["added"]["record_id"])
			require.Equal(t, "new", byChange["added"]["record"].(map[string]any)["user_id"])
			require.Equal(t, plain(3), byChange["deleted"]["record_id"])
			require.Equal(t, "U3", byChange["deleted"]["record"].(map[string]any)["user_id"])
			require.Equal(t, plain(5), byChange["changed"]["record_id"])
			columns := byChange["changed"]["columns"].(map[string]any)
			require.Len(t, columns, 2)
			require.Equal(t, map[string]any{"old": "line 1\nline; \"5\"", "new": "web; \"new\""}, columns["source"])
			require.Contains(t, columns, "mrr")
		})
	}
}

// A column that only one of the files has counts as not set in the other.
func TestChangesAcrossColumns(t *testing.T) {
	for _, name := range []string{"u.csv", "u.jsonl"} {
		b := newSandbox(t, 10, attiotest.Options{})
		b.must(Options{Out: name, Columns: []string{"record_id", "user_id", "newsletter", "interests", "plan", "phone",
			"source"}})
		m := b.must(Options{Out: name, ChangesSince: b.path(name), Columns: []string{"mrr", "record_id", "last_seen_at",
			"source"}})
		require.Equal(t, Since{File: name, Changed: 10}, *m.Since)
		for _, line := range b.lines(name + changesSuffix) {
			columns := line["columns"].(map[string]any)
			require.Contains(t, columns, "user_id")
			require.Contains(t, columns, "mrr")
			require.Len(t, columns, 2, "what was nowhere set did not change")
		}
	}
}

func TestChangesRefused(t *testing.T) {
	b := newSandbox(t, 10, attiotest.Options{})
	fresh := func(o Options) string {
		o.Out = "then.csv"
		b.must(o)
		return b.path("then.csv")
	}
	path := fresh(Options{})
	damage := func(change func(m *Manifest)) {
		m, err := readManifest(path)
		require.NoError(t, err)
		change(&m)
		writeManifest(t, path, m)
	}
	for name, c := range map[string]struct {
		spoil func()
		now   Options
		want  string
	}{
		"no manifest": {func() { require.NoError(t, os.Remove(path+manifestSuffix)) }, Options{},
			"it or its manifest is not there"},
		"cut": {func() {
			require.NoError(t, os.Truncate(path, 300))
		}, Options{}, "the file has 300 bytes"},
		"one byte": {func() {
			text := []byte(b.read("then.csv"))
			text[len(text)-2] ^= 1
			require.NoError(t, os.WriteFile(path, text, 0o600))
		}, Options{}, "SHA-256"},
		"incomplete": {func() { damage(func(m *Manifest) { m.Verdict = Incomplete }) }, Options{},
			`its verdict is "incomplete"`},
		"no verdict":   {func() { damage(func(m *Manifest) { m.Verdict = "" }) }, Options{}, "its verdict"},
		"schema":       {func() { damage(func(m *Manifest) { m.Schema = 2 }) }, Options{}, "schema 2"},
		"limited":      {func() { fresh(Options{Limit: 5}) }, Options{}, "cut at a limit"},
		"object":       {func() { damage(func(m *Manifest) { m.Object = "people" }) }, Options{}, "another object"},
		"workspace":    {func() { damage(func(m *Manifest) { m.Workspace = "other" }) }, Options{}, "another workspace"},
		"filter":       {func() {}, Options{Filter: json.RawMessage(`{"source":"x"}`)}, "another filter"},
		"format":       {func() {}, Options{Format: "jsonl"}, "another format"},
		"references":   {func() {}, Options{References: "key"}, "another form of references"},
		"spreadsheet":  {func() {}, Options{Spreadsheet: true}, "made or not made for spreadsheets"},
		"no record_id": {func() {}, Options{Columns: []string{"user_id"}}, "record_id"},
	} {
		fresh(Options{})
		c.spoil()
		before := b.server.Counts().Requests
		c.now.Out, c.now.ChangesSince = "now.csv", path
		_, err := b.run(t.Context(), c.now)
		require.ErrorContains(t, err, c.want, name)
		require.Equal(t, before, b.server.Counts().Requests, name)
		require.NoFileExists(t, b.path("now.csv"))
	}
	fresh(Options{Filter: json.RawMessage(`{"$and":[{"source":"x"}],"user_id":"y"}`)})
	b.must(Options{Out: "now.csv", ChangesSince: path,
		Filter: json.RawMessage(`{ "user_id":"y", "$and":[{"source":"x"}] }`)})
}

func TestMinRecords(t *testing.T) {
	b := newSandbox(t, 100, attiotest.Options{})
	few := func(o Options) *TooFewError {
		t.Helper()
		o.Out = "users.csv"
		_, err := b.run(t.Context(), o)
		var e *TooFewError
		require.ErrorAs(t, err, &e)
		return e
	}
	require.Equal(t, TooFewError{Path: b.path("users.csv"), Records: 100, Minimum: 101}, *few(Options{MinRecords: "101"}))
	require.NoFileExists(t, b.path("users.csv"))

	b.must(Options{Out: "users.csv", MinRecords: "90%"})
	require.Len(t, b.warned, 1, "there was nothing to compare with")
	then := b.read("users.csv")
	for _, id := range b.column("users.csv", "record_id")[:11] {
		require.NoError(t, b.server.Remove("users", id))
	}
	e := few(Options{MinRecords: "90%"})
	require.Equal(t, TooFewError{Path: b.path("users.csv"), Records: 89, Minimum: 90, Previous: 100}, *e)
	require.Equal(t, b.path("users.csv")+" was not replaced: 89 records are fewer than 90 (the earlier file has 100)",
		e.Error())
	require.Equal(t, then, b.read("users.csv"))

	_, err := b.run(t.Context(), Options{Out: "new.csv", MinRecords: "90%", ChangesSince: b.path("users.csv")})
	require.ErrorAs(t, err, &e, "without a file of its own, the one that changes are told since counts")

	b.must(Options{Out: "users.csv", MinRecords: "89%"})
	require.NotEqual(t, then, b.read("users.csv"))
}

func TestCheck(t *testing.T) {
	b := newSandbox(t, 10, attiotest.Options{})
	_, err := Check(b.path("users.csv"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	for _, name := range []string{"users.csv", "users.jsonl", "users.csv.gz", "raw.jsonl.zst"} {
		m := b.must(Options{Out: name, Raw: strings.HasPrefix(name, "raw")})
		text := b.read(name)
		require.NoError(t, os.WriteFile(b.path(name), []byte(text[:len(text)-20]), 0o600))
		r, err := Check(b.path(name))
		require.NoError(t, err)
		require.False(t, r.OK())
		require.GreaterOrEqual(t, len(r.Problems), 3, "size, hash and records of %s: %q", name, r.Problems)
		require.Equal(t, m.SHA256, r.Manifest.SHA256)
	}
	b.must(Options{Out: "users.jsonl"})
	m, err := readManifest(b.path("users.jsonl"))
	require.NoError(t, err)
	m.Columns[4] = "other"
	writeManifest(t, b.path("users.jsonl"), m)
	r, err := Check(b.path("users.jsonl"))
	require.NoError(t, err)
	require.Len(t, r.Problems, 1)
	require.Contains(t, r.Problems[0], "record 1: key ")
}

// An export in doubt lies beside the earlier file, with a manifest that says so.
func TestIncomplete(t *testing.T) {
	b := newSandbox(t, 90, attiotest.Options{})
	b.must(Options{Out: "users.csv.gz"})
	then := b.read("users.csv.gz")
	b.server.AddFault(attiotest.Fault{Lie: attiotest.Lie{Stop: 50}})
	m := b.must(Options{Out: "users.csv.gz", MinRecords: "90%", ChangesSince: b.path("users.csv.gz")})
	require.Equal(t, Incomplete, m.Verdict)
	require.NotEmpty(t, m.Doubts)
	require.Equal(t, b.path("users.csv.gz.incomplete"), m.Path)
	require.Equal(t, then, b.read("users.csv.gz"))
	require.NoFileExists(t, b.path("users.csv.gz.changes.jsonl"))
	r, err := Check(m.Path)
	require.NoError(t, err)
	require.Empty(t, r.Problems)
	require.Equal(t, Incomplete, r.Manifest.Verdict)
	require.Greater(t, r.Records, 50, "the witnesses are in it")
	_, err = b.run(t.Context(), Options{Out: "next.csv.gz", ChangesSince: m.Path})
	var not *NotWholeError
	require.ErrorAs(t, err, &not)
}

func writeManifest(t *testing.T, path string, m Manifest) {
	t.Helper()
	text, err := json.Marshal(m)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path+manifestSuffix, text, 0o600))
}
