package layout

import (
	"slices"
	"strings"
)

// behindPairs is a header behind a gap, where what looked like one is a name with its value, as others below it are:
// Year 2026; else h.
func (f finder) behindPairs(h int) int {
	for i := h; i+1 < len(f.rows) && filled(f.rows[h].Cells) == 2 && knows(f.rows[h].Cells) == 0; i++ {
		if i == h || !f.rows[i].Gap {
			if filled(f.rows[i].Cells) > 2 {
				return h
			}
			continue
		}
		t := tableOf(f.rows[i+1:])
		_, unlike := t.agree(f.rows[i].Cells)
		row := func(r Row) bool { // as those below are
			like, _ := t.agree(r.Cells)
			return like > 0
		}
		if words(f.rows[i].Cells) && f.good(i, t) && filled(f.rows[i].Cells) > 1 &&
			(t.used > 2 || unlike > 0 && !slices.ContainsFunc(f.rows[h:i], row)) {
			return i
		}
		return h
	}
	return h
}

// betterBelow reports whether the row below a sentence is a header that is none.
func (f finder) betterBelow(h int) bool {
	for h+2 < len(f.rows) && prose(f.rows[h+1].Cells) {
		h++
	}
	if h+2 >= len(f.rows) {
		return false
	}
	next := f.rows[h+1].Cells
	like, unlike := tableOf(f.rows[h+2:]).agree(next)
	return words(next) && like == 0 && unlike > 0 && filled(next) > 1
}

// isComment reports whether a line is a comment: one cell that begins with #.
func isComment(r Row) bool {
	return filled(r.Cells) == 1 && strings.HasPrefix(strings.TrimSpace(strings.Join(r.Cells, "")), "#")
}

// prose reports whether the cells are the clauses of a sentence: each but the first begins with a blank.
func prose(cells []string) bool {
	n := 0
	for _, c := range cells[1:] {
		if c != "" && !strings.HasPrefix(c, " ") {
			return false
		}
		if c != "" {
			n++
		}
	}
	return n > 0
}

// isTitle reports whether a row could stand above a table: a comment, one cell of several, a sentence, a name with its
// value.
func isTitle(r Row, t *Table) bool {
	n := filled(r.Cells)
	if isPair(r) && t.used > 2 {
		return true
	}
	pair := n == 2 && extent(r.Cells) == 2
	return isComment(r) || prose(r.Cells) || n == 1 && t.used > 1 || 5*n <= 2*t.used || pair && t.used >= 4 ||
		pair && t.used == 3 && strings.HasSuffix(strings.TrimSpace(r.Cells[0]), ":")
}

// isPair reports whether a row is a name with its value, and a colon between them: Period: 2026.
func isPair(r Row) bool {
	if len(r.Cells) == 0 {
		return false
	}
	first, colons := strings.TrimSpace(r.Cells[0]), 0
	for _, c := range r.Cells {
		if strings.HasSuffix(strings.TrimSpace(c), ":") {
			colons++
		}
	}
	n := filled(r.Cells)
	return n <= 2 && (strings.HasSuffix(first, ":") || strings.Contains(first, ": ")) || colons > 1 && n <= 2*colons
}

// tableAbove finds a table of its own among the rows that would be left out above a header; -1 where there is none.
func (f finder) tableAbove(h int) int {
	for from := 0; from < h; from++ {
		if from > 0 && !f.rows[from].Gap && !isComment(f.rows[from-1]) && filled(f.rows[from-1].Cells) > 1 {
			continue // in the middle of a block
		}
		to := from + 1
		for to < h && !f.rows[to].Gap {
			to++
		}
		block := f.rows[from:to]
		if len(block) < 2 || filled(block[0].Cells) < 2 || slices.ContainsFunc(block[1:], isPair) {
			continue
		}
		t := tableOf(block[1:])
		like, unlike := t.agree(block[0].Cells)
		alike := len(block) > 2 || t.typed() == t.used // one row alone may be a name with its value
		if alike && t.used > 1 && t.used <= filled(block[0].Cells) && like == 0 && unlike > 0 && words(block[0].Cells) {
			return from
		}
	}
	return -1
}

// IsCover reports whether a sheet, given its first rows, holds titles and names with their values alone: few rows, and
// none of three cells.
func IsCover(rows []Row) bool {
	return len(rows) <= 12 && !slices.ContainsFunc(rows, func(r Row) bool { return filled(r.Cells) > 2 }) &&
		slices.ContainsFunc(rows, func(r Row) bool { return filled(r.Cells) == 1 })
}
