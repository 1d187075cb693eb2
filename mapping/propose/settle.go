package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

func lower(s string) string { return strings.ToLower(s) }

// path2 divides companies.domains.
func path2(reference string) (object, attribute string) {
	object, attribute, _ = strings.Cut(reference, ".")
	return object, attribute
}

// settle decides how the cells of a column are read for the attribute that it is taken for, or what has to be asked.
func settle(s *attio.Schema, sg *Suggestion) {
	g := &sg.guess
	st := &settling{schema: s, sg: sg, p: sg.profile, attr: g.Attr,
		col: mapfile.Column{Column: sg.Header, Attribute: g.String(), Reference: g.reference}}
	sg.Likely = g.why
	if st.attr.Type == attio.TypeRecordReference && g.Part != "" {
		st.attr = s.Object(roles["company"].to).Attribute(g.Part)
	}
	st.join()
	switch {
	case st.p.lists > 0:
		st.note("JSON arrays are several values already, and their elements were not looked at")
	case st.p.Filled > 0:
		st.settle(g.Part)
	}
	if sg.Ask == "" {
		sg.Column = &st.col
	}
}

// settling is the work on one column.
type settling struct {
	schema *attio.Schema
	sg     *Suggestion
	p      *Profile
	attr   *attio.Attribute
	col    mapfile.Column
}

func (st *settling) settle(part string) {
	switch st.attr.Type {
	case attio.TypeEmailAddress:
		st.emails()
	case attio.TypeDomain:
		st.several(func(s *separated) int { return s.domains })
		n, _ := st.p.best(func(s *separated) int { return s.domains })
		st.misfits(st.p.fit("domain")+n, "domains")
	case attio.TypePhoneNumber:
		st.phones()
	case attio.TypeDate, attio.TypeTimestamp:
		st.dates()
	case attio.TypeNumber, attio.TypeCurrency, attio.TypeRating:
		st.numbers()
	case attio.TypeCheckbox:
		st.checkbox()
	case attio.TypeSelect, attio.TypeStatus:
		st.options()
	case attio.TypeActorReference:
		st.members()
	case attio.TypeRecordReference:
		st.reference()
	case attio.TypeLocation:
		if part == "country_code" {
			st.countries()
		}
	}
}

func (st *settling) note(format string, args ...any) {
	st.sg.Notes = append(st.sg.Notes, fmt.Sprintf(format, args...))
}

// ask leaves the column to be decided.
func (st *settling) ask(format string, args ...any) {
	st.sg.Ask, st.sg.OrIgnore = fmt.Sprintf(format, args...), true
}

// answer offers the column as it is with a change.
func (st *settling) answer(text string, change func(*mapfile.Column)) {
	c := st.col
	change(&c)
	st.sg.Answers = append(st.sg.Answers, Answer{c, text})
}

// misfits notes the cells that will be refused, of n that fit.
func (st *settling) misfits(n int, what string) {
	if bad := st.p.Filled - n; bad > 0 {
		st.note("no %s: %d of %d cells; mapping check shows them", what, bad, st.p.Filled)
	}
}

// join adds the columns whose values belong to the same attribute.
func (st *settling) join() {
	if names := st.sg.guess.join; len(names) > 0 {
		st.col.Transform = append(st.col.Transform, mapfile.Transform{Name: "join", Columns: names, With: ";"})
		st.sg.Likely = "several columns hold values of " + st.attr.Slug
	}
}

// several finds the separator of an attribute of several values. well counts the cells that it divides into good
// pieces.
func (st *settling) several(well func(*separated) int) {
	n, sep := st.p.best(well)
	if n == 0 {
		return
	}
	if !st.attr.Multi {
		st.ask("%s holds one value, and several stand in %s, such as %s", st.attr.Slug, plural(n, "cell"), st.example(func(text string) bool { return strings.Contains(text, sep) }))
		st.answer("takes the first", func(c *mapfile.Column) {
			c.Transform = append(c.Transform, mapfile.Transform{Name: "split", At: sep, Part: 1})
		})
		return
	}
	if sep != ";" && len(st.col.Transform) == 0 {
		st.col.Split = sep
		st.note("several values, divided by %q, stand in %s", sep, plural(n, "cell"))
	}
}

