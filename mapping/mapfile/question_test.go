package mapfile_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

const asking = `version: 1
object: people
columns:
  # decide: Day: all 7 dates fit both orders
  #   a note
  # - {column: Day, attribute: born, format: european}
  # - {column: Day, attribute: born, format: american}
  # decide: "#2": the header fits "name" or "title"
  # - {column: "#2", attribute: name.first_name}
  # decide: a new record of people needs email_addresses, and no column seems to hold it
  # - {column: HEADER, attribute: email_addresses}
ignore:
  # - Day   # decide: leave it out?
`

func TestQuestionsOfAFile(t *testing.T) {
	f, err := mapfile.Parse("m.yaml", []byte(asking))
	require.NoError(t, err)
	require.Nil(t, f.Undecided("Night", 1))
	require.Nil(t, f.Lacking("people", "email"))
	require.Nil(t, f.Lacking("deals", "email_addresses"))

	day := f.Undecided("Day", 1)
	require.Equal(t, "all 7 dates fit both orders", day.Text)
	require.True(t, day.Fills("born"))
	require.False(t, day.Fills("bor"))
	require.Equal(t, problem.Problem{Where: "m.yaml:4:3", Text: "which?", Open: true, Hint: []string{
		"m.yaml:6: - {column: Day, attribute: born, format: european}",
		"m.yaml:7: - {column: Day, attribute: born, format: american}",
		"m.yaml:13: - Day   # leaves it out"}}, day.Problem("which?"))

	require.True(t, f.Undecided("", 2).Fills("name"), "a part fills its attribute")
	require.True(t, f.Lacking("people", "email_addresses").Fills("email_addresses"))
}

func TestPlacesOfKeys(t *testing.T) {
	f, err := mapfile.Parse(
		"m.yaml", []byte("version: 1\nobject: people\ncolumns:\n  - column: A\n    attribute: a\n    split: none\n"+
			"constants:\n  b: 1\nignore: [C, D]\n"))
	require.NoError(t, err)
	require.Equal(t, []string{"2:9", "9:13", ""}, []string{f.Place("object"), f.Place("ignore.1"), f.Place("match")})
	c, k := &f.Columns[0], &f.Constants[0]
	require.Equal(t, []string{"6:5", "4:5"}, []string{c.Place("split"), c.Place("format")},
		"the entry, where it lacks the key")
	require.Equal(t, []string{"8:3", "8:3"}, []string{k.Place(), k.Column().Place("column")})
	require.Equal(t, "b", k.Column().Attribute)
	require.Empty(t, (&mapfile.Column{}).Place("column"), "made by a program")
}

func TestKeysThatMeanNothingForAnAttribute(t *testing.T) {
	c := &mapfile.Column{Column: "A", Attribute: "a", Split: ",", Format: "iso", Country: "GB", Blank: mapfile.BlankClear}
	require.Equal(t, []mapfile.Misfit{
		{Key: "split", Text: "split means nothing for a, which holds one value"},
		{Key: "format", Text: "format means nothing for a, which is of type text"},
		{Key: "country", Text: "country means nothing for a, which is of type text"},
	}, c.Misfits(&attio.Attribute{Slug: "a", Type: attio.TypeText}))
	c = &mapfile.Column{Country: "GB", Transform: []mapfile.Transform{{Name: "e164"}}}
	require.Empty(t, c.Misfits(&attio.Attribute{Slug: "a", Type: attio.TypeText}), "the transform needs it")
}

func TestSettingLine(t *testing.T) {
	for want, s := range map[string]*value.Setting{
		"":                           nil,
		"country: GB # or US # or X": {Key: "country", Value: "GB", Or: []string{"US", "X"}},
		`split: ","`:                 {Key: "split", Value: ","},
		`values: {n/a: ""}`:          {Key: "values", Args: []string{"n/a", ""}},
		"transform: [lower]":         {Key: "transform", Value: "lower"},
		`transform: [split: {at: ",", part: 1}]`: {Key: "transform", Value: "split",
			Args: []string{"at", ",", "part", "1"}},
	} {
		require.Equal(t, want, mapfile.SettingLine(s))
	}
}

func TestPatterns(t *testing.T) {
	for pattern, texts := range map[string][2][]string{
		"*":          {{"", "a"}, nil},
		"Custom *":   {{"Custom ", "Custom 1", "Custom *"}, {"custom 1", "A Custom 1"}},
		"*@*.com":    {{"a@b.com", "@.com"}, {"a@com", "a.com"}},
		"a*a":        {{"aa", "aba"}, {"a", "ab"}},
		"*one*two*":  {{"onetwo", "1 one 2 two 3"}, {"two one", "on etwo"}},
		"no star":    {{"no star"}, {"no stars"}},
		"a*b*b":      {{"abb", "axbxb"}, {"ab", "axb"}},
		"**":         {{"", "a"}, nil},
		"[a-z]?.*":   {{"[a-z]?."}, {"b1."}},
		"Größe*(m²)": {{"Größe in (m²)"}, {"Größe"}},
	} {
		for _, text := range texts[0] {
			require.True(t, mapfile.Match(pattern, text), "%s: %s", pattern, text)
		}
		for _, text := range texts[1] {
			require.False(t, mapfile.Match(pattern, text), "%s: %s", pattern, text)
		}
		require.Equal(t, pattern != "no star", mapfile.IsPattern(pattern))
	}
}

func TestTheQuestionAboutTheRest(t *testing.T) {
	f, err := mapfile.Parse("m.yaml", []byte(asking))
	require.NoError(t, err)
	require.Nil(t, f.Rest())
	f, err = mapfile.Parse("m.yaml", []byte(asking+"# decide: 9 columns fit nothing\n# ignore_rest: true   # all\n"))
	require.NoError(t, err)
	require.Equal(t, "9 columns fit nothing", f.Rest().Text)
	require.Equal(t, []string{"m.yaml:15: ignore_rest: true   # all"}, f.Rest().Problem("").Hint)
}
