// Package delimited reads text whose cells stand apart by a delimiter, in the forms that encoding/csv does not know:
// other quotes or none, quotes escaped by a backslash, cells apart by runs of blanks.
//
// A record is a line, or several where a quoted cell holds line breaks; empty lines are passed over. A cell that begins
// with the quote ends at the next quote that stands before a delimiter or at the end of a line. A quote that stands
// elsewhere makes the record malformed: nothing is repaired. Line ends are LF or CRLF, and LF within cells.
//
// Positions, offsets and errors are those of encoding/csv, so that one reader can stand in the place of the other.
package delimited
