package layout

import (
	"slices"
	"strings"
)

// Row is a record of the file in which something is filled in.
type Row struct {
	Line  int
	Cells []string
	Gap   bool // a blank line or row stands before it
	kinds []kind
}

// kindsOf are the kinds of the cells, told once.
func (r *Row) kindsOf() []kind {
	if r.kinds == nil {
		r.kinds = make([]kind, len(r.Cells))
		for i, c := range r.Cells {
			r.kinds[i] = kindOf(c)
		}
	}
	return r.kinds
}

// filled counts the cells with something in them.
func filled(cells []string) (n int) {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// extent is the number of columns up to the last one that is filled.
func extent(cells []string) int {
	for i := len(cells); i > 0; i-- {
		if strings.TrimSpace(cells[i-1]) != "" {
			return i
		}
	}
	return 0
}

// Table is what the rows below a header have in common.
type Table struct {
	Columns int      // up to the last one that most rows reach
	Width   int      // cells of most rows
	header  []string // joined
	rows    int      // looked at
	used    int      // columns that are filled in a fifth of the rows at least
	typical int      // filled cells of a row, mostly
	kinds   []kind   // of each column; text where its cells are of several kinds
	years   []bool   // columns of numbers that are years themselves
}

// looked is how many rows below a header are looked at.
const looked = 120

// tableOf looks at rows below a header.
func tableOf(rows []Row) *Table {
	rows = withoutFooter(rows[:min(len(rows), looked)])
	t := &Table{rows: len(rows)}
	var fills, widths, extents []int
	for _, r := range rows {
		fills, widths, extents = append(fills, filled(r.Cells)), append(widths, len(r.Cells)),
			append(extents, extent(r.Cells))
	}
	if len(rows) == 0 {
		return t
	}
	t.Width, t.typical = mode(widths), median(fills)
	t.Columns = mode(extents)
	for c := range slices.Max(extents) {
		n, counts, years := 0, map[kind]int{}, 0
		for i := range rows {
			kinds := rows[i].kindsOf()
			if c >= len(kinds) || kinds[c] == "" {
				continue
			}
			n++
			counts[kinds[c]]++
			if kinds[c] == number && isYear(rows[i].Cells[c]) {
				years++
			}
		}
		if 5*n >= len(rows) && n > 0 {
			t.used++
		}
		t.kinds = append(t.kinds, most(counts, n))
		t.years = append(t.years, 2*years > n)
	}
	return t
}

// withoutFooter leaves out rows at the end that begin like totals and notes: of a short table they would be a good
// part.
func withoutFooter(rows []Row) []Row {
	for n := len(rows); n > 1 && n > len(rows)-4; n-- {
		cells := rows[n-1].Cells
		first := slices.IndexFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
		if word := firstWord(cells[max(first, 0)]); !totalWords[word] && !noteWords[word] {
			return rows[:n]
		}
	}
	return rows
}

// like tells how many cells of a row are filled from those alone that are as long as the header: a text has notes below
// its table that are shorter, and they may be more than the rows.
func (t *Table) like(header []string, rows []Row) {
	var fills []int
	for _, r := range rows[:min(len(rows), looked)] {
		if len(r.Cells) == len(header) {
			fills = append(fills, filled(r.Cells))
		}
	}
	if len(fills) > 0 {
		t.typical = median(fills)
	}
}

// mode is the number that comes most often; of several the largest.
func mode(all []int) (best int) {
	counts := map[int]int{}
	for _, n := range all {
		counts[n]++
	}
	for n, times := range counts {
		if times > counts[best] || times == counts[best] && n > best {
			best = n
		}
	}
	return best
}

func median(all []int) int {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}

// mixed is the kind of a column whose cells are of several kinds, but hardly any of words.
const mixed kind = "mixed"

// most is the kind that seven of ten cells have.
func most(counts map[kind]int, n int) kind {
	words := 0
	for k, times := range counts {
		if 10*times >= 7*n {
			return k
		}
		if k == text || k == long {
			words += times
		}
	}
	if n > 1 && 10*words <= n {
		return mixed
	}
	return text
}

// agree compares cells with the columns that have a kind: how many are as the rows below are, how many unlike them.
func (t *Table) agree(cells []string) (like, unlike int) {
	for i, c := range cells {
		if i >= len(t.kinds) || t.kinds[i] == "" || t.kinds[i] == text || t.kinds[i] == long {
			continue
		}
		switch k := kindOf(c); {
		case k == "":
		case k == number && isYear(c) && !t.years[i]:
			unlike++
		case k == t.kinds[i], t.kinds[i] == mixed && k != text && k != long:
			like++
		default:
			unlike++
		}
	}
	return like, unlike
}

// typed counts the columns that have a kind.
func (t *Table) typed() (n int) {
	for _, k := range t.kinds {
		if k != "" && k != text && k != long {
			n++
		}
	}
	return n
}

// labels reports whether cells could be the names of columns: words, years or short texts with digits, and nothing that
// only a value can be.
func labels(cells []string) bool {
	odd, n := 0, 0
	for _, c := range cells {
		k := kindOf(c)
		if k != "" {
			n++
		}
		switch {
		case k == email, k == phone, k == url && strings.Contains(c, "://"):
			return false
		case k == number && !isYear(c), k == date && dayForm.MatchString(strings.TrimSpace(c)):
			odd++
		case k == long && len(c) > 8*longest:
			return false
		}
	}
	return n > 0 && 2*odd <= n
}

// lacks reports whether a cell says that there is no value, as no name of a column does.
func lacks(cells []string) bool {
	return slices.ContainsFunc(cells, func(c string) bool { return nothing[strings.ToLower(strings.TrimSpace(c))] })
}

// words reports whether all cells that are filled hold words, and none of those that stand for a missing value.
func words(cells []string) bool {
	for _, c := range cells {
		k := kindOf(c)
		if k != "" && k != text && !strings.HasPrefix(string(k), code) && !isYear(c) ||
			nothing[strings.ToLower(strings.TrimSpace(c))] {
			return false
		}
	}
	return filled(cells) > 0
}
