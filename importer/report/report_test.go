package report_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/report"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// told is a run directory, its input of three rows, and an outcome for each.
func told(t *testing.T) (*journal.Dir, *source.File, []*journal.Outcome) {
	t.Helper()
	root := t.TempDir()
	name := filepath.Join(root, "users.csv")
	require.NoError(t, os.WriteFile(name, []byte("User ID,Seats\nu1,1\nu2,many\nu3,3\n"), 0o600))
	in, err := source.Open(t.Context(), source.Options{Path: name})
	require.NoError(t, err)
	d, err := journal.Create(filepath.Join(root, "run"), "users")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	var outs []*journal.Outcome
	for row, err := range in.Rows(t.Context()) {
		require.NoError(t, err)
		outs = append(outs, &journal.Outcome{Row: row})
	}
	outs[0].Action, outs[0].RecordID, outs[0].WebURL, outs[0].Attempts = journal.Created, "r1", "https://example.com/r1", 2
	outs[0].Dropped = journal.Drops([]*mapping.CellError{
		{Code: "VAL013", Index: 1, Header: "Seats", Attribute: "seats", Value: "1;2", Piece: "2", From: 2, To: 3,
			Message: "why"},
		{Code: "VAL050", Index: 2, Attribute: "plan", Value: "a, b", Piece: "a, b", Message: "no option"}})
	outs[1].Action = journal.Rejected
	outs[1].Errors = []journal.Reject{{Column: "Seats", Code: "VAL013", Message: "no number"},
		{Column: "User ID", Code: "X", Message: "why"}}
	outs[2].Action, outs[2].Message = journal.Conflicts, "taken"
	outs[2].Conflicts = []journal.Conflict{
		{Kind: journal.Existing, Attribute: "user_id", Value: "u3", RecordID: "r9", Differences: []mapping.Difference{
			{Slug: "seats", File: json.RawMessage("3"), Attio: json.RawMessage("4")},
		}},
		{Kind: journal.InFile, Attribute: "user_id", Value: "u3", FirstRow: 1},
	}
	return d, in, outs
}

func reports(t *testing.T, d *journal.Dir) map[string]string {
	t.Helper()
	out := make(map[string]string)
	for _, name := range []string{"results.csv", "conflicts.csv", "rejects.csv", "dropped.csv"} {
		text, err := os.ReadFile(d.File(name))
		require.NoError(t, err)
		out[name] = string(text)
	}
	return out
}

func TestReports(t *testing.T) {
	d, in, outs := told(t)
	for _, out := range outs { // each by a session of its own, which appends
		s := report.Open(d, in)
		require.NoError(t, s.Record(out))
		require.NoError(t, s.Flush())
		require.NoError(t, s.Close())
	}
	want := map[string]string{
		"results.csv": "row,line,action,record_id,web_url,attempts,message\n1,2,created,r1,https://example.com/r1,2,\n" +
			"2,3,rejected,,,0,Seats: no number\n3,4,conflict,,,0,taken\n",
		"conflicts.csv": "row,line,kind,attribute,value,existing_record_id,existing_url,first_row,message,differences\n" +
			`3,4,existing,user_id,u3,r9,,,,"{""seats"":{""attio"":4,""file"":3}}"` + "\n3,4,in_file,user_id,u3,,,1,,\n",
		"rejects.csv": "User ID,Seats,attio_row,attio_column,attio_code,attio_error\nu2,many,2,Seats,VAL013,no number; " +
			"User ID: why\n",
	}

	want["dropped.csv"] = "row,line,column,attribute,code,value,message\n1,2,Seats,seats,VAL013,2,why\n" +
		"1,2,#3,plan,VAL050,\"a, b\",no option\n"
	require.Equal(t, want, reports(t, d))

	broken := errors.New("broken")
	require.ErrorIs(t, report.Replace(d, in, func(s report.Set) error { return errors.Join(s.Record(outs[0]), broken) }),
		broken)
	require.Equal(t, want, reports(t, d), "what cannot be made anew stays")
	require.NoError(t, report.Replace(d, in, func(s report.Set) error {
		for _, out := range outs {
			if err := s.Record(out); err != nil {
				return err
			}
		}
		return nil
	}))
	require.Equal(t, want, reports(t, d))
	require.NoError(t, report.Replace(d, in, func(s report.Set) error { return s.Record(outs[0]) }))
	_, err := os.Stat(d.File("rejects.csv"))
	require.ErrorIs(t, err, os.ErrNotExist, "no row belongs there any more")
}
