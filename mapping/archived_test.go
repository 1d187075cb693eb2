package mapping

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// A row that holds an archived option, compared with records that hold it or not.
func TestArchivedOptionsAgainstRecords(t *testing.T) {
	legacy, pro, free := world.Option(world.OldID, "Legacy"), world.Option(world.ProID, "Professional"),
		world.Option(world.FreeID, "Free")
	const refused, fix = `the option "Legacy" is archived, and the record does not hold it`, `values: {Legacy: ""}`
	for _, tt := range []struct {
		name    string
		columns string // behind `column: H`
		cell    string
		had     string // the record's values of the attribute
		send    string // "" where nothing is to be sent
		message string // "" where nothing is refused
		fix     string
		part    string // under the caret; "" for the whole cell
	}{
		{"held", "attribute: plan", "Legacy", legacy, "", "", "", ""},
		{"held, by id", "attribute: plan", world.OldID, legacy, "", "", "", ""},
		{"held, in another case", "attribute: plan", "LEGACY", legacy, "", "", "", ""},
		{"held, by the value table", "attribute: plan, values: {old: Legacy}", "old", legacy, "", "", "", ""},
		{"another is held", "attribute: plan", "Legacy", pro, `{"option":"` + world.OldID + `"}`, refused, fix, ""},
		{"none is held", "attribute: plan", "legacy", "", `{"option":"` + world.OldID + `"}`, refused, `values: {legacy: ""}`,
			""},
		{"none is held, on_error: drop", "attribute: plan, on_error: drop", "Legacy", pro, "", "", "", ""},
		{"a row moves away from it", "attribute: plan", "Free", legacy, `{"option":"` + world.FreeID + `"}`, "", "", ""},
		{"one of several held", "attribute: tags", "Legacy;Free", legacy + "," + free, "", "", "", ""},
		{"one of several held, another added", "attribute: tags", "Legacy;Free", legacy, `[{"option":"` + world.FreeID +
			`"}]`, "", "", ""},
		{"one of several added", "attribute: tags", "Free;Legacy", free, `[{"option":"` + world.OldID + `"}]`, refused, fix,
			"Legacy"},
		{"one of several added, on_error: drop", "attribute: tags, on_error: drop", "Pro;Legacy;Free", free, "", "", "", ""},
		{"several replaced by the same", "attribute: tags, several: replace", "Legacy;Free", free + "," + legacy, "", "", "",
			""},
		{"several replaced by others", "attribute: tags, several: replace", "Free", free + "," + legacy, `[{"option":"` +
			world.FreeID + `"}]`, "", "", ""},
		{"several replaced by it", "attribute: tags, several: replace", "Legacy;Professional", legacy, `[{"option":"` +
			world.OldID + `"},{"option":"` + world.ProID + `"}]`, refused, fix, "Legacy"},
		{"several replaced by it, on_error: drop", "attribute: tags, several: replace, on_error: drop",
			"Legacy;Professional", free, `[{"option":"` + world.ProID + `"}]`, "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := mapfile.Parse(
				"m.yaml", []byte("version: 1\nobject: every\ncolumns:\n  - {column: H, "+tt.columns+"}\n  - {column: ID, "+
					"attribute: record_id}\n"))
			require.NoError(t, err)
			p, err := Bind(f, Input{Name: "f.csv", Columns: []string{"H", "ID"}}, world.Schema(), BindOptions{Mode: Update})
			require.NoError(t, err)
			slug := f.Columns[0].Attribute
			var rec Record
			require.Empty(t, p.Values(row(tt.cell, world.AdaID), &rec))
			values := len(rec.valuesOf(p.Object.Attribute(slug)))
			c := p.Change(&rec, world.Held(map[string]string{slug: "[" + tt.had + "]"}))
			require.Len(t, rec.valuesOf(p.Object.Attribute(slug)), values, "the row's own values stay as they were")
			want := "{}"
			if tt.send != "" {
				want = `{"` + slug + `":` + tt.send + `}`
			}
			require.JSONEq(t, want, string(p.Encode(nil, c.Fields)))
			if tt.message == "" {
				require.Empty(t, c.Refused)
				return
			}
			require.Len(t, c.Refused, 1)
			e := c.Refused[0]
			require.Equal(t, []any{value.CodeArchived, tt.message, tt.fix, tt.part, tt.cell, "H", 2, 1, 0},
				[]any{e.Code, e.Message, e.Fix, e.Value[e.From:e.To], e.Value, e.Header, e.Line, e.Column, e.Index})
			require.NotEmpty(t, e.Accepted)
		})
	}
}

