package mapping

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping/value"
)

func TestAddressesOfMembersOfArrays(t *testing.T) {
	for address, want := range map[string][]string{"phones[].number": {"phones", "number"},
		"a.b[].c.d[].e": {"a.b", "c.d", "e"}, "phones": {"phones"}, "phones[]": {"phones[]"}, "[].x": {"[].x"},
		"a[]b": {"a[]b"}, "a[].": {"a[]."}, "a[0].b": {"a[0].b"}} {
		column, members := Nested(address)
		require.Equal(t, want, append([]string{column}, members...), address)
	}
	for _, tt := range []struct {
		array   string
		members []string
		want    []string
	}{
		{`[{"n":"1"},{"n":null},{},{"n":2}]`, []string{"n"}, []string{`"1"`, "2"}},
		{`[{"a":{"b":"1"}},{"a.b":"2"},{"a":"3"}]`, []string{"a.b"}, []string{`"1"`, `"2"`}},
		{`[{"o":[{"n":1},{"n":2}]},{"o":{"n":4}},{"o":[{"n":[3]}]}]`, []string{"o", "n"}, []string{"1", "2", "3"}},
		{`["x",1]`, []string{"n"}, nil},
	} {
		var got []string
		for _, v := range MembersOf(nil, json.RawMessage(tt.array), tt.members) {
			got = append(got, string(v))
		}
		require.Equal(t, tt.want, got, tt.array)
	}
}

func TestMembersOfArraysAreMapped(t *testing.T) {
	p := bindText(t, "version: 1\nobject: every\ncolumns:\n"+
		"  - {column: \"phones[].number\", attribute: phones}\n"+
		"  - {column: \"phones[].kind\", attribute: text}\n"+
		"  - {column: \"homes[].town\", attribute: place.locality}\n"+
		"ignore: [\"phones[].since\"]\n", "phones", "homes")
	read := func(phones, homes string) (*Record, []*CellError) {
		var rec Record
		r := &Row{Number: 1, Line: 2, Cells: []Cell{{Text: phones, Kind: value.JSONCell},
			{Text: homes, Kind: value.JSONCell}}}
		return &rec, p.Values(r, &rec)
	}
	rec, errs := read(`[{"number":"+44 20 7946 0958","kind":"home"},{"number":"+4930901820"}]`, `[{"town":"Leeds"}]`)
	require.Empty(t, errs)
	require.Len(t, rec.Fields, 3)
	require.Equal(t, []string{"+442079460958", "+4930901820"}, []string{rec.Fields[0].Values[0].Text,
		rec.Fields[0].Values[1].Text})
	require.Equal(t, "home", rec.Fields[1].Values[0].Text)
	require.Equal(t, "Leeds", rec.Fields[2].Values[0].Parts[4])

	_, errs = read(`[{"kind":"home"},{"kind":"work"}]`, `[{"town":"Leeds"},{"town":"York"}]`)
	require.Len(t, errs, 2)
	require.Equal(t, []string{value.CodeSeveral, "phones[].kind"}, []string{errs[0].Code, errs[0].Header})
	require.Equal(t, value.CodeShape, errs[1].Code)

	rec, errs = read(`[]`, `[{"street":"x"}]`)
	require.Empty(t, errs)
	require.Empty(t, rec.Fields)

	var none Record
	errs = p.Values(row("+44 20 7946 0958", ""), &none)
	require.Len(t, errs, 2, "phones is no array of objects, and two entries say that it is")
	require.Equal(t, "the cell is not an array of objects", errs[0].Message)
}
