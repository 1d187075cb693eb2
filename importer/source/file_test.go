package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// file writes content under name in a folder of the test's own.
func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// readAll surveys and reads a file, and checks what must always hold: both passes count the same rows, numbered from 1.
func readAll(t testing.TB, o Options) (*File, Survey, []*mapping.Row) {
	t.Helper()
	in, err := Open(t.Context(), o)
	require.NoError(t, err)
	s, err := in.Survey(t.Context())
	require.NoError(t, err)
	var rows []*mapping.Row
	for r, err := range in.Rows(t.Context()) {
		require.NoError(t, err)
		rows = append(rows, r)
		require.Equal(t, len(rows), r.Number)
		if r.Bad == nil {
			require.Len(t, r.Cells, len(s.Columns))
		}
	}
	require.Len(t, rows, s.Rows)
	return in, s, rows
}

func texts(rows []*mapping.Row) [][]string {
	out := make([][]string, len(rows))
	for i, r := range rows {
		out[i] = []string{}
		for _, c := range r.Cells {
			out[i] = append(out[i], c.Text)
		}
	}
	return out
}

func TestReadsCSV(t *testing.T) {
	in, s, rows := readAll(t,
		Options{Path: file(t, "users.csv", "id,E-mail,Note\n1,ada@x.com,\"two\nlines\"\n\n,,\n2,bob@x.com,x\n3,c\n")})
	require.Equal(t, []string{"id", "E-mail", "Note"}, s.Columns)
	require.Equal(t, 3, s.Rows)
	require.Equal(t, 2, s.BlankRows)
	require.Contains(t, told(s), `delimiter ","`)
	require.Contains(t, told(s), "2 blank rows left out, lines 4, 5")
	require.Equal(t, [][]string{{"1", "ada@x.com", "two\nlines"}, {"2", "bob@x.com", "x"}, {"3", "c"}}, texts(rows))
	require.Equal(t, []int{2, 6, 7}, []int{rows[0].Line, rows[1].Line, rows[2].Line})
	require.Equal(t, mapping.Cell{Text: "bob@x.com", Line: 6, Column: 3}, rows[1].Cells[1])
	require.Equal(t, "CSV011", rows[2].Bad.Code)
	require.Equal(t, "3,c", rows[2].Raw)
	require.Equal(t, "rejects.csv", in.RejectsName())
	var b bytes.Buffer
	w := in.Rejects(&b)
	require.NoError(t, w.Begin())
	require.NoError(t, w.Write(rows[0], "E-mail", "VAL021", "no"))
	require.NoError(t, w.Write(rows[2], "", rows[2].Bad.Code, rows[2].Bad.Message))
	require.Equal(t, "id,E-mail,Note,attio_row,attio_column,attio_code,attio_error,attio_raw\n"+
		"1,ada@x.com,\"two\nlines\",1,E-mail,VAL021,no,\n"+
		",,,3,,CSV011,has 2 cells where the header has 3,\"3,c\"\n", b.String())
}

func TestReadsJSONLines(t *testing.T) {
	_, s, rows := readAll(t,
		Options{Path: file(t, "users.jsonl",
			`{"id":12345678901234567890,"name":{"first":"Ada"}}`+"\n"+`{"id":1,"id":2}`+"\n\n"+`{"tags":["a"],"name":{"last":null,"first":"B\u00e9a"}}`)})
	require.Equal(t, []string{"id", "name.first", "tags", "name.last"}, s.Columns)
	require.Equal(t, [][]string{{"12345678901234567890", "Ada", "", ""}, {"1", "", "", ""}, {"", "Béa", `["a"]`, ""}},
		texts(rows))
	require.Equal(t, &mapping.RowError{Code: "JSN012", Line: 2, Column: 9, Message: "has the same key twice: /id"},
		rows[1].Bad)
}

