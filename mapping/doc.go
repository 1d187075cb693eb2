// Package mapping binds a mapping file to a file's columns and a workspace's schema.
//
// Bind makes a Plan, or Problems: everything that is wrong, at once, each with its place and the lines to add. A Plan
// turns a row into a Record (Values), a record's fields into the JSON of a write (Encode), and compares a record with
// what Attio has (Change). Keys are a record's values of unique attributes, by which it is found again.
//
// A row's fate is data: a cell that is refused is a CellError with its code, position and the line that would take it.
// Nothing here does I/O, logs, or knows a client. A Plan is safe for several goroutines; a Record belongs to one.
//
// The packages below it: value reads and writes single values, mapfile the YAML file, flat the rows of an export;
// propose, above it, makes a mapping from a file's cells.
package mapping
