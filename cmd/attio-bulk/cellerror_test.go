package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping"
)

func TestCellErrorSaysWhereWhatAndWhatToType(t *testing.T) {
	e := &mapping.CellError{Code: "VAL041", Row: 40, Line: 41, Column: 7, Header: "E-mail", Value: "ada@site.test",
		From: 9, To: 13,
		Message: `"ada@site.test" is under .test, which Attio refuses`, Accepted: "an address such as ada@example.com",
		Fix: "on_error: drop"}
	require.Equal(t, `users.csv:41:7: row 40, column "E-mail": "ada@site.test" is under .test, which Attio refuses
    ada@site.test
             ^^^^
  accepted: an address such as ada@example.com
  add to `+"`column: E-mail`"+` in the mapping: on_error: drop`, cellError("users.csv", e))
}

func TestCellLines(t *testing.T) {
	long := strings.Repeat("x", 100)
	for _, c := range []struct {
		name, value string
		from, to    int
		cell, caret string
	}{
		{"the whole cell", "ada@", 0, 0, "ada@", "^^^^"},
		{"a part", "1.234,50 €", 9, 12, "1.234,50 €", "         ^"},
		{"letters of several bytes before it", "Zoë@", 4, 5, "Zoë@", "   ^"},
		{"wide letters before it", "東京@", 6, 7, "東京@", "    ^"},
		{"a combining mark", "e\u0301@", 3, 4, "e\u0301@", " ^"},
		{"line breaks and escapes", "a\nb\x1b[31m", 1, 2, "a␊b␛[31m", " ^"},
		{"direction marks", "a\u202eb", 0, 1, "a�b", "^"},
		{"broken UTF-8", "a\xffb", 1, 2, "a�b", " ^"},
		{"far behind", long + "@" + long, 100, 101, "…" + long[:21] + "@" + long[:41] + "…", strings.Repeat(" ", 22) + "^"},
		{"long and at fault as a whole", long, 0, 0, long[:64] + "…", strings.Repeat("^", 65)},
		{"a place outside of the cell", "ab", 1, 9, "ab", "^^"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, []string{"    " + c.cell, "    " + c.caret}, cellLines(c.value, c.from, c.to))
		})
	}
	require.Empty(t, cellLines("", 0, 0))
}
