package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/source/layout"
)

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
	if !e.watch.Pending() {
		e.wide = h.last
	}
	began := e.watch.Next
	e.watch.Row(line, cells, e.gap)
	switch {
	case e.watch.Next > 0 && began == 0:
		h.last = e.wide
	case e.watch.Next == 0:
		h.see(cells)
	}
	e.gap = false
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
		s.Notes = append(s.Notes,
			fmt.Sprintf("%s at the end left out, from line %d on", counted(n, "row"), tail[len(tail)-n].Line))
	} else if n > 0 {
		s.Notes = append(s.Notes, counted(n, "row")+" at the end left out")
	}
	s.Suspects = e.in.layout.Table.Suspects(tail[:max(0, len(tail)-n)])
	for i := range s.Suspects {
		s.Suspects[i].Row = s.Rows - len(s.Suspects) + 1 + i
	}
}
