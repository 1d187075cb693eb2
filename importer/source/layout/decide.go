package layout

import (
	"fmt"
	"slices"
	"strings"
)

// decide looks at what stands around a row that could be the header.
func (f finder) decide(h int, t *Table) Layout {
	if h == 0 && f.upright() {
		return f.noHeader(true)
	}
	if h > 0 && f.isGroup(h-1, h) {
		return f.chosen(h-1, h, twoLines(f.at(h-1, h)))
	}
	h, l := f.later(h)
	if l != nil {
		return *l
	}
	if h+2 < len(f.rows) && !f.rows[h+1].Gap {
		if l := f.second(h); l != nil {
			return *l
		}
	}
	if h > 0 && t.typed() == 0 && t.rows > 0 && knows(f.rows[h].Cells) == 0 &&
		!(t.used > 2 && filled(f.rows[0].Cells) == 1) {
		return f.ask(fmt.Sprintf("line %d may be the header, or line %d", f.rows[h].Line, f.rows[0].Line),
			Reading{f.at(h, h), fmt.Sprintf("line %d is the header, what stands above it is left out", f.rows[h].Line)},
			Reading{f.at(0, 0), fmt.Sprintf("line %d is the header", f.rows[0].Line)})
	}
	if h == 0 && t.typed() == 0 && t.rows > 1 && knows(f.rows[0].Cells) == 0 && f.comesAgain() {
		return f.noHeader(false)
	}
	return f.chosen(h, h)
}

// upright reports whether the names stand in the first of two columns, and their values beside them.
func (f finder) upright() bool {
	named := 0
	for _, r := range f.rows {
		if extent(r.Cells) > 2 {
			return false
		}
		if knows(r.Cells[:min(1, len(r.Cells))]) > 0 {
			named++
		}
	}
	return len(f.rows) > 2 && 2*named > len(f.rows)
}

// isGroup reports whether a row names groups of columns above a header: a few cells, not side by side.
func (f finder) isGroup(upper, lower int) bool {
	cells, below := f.rows[upper].Cells, f.rows[lower].Cells
	if f.rows[lower].Gap || filled(cells) < 2 || !words(cells) || strings.HasSuffix(strings.TrimSpace(cells[0]), ":") ||
		prose(cells) {
		return false
	}
	last, apart := -1, false
	for i, c := range cells {
		switch {
		case strings.TrimSpace(c) == "":
			continue
		case i >= len(below) || strings.TrimSpace(below[i]) == "":
			return false
		case i > last+1:
			apart = true
		}
		last = i
	}
	return apart
}

// later moves on to the row behind a gap where that is the header more likely, and the one before it a title.
func (f finder) later(h int) (int, *Layout) {
	for h+2 < len(f.rows) {
		t := tableOf(f.rows[h+2:])
		next := f.rows[h+1].Cells
		_, unlike := t.agree(next)
		switch {
		case !f.good(h+1, t) || unlike == 0 || !words(next):
			return h, nil
		case t.used > 1:
			if !f.rows[h+1].Gap || knows(next) == 0 || knows(f.rows[h].Cells) > 0 {
				return h, nil
			}
		case !f.rows[h+1].Gap:
			l := f.ask(fmt.Sprintf("lines %d and %d could both be the header", f.rows[h].Line, f.rows[h+1].Line),
				Reading{f.at(h+1, h+1), fmt.Sprintf("line %d is the header, what stands above it is left out", f.rows[h+1].Line)},
				Reading{f.at(h, h), fmt.Sprintf("line %d is the header, line %d a row", f.rows[h].Line, f.rows[h+1].Line)})
			return h, &l
		}
		h++
	}
	return h, nil
}

// second decides about the line right below a header: units, the header's second line, or, mostly, a row; nil then.
func (f finder) second(h int) *Layout {
	upper, lower := f.rows[h].Cells, f.rows[h+1].Cells
	t := f.below(h + 2)
	like, unlike := t.agree(lower)
	one, two := f.at(h, h), f.at(h, h+1)
	joined := Reading{two, fmt.Sprintf("line %d belongs to the header: %s", f.rows[h+1].Line, example(upper, lower))}
	row := Reading{one, fmt.Sprintf("line %d is the first row", f.rows[h+1].Line)}
	if units(lower) && like == 0 && (unlike > 0 || filled(lower) > 1) {
		l := f.ask(fmt.Sprintf("line %d seems to hold units (%s), not values", f.rows[h+1].Line, shown(lower)), joined, row)
		return &l
	}
	if like > 0 || unlike == 0 || !words(lower) {
		return nil
	}
	gap := gaps(upper, lower) > 0 && !hasGap(Join(upper, lower))
	all := unlike == t.typed() && t.rows > 1
	switch {
	case gap && all, twice(upper) && !twice(Join(upper, lower)) && all:
	case twice(lower) && !twice(upper) && all && 2*knows(lower) >= filled(lower):
	case unlike > 1 && all && 2*knows(lower) >= filled(lower) && filled(lower) >= t.used:
	case unlike > 1 && filled(lower) > 1:
		l := f.ask(fmt.Sprintf("line %d is unlike the rows below it", f.rows[h+1].Line), joined, row)
		return &l
	case 2*knows(lower) >= filled(lower) && filled(lower) >= t.used:
		l := f.ask(fmt.Sprintf("line %d is unlike the rows below it", f.rows[h+1].Line), row, joined)
		return &l
	default:
		return nil
	}
	l := f.chosen(h, h+1, twoLines(two))
	return &l
}

// ask is the layout of a file that can be read in several ways.
func (f finder) ask(doubt string, read ...Reading) Layout {
	l := At(f.rows, read[0].Header)
	l.Doubt, l.Read = doubt, read
	return l
}

// units reports whether all cells that are filled are units.
func units(cells []string) bool {
	return filled(cells) > 0 && !slices.ContainsFunc(cells, func(c string) bool {
		return strings.Trim(c, " -") != "" && !isUnit(c)
	})
}

// gaps counts the columns that the lower line names and the upper one does not.
func gaps(upper, lower []string) (n int) {
	for i, c := range lower {
		if strings.TrimSpace(c) != "" && (i >= len(upper) || strings.TrimSpace(upper[i]) == "") {
			n++
		}
	}
	return n
}

// hasGap reports whether a column between others has no name.
func hasGap(names []string) bool { return filled(names) < extent(names) }

// comesAgain reports whether a cell of the first row stands again below, in the same column.
func (f finder) comesAgain() bool {
	for i, c := range f.rows[0].Cells {
		if c = strings.TrimSpace(c); c == "" {
			continue
		}
		for _, r := range f.rows[1:] {
			if i < len(r.Cells) && strings.EqualFold(strings.TrimSpace(r.Cells[i]), c) {
				return true
			}
		}
	}
	return false
}

// example shows what joining two lines makes of a column.
func example(upper, lower []string) string {
	for i, name := range Join(upper, lower) {
		if i < len(lower) && strings.TrimSpace(lower[i]) != "" {
			return fmt.Sprintf("%q", name)
		}
	}
	return ""
}

// shown lists a few cells.
func shown(cells []string) string {
	var out []string
	for _, c := range cells {
		if strings.TrimSpace(c) != "" && len(out) < 3 {
			out = append(out, fmt.Sprintf("%q", strings.TrimSpace(c)))
		}
	}
	return strings.Join(out, ", ")
}
