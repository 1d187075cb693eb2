package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

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

func benchInput(b *testing.B, path string) *File {
	in, err := Open(b.Context(), Options{Path: path})
	require.NoError(b, err)
	s, err := in.Survey(b.Context())
	require.NoError(b, err)
	b.SetBytes(s.Bytes)
	b.ReportAllocs()
	return in
}

func BenchmarkSurvey(b *testing.B) {
	in := benchInput(b, benchFile(b, 200_000))
	for b.Loop() {
		if _, err := in.Survey(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRows(b *testing.B) {
	in := benchInput(b, benchFile(b, 200_000))
	n := 0
	for b.Loop() {
		for r, err := range in.Rows(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
			n += len(r.Cells) / 8
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/row")
}

func BenchmarkRowsJSONL(b *testing.B) {
	var s strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&s, `{"id":"usr_%08d","name":{"first":"Zoë %d","last":"Müller-Lüdenscheidt"},"email":"user.number.%d@example.com","seen":"2024-07-14T10:00:00Z","mrr":%d.5,"plan":"Professional","note":"two lines\nof \"text\""}`+"\n", i, i, i, i%900)
	}
	path := filepath.Join(b.TempDir(), "bench.jsonl")
	require.NoError(b, os.WriteFile(path, []byte(s.String()), 0o600))
	in := benchInput(b, path)
	n := 0
	for b.Loop() {
		for r, err := range in.Rows(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
			n += len(r.Cells) / 8
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/row")
}

func BenchmarkXLSX(b *testing.B) {
	in := benchInput(b, largeWorkbook(b, 100_000))
	for b.Loop() {
		for _, err := range in.Rows(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
