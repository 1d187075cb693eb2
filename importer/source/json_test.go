package source

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

func TestJSONCells(t *testing.T) {
	const text, number, truth, null, raw = value.TextCell, value.NumberCell, value.BoolCell, value.NullCell, value.JSONCell
	for _, c := range []struct {
		name, object string
		columns      []string
		cells        []mapping.Cell
	}{
		{"text", `{"a":"x","b":""}`, []string{"a", "b"},
			[]mapping.Cell{{Text: "x", Kind: text, Line: 1, Column: 6}, {Kind: text, Line: 1, Column: 14}}},
		{"escapes", `{"\u0061":"\u00e9\n\ud83d\ude00"}`, []string{"a"},
			[]mapping.Cell{{Text: "é\n😀", Kind: text, Line: 1, Column: 11}}},
		{"exact numbers", `{"a":9007199254740993,"b":0.10,"c":1e3,"d":-0}`, []string{"a", "b", "c", "d"}, []mapping.Cell{
			{Text: "9007199254740993", Kind: number, Line: 1, Column: 6}, {Text: "0.10", Kind: number, Line: 1, Column: 27},
			{Text: "1e3", Kind: number, Line: 1, Column: 36}, {Text: "-0", Kind: number, Line: 1, Column: 44}}},
		{"truth and null", `{"a":true,"b":false,"c":null}`, []string{"a", "b", "c"}, []mapping.Cell{
			{Text: "true", Kind: truth, Line: 1, Column: 6}, {Text: "false", Kind: truth, Line: 1, Column: 15},
			{Kind: null, Line: 1, Column: 25}}},
		{"nested", `{"n":{"first":"Ada","more":{"x":1}},"e":{}}`, []string{"n.first", "n.more.x"}, []mapping.Cell{
			{Text: "Ada", Kind: text, Line: 1, Column: 15}, {Text: "1", Kind: number, Line: 1, Column: 33}}},
		{"arrays", `{"a":["x", {"y":1}],"b":[]}`, []string{"a", "b"}, []mapping.Cell{
			{Text: `["x", {"y":1}]`, Kind: raw, Line: 1, Column: 6}, {Text: "[]", Kind: raw, Line: 1, Column: 25}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, s, rows := readAll(t, Options{Path: file(t, "in.jsonl", c.object)})
			require.True(t, s.JSON)
			require.Equal(t, c.columns, s.Columns)
			require.Equal(t, c.cells, rows[0].Cells)
			require.Equal(t, c.object, rows[0].Raw)
			require.Nil(t, rows[0].Bad)
		})
	}
}

func TestJSONLinesAtFault(t *testing.T) {
	for _, c := range []struct {
		name, line string
		bad        mapping.RowError
	}{
		{"not JSON", `id,name`, mapping.RowError{Code: "JSN011", Column: 1}},
		{"cut off", `{"a":1,"b":"x`, mapping.RowError{Code: "JSN011", Column: 14}},
		{"comma at the end", `{"a":1,}`, mapping.RowError{Code: "JSN011", Column: 7}},
		{"single quotes", `{'a':1}`, mapping.RowError{Code: "JSN011", Column: 2}},
		{"NaN", `{"a":NaN}`, mapping.RowError{Code: "JSN011", Column: 6}},
		{"two objects", `{"a":1}{"a":2}`, mapping.RowError{Code: "JSN011", Column: 8}},
		{"the same key twice", `{"a":1,"a":2}`, mapping.RowError{Code: "JSN012", Column: 8}},
		{"nested key twice", `{"n":{"a":1,"a":2}}`, mapping.RowError{Code: "JSN012", Column: 13}},
		{"dotted and nested", `{"n.a":1,"n":{"a":2}}`, mapping.RowError{Code: "JSN012"}},
		{"array", `[1]`, mapping.RowError{Code: "JSN013", Column: 1}},
		{"number", ` 7`, mapping.RowError{Code: "JSN013", Column: 1}},
		{"bad UTF-8", "{\"a\":\"Ren\xe9\"}", mapping.RowError{Code: "JSN014", Column: 10}},
		{"lone surrogate", `{"a":"\ud800"}`, mapping.RowError{Code: "JSN011", Column: 7}},
	} {
		t.Run(c.name, func(t *testing.T) {
			// The good lines around it are read all the same.
			_, s, rows := readAll(t,
				Options{Path: file(t, "in.jsonl", `{"a":1,"n":{"a":5}}`+"\r\n"+c.line+"\r\n"+`{"a":3}`+"\n")})
			require.Equal(t, []string{"a", "n.a"}, s.Columns[:2])
			require.Len(t, rows, 3)
			bad := rows[1].Bad
			require.NotNil(t, bad)
			require.NotEmpty(t, bad.Message)
			require.Equal(t, []any{c.bad.Code, 2, c.bad.Column}, []any{bad.Code, bad.Line, bad.Column}, bad.Message)
			require.Equal(t, c.line, rows[1].Raw)
			require.Nil(t, rows[2].Bad)
			require.Equal(t, 3, rows[2].Line)
		})
	}
}

