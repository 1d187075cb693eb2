package source

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/attio-bulk/attio-bulk/importer/source/charset"
	"github.com/attio-bulk/attio-bulk/importer/source/dialect"
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
	// Spool is where standard input is copied (compressed, 0600) so that it can be read again; required with "-". A
	// complete spool that is there already is read instead of standard input, which is how a run is resumed.
	Spool string
	// Mapping is what the file will be read with; nil where that is not known. A rejects file of JSON has the columns that
	// it names also where no refused row had the key.
	Mapping *mapfile.File
}

// File is a file of rows that can be read from the start as often as needed. It is for one goroutine at a time.
type File struct {
	o        Options
	file     string // what is opened: the path, or the spool
	format   string
	enc      charset.Encoding
	guess    bool // the encoding was detected from the head only: later bytes may still change it
	form     csvForm
	notes    []string
	src      source
	surveyed *Survey
	begun    *Survey // what Begin found out, until a reading has completed it
	stat     os.FileInfo
}

// A source reads rows of one format. Both passes see the same rows, and number them alike.
type source interface {
	// survey counts and checks everything; it fills Columns, JSON, Rows, BlankRows and Notes.
	survey(ctx context.Context, p *pass, s *Survey) error
	// rows gives each row to yield, in storage that is asked for before, until that returns false.
	rows(ctx context.Context, p *pass, storage func() *mapping.Row, yield func(*mapping.Row) bool) error
	// rejects returns what writes rows back; it is called after survey.
	rejects(w io.Writer) rejectEncoder
}

// Error is what is wrong with a file as a whole.
type Error struct {
	Code   string // stable: CSV001, a key of Codes
	Path   string
	Line   int // 0 where it has no place
	Column int
	Text   string
	Remedy []string // what to do with the file, a line each
	// Setting is the field of Options that would help with one of Values, or left out where there are none; "" where none
	// would.
	Setting Setting
	Values  []string
	Sure    int   // of FIL009: rows up to this one are those of the file surveyed; the ones behind may be another file's
	Err     error // the cause, where there is one: an *fs.PathError, say
}

// A Setting names a field of Options that a person chooses.
type Setting string

// The settings.
const (
	Format    Setting = "format"
	Delimiter Setting = "delimiter"
	Encoding  Setting = "encoding"
	Sheet     Setting = "sheet"
)

// Error says where and what: users.csv:41:7: a quote is opened and never closed.
func (e *Error) Error() string {
	place := displayName(e.Path)
	if e.Line > 0 {
		place += fmt.Sprintf(":%d", e.Line)
		if e.Column > 0 {
			place += fmt.Sprintf(":%d", e.Column)
		}
	}
	return place + ": " + e.Text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func displayName(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
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
}

// Open finds out what the file is. Errors are *Error: the whole file is at fault.
func Open(ctx context.Context, o Options) (*File, error) {
	in := &File{o: o, file: o.Path}
	if o.Path == "-" {
		if err := spool(ctx, o); err != nil {
			return nil, err
		}
		in.file = o.Spool
	}
	st, err := os.Stat(in.file)
	if err != nil {
		return nil, in.openError(err)
	}
	if !st.Mode().IsRegular() {
		return nil, in.fault("FIL002", kindOf(st)+", not a file", "name a file, or - for standard input")
	}
	in.stat = st
	head, packing, err := in.head(ctx)
	if err != nil {
		return nil, err
	}
	nothing := len(head) == 0
	if nothing && (o.Columns == nil || o.Format != "" && o.Format != "jsonl") {
		return nil, in.fault("FIL003", "the file is empty")
	}
	for _, p := range packing {
		in.note("compressed with " + p)
	}
	if nothing {
		in.format, in.enc, in.src = "jsonl", charset.UTF8, newJSONLines(in)
		return in, nil
	}
	if err := in.detect(ctx, head); err != nil {
		return nil, err
	}
	return in, nil
}

// Survey reads the whole file once: what is wrong with all of it (an unclosed quote, bytes that are not in the
// encoding, duplicate headers, truncation) is an *Error here, before any write.
func (in *File) Survey(ctx context.Context) (Survey, error) {
	s, err := in.surveyOnce(ctx)
	if e, ok := asEncodingError(err); ok && in.guess {
		// The head was UTF-8 (mostly: ASCII) and something later is not: look at all of it before deciding.
		if ge := in.guessEncoding(ctx, e); ge != nil {
			return Survey{}, ge
		}
		s, err = in.surveyOnce(ctx)
	}
	if err != nil {
		return Survey{}, in.wrap(ctx, err, s.Rows, s.lastLine)
	}
	in.surveyed = &s
	return s, nil
}

func (in *File) surveyOnce(ctx context.Context) (Survey, error) {
	s := Survey{Notes: append([]string(nil), in.notes...)}
	p, err := in.open()
	if err != nil {
		return s, err
	}
	defer p.Close()
	if in.stat, err = os.Stat(in.file); err != nil {
		return s, in.openError(err)
	}
	if err := in.src.survey(ctx, p, &s); err != nil {
		return s, err
	}
	if in.guess {
		s.Notes = append(s.Notes, "encoding "+in.enc.Name)
	}
	s.SHA256, s.Bytes, err = p.finish()
	return s, err
}

// unchanged compares the file with the one surveyed: by size and time, and by its hash where the time alone differs.
func (in *File) unchanged() error {
	st, err := os.Stat(in.file)
	if err != nil {
		return in.openError(err)
	}
	if st.Size() != in.stat.Size() {
		return in.changed()
	}
	if st.ModTime().Equal(in.stat.ModTime()) {
		return nil
	}
	p, err := in.open()
	if err != nil {
		return err
	}
	defer p.Close()
	if sum, _, err := p.finish(); err != nil || sum != in.surveyed.SHA256 {
		return in.changed()
	}
	in.stat = st
	return nil
}

func (in *File) changed() error {
	return in.fault("FIL009", "the file changed while it was being read", "start again with a file that nobody writes to")
}

// RejectsName is the name of the file that Rejects makes: rejects.csv or rejects.jsonl.
func (in *File) RejectsName() string {
	if in.format == "jsonl" || in.format == "json" {
		return "rejects.jsonl"
	}
	return "rejects.csv"
}

// ModTime is when the file was last written, as of the survey.
func (in *File) ModTime() time.Time { return in.stat.ModTime() }

// Path is the input's path as the user typed it.
func (in *File) Path() string { return in.o.Path }

// Options are what the input was opened with; the same bytes are detected to be the same again.
func (in *File) Options() Options { return in.o }

// Describe is the input as a mapping is bound to it. name is what messages call it.
func (in *File) Describe(name string, s Survey) mapping.Input {
	return mapping.Input{Name: name, Columns: s.Columns, JSON: s.JSON, Spreadsheet: in.o.Spreadsheet}
}

func (in *File) note(s string) { in.notes = append(in.notes, s) }

func (in *File) fault(code, text string, remedy ...string) *Error {
	return &Error{Code: code, Path: in.o.Path, Text: text, Remedy: remedy}
}

// set says which setting would help, with which values; without any, it is to be left out.
func (e *Error) set(s Setting, values ...string) *Error {
	e.Setting, e.Values = s, values
	return e
}

func (in *File) openError(err error) *Error {
	text := "the file cannot be read"
	switch {
	case os.IsNotExist(err):
		text = "there is no such file"
	case os.IsPermission(err):
		text = "no permission to read the file"
	}
	e := in.fault("FIL001", text)
	e.Err = err
	return e
}

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
