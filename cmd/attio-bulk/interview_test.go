package main

import (
	"bufio"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/propose"
)

// asking is a proposal that asks about a day.
func asking(t *testing.T) *propose.Proposal {
	schema := &attio.Schema{Objects: []attio.Object{{ID: "1", Slug: "people", Attributes: []attio.Attribute{
		{Slug: "born", Title: "Born", Type: attio.TypeDate, Writable: true}}}}}
	profile := propose.NewProfile("Born")
	for _, day := range []string{"03/04/2026", "05/06/2026", "05/06/2026"} {
		profile.Add(&mapping.Cell{Text: day})
	}
	p, err := propose.Propose(mapping.Input{Name: "f.csv", Columns: []string{"Born"}}, []*propose.Profile{profile}, schema,
		propose.Options{Object: "people"})
	require.NoError(t, err)
	require.Equal(t, 1, p.Questions())
	return p
}

func TestInterview(t *testing.T) {
	for typed, want := range map[string]string{
		"\n":         "    format: european\n",
		"2\n":        "    format: american\n",
		"?\n0\n2\n":  "    format: american\n",
		"3\n":        "ignore:\n  - Born\n",
		"s\n":        "# decide: Born: ",
		"S\n":        "# decide: Born: ",
		"":           "# decide: Born: ",
		"what?\n s ": "# decide: Born: ",
	} {
		var out strings.Builder
		p := asking(t)
		a := &app{ui: &ui{err: &out, in: bufio.NewReader(strings.NewReader(typed))}}
		require.NoError(t, newInterview(a, "f.csv", p).run(t.Context()), typed)
		require.Contains(t, string(p.YAML()), want, "%q: %s", typed, out.String())
		require.Contains(t, out.String(), "1 question about f.csv\n")
		require.Equal(t, strings.Contains(typed, "?\n0"), strings.Contains(out.String(), "  \"05/06/2026\"  2 rows\n"), typed)
		require.Equal(t, strings.ContainsAny(typed, "0w"), strings.Contains(out.String(), " is no answer here\n"), typed)
	}
}

// atPrompt calls what is to happen once the prompt stands there.
type atPrompt struct{ then func() }

func (w atPrompt) Write(p []byte) (int, error) {
	if strings.HasPrefix(string(p), "Number,") {
		w.then()
	}
	return len(p), nil
}

func TestInterruptedInterviewAnswersNothing(t *testing.T) {
	typing, keyboard := io.Pipe() // on which nothing is ever typed
	defer keyboard.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	screen := atPrompt{func() { cancel(&importer.Interrupted{Signal: "SIGINT", ExitCode: 130}) }}
	a := &app{ui: &ui{err: screen, in: bufio.NewReader(typing)}}
	p := asking(t)
	err := newInterview(a, "f.csv", p).run(ctx)
	require.EqualError(t, err, "nothing was done: interrupted by SIGINT")
	require.Equal(t, 130, exitCode(refused(err)))
	require.Equal(t, 1, p.Questions())
}

func TestQuestionsFitTheTerminal(t *testing.T) {
	i := newInterview(&app{ui: &ui{width: func() int { return 40 }}}, "f.csv", nil)
	text := i.layout("1 of 2  ", question{about: `column "Born"`, text: strings.Repeat("long words ", 9),
		notes:   []string{strings.Repeat("a note ", 9)},
		choices: []choice{{"format: european", strings.Repeat("means this ", 6), nil}}})
	for line := range strings.Lines(text) {
		require.LessOrEqual(t, width(strings.TrimRight(line, "\n")), 40, text)
	}
	require.Equal(t, 80, newInterview(&app{ui: &ui{}}, "", nil).room())
	require.Equal(t, `"`+strings.Repeat("x", cellWidth-1)+`…"`, inQuotes(strings.Repeat("x", 99)))
}
