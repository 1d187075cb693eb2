package value

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
)

// Values joined into one cell are found again by split, whatever they hold.
func FuzzSplit(f *testing.F) {
	f.Add("a;b", `c\d`, `\;`)
	f.Add("", " x ", `\\`)
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var cell []byte
		var want []string
		for _, s := range []string{a, b, c} {
			if s = Trim(s); s == "" {
				continue
			}
			if len(cell) > 0 {
				cell = append(cell, ';')
			}
			cell, want = Join(cell, s), append(want, s)
		}
		var got []string
		for _, p := range Split(nil, string(cell), ";") {
			got = append(got, p.Text)
			require.True(t, p.To == 0 || string(cell)[p.From:p.To] == p.Text)
		}
		require.Equal(t, want, got)
		for _, sep := range []string{",", " | ", "\n"} {
			for _, p := range Split(nil, a+b, sep) {
				require.NotEmpty(t, p.Text)
			}
		}
	})
}

// No date, in any format, panics or leaves the years that Attio has.
func FuzzDates(f *testing.F) {
	for _, s := range []string{"14th July, 2024 10:30 pm", "2024-11-01T01:02:03.456789234Z", "45487.5", "-1.5",
		"07/14/24"} {
		f.Add(s)
	}
	var readers []DateFormat
	for _, format := range []string{"european", "american", "excel", "excel1904", "unix", "unix-ms", "D.M.YY",
		"YYYY-MM-DD h:mm:ss A Z", "MMM DD YYYY HH:mm.SSS"} {
		r, err := ParseFormat(format)
		require.NoError(f, err)
		readers = append(readers, r)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range append(readers, nil) {
			s := &Reader{Attr: &attio.Attribute{Type: attio.TypeTimestamp}, Format: r}
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
