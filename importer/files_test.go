package importer

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func readFile(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(b)
}

// benchFile has rows of eight cells: half with a quoted cell, some with a line break in it, some letters beyond ASCII.
func benchFile(b *testing.B, rows int) string {
	var s strings.Builder
	s.WriteString("id,First name,Last name,E-mail,Signed up,MRR,Plan,Note\n")
	for i := range rows {
		note := "some words that nobody reads"
		switch i % 6 {
		case 0, 2:
			note = `"quoted, since it has a comma, and ""quotes"" too"`
		case 4:
			note = "\"two lines\nof text\""
		}
		fmt.Fprintf(&s, "usr_%08d,Zoë %d,Müller-Lüdenscheidt,user.number.%d@example.com,2024-07-14T10:00:00Z,%d.50,Professional plan,%s\n", i, i, i, i%900, note)
	}
	path := filepath.Join(b.TempDir(), "bench.csv")
	require.NoError(b, os.WriteFile(path, []byte(s.String()), 0o600))
	return path
}

func TestEveryCodeIsExplained(t *testing.T) {
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	used := map[string]bool{}
	for _, name := range names {
		if name == "codes.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`"((?:REC|REF)\d{3})"`).FindAllSubmatch(b, -1) {
			used[string(m[1])] = true
		}
	}
	for code := range used {
		require.Contains(t, Codes, code)
	}
	for code := range Codes {
		require.Contains(t, used, code)
	}
}
