package exporter

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"path/filepath"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/attio-bulk/attio-bulk/exporter/walk"
)

// Since says what changed between two exports.
type Since struct {
	File    string `json:"file"` // name of the earlier one, without its folder
	Added   int    `json:"added"`
	Changed int    `json:"changed"`
	Deleted int    `json:"deleted"`
}

// OUT.changes.jsonl has a line for each record that was added, changed or deleted, by ascending record_id:
//
//	{"change":"added","record_id":"…","record":{"slug":…}}
//	{"change":"changed","record_id":"…","columns":{"slug":{"old":…,"new":…}}}
//	{"change":"deleted","record_id":"…","record":{"slug":…}}
//
// Values are as in the files: cells of CSV as text. A column that only one of the files has counts as not set in the
// other.

// bindSince checks the earlier file: it must be whole, and made in the same way.
func (j *job) bindSince() error {
	if j.ChangesSince == "" {
		return nil
	}
	m, err := whole(j.ChangesSince)
	if err != nil {
		return err
	}
	different := func(what string) error {
		return &OptionError{Option: "ChangesSince", Text: j.ChangesSince + " was made with another " + what}
	}
	now := j.manifest(walk.Survey{})
	switch {
	case m.Object != now.Object:
		return different("object")
	case m.Workspace != now.Workspace:
		return different("workspace")
	case m.Format != now.Format || m.Raw:
		return different("format")
	case !sameJSON(m.Filter, now.Filter):
		return different("filter")
	case m.References != now.References:
		return different("form of references")
	case m.ForSpreadsheet != now.ForSpreadsheet:
		return different("form of text cells, made or not made for spreadsheets,")
	case m.Limit != 0:
		return &NotWholeError{j.ChangesSince, "it was cut at a limit"}
	}
	for _, columns := range [][]string{m.Columns, now.Columns} {
		if !slices.Contains(columns, "record_id") {
			return &OptionError{Option: "ChangesSince", Text: "both files need the column record_id to be compared"}
		}
	}
	j.since = m
	return nil
}

func sameJSON(a, b json.RawMessage) bool {
	norm := func(raw json.RawMessage) []byte {
		if len(raw) == 0 {
			return []byte("null")
		}
		v := jsontext.Value(slices.Clone(raw))
		_ = v.Canonicalize() // what is no JSON is compared as it is
		return v
	}
	return bytes.Equal(norm(a), norm(b))
}

// writeChanges compares the new file, still under its temporary name, with the earlier one, which it may be about to
// replace. Both are sorted by record_id on disk, so that memory does not grow with them.
func (j *job) writeChanges(ctx context.Context, m *Manifest, temporary string) (*output, error) {
	both := sorter{dir: filepath.Dir(m.Path)}
	defer both.close()
	columns := slices.Clone(m.Columns)
	for _, c := range j.since.Columns {
		if !slices.Contains(columns, c) {
			columns = append(columns, c)
		}
	}
	out, err := newOutput(m.Path+changesSuffix, nil)
	if err != nil {
		return nil, err
	}
	_, packedThen := suffixes(j.ChangesSince)
	_, packedNow := suffixes(m.Path)
	d := &differ{out: out, columns: columns, text: m.Format == "csv", now: m.Columns, then: j.since.Columns}
	if err = both.addFile(ctx, 0, j.ChangesSince, packedThen, j.since); err == nil {
		err = both.addFile(ctx, 1, temporary, packedNow, m)
	}
	if err == nil {
		err = both.each(d.take)
	}
	if err == nil {
		d.finish()
		err = out.finish()
	}
	if err != nil {
		out.abandon()
		return nil, err
	}
	d.since.File = filepath.Base(j.ChangesSince)
	m.Since, m.ChangesPath = &d.since, out.path
	return out, nil
}

