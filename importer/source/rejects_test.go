package source

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"github.com/attio-bulk/attio-bulk/importer/source/charset"
)

func readFile(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(b)
}

// rejectAll writes every row of a file as refused, in two sittings, and returns what was written.
func rejectAll(t testing.TB, o Options) (string, *File) {
	t.Helper()
	in, _, rows := readAll(t, o)
	var b bytes.Buffer
	w := in.Rejects(&b)
	require.NoError(t, w.Begin())
	for i, r := range rows {
		if i > 0 && i == len(rows)/2 {
			w = in.Rejects(&b)
		}
		code, message := "VAL021", "“ada@” is not an address → 7"
		if r.Bad != nil {
			code, message = r.Bad.Code, r.Bad.Message
		}
		require.NoError(t, w.Write(r, "E-mail", code, message))
	}
	return b.String(), in
}

func TestRejectsAreWrittenAsTheFileWas(t *testing.T) {
	cp1252, err := charmap.Windows1252.NewEncoder().String("id;Größe\r\n1;Köln – groß\r\n")
	require.NoError(t, err)
	cpWant, err := charmap.Windows1252.NewEncoder().String(
		"id;Größe;attio_row;attio_column;attio_code;attio_error\r\n1;Köln – groß;1;E-mail;VAL021;“ada@” is not an " +
			"address ? 7\r\n")
	require.NoError(t, err)
	message := "“ada@” is not an address → 7"
	for _, c := range []struct{ name, file, content, want string }{
		{"comma", "in.csv", "id,b\n1,\"x,\"\"y\"\"\nz\"\n",
			"id,b,attio_row,attio_column,attio_code,attio_error\n1,\"x,\"\"y\"\"\nz\",1,E-mail,VAL021," + message + "\n"},
		{"BOM, semicolon, CRLF", "in.csv", charset.UTF8Marked.BOM + "id;b\r\n1;x\r\n", charset.UTF8Marked.BOM +
			"id;b;attio_row;attio_column;attio_code;attio_error\r\n1;x;1;E-mail;VAL021;" + message + "\r\n"},
		{"sep line", "in.csv", "sep=|\nid|b\n1|x\n",
			"sep=|\nid|b|attio_row|attio_column|attio_code|attio_error\n1|x|1|E-mail|VAL021|" + message + "\n"},
		{"windows-1252", "in.csv", cp1252, cpWant},
		{"one column, blank but for another row", "in.csv", "id\n1\n",
			"id,attio_row,attio_column,attio_code,attio_error\n1,1,E-mail,VAL021," + message + "\n"},
		{"too many cells", "in.csv", "id,b\n1,2,3\n4,5\n",
			"id,b,attio_row,attio_column,attio_code,attio_error,attio_raw\n,,1,E-mail,CSV012,has 3 cells where the " +
				"header has 2,\"1,2,3\"\n4,5,2,E-mail,VAL021," + message + ",\n"},
		{"JSON", "in.jsonl", `{ "a": 1.50, "n": {"b": null} }` + "\n",
			`{"a":1.50,"n":{"b":null},"attio_row":1,"attio_column":"E-mail","attio_code":"VAL021","attio_error":"` + message +
				`"}` + "\n"},
		{"JSON, several lines", "in.json", "[{\"a\":\n1}]",
			`{"a":1,"attio_row":1,"attio_column":"E-mail","attio_code":"VAL021","attio_error":"` + message + `"}` + "\n"},
		{"not JSON", "in.jsonl", "{\"a\":1}\n{\"a\":\"\n",
			`{"a":1,"attio_row":1,"attio_column":"E-mail","attio_code":"VAL021","attio_error":"` + message + `"}` + "\n" +
				`{"attio_row":2,"attio_column":"E-mail","attio_code":"JSN011","attio_error":"is not well-formed JSON: it ends too early","attio_raw":"{\"a\":\""}` + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, in := rejectAll(t, Options{Path: file(t, c.file, c.content)})
			require.Equal(t, c.want, got)
			require.Equal(t, filepath.Ext(in.RejectsName()) == ".jsonl", c.file != "in.csv")
		})
	}
}

