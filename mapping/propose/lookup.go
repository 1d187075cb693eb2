package propose

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// options compares a column's cells with the options there are, and asks about those that do not exist yet.
func (st *settling) options() {
	p := st.p
	table := value.NewOptions(st.attr.Options)
	known := func(text string) bool {
		o, twice := table.Find(text)
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
			for _, one := range value.Split(nil, text, cmp.Or(st.col.Split, ";")) {
				pieces = append(pieces, one.Text)
			}
		}
		for _, one := range pieces {
			if o, twice := table.Find(one); o != nil && o.Archived && !twice {
				archived[one] += n
			} else if !known(one) {
				missing[one] += n
			}
		}
	}
	var without []mapfile.Pair // of the archived ones, which cannot be made again
	for _, m := range sortedByCount(archived) {
		without = append(without, mapfile.Pair{Cell: m.text, Value: ""})
	}
	switch {
	case len(missing) > 0:
		st.missingOptions(table, missing, without)
		if len(archived) > 0 {
			st.note("archived in Attio: %s", listed(archived))
		}
	case len(archived) > 0:
		st.ask("archived options of %s: %s", st.attr.Slug, listed(archived))
		st.answer("leaves them out", func(c *mapfile.Column) { c.Values = without })
		st.answer("refuses the rows whose records do not hold them already", func(*mapfile.Column) {})
	}
}

// missingOptions asks what becomes of options that do not exist.
func (st *settling) missingOptions(table *value.Options, missing map[string]int, without []mapfile.Pair) {
	var pairs []mapfile.Pair
	for _, m := range sortedByCount(missing) {
		if near := problem.Nearest(m.text, table.Titles); len(near) > 0 && !st.attr.Multi {
			pairs = append(pairs, mapfile.Pair{Cell: m.text, Value: near[0]})
		}
	}
	st.ask("%s has no option %s", st.attr.Slug, listed(missing))
	if len(pairs) == len(missing) {
		st.answer("takes each for the nearest that exists", func(c *mapfile.Column) { c.Values = append(pairs, without...) })
	}
	st.answer("makes them before the import", func(c *mapfile.Column) { c.Missing, c.Values = value.MissingCreate, without })
	st.answer("leaves them out", func(c *mapfile.Column) { c.Missing, c.Values = value.MissingBlank, without })
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
			for _, one := range value.Split(nil, text, sep) {
				if known(one.Text) {
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

// members compares a column's cells with the workspace's members.
func (st *settling) members() {
	t := value.NewMembers(st.schema.Members)
	var strange []string
	rows := 0
	for _, v := range st.p.different() {
		if t.Has(v.text) || !t.Known && (value.IsEmail(v.text) || value.IsUUID(v.text)) {
			continue
		}
		strange = append(strange, fmt.Sprintf("%s (%d)", shortText(v.text), v.n))
		rows += v.n
	}
	if len(strange) == 0 {
		return
	}
	if !t.Known {
		st.note("the members of the workspace could not be read, so that only addresses and ids can be used")
	}
	if len(strange) > 5 {
		strange = append(strange[:5], "…")
	}
	st.ask("no one member of the workspace is meant by %s", strings.Join(strange, ", "))
	st.answer(fmt.Sprintf("leaves %s without one", plural(rows, "row")), func(c *mapfile.Column) { c.OnError = "drop" })
	if len(st.schema.Members) > 0 {
		first := st.schema.Members[0].Email
		st.answer("write the member of each", func(c *mapfile.Column) {
			for _, v := range st.p.different() {
				if !t.Has(v.text) {
					c.Values = append(c.Values, mapfile.Pair{Cell: v.text, Value: first})
				}
			}
		})
	}
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
