package mapping

import (
	"fmt"
	"slices"

	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Cell is one cell of a row and where it stands. Line and Column count from 1 in the unpacked file (in .xlsx: the
// sheet's row and column number); Column counts bytes of the line, as encoding/csv does. In JSONL both are those of
// the row's line.
type Cell struct {
	Text         string
	Kind         value.Kind
	Line, Column int32
}

// Row is one data row of the input.
type Row struct {
	Number int // data rows from 1; rows whose cells are all blank have none and are not yielded
	Line   int // the physical line on which it begins
	Cells  []Cell
	// Bad is set when the row as a whole cannot be read (too few or too many cells, a JSON line that does not parse): it
	// is rejected with this. Cells then holds what there was.
	Bad *RowError
	// Raw is the row's own text, kept for rows whose Cells cannot show it (JSON, and Bad rows); "" otherwise.
	Raw string
}

// RowError is what is wrong with a row as a whole.
type RowError struct {
	Code    string // stable, such as CSV012
	Line    int
	Column  int    // 0 where the row has no one place
	Message string // "has 5 cells where the header has 4"
}

// Input describes the file to bind to.
type Input struct {
	Name    string   // the path as the user typed it, for messages
	Columns []string // headers as they are, or the dotted paths of JSON keys in order of first appearance
	JSON    bool     // columns are dotted paths
	// Spreadsheet: the file was exported with --for-spreadsheet, so the apostrophes that it put before formulas are to
	// be taken off.
	Spreadsheet bool
	// Numbered: which line holds the headers is not decided, so that a mapping has to call columns by their numbers.
	Numbered bool
}

// ColumnName is what a mapping calls a column: its header, or its number where it has none or shares it with another.
func (in *Input) ColumnName(i int) string {
	header := in.Columns[i]
	if in.Numbered || header == "" || slices.Contains(in.Columns[:i], header) ||
		slices.Contains(in.Columns[i+1:], header) {
		return fmt.Sprintf("#%d", i+1)
	}
	return header
}
