package source

import (
	"fmt"
	"sort"
)

// Lines remembers on which line each row begins: 8 bytes for each row that is not on the line behind the row before it.
type Lines struct{ turns []turn }

// turn is a row that begins elsewhere than behind the row before it.
type turn struct{ row, line int32 }

// Add notes the line of a row; rows come in their order.
func (l *Lines) Add(row, line int) {
	if l.Of(row) != line {
		l.turns = append(l.turns, turn{int32(row), int32(line)}) //nolint:gosec // cells count lines in 32 bits as well
	}
}

// Of is the line on which a row begins; 0 where no row up to it was added.
func (l *Lines) Of(row int) int {
	i := sort.Search(len(l.turns), func(i int) bool { return int(l.turns[i].row) > row })
	if i == 0 {
		return 0
	}
	t := l.turns[i-1]
	return int(t.line) + row - int(t.row)
}

// Place names a row that was added, and its line: "row 3 (line 4)".
func (l *Lines) Place(row int) string { return fmt.Sprintf("row %d (line %d)", row, l.Of(row)) }
