package propose

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// FuzzPropose proposes for one column of any header and cells: the file parses, what is settled binds, and what is
// asked does not, until any one of its answers is taken.
func FuzzPropose(f *testing.F) {
	for _, seed := range [][2]string{{"Day", "03/04/2024\x0014/07/2024"}, {"Amount", "1,234\x00$5"},
		{"Mail", "Ada <a@b.com>, c@d.com\x00x"}, {"Tags", "Red, Blue\x00Green"},
		{"Phone", "020 7946 0018"}, {"Keeper", "Bob\x00Grace"}, {"Sites", "a.com\nb.org"},
		{"a: b # c", "\\\"'{}[]&*!|>%@`"},
		{"#3", "1.23E+11\x00#REF!"}, {"", "x"}, {"Done", "yes\x00\u2028"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, header, cells string) {
		header = strings.TrimFunc(strings.ToValidUTF8(header, "?"), value.IsBlank)
		headers := []string{header}
		p := proposed(t, "things", headers, strings.Split(strings.ToValidUTF8(cells, "?"), "\x00"))
		text := string(p.YAML())
		sg := p.Columns[0]
		err := bound(t, text, "things", headers)
		switch {
		case sg.Ask != "":
			var problems problem.Problems
			require.ErrorAs(t, err, &problems, text)
			require.Len(t, problems, 1, text)
		default:
			require.NoError(t, err, text)
		}
		for _, answered := range answers(text) {
			require.NoError(t, bound(t, answered, "things", headers), answered)
		}
	})
}
