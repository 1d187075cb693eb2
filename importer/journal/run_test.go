package journal

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

func TestLoad(t *testing.T) {
	d := begun(t, &Session{At: at})
	info, last, err := Load(d.Path())
	require.NoError(t, err)
	require.Equal(t, fuzzedRun, info)
	require.Nil(t, last)
	sum := Summary{Schema: 1, Command: "import", Finished: true, ExitCode: ExitReports,
		Rows: Counts{Read: 3, Created: 2, Pending: 1}}
	require.NoError(t, sum.Write(d))
	_, last, err = Load(d.Path())
	require.NoError(t, err)
	require.Equal(t, &sum, last)
	require.Equal(t, 2, last.Rows.Finished())
	again := last.Resumed()
	require.False(t, again.Finished)
	require.Equal(t, ExitStopped, again.ExitCode)
	require.NotEmpty(t, again.Reason)

	var refused *DirError
	_, _, err = Load(t.TempDir())
	require.ErrorAs(t, err, &refused)
	put(t, d.File(runFile), `{"schema":2}`)
	_, _, err = Load(d.Path())
	require.ErrorAs(t, err, &refused)
	put(t, d.File(runFile), `{`)
	_, _, err = Load(d.Path())
	require.ErrorContains(t, err, runFile)
}

func TestExitCodes(t *testing.T) {
	for code, c := range map[int]Counts{
		ExitDone: {Created: 1}, ExitReports: {Conflict: 1}, ExitUnknown: {Rejected: 1, Unknown: 1},
	} {
		require.Equal(t, code, c.ExitCode())
	}
}

func TestErrorsSayWhatIsWrong(t *testing.T) {
	info := Info{WorkspaceID: "w", WorkspaceSlug: "acme"}
	require.NoError(t, info.CheckWorkspace("w", "renamed"))
	for _, c := range []struct {
		err  error
		text string
	}{
		{&BusyError{"runs/a"}, "runs/a is in use by another process"},
		{&DirError{"runs/a", "is a file"}, "runs/a: is a file"},
		{&Error{"journal.jsonl", 3, "is cut"}, "journal.jsonl:3: is cut"},
		{&UndoneError{"runs/a"}, "runs/a: undo has already reverted part of this run; it cannot be resumed"},
		{info.CheckWorkspace("v", "other"),
			"the workspace of the key has changed since the run began: it was acme and is other"},
	} {
		require.EqualError(t, c.err, c.text)
	}
}

func TestKeepInput(t *testing.T) {
	d := begun(t)
	spool := filepath.Join(t.TempDir(), "spool")
	put(t, spool, "rows")
	require.NoError(t, d.KeepInput(spool))
	require.NoError(t, d.KeepInput(d.Spool()), "it is there already")
	text, err := os.ReadFile(d.Spool())
	require.NoError(t, err)
	require.Equal(t, "rows", string(text))
	require.ErrorContains(t, d.KeepInput(filepath.Join(t.TempDir(), "none")), "keep standard input")
}

func TestCreator(t *testing.T) {
	for raw, want := range map[string]string{
		`[{"referenced_actor_type":"api-token","referenced_actor_id":"k"}]`: "api-token:k", `[]`: "", ``: "",
	} {
		rec := attio.Record{Values: map[string]json.RawMessage{"created_by": json.RawMessage(raw)}}
		require.Equal(t, want, Creator(&rec))
	}
}

