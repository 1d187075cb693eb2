package mapfile

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// A proposed mapping asks in comments (propose_yaml.go writes them): a line "# decide: …", and below it a commented
// entry for each answer. The comments mean nothing to the file as such, but as long as a column is unmapped, the
// question that stands there for it is what a person has to be pointed to.

// Question is what the comments of a mapping file ask.
type Question struct {
	Text    string // "all 7 dates fit both orders"
	where   place
	name    string   // of the file
	answers []answer // the entries to choose from
	rest    bool     // one of them leaves out all columns that stand nowhere
}

// answer is a commented line that would settle a question.
type answer struct {
	line int
	text string // without the "# ", as it would stand in the file
}

// Marks of a question in a proposed mapping: the comment that asks, and the ends and beginnings of its answers.
const (
	DecideMark = "# decide: "
	IgnoreMark = "   # decide: leave it out?"
	LackMark   = "a new record of "
	// ConstantMark stands behind a commented constant.
	ConstantMark = "   # for every row"
)

// readQuestions finds the questions of a file, and the commented lines under ignore by the name of the column.
func readQuestions(file, text string) (questions []Question, ignorable map[string]answer) {
	ignorable = map[string]answer{}
	open := false // the line before belongs to a question
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, "\r \t")
		comment := strings.TrimLeft(line, " \t")
		at := place{i + 1, 1 + len(line) - len(comment)}
		entry, isEntry := strings.CutPrefix(comment, "# - ")
		switch {
		case strings.HasPrefix(comment, DecideMark):
			questions = append(questions, Question{where: at, Text: comment[len(DecideMark):], name: file})
			open = true
		case isEntry && strings.HasSuffix(entry, IgnoreMark):
			name := strings.TrimSuffix(entry, IgnoreMark)
			ignorable[name] = answer{at.line, "- " + name + "   # leaves it out"}
			open = false
		case open && strings.HasPrefix(comment, "# "+IgnoreRest):
			last := &questions[len(questions)-1]
			last.answers, last.rest = append(last.answers, answer{at.line, comment[2:]}), true
		case strings.HasPrefix(comment, "# ") && strings.Contains(comment, ConstantMark):
			text, _, _ := strings.Cut(comment[2:], ConstantMark)
			attribute, _, _ := strings.Cut(text, ": ")
			for i := range questions {
				if strings.Contains(questions[i].Text, " needs "+attribute+",") {
					questions[i].answers = append(questions[i].answers, answer{at.line, text})
				}
			}
			open = false
		case isEntry && open:
			last := &questions[len(questions)-1]
			last.answers = append(last.answers, answer{at.line, "- " + entry})
		case open && fileAnswer.MatchString(comment):
			last := &questions[len(questions)-1]
			last.answers = append(last.answers, answer{at.line, comment[len("# "):]})
		default:
			open = open && strings.HasPrefix(comment, "#  ")
		}
	}
	return questions, ignorable
}

// fileAnswer is an answer about the file as a whole.
var fileAnswer = regexp.MustCompile(`^# [a-z_]+: [^ ]`)

// Asked is what the file asks about one of its own keys, such as header_row; nil where it asks nothing.
func (f *File) Asked(key string) *Question {
	for _, q := range f.questions {
		if strings.HasPrefix(q.Text, key+": ") {
			return &q
		}
	}
	return nil
}

// Undecided is what the file asks about a column, by its header or its number from 1; nil where it asks nothing.
func (f *File) Undecided(header string, number int) *Question {
	for _, name := range []string{header, fmt.Sprintf("#%d", number)} {
		name = Quote(name)
		for _, q := range f.questions {
			what, ok := strings.CutPrefix(q.Text, name+": ")
			if !ok {
				continue
			}
			q.Text = what
			if out, ok := f.ignorable[name]; ok {
				q.answers = append(q.answers[:len(q.answers):len(q.answers)], out)
			}
			return &q
		}
	}
	return nil
}

// UndecidedInside are the questions about members of the objects in a column's arrays, such as phones[].number, that
// nobody has answered. name is the member's address.
func (f *File) UndecidedInside(column string) iter.Seq2[string, *Question] {
	return func(yield func(name string, q *Question) bool) {
		begin := strings.TrimSuffix(Quote(column+"[]."), `"`)
		for _, q := range f.questions {
			quoted, what, ok := strings.Cut(q.Text, `": `)
			quoted += `"`
			answered := func(name string) bool { return Quote(name) == quoted }
			if !ok || !strings.HasPrefix(quoted, begin) || slices.ContainsFunc(f.Ignore, answered) ||
				slices.ContainsFunc(f.Columns, func(c Column) bool { return answered(c.Column) }) {
				continue
			}
			q.Text = what
			if out, ok := f.ignorable[quoted]; ok {
				q.answers = append(q.answers[:len(q.answers):len(q.answers)], out)
			}
			if !yield(strings.Trim(quoted, `"`), &q) {
				return
			}
		}
	}
}

// Lacking is what the file asks about an attribute that new records of an object need; nil where it asks nothing.
func (f *File) Lacking(object, slug string) *Question {
	for _, q := range f.questions {
		if strings.HasPrefix(q.Text, LackMark+object+" needs "+slug+",") {
			return &q
		}
	}
	return nil
}

// Rest is what the file asks about all columns that stand nowhere in it; nil where it asks nothing.
func (f *File) Rest() *Question {
	for _, q := range f.questions {
		if q.rest {
			return &q
		}
	}
	return nil
}

// MayFill reports whether an answer to a question of the file, given or not, fills an attribute.
func (f *File) MayFill(slug string) bool {
	return slices.ContainsFunc(f.questions, func(q Question) bool { return q.Fills(slug) })
}

// Fills reports whether some answer to the question fills an attribute.
func (q *Question) Fills(slug string) bool {
	return slices.ContainsFunc(q.answers, func(a answer) bool {
		_, rest, ok := strings.Cut(a.text, ", attribute: "+slug)
		return ok && rest != "" && strings.IndexByte(",}.", rest[0]) >= 0
	})
}

// Problem says in the given words that nobody has answered; its hints are the answers.
func (q *Question) Problem(text string) problem.Problem {
	p := problem.Problem{Where: fmt.Sprintf("%s:%d:%d", q.name, q.where.line, q.where.column), Text: text, Open: true}
	for _, a := range q.answers {
		p.Hint = append(p.Hint, fmt.Sprintf("%s:%d: %s", q.name, a.line, a.text))
	}
	return p
}
