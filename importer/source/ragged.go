package source

import (
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// ragged finds rows whose number of cells is not the header's, and says where the stray separator probably is: where
// joining neighbours makes the row look like the last good one.
type ragged struct {
	names []string
	comma rune
	good  []string // the last row of the right width
	short int      // cells of the row before, if that had too few; else 0
}

func (g *ragged) check(cells []string, width, line int, place func(int) (line, column int)) *mapping.RowError {
	if len(cells) == width {
		g.good, g.short = append(g.good[:0], cells...), 0
		return nil
	}
	if len(cells) < width {
		return g.tooFew(cells, width, line)
	}
	g.short = 0
	e := &mapping.RowError{Code: "CSV012", Line: line, Message: fmt.Sprintf("has %d cells where the header has %d", len(cells), width)}
	if i := g.stray(cells, width); i >= 0 {
		e.Line, e.Column = place(i)
		e.Message += fmt.Sprintf("; the stray %s is probably in column %s", separator(g.comma), g.column(i))
	}
	return e
}

func (g *ragged) tooFew(cells []string, width, line int) *mapping.RowError {
	e := &mapping.RowError{Code: "CSV011", Line: line, Message: fmt.Sprintf("has %d cells where the header has %d", len(cells), width)}
	if len(cells) == 1 {
		e.Message = fmt.Sprintf("has 1 cell where the header has %d", width)
	}
	switch {
	case g.short > 0 && g.short+len(cells) == width+1:
		e.Message += fmt.Sprintf("; it is probably the rest of the row before, whose column %s holds a line break without quotes", g.column(g.short-1))
		g.short = 0
		return e
	case g.good != nil:
		if i := g.missing(cells, width); i >= 0 {
			e.Message += fmt.Sprintf("; column %s is probably missing", g.column(i))
		}
	}
	g.short = len(cells)
	return e
}

// stray returns the column whose cell was probably divided by the cells too many; -1 when no place is better than
// others.
func (g *ragged) stray(cells []string, width int) int {
	extra := len(cells) - width
	best, at, tie := -1, -1, false
	for i := range width {
		score := 0
		for j := i + 1; j <= i+extra; j++ {
			if strings.HasPrefix(cells[j], " ") { // "Doe, Jane": people write a blank after a comma, programs do not
				score += 2
			}
		}
		for j := 0; j < width && g.good != nil; j++ {
			switch {
			case j < i:
				score += likeness(g.good[j], cells[j])
			case j > i:
				score += likeness(g.good[j], cells[j+extra])
			}
		}
		switch {
		case score > best:
			best, at, tie = score, i, false
		case score == best:
			tie = true
		}
	}
	if tie || best <= 0 {
		return -1
	}
	return at
}

// missing returns the column that a row of too few cells probably lacks; -1 when none is likelier than others.
func (g *ragged) missing(cells []string, width int) int {
	if len(cells) != width-1 {
		return -1
	}
	best, at, tie := 0, -1, false
	for i := range width {
		score := 0
		for j, c := range cells {
			if j >= i {
				score += likeness(g.good[j+1], c)
			} else {
				score += likeness(g.good[j], c)
			}
		}
		switch {
		case score > best:
			best, at, tie = score, i, false
		case score == best:
			tie = true
		}
	}
	if tie {
		return -1
	}
	return at
}

func (g *ragged) column(i int) string {
	if i < len(g.names) && g.names[i] != "" {
		return fmt.Sprintf("%d (%s)", i+1, g.names[i])
	}
	return fmt.Sprint(i + 1)
}

func separator(comma rune) string {
	if comma == '\t' {
		return "tab"
	}
	return `"` + string(comma) + `"`
}

// likeness scores how alike two cells look: 3 for the same rare shape, 1 for the same common one.
func likeness(a, b string) int {
	x, y := shape(a), shape(b)
	switch {
	case x != y:
		return 0
	case x == "text" || x == "blank":
		return 1
	}
	return 3
}

// shape is the look of a cell: an address, a date, a number, or just text.
func shape(s string) string {
	s = strings.TrimSpace(s)
	digits, marks := 0, 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case strings.ContainsRune("-/.:+T ", r):
			marks++
		}
	}
	switch {
	case s == "":
		return "blank"
	case strings.Contains(s, "@"):
		return "address"
	case digits == len(s):
		return "digits"
	case digits > 0 && digits+marks == len(s) && marks >= 2:
		return "date"
	case digits > 0 && digits+marks >= len(s)-1:
		return "number"
	case strings.EqualFold(s, "true") || strings.EqualFold(s, "false"):
		return "truth"
	case strings.Contains(s, "://") || !strings.Contains(s, " ") && strings.Contains(s, "."):
		return "domain"
	}
	return "text"
}