// What an update overwrites is what the record holds of the attributes that it names; of several images of a row the
// last of each attribute counts, as long as they are of one record.
func TestBeforeImages(t *testing.T) {
	cur := &attio.Record{ID: "r", Values: map[string]json.RawMessage{
		"seats": json.RawMessage(`[{"value":1}]`), "plan": json.RawMessage(`[{"value":2}]`),
	}}
	field := func(slug string) value.Field { return value.Field{Attr: &attio.Attribute{Slug: slug}} }
	im := BeforeImageOf(1, cur, mapping.Change{Fields: []value.Field{field("seats"), field("note")}})
	require.Equal(t, &BeforeImage{Row: 1, Record: "r", Values: map[string]json.RawMessage{
		"seats": cur.Values["seats"], "note": json.RawMessage(`[]`),
	}}, im)
	none, err := ReadBeforeImages(t.TempDir())
	require.NoError(t, err)
	require.Empty(t, none)

	d := begun(t)
	info := fuzzedRun
	for _, im := range []*BeforeImage{im, {Row: 1, Record: "r", Values: map[string]json.RawMessage{
		"seats": json.RawMessage(`[{"value":9}]`)}}, {Row: 2, Record: "s"}, {Row: 2, Record: "u"}} {
		h, err := ReadHistory(d.Path(), &info, nil, nil)
		require.NoError(t, err)
		w, err := Append(d, h) // a session each
		require.NoError(t, err)
		require.NoError(t, w.Announce(im, &Intent{Row: im.Row, At: at, Write: "patch", Send: 1, Record: im.Record}))
		require.NoError(t, w.Close())
		appendTo(t, d.File(BeforeFile), `{"row":1,"torn`)
	}
	images, err := ReadBeforeImages(d.Path())
	require.NoError(t, err)
	require.Len(t, images, 2)
	require.JSONEq(t, `[{"value":9}]`, string(images[1].Values["seats"]))
	require.JSONEq(t, `[]`, string(images[1].Values["note"]))
	require.Equal(t, "u", images[2].Record)
}

// An outcome that is journalled and read again is the same, once the input has said what its row holds.
func TestOutcomesAreReadAsTheyWereTold(t *testing.T) {
	row := &mapping.Row{Number: 1, Line: 2}
	cell := &mapping.CellError{Code: "VAL013", Message: `"many" is not a number`}
	left := &mapping.CellError{Code: "VAL050", Index: 2, Attribute: "plan", From: 5, To: 9, Piece: "Gold",
		Message: "no Gold"}
	keys := []mapping.Key{{Attr: &attio.Attribute{Slug: "email"}, Text: "a@b.com"},
		{Attr: &attio.Attribute{Slug: "email"}, Text: "c@d.com"}}
	differ := Differences{{Slug: "seats", File: json.RawMessage("3"), Attio: json.RawMessage("4")}}
	for _, out := range []*Outcome{
		{Row: row, Action: Created, RecordID: "r", Attempts: 1, Answer: map[string]string{"email": "00"}},
		{Row: row, Action: Updated, RecordID: "r", Dropped: Drops([]*mapping.CellError{left})},
		{Row: row, Action: Rejected, Errors: []Reject{
			{Column: "Seats", Code: cell.Code, Message: cell.Message, Cell: cell, OfCell: true},
			{Code: "REC001", Message: "why"},
		}},
		{Row: row, Action: Conflicts, Conflicts: []Conflict{
			{Kind: Existing, Attribute: "email", Nth: 1, Value: "c@d.com", RecordID: "r", Differences: differ},
			{Kind: Existing, Attribute: "email", Value: "a@b.com", RecordID: "s", Differences: Differences{}},
			{Kind: InFile, Attribute: "email", Value: "a@b.com", FirstRow: 1},
		}},
	} {
		result := ResultOf(out)
		d := begun(t, &result)
		text, err := os.ReadFile(d.File(journalFile))
		require.NoError(t, err)
		for _, value := range []string{"many", "a@b.com", "c@d.com", "Gold"} {
			require.NotContains(t, string(text), value, "no value of a cell")
		}
		info := fuzzedRun
		h, err := ReadHistory(d.Path(), &info, nil, nil)
		require.NoError(t, err)
		r, err := h.Result(1, false)
		require.NoError(t, err)
		require.Equal(t, out, r.With(row, []*mapping.CellError{cell}, []*mapping.CellError{left}, keys))
		require.NoError(t, h.Close())
	}
	require.Equal(t, `{"seats":{"attio":4,"file":3}}`, differ.String())
	require.Equal(t, "{}", Differences{{File: json.RawMessage("{")}}.String())
}

