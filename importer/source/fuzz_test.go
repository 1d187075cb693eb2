package source

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// fuzzRead reads any bytes as a file and checks what must hold of every file that is not refused: both passes agree,
// rows are numbered from 1, lines do not go back, and cells stand within the file.
func fuzzRead(t *testing.T, name string, content []byte) (*File, []*mapping.Row) {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	in, err := Open(t.Context(), Options{Path: path})
	if err == nil {
		_, err = in.Survey(t.Context())
	}
	if err != nil {
		var ie *Error
		require.ErrorAs(t, err, &ie)
		require.Contains(t, Codes, ie.Code)
		return nil, nil
	}
	lines := bytes.Count(content, []byte{'\n'}) + bytes.Count(content, []byte{'\r'}) + 1
	var rows []*mapping.Row
	last := 0
	for r, err := range in.Rows(t.Context()) {
		require.NoError(t, err)
		rows = append(rows, r)
		require.Equal(t, len(rows), r.Number)
		require.GreaterOrEqual(t, r.Line, max(last, 1))
		require.LessOrEqual(t, r.Line, lines)
		last = r.Line
		for _, c := range r.Cells {
			require.GreaterOrEqual(t, int(c.Line), r.Line)
			require.LessOrEqual(t, int(c.Line), lines)
			require.Positive(t, c.Column)
			require.LessOrEqual(t, int(c.Column), 3*len(content)+1) // UTF-16 and windows-1252 grow when they become UTF-8
		}
		if r.Bad != nil {
			require.Contains(t, Codes, r.Bad.Code)
			require.LessOrEqual(t, r.Bad.Line, lines)
			require.GreaterOrEqual(t, r.Bad.Line, r.Line)
		} else {
			require.Len(t, r.Cells, len(in.survey.Columns))
		}
	}
	require.Len(t, rows, in.survey.Rows)
	require.LessOrEqual(t, in.survey.BlankRows, lines)
	return in, rows
}

// fuzzRejects writes all rows as rejects, and reads them back: good rows come back as they were.
func fuzzRejects(t *testing.T, in *File, rows []*mapping.Row) {
	var b bytes.Buffer
	w := in.Rejects(&b)
	require.NoError(t, w.Begin())
	for _, r := range rows {
		require.NoError(t, w.Write(r, "", "VAL021", "no"))
	}
	o := Options{Path: filepath.Join(t.TempDir(), in.RejectsName()), Dialect: Dialect{Encoding: in.enc.Name}}
	if in.RejectsName() == "rejects.csv" {
		o.Delimiter, o.Format = string(in.form.Comma), "csv"
	}
	require.NoError(t, os.WriteFile(o.Path, b.Bytes(), 0o600))
	again, err := Open(t.Context(), o)
	require.NoError(t, err)
	i := 0
	for r, err := range again.Rows(t.Context()) {
		require.NoError(t, err)
		require.Equal(t, rows[i].Bad != nil, r.Bad != nil)
		for j, c := range r.Cells {
			if r.Bad == nil && j < len(rows[i].Cells) {
				require.Equal(t, rows[i].Cells[j].Text, c.Text)
			}
		}
		i++
	}
	require.Equal(t, len(rows), i)
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"id,name\n1,a\n\n2,\"b\nc\"\n,\n3\n", "sep=;\r\nid;name\r\n1;\"a\"\"b\"\r\n2;3;4\r\n", "\ufeff\"id\",b\n1,2",
		"a\rb\rc\r", "a,b;c\n1,2;3\n", "a\tb\n1\t2\n",
		"a,b\n1,\"x", "a,b\n1\"2,3\n\"1\"2,3\n4,5\n", "id,Gr\xf6\xdfe\n1,gro\xdf\n",
		"\xff\xfea\x00,\x00b\x00\n\x001\x00,\x00\xe9\x00",
		"id,attio_row,attio_column,attio_code,attio_error,attio_raw\n,1,,CSV012,x,\"1,2\"\n",
		"a,,\n1,,\n", "a\n\n\n1\n", "\x1f\x8b\x08\x00", "a|b\n 1 | 2\n|\n", "a,b\r\n1,2\r", "\u00a0a,b\n\"\r\n\",1\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		in, rows := fuzzRead(t, "in.csv", content)
		if in == nil {
			return
		}
		if in.format == "csv" && len(rows) > 0 && in.enc.Name == "UTF-8" && len(content) < headSize {
			compareWithCSV(t, in, content, rows)
		}
		if len(rows) > 0 && in.format != "xlsx" {
			fuzzRejects(t, in, rows)
		}
	})
}

// compareWithCSV reads the same text with encoding/csv alone: the cells of good rows are those of its records.
func compareWithCSV(t *testing.T, in *File, content []byte, rows []*mapping.Row) {
	text := strings.TrimPrefix(string(content), in.enc.BOM)
	if in.form.sep || in.form.cr || !in.form.IsPlain() || strings.HasPrefix(text, gzipMagic) ||
		strings.HasPrefix(text, zstdMagic) {
		return
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = in.form.Comma, -1
	records := map[int][]string{}
	for {
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		if err == nil {
			line, _ := r.FieldPos(0)
			records[line] = record
		}
	}
	for _, row := range rows {
		if row.Bad != nil {
			continue
		}
		for j, c := range row.Cells {
			require.Equal(t, records[row.Line][j], c.Text)
		}
	}
}

func FuzzJSONL(f *testing.F) {
	for _, s := range []string{
		`{"a":1,"n":{"b":"x"}}` + "\n" + `{"a":[1],"a":2}` + "\n\n{}", `{"n.b":1,"n":{"b":2}}`,
		`{"a":"\u00e9\ud83d\ude00"}` + "\r\n" + `{"a":`, `{"a":1}{"b":2}`,
		"[{\"a\":1},\n 7,{\"a\":{\"b\":null}}]", "[]", "\ufeff{\"a\":true}", "{\"a\":\"\xff\"}", `{"":1,"b":{"":2}}`,
		`{"attio_raw":"x","attio_row":1}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		in, rows := fuzzRead(t, "in.jsonl", content)
		if in != nil && len(rows) > 0 && in.RejectsName() == "rejects.jsonl" {
			fuzzRejects(t, in, rows)
		}
	})
}
