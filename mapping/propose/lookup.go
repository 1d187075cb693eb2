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
	table := value.NewOptions(st.attr.Options)
	if st.attr.Multi {
		st.optionSeparator(table)
	}
	missing, archived := map[string]int{}, map[string]int{}
	for text, n := range st.p.values {
		pieces := []string{text}
		if st.attr.Multi {
			pieces = split(text, cmp.Or(st.col.Split, ";"))
		}
		for _, one := range pieces {
			if o, _ := table.Find(one); o == nil {
				missing[one] += n
			} else if o.Archived {
				archived[one] += n
			}
		}
	}
	var without []mapfile.Pair // of the archived ones, which cannot be made again
	for _, text := range byCount(archived) {
		without = append(without, mapfile.Pair{Cell: text, Value: ""})
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
	for _, text := range byCount(missing) {
		if near := problem.Nearest(text, table.Titles); len(near) > 0 && !st.attr.Multi {
			pairs = append(pairs, mapfile.Pair{Cell: text, Value: near[0]})
		}
	}
	st.ask("%s has no option %s", st.attr.Slug, listed(missing))
	if len(pairs) == len(missing) {
		st.answer("takes each for the nearest that exists", func(c *mapfile.Column) { c.Values = append(pairs, without...) })
	}
	st.answer("makes them before the import",
		func(c *mapfile.Column) { c.Missing, c.Values = value.MissingCreate, without })
	st.answer("leaves them out", func(c *mapfile.Column) { c.Missing, c.Values = value.MissingBlank, without })
}

// listed names the most frequent texts with their counts.
func listed(counts map[string]int) string {
	all := frequent(counts, 8)
	if more := len(counts) - len(all); more > 0 {
		all = append(all, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(all, ", ")
}

// optionSeparator finds what stands between several titles of a cell.
func (st *settling) optionSeparator(table *value.Options) {
	best, most := ";", -1
	divides := func(sep string) bool { return st.p.seps[division{sep, nil}] > 0 }
	for _, sep := range separators[:5] {
		n := 0
		for text, times := range st.p.values {
			for _, one := range split(text, sep) {
				if o, _ := table.Find(one); o != nil && !o.Archived {
					n += times
				}
			}
		}
		if n > most || n == most && most == 0 && divides(sep) && !divides(best) {
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
	strange, rows := map[string]int{}, 0
	for text, n := range st.p.values {
		if !t.Has(text) && (t.Known || !emails.fits(text) && !ids.fits(text)) {
			strange[text] = n
			rows += n
		}
	}
	if len(strange) == 0 {
		return
	}
	if !t.Known {
		st.note("the members of the workspace could not be read, so that only addresses and ids can be used")
	}
	shown := frequent(strange, 5)
	if len(strange) > 5 {
		shown = append(shown, "…")
	}
	st.ask("no one member of the workspace is meant by %s", strings.Join(shown, ", "))
	st.answer(fmt.Sprintf("leaves %s without one", plural(rows, "row")), func(c *mapfile.Column) { c.OnError = "drop" })
	if len(st.schema.Members) > 0 {
		st.answer("write the member of each", func(c *mapfile.Column) {
			for _, text := range byCount(strange) {
				c.Values = append(c.Values, mapfile.Pair{Cell: text, Value: st.schema.Members[0].Email})
			}
		})
	}
}

const missingNote = "rows whose record does not exist are rejected; missing: create makes it, missing: blank " +
	"leaves it out"

// reference decides by which attribute the cells find their targets.
func (st *settling) reference() {
	g, p := &st.sg.guess, st.p
	if p.fit(ids) > p.Filled/2 {
		st.col.Reference = ""
		st.misfits(p.fit(ids), "record ids")
		return
	}
	object, key := referenceKey(st.schema, *g, p)
	fit := referring(st.schema, *g, p)
	if key == nil || fit*2 < p.Filled {
		st.ask("its cells, such as %s, are neither record ids nor what records are found by", st.example(anyCell))
		return
	}
	st.col.Reference = object.Slug + "." + key.Slug
	switch key.Type {
	case attio.TypeEmailAddress:
		st.several(emails)
		st.misfits(fit, "e-mail addresses")
	case attio.TypeDomain:
		st.several(domains)
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
	for _, sep := range separators[:4] {
		if cells := st.p.seps[division{sep, nil}]; cells > 0 && st.attr.Multi {
			if sep != ";" {
				st.separate(sep, cells)
			}
			return
		}
	}
}
