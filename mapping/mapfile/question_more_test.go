package mapfile_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

func TestQuestionsAboutMembersAndConstants(t *testing.T) {
	const text = `version: 1
columns:
  # decide: "phones[].kind": no attribute of people is like it
  # decide: "phones[].number": 2 numbers without a country
  # - {column: "phones[].number", attribute: phone_numbers, country: GB}
  # decide: a new record of deals needs stage, and no column seems to hold it
  # - {column: State, attribute: stage}
constants:
  # stage: Won   # for every row
ignore:
  # - "phones[].kind"   # decide: leave it out?
`
	open := func(text string) (names []string) {
		f, err := mapfile.Parse("m.yaml", []byte(text))
		require.NoError(t, err)
		for name, q := range f.UndecidedInside("phones") {
			names = append(names, name+": "+q.Text)
		}
		return names
	}
	require.Equal(t, []string{"phones[].kind: no attribute of people is like it",
		"phones[].number: 2 numbers without a country"}, open(text))
	require.Equal(t, []string{"phones[].kind: no attribute of people is like it"},
		open("version: 1\ncolumns:\n  - {column: \"phones[].number\", attribute: phone_numbers}\n"+
			"  # decide: \"phones[].kind\": no attribute of people is like it\n"))
	f, err := mapfile.Parse("m.yaml", []byte(text))
	require.NoError(t, err)
	require.True(t, f.MayFill("phone_numbers"))
	require.True(t, f.MayFill("stage"))
	require.False(t, f.MayFill("owner"))
	require.Equal(t, []string{"m.yaml:7: - {column: State, attribute: stage}", "m.yaml:9: stage: Won"},
		f.Lacking("deals", "stage").Problem("").Hint)
}
