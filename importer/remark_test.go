package importer

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

const leavingMapping = `version: 1
object: users
columns:
  - {column: User ID, attribute: user_id}
  - {column: Mail, attribute: primary_email_address}
  - {column: MRR, attribute: mrr, on_error: drop}
  - {column: Spaces, attribute: workspace, reference: workspaces.workspace_id, missing: blank}
`

const leavingUsers = "User ID,Mail,MRR,Spaces\nu1,u1@example.com,many,\nu2,u2@example.com,5,ws-1;ws-later\n" +
	"u3,u3@example.com,6,\n"

// What was left out is listed as it was, also when a rebuilt report finds its record there by now.
func TestValuesThatAreLeftOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		_, err := w.server.Insert("workspaces", map[string]any{"workspace_id": "ws-1", "name": "One"})
		require.NoError(t, err)
		sum, dir, err := w.run(t.Context(), job{text: leavingUsers, mapping: leavingMapping})
		require.NoError(t, err)
		require.Equal(t, journal.Dropped{Values: 2, Rows: 2}, sum.Dropped)
		want := "row,line,column,attribute,code,value,message\n" +
			"1,2,MRR,mrr,VAL010,many,\"\"\"many\"\" is not a number\"\n" +
			"2,3,Spaces,workspace,REF001,ws-later,\"no record of workspaces has workspace_id \"\"ws-later\"\"\"\n"
		name := filepath.Join(dir, journal.DroppedFile)
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, want, string(text))

		_, err = w.server.Insert("workspaces", map[string]any{"workspace_id": "ws-later", "name": "Later"})
		require.NoError(t, err)
		require.NoError(t, os.Remove(name))
		d, err := journal.Open(dir)
		require.NoError(t, err)
		again, err := Rebuild(t.Context(), d, "")
		require.NoError(t, err)
		require.Equal(t, sum.Dropped, again.Dropped)
		text, err = os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, want, string(text))
		schema, err := w.client.Schema(t.Context(), "users")
		require.NoError(t, err)
		checked, err := Verify(t.Context(), w.client, d, VerifyOptions{Schema: schema})
		require.NoError(t, err)
		require.Equal(t, VerifySummary{Same: 3, Dropped: sum.Dropped}, checked)
		require.NoError(t, d.Close())
	})
}

// A value that the journal says was left out is named by its code where its cell says nothing any more.
func TestNameOfWhatWasLeftOut(t *testing.T) {
	s := &session{}
	drops := []journal.Drop{{Column: 9, Code: "VAL050", Cell: &mapping.CellError{}},
		{Code: "REF001", Cell: &mapping.CellError{}}, {Code: "X", Cell: &mapping.CellError{Message: "as it was"}}}
	s.explain(drops)
	require.Equal(t, "no such option or status", drops[0].Cell.Message)
	require.Equal(t, Codes["REF001"], drops[1].Cell.Message)
	require.Equal(t, "as it was", drops[2].Cell.Message)
}

// The first rows of the file are shown, in whichever order they end, and only those that would be written.
func TestPreviewsOfADryRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		_, _, err := w.run(t.Context(), job{text: users(2, 1)})
		require.NoError(t, err)
		for _, most := range []int{0, 2, 9} {
			var rows []int
			_, _, err = w.run(t.Context(), job{text: users(1, 4), edit: func(o *Options) {
				o.DryRun, o.Preview = true, most
				o.Previewed = func(p mapping.Preview) {
					require.False(t, p.Update)
					require.Equal(t, p.Row+1, p.Line)
					require.Len(t, p.Record, 2)
					rows = append(rows, p.Row)
				}
			}})
			require.NoError(t, err)
			require.Equal(t, map[int][]int{0: nil, 2: {1, 3}, 9: {1, 3, 4}}[most], rows)
		}
	})
}

// A row without a unique value is counted where it is created, and rejected where each row is to have one.
func TestRowsWithoutAUniqueValue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const people = "version: 1\nobject: people\ncolumns:\n  - {column: Mail, attribute: email_addresses}\n" +
			"  - {column: Note, attribute: description}\n"
		w := newWorld(t, attiotest.Options{})
		text := "Mail,Note\na@example.com,one\n,two\n,three\n"
		sum, dir, err := w.run(t.Context(), job{object: "people", text: text, mapping: people,
			edit: func(o *Options) { o.Limit = 2 }})
		require.NoError(t, err)
		require.Equal(t, 1, sum.WithoutUnique)
		sum, err = w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, 2, sum.WithoutUnique, "of the whole run")

		strict := func(o *Options) { o.RequireUnique = true }
		sum, _, err = w.run(t.Context(), job{object: "people", text: text, mapping: people, edit: strict})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 3, Conflict: 1, Rejected: 2}, sum.Rows)
		require.Zero(t, sum.WithoutUnique)

		_, err = w.attempt(t.Context(), job{object: "people", text: "Note\nwords\n", dir: filepath.Join(t.TempDir(), "run"),
			mapping: "version: 1\nobject: people\ncolumns:\n  - {column: Note, attribute: description}\n", edit: strict})
		var nothing *NothingUniqueError
		require.ErrorAs(t, err, &nothing)
		require.EqualError(t, nothing, "no unique attribute of people is mapped")
		require.Contains(t, nothing.Fit, "email_addresses")
	})
}

// What was left out of a cell does not stand for the value beside it: that one is missed when it is gone.
func TestVerifyMissesWhatStoodBesideADroppedValue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		sum, dir, err := w.run(t.Context(), job{text: "mail,phones\nada@example.com,+493012345699;bad\n",
			mapping: `version: 1
object: people
columns:
  - {column: mail, attribute: email_addresses}
  - {column: phones, attribute: phone_numbers, split: ";", on_error: drop}
`})
		require.NoError(t, err)
		require.Equal(t, journal.Dropped{Values: 1, Rows: 1}, sum.Dropped)
		d, err := journal.Open(dir)
		require.NoError(t, err)
		defer d.Close()
		checked, err := Verify(t.Context(), w.client, d, VerifyOptions{})
		require.NoError(t, err)
		require.Equal(t, VerifySummary{Same: 1, Dropped: sum.Dropped}, checked)
		require.NoError(t, w.server.Set("people", w.server.Records("people")[0].ID, map[string]any{"phone_numbers": []any{}}))
		checked, err = Verify(t.Context(), w.client, d, VerifyOptions{})
		require.NoError(t, err)
		require.Equal(t, 1, checked.Different)
	})
}
