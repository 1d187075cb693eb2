package layout

import (
	"slices"
	"strings"
)

// begins reports whether a row behind a gap could be the header of another table.
func (t *Table) begins(r Row) bool {
	if t.rows == 0 || filled(r.Cells) < 2 || !words(r.Cells) {
		return false
	}
	like, unlike := t.agree(r.Cells)
	switch {
	case t.repeats(r.Cells):
		return true
	case like > 0:
		return false
	case len(r.Cells) != t.Width, extent(r.Cells) > len(t.kinds):
		return true
	}
	return unlike > 1 || unlike == 1 && knows(r.Cells) > 0
}

// confirmed reports whether the row behind such a header belongs to its table.
func (t *Table) confirmed(head, next Row) bool {
	if next.Gap || filled(next.Cells) < 2 && filled(head.Cells) > 2 || len(next.Cells) != len(head.Cells) &&
		extent(next.Cells) > extent(head.Cells) {
		return false
	}
	return !words(next.Cells) || len(head.Cells) != t.Width && len(next.Cells) == len(head.Cells) ||
		extent(head.Cells) != t.Columns
}

// Watch sees the rows below a header, one by one, and finds where another table begins.
type Watch struct {
	table *Table
	head  Row // that could be a header; Line is 0 for none
	above int // rows right before it that could be its titles
	Next  int // the line at which another table begins; 0 for none so far
	Rest  int // rows from there on
}

// NewWatch watches the rows of a table.
func NewWatch(t *Table) *Watch { return &Watch{table: t} }

// Row sees a row in which something is filled in. gap: something blank stands before it.
func (w *Watch) Row(line int, cells []string, gap bool) {
	switch {
	case w.Next > 0:
		w.Rest++
	case w.head.Line > 0:
		if w.table.confirmed(w.head, Row{Line: line, Cells: cells, Gap: gap}) {
			w.Next, w.Rest = w.head.Line, 2+w.above
		}
		w.head = Row{}
	}
	if w.Next > 0 {
		return
	}
	r := Row{Line: line, Cells: cells, Gap: gap || w.above > 0}
	switch {
	case w.table.repeats(cells):
		w.Next, w.Rest = line, 1+w.above
	case !r.Gap:
	case w.table.begins(r):
		r.Cells = slices.Clone(cells)
		w.head = r
		return // its titles are kept until it is confirmed
	case w.table.typical > 1 && filled(cells) == 1 && !closes(cells):
		if gap {
			w.above = 0
		}
		w.above++
		return
	}
	w.above = 0
}

// closes reports whether a row begins with a word of totals or notes.
func closes(cells []string) bool {
	word := firstWord(cells[slices.IndexFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })])
	return totalWords[word] || noteWords[word]
}

// repeats reports whether a row is the header once more, as on the next page of a report.
func (t *Table) repeats(cells []string) bool {
	return len(cells) > 1 && slices.EqualFunc(cells, t.header, func(a, b string) bool {
		return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
	}) && filled(cells) > 1
}

// Suspect is a row at the end of a file that is probably none of the table.
type Suspect struct {
	Row  int // its number; 0 where the caller has not told it
	Line int
	Text string // what it begins with
	Why  string // looks like a total
}

// Suspects are the rows at the end of a table, given its last ones, that look like totals or notes.
func (t *Table) Suspects(last []Row) (found []Suspect) {
	for i := len(last) - 1; i >= 0; i-- {
		why := t.suspect(last[i])
		if why == "" {
			break
		}
		begins := strings.TrimSpace(strings.Join(strings.Fields(strings.Join(last[i].Cells, " ")), " "))
		if r := []rune(begins); len(r) > longest {
			begins = string(r[:longest]) + "…"
		}
		found = append(found, Suspect{Line: last[i].Line, Text: begins, Why: why})
	}
	slices.Reverse(found)
	return found
}

// suspect says what a row looks like that is not as the others are; "" for a row.
func (t *Table) suspect(r Row) string {
	n := filled(r.Cells)
	first := slices.IndexFunc(r.Cells, func(c string) bool { return strings.TrimSpace(c) != "" })
	switch {
	case first >= 0 && allTotal(r.Cells[first]):
		return "looks like a total"
	case first < 0 || t.rows == 0:
		return ""
	}
	like, unlike := t.agree(r.Cells)
	few := 10*n < 7*t.typical || unlike > 0 && unlike >= like
	word := firstWord(r.Cells[first])
	switch {
	case (totalWords[word] || word == "grand") && (few || t.missing(r.Cells) || t.used <= 2 && n < t.typical):
		return "looks like a total"
	case n == 1 && t.typical > 1 && (noteWords[word] || strings.HasPrefix(word, "*") || strings.HasPrefix(word, "©")),
		noteWords[word] && few && n <= 2 && t.typical > 2:
		return "looks like a note"
	case n == 1 && t.typical > 2 && first == 0 && (r.Gap || strings.ContainsAny(strings.TrimSpace(r.Cells[first]), " :")):
		return "looks like a note"
	case t.typical > 3 && 3*n <= t.typical && n > 1:
		return "has few of the cells that the rows above it have"
	case first > 0 && 10*n < 7*t.typical && t.onlyNumbers(r.Cells):
		return "looks like a total"
	}
	return ""
}

// missing reports whether a column of addresses is blank that most rows fill.
func (t *Table) missing(cells []string) bool {
	for i, k := range t.kinds {
		if (k == email || k == url || k == phone || k == date || strings.HasPrefix(string(k), code)) &&
			(i >= len(cells) || strings.TrimSpace(cells[i]) == "") {
			return true
		}
	}
	return false
}

// onlyNumbers reports whether the cells that are filled are numbers in columns of numbers.
func (t *Table) onlyNumbers(cells []string) bool {
	for i, c := range cells {
		if strings.TrimSpace(c) != "" && (kindOf(c) != number || i >= len(t.kinds) || t.kinds[i] != number) {
			return false
		}
	}
	return true
}

// Pending reports whether the next row decides to which table the last ones belong.
func (w *Watch) Pending() bool { return w.head.Line > 0 || w.above > 0 }
