package exporter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
)

// Numbers stand by their value, which Attio keeps as a 64-bit float, and what is none behind them.
func TestNumber(t *testing.T) {
	texts := []string{"0", "-0", "0.0", "1", "10", "9", "9.5", "1e3", "1E-3", "-1", "-10", "-9.99",
		"1234567890123456", "1234567890123457",
		"0.0001", "0.001", "-0.0001", "1e308", "-1e308", "1e400", "5e-324", "007", "+4"}
	for _, a := range texts {
		for _, b := range texts {
			x, ok := new(big.Rat).SetString(a)
			require.True(t, ok)
			y, _ := new(big.Rat).SetString(b)
			require.Equal(t, x.Cmp(y), bytes.Compare(number(a), number(b)), "%s and %s", a, b)
		}
	}
	for _, text := range []string{"", "x", "NaN", "Inf", "0x10", "1_000", "true", "1.2.3"} {
		require.Positive(t, bytes.Compare(number(text), number("1e400")), text)
	}
}

// What Attio keeps is told apart however large or precise: numbers are 64-bit floats, so that each stands before its
// next neighbour; amounts have at most 4 decimals, which 15 digits of a float hold.
func TestNumbersThatAttioKeepsDiffer(t *testing.T) {
	before := func(a, b string) {
		t.Helper()
		require.Negative(t, bytes.Compare(number(a), number(b)), "%s and %s", a, b)
		require.Negative(t, bytes.Compare(number("-"+b), number("-"+a)), "-%s and -%s", b, a)
	}
	for _, f := range []float64{5e-324, 0.0001, 0.1, 1, 9.9999, 1 << 39, 1 << 53, 1e15, 1e21, 1e300,
		math.Nextafter(math.MaxFloat64, 0)} {
		next := math.Nextafter(f, math.Inf(1))
		for _, format := range []byte{'f', 'g', 'e'} { // as servers write the same float
			before(strconv.FormatFloat(f, format, -1, 64), strconv.FormatFloat(next, format, -1, 64))
		}
	}
	before("0", "0.0001")
	for _, whole := range []string{"0", "1", "999999999", "10000000000", "99999999999"} {
		before(whole+".9998", whole+".9999")
		before(whole, whole+".0001")
	}
	before("9007199254740991", "9007199254740992")
	require.Equal(t, number("1.5"), number("1.5000"))
	require.Equal(t, number("1e3"), number("1000"))
}

func TestOrderingByType(t *testing.T) {
	o := &attio.Object{Slug: "things", Attributes: []attio.Attribute{
		{Slug: "text", Type: attio.TypeText}, {Slug: "number", Type: attio.TypeNumber}, {Slug: "day",
			Type: attio.TypeDate}, {Slug: "time", Type: attio.TypeTimestamp},
		{Slug: "state", Type: attio.TypeStatus}, {Slug: "tags", Type: attio.TypeSelect, Multi: true}, {Slug: "name",
			Type: attio.TypePersonalName},
		{Slug: "place", Type: attio.TypeLocation}, {Slug: "new", Type: "quaternion"},
	}}
	for _, c := range []struct {
		sort   string
		values []string // in the order that they should stand
	}{
		{"text", []string{`[{"value":"A"}]`, `[{"value":"A b"}]`, `[{"value":"AB"}]`, `[{"value":"a"}]`, `[{"value":"ä"}]`,
			`[]`}},
		{"text:desc", []string{`[{"value":"ä"}]`, `[{"value":"ab"}]`, `[{"value":"a"}]`, `[{"value":""}]`, `[]`}},
		{"number", []string{`[{"value":-2}]`, `[{"value":9}]`, `[{"value":10}]`, `[]`}},
		{"number:desc", []string{`[{"value":10}]`, `[{"value":9}]`, `[{"value":-2}]`, `[]`}},
		{"day", []string{`[{"value":"1999-12-31"}]`, `[{"value":"2000-01-01"}]`, `[]`}},
		{"time", []string{`[{"value":"2024-01-01T00:00:00.000000000Z"}]`, `[{"value":"2024-01-01T00:30:00.5Z"}]`,
			`[{"value":"2024-01-01T00:30:00.500000001Z"}]`}},
		{"state", []string{`[{"status":{"title":"A"}}]`, `[{"status":{"title":"B"}}]`, `[]`}},
		{"tags", []string{`[{"option":{"title":"c"}},{"option":{"title":"a"}}]`, `[{"option":{"title":"b"}}]`, `[]`}},
		{"tags:desc", []string{`[{"option":{"title":"c"}},{"option":{"title":"a"}}]`, `[{"option":{"title":"b"}}]`, `[]`}},
		{"name.last_name", []string{`[{"first_name":"Z","last_name":"A"}]`, `[{"first_name":"A","last_name":"Z"}]`,
			`[{"first_name":"A","last_name":null}]`}},
		{"place.latitude", []string{`[{"latitude":"-3.5"}]`, `[{"latitude":"9"}]`, `[{"latitude":"10"}]`,
			`[{"latitude":null}]`}},
		{"new", []string{`[{"value":"1"}]`, `[{"value":"2"}]`, `[{"other":"0"}]`}},
	} {
		keys, err := ParseSort(c.sort)
		require.NoError(t, err)
		bound, problems := bindSort(keys, o)
		require.Empty(t, problems)
		var last []byte
		for i, v := range c.values {
			r := attio.Record{ID: fmt.Sprint(9 - i), Values: map[string]json.RawMessage{keys[0].Attribute: json.RawMessage(v)}}
			key := bound.append(nil, &r)
			require.Negative(t, bytes.Compare(last, key), "%s: %s", c.sort, v)
			last = key
		}
	}
}
