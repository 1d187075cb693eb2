// Package source reads a file of any format as rows, and writes refused rows back in the file's own format.
//
// Package importer does all of the following by itself; its Options.In is this package's Options.
//
// Open finds out what a file is: its format (CSV, TSV, JSON lines, a JSON array, a sheet of an .xlsx workbook),
// compression, encoding and delimiter. Survey reads it once and counts; Rows reads it again, row by row, as often as
// needed. What was detected is said in Survey.Notes, and Survey.Pinned reads the file so again.
//
// What is wrong with the file as a whole is an *Error with a stable code, which Codes explains, before any row is
// given out. What is wrong with one row is that row's Bad, and the rows behind it are read all the same. A file that
// changes between two readings is an error. No value is repaired: a row is read exactly, or refused with its line and
// column.
//
// Rows are numbered from 1, blank rows left out. Lines count from 1 in the unpacked file, in a sheet by its own rows;
// columns count bytes of a line from 1, in a sheet cells.
//
// Rows that are in no file, which standard input gives or a program ([Table], [Objects]), are copied to disk first
// and then read like a file: with the same codes, and as often as needed.
//
// A File holds nothing open between calls; Close removes such a copy, and of a file does nothing. It is for one
// goroutine at a time, but for Rejects, whose writer may be used beside a reading.
package source
