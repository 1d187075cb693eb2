package layout

import (
	"fmt"
	"slices"
	"strings"
)

// Header says on which lines a header stands: 3 to 4 where it has two. The zero value: no line is one.
type Header struct{ First, Last int }

// String is the header as a setting says it: 3, 3-4 or none.
func (h Header) String() string {
	switch h.First {
	case 0:
		return "none"
	case h.Last:
		return fmt.Sprint(h.First)
	}
	return fmt.Sprintf("%d-%d", h.First, h.Last)
}

// Reading is one way to read a file.
type Reading struct {
	Header Header
	Means  string // what it makes of the line that is in doubt: line 2 is the first row
}

// Layout is where a table stands.
type Layout struct {
	Header Header
	Table  *Table
	Notes  []string  // what was decided and would surprise somebody, a line each
	Doubt  string    // why a person has to decide; "" where nobody has to
	Read   []Reading // the ways to choose from, the likelier first, where there is doubt
}

// deepest is how many records may stand above a header.
const deepest = 40

// Find finds the table in the first rows of a file. names are columns that the file is known to have, nil where nobody
// knows: a line that holds all of them is the header.
func Find(rows []Row, names []string) Layout {
	f := finder{rows}
	switch {
	case len(rows) == 0:
		return Layout{Table: tableOf(nil)}
	case len(names) > 0:
		if l, ok := f.named(names); ok {
			return l
		}
	}
	h, t := f.first()
	if h < 0 {
		return f.headless()
	}
	if above := f.tableAbove(h); above >= 0 {
		h, t = above, tableOf(f.rows[above+1:])
	}
	return f.decide(h, t)
}

// At is the layout of a file whose header is known.
func At(rows []Row, h Header) Layout {
	f := finder{rows}
	from := 0
	for from < len(rows) && rows[from].Line <= h.Last {
		from++
	}
	l := Layout{Header: h, Table: f.below(from)}
	for i, r := range rows[:from] {
		if r.Line >= h.First {
			l.Table.header = Join(l.Table.header, rows[i].Cells)
		}
	}
	l.Table.like(l.Table.header, rows[from:])
	return l
}

type finder struct{ rows []Row }

// below looks at the rows of one table: up to where another begins.
func (f finder) below(from int) *Table {
	t := tableOf(f.rows[from:])
	for i := from + 1; i+1 < len(f.rows) && i < from+looked; i++ {
		if !f.rows[i].Gap && !(f.rows[i-1].Gap && filled(f.rows[i-1].Cells) == 1) { // the gap is above its title
			continue
		}
		if local := tableOf(f.rows[from:i]); local.begins(f.rows[i]) && local.confirmed(f.rows[i], f.rows[i+1]) {
			return local
		}
	}
	return t
}

func (f finder) at(first, last int) Header { return Header{f.rows[first].Line, f.rows[last].Line} }

// chosen is the layout with a header on the rows from first to last.
func (f finder) chosen(first, last int, notes ...string) Layout {
	l := At(f.rows, f.at(first, last))
	if above := f.above(first); above != "" {
		l.Notes = append(l.Notes, above)
	}
	l.Notes = append(l.Notes, notes...)
	return l
}

// above says what stands above a header.
func (f finder) above(h int) string {
	if h == 0 {
		return ""
	}
	shown := strings.TrimSpace(strings.Join(f.rows[0].Cells, " "))
	if r := []rune(shown); len(r) > longest {
		shown = string(r[:longest]) + "…"
	}
	lines := fmt.Sprintf("line %d", f.rows[0].Line)
	if last := f.rows[h-1].Line; last > f.rows[0].Line {
		lines = fmt.Sprintf("lines %d to %d", f.rows[0].Line, last)
	}
	return fmt.Sprintf("the header is line %d; left out above it: %s (%q)", f.rows[h].Line, lines, shown)
}