// example is a cell of which something holds, for a comment.
func (st *settling) example(holds func(string) bool) string {
	for _, v := range st.p.different() {
		if holds(v.text) {
			return fmt.Sprintf("%q", shortText(v.text))
		}
	}
	return "others"
}

// shortText keeps comments on one line.
func shortText(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}

func (st *settling) emails() {
	p := st.p
	if p.named > 0 {
		st.col.Transform = append(st.col.Transform, mapfile.Transform{Name: "regex", Find: `[^<>;,]*<([^<>]*)>`, Replace: "$1"})
		st.note("a name stands before the address in %s, such as %s", plural(p.named, "cell"), st.example(func(text string) bool { return strings.HasSuffix(text, ">") }))
	}
	_, sep := p.best(func(s *separated) int { return s.emails })
	switch divided := st.seps(func(s *separated) int { return s.emails }); {
	case st.attr.Multi && (p.mixed > divided[sep] || sep != ";" && divided[sep] > 0 && len(st.col.Transform) > 0):
		st.col.Transform = append(st.col.Transform, mapfile.Transform{Name: "regex", Find: `[,;|/\s]+`, Replace: ";"})
		st.note("several addresses, divided in different ways, stand in %s, such as %s", plural(p.mixed, "cell"), st.example(func(text string) bool { return strings.Count(text, "@") > 1 }))
	default:
		st.several(func(s *separated) int { return s.emails })
	}
	st.misfits(p.fit("email")+p.mixed+p.named, "e-mail addresses")
}

func (st *settling) seps(well func(*separated) int) map[string]int {
	m := map[string]int{}
	for sep, s := range st.p.seps {
		m[sep] = well(s)
	}
	return m
}

// phones asks for the country of numbers that name none.
func (st *settling) phones() {
	st.several(func(s *separated) int { return s.phones })
	local, countries := st.p.local, map[string]int{}
	for _, p := range append([]*Profile{st.p}, st.sg.guess.joined...) {
		if p != st.p {
			local += p.local
		}
		for c, n := range p.plans {
			countries[c] += n
		}
	}
	if st.misfits(phones(st.p), "phone numbers"); local == 0 || st.sg.Ask != "" {
		return
	}
	st.ask("%s without a country, such as %s", plural(local, "number"), st.example(func(text string) bool { return value.PhoneLike(text) && !value.IsPhone(text, "") }))
	var best []counted
	for _, c := range phoneCountries {
		best = append(best, counted{c, countries[c]})
	}
	slices.SortStableFunc(best, func(a, b counted) int { return b.n - a.n })
	for i, c := range best {
		if i == 4 || c.n*2 < best[0].n || c.n == 0 {
			break
		}
		st.answer(fmt.Sprintf("valid there: %d of %d", c.n, local), func(col *mapfile.Column) { col.Country = c.text })
	}
	if best[0].n == 0 {
		st.answer("another country, by its two letters", func(col *mapfile.Column) { col.Country = "GB" })
	}
}

func (st *settling) checkbox() {
	var strange []string
	for _, v := range st.p.different() {
		switch to := checkboxWord(v.text); to {
		case "as it is":
		case "":
			strange = append(strange, fmt.Sprintf("%s (%d)", shortText(v.text), v.n))
			st.col.Values = append(st.col.Values, mapfile.Pair{Cell: v.text, Value: "true"})
		default:
			st.col.Values = append(st.col.Values, mapfile.Pair{Cell: v.text, Value: to})
		}
	}
	if len(strange) > 0 {
		st.ask("is it checked for %s?", strings.Join(strange[:min(len(strange), 5)], ", "))
		st.answer("write false where it is not", func(*mapfile.Column) {})
	}
}

// countries notes names that no country has.
func (st *settling) countries() {
	n := st.p.among(func(text string) bool { return value.Country(text) != "" })
	if bad := st.p.Filled - n; bad > 0 && !st.p.many {
		st.note("no country that Attio knows: %d of %d cells, such as %s; add values: {NAME: GB}", bad, st.p.Filled, st.example(func(text string) bool { return value.Country(text) == "" }))
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// every is "the 1 cell", or "all 7 cells".
func every(n int, noun string) string {
	if n == 1 {
		return "the 1 " + noun
	}
	return "all " + plural(n, noun)
}

// does is the verb for one or for several.
func does(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}
