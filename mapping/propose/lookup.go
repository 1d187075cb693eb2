package propose

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
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
		st.answer("leaves them out", func(c *mapfile.Column) { c.Values = append(c.Values, without...) })
		st.answer("refuses the rows whose records do not hold them already", func(*mapfile.Column) {})
	}
}

// maxPairs is how many lines a value table that is offered has at most.
const maxPairs = 60

// missingOptions asks what becomes of options that do not exist.
func (st *settling) missingOptions(table *value.Options, missing map[string]int, without []mapfile.Pair) {
	var pairs []mapfile.Pair
	var near []string
	for _, text := range byCount(missing) {
		if found := table.Nearest(text); len(found) > 0 {
			pairs = append(pairs, mapfile.Pair{Cell: text, Value: found[0]})
			near = append(near, fmt.Sprintf("%s for %s", shortText(text), found[0]))
		}
	}
	_, ranges := problem.Within("", table.Titles)
	st.ask("%s has no %s %s", st.attr.Slug, value.OptionWord(st.attr), listed(missing))
	values := func(c *mapfile.Column) { c.Values = slices.Concat(c.Values, pairs, without) }
	all := len(pairs) == len(missing)
	st.dividedOptions(table, missing)
	switch {
	case len(pairs) == 0 || len(pairs) > maxPairs:
	case all:
		st.answer("takes "+strings.Join(near[:min(3, len(near))], ", "), values)
	default:
		st.answer("takes "+strings.Join(near[:min(3, len(near))], ", ")+", and leaves the others out",
			func(c *mapfile.Column) { values(c); c.Missing = value.MissingBlank })
	}
	if !ranges {
		st.answer("makes them before the import", func(c *mapfile.Column) {
			c.Missing, c.Values = value.MissingCreate, append(c.Values, without...)
		})
	}
	if !all && len(missing) == 1 && len(table.Titles) <= maxCandidates {
		for _, title := range table.Titles {
			st.answer("", func(c *mapfile.Column) {
				for text := range missing {
					c.Values = append(c.Values, mapfile.Pair{Cell: text, Value: title})
				}
				c.Values = append(c.Values, without...)
			})
		}
	}
	st.answer("leaves them out", func(c *mapfile.Column) {
		c.Missing, c.Values = value.MissingBlank, append(c.Values, without...)
	})
}

// dividedOptions offers to divide cells in which several titles stand with another separator than in most.
func (st *settling) dividedOptions(table *value.Options, missing map[string]int) {
	if !st.attr.Multi {
		return
	}
	sep := cmp.Or(st.col.Split, ";")
	for _, other := range []string{",", "|", "/"} {
		whole := 0
		for text := range missing {
			pieces := split(text, other)
			if len(pieces) > 1 && !slices.ContainsFunc(pieces, func(one string) bool {
				o, _ := table.Find(one)
				return o == nil || o.Archived
			}) {
				whole++
			}
		}
		if whole > 0 && whole == len(missing) && other != sep {
			st.answer(fmt.Sprintf("also divides them at %q", other), func(c *mapfile.Column) {
				c.Transform = append(c.Transform,
					mapfile.Transform{Name: "regex", Replace: sep,
						Find: `\s*(?:` + regexp.QuoteMeta(other) + `|` + regexp.QuoteMeta(sep) + `)\s*`})
			})
		}
	}
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
	for _, sep := range separators[:6] {
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
	st.ask("no member of the workspace is %s", strings.Join(shown, ", "))
	to := func(m func(text string) string) func(c *mapfile.Column) {
		return func(c *mapfile.Column) {
			for _, text := range byCount(strange) {
				c.Values = append(c.Values, mapfile.Pair{Cell: text, Value: m(text)})
			}
		}
	}
	st.answer(fmt.Sprintf("leaves %s without one", plural(rows, "row")), func(c *mapfile.Column) {
		c.OnError = mapfile.DropValue
	})
	if len(strange) <= maxPairs {
		for _, m := range st.schema.Members[:min(maxOwners, len(st.schema.Members))] {
			st.answer(fmt.Sprintf("gives %s %s to %s", does(rows, "this", "these"), plural(rows, "row"),
				value.JoinName(m.FirstName, m.LastName)), to(func(string) string { return m.Email }))
		}
	}
}

// maxOwners is how many members of the workspace a question offers at most.
const maxOwners = 5

const missingNote = "rows whose record does not exist are rejected; missing: create makes it, missing: blank " +
	"leaves it out"

// reference decides by which attribute the cells find their targets.
func (st *settling) reference() {
	g, p := &st.sg.guess, st.p
	if p.fit(ids) > p.Filled/2 {
		st.col.Reference = ""
		return
	}
	object, key := referenceKey(st.schema, *g, p)
	fit := referring(st.schema, *g, p)
	if key == nil || fit*2 < p.Filled {
		st.noReference(object)
		return
	}
	st.col.Reference = object.Slug + "." + key.Slug
	switch key.Type {
	case attio.TypeEmailAddress:
		st.several(emails)
	case attio.TypeDomain:
		st.several(domains)
		st.www(st.p)
	default:
		st.keySeparator()
	}
	if st.sg.Ask == "" && st.col.Missing == "" {
		st.sg.Notes = append(st.sg.Notes, missingNote)
	}
}

// noReference asks about cells that no record is found by, such as names.
func (st *settling) noReference(object *attio.Object) {
	key := "a record id"
	if object != nil {
		if k := value.KeyAttribute(object); k != nil {
			key = fmt.Sprintf("%s.%s or %s", object.Slug, k.Slug, key)
		}
	}
	st.ask("a record is found by %s, and %s is neither", key, st.example(anyCell))
	if object != nil {
		st.col.Reference = ""
		st.finder.offerName(st.sg, st.col, object)
	}
}

// keySeparator looks for several keys in a cell, by what no key has.
func (st *settling) keySeparator() {
	for _, sep := range separators[:5] {
		if cells := st.p.seps[division{sep, nil}]; cells > 0 && st.attr.Multi {
			if sep != ";" {
				st.separate(sep, cells)
			}
			return
		}
	}
}
