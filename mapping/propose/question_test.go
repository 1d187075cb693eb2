package propose

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// Whatever a proposal asks, Bind points to as long as it is not answered: at the question's line, with the lines of
// its answers.
func TestQuestionsThatNobodyAnswered(t *testing.T) {
	p := proposed(t, "deals", []string{"Deal name", "Deal stage", "Due: by", "", "Worth"},
		[]string{"Anvils", "Rope"}, []string{"Lead", "Win"}, []string{"03/04/2026", "05/06/2026"}, []string{"x", "y"},
		[]string{"1,200", "2,300"})
	text := string(p.YAML())
	lines := strings.Split(text, "\n")
	in := mapping.Input{Name: "file.csv", Columns: []string{"Deal name", "Deal stage", "Due: by", "", "Worth"}}
	problems := func(text string) problem.Problems {
		f, err := mapfile.Parse("m.yaml", []byte(text))
		require.NoError(t, err)
		_, err = mapping.Bind(f, in, proposeSchema(), mapping.BindOptions{})
		var ps problem.Problems
		require.ErrorAs(t, err, &ps)
		return ps
	}
	for _, ending := range []string{"\n", "\r\n"} {
		open := 0
		for _, p := range problems(strings.ReplaceAll(text, "\n", ending)) {
			require.True(t, p.Open, p.String())
			open++
			var line int
			for n, l := range lines {
				if strings.Contains(l, "# decide: ") && strings.HasPrefix(p.Where, "m.yaml:"+strconv.Itoa(n+1)+":3") {
					line = n
				}
			}
			require.NotZero(t, line, p.Where)
			require.NotEmpty(t, p.Hint, p.String())
			for _, h := range p.Hint {
				place, entry, _ := strings.Cut(h, ": ")
				n, err := strconv.Atoi(strings.TrimPrefix(place, "m.yaml:"))
				require.NoError(t, err)
				require.Contains(t, lines[n-1], "# "+strings.TrimSuffix(entry, "   # leaves it out"))
			}
		}
		require.Equal(t, strings.Count(text, "# decide: ")-strings.Count(text, "leave it out?"), open)
	}

	// One that is answered is asked no more, by an entry or by being left out; others still are.
	before := problems(text)
	answered := strings.Replace(text, `  # - {column: "Due: by"`, `  - {column: "Due: by"`, 1)
	if answered == text {
		answered = strings.Replace(text, `  # - "Due: by"`, `  - "Due: by"`, 1)
	}
	require.NotEqual(t, text, answered)
	after := problems(answered)
	require.Contains(t, before.Error(), `"Due: by"`)
	require.NotContains(t, after.Error(), `"Due: by" is not decided`)
}

// What an unanswered question may fill is not reported as missing beside it.
func TestWhatAnAnswerMayFillIsNotMissing(t *testing.T) {
	text := "version: 1\nobject: users\ncolumns:\n  - {column: Plan, attribute: plan}\n" +
		"  # decide: ID: the header fits \"user_id\" or \"primary_email_address\"\n  # - {column: ID, attribute: " +
		"user_id}\n  # - {column: ID, attribute: primary_email_address}\n"
	for _, mode := range []mapping.Mode{mapping.Create, mapping.Upsert, mapping.Update} {
		f, err := mapfile.Parse("m.yaml", []byte(text))
		require.NoError(t, err)
		_, err = mapping.Bind(f, mapping.Input{Name: "f.csv", Columns: []string{"Plan", "ID"}}, world.Schema(),
			mapping.BindOptions{Mode: mode})
		require.EqualError(t, err,
			`m.yaml:5:3: column "ID" is not decided: the header fits "user_id" or "primary_email_address"`)
	}
}
