package source

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// maxPaths bounds the columns of JSON input: more are data written as keys.
const maxPaths = 10_000

// element is the text of one object and where it begins.
type element struct {
	text         string
	line, column int
}

// jsonSource reads JSON objects: one a line, or the elements of one array.
type jsonSource struct {
	in      *File
	split   func(*File, *pass) func() (element, error) // the objects one after another, io.EOF after the last
	columns []string
	index   map[string]int
}

func newJSONLines(in *File) *jsonSource { return &jsonSource{in: in, split: newLines} }
func newJSONArray(in *File) *jsonSource { return &jsonSource{in: in, split: newArray} }

// lines are split here, not by the JSON decoder, so that a bad one costs one row only.
type lines struct {
	in   *File
	text *bufio.Scanner
	line int
}

func newLines(in *File, p *pass) func() (element, error) {
	l := &lines{in: in, text: bufio.NewScanner(in.enc.Unchecked(p))}
	l.text.Buffer(make([]byte, 64<<10), maxRow)
	return l.next
}

func (l *lines) next() (element, error) {
	more := l.text.Scan()
	l.line++
	switch err := l.text.Err(); {
	case err == bufio.ErrTooLong:
		text := fmt.Sprintf("the line is longer than %d MiB", maxRow>>20)
		return element{}, l.in.fault("JSN003", text, "write one object a line, or an array of objects").at(l.line, 0)
	case err != nil:
		return element{}, err
	case !more:
		return element{}, io.EOF
	}
	return element{text: l.text.Text(), line: l.line, column: 1}, nil
}

// jsonRows are the rows of one pass.
type jsonRows struct {
	s    *jsonSource
	read func() (element, error)
	obj  objectReader
	gaps blankRows
	own  map[string]bool // keys of a rejects file's own, in any object

	// Of the object at hand:
	element
	row   *mapping.Row // nil where it is only counted
	fresh []string     // keys that are no column yet
	empty bool         // it says nothing
	raw   string       // attio_raw
	twice string       // a key that it has twice, once with a dot and once nested
}

func (s *jsonSource) begin(p *pass) (records, error) {
	if s.in.survey == nil {
		s.columns, s.index = nil, map[string]int{}
	}
	return &jsonRows{s: s, read: s.split(s.in, p), own: map[string]bool{}}, nil
}

func (r *jsonRows) next(row *mapping.Row) (line int, isBlank bool, err error) {
	if r.element, err = r.read(); err != nil {
		return 0, false, err
	}
	r.row, r.fresh, r.empty, r.raw, r.twice = row, r.fresh[:0], true, "", ""
	line = r.line
	if row != nil {
		n := len(r.s.columns)
		*row = mapping.Row{Line: line, Raw: r.text, Cells: slices.Grow(row.Cells[:0], n)[:n]}
		for i := range row.Cells {
			row.Cells[i] = mapping.Cell{Kind: value.NullCell, Line: int32(line), Column: int32(r.column)}
		}
	}
	bad := r.object()
	if bad == nil && r.empty && r.raw == "" {
		r.gaps.add(line)
		isBlank = true
	}
	switch {
	case r.s.in.survey == nil && bad == nil: // a bad line makes no columns
		r.s.learn(r.fresh)
		if len(r.s.columns) > maxPaths {
			return 0, false, r.s.in.fault("JSN004", "the objects have more than 10,000 different keys",
				"keys that are data (ids, dates) cannot be columns: turn them into values").at(line, 0)
		}
	case bad != nil || isBlank:
	case len(r.fresh) > 0:
		return 0, false, r.s.in.changed()
	case r.empty:
		row.Raw = r.raw
		bad = &mapping.RowError{Code: "JSN015", Line: line,
			Message: "has nothing but its old text in attio_raw; put the repaired object in its place"}
	case r.twice != "":
		bad = &mapping.RowError{Code: "JSN012", Line: line,
			Message: fmt.Sprintf("has the key %q twice, once with a dot and once nested", r.twice)}
	}
	if row != nil {
		row.Bad = bad
	}
	return line, isBlank, nil
}

