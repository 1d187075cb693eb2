package propose

import (
	"slices"
	"sort"
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

	samples            []sample
	values             map[string]int // the different cells with their counts, up to maxValues
	many               bool           // there are more different cells than that
	native             int            // dates of a spreadsheet, which need no format
	lists              int            // JSON arrays, which are several values already
	fits               [len(trials)]int
	tried              [len(trials)]bool
	dayOnly, monthOnly int            // numeric dates that fit one order only
	points, symbols    int            // numbers with a separator, with a currency symbol
	local              int            // phone numbers that name no country
	plans              map[string]int // country → local numbers that are valid there, of the first maxLocal
	seps               map[string]*separated
	named              int // addresses with a name before them: Ada <ada@example.com>
	mixed              int // cells of several addresses, whatever stands between them
}

// sample is a cell as it stands in the file.
type sample struct {
	text string
	line int
}

// separated counts the cells that one separator divides.
type separated struct {
	cells   int // into two pieces at least
	domains int // each a domain
	emails  int // each an e-mail address
	phones  int // each a phone number with its country
}

const (
	maxValues  = 500
	maxSamples = 3
	maxLocal   = 200
	// enough is how many cells may fit no form of a kind before the kind is given up.
	enough = 100
)

// separators may stand between several values of a cell. The blank is last: it stands inside of values as well.
var separators = []string{";", ",", "|", "\n", "/", " "}

// NewProfile begins the profile of a column.
func NewProfile(header string) *Profile {
	return &Profile{Header: header, values: map[string]int{}, plans: map[string]int{}, seps: map[string]*separated{}}
}

// Add takes a cell into account; it keeps no cell's storage.
func (p *Profile) Add(c *mapping.Cell) {
	p.Rows++
	text := value.Trim(c.Text)
	if text == "" {
		return
	}
	p.Filled++
	if c.Kind == value.JSONCell {
		p.lists++
		return
	}
	p.value(text, int(c.Line))
	if c.Kind == value.DateCell {
		p.native++
		return
	}
	digits := strings.ContainsAny(text, "0123456789")
	for i := range trials {
		t := &trials[i]
		if t.digits && !digits || len(text) > t.longest || p.tried[i] && p.fits[i] == 0 {
			continue
		}
		if t.fits(text) {
			p.fits[i]++
		} else if p.Filled >= enough {
			p.tried[i] = true
		}
	}
	if digits {
		p.number(text)
		p.phone(text)
		p.order(text)
	}
	p.divide(text)
}

// value remembers the first cells, and how often each different one comes.
func (p *Profile) value(text string, line int) {
	if n, known := p.values[text]; known {
		p.values[text] = n + 1
		return
	}
	if len(p.values) == maxValues {
		p.many = true
		return
	}
	text = strings.Clone(text)
	p.values[text] = 1
	if len(p.samples) < maxSamples {
		p.samples = append(p.samples, sample{text, line})
	}
}

// number notes what kind of marks stand beside the digits.
func (p *Profile) number(text string) {
	if strings.ContainsAny(text, ".,'’") {
		p.points++
	}
	if value.StripCurrency(text) != text {
		p.symbols++
	}
}

// order notes numeric dates that fit the day first or the month first, but not both.
func (p *Profile) order(text string) {
	day, month := fitsDate("european", text), fitsDate("american", text)
	switch {
	case day && !month:
		p.dayOnly++
	case month && !day:
		p.monthOnly++
	}
}

// phone notes numbers without a country, and in which countries they would be valid.
func (p *Profile) phone(text string) {
	if p.local >= maxLocal || !value.PhoneLike(text) || value.IsPhone(text, "") {
		return
	}
	p.local++
	for _, c := range phoneCountries {
		if value.IsPhone(text, c) {
			p.plans[c]++
		}
	}
}

// divide notes what each separator makes of the cell.
func (p *Profile) divide(text string) {
	if strings.HasSuffix(text, ">") && strings.Contains(text, "<") && strings.Contains(text, "@") {
		p.named++
	}
	if several := strings.FieldsFunc(text, betweenAddresses); len(several) > 1 && allOf(several, value.IsEmail) {
		p.mixed++
	}
	for _, sep := range separators {
		if !strings.Contains(text, sep) {
			continue
		}
		var pieces []string
		for _, one := range value.Split(nil, text, sep) {
			pieces = append(pieces, one.Text)
		}
		if len(pieces) < 2 {
			continue
		}
		s := p.seps[sep]
		if s == nil {
			s = &separated{}
			p.seps[sep] = s
		}
		s.cells++
		count(&s.emails, allOf(pieces, value.IsEmail))
		count(&s.domains, allOf(pieces, value.IsDomain))
		count(&s.phones, allOf(pieces, func(one string) bool { return value.IsPhone(one, "") }))
	}
}

func betweenAddresses(r rune) bool { return strings.ContainsRune(";,|/", r) || value.IsBlank(r) }

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

func allOf(all []string, is func(string) bool) bool {
	return !slices.ContainsFunc(all, func(s string) bool { return !is(s) })
}

// fit is how many cells fit a trial.
func (p *Profile) fit(name string) int {
	for i := range trials {
		if trials[i].name == name {
			return p.fits[i]
		}
	}
	panic("mapping: no trial " + name)
}

// counted is one of a column's different cells.
type counted struct {
	text string
	n    int
}

// different are the column's different cells, the most frequent first.
func (p *Profile) different() []counted {
	out := make([]counted, 0, len(p.values))
	for text, n := range p.values {
		out = append(out, counted{text, n})
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].n > out[j].n || out[i].n == out[j].n && out[i].text < out[j].text
	})
	return out
}
