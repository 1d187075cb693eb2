package source

import (
	"bufio"
	"bytes"
	"context"
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

// elements reads the texts of objects one after another, io.EOF after the last.
type elements interface {
	next() (element, error)
}

// jsonSource reads JSON objects: one a line, or the elements of one array.
type jsonSource struct {
	in      *File
	split   func(*File, *pass) elements
	columns []string
	index   map[string]int
}

func newJSONLines(in *File) *jsonSource { return &jsonSource{in: in, split: newLines} }
func newJSONArray(in *File) *jsonSource { return &jsonSource{in: in, split: newArray} }

// lines are split here, not by the JSON decoder, so that a bad one costs one row only.
type lines struct {
	in   *File
	r    *bufio.Reader
	line int
	long []byte
}

func newLines(in *File, p *pass) elements {
	return &lines{in: in, r: bufio.NewReaderSize(in.enc.Unchecked(p), 64<<10)}
}

func (l *lines) next() (element, error) {
	part, err := l.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		l.long = append(l.long[:0], part...)
		for err == bufio.ErrBufferFull && len(l.long) <= maxRow {
			part, err = l.r.ReadSlice('\n')
			l.long = append(l.long, part...)
		}
		part = l.long
	}
	l.line++
	if len(part) > maxRow {
		e := l.in.fault("JSN003", fmt.Sprintf("the line is longer than %d MiB", maxRow>>20), "write one object a line, or an array of objects")
		e.Line = l.line
		return element{}, e
	}
	if err != nil && (err != io.EOF || len(part) == 0) {
		return element{}, err
	}
	part = bytes.TrimSuffix(bytes.TrimSuffix(part, []byte{'\n'}), []byte{'\r'})
	return element{text: string(part), line: l.line, column: 1}, nil
}

// keys gathers what the survey wants to know of one object after another.
type keys struct {
	known map[string]int
	fresh []string        // of this object, not known before
	own   map[string]bool // keys of a rejects file's own, in any object
	empty bool            // this object says nothing
}

func (k *keys) see(path []byte, kind value.Kind, text string, _ int) {
	if _, known := k.known[string(path)]; known {
		k.empty = k.empty && blankJSON(kind, text)
		return
	}
	name := string(path)
	if slices.Contains(rejectColumns, name) {
		k.own[name] = true
		k.empty = k.empty && (name != "attio_raw" || blankJSON(kind, text))
		return
	}
	k.empty = k.empty && blankJSON(kind, text)
	k.fresh = append(k.fresh, name)
}

func (s *jsonSource) survey(ctx context.Context, p *pass, out *Survey) error {
	s.columns, s.index = nil, map[string]int{}
	var obj objectReader
	var gaps blankRows
	k := keys{known: s.index, own: map[string]bool{}}
	split := s.split(s.in, p)
	for n := 0; ; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		e, err := split.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		k.fresh, k.empty = k.fresh[:0], true
		bad := s.read(&obj, e, k.see)
		if bad == nil && k.empty {
			gaps.add(e.line)
		} else {
			out.Rows++
			out.lastLine = e.line
		}
		if bad == nil { // a bad line makes no columns
			s.learn(k.fresh)
		}
		if len(s.columns) > maxPaths {
			f := s.in.fault("JSN004", "the objects have more than 10,000 different keys", "keys that are data (ids, dates) cannot be columns: turn them into values")
			f.Line = e.line
			return f
		}
	}
	if out.Rows == 0 {
		s.learn(s.in.o.Columns)
	}
	out.JSON, out.Columns, out.BlankRows = true, s.columns, gaps.n
	if len(k.own) > 0 {
		s.expect(s.in.o.Mapping)
		out.Columns = s.columns
		out.Notes = append(out.Notes, "keys of an earlier rejects file ignored: "+strings.Join(slices.Sorted(maps.Keys(k.own)), ", "))
	}
	gaps.note(out)
	return nil
}

// expect adds the columns that a mapping names and that no row has: the refused rows of a file need not have every key
// of it.
func (s *jsonSource) expect(f *mapfile.File) {
	if f == nil {
		return
	}
	names := slices.Clone(f.Ignore)
	for i := range f.Columns {
		names = append(names, f.Columns[i].Column)
		for _, t := range f.Columns[i].Transform {
			names = append(names, t.Columns...)
		}
	}
	loose := func(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) } // as the mapping compares
	there := make(map[string]bool, len(s.columns))
	for _, c := range s.columns {
		there[loose(c)] = true
	}
	for _, n := range names {
		if strings.HasPrefix(n, "#") || there[loose(n)] {
			continue
		}
		there[loose(n)] = true
		s.index[n] = len(s.columns)
		s.columns = append(s.columns, n)
	}
}

// read reads an element's object; a blank line is an object without keys.
func (s *jsonSource) read(obj *objectReader, e element, each leaf) *mapping.RowError {
	if strings.TrimSpace(e.text) == "" {
		return nil
	}
	bad := obj.read(e.text, each)
	if bad != nil {
		bad.Line, bad.Column = e.place(bad.Column - 1)
	}
	return bad
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

func (s *jsonSource) rows(ctx context.Context, p *pass, storage func() *mapping.Row, yield func(*mapping.Row) bool) error {
	var obj objectReader
	split := s.split(s.in, p)
	row := storage()
	for number := 0; ; {
		e, err := split.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if blank, err := s.row(&obj, e, row); err != nil {
			return err
		} else if blank {
			continue
		}
		number++
		row.Number = number
		if number%checkEvery == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !yield(row) {
			return nil
		}
		row = storage()
	}
}

// row makes the row of an element, and reports whether it is blank.
func (s *jsonSource) row(obj *objectReader, e element, row *mapping.Row) (isBlank bool, err error) {
	*row = mapping.Row{Line: e.line, Raw: e.text, Cells: slices.Grow(row.Cells[:0], len(s.columns))[:len(s.columns)]}
	for i := range row.Cells {
		row.Cells[i] = mapping.Cell{Kind: value.NullCell, Line: int32(e.line), Column: int32(e.column)}
	}
	empty, unknown, twice, raw := true, false, "", ""
	row.Bad = s.read(obj, e, func(path []byte, kind value.Kind, text string, offset int) {
		i, known := s.index[string(path)]
		switch {
		case known:
			empty = empty && blankJSON(kind, text)
			line, column := e.place(offset)
			c := &row.Cells[i]
			if c.Column != int32(e.column) || c.Line != int32(e.line) {
				twice = string(path)
			}
			*c = mapping.Cell{Text: text, Kind: kind, Line: int32(line), Column: int32(column)}
		case string(path) == "attio_raw":
			if !blankJSON(kind, text) {
				raw = text
			}
		default:
			unknown = unknown || !slices.Contains(rejectColumns, string(path))
		}
	})
	switch {
	case row.Bad != nil:
	case empty && raw == "":
		return true, nil
	case unknown:
		return false, s.in.changed()
	case empty:
		row.Raw = raw
		row.Bad = &mapping.RowError{Code: "JSN015", Line: e.line, Message: "has nothing but its old text in attio_raw; put the repaired object in its place"}
	case twice != "":
		row.Bad = &mapping.RowError{Code: "JSN012", Line: e.line, Message: fmt.Sprintf("has the key %q twice, once with a dot and once nested", twice)}
	}
	return false, nil
}

func (s *jsonSource) rejects(w io.Writer) rejectEncoder {
	return &jsonRejects{w: s.in.enc.Writer(w), out: w, bom: s.in.enc.BOM}
}
