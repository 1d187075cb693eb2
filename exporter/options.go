package exporter

import (
	"cmp"
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
	Err    error  // what is wrong with it
}

func (e *OptionError) Error() string { return e.Option + ": " + e.Err.Error() }

// Unwrap returns what is wrong.
func (e *OptionError) Unwrap() error { return e.Err }

func bad(option, format string, args ...any) error {
	return &OptionError{option, fmt.Errorf(format, args...)}
}

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

// suffixes returns what a name says of a file, .incomplete aside: its extension in lower case, and the compression.
func suffixes(name string) (ext, compression string) {
	name = strings.TrimSuffix(name, IncompleteSuffix)
	if c := filepath.Ext(name); c == ".gz" || c == ".zst" {
		name, compression = strings.TrimSuffix(name, c), c[1:]
	}
	return strings.ToLower(filepath.Ext(name)), compression
}

// NamesFile reports whether an output's name has an extension that exports have: .csv, .jsonl, .gz and the like.
func NamesFile(out string) bool {
	ext, compression := suffixes(out)
	return compression != "" || slices.Contains([]string{".csv", ".jsonl", ".ndjson"}, ext)
}

// setDefaults checks what can be checked without the schema, and sets the defaults. A name that promises a format that
// is none of the two is refused where none is named: the file would be read as that.
func (o *Options) setDefaults(now time.Time) error {
	o.Object, o.Out, o.References = cmp.Or(o.Object, "users"), cmp.Or(o.Out, "-"), cmp.Or(o.References, flat.ByID)
	if len(o.Sort) == 0 {
		o.Sort = []SortKey{{Attribute: "created_at"}}
	}
	if len(o.Filter) == 0 {
		o.Filter = nil
	}
	o.Out = Expand(o.Out, o.Object, now)
	ext, _ := suffixes(o.Out)
	foreign := o.Format == "" && slices.Contains([]string{".json", ".tsv", ".xls", ".xlsx", ".ods"}, ext)
	byName := "csv"
	if ext == ".jsonl" || ext == ".ndjson" || o.Raw && ext != ".csv" {
		byName = "jsonl"
	}
	o.Format = cmp.Or(o.Format, byName)
	_, _, sound := o.leastRecords()
	values := attio.ShapeOf(o.Filter).Values
	var members map[string]json.RawMessage
	object := o.Filter == nil || json.Unmarshal(o.Filter, &members) == nil && members != nil
	form := []flat.References{flat.ByID, flat.ByKey, flat.ByName}
	own := o.Columns != nil || o.Spreadsheet || o.References != flat.ByID
	for _, c := range []struct {
		wrong        bool
		option, text string
	}{
		{!objectName.MatchString(o.Object), "Object", fmt.Sprintf("%q is not the slug of an object", o.Object)},
		{foreign, "Out", o.Out + ": only CSV and JSONL are written, not " + ext + "; name a format to use this name"},
		{o.Format != "csv" && o.Format != "jsonl", "Format", strconv.Quote(o.Format) + " is neither csv nor jsonl"},
		{o.Raw && o.Format != "jsonl", "Raw", "only JSONL can hold raw records"},
		{o.Columns != nil && (len(o.Columns) == 0 || slices.Contains(o.Columns, "")), "Columns", "a column without a name"},
		{o.Raw && own, "Raw", "records as the API gave them have no columns, and no form but their own"},
		{o.Spreadsheet && o.Format != "csv", "Spreadsheet", "only CSV is read by spreadsheets"},
		{!slices.Contains(form, o.References), "References", fmt.Sprintf("%q is none of id, key and name", o.References)},
		{o.Limit < 0, "Limit", fmt.Sprintf("%d is less than none", o.Limit)},
		{!object, "Filter", `not a JSON object such as {"name":{"$contains":"a"}}`},
		{values > attio.MaxFilterValues, "Filter",
			fmt.Sprintf("it holds %d values, and Attio takes %d at most", values, attio.MaxFilterValues)},
		{o.Out == "-" && o.MinRecords != "", "MinRecords", "standard output replaces no file"},
		{o.Out == "-" && o.ChangesSince != "", "ChangesSince",
			"the changes are written beside a file, not to standard output"},
		{o.ChangesSince != "" && (o.Raw || o.Limit > 0), "ChangesSince", "goes neither with raw records nor with a limit"},
		{!sound, "MinRecords", fmt.Sprintf("%q is neither a number nor a share up to 100%%", o.MinRecords)},
	} {
		if c.wrong {
			return bad(c.option, "%s", c.text)
		}
	}
	return nil
}

// leastRecords reads MinRecords: a number, or a share in percent. It reports whether it is one of these.
func (o *Options) leastRecords() (number int, percent float64, ok bool) {
	text, share := strings.CutSuffix(strings.TrimSpace(cmp.Or(o.MinRecords, "0")), "%")
	var err error
	if share {
		percent, err = strconv.ParseFloat(text, 64)
	} else {
		number, err = strconv.Atoi(text)
	}
	return number, percent, err == nil && number >= 0 && percent >= 0 && percent <= 100
}
