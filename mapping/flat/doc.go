// Package flat writes records as flat rows: cells of a CSV file, or JSON objects of the same names.
//
// The columns come from the schema, never from the data, and an import reads every row back unchanged. The rules stand
// at the top of flat.go. A Flat is safe for several goroutines.
package flat
