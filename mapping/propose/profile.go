package propose

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Profile is what a column of a file holds: counts over all of its cells and a few of them. It is gathered cell by
// cell and does not grow with the file. A proposal is made of profiles.
type Profile struct {
	Header string
	Filled int // cells that are not blank
	Rows   int // cells

	first              sample           // that is not blank; zero where there is none
	values             map[string]int   // the different cells with their counts, up to maxValues
	many               bool             // there are more different cells than that
	head               []mapping.Cell   // the first cells, blank ones included: what entries are tried on
	blanks             map[string]int   // words that stand for no value, such as n/a; they count as blank
	repeats            bool             // some cell comes twice
	typed              map[string]bool  // the different cells that are dates or numbers of their own
	native             int              // dates of a spreadsheet, which need no format
	numeric            int              // numbers of a spreadsheet or of JSON, which need no separators
	lists              int              // JSON arrays, which are several values already
	elements           *Profile         // of the arrays' plain elements; nil where there are none
	members            []*Profile       // of the members of the arrays' objects; their headers are names, dotted
	fits               []int            // by a form's place: the cells of it; -1 where it was given up
	dayOnly, monthOnly int              // numeric dates that fit one order only
	points, symbols    int              // numbers with a separator, with a currency symbol
	local              int              // phone numbers that name no country
	plans              map[string]int   // country → local numbers that are valid there, of the first maxLocal
	seps               map[division]int // cells of each
	named              int              // addresses with a name before them: Ada <ada@example.com>
	mixed              int              // cells of several addresses, whatever stands between them
}

// sample is a cell as it stands in the file.
type sample struct {
	text string
	line int
}

// division is what one separator makes of a cell: two pieces at least, each of which has the form; nil for any form.
type division struct {
	sep string
	of  *form
}

const (
	maxValues = 500
	maxLocal  = 200
	// enough is how many cells may fit no form of a kind before the kind is given up.
	enough = 100
	// headRows is how many rows are kept whole.
	headRows = 30
)

// separators may stand between several values of a cell. The blank is last: it stands inside of values as well.
var separators = []string{";", ",", ":::", "|", "\n", "/", " "}

// NewProfile begins the profile of a column.
func NewProfile(header string) *Profile {
	return &Profile{Header: header, values: map[string]int{}, plans: map[string]int{}, seps: map[division]int{},
		fits: make([]int, len(forms)), typed: map[string]bool{}, blanks: map[string]int{}}
}

// Add takes a cell into account; it keeps no cell's storage.
func (p *Profile) Add(c *mapping.Cell) {
	if p.Rows++; len(p.head) < headRows {
		p.head = append(p.head, mapping.Cell{Text: strings.Clone(c.Text), Kind: c.Kind, Line: c.Line})
	}
	text := value.Trim(c.Text)
	switch {
	case text == "", c.Kind == value.JSONCell && !p.list(c):
		return
	case isBlankWord(text):
		p.blank(text)
		return
	}
	p.Filled++
	if c.Kind == value.JSONCell {
		p.lists++
		return
	}
	p.value(text, int(c.Line), c.Kind == value.DateCell || c.Kind == value.NumberCell)
	if c.Kind == value.DateCell {
		p.native++
		return
	}
	number := c.Kind == value.NumberCell
	count(&p.numeric, number)
	digits := strings.ContainsAny(text, "0123456789")
	for i, f := range forms {
		if f.digits && !digits || len(text) > f.longest || p.fits[i] < 0 || f.separated && number {
			continue
		}
		if f.fits(text) {
			p.fits[i]++
		} else if p.fits[i] == 0 && p.Filled >= enough {
			p.fits[i] = -1
		}
	}
	if digits {
		p.digits(text, number)
	}
	p.divide(text)
}

// value remembers the first cell, and how often each different one comes.
func (p *Profile) value(text string, line int, typed bool) {
	if n, known := p.values[text]; known {
		p.values[text], p.repeats = n+1, true
		return
	}
	if len(p.values) == maxValues {
		p.many = true
		return
	}
	text = strings.Clone(text)
	p.values[text] = 1
	if typed {
		p.typed[text] = true
	}
	if p.first.text == "" {
		p.first = sample{text, line}
	}
}

// digits notes the marks of a number, dates that fit the day first or the month first but not both, and phone numbers
// without a country with those in which they would be valid.
func (p *Profile) digits(text string, number bool) {
	count(&p.points, !number && strings.ContainsAny(text, ".,'’"))
	count(&p.symbols, value.StripCurrency(text) != text)
	day, month := european.fits(text), american.fits(text)
	count(&p.dayOnly, day && !month)
	count(&p.monthOnly, month && !day)
	if p.local < maxLocal && isLocal(text) {
		p.local++
		for _, c := range phoneCountries {
			if value.IsPhone(text, c) {
				p.plans[c]++
			}
		}
	}
}

// isLocal reports whether a text is a phone number that names no country.
func isLocal(text string) bool {
	return value.PhoneLike(text) && !value.IsPhone(text, "") && !yearMonthDay.fits(text) && !european.fits(text) &&
		!american.fits(text)
}

// divide notes what each separator makes of the cell.
func (p *Profile) divide(text string) {
	count(&p.named, strings.HasSuffix(text, ">") && strings.Contains(text, "<") && strings.Contains(text, "@"))
	several := strings.FieldsFunc(text, betweenAddresses)
	count(&p.mixed, len(several) > 1 && allFit(several, emails))
	for _, sep := range separators {
		if !strings.Contains(text, sep) {
			continue
		}
		pieces := split(text, sep)
		if len(pieces) < 2 {
			continue
		}
		p.seps[division{sep, nil}]++
		for _, f := range []*form{emails, domains, phones} {
			if allFit(pieces, f) {
				p.seps[division{sep, f}]++
			}
		}
	}
}

// split returns the pieces of a cell.
func split(text, sep string) (all []string) {
	for _, one := range value.Split(nil, text, sep) {
		all = append(all, one.Text)
	}
	return all
}

func betweenAddresses(r rune) bool { return strings.ContainsRune(";,|/", r) || value.IsBlank(r) }

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

func allFit(texts []string, f *form) bool {
	return !slices.ContainsFunc(texts, func(s string) bool { return !f.fits(s) })
}

// fit is how many cells have a form.
func (p *Profile) fit(f *form) int { return max(0, p.fits[f.place]) }

// most is the first of the forms that most cells have.
func (p *Profile) most(forms []*form) *form {
	return slices.MaxFunc(forms, func(a, b *form) int { return p.fit(a) - p.fit(b) })
}

// divided is how many cells the separator that suits most of them divides into pieces of a form, and that separator.
func (p *Profile) divided(f *form) (n int, sep string) {
	for _, one := range separators {
		if cells := p.seps[division{one, f}]; cells > n {
			n, sep = cells, one
		}
	}
	return n, sep
}

// among counts the cells of which something holds, as far as the different ones are known.
func (p *Profile) among(holds func(string) bool) int {
	n, seen := 0, 0
	for text, times := range p.values {
		seen += times
		if holds(text) {
			n += times
		}
	}
	if p.many && seen > 0 {
		return n * p.Filled / seen
	}
	return n
}

// byCount are texts that were counted, the most frequent first.
func byCount(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(a, b))
	})
}
