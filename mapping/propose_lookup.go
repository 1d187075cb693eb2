package mapping

import (
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
)

// options compares a column's cells with the options there are, and asks about those that do not exist yet.
func (st *settling) options() {
	p := st.p
	table := newOptionTable(st.attr.Options)
	known := func(text string) bool {
		o, twice := table.find(text)
		return o != nil && !o.Archived && !twice
	}
	if st.attr.Multi {
		st.optionSeparator(known)
	}
	missing, archived := map[string]int{}, map[string]int{}
	for text, n := range p.values {
		pieces := []string{text}
		if st.attr.Multi {
			pieces = pieces[:0]
			for _, one := range split(nil, text, firstNonEmpty(st.col.Split, ";")) {
				pieces = append(pieces, one.text)
			}
		}
		for _, one := range pieces {
			if o, twice := table.find(one); o != nil && o.Archived && !twice {
				archived[one] += n
			} else if !known(one) {
				missing[one] += n
			}
		}
	}
	var without []Pair // of the archived ones, which cannot be made again
	for _, m := range sortedByCount(archived) {
		without = append(without, Pair{m.text, ""})
	}
	switch {
	case len(missing) > 0:
		st.missingOptions(table, missing, without)
		if len(archived) > 0 {
			st.note("archived in Attio: %s", listed(archived))
		}
	case len(archived) > 0:
		st.ask("archived options of %s: %s", st.attr.Slug, listed(archived))
		st.answer("leaves them out", func(c *Column) { c.Values = without })
		st.answer("refuses the rows whose records do not hold them already", func(*Column) {})
	}
}

// missingOptions asks what becomes of options that do not exist.
func (st *settling) missingOptions(table *optionTable, missing map[string]int, without []Pair) {
	var pairs []Pair
	for _, m := range sortedByCount(missing) {
		if near := nearest(m.text, table.titles); len(near) > 0 && !st.attr.Multi {
			pairs = append(pairs, Pair{m.text, near[0]})
		}
	}
	st.ask("%s has no option %s", st.attr.Slug, listed(missing))
	if len(pairs) == len(missing) {
		st.answer("takes each for the nearest that exists", func(c *Column) { c.Values = append(pairs, without...) })
	}
	st.answer("makes them before the import", func(c *Column) { c.Missing, c.Values = MissingCreate, without })
	st.answer("leaves them out", func(c *Column) { c.Missing, c.Values = MissingBlank, without })
}

// listed names the most frequent texts with their counts.
func listed(counts map[string]int) string {
	var all []string
	for i, m := range sortedByCount(counts) {
		if i == 8 {
			all = append(all, fmt.Sprintf("and %d more", len(counts)-i))
			break
		}
		all = append(all, fmt.Sprintf("%s (%d)", shortText(m.text), m.n))
	}
	return strings.Join(all, ", ")
}

// optionSeparator finds what stands between several titles of a cell.
func (st *settling) optionSeparator(known func(string) bool) {
	best, most := ";", -1
	for _, sep := range []string{";", ",", "|", "\n", "/"} {
		n := 0
		for text, times := range st.p.values {
			for _, one := range split(nil, text, sep) {
				if known(one.text) {
					n += times
				}
			}
		}
		if s := st.p.seps[sep]; n > most || n == most && s != nil && most == 0 && st.p.seps[best] == nil {
			best, most = sep, n
		}
	}
	if best != ";" {
		st.col.Split = best
		st.note("several are divided by %q", best)
	}
}

func firstNonEmpty(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// members compares a column's cells with the workspace's members.
func (st *settling) members() {
	t := newMemberTable(st.schema.Members)
	var strange []string
	rows := 0
	for _, v := range st.p.different() {
		if t.has(v.text) || !t.known && (isEmail(v.text) || isUUID(v.text)) {
			continue
		}
		strange = append(strange, fmt.Sprintf("%s (%d)", shortText(v.text), v.n))
		rows += v.n
	}
	if len(strange) == 0 {
		return
	}
	if !t.known {
		st.note("the members of the workspace could not be read, so that only addresses and ids can be used")
	}
	if len(strange) > 5 {
		strange = append(strange[:5], "…")
	}
	st.ask("no one member of the workspace is meant by %s", strings.Join(strange, ", "))
	st.answer(fmt.Sprintf("leaves %s without one", plural(rows, "row")), func(c *Column) { c.OnError = "drop" })
	if len(st.schema.Members) > 0 {
		first := st.schema.Members[0].Email
		st.answer("write the member of each", func(c *Column) {
			for _, v := range st.p.different() {
				if !t.has(v.text) {
					c.Values = append(c.Values, Pair{v.text, first})
				}
			}
		})
	}
}

// has says whether a text stands for exactly one member.
func (t *memberTable) has(text string) bool {
	var v Value
	s := &source{members: t, codec: codecs[attio.TypeActorReference]}
	return t.known && parseActor(s, TextCell, text, &v) == nil
}

const missingNote = "rows whose record does not exist are rejected; missing: create makes it, missing: blank leaves it out"

// reference decides by which attribute the cells find their targets.
func (st *settling) reference() {
	g, p := &st.sg.guess, st.p
	if p.fit("uuid") > p.Filled/2 {
		st.col.Reference = ""
		st.misfits(p.fit("uuid"), "record ids")
		return
	}
	key := referenceKey(st.schema, *g, p)
	object := (*attio.Object)(nil)
	if key != nil {
		object = referenceObject(st.schema, *g)
	}
	fit := referring(st.schema, *g, p)
	if key == nil || fit*2 < p.Filled {
		st.ask("its cells, such as %s, are neither record ids nor what records are found by", st.example(func(string) bool { return true }))
		return
	}
	st.col.Reference = object.Slug + "." + key.Slug
	switch key.Type {
	case attio.TypeEmailAddress:
		st.several(func(s *separated) int { return s.emails })
		st.misfits(fit, "e-mail addresses")
	case attio.TypeDomain:
		st.several(func(s *separated) int { return s.domains })
		st.misfits(fit, "domains")
	default:
		st.keySeparator()
	}
	if st.sg.Ask == "" && st.col.Missing == "" {
		st.sg.Notes = append(st.sg.Notes, missingNote)
	}
}

// keySeparator looks for several keys in a cell, by what no key has.
func (st *settling) keySeparator() {
	if !st.attr.Multi {
		return
	}
	if s := st.p.seps[";"]; s != nil {
		return
	}
	for _, sep := range []string{",", "|", "\n"} {
		if s := st.p.seps[sep]; s != nil {
			st.col.Split = sep
			st.note("%s several, divided by %q", plural(s.cells, "cell"), sep)
			return
		}
	}
}

// sortedByCount are the keys with their counts, the most frequent first.
func sortedByCount(m map[string]int) []counted {
	p := Profile{values: m}
	return p.different()
}