func TestBlankJSONLines(t *testing.T) {
	_, s, rows := readAll(t,
		Options{Path: file(t, "in.jsonl", "{\"a\":1}\n\n{}\n{\"a\":null,\"b\":\" \",\"c\":[]}\n{\"a\":{}}\n{\"a\":0}\n")})
	require.Equal(t, 2, s.Rows)
	require.Equal(t, 4, s.BlankRows)
	require.Contains(t, s.Notes, "4 blank rows left out, lines 2, 3, 4, 5")
	require.Equal(t, 6, rows[1].Line)
}

func TestAbsentKeysAreNull(t *testing.T) {
	_, _, rows := readAll(t, Options{Path: file(t, "in.jsonl", "{\"a\":1}\n{\"b\":2}\n")})
	require.Equal(t, mapping.Cell{Kind: value.NullCell, Line: 2, Column: 1}, rows[1].Cells[0])
	require.Equal(t, mapping.Cell{Kind: value.NullCell, Line: 1, Column: 1}, rows[0].Cells[1])
}

func TestJSONArray(t *testing.T) {
	content := "\n[\n  {\"a\": 1,\n   \"n\": {\"b\": \"x\"}},\n  {\"a\": 1, \"a\": 2}, 7,\n\t{},  {\"a\": 3}\n]\n"
	for _, c := range []struct{ name, file, content string }{
		{"by name", "in.json", content},
		{"by content", "in.txt", content},
		{"lines that are an array", "in.jsonl", content},
		{"UTF-16", "in.json", "\xff\xfe" + strings.Join(strings.Split(content, ""), "\x00") + "\x00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, s, rows := readAll(t, Options{Path: file(t, c.file, c.content)})
			require.Equal(t, "json", in.format)
			require.Equal(t, []string{"a", "n.b"}, s.Columns)
			require.Equal(t, 1, s.BlankRows)
			require.Equal(t, []int{3, 5, 5, 6}, []int{rows[0].Line, rows[1].Line, rows[2].Line, rows[3].Line})
			require.Equal(t, mapping.Cell{Text: "1", Kind: value.NumberCell, Line: 3, Column: 9}, rows[0].Cells[0])
			require.Equal(t, mapping.Cell{Text: "x", Line: 4, Column: 15}, rows[0].Cells[1])
			require.Equal(t, []any{"JSN012", 5, 12}, []any{rows[1].Bad.Code, rows[1].Bad.Line, rows[1].Bad.Column})
			require.Equal(t, []any{"JSN013", 5, 21}, []any{rows[2].Bad.Code, rows[2].Bad.Line, rows[2].Bad.Column})
			require.Equal(t, int32(13), rows[3].Cells[0].Column)
		})
	}
}

func TestJSONRefusedAsAWhole(t *testing.T) {
	for _, c := range []struct {
		name, file, content, code string
		line, column              int
	}{
		{"array cut off", "in.json", "[{\"a\":1},\n{\"a\":2}", "JSN001", 2, 8},
		{"array with a fault", "in.json", "[{\"a\":1},\n{\"a\":2 \"b\"}]", "JSN001", 2, 8},
		{"text behind the array", "in.json", "[{\"a\":1}]\n[2]", "JSN001", 1, 10},
		{"a line too long", "in.jsonl", "{\"a\":1}\n{\"a\":\"" + strings.Repeat("x", maxRow) + "\"}", "JSN003", 2, 0},
		{"an element too long", "in.json", "[{\"a\":1},\n{\"a\":\"" + strings.Repeat("x", maxRow+1<<20) + "\"}]", "JSN003",
			2, 1},
		{"a document", "in.json", "{\n \"data\": [{\"a\":1}]\n}\n", "JSN002", 0, 0},
		{"a long document", "in.jsonl", "{\"data\":[\n" + strings.Repeat("{\"a\":1},\n", headSize/8) + "{}]}", "JSN002", 0,
			0},
		{"empty", "in.jsonl", "\n \n", "FIL003", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := refused(t, Options{Path: file(t, c.file, c.content)})
			require.Equal(t, []any{c.code, c.line, c.column}, []any{e.Code, e.Line, e.Column}, e.Text)
		})
	}
	e := refused(t, Options{Path: file(t, "in.json", "\n7"), Dialect: Dialect{Format: "json"}})
	require.Equal(t, "JSN002", e.Code)
}

func TestTooManyKeys(t *testing.T) {
	var b strings.Builder
	for i := range maxPaths + 1 {
		b.WriteString(`{"key ` + strings.Repeat("i", i%100) + strings.Repeat("j", i/100) + `":1}` + "\n")
	}
	e := refused(t, Options{Path: file(t, "in.jsonl", b.String())})
	require.Equal(t, []any{"JSN004", maxPaths + 1}, []any{e.Code, e.Line})
}