// object reads the object at hand; a blank line is an object without keys.
func (r *jsonRows) object() *mapping.RowError {
	if strings.TrimSpace(r.text) == "" {
		return nil
	}
	bad := r.obj.read(r.text, r.member)
	if bad != nil {
		bad.Line, bad.Column = r.place(bad.Column - 1)
	}
	return bad
}

// member takes a value of the object at hand.
func (r *jsonRows) member(path []byte, kind value.Kind, text string, offset int) {
	i, known := r.s.index[string(path)]
	switch {
	case known:
		r.empty = r.empty && blankJSON(kind, text)
		if r.row == nil {
			return
		}
		line, column := r.place(offset)
		c := &r.row.Cells[i]
		if c.Column != int32(r.column) || c.Line != int32(r.line) {
			r.twice = string(path)
		}
		*c = mapping.Cell{Text: text, Kind: kind, Line: int32(line), Column: int32(column)}
	case slices.Contains(rejectColumns, string(path)):
		if r.own[string(path)] = true; string(path) == "attio_raw" && !blankJSON(kind, text) {
			r.raw = text
		}
	default:
		r.empty = r.empty && blankJSON(kind, text)
		r.fresh = append(r.fresh, string(path))
	}
}

func (r *jsonRows) finish(out *Survey) error {
	s := r.s
	if out.Rows == 0 {
		s.learn(s.in.o.Columns)
	}
	if out.JSON = true; len(r.own) > 0 {
		s.expect(s.in.o.Mapping)
		out.Notes = append(out.Notes,
			"keys of an earlier rejects file ignored: "+strings.Join(slices.Sorted(maps.Keys(r.own)), ", "))
	}
	out.Columns = s.columns
	r.gaps.note(out)
	return nil
}

// expect adds the columns that a mapping names and that no row has: the refused rows of a file need not have every key
// of it.
func (s *jsonSource) expect(f *mapfile.File) {
	if f == nil {
		return
	}
	names := slices.DeleteFunc(slices.Clone(f.Ignore), mapfile.IsPattern)
	for i := range f.Columns {
		column, _ := mapping.Nested(f.Columns[i].Column)
		names = append(names, column)
		if country := f.Columns[i].CountryColumn; country != "" {
			names = append(names, country)
		}
		for _, t := range f.Columns[i].Transform {
			names = append(names, t.Columns...)
		}
	}
	// as the mapping compares
	loose := func(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }
	for _, n := range names {
		known := func(column string) bool { return loose(column) == loose(n) }
		if !strings.HasPrefix(n, "#") && !slices.ContainsFunc(s.columns, known) {
			s.learn([]string{n})
		}
	}
}

func (s *jsonSource) learn(paths []string) {
	for _, p := range paths {
		if _, known := s.index[p]; !known {
			s.index[p] = len(s.columns)
			s.columns = append(s.columns, p)
		}
	}
}

// place is where an offset of the element's text stands in the file.
func (e element) place(offset int) (line, column int) {
	before := e.text[:offset]
	if i := strings.LastIndexByte(before, '\n'); i >= 0 {
		return e.line + strings.Count(before, "\n"), offset - i
	}
	return e.line, e.column + offset
}

// blankJSON reports whether a value says nothing: null, blank text, or an empty array.
func blankJSON(kind value.Kind, text string) bool {
	switch kind {
	case value.NullCell:
		return true
	case value.TextCell:
		return strings.TrimSpace(text) == ""
	case value.JSONCell:
		return strings.TrimSpace(strings.Trim(text, "[]")) == ""
	}
	return false
}

func (s *jsonSource) rejects(w io.Writer) *RejectWriter {
	enc := s.in.enc
	return &RejectWriter{out: w, bom: enc.BOM, write: jsonRejects{enc.Writer(w)}.write}
}
