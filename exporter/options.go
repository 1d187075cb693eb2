package exporter

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter/walk"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
)

// Options are what to export, and where to. The zero value writes all users as CSV to standard output.
type Options struct {
	// Schema has the object's attributes, and those of the objects it refers to where references are looked up. nil to
	// read it by ReadSchema while the first pages are read, and wait for it; nil too for attio.Client.Schema.
	Schema     *attio.Schema
	ReadSchema func(context.Context) (*attio.Schema, error)

	Object string    // slug or id; "" for users
	Out    string    // a path, in which {date}, {time} and {object} are filled in; "" or "-" for standard output
	Stdout io.Writer // what "-" writes to, a buffer in memory say; nil for os.Stdout
	// MakeFolder makes the folder of Out (0700) where it is not there; else its lack is an error before the first request.
	MakeFolder bool
	Format     string // csv or jsonl; "" by Out's name, else csv (jsonl with Raw)

	Columns     []string        // names of the flat form's header, in this order; nil for all
	Filter      json.RawMessage // Attio's filter object, passed on as it is; nil for none
	Sort        []SortKey       // the file's order; nil for created_at:asc. Ties stand by record_id
	Limit       int             // at most so many records, the first of the file's order; 0 for all. All are read even so
	References  flat.References
	Raw         bool // JSONL of the records as the API gave them
	Spreadsheet bool // make text cells that a spreadsheet would run as a formula harmless

	// MinRecords is N or N%: with fewer records, or fewer than this share of the file that stands there (or else of
	// ChangesSince), nothing is replaced: *TooFewError. "" for no bound.
	MinRecords string
	// ChangesSince is an earlier export of the same object and format; what was added, changed and deleted since is
	// written to OUT.changes.jsonl. It must be whole: else *NotWholeError before the first request. "" for none.
	ChangesSince string

	InFlight int // pages read at a time; 0 automatic, by latency and refusals, 32 at most
	PageSize int // records a page; 0 for 500, Attio's default; its maximum is not documented
	Version  string
	Progress func(Progress) // told after every page; nil for nobody
	Warn     func(string)   // told once of each thing worth knowing; nil for nobody
}

// Progress tells how far an export is.
type Progress = walk.Progress

// OptionError is an option that cannot be used; nothing was sent.
type OptionError struct {
	Option string // the field of Options: "MinRecords"
	Text   string // what is wrong with it; "" where Err says all
	Err    error  // the cause, where there is one
}

func (e *OptionError) Error() string { return e.Option + ": " + e.Reason() }

// Reason returns the error without the option's name.
func (e *OptionError) Reason() string {
	switch {
	case e.Err == nil:
		return e.Text
	case e.Text == "":
		return e.Err.Error()
	}
	return e.Text + ": " + e.Err.Error()
}

// bad is an OptionError without a cause.
func bad(option, format string, args ...any) error {
	return &OptionError{Option: option, Text: fmt.Sprintf(format, args...)}
}

// Unwrap returns the cause.
func (e *OptionError) Unwrap() error { return e.Err }

// NoFolderError says that the folder of an output is not there. It is an fs.ErrNotExist.
type NoFolderError struct{ Path string }

func (e *NoFolderError) Error() string { return "the folder " + e.Path + " does not exist" }

// Is reports whether target is fs.ErrNotExist.
func (e *NoFolderError) Is(target error) bool { return target == fs.ErrNotExist }

// objectName is what may stand in the name of a file: a slug or an id. Any other name could lead out of the folder.
var objectName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// Expand fills {date} (2026-11-22), {time} (145900) and {object} into the name of an output. Times are UTC.
func Expand(out, object string, t time.Time) string {
	t = t.UTC()
	date, clock := t.Format("2006-01-02"), t.Format("150405")
	return strings.NewReplacer("{date}", date, "{time}", clock, "{object}", object).Replace(out)
}

// Compression of a file, and the name without it and without .incomplete.
func suffixes(path string) (name, compression string) {
	name = strings.TrimSuffix(path, IncompleteSuffix)
	for _, c := range []string{".gz", ".zst"} {
		if short, ok := strings.CutSuffix(name, c); ok {
			return short, c[1:]
		}
	}
	return name, ""
}

