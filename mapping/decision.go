package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
)

// A proposed mapping asks in comments (propose_yaml.go writes them): a line "# decide: …", and below it a commented entry for each answer. The
// comments mean nothing to the file as such, but as long as a column is unmapped, the question that stands there for it is what a person has
// to be pointed to.

// decision is a question in the comments of a mapping file.
type decision struct {
	at      place
	text    string   // "Met on: all 7 dates fit both orders"
	answers []answer // the entries to choose from
}

// answer is a commented line that would settle a question.
type answer struct {
	line int
	text string // without the "# ", as it would stand in the file
}

const (
	decideMark = "# decide: "
	ignoreMark = "   # decide: leave it out?"
	lackMark   = "a new record of "
)

// readDecisions finds the questions of a file, and the commented lines under ignore by the name of the column.
func readDecisions(text string) (questions []decision, ignorable map[string]answer) {
	ignorable = map[string]answer{}
	open := false // the line before belongs to a question
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, "\r \t")
		comment := strings.TrimLeft(line, " \t")
		at := place{i + 1, 1 + len(line) - len(comment)}
		entry, isEntry := strings.CutPrefix(comment, "# - ")
		switch {
		case strings.HasPrefix(comment, decideMark):
			questions = append(questions, decision{at: at, text: comment[len(decideMark):]})
			open = true
		case isEntry && strings.HasSuffix(entry, ignoreMark):
			name := strings.TrimSuffix(entry, ignoreMark)
			ignorable[name] = answer{at.line, "- " + name + "   # leaves it out"}
			open = false
		case isEntry && open:
			last := &questions[len(questions)-1]
			last.answers = append(last.answers, answer{at.line, "- " + entry})
		default:
			open = open && strings.HasPrefix(comment, "#  ")
		}
	}
	return questions, ignorable
}

// fills says whether some answer to the question fills an attribute.
func (d *decision) fills(slug string) bool {
	return slices.ContainsFunc(d.answers, func(a answer) bool {
		_, rest, ok := strings.Cut(a.text, ", attribute: "+slug)
		return ok && rest != "" && strings.IndexByte(",}.", rest[0]) >= 0
	})
}

// undecided reports a column that waits for an answer in the file; false where nothing is asked about it.
func (b *binder) undecided(header string, i int) bool {
	f := b.file
	for _, name := range []string{header, fmt.Sprintf("#%d", i+1)} {
		name = quoteYAML(name)
		for _, d := range f.questions {
			what, ok := strings.CutPrefix(d.text, name+": ")
			if !ok {
				continue
			}
			answers := d.answers
			if out, ok := f.ignorable[name]; ok {
				answers = append(answers[:len(answers):len(answers)], out)
			}
			b.waiting = append(b.waiting, d)
			b.problems = append(b.problems, f.open(d, fmt.Sprintf("column %q is not decided: %s", header, what), answers))
			return true
		}
	}
	return false
}

// unfilled is undecided for an attribute that new records need and no column fills.
func (b *binder) unfilled(slug string) bool {
	for _, d := range b.file.questions {
		if strings.HasPrefix(d.text, lackMark+b.plan.Object.Slug+" needs "+slug+",") {
			b.problems = append(b.problems, b.file.open(d, "not decided: "+d.text, d.answers))
			return true
		}
	}
	return false
}

// mayFill says whether an answer that is waited for may fill an attribute, so that its being missing is no problem of its own yet.
func (b *binder) mayFill(a *attio.Attribute) bool {
	return slices.ContainsFunc(b.waiting, func(d decision) bool { return d.fills(a.Slug) })
}

func (f *File) open(d decision, text string, answers []answer) Problem {
	p := Problem{Where: fmt.Sprintf("%s:%d:%d", f.Name, d.at.line, d.at.column), Text: text, Open: true}
	for _, a := range answers {
		p.Hint = append(p.Hint, fmt.Sprintf("%s:%d: %s", f.Name, a.line, a.text))
	}
	return p
}
