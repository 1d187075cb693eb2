package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// rejectColumns are what a rejects file has at its right end. attio_raw, the last, is there only where a row needs it.
var rejectColumns = []string{"attio_row", "attio_column", "attio_code", "attio_error", "attio_raw"}

// header is the header row of a CSV file or a sheet. Columns keep their numbers: only those at the right end are left
// out.
type header struct {
	names []string // of the columns that are kept
	width int      // cells of the header, and so of every row
	kept  int      // len(names)
	own   int      // columns from here to named are those of a rejects file
	named int      // columns from here on have no header
	last  int      // the number of columns up to the last one with a header or, below it, a cell
	raw   int      // the column attio_raw, or -1
	notes []string
}

// newHeader checks the header cells. place tells where one stands.
func newHeader(in *File, cells []string, place func(int) (line, column int)) (*header, error) {
	h := &header{width: len(cells), raw: -1}
	var trimmed []string
	seen := map[string]int{}
	for i, cell := range cells {
		name := strings.Trim(cell, invisible)
		if name != cell {
			trimmed = append(trimmed, fmt.Sprintf("%d (%s)", i+1, name))
		}
		h.names = append(h.names, strings.Clone(name)) // not the whole record with it
		if name == "" {
			continue
		}
		h.named = i + 1
		if first, twice := seen[name]; twice {
			text := fmt.Sprintf("columns %d and %d have the same header %q", first+1, i+1, name)
			if in.o.Mapping == nil && !in.o.Undecided {
				return nil, in.fault("CSV002", text, "rename one of them").at(place(i))
			}
			h.notes = append(h.notes, fmt.Sprintf("%s: a mapping calls them \"#%d\" and \"#%d\"", text, first+1, i+1))
			continue
		}
		seen[name] = i
	}
	if len(trimmed) > 0 {
		h.notes = append(h.notes,
			"blanks and invisible characters taken off the header of column "+strings.Join(trimmed, ", "))
	}
	h.own, h.last = h.named, h.named
	for h.own > 0 && slices.Contains(rejectColumns, h.names[h.own-1]) {
		if h.own--; h.names[h.own] == "attio_raw" {
			h.raw = h.own
		}
	}
	for i, name := range h.names[:min(len(h.names), max(1, h.own))] {
		if slices.Contains(rejectColumns, name) {
			return nil, h.reserved(in, i)
		}
	}
	return h, nil
}

// label is the number and the name of a column, as messages say them.
func (h *header) label(i int) string {
	if i < len(h.names) && h.names[i] != "" {
		return fmt.Sprintf("%d (%s)", i+1, h.names[i])
	}
	return fmt.Sprint(i + 1)
}

// reserved refuses a column that a rejects file of this file would have twice.
func (h *header) reserved(in *File, i int) error {
	return in.fault("CSV006", fmt.Sprintf("column %d is called %q like a column of rejects files, "+
		"and is not at the right end behind others", i+1, h.names[i]), "rename it, or leave it out")
}

// invisible characters around a header are slips of the keyboard or of a program: blanks, no-break spaces, byte order
// marks, zero-width spaces and joiners, marks of direction.
const invisible = "\ufeff\u00a0\u200b\u200c\u200d\u200e\u200f\u2060\u202f \t\r\n"

// blank reports whether all cells are blank, those of a rejects file's own columns apart; one with text in attio_raw is
// not.
func (h *header) blank(cells []string) bool {
	if len(cells) <= h.own {
		return blank(cells)
	}
	if !blank(cells[:h.own]) || len(cells) > h.named && !blank(cells[h.named:]) {
		return false
	}
	return h.raw < 0 || h.raw >= len(cells) || blank(cells[h.raw:h.raw+1])
}

func blank(cells []string) bool {
	for _, c := range cells {
		if c != "" && strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// see notes which columns without a header have something in them.
func (h *header) see(cells []string) {
	for i := min(len(cells), h.width) - 1; i >= h.last; i-- {
		if strings.TrimSpace(cells[i]) != "" {
			h.last = i + 1
			return
		}
	}
}

// finish decides which columns there are, once all rows were seen.
func (h *header) finish(in *File, out *Survey) error {
	if h.last > h.named && h.own < h.named {
		return h.reserved(in, h.own)
	}
	h.kept = h.last
	if h.own < h.named {
		h.kept = h.own
		out.Notes = append(out.Notes,
			"columns of an earlier rejects file ignored: "+strings.Join(h.names[h.own:h.named], ", "))
	}
	h.names = h.names[:h.kept]
	out.Columns = h.names
	out.Notes = append(out.Notes, h.notes...)
	if h.last < h.width {
		out.Notes = append(out.Notes, fmt.Sprintf("empty columns at the right left out: %s", span(h.last+1, h.width)))
	}
	if in.headless {
		out.Notes = append(out.Notes, `no line is a header: a mapping calls columns "#1", "#2" and so on`)
		return nil
	}
	for i, n := range h.names {
		if n == "" {
			out.Notes = append(out.Notes, fmt.Sprintf("column %d has no header: it is called \"#%d\" in a mapping", i+1, i+1))
		}
	}
	return nil
}

// fit makes the width that of the last column with a header or a cell, for sheets, whose rows have no length of their
// own.
func (h *header) fit() {
	for len(h.names) < h.last {
		h.names = append(h.names, "")
	}
	h.width = h.last
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func span(from, to int) string {
	if from == to {
		return fmt.Sprint(from)
	}
	return fmt.Sprintf("%d to %d", from, to)
}

// unrepaired refuses a row of a rejects file whose cells are still empty beside its text in attio_raw.
func (h *header) unrepaired(row *mapping.Row, raw string) {
	for _, c := range row.Cells {
		if strings.TrimSpace(c.Text) != "" {
			return
		}
	}
	row.Raw = raw
	row.Bad = &mapping.RowError{
		Code: "CSV014", Line: row.Line, Message: "has no cells but its old text in attio_raw; put that into the columns",
	}
}

// blankRows counts blank rows and remembers the first few lines.
type blankRows struct {
	n     int
	first []string
}

func (b *blankRows) add(line int) {
	b.n++
	if len(b.first) < 5 {
		b.first = append(b.first, fmt.Sprint(line))
	}
}

// lines counts n empty lines after a line.
func (b *blankRows) lines(after, n int) {
	for i := range n {
		b.add(after + 1 + i)
	}
}

func (b *blankRows) note(out *Survey) {
	if out.BlankRows = b.n; b.n == 0 {
		return
	}
	lines := " left out, line "
	if b.n > 1 {
		lines = " left out, lines "
	}
	text := counted(b.n, "blank row") + lines + strings.Join(b.first, ", ")
	if b.n > len(b.first) {
		text += ", …"
	}
	out.Notes = append(out.Notes, text)
}

// noteBeyond says how many rows had blank cells behind the last column.
func (r *csvRows) noteBeyond(s *Survey) {
	if r.beyond > 0 {
		s.Notes = append(s.Notes, "blank cells behind the last column left out in "+counted(r.beyond, "row"))
	}
}