// A rejects file is read like the file it came from, and refused again gives the same file.
func TestRejectsAreReadAgain(t *testing.T) {
	for _, c := range []struct{ name, file, content string }{
		{"CSV", "in.csv", charset.UTF8Marked.BOM + "id;b;\r\n1;\"x;\r\ny\";\r\n2;z;\r\n"},
		{"CR in cells, LF", "in.csv", "id,b\n\"x\ry\",\"p\r\r\nq\"\nz\r,\"\n\"\n"},
		{"CR in cells, CRLF", "in.csv", "id,b\r\n\"x\ry\",\"p\r\r\nq\"\r\nz\r,\"\n\"\r\n"},
		{"UTF-16", "in.csv", "\xff\xfe" + strings.Join(strings.Split("id\tb\n1\tx\n2\ty\n", ""), "\x00") + "\x00"},
		{"JSON", "in.jsonl", "{\"a\":1,\"n\":{\"b\":[1,2]}}\n{\"n\":{\"b\":\"é\"}}\n"},
		{"sheet", "in.xlsx", readFile(t, workbookFile(t, func(f *excelize.File) {
			setRow(t, f, "Sheet1", "A1", "id", "b")
			setRow(t, f, "Sheet1", "A2", "00x", 5.5)
		}))},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := file(t, c.file, c.content)
			_, s, rows := readAll(t, Options{Path: path})
			first, in := rejectAll(t, Options{Path: path})
			again := file(t, in.RejectsName(), first)
			_, s2, rows2 := readAll(t, Options{Path: again})
			require.Equal(t, s.Columns, s2.Columns)
			require.Equal(t, texts(rows), texts(rows2))
			second, _ := rejectAll(t, Options{Path: again})
			require.Equal(t, first, second)
		})
	}
}

// A row that was refused as a whole cannot be imported by mistake: its cells are empty until somebody fills them.
func TestUnrepairedRejects(t *testing.T) {
	for _, c := range []struct{ name, file, content, code, raw, repaired string }{
		{"CSV", "in.csv", "id,b\n1,2,3\n4,5\n", "CSV014", "1,2,3", "1,23,"},
		{"JSON", "in.jsonl", "{\"a\":1,\"a\":2}\n{\"a\":3}\n", "JSN015", `{"a":1,"a":2}`, `{"a":1,`},
	} {
		t.Run(c.name, func(t *testing.T) {
			first, in := rejectAll(t, Options{Path: file(t, c.file, c.content)})
			again := file(t, in.RejectsName(), first)
			_, s, rows := readAll(t, Options{Path: again})
			require.Equal(t, 2, s.Rows)
			require.Equal(t, c.code, rows[0].Bad.Code)
			require.Equal(t, c.raw, rows[0].Raw)
			require.Nil(t, rows[1].Bad)
			second, _ := rejectAll(t, Options{Path: again})
			require.Contains(t, second, c.code)
			_, _, third := readAll(t, Options{Path: file(t, in.RejectsName(), second)})
			require.Equal(t, c.raw, third[0].Raw)

			from := map[string]string{"CSV": ",,", "JSON": `{`}[c.name]
			repaired := strings.Replace(first, "\n"+from, "\n"+c.repaired, 1)
			if c.name == "JSON" {
				repaired = strings.Replace(first, from, c.repaired, 1)
			}
			_, _, rows = readAll(t, Options{Path: file(t, in.RejectsName(), repaired)})
			require.Nil(t, rows[0].Bad)
			require.Equal(t, "1", rows[0].Cells[0].Text)
		})
	}
}

type failingWriter struct{ n int }

func (f *failingWriter) Write(p []byte) (int, error) {
	if f.n--; f.n < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

func TestRejectErrorsStay(t *testing.T) {
	in, _, rows := readAll(t, Options{Path: file(t, "in.csv", "a,b\n1,2\n")})
	out := &failingWriter{n: 2}
	w := in.Rejects(out)
	require.NoError(t, w.Begin())
	require.NoError(t, w.Write(rows[0], "", "", ""))
	require.EqualError(t, w.Write(rows[0], "", "", ""), "disk full")
	out.n = 100
	require.EqualError(t, w.Write(rows[0], "", "", ""), "disk full")
}