func contextWithCause(t *testing.T) (context.Context, context.CancelCauseFunc) {
	return context.WithCancelCause(t.Context())
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	csv := file(t, "in.csv", "a,b\n1,2\n")
	for _, c := range []struct {
		name string
		o    Options
		code string
		text string
	}{
		{"folder", Options{Path: dir}, "FIL002", "a folder, not a file"},
		{"missing", Options{Path: filepath.Join(dir, "no.csv")}, "FIL001", "there is no such file"},
		{"format", Options{Path: csv, Dialect: Dialect{Format: "ods"}}, "FIL008", `format "ods" is not known`},
		{"delimiter of two", Options{Path: csv, Dialect: Dialect{Delimiter: "||"}}, "FIL008",
			`"||" cannot be a delimiter: it is one character, or the word tab`},
		{"quote as delimiter", Options{Path: csv, Dialect: Dialect{Delimiter: `"`}}, "FIL008",
			`"\"" cannot be a delimiter: it is one character, or the word tab`},
		{"encoding", Options{Path: csv, Dialect: Dialect{Encoding: "klingon"}}, "FIL008", `encoding "klingon" is not known`},
		{"sheet", Options{Path: csv, Dialect: Dialect{Sheet: "1"}}, "FIL008",
			"only a workbook has sheets, and this file is none"},
		{"delimiter of JSON", Options{Path: file(t, "in.jsonl", "{}"), Dialect: Dialect{Delimiter: ";"}}, "FIL008",
			"JSON has no delimiter"},
		{"encoding of a workbook", Options{Path: file(t, "in.xlsx", "PK\x03\x04"), Dialect: Dialect{Encoding: "utf-8"}},
			"FIL008", "a workbook has an encoding of its own"},
		{"xlsx", Options{Path: csv, Dialect: Dialect{Format: "xlsx"}}, "XLS001", "the file is not an .xlsx workbook"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := refused(t, c.o)
			require.Equal(t, []any{c.code, c.text}, []any{e.Code, e.Text})
		})
	}
	require.ErrorIs(t, refused(t, Options{Path: filepath.Join(dir, "no.csv")}), fs.ErrNotExist)
}

func TestWhatAFileIsCalled(t *testing.T) {
	path := file(t, "in.csv", "a,b\n1,2\n")
	in, s, _ := readAll(t, Options{Path: path, Dialect: Dialect{Spreadsheet: true}})
	require.Equal(t, path, in.Path())
	require.Equal(t, Options{Path: path, Dialect: Dialect{Spreadsheet: true}}, in.Options())
	require.Equal(t, mapping.Input{Name: "users", Columns: s.Columns, Spreadsheet: true}, in.Describe("users", s))
}

func TestSurveyHashesTheFileAsItLies(t *testing.T) {
	content := "a,b\n1,2\n"
	_, s, _ := readAll(t, Options{Path: file(t, "in.csv", content)})
	require.Equal(t, fmt.Sprintf("%x", sha256.Sum256([]byte(content))), s.SHA256)
	require.Equal(t, int64(len(content)), s.Bytes)
}

func TestChangedFile(t *testing.T) {
	for _, c := range []struct {
		name, content string
		touch         bool
		rows          int
		changed       bool
	}{
		{"another size", "a,b\n1,2\n3,4\n", false, 0, true},
		{"another content", "a,b\n3,4\n", false, 0, true},
		{"another time only", "a,b\n1,2\n", true, 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := file(t, "in.csv", "a,b\n1,2\n")
			in, err := Open(t.Context(), Options{Path: path})
			require.NoError(t, err)
			_, err = in.Survey(t.Context())
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, []byte(c.content), 0o600))
			later := in.stat.ModTime().Add(time.Hour)
			require.NoError(t, os.Chtimes(path, later, later))
			n := 0
			var last error
			for _, err := range in.Rows(t.Context()) {
				if last = err; err == nil {
					n++
				}
			}
			require.Equal(t, c.rows, n)
			if !c.changed {
				require.NoError(t, last)
				return
			}
			var ie *Error
			require.ErrorAs(t, last, &ie)
			require.Equal(t, "FIL009", ie.Code)
		})
	}
}

func TestFileChangedWhileRowsAreRead(t *testing.T) {
	path := file(t, "in.csv", "a,b\n1,2\n"+strings.Repeat("3,4\n", 100_000))
	in, err := Open(t.Context(), Options{Path: path})
	require.NoError(t, err)
	_, err = in.Survey(t.Context())
	require.NoError(t, err)
	var last error
	for r, err := range in.Rows(t.Context()) {
		if last = err; err == nil && r.Number == 1 {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			require.NoError(t, err)
			_, err = f.WriteAt([]byte("9"), 300_000)
			require.NoError(t, err)
			require.NoError(t, f.Close())
		}
	}
	var ie *Error
	require.ErrorAs(t, last, &ie)
	require.Equal(t, "FIL009", ie.Code)
}

func TestEveryCodeIsExplained(t *testing.T) {
	source, err := filepath.Glob("*.go")
	require.NoError(t, err)
	used := map[string]bool{}
	for _, name := range source {
		if name == "codes.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`"((?:FIL|CSV|JSN|XLS)\d{3})"`).FindAllSubmatch(b, -1) {
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

// Whoever stops a command that waits for its standard input finds nothing left behind.
func TestSpoolThatIsGivenUpLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		from, to := io.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			_, _ = to.Write([]byte("User ID\n"))
			cancel()
		}()
		_, err := Open(ctx, Options{Path: "-", Stdin: from, Spool: filepath.Join(dir, "input.zst")})
		require.ErrorIs(t, err, context.Canceled)
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Empty(t, entries)
		require.NoError(t, to.Close())
	})
}