// addFile adds a file's records under record_id and side.
func (s *sorter) addFile(ctx context.Context, side byte, path, compression string, m *Manifest) error {
	f, err := openPacked(path, compression, m)
	if err != nil {
		return err
	}
	defer f.close()
	id := slices.Index(f.columns, "record_id")
	var key, line []byte
	for n := 0; ; n++ {
		cells, err := f.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if n%1000 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		line = line[:0]
		for _, c := range cells {
			line = append(binary.AppendUvarint(line, uint64(len(c))), c...)
		}
		key = append(append(key[:0], cells[id]...), 0, side)
		if err := s.add(key, line); err != nil {
			return err
		}
	}
}

// differ is given both files' records by ascending id, the earlier one's first.
type differ struct {
	out       *output
	text      bool // cells are text; else JSON
	columns   []string
	now, then []string
	id        string
	sides     [2][]string // the record's cells by column of its file; nil where it is not there
	since     Since
	line      []byte
}

func (d *differ) take(key, line []byte) error {
	id, side := string(key[:len(key)-2]), key[len(key)-1]
	if id != d.id {
		d.finish()
		d.id = id
	}
	cells := []string{}
	for len(line) > 0 {
		n, w := binary.Uvarint(line)
		cells = append(cells, string(line[w:w+int(n)]))
		line = line[w+int(n):]
	}
	d.sides[side] = cells
	return nil
}

// finish writes what became of the record at hand.
func (d *differ) finish() {
	then, now := d.sides[0], d.sides[1]
	d.sides = [2][]string{}
	switch {
	case then == nil && now == nil:
		return
	case then == nil:
		d.since.Added++
		d.begin("added", "record")
		d.whole(now, d.now)
	case now == nil:
		d.since.Deleted++
		d.begin("deleted", "record")
		d.whole(then, d.then)
	default:
		if !d.compare(then, now) {
			return
		}
		d.since.Changed++
	}
	d.out.Write(append(d.line, "}}\n"...)) // a bufio.Writer keeps its first error
}

func (d *differ) begin(change, member string) {
	d.line = append(d.line[:0], `{"change":"`+change+`","record_id":`...)
	d.value(d.id)
	d.line = append(d.line, `,"`+member+`":{`...)
}

func (d *differ) whole(cells, columns []string) {
	for i, c := range columns {
		d.key(c, i == 0)
		d.value(cells[i])
	}
}

// compare writes the columns that differ, if any.
func (d *differ) compare(then, now []string) bool {
	first := true
	for _, c := range d.columns {
		i, k := slices.Index(d.then, c), slices.Index(d.now, c)
		old, cur := d.cell(then, i), d.cell(now, k)
		if old == cur || (i < 0 || k < 0) && unset(old) && unset(cur) {
			continue
		}
		if first {
			d.begin("changed", "columns")
		}
		d.key(c, first)
		first = false
		d.line = append(d.line, `{"old":`...)
		d.value(old)
		d.line = append(d.line, `,"new":`...)
		d.value(cur)
		d.line = append(d.line, '}')
	}
	return !first
}

func (d *differ) cell(cells []string, i int) string {
	switch {
	case i >= 0:
		return cells[i]
	case d.text:
		return ""
	}
	return "null"
}

// unset reports whether a cell holds what a record without a value has; a checkbox is never unset, but false.
func unset(cell string) bool {
	return cell == "" || cell == "null" || cell == "[]" || cell == "false" || cell == `""`
}

func (d *differ) key(name string, first bool) {
	if !first {
		d.line = append(d.line, ',')
	}
	d.line = append(d.quote(d.line, name), ':')
}

func (d *differ) value(cell string) {
	if d.text {
		d.line = d.quote(d.line, cell)
	} else {
		d.line = append(d.line, cell...)
	}
}

func (d *differ) quote(dst []byte, s string) []byte {
	dst, _ = jsontext.AppendQuote(dst, s) // fails for invalid UTF-8 only, which it replaces
	return dst
}
