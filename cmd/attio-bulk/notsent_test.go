package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

func TestFirstRejectsAreOneOfEachKind(t *testing.T) {
	f := notSent{file: "users.csv"}
	reject := func(line int, code, column string) journal.Reject {
		return journal.Reject{Code: code, Column: column,
			Cell: &mapping.CellError{Code: code, Row: line - 1, Line: line, Column: 1, Header: column, Message: "no"}}
	}
	f.add(&journal.Outcome{Errors: []journal.Reject{{Code: "REC001"}, reject(2, "VAL040", "E-mail"),
		reject(2, "VAL010", "Seats")}})
	for line := range 9 {
		f.add(&journal.Outcome{Errors: []journal.Reject{reject(line+3, "VAL040", "E-mail")}})
	}
	f.add(&journal.Outcome{Errors: []journal.Reject{reject(20, "VAL040", "Mail"), reject(20, "VAL050", "Plan")}})
	require.Equal(t, []string{`users.csv:2:1: row 1, column "E-mail": no`,
		`users.csv:2:1: row 1, column "Seats": no`,
		`users.csv:20:1: row 19, column "Mail": no`}, f.rejects.lines)
	require.Equal(t, 2, f.rejects.rows, "two rows for three reasons")
}

// Rows that are refused as a whole, and reasons that only the run knows, are shown as well.
func TestFirstRejectsWithoutACell(t *testing.T) {
	f := notSent{file: "users.csv"}
	bad := func(line int, code, raw string, column int, message string) *mapping.Row {
		return &mapping.Row{Number: line - 1, Line: line, Raw: raw,
			Bad: &mapping.RowError{Code: code, Line: line, Column: column, Message: message}}
	}
	f.add(&journal.Outcome{Row: bad(3, "CSV012", "u2,b@b.com,Smith, John\r\n", 12, "has 4 cells where the header has 3"),
		Errors: []journal.Reject{{Code: "CSV012", Message: "has 4 cells"}}})
	f.add(&journal.Outcome{Row: bad(4, "CSV011", "u3,c@b.com", 0, "has 2 cells where the header has 3"),
		Errors: []journal.Reject{{Code: "CSV011", Message: "has 2 cells"}}})
	f.add(&journal.Outcome{Row: &mapping.Row{Number: 8, Line: 9},
		Errors: []journal.Reject{{Code: "REC001", Column: "ID", Message: "no such record in Attio"}}})
	require.Equal(t, []string{`users.csv:3:12: row 2 has 4 cells where the header has 3
    u2,b@b.com,Smith, John
               ^^^^^^^^^^^
  accepted: a cell that holds the separator in quotes: "Doe, Jane"`,
		`users.csv:4: row 3 has 2 cells where the header has 3
    u3,c@b.com
  accepted: as many cells as the header has, blank ones too: a,,c`,
		`users.csv:9: row 8, column "ID": no such record in Attio`}, f.rejects.lines)
}

func TestConflictsSayInWordsWhatDiffers(t *testing.T) {
	n := notSent{file: "users.csv"}
	conflict := func(row int, c journal.Conflict) {
		n.add(&journal.Outcome{Row: &mapping.Row{Number: row, Line: row + 1}, Action: journal.Conflicts,
			Conflicts: []journal.Conflict{c}})
	}
	conflict(4, journal.Conflict{Kind: journal.InFile, Attribute: "user_id"})
	conflict(2, journal.Conflict{Kind: journal.Existing, Attribute: "user_id", Value: "u2", Message: "a record holds it",
		Differences: journal.Differences{}})
	conflict(3, journal.Conflict{Kind: journal.InFile, Attribute: "record_id", Message: "row 1 is for the same record"})
	conflict(1, journal.Conflict{Kind: journal.Existing, Attribute: "user_id", Value: "u1", Message: "a record holds it",
		Differences: journal.Differences{{Slug: "seats", File: json.RawMessage("3"), Attio: json.RawMessage("null")},
			{Slug: "plan", File: json.RawMessage(`"Pro"`), Attio: json.RawMessage(`"Free"`)},
			{Slug: "tags", File: json.RawMessage(`[]`), Attio: json.RawMessage(`["a"]`)}, {Slug: "more"}}})
	require.Equal(t, someRows{rows: 3, lines: []string{
		`users.csv:2: row 1: user_id "u1": a record holds it; seats is empty in Attio, and 3 in the file; ` +
			`plan is "Free" in Attio, and "Pro" in the file; tags is ["a"] in Attio, and empty in the file; ` +
			`1 more attribute differs`,
		`users.csv:3: row 2: user_id "u2": a record holds it; nothing else differs`,
		`users.csv:4: row 3: record_id: row 1 is for the same record`}}, n.conflicts)
}
