package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping/propose"
)

// On a terminal, mapping init asks what its proposal leaves open, question by question. What is answered stands in the
// mapping as if it had been certain, and what is skipped stands there as a question.

// interview asks the questions of one proposal.
type interview struct {
	*app
	file     string
	proposal *propose.Proposal
}

func newInterview(a *app, file string, p *propose.Proposal) *interview { return &interview{a, file, p} }

// question is one of them, with what each answer does.
type question struct {
	about, text string
	notes       []string
	choices     []choice
	examples    func() string
}

type choice struct {
	line, means string
	take        func()
}

// run asks until all is answered or skipped, or the input ends. Its error is that of a signal. An answer can change
// what is asked later, so that each part is asked for when its turn comes.
func (i *interview) run(ctx context.Context) error {
	parts := []func() []question{i.ofColumns, i.ofLacks, i.ofRest}
	n := 0
	for at := range parts {
		all := n
		for _, part := range parts[at:] {
			all += len(part())
		}
		if n == 0 && all > 0 && at == 0 {
			i.line("", fmt.Sprintf("\n%s about %s\nwhat you skip stays in the mapping file as a question",
				count(all, "question"), i.file))
		}
		for _, q := range parts[at]() {
			lead := ""
			if n++; all > 1 {
				lead = fmt.Sprintf("%d of %d  ", n, all)
			}
			i.line("", "\n"+i.layout(lead, q))
			if err := i.answer(ctx, q); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}

// ofColumns asks about columns.
func (i *interview) ofColumns() (all []question) {
	p := i.proposal
	for _, s := range p.Asks() {
		q := question{about: fmt.Sprintf("column %q", s.Header), text: s.Ask, notes: s.Notes, examples: func() string {
			return cellsOf(s)
		}}
		for _, a := range s.Answers {
			c := a.Column
			c.Column = ""
			q.choices = append(q.choices, choice{strings.Trim(c.Flow(), "{}"), a.Text, func() { p.Take(s, a) }})
		}
		out := choice{"leave the column out", "", func() { p.LeaveOut(s) }}
		if s.Weak { // Enter takes the first: nothing that the header does not say
			q.choices = append([]choice{out}, q.choices...)
		} else {
			q.choices = append(q.choices, out)
		}
		all = append(all, q)
	}
	return all
}

// ofLacks asks what is to fill the attributes that records lack.
func (i *interview) ofLacks() (all []question) {
	p := i.proposal
	for _, s := range p.Lacks {
		q := question{about: s.Ask, examples: func() string { return "nothing in the file holds it" }}
		for _, a := range s.Answers {
			q.choices = append(q.choices, choice{a.Line(), strings.TrimPrefix(a.Text, ": "), func() { p.Fill(s, a) }})
		}
		if len(q.choices) > 0 {
			all = append(all, q)
		}
	}
	return all
}

// ofRest asks about the columns that fit nothing.
func (i *interview) ofRest() []question {
	ask := i.proposal.RestAsk()
	if ask == "" {
		return nil
	}
	return []question{{about: ask, examples: i.restCells,
		choices: []choice{{"leave them all out", "", i.proposal.LeaveRest}}}}
}

// shownExamples is how many cells of a column a ? shows.
const shownExamples = 5

// cellsOf are a few cells of a column, with how many rows have each.
func cellsOf(s *propose.Suggestion) string {
	var rows [][]string
	for _, e := range s.Examples(shownExamples) {
		rows = append(rows, []string{"  " + inQuotes(e.Text), count(e.Rows, "row")})
	}
	return strings.TrimRight(aligned(rows, 0), "\n")
}

// restCells are the columns that fit nothing, each with a cell.
func (i *interview) restCells() string {
	var rows [][]string
	for _, s := range i.proposal.Rest {
		cell := "blank in every row"
		for _, e := range s.Examples(1) {
			cell = inQuotes(e.Text)
		}
		rows = append(rows, []string{"  " + s.Header, cell})
	}
	return strings.TrimRight(aligned(rows, i.room()), "\n")
}

// inQuotes is a cell in quotes, cut where it is long.
func inQuotes(text string) string {
	return strconv.Quote(shortened(text, cellWidth))
}

// room is how wide a line may be.
func (i *interview) room() int {
	if i.width != nil {
		if columns := i.width(); columns > 0 {
			return min(columns, 120)
		}
	}
	return 80
}

// layout is a question with its answers, numbered.
func (i *interview) layout(lead string, q question) string {
	text := q.about
	if q.text != "" {
		text += ": " + q.text
	}
	var lines []string
	for n, part := range wrapped(lead+text, i.room()-2) {
		if n > 0 {
			part = "  " + part
		}
		lines = append(lines, part)
	}
	for _, note := range q.notes {
		for _, part := range wrapped(note, i.room()-2) {
			lines = append(lines, "  "+part)
		}
	}
	var rows [][]string
	for n, c := range q.choices {
		rows = append(rows, []string{fmt.Sprintf("%4d", n+1), c.line, c.means})
	}
	return strings.Join(lines, "\n") + "\n" + strings.TrimRight(aligned(rows, i.room()), "\n")
}

// answer waits for an answer and takes it.
func (i *interview) answer(ctx context.Context, q question) error {
	for {
		typed, err := i.ask(ctx, "Number, Enter for 1, s to skip, ? for examples:")
		if err != nil {
			return err
		}
		n, number := strconv.Atoi(typed)
		switch typed {
		case "":
			n, number = 1, nil
		case "s", "S":
			return nil
		case "?":
			i.line("", q.examples())
			continue
		}
		if number == nil && n > 0 && n <= len(q.choices) {
			q.choices[n-1].take()
			return nil
		}
		i.line("", fmt.Sprintf("%q is no answer here", typed))
	}
}
