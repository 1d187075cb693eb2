package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/source/layout"
)

// Choice is one way to read a file that can be read in several.
type Choice struct {
	With  Dialect // the settings that choose it, and no others
	Means string  // what it makes of what is in doubt
}

// findTable finds the header in the first rows, or takes the one that was said.
func (in *File) findTable(rows []layout.Row, isRejects bool) error {
	said, err := in.saidHeader()
	switch {
	case err != nil:
		return err
	case said != nil:
		in.layout = layout.At(rows, *said)
	case isRejects && len(rows) > 0:
		in.layout = layout.At(rows, layout.Header{First: rows[0].Line, Last: rows[0].Line})
	default:
		in.layout = layout.Find(rows, in.mapped())
	}
	in.headless = said != nil && said.First == 0 || len(rows) > 0 && in.layout.Header.First == 0
	for _, n := range in.layout.Notes {
		in.note(n)
	}
	if in.layout.Doubt == "" {
		return nil
	}
	if in.o.Undecided {
		return nil
	}
	e := in.fault("CSV007", in.layout.Doubt)
	e.Choices = in.Choices()
	return e
}

// Choices are the ways to read the file where a person has to decide, the likelier first; nil where nobody has to.
func (in *File) Choices() (all []Choice) {
	for _, r := range in.layout.Read {
		all = append(all, Choice{Dialect{HeaderRow: r.Header.String()}, r.Means})
	}
	return all
}

// Doubt is what a person has to decide; "" where nobody has to.
func (in *File) Doubt() string { return in.layout.Doubt }

// mapped are the columns that the mapping names by their headers.
func (in *File) mapped() (names []string) {
	if in.o.Mapping == nil {
		return nil
	}
	for i := range in.o.Mapping.Columns {
		if name := in.o.Mapping.Columns[i].Column; !strings.HasPrefix(name, "#") {
			names = append(names, name)
		}
	}
	return names
}

// OneTable is an *Error where the file holds another table behind the one that was surveyed, and nobody has said which
// is meant.
func (in *File) OneTable(s Survey) error {
	if s.Next == 0 {
		return nil
	}
	e := in.fault("CSV008", "another table begins here; say which one is meant").at(s.Next, 0)
	rest := s.Rest
	e.Choices = []Choice{
		{Dialect{HeaderRow: in.layout.Header.String(), SkipFooter: &rest}, "the first table, " + counted(s.Rows, "row")},
		{Dialect{HeaderRow: fmt.Sprint(s.Next)}, fmt.Sprintf("the table that begins in line %d", s.Next)},
	}
	return e
}

// lastRows is how many rows at the end are looked at for totals and notes.
const lastRows = 12

// ending sees the rows of a table go by, and knows at its end what is no row of it.
type ending struct {
	in    *File
	watch *layout.Watch // nil where the rows at the end were said
	last  []layout.Row  // the last few, a ring
	n     int           // rows seen
	gap   bool          // something blank stands before the next row
	held  []int         // the extents of the last rows that may be left out
	wide  int           // the header's last before the row at hand
}

func newEnding(in *File) *ending {
	e := &ending{in: in}
	if in.d.SkipFooter == nil {
		e.watch = layout.NewWatch(in.layout.Table)
	}
	return e
}

// row sees a row.
func (e *ending) row(h *header, line int, cells []string) {
	if e.n < lastRows {
		e.last = append(e.last, layout.Row{})
	}
	at := &e.last[e.n%lastRows]
	*at = layout.Row{Line: line, Cells: append(at.Cells[:0], cells...), Gap: e.gap}
	e.n++
	if e.watch == nil {
		e.hold(h, cells)
		e.gap = false
		return
	}
	before := h.last
	began := e.watch.Next
	e.watch.Row(line, cells, e.gap)
	switch {
	case e.watch.Next > 0 && began == 0:
		h.last = e.wide
	case e.watch.Next == 0:
		h.see(cells)
	}
	e.wide, e.gap = before, false
}

// hold notes the columns of a row once it is known that it is not left out.
func (e *ending) hold(h *header, cells []string) {
	n := e.in.footer()
	if n == 0 {
		h.see(cells)
		return
	}
	extent := len(cells)
	for extent > 0 && strings.TrimSpace(cells[extent-1]) == "" {
		extent--
	}
	if e.held = append(e.held, extent); len(e.held) > n {
		h.last = max(h.last, min(e.held[0], h.width))
		e.held = e.held[1:]
	}
}

// finish takes the rows that are left out off the survey.
func (e *ending) finish(s *Survey) {
	tail := slices.Clone(e.last)
	if e.n > lastRows {
		tail = slices.Concat(e.last[e.n%lastRows:], e.last[:e.n%lastRows])
	}
	n := e.in.footer()
	switch {
	case e.watch != nil && e.watch.Next > 0:
		s.Next, s.Rest = e.watch.Next, e.watch.Rest
		s.Rows -= s.Rest
		s.Notes = append(s.Notes, fmt.Sprintf("another table begins in line %d: only the rows above it are read", s.Next))
		return
	case n > s.Rows:
		n = s.Rows
	}
	s.Rows -= n
	if n > 0 && n <= len(tail) {
		s.Notes = append(s.Notes, fmt.Sprintf("%s at the end left out, from line %d on", counted(n, "row"), tail[len(tail)-n].Line))
	} else if n > 0 {
		s.Notes = append(s.Notes, counted(n, "row")+" at the end left out")
	}
	s.Suspects = e.in.layout.Table.Suspects(tail[:max(0, len(tail)-n)])
	for i := range s.Suspects {
		s.Suspects[i].Row = s.Rows - len(s.Suspects) + 1 + i
	}
}