// A row that clears something sends the final values of all that differs, and would have to send the record's own
// archived option again.
func TestArchivedOptionOfTheRecordInAnOverwrite(t *testing.T) {
	f, err := mapfile.Parse(
		"m.yaml", []byte("version: 1\nobject: every\ncolumns: [{column: T, attribute: tags, on_error: drop}, {column: X, "+
			"attribute: text, blank: clear}, {column: ID, attribute: record_id}]\n"))
	require.NoError(t, err)
	p, err := Bind(f, Input{Columns: []string{"T", "X", "ID"}}, world.Schema(), BindOptions{Mode: Update})
	require.NoError(t, err)
	var rec Record
	require.Empty(t, p.Values(row("Free", "", world.AdaID), &rec))
	c := p.Change(&rec, world.Held(
		map[string]string{"tags": "[" + world.Option(world.OldID, "Legacy") + "]", "text": world.Val(`"value":"x"`)}))
	require.Len(t, c.Refused, 1)
	require.Equal(t, `the option "Legacy" of the record is archived, and would have to be written again beside what `+
		`this row changes`, c.Refused[0].Message)
	require.Empty(t, c.Refused[0].Fix)

	require.Empty(t, p.Values(row("", "", world.AdaID), &rec))
	c = p.Change(&rec, world.Held(
		map[string]string{"tags": "[" + world.Option(world.OldID, "Legacy") + "]", "text": world.Val(`"value":"x"`)}))
	require.Empty(t, c.Refused, "what the row does not change is not sent")
	require.JSONEq(t, `{"text":[]}`, string(p.Encode(nil, c.Fields)))
}

// In mode upsert a row is known to be new only once it was looked up.
func TestArchivedOptionOfANewRecord(t *testing.T) {
	for _, drop := range []string{"", ", on_error: drop"} {
		f, err := mapfile.Parse("m.yaml", []byte(usersFile("  - {column: Plan, attribute: plan"+drop+"}\n")))
		require.NoError(t, err)
		p, err := Bind(f, Input{Columns: []string{"ID", "Mail", "Plan"}}, world.Schema(),
			BindOptions{Mode: Upsert, Match: "user_id"})
		require.NoError(t, err)
		var rec Record
		require.Empty(t, p.Values(row("1", "a@b.com", "legacy"), &rec))
		require.Len(t, p.Archived(nil, &rec), 1-len(drop)/len(", on_error: drop"))
		refused := p.Required(nil, &rec)
		if drop != "" {
			require.Empty(t, refused)
			require.Len(t, rec.Fields, 2)
			require.Equal(t, value.CodeArchived, rec.Dropped[0].Code)
			continue
		}
		require.Len(t, refused, 1)
		require.Equal(t, []any{value.CodeArchived, "Plan", "legacy", 2},
			[]any{refused[0].Code, refused[0].Header, refused[0].Value, refused[0].Index})
	}
}

// With missing: create an archived option is one that has to be made: whoever makes it brings it back. The plan then
// finds it by its title, as it is or in any case, and by its id.
func TestArchivedOptionIsBroughtBack(t *testing.T) {
	for _, mode := range []Mode{Create, Update} {
		f, err := mapfile.Parse("m.yaml", []byte(
			"version: 1\nobject: every\ncolumns: [{column: S, attribute: stage, missing: create}, {column: ID, attribute: "+
				"record_id}]\n"))
		require.NoError(t, err)
		if mode == Create {
			f.Columns = f.Columns[:1]
		}
		p, err := Bind(f, Input{Columns: []string{"S", "ID"}[:len(f.Columns)]}, world.Schema(), BindOptions{Mode: mode})
		require.NoError(t, err)
		stage := p.Object.Attribute("stage")
		var rec Record
		require.Empty(t, p.Values(row("legacy", world.AdaID), &rec))
		require.Equal(t, []value.Value{{Text: "Legacy", Missing: true}}, rec.valuesOf(stage))
		p = p.WithOptions(stage, attio.Option{ID: world.OldID, Title: "Legacy"})
		for _, cell := range []string{"Legacy", "legacy", world.OldID} {
			require.Empty(t, p.Values(row(cell, world.AdaID), &rec))
			require.Equal(t, []value.Value{{Text: "Legacy", ID: world.OldID}}, rec.valuesOf(stage), cell)
		}
	}
}

// A target that has to be made is written whole, whatever the mode.
func TestArchivedOptionOfATarget(t *testing.T) {
	s := world.Schema()
	o := s.Object("workspaces")
	o.Attributes = append(o.Attributes, world.Attr("tier", "Tier", "select", func(a *attio.Attribute) {
		a.Options = world.Schema().Object("every").Attribute("plan").Options
	}))
	f, err := mapfile.Parse(
		"m.yaml", []byte(usersFile(
			"  - {column: W, attribute: workspace, reference: workspaces.workspace_id, missing: create}\n  - {column: T, "+
				"attribute: workspace.tier, reference: workspaces.workspace_id}\n")))
	require.NoError(t, err)
	p, err := Bind(f, Input{Columns: []string{"ID", "Mail", "W", "T"}}, s, BindOptions{Mode: Upsert, Match: "user_id"})
	require.NoError(t, err)
	var rec Record
	errs := p.Values(row("1", "a@b.com", "acme", "Legacy"), &rec)
	require.Len(t, errs, 1)
	require.Equal(t, []any{value.CodeArchived, "T", `the option "Legacy" is archived`},
		[]any{errs[0].Code, errs[0].Header, errs[0].Message})
}
