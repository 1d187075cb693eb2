package source

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/source/charset"
	"github.com/attio-bulk/attio-bulk/importer/source/dialect"
	"github.com/attio-bulk/attio-bulk/importer/source/layout"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// Dialect is how a file is written, as far as a person says so.
type Dialect = dialect.Dialect

// Options say which file to read and how; the zero value of each detects.
type Options struct {
	Dialect
	Path  string    // "-" is standard input
	Stdin io.Reader // what "-" reads; nil for os.Stdin
	// Spool is where what is in no file is copied to (compressed, 0600) so that it can be read again; "" for a temporary
	// file, which Close removes. A complete spool that is there already is read instead, which is how a run is resumed.
	Spool string
	// Mapping is what the file will be read with; nil where that is not known. A rejects file of JSON has the columns that
	// it names also where no refused row had the key.
	Mapping *mapfile.File
	// Undecided: where a person has to decide how the file is to be read, read it by the likelier of its Choices. Without
	// it such a file is an *Error.
	Undecided bool

	// FirstLine looks for no table, as older versions did: the first line that is not blank is the header, and all lines
	// below it are rows.
	FirstLine bool

	rows func(context.Context, io.Writer) error // writes the rows of Table or Objects; nil for those of a file
}

// File is a file of rows that can be read from the start as often as needed. It is for one goroutine at a time.
type File struct {
	o      Options
	temp   string // the folder of a temporary spool; "" for none
	file   string // what is opened: the path, or the spool
	format string
	enc    charset.Encoding
	guess  bool    // the encoding was detected from the head only: later bytes may still change it
	d      Dialect // what was said of it, by Options or the mapping
	form   csvForm
	sheet  string // of a workbook, by its name
	layout layout.Layout
	// headless: no line is a header, and columns have numbers only.
	headless bool
	notes    []string
	src      source
	survey   *Survey // nil until Survey, or Begin, whose rows complete it
	misled   bool    // Begin took the rest of the file for what it is not
	stat     os.FileInfo
}

// Survey is what one quick pass over the whole file found.
type Survey struct {
	Columns   []string // "" where a CSV column has no header: it is addressed by its number, "#3"
	JSON      bool
	Rows      int      // data rows, bad ones included
	BlankRows int      // rows whose cells are all blank
	Bytes     int64    // of the file as it lies on disk (or the spool's content)
	SHA256    string   // hex, of the same bytes
	lastLine  int      // on which the last row begins
	Notes     []string // what was detected, a line each, to print once: `delimiter ";"`, `encoding windows-1252 (…)`
	// Pinned are the settings with which the file is read in the same way again, without anything detected.
	Pinned Dialect
	// Next is the line at which another table begins, 0 for none; Rest is how many rows stand there and below. They are
	// not read. OneTable makes an error of it.
	Next, Rest int
	// Suspects are rows at the end that look like totals or notes. They are read all the same.
	Suspects []layout.Suspect
}

// Open finds out what the file is. Errors are *Error: the whole file is at fault.
func Open(ctx context.Context, o Options) (*File, error) {
	in := &File{o: o, file: o.Path}
	var err error
	if o.Path == "-" || o.rows != nil || o.Spool != "" {
		err = in.spool(ctx)
	}
	if err == nil {
		err = in.look(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

// Close removes the copy of what is in no file. Of a file it does nothing.
func (in *File) Close() error { return os.RemoveAll(in.temp) } // "" is nothing

// look opens the file and finds out what it is.
func (in *File) look(ctx context.Context) error {
	st, err := os.Stat(in.file)
	if err != nil {
		return in.openError(err)
	}
	if !st.Mode().IsRegular() {
		return in.fault("FIL002", kindOf(st)+", not a file", "name a file, or - for standard input")
	}
	in.stat = st
	head, packing, err := in.head(ctx)
	if err != nil {
		return err
	}
	o, nothing := &in.o, len(head) == 0
	if nothing && (o.Columns == nil || o.Format != "" && o.Format != "jsonl") {
		return in.fault("FIL003", "the file is empty")
	}
	for _, p := range packing {
		in.note("compressed with " + p)
	}
	if nothing {
		in.format, in.enc, in.src = "jsonl", charset.UTF8, newJSONLines(in)
		return nil
	}
	return in.detect(ctx, head)
}

// RejectsName is the name of the file that Rejects makes: rejects.csv or rejects.jsonl.
func (in *File) RejectsName() string {
	if in.format == "jsonl" || in.format == "json" {
		return "rejects.jsonl"
	}
	return "rejects.csv"
}

// Path is the input's path as the user typed it.
func (in *File) Path() string { return in.o.Path }

// Options are what the input was opened with; the same bytes are detected to be the same again.
func (in *File) Options() Options { return in.o }

// Describe is the input as a mapping is bound to it. name is what messages call it.
func (in *File) Describe(name string, s Survey) mapping.Input {
	return mapping.Input{Name: name, Columns: s.Columns, JSON: s.JSON, Spreadsheet: in.o.Spreadsheet}
}

func (in *File) note(s string) { in.notes = append(in.notes, s) }

func kindOf(st os.FileInfo) string {
	if st.IsDir() {
		return "a folder"
	}
	return "a " + strings.TrimLeft(st.Mode().Type().String(), "-") + " special file"
}

// extension returns the last name part that says something, in lower case: csv for Users.CSV.gz.
func extension(path string) string {
	for {
		ext := strings.ToLower(filepath.Ext(path))
		switch ext {
		case ".gz", ".zst", ".gzip", ".zstd":
			path = path[:len(path)-len(ext)]
		default:
			return strings.TrimPrefix(ext, ".")
		}
	}
}