// NamesFile reports whether an output's name has an extension that exports have: .csv, .jsonl, .gz and the like.
func NamesFile(out string) bool {
	name, compression := suffixes(out)
	return compression != "" || slices.Contains([]string{".csv", ".jsonl", ".ndjson"}, strings.ToLower(filepath.Ext(name)))
}

// setDefaults checks what can be checked without the schema, and sets the defaults.
func (o *Options) setDefaults(now time.Time) error {
	if o.Object == "" {
		o.Object = "users"
	}
	if !objectName.MatchString(o.Object) {
		return bad("Object", "%q is not the slug of an object", o.Object)
	}
	if o.Out == "" {
		o.Out = "-"
	}
	o.Out = Expand(o.Out, o.Object, now)
	if err := o.formatByName(); err != nil {
		return err
	}
	if len(o.Filter) == 0 {
		o.Filter = nil
	}
	if o.PageSize == 0 {
		o.PageSize = 500
	}
	return o.check()
}

// formatByName sets a format that was not named. A name that promises another than the two is refused: the file would
// be read as that.
func (o *Options) formatByName() error {
	if o.Format != "" {
		return nil
	}
	name, _ := suffixes(o.Out)
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".jsonl", ".ndjson":
		o.Format = "jsonl"
	case ".json", ".tsv", ".xls", ".xlsx", ".ods":
		return bad("Out", "%s: only CSV and JSONL are written, not %s; name a format to use this name", o.Out, ext)
	default:
		o.Format = "csv"
		if o.Raw && ext != ".csv" {
			o.Format = "jsonl"
		}
	}
	return nil
}

func (o *Options) check() error {
	switch {
	case o.Format != "csv" && o.Format != "jsonl":
		return bad("Format", "%q is neither csv nor jsonl", o.Format)
	case o.Raw && o.Format != "jsonl":
		return bad("Raw", "only JSONL can hold raw records")
	case o.Columns != nil && (len(o.Columns) == 0 || slices.Contains(o.Columns, "")):
		return bad("Columns", "a column without a name")
	case o.Raw && (o.Columns != nil || o.Spreadsheet || o.References != "" && o.References != flat.ByID):
		return bad("Raw", "records as the API gave them have no columns, and no form but their own")
	case o.Spreadsheet && o.Format != "csv":
		return bad("Spreadsheet", "only CSV is read by spreadsheets")
	case !slices.Contains([]flat.References{"", flat.ByID, flat.ByKey, flat.ByName}, o.References):
		return bad("References", "%q is none of id, key and name", o.References)
	case o.Limit < 0:
		return bad("Limit", "%d is less than none", o.Limit)
	case o.Filter != nil && !isObject(o.Filter):
		return bad("Filter", "not a JSON object such as {\"name\":{\"$contains\":\"a\"}}")
	case attio.ShapeOf(o.Filter).Values > attio.MaxFilterValues:
		return bad("Filter", "it holds %d values, and Attio takes %d at most", attio.ShapeOf(o.Filter).Values,
			attio.MaxFilterValues)
	case o.Out == "-" && o.MinRecords != "":
		return bad("MinRecords", "standard output replaces no file")
	case o.Out == "-" && o.ChangesSince != "":
		return bad("ChangesSince", "the changes are written beside a file, not to standard output")
	case o.ChangesSince != "" && (o.Raw || o.Limit > 0):
		return bad("ChangesSince", "goes neither with raw records nor with a limit")
	}
	_, _, err := o.minimum()
	return err
}

func isObject(raw json.RawMessage) bool {
	var members map[string]json.RawMessage
	return json.Unmarshal(raw, &members) == nil && members != nil
}

// minimum reads MinRecords: a number, or a share in percent.
func (o *Options) minimum() (number int, percent float64, err error) {
	text, share := strings.CutSuffix(strings.TrimSpace(o.MinRecords), "%")
	if o.MinRecords == "" {
		return 0, 0, nil
	}
	if share {
		percent, err = strconv.ParseFloat(text, 64)
	} else {
		number, err = strconv.Atoi(text)
	}
	if err != nil || number < 0 || !(percent >= 0 && percent <= 100) {
		return 0, 0, bad("MinRecords", "%q is neither a number nor a share up to 100%%", o.MinRecords)
	}
	return number, percent, nil
}
