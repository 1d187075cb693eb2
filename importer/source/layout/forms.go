package layout

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/source/delimited"
)

// Said is what a person said of a text's form; the zero value of each field has the text tell.
type Said struct {
	Delimiter *delimited.Form // its Comma or Blanks
	Quote     *rune           // 0: none
	Backslash *bool
}

// Guess is a form in which a text could be written, and how well it fits.
type Guess struct {
	Form  delimited.Form
	Cells int // of most records
	Score float64
	rows  []Row
	bad   int // records that are malformed
}

// fits reports whether a form makes columns: of the first record, or of the header below titles.
func (g *Guess) fits() bool {
	if g.Cells < 2 || len(g.rows[0].Cells) > 1 {
		return g.Cells > 1
	}
	f := finder{g.rows}
	h, t := f.first()
	if h < 0 || len(g.rows[h].Cells) < 2 || len(g.rows[h].Cells) != g.Cells &&
		(h+1 == len(g.rows) || len(g.rows[h].Cells) != len(g.rows[h+1].Cells)) {
		return false
	}
	_, unlike := t.agree(g.rows[h].Cells)
	return unlike > 0 || knows(g.rows[h].Cells) > 0
}

const (
	// sampled is how many records a form is judged by.
	sampled = 300
	// close is how much better a form has to be than another one, so that nobody has to be asked.
	closeTo = 0.85
)

// primary delimiters are the ones that hardly any text holds by the same number in each line; the others are looked for
// where none of these fits.
var primary, secondary = []rune{',', ';', '\t', '|', '~', '^'}, []rune{':'}

// Forms finds the form of a text: the best first, and behind it the best one with another delimiter, where that fits
// nearly as well. None where the text has one column.
func Forms(text []byte, said Said) []Guess {
	if said.Delimiter != nil {
		return []Guess{best(text, *said.Delimiter, said)}
	}
	var all []Guess
	for _, comma := range primary {
		if bytes.ContainsRune(text, comma) {
			if g := best(text, delimited.Form{Comma: comma}, said); g.fits() {
				all = append(all, g)
			}
		}
	}
	if len(all) == 0 {
		return rare(text, said)
	}
	slices.SortStableFunc(all, func(a, b Guess) int { return cmp.Compare(b.Score, a.Score) })
	for _, other := range all[1:] {
		if other.Score >= closeTo*all[0].Score || other.share() >= 0.8*all[0].share() &&
			other.Score >= 0.4*all[0].Score && all[0].share() > 0 && other.bad <= all[0].bad {
			return []Guess{all[0], other}
		}
	}
	return all[:1]
}

// share is the share of records that have as many cells as the first, where that has several.
func (g *Guess) share() float64 {
	width, same := len(g.rows[0].Cells), 0
	if width < 2 || len(g.rows) == 1 {
		return float64(min(width, 2) - 1)
	}
	for _, r := range g.rows[1:] {
		if len(r.Cells) == width {
			same++
		}
	}
	return float64(same) / float64(len(g.rows)-1)
}

// best finds quotes and escapes for a delimiter.
func best(text []byte, d delimited.Form, said Said) (found Guess) {
	forms := spellings(text, d)
	if said.Quote == nil && d.Blanks == 0 && QuotesAreLetters(text, d.Comma) {
		forms = []delimited.Form{{Comma: d.Comma}}
	}
	for i, form := range forms {
		if said.Quote != nil {
			form.Quote = *said.Quote
		}
		if said.Backslash != nil {
			form.Backslash = *said.Backslash
		}
		g := judge(text, form)
		if i == 0 || g.Score > 1.02*found.Score {
			found = g
		}
	}
	return found
}