// named finds the row that holds every name, or the two rows that do so joined.
func (f finder) named(names []string) (Layout, bool) {
	holds := func(cells []string) bool {
		return !slices.ContainsFunc(names, func(name string) bool {
			return !slices.ContainsFunc(cells, func(c string) bool { return fold(c) == fold(name) })
		})
	}
	for h := range min(len(f.rows), deepest) {
		if !holds(f.rows[h].Cells) {
			continue
		}
		if h+2 < len(f.rows) && !f.rows[h+1].Gap {
			if l := f.second(h); l != nil && l.Doubt != "" {
				return *l, true
			}
		}
		return f.chosen(h, h), true
	}
	for h := range min(len(f.rows)-1, deepest) {
		if holds(Join(f.rows[h].Cells, f.rows[h+1].Cells)) && !f.rows[h+1].Gap {
			return f.chosen(h, h+1, twoLines(f.at(h, h+1))), true
		}
	}
	return Layout{}, false
}

// fold is a header without regard to case and blanks.
func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

func twoLines(h Header) string {
	return fmt.Sprintf("the header has two lines, %d and %d, joined with a blank", h.First, h.Last)
}

// first finds the first row that could be a header and has nothing but titles and notes above it; -1 for none.
func (f finder) first() (int, *Table) {
	for h := range min(len(f.rows), deepest) {
		t := tableOf(f.rows[h+1:])
		if h > 0 && t.rows == 0 {
			break
		}
		if !f.good(h, t) {
			continue
		}
		above := f.rows[:h]
		if h > 0 && f.isGroup(h-1, h) {
			above = f.rows[:h-1]
		}
		if slices.ContainsFunc(above, func(r Row) bool { return !isTitle(r, t) }) {
			break
		}
		if i := f.behindPairs(h); i > h {
			return i, tableOf(f.rows[i+1:])
		}
		return h, t
	}
	return -1, nil
}

// good reports whether a row could be the header of the rows below it.
func (f finder) good(h int, t *Table) bool {
	cells := f.rows[h].Cells
	like, unlike := t.agree(cells)
	switch {
	case !labels(cells) || like > 0 && unlike <= like || lacks(cells) && t.typed() > 0:
		return false
	case t.rows == 0:
		return true
	case isComment(f.rows[h]) && t.rows > 1:
		return false
	case 10*filled(cells) < 6*t.used:
		return false
	}
	return !prose(cells) || !f.betterBelow(h)
}

// headless is the layout of a file without a row that could be a header.
func (f finder) headless() Layout {
	all := tableOf(f.rows[1:])
	like, _ := all.agree(f.rows[0].Cells)
	if lacks(f.rows[0].Cells) && all.typed() > 0 {
		return f.noHeader(true)
	}
	data := slices.IndexFunc(f.rows, func(r Row) bool { return !isTitle(r, all) })
	if like == 0 && (data <= 0 || all.rows == 0 || filled(f.rows[0].Cells) > 1 && labels(f.rows[0].Cells)) {
		return f.chosen(0, 0)
	}
	l := f.noHeader(true)
	if like == 0 {
		l.Doubt = "no line looks like the header of the rows below it"
	}
	return l
}

// noHeader asks whether the first line is the header or a row; row says that it is a row more likely.
func (f finder) noHeader(row bool) Layout {
	line := f.rows[0].Line
	none := Reading{Header{}, fmt.Sprintf(`line %d is a row, and columns are called "#1", "#2" and so on`, line)}
	first := Reading{f.at(0, 0), fmt.Sprintf("line %d is the header", line)}
	read := []Reading{none, first}
	doubt := fmt.Sprintf("line %d looks like the rows below it, so there may be no header", line)
	if !row {
		read = []Reading{first, none}
		doubt = fmt.Sprintf("line %d may be a row: a cell of it stands again below, in the same column", line)
	}
	l := At(f.rows, read[0].Header)
	l.Doubt, l.Read = doubt, read
	return l
}
