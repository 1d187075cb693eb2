package mapping

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// written is the value that Attio answers after a value was written: the envelope, and the read shape of the type.
func written(a *attio.Attribute, v *value.Value) []byte {
	one := *a
	one.Multi = false
	f := &value.Field{Attr: &one, Values: []value.Value{*v}}
	switch a.Type {
	case attio.TypeSelect:
		return []byte(world.Option(v.ID, v.Text))
	case attio.TypeStatus:
		return []byte(`{"status":{"id":{"status_id":"` + v.ID + `"},"title":` + string(rawjson.AppendString(nil, v.Text)) +
			`}}`)
	case attio.TypePhoneNumber:
		return append(rawjson.AppendString(
			append(rawjson.AppendString([]byte(`{"original_phone_number":`), v.Orig), `,"phone_number":`...), v.Text),
			`,"country_code":"`+v.Code+`"}`...)
	case attio.TypeEmailAddress:
		return append(rawjson.AppendString(
			append(rawjson.AppendString([]byte(`{"original_email_address":`), v.Orig), `,"email_address":`...), v.Text), '}')
	case attio.TypeCurrency:
		return []byte(`{"currency_value":` + v.Text + `,"currency_code":"EUR"}`)
	case attio.TypePersonalName, attio.TypeLocation, attio.TypeRecordReference, attio.TypeActorReference, attio.TypeDomain:
		return value.AppendField(nil, f)
	}
	return append(value.AppendField([]byte(`{"value":`), f), '}')
}

// Every codec round trips: a cell that is taken is written, answered by Attio, flattened into a cell, and read from
// there as the same value.
func FuzzCodecs(f *testing.F) {
	for i, cell := range []string{"a\r\nb", "-1234.5", "true", "99.9", "2024-02-29", "2024-02-29T10:00+02:00", "4",
		"Free", "professional", "Free;Professional", world.AdaID, "people:" + world.AdaID + ";companies:" + world.BobID,
		"Alan", "grace@example.com;Alan", "Rome, Italy", "app.x.com", "a.com;b.com", "A@b.com", "a@b.com;c@d.com",
		"+442079460958", "+442079460958;+12125550123", "King, Ada"} {
		f.Add(uint8(i), cell)
	}
	s := world.Schema()
	var names []string
	for _, a := range s.Object("every").Attributes {
		if a.Writable {
			names = append(names, a.Slug)
		}
	}
	plan, err := Bind(nil, Input{Columns: names}, s, BindOptions{Object: "every"})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, which uint8, cell string) {
		n := int(which) % len(names)
		in := make([]string, len(names))
		in[n] = cell
		var rec Record
		errs := plan.Values(row(in...), &rec)
		for _, e := range errs {
			require.NotEmpty(t, e.Code+e.Message)
			require.True(t, 0 <= e.From && e.From <= e.To && e.To <= len(cell))
		}
		if len(errs) > 0 || len(rec.Fields) == 0 {
			return
		}
		body := plan.Encode(nil, rec.Fields)
		require.True(t, json.Valid(body), "%s", body)
		field := &rec.Fields[0]
		if len(field.Values) > 0 && field.Values[0].Ref != nil && field.Values[0].Ref.ID == "" {
			return // a key that nobody has looked up
		}
		var all []string
		for i := range field.Values {
			all = append(all, string(written(field.Attr, &field.Values[i])))
		}
		answer := world.Held(map[string]string{names[n]: "[" + strings.Join(all, ",") + "]"})
		require.Empty(t, plan.Change(&rec, answer).Differences)
		fl, err := flat.New(s, "every", flat.Options{Columns: []string{names[n]}})
		require.NoError(t, err)
		cells := fl.Cells(nil, answer, nil, func(s string) { t.Fatal(s) })
		back, err := Bind(nil, Input{Columns: fl.Header()}, s, BindOptions{Object: "every"})
		require.NoError(t, err)
		var again Record
		require.Empty(t, back.Values(row(cells...), &again), "%q", cells)
		require.Len(t, again.Fields, 1)
		require.Empty(t, back.Change(&again, answer).Differences)
		require.Len(t, again.Fields[0].Values, len(field.Values))
		for i := range field.Values {
			require.True(t, value.Same(field.Attr, &field.Values[i], &again.Fields[0].Values[i]))
		}
	})
}
