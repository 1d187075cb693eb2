package mapping

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// What an export writes, an import reads back: nothing to change, in CSV cells as in JSON.
func TestFlatRoundTrip(t *testing.T) {
	r := world.Everything()
	r.Values["tags"] = json.RawMessage(
		`[` + world.Option(world.ProID, "Professional") + `,` + world.Option(world.FreeID, "Free") + `]`)
	r.Values["owners"] = r.Values["owner"]
	r.Values["phones"] = json.RawMessage(
		`[{"phone_number":"+442079460958","country_code":"GB"},{"phone_number":"+12125550123","country_code":"US"}]`)
	for _, sheet := range []bool{false, true} {
		f := flatRow(t, flat.Options{Spreadsheet: sheet})
		p, err := Bind(nil, Input{Name: "export.csv", Columns: f.Header(), Spreadsheet: sheet}, world.Schema(),
			BindOptions{Object: "every", Mode: Update})
		require.NoError(t, err)
		var rec Record
		require.Empty(t, p.Values(row(f.Cells(nil, r, nil, nil)...), &rec))
		require.Equal(t, world.AdaID, rec.ID)
		require.Len(t, rec.Fields, 21)
		c := p.Change(&rec, r)
		require.Empty(t, c.Differences)
		require.Empty(t, c.Fields)
	}

	f := flatRow(t, flat.Options{})
	p := bindHeaders(t, "every", Update, f.Header()...)
	var line map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(f.AppendJSON(nil, r, nil, nil), &line))
	cells := &Row{Line: 1}
	for _, name := range f.Header() {
		cells.Cells = append(cells.Cells, jsonCell(line[name]))
	}
	var rec Record
	require.Empty(t, p.Values(cells, &rec))
	require.Len(t, rec.Fields, 21)
	require.Empty(t, p.Change(&rec, r).Differences)
}

// jsonCell is the cell that a JSON value makes.
func jsonCell(raw json.RawMessage) Cell {
	switch raw[0] {
	case '"':
		text, _ := rawjson.Unquote(raw)
		return Cell{Text: text}
	case 'n':
		return Cell{Kind: value.NullCell}
	case 't', 'f':
		return Cell{Text: string(raw), Kind: value.BoolCell}
	case '[', '{':
		return Cell{Text: string(raw), Kind: value.JSONCell}
	}
	return Cell{Text: string(raw), Kind: value.NumberCell}
}

func flatRow(t testing.TB, o flat.Options) *flat.Flat {
	t.Helper()
	f, err := flat.New(world.Schema(), "every", o)
	require.NoError(t, err)
	return f
}

func TestAColumnOfAnUnknownTypeIsLeftOut(t *testing.T) {
	s := world.Schema()
	every := s.Object("every")
	every.Attributes = append(every.Attributes, world.Attr("future", "Future", "hologram"))
	f, err := flat.New(s, "every", flat.Options{})
	require.NoError(t, err)
	p, err := Bind(nil, Input{Name: "f.csv", Columns: f.Header()}, s, BindOptions{Object: "every", Mode: Update})
	require.NoError(t, err)
	require.Contains(t, p.Notes[0], "left out, since they cannot be written: ")
	require.Contains(t, p.Notes[0], ", future")
}
