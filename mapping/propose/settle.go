package propose

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// settling is the work on one column: how its cells are read for the attribute that it is taken for, or what has to be
// asked.
type settling struct {
	finder *finder
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
}

// settle decides how a column's cells are read for what it was taken for, or asks, and proves what it says.
func (f *finder) settle(sg *Suggestion) {
	g := &sg.guess
	st := &settling{finder: f, schema: f.schema, sg: sg, p: sg.profile, attr: g.Attr,
		col: mapfile.Column{Column: sg.Header, Attribute: g.String(), Reference: g.reference}}
	sg.Likely = g.why
	if st.attr.Type == attio.TypeRecordReference && g.Part != "" {
		st.attr = f.schema.Object(roles["company"].to).Attribute(g.Part)
	}
	if len(g.join) > 0 {
		st.transform(mapfile.Transform{Name: "join", Columns: g.join, With: cmp.Or(g.with, ";")})
		if g.with == "" {
			sg.Likely = "several columns hold values of " + st.attr.Slug
		}
	}
	if st.p.lists > 0 && st.p.elements != nil {
		st.p = st.p.elements
	}
	st.blanks()
	if decide := settlers[st.attr.Type]; decide != nil && st.p.Filled > st.p.lists {
		decide(st)
	}
	if sg.Ask == "" {
		sg.Column = &st.col
	}
	f.prove(sg)
}

func (st *settling) note(format string, args ...any) {
	st.sg.Notes = append(st.sg.Notes, fmt.Sprintf(format, args...))
}

// ask leaves the column to be decided.
func (st *settling) ask(format string, args ...any) { st.sg.Ask = fmt.Sprintf(format, args...) }

// answer offers the column as it is with a change.
func (st *settling) answer(text string, change func(*mapfile.Column)) {
	c := st.col
	c.Transform, c.Values = slices.Clone(c.Transform), slices.Clone(c.Values)
	change(&c)
	st.sg.Answers = append(st.sg.Answers, Answer{Column: c, Text: text})
}

func (st *settling) transform(t mapfile.Transform) { st.col.Transform = append(st.col.Transform, t) }

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
	case sep != ";":
		st.separate(sep, n)
	}
}

func (st *settling) separate(sep string, cells int) {
	st.col.Split = sep
	for i := range st.col.Transform {
		if t := &st.col.Transform[i]; t.Name == "join" && t.With == ";" {
			t.With = sep
		}
	}
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
	if st.attr.Multi && (p.mixed > n || n > 0 && sep != ";" && p.named > 0) {
		st.transform(mapfile.Transform{Name: "regex", Find: `[,;|/\s]+`, Replace: ";"})
		st.note("several addresses, divided in different ways, stand in %s, such as %s", plural(p.mixed, "cell"),
			st.example(func(text string) bool { return strings.Count(text, "@") > 1 }))
	} else {
		st.several(emails)
	}
}

func (st *settling) domains() {
	st.several(domains)
	st.www(st.p)
}

// www asks about domains with www before them, which Attio keeps apart from those without. Of web addresses it keeps
// the domain alone in any case.
func (st *settling) www(p *Profile) {
	begins := func(text string) bool { return wwwDomain.MatchString(text) }
	n := p.among(begins)
	if n == 0 || st.sg.Ask != "" {
		return
	}
	example := st.example(begins)
	st.ask("www stands before %d of %s, such as %s, and Attio keeps www.acme.com and acme.com apart", n,
		plural(p.Filled, "domain"), example)
	st.answer("without www", func(c *mapfile.Column) {
		c.Transform = append(c.Transform, mapfile.Transform{Name: "regex", Find: wwwDomain.String(), Replace: "$1"})
	})
	st.answer("as they are", func(*mapfile.Column) {})
}

// wwwDomain is a domain or web address with www before it, between others too.
var wwwDomain = regexp.MustCompile(`(?i)(^|[\s;,|/])www\.`)

func (st *settling) checkbox() {
	strange := map[string]int{}
	for _, text := range byCount(st.p.values) {
		to, known := value.CheckboxWord(text)
		if !known {
			strange[text], to = st.p.values[text], "true"
		}
		if to != "" {
			st.col.Values = append(st.col.Values, mapfile.Pair{Cell: text, Value: to})
		}
	}
	if len(strange) == 0 {
		return
	}
	st.ask("is it checked for %s?", strings.Join(frequent(strange, 5), ", "))
	for _, means := range [][2]string{{"true", "checked"}, {"false", "not checked"}, {"", "leaves them out"}} {
		st.answer(means[1], func(c *mapfile.Column) {
			for i, pair := range c.Values {
				if strange[pair.Cell] > 0 {
					c.Values[i].Value = means[0]
				}
			}
		})
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
