package mapping

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
)

// A mapping file can be any bytes: Parse answers, and what it takes is written in a form from which it reads the same again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(everyKey))
	f.Add([]byte("version: 1\ncolumns: [{column: \"\\u00e9\", attribute: a.b, values: {1: 2}}]"))
	f.Add([]byte("a: &x [*x]\n? b"))
	f.Add([]byte("version: 1\nobject: |\n  x\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Parse("f", text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		again, err := Parse("f", file.YAML())
		require.NoError(t, err, "%s", file.YAML())
		require.Equal(t, unplaced(file), unplaced(again))
	})
}

// Values joined into one cell are found again by split, whatever they hold.
func FuzzSplit(f *testing.F) {
	f.Add("a;b", `c\d`, `\;`)
	f.Add("", " x ", `\\`)
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var cell []byte
		var want []string
		for _, s := range []string{a, b, c} {
			if s = trim(s); s == "" {
				continue
			}
			if len(cell) > 0 {
				cell = append(cell, ';')
			}
			cell, want = join(cell, s), append(want, s)
		}
		var got []string
		for _, p := range split(nil, string(cell), ";") {
			got = append(got, p.text)
			require.True(t, p.to == 0 || string(cell)[p.from:p.to] == p.text)
		}
		require.Equal(t, want, got)
		for _, sep := range []string{",", " | ", "\n"} {
			for _, p := range split(nil, a+b, sep) {
				require.NotEmpty(t, p.text)
			}
		}
	})
}

// An export for spreadsheets leaves no formula, and what it changed comes back.
func FuzzNeutral(f *testing.F) {
	for _, s := range []string{"=1", "'=1", " +1", "-5", "＝x", "''"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		require.Equal(t, s, plain(neutral(s)))
		require.False(t, formula(neutral(s)))
	})
}

// written is the value that Attio answers after a value was written: the envelope, and the read shape of the type.
func written(a *attio.Attribute, v *Value) []byte {
	switch a.Type {
	case attio.TypeSelect:
		return []byte(option(v.ID, v.Text))
	case attio.TypeStatus:
		return []byte(`{"status":{"id":{"status_id":"` + v.ID + `"},"title":` + string(quote(nil, v.Text)) + `}}`)
	case attio.TypePhoneNumber:
		return append(quote(append(quote([]byte(`{"original_phone_number":`), v.Orig), `,"phone_number":`...), v.Text), `,"country_code":"`+v.Code+`"}`...)
	case attio.TypeEmailAddress:
		return append(quote(append(quote([]byte(`{"original_email_address":`), v.Orig), `,"email_address":`...), v.Text), '}')
	case attio.TypeCurrency:
		return []byte(`{"currency_value":` + v.Text + `,"currency_code":"EUR"}`)
	case attio.TypePersonalName, attio.TypeLocation, attio.TypeRecordReference, attio.TypeActorReference, attio.TypeDomain:
		return codecs[a.Type].encode(nil, v)
	}
	return append(codecs[a.Type].encode([]byte(`{"value":`), v), '}')
}

// Every codec round trips: a cell that is taken is written, answered by Attio, flattened into a cell, and read from there as the same value.
func FuzzCodecs(f *testing.F) {
	for i, cell := range []string{"a\r\nb", "-1234.5", "true", "99.9", "2024-02-29", "2024-02-29T10:00+02:00", "4", "Free", "professional", "Free;Professional", adaID, "people:" + adaID + ";companies:" + bobID,
		"Alan", "grace@example.com;Alan", "Rome, Italy", "app.x.com", "a.com;b.com", "A@b.com", "a@b.com;c@d.com", "+442079460958", "+442079460958;+12125550123", "King, Ada"} {
		f.Add(uint8(i), cell)
	}
	s := testSchema()
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
		answer := held(map[string]string{names[n]: "[" + strings.Join(all, ",") + "]"})
		require.Empty(t, plan.Change(&rec, answer).Differences)
		fl, err := NewFlat(s, "every", FlatOptions{Columns: []string{names[n]}})
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
			require.True(t, Same(field.Attr, &field.Values[i], &again.Fields[0].Values[i]))
		}
	})
}

// No date, in any format, panics or leaves the years that Attio has.
func FuzzDates(f *testing.F) {
	for _, s := range []string{"14th July, 2024 10:30 pm", "2024-11-01T01:02:03.456789234Z", "45487.5", "-1.5", "07/14/24"} {
		f.Add(s)
	}
	var readers []dateReader
	for _, format := range []string{"european", "american", "excel", "excel1904", "unix", "unix-ms", "D.M.YY", "YYYY-MM-DD h:mm:ss A Z", "MMM DD YYYY HH:mm.SSS"} {
		r, err := dateFormat(format)
		require.NoError(f, err)
		readers = append(readers, r)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range append(readers, nil) {
			s := &source{date: r, codec: codecs[attio.TypeTimestamp]}
			var v Value
			if parseTimestamp(s, TextCell, text, &v) == nil {
				require.Len(t, v.Text, len(stampLayout))
			}
			if parseDate(s, TextCell, text, &v) == nil {
				require.Len(t, v.Text, 10)
			}
		}
	})
}
