package mapping

import "fmt"

// CellError is a refused cell.
type CellError struct {
	Code   string // stable, such as VAL021; Codes explains each
	Row    int    // data rows from 1
	Line   int
	Column int    // position in the line, as in Cell
	Index  int    // the input's column, from 0; -1 for a constant, and for an attribute that no column fills
	Header string // the column's header; the attribute's slug where Index is -1
	// Attribute is what the cell fills: a slug, or that of a part, such as name.first_name.
	Attribute string
	Value     string // the cell as it is
	// Piece is the one value that is refused, of a cell that holds several; else Value.
	Piece    string
	From, To int    // the offending bytes of Value; both 0 for the whole cell
	Message  string // "\"ada@\" is not an e-mail address"
	Accepted string // what would be accepted: "an address such as ada@example.com"
	Fix      string // the one mapping line to add or change; "" where there is none
}

// Error says where and what: `41:7: row 40, column "E-mail": "ada@" is not an e-mail address`. The file's name is the
// caller's to put in front.
func (e *CellError) Error() string {
	return fmt.Sprintf("%d:%d: row %d, column %q: %s", e.Line, e.Column, e.Row, e.Header, e.Message)
}
