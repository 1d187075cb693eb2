package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// settling is the work on one column: how its cells are read for the attribute that it is taken for, or what has to be
// asked.
type settling struct {
	schema *attio.Schema
	sg     *Suggestion
	p      *Profile
	attr   *attio.Attribute
	col    mapfile.Column
}

// settlers decide by the attribute's type. Cells of other types are read in one way alone.
var settlers = map[attio.Type]func(*settling){
	attio.TypeEmailAddress:    (*settling).emails,
	attio.TypeDomain:          (*settling).domains,
	attio.TypePhoneNumber:     (*settling).phones,
	attio.TypeDate:            (*settling).dates,
	attio.TypeTimestamp:       (*settling).dates,
	attio.TypeNumber:          (*settling).numbers,
	attio.TypeCurrency:        (*settling).numbers,
	attio.TypeRating:          (*settling).numbers,
	attio.TypeCheckbox:        (*settling).checkbox,
	attio.TypeSelect:          (*settling).options,
	attio.TypeStatus:          (*settling).options,
	attio.TypeActorReference:  (*settling).members,
	attio.TypeRecordReference: (*settling).reference,
	attio.TypeLocation:        (*settling).countries,
}

func settle(s *attio.Schema, sg *Suggestion) {
	g := &sg.guess
	st := &settling{schema: s, sg: sg, p: sg.profile, attr: g.Attr,
		col: mapfile.Column{Column: sg.Header, Attribute: g.String(), Reference: g.reference}}
	sg.Likely = g.why
	if st.attr.Type == attio.TypeRecordReference && g.Part != "" {
		st.attr = s.Object(roles["company"].to).Attribute(g.Part)
	}
	if len(g.join) > 0 {
		st.transform(mapfile.Transform{Name: "join", Columns: g.join, With: ";"})
		sg.Likely = "several columns hold values of " + st.attr.Slug
	}
	if st.p.lists > 0 {
		st.note("JSON arrays are several values already, and their elements were not looked at")
	} else if decide := settlers[st.attr.Type]; decide != nil && st.p.Filled > 0 {
		decide(st)
	}
	if sg.Ask == "" {
		sg.Column = &st.col
	}
}

func (st *settling) note(format string, args ...any) {
	st.sg.Notes = append(st.sg.Notes, fmt.Sprintf(format, args...))
}

// ask leaves the column to be decided.
func (st *settling) ask(format string, args ...any) { st.sg.Ask = fmt.Sprintf(format, args...) }

// answer offers the column as it is with a change.
func (st *settling) answer(text string, change func(*mapfile.Column)) {
	c := st.col
	change(&c)
	st.sg.Answers = append(st.sg.Answers, Answer{c, text})
}

func (st *settling) transform(t mapfile.Transform) { st.col.Transform = append(st.col.Transform, t) }

// misfits notes the cells that will be refused, of n that fit.
func (st *settling) misfits(n int, what string) {
	if bad := st.p.Filled - n; bad > 0 {
		st.note("no %s: %d of %d cells; mapping check shows them", what, bad, st.p.Filled)
	}
}

// several finds the separator of an attribute of several values, by the cells that it divides into pieces of a form.
func (st *settling) several(f *form) {
	n, sep := st.p.divided(f)
	switch {
	case n == 0:
	case !st.attr.Multi:
		st.ask("%s holds one value, and several stand in %s, such as %s", st.attr.Slug, plural(n, "cell"),
			st.example(func(text string) bool { return strings.Contains(text, sep) }))
		st.answer("takes the first", func(c *mapfile.Column) {
			c.Transform = append(c.Transform, mapfile.Transform{Name: "split", At: sep, Part: 1})
		})
	case sep != ";" && len(st.col.Transform) == 0:
		st.separate(sep, n)
	}
}

func (st *settling) separate(sep string, cells int) {
	st.col.Split = sep
	st.note("several values, divided by %q, stand in %s", sep, plural(cells, "cell"))
}

// example is a cell of which something holds, for a comment.
func (st *settling) example(holds func(string) bool) string {
	for _, text := range byCount(st.p.values) {
		if holds(text) {
			return fmt.Sprintf("%q", shortText(text))
		}
	}
	return "others"
}

