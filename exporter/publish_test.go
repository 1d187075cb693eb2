package exporter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// File, changes and manifest get their names together or not at all, whichever rename fails.
func TestAllNamesOrNone(t *testing.T) {
	names := []string{"u.csv", "u.csv" + changesSuffix, "u.csv" + manifestSuffix}
	for _, again := range []bool{false, true} { // whether files stand under the names
		for n := range names {
			b := newSandbox(t, 40, attiotest.Options{})
			b.must(Options{Out: "since.csv"})
			if again {
				b.must(Options{Out: "u.csv", ChangesSince: b.path("since.csv")})
			}
			then := b.folder()
			_, err := b.server.Insert("users", map[string]any{"user_id": "new", "primary_email_address": "new@example.com"})
			require.NoError(t, err)
			fullAt(t, n+1, "rename")
			_, err = b.run(t.Context(), Options{Out: "u.csv", ChangesSince: b.path("since.csv")})
			require.ErrorIs(t, err, errFull)
			require.Equal(t, then, b.folder(), "rename %d, again %t", n, again)
			m := b.must(Options{Out: "u.csv", ChangesSince: b.path("since.csv")})
			require.Equal(t, 41, m.Records)
			for _, name := range names {
				require.NotEqual(t, then[name], b.folder()[name])
			}
		}
	}
}

// Where even the way back fails, the error says what stands, and the earlier files are kept.
func TestNamesHalfGiven(t *testing.T) {
	b := newSandbox(t, 40, attiotest.Options{})
	b.must(Options{Out: "u.csv"})
	then := b.folder()
	_, err := b.server.Insert("users", map[string]any{"user_id": "new", "primary_email_address": "new@example.com"})
	require.NoError(t, err)
	renames := 0
	durable.Fault = func(step, _ string) error {
		if step == "rename" {
			renames++
		}
		if renames > 1 {
			return errFull
		}
		return nil
	}
	t.Cleanup(func() { durable.Fault = func(string, string) error { return nil } })
	_, err = Run(t.Context(), b.client, Options{Schema: b.schema, Out: b.path("u.csv"), PageSize: 20})
	require.ErrorIs(t, err, errFull)
	require.ErrorContains(t, err, b.path("u.csv")+" is the new file and cannot be put back; the earlier one lies in ")
	now := b.folder()
	require.NotEqual(t, then["u.csv"], now["u.csv"])
	require.Equal(t, then["u.csv"+manifestSuffix], now["u.csv"+manifestSuffix])
	kept := false
	for name, text := range now {
		kept = kept || strings.HasPrefix(name, ".attio-bulk-") && text == then["u.csv"] && strings.Contains(err.Error(), name)
	}
	require.True(t, kept)
	require.Len(t, now, 3, "nothing else is left")
}

// folder is what lies in the sandbox's folder, by name.
func (b *sandbox) folder() map[string]string {
	b.t.Helper()
	entries, err := os.ReadDir(b.dir)
	require.NoError(b.t, err)
	files := make(map[string]string)
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(b.dir, e.Name()))
		require.NoError(b.t, err)
		files[e.Name()] = string(text)
	}
	return files
}
