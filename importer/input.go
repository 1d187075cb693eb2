package importer

import (
	"context"
	"io"
	"iter"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// InputOptions say which file to read and how; the zero value of each detects.
type InputOptions struct {
	Path      string    // "-" is standard input
	Format    string    // csv, tsv, jsonl, json, xlsx; "" by name, then content. .gz and .zst are unpacked in any case
	Delimiter string    // one character, or "tab"
	Encoding  string    // a WHATWG label such as windows-1252
	Sheet     string    // of .xlsx, by name or by number from 1
	Stdin     io.Reader // what "-" reads; nil for os.Stdin
	// Spool is where standard input is copied (compressed, 0600) so that it can be read again; required with "-".
	Spool string
}

// Input is a file of rows that can be read from the start as often as needed.
type Input struct{}

// OpenInput finds out what the file is. Errors are *InputError: the whole file is at fault.
func OpenInput(ctx context.Context, o InputOptions) (*Input, error) { panic("contract") }

// InputError is what is wrong with a file as a whole.
type InputError struct {
	Code   string // stable: CSV001
	Path   string
	Line   int // 0 where it has no place
	Column int
	Text   string
	Hint   []string // what to type instead
}

// Survey is what one quick pass over the whole file found.
type Survey struct {
	Columns   []string
	JSON      bool
	Rows      int      // data rows, bad ones included
	BlankRows int      // rows whose cells are all blank
	Bytes     int64    // of the file as it lies on disk (or the spool's content)
	SHA256    string   // hex, of the same bytes
	Notes     []string // what was detected, a line each, to print once: `delimiter ";"`, `encoding windows-1252 (…)`
}

// Survey reads the whole file once: what is wrong with all of it (an unclosed quote, bytes that are not in the encoding,
// duplicate headers, truncation) is an *InputError here, before any write.
func (in *Input) Survey(ctx context.Context) (Survey, error) { panic("contract") }

// Rows yields the data rows from the first. A row that is at fault by itself has Row.Bad set; an error ends the iteration.
// The row is the caller's: it is not reused.
func (in *Input) Rows(ctx context.Context) iter.Seq2[*mapping.Row, error] { panic("contract") }

// Rejects writes refused rows as they were: same columns, delimiter and encoding, and four more columns at the right
// (attio_row, attio_column, attio_code, attio_error). JSON input gives rejects.jsonl, .xlsx a UTF-8 CSV.
// header is false when the file is appended to.
func (in *Input) Rejects(w io.Writer, header bool) *RejectWriter { panic("contract") }

// RejectsName is the name of the file that Rejects makes: rejects.csv or rejects.jsonl.
func (in *Input) RejectsName() string { panic("contract") }

// RejectWriter writes rejected rows; each Write is whole when it returns.
type RejectWriter struct{}

// Write appends one row with the reason it was refused for. column is the header at fault, "" for the whole row.
func (r *RejectWriter) Write(row *mapping.Row, column, code, message string) error { panic("contract") }

// Path is the input's path as the user typed it.
func (in *Input) Path() string { panic("contract") }

// Options are what the input was opened with, what was detected filled in, so that it is read the same way again.
func (in *Input) Options() InputOptions { panic("contract") }
