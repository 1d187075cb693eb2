// Package layout finds the table inside a file: which line is its header, what stands above it and below it, and
// whether another table follows.
//
// Rows are judged by their cells alone: how many of them are filled, and what kind each is (a number, a date, an e-mail
// address, a text). A header is the row that fills the columns of the rows below it and is unlike them. Find says what
// it found and why. Where a person could read the rows in two ways it gives both as Readings, the likelier first, and
// decides nothing. No row is changed here, and none is left out but lines above a header.
package layout