func anyCell(string) bool { return true }

func (st *settling) emails() {
	p := st.p
	if p.named > 0 {
		st.transform(mapfile.Transform{Name: "regex", Find: `[^<>;,]*<([^<>]*)>`, Replace: "$1"})
		st.note("a name stands before the address in %s, such as %s", plural(p.named, "cell"),
			st.example(func(text string) bool { return strings.HasSuffix(text, ">") }))
	}
	n, sep := p.divided(emails)
	if st.attr.Multi && (p.mixed > n || n > 0 && sep != ";" && len(st.col.Transform) > 0) {
		st.transform(mapfile.Transform{Name: "regex", Find: `[,;|/\s]+`, Replace: ";"})
		st.note("several addresses, divided in different ways, stand in %s, such as %s", plural(p.mixed, "cell"),
			st.example(func(text string) bool { return strings.Count(text, "@") > 1 }))
	} else {
		st.several(emails)
	}
	st.misfits(p.fit(emails)+p.mixed+p.named, "e-mail addresses")
}

func (st *settling) domains() {
	st.several(domains)
	n, _ := st.p.divided(domains)
	st.misfits(st.p.fit(domains)+n, "domains")
}

// phones asks for the country of numbers that name none.
func (st *settling) phones() {
	st.several(phones)
	st.misfits(st.p.phones(), "phone numbers")
	local, valid := 0, map[string]int{}
	for _, p := range append([]*Profile{st.p}, st.sg.guess.joined...) {
		local += p.local
		for c, n := range p.plans {
			valid[c] += n
		}
	}
	if local == 0 || st.sg.Ask != "" {
		return
	}
	st.ask("%s without a country, such as %s", plural(local, "number"), st.example(isLocal))
	countries := slices.Clone(phoneCountries)
	slices.SortStableFunc(countries, func(a, b string) int { return valid[b] - valid[a] })
	for _, c := range countries[:4] {
		if n := valid[c]; n > 0 && n*2 >= valid[countries[0]] {
			st.answer(fmt.Sprintf("valid there: %d of %d", n, local), func(col *mapfile.Column) { col.Country = c })
		}
	}
	if valid[countries[0]] == 0 {
		st.answer("another country, by its two letters", func(col *mapfile.Column) { col.Country = "GB" })
	}
}

func (st *settling) checkbox() {
	strange := map[string]int{}
	for _, text := range byCount(st.p.values) {
		to, known := checkboxWords[strings.ToLower(text)]
		if !known {
			strange[text], to = st.p.values[text], "true"
		}
		if to != "" {
			st.col.Values = append(st.col.Values, mapfile.Pair{Cell: text, Value: to})
		}
	}
	if len(strange) > 0 {
		st.ask("is it checked for %s?", strings.Join(frequent(strange, 5), ", "))
		st.answer("write false where it is not", func(*mapfile.Column) {})
	}
}

// countries notes names that no country has.
func (st *settling) countries() {
	known := func(text string) bool { return value.Country(text) != "" }
	if bad := st.p.Filled - st.p.among(known); st.sg.guess.Part == "country_code" && bad > 0 && !st.p.many {
		st.note("no country that Attio knows: %d of %d cells, such as %s; add values: {NAME: GB}", bad, st.p.Filled,
			st.example(func(text string) bool { return !known(text) }))
	}
}

// frequent are the most frequent texts with their counts, n at most.
func frequent(counts map[string]int, n int) (all []string) {
	for _, text := range byCount(counts)[:min(n, len(counts))] {
		all = append(all, fmt.Sprintf("%s (%d)", shortText(text), counts[text]))
	}
	return all
}

// shortText keeps comments on one line.
func shortText(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}

func plural(n int, noun string) string { return fmt.Sprintf("%d %s", n, does(n, noun, noun+"s")) }

// every is "the 1 cell", or "all 7 cells".
func every(n int, noun string) string { return does(n, "the ", "all ") + plural(n, noun) }

// does is the word for one or for several.
func does(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}
