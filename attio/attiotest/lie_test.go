package attiotest

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLies asks for pages of four of ten records, a to j, one after the other and at last with a sort, under a rule.
func TestLies(t *testing.T) {
	for rule, want := range map[string]string{
		"latency=1ns":                  "abcd efgh ij - jihg",
		"offset-ignored":               "abcd abcd abcd abcd jihg",
		"repeat":                       "abcd abcd efgh ij jihg",
		"repeat n=2":                   "abcd abcd ij - jihg",
		"empty":                        "- - - - -",
		"empty unsorted":               "- - - - jihg",
		"empty offset=4":               "abcd - ij - jihg",
		"empty offset=1- times=1":      "abcd - ij - jihg",
		"empty offset=5-20":            "abcd efgh - - jihg",
		"clamp=3":                      "abc efg ij - jih",
		"clamp=100":                    "abcd efgh ij - jihg",
		"stop=6":                       "abcd ef - - jihg",
		"stop=6 clamp=3 unsorted":      "abc ef - - jihg",
		"offset-ignored path=/people/": "abcd efgh ij - jihg",
	} {
		f, err := ParseFault(rule)
		require.NoError(t, err)
		a := unlimited(t, Options{})
		names := map[string]string{}
		for range 10 {
			names[a.create("specimens", `{}`)] = ""
		}
		for i, id := range a.found("specimens", `{}`) {
			names[id] = string(rune('a' + i))
			a.do("PATCH", "/v2/objects/specimens/records/"+id, wrap(fmt.Sprintf(`{"serial":%d}`, i)))
		}
		a.s.AddFault(f) // counts queries only
		a.do("GET", "/v2/objects/specimens", "")
		var got []string
		for _, q := range []string{`"offset":0`, `"offset":4`, `"offset":8`, `"offset":12`,
			`"sorts":[{"attribute":"serial","direction":"desc"}]`} {
			page := ""
			for _, id := range a.found("specimens", `{"limit":4,`+q+`}`) {
				page += names[id]
			}
			got = append(got, cmp.Or(page, "-"))
		}
		require.Equal(t, want, strings.Join(got, " "), rule)
	}
}