// spellings are the quotes and escapes that a text could be written with: the usual first, the others only where the
// text shows them.
func spellings(text []byte, d delimited.Form) []delimited.Form {
	with := func(quote rune, backslash bool) delimited.Form {
		return delimited.Form{Comma: d.Comma, Blanks: d.Blanks, Quote: quote, Backslash: backslash}
	}
	all := []delimited.Form{with('"', false)}
	comma := d.Comma
	if d.Blanks > 0 {
		comma = ' '
	}
	escapes := bytes.Contains(text, []byte(`\`+string(comma)))
	if bytes.Contains(text, []byte(`\"`)) || escapes && bytes.Contains(text, []byte(`"`)) {
		all = append(all, with('"', true))
	}
	if wraps(text, comma, '\'') {
		all = append(all, with('\'', false), with('\'', true))
	}
	if bytes.Contains(text, []byte(`"`)) && !begins(text, comma, '"') {
		all = append(all, with(0, false))
	}
	if escapes {
		all = append(all, with(0, true))
	}
	return all
}

// begins reports whether a cell begins with a quote.
func begins(text []byte, comma, quote rune) bool {
	for i, r := range string(text) {
		if r == quote && (i == 0 || bytes.IndexByte([]byte(string(comma)+"\n\r"), text[i-1]) >= 0) {
			return true
		}
	}
	return false
}

// wraps reports whether a cell stands in quotes.
func wraps(text []byte, comma, quote rune) bool {
	if !begins(text, comma, quote) {
		return false
	}
	q := string(quote)
	for _, end := range []string{q + string(comma), q + "\n", q + "\r"} {
		if bytes.Contains(text, []byte(end)) {
			return true
		}
	}
	return bytes.HasSuffix(text, []byte(q))
}

// Rows reads the first records of a text in which something is filled in; those that are malformed are divided at each
// delimiter of their first line. before is how many lines stand before the text. bad counts the malformed ones.
func Rows(text []byte, form delimited.Form, before int) (rows []Row, bad int) {
	r := delimited.NewReader(bytes.NewReader(text), form)
	end := 0 // the line that the last record ended on, blank ones aside
	for len(rows) < sampled {
		cells, err := r.Read()
		var fault *csv.ParseError
		switch {
		case err == io.EOF:
			return rows, bad
		case errors.As(err, &fault):
			bad++
			raw, _, _ := bytes.Cut(behind(text, fault.StartLine-1), []byte{'\n'})
			if cells = strings.Fields(string(raw)); form.Comma != 0 {
				cells = strings.Split(string(raw), string(form.Comma))
			}
			if len(cells) == 0 {
				cells = []string{""}
			}
			rows = append(rows, Row{Line: fault.StartLine + before, Cells: cells, Gap: fault.StartLine > end+1})
			end = fault.Line
		case err != nil:
			return rows, bad
		case filled(cells) > 0:
			line, _ := r.FieldPos(0)
			rows = append(rows, Row{Line: line + before, Cells: slices.Clone(cells), Gap: line > end+1})
			end = line + strings.Count(strings.Join(cells, ""), "\n")
		}
	}
	return rows, bad
}

// behind is a text from behind some lines on.
func behind(text []byte, lines int) []byte {
	for range lines {
		_, text, _ = bytes.Cut(text, []byte{'\n'})
	}
	return text
}

// judge tells how well a form fits: how uniform the records are that it makes, by their number of cells, times the
// share of cells that are clean, times the share of records that are well formed. (The measure is that of van den Burg,
// Nazábal and Sutton, "Wrangling messy CSV files by detecting row and type patterns", 2019.)
func judge(text []byte, form delimited.Form) Guess {
	rows, bad := Rows(text, form, 0)
	g := Guess{Form: form, rows: rows, bad: bad}
	counts := map[int]int{}
	clean, cells := 0, 0
	for _, r := range rows {
		counts[len(r.Cells)]++
		for _, c := range r.Cells {
			cells++
			if isClean(c) {
				clean++
			}
		}
	}
	if cells == 0 {
		return g
	}
	weight, heaviest := 0.0, 0.0
	for n, times := range counts {
		w := float64(times) * max(0.001, float64(n-1)) / float64(n)
		if weight += w; w > heaviest || w == heaviest && n > g.Cells {
			heaviest, g.Cells = w, n
		}
	}
	if g.Cells == 1 && len(rows[0].Cells) > 1 {
		g.Cells = len(rows[0].Cells)
	}
	g.Score = weight / float64(len(counts)) * float64(clean) / float64(cells) * float64(len(rows)-bad) / float64(len(rows))
	return g
}

// isClean reports whether a cell holds nothing that a delimiter or a quote has left in it.
func isClean(cell string) bool {
	if !strings.ContainsAny(cell, `;|,\'"`+"\t") {
		return true
	}
	s := strings.TrimSpace(cell)
	if k := kindOf(s); k == number || k == date || k == email || k == phone {
		return true
	}
	wrapped := len(s) > 1 && (s[0] == '\'' && s[len(s)-1] == '\'' || s[0] == '"' || s[len(s)-1] == '"')
	return !wrapped && !strings.ContainsAny(s, ";|\t") && !strings.Contains(s, `\"`) && !strings.Contains(s, `\,`) &&
		!strings.Contains(strings.ReplaceAll(s, ", ", " "), ",")
}
