package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

func TestCellErrorSaysWhereWhatAndWhatToType(t *testing.T) {
	e := &mapping.CellError{Code: "VAL041", Line: 41, Column: 7, Header: "E-mail", Value: "ada@site.test", From: 9, To: 13,
		Message: `"ada@site.test" is under .test, which Attio refuses`, Accepted: "an address such as ada@example.com",
		Fix: "on_error: drop"}
	require.Equal(t, `users.csv:41:7: column "E-mail": "ada@site.test" is under .test, which Attio refuses
    ada@site.test
             ^^^^
  accepted: an address such as ada@example.com
  add to `+"`column: E-mail`"+` in the mapping: on_error: drop`, cellError("users.csv", e))
}

func TestFirstRejectsAreOneOfEachKind(t *testing.T) {
	f := firstRejects{file: "users.csv"}
	reject := func(line int, code, column string) journal.Reject {
		return journal.Reject{Code: code, Column: column,
			Cell: &mapping.CellError{Code: code, Line: line, Column: 1, Header: column, Message: "no"}}
	}
	f.add(&journal.Outcome{Errors: []journal.Reject{{Code: "REC001"}, reject(2, "VAL040", "E-mail"),
		reject(2, "VAL010", "Seats")}})
	for line := range 9 {
		f.add(&journal.Outcome{Errors: []journal.Reject{reject(line+3, "VAL040", "E-mail")}})
	}
	f.add(&journal.Outcome{Errors: []journal.Reject{reject(20, "VAL040", "Mail"), reject(20, "VAL050", "Plan")}})
	require.Equal(t, []string{`users.csv:2:1: column "E-mail": no`, `users.csv:2:1: column "Seats": no`,
		`users.csv:20:1: column "Mail": no`}, f.shown)
}

// Rows that are refused as a whole, and reasons that only the run knows, are shown as well.
func TestFirstRejectsWithoutACell(t *testing.T) {
	f := firstRejects{file: "users.csv"}
	bad := func(line int, code, raw string, column int, message string) *mapping.Row {
		return &mapping.Row{Line: line, Raw: raw,
			Bad: &mapping.RowError{Code: code, Line: line, Column: column, Message: message}}
	}
	f.add(&journal.Outcome{Row: bad(3, "CSV012", "u2,b@b.com,Smith, John\r\n", 12, "has 4 cells where the header has 3"),
		Errors: []journal.Reject{{Code: "CSV012", Message: "has 4 cells"}}})
	f.add(&journal.Outcome{Row: bad(4, "CSV011", "u3,c@b.com", 0, "has 2 cells where the header has 3"),
		Errors: []journal.Reject{{Code: "CSV011", Message: "has 2 cells"}}})
	f.add(&journal.Outcome{Row: &mapping.Row{Line: 9},
		Errors: []journal.Reject{{Code: "REC001", Column: "ID", Message: "no such record in Attio"}}})
	require.Equal(t, []string{`users.csv:3:12: the row has 4 cells where the header has 3
    u2,b@b.com,Smith, John
               ^^^^^^^^^^^
  accepted: a cell that holds the separator in quotes: "Doe, Jane"`,
		`users.csv:4: the row has 2 cells where the header has 3
    u3,c@b.com
  accepted: as many cells as the header has, blank ones too: a,,c`,
		`users.csv:9: column "ID": no such record in Attio`}, f.shown)
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