// Rows of a session whose input changed while it was read are compared where they were written, and done again where
// they were not.
func TestSuspects(t *testing.T) {
	d := begun(t,
		&Session{At: at}, &Result{Row: 1, Line: 2, Outcome: Outcome{Action: Created}}, &End{At: at},
		&Session{At: at}, &Result{Row: 2, Line: 3, Outcome: Outcome{Action: Created}},
		&Result{Row: 3, Line: 4, Outcome: Outcome{Action: Skipped}}, &End{At: at, Changed: true},
	)
	info := fuzzedRun
	h, err := ReadHistory(d.Path(), &info, nil, nil)
	require.NoError(t, err)
	require.Equal(t, []int{2}, h.Suspects)
	require.Equal(t, []Action{"", Created, Created, ""}, actionsOf(h, 4))
	require.False(t, h.Open())
	require.False(t, h.Empty())
	require.True(t, new(History).Empty())
}

// A value that the workspace would take by now is listed all the same, with what is known of it.
func TestWhatWasLeftOutIsNamedWhenTheInputNoLongerSaysWhy(t *testing.T) {
	row := &mapping.Row{Number: 7, Line: 9, Cells: []mapping.Cell{{Text: "x"}, {Text: "red; gold"}}}
	r := &Result{Outcome: Outcome{Action: Created, Dropped: []Drop{
		{Column: 2, Attribute: "tags", Code: "VAL050", From: 5, To: 9}, {Column: 2, Attribute: "tags", Code: "VAL050"},
		{Attribute: "source", Code: "VAL050"}}}}
	out := r.With(row, nil, nil, nil)
	var pieces []string
	for _, d := range out.Dropped {
		require.Equal(t, []any{7, 9, d.Code, d.Attribute}, []any{d.Cell.Row, d.Cell.Line, d.Cell.Code, d.Cell.Attribute})
		pieces = append(pieces, d.Cell.Piece)
	}
	require.Equal(t, []string{"gold", "red; gold", ""}, pieces)
}

// What was left out is counted by the last outcome of each row: one that is done again counts once.
func TestValuesThatWereLeftOutAreCountedOnce(t *testing.T) {
	dropped := []Drop{{Column: 1, Attribute: "plan", Code: "VAL050"}, {Column: 2, Attribute: "mrr", Code: "VAL013"}}
	d := begun(t, &Session{At: at},
		&Result{Row: 1, Line: 2, Outcome: Outcome{Action: Created, Dropped: dropped}},
		&Result{Row: 2, Line: 3, Outcome: Outcome{Action: Unknown, Dropped: dropped}},
		&Result{Row: 3, Line: 4, Outcome: Outcome{Action: Rejected}},
		&Result{Row: 4, Line: 5, Outcome: Outcome{Action: Unknown, Open: true, Dropped: dropped}},
		&Session{At: at},
		&Result{Row: 2, Line: 3, Outcome: Outcome{Action: Created, Dropped: dropped[:1]}},
		&Result{Row: 3, Line: 4, Outcome: Outcome{Action: Created}})
	info := fuzzedRun
	h, err := ReadHistory(d.Path(), &info, nil, nil)
	require.NoError(t, err)
	require.Equal(t, Dropped{Values: 3, Rows: 2}, h.Dropped, "row 4 is looked up again, and counted then")
	require.Equal(t, Dropped{Values: 5, Rows: 3}, h.Summary(&info, 4, 0).Dropped, "dropped.csv has it until then")
}

func TestCountsOfEachAction(t *testing.T) {
	var c Counts
	for i, a := range Actions {
		c.Add(a, i+1)
		require.Equal(t, i+1, c.Of(a), "%s", a)
	}
	require.Equal(t, len(Actions), c.Pending, "the last of them")
}
