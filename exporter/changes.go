package exporter

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/exporter/walk"
	"github.com/attio-bulk/attio-bulk/importer/durable/extsort"
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
	now := j.manifest(walk.Survey{})
	for _, made := range []struct {
		with string
		same bool
	}{
		{"object", m.Object == now.Object},
		{"workspace", m.Workspace == now.Workspace},
		{"format", m.Format == now.Format && !m.Raw},
		{"filter", sameJSON(m.Filter, now.Filter)},
		{"form of references", m.References == now.References},
		{"form of text cells, made or not made for spreadsheets,", m.ForSpreadsheet == now.ForSpreadsheet},
	} {
		if !made.same {
			return bad("ChangesSince", "%s was made with another %s", j.ChangesSince, made.with)
		}
	}
	if m.Limit != 0 {
		return &NotWholeError{j.ChangesSince, "it was cut at a limit"}
	}
	if !slices.Contains(m.Columns, "record_id") || !slices.Contains(now.Columns, "record_id") {
		return bad("ChangesSince", "both files need the column record_id to be compared")
	}
	j.since = m
	return nil
}

func sameJSON(a, b json.RawMessage) bool {
	var x, y any // nil for no JSON
	_, _ = json.Unmarshal(a, &x), json.Unmarshal(b, &y)
	return reflect.DeepEqual(x, y)
}

// writeChanges compares the new file, still under its temporary name, with the earlier one, which it may be about to
// replace. Both are sorted by record_id on disk, so that memory does not grow with them.
func (j *job) writeChanges(ctx context.Context, out *output, temporary string, m *Manifest) (*Since, error) {
	both := extsort.Sorter{Dir: filepath.Dir(m.Path)}
	defer both.Close()
	d := &differ{out: out, text: m.Format == "csv", columns: [2][]string{j.since.Columns, m.Columns}}
	d.since.File = filepath.Base(j.ChangesSince)
	for _, c := range slices.Concat(m.Columns, j.since.Columns) {
		if !slices.ContainsFunc(d.both, func(b shared) bool { return b.name == c }) {
			d.both = append(d.both, shared{c, slices.Index(j.since.Columns, c), slices.Index(m.Columns, c)})
		}
	}
	err := addFile(ctx, &both, 0, j.ChangesSince, j.ChangesSince, j.since)
	if err == nil {
		err = addFile(ctx, &both, 1, temporary, m.Path, m)
	}
	if err == nil {
		err = both.Each(d.take)
	}
	if err != nil {
		return nil, err
	}
	d.finish()
	return &d.since, out.finish()
}

// addFile adds a file's records under record_id and side.
func addFile(ctx context.Context, s *extsort.Sorter, side byte, path, name string, m *Manifest) error {
	f, err := openFlat(path, name, m)
	if err != nil {
		return err
	}
	defer f.Close()
	id := slices.Index(f.columns, "record_id")
	var key, line []byte
	for n := 0; ; n++ {
		cells, err := f.next()
		if errors.Is(err, io.EOF) {
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
		if err := s.Add(key, line); err != nil {
			return err
		}
	}
}

// differ is given both files' records by ascending id, the earlier one's first.
type differ struct {
	out     *output
	text    bool        // cells are text; else JSON
	columns [2][]string // of either file
	both    []shared    // the columns of both
	id      string
	sides   [2][]string // the record's cells by column of its file; nil where it is not there
	since   Since
	line    []byte
}

// shared is a column, and where it stands in either file; -1 where it does not.
type shared struct {
	name     string
	old, now int
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
	old, now := d.sides[0], d.sides[1]
	d.sides = [2][]string{}
	switch {
	case old != nil && now != nil:
		d.compare(old, now)
	case now != nil:
		d.since.Added++
		d.whole("added", now, d.columns[1])
	case old != nil:
		d.since.Deleted++
		d.whole("deleted", old, d.columns[0])
	}
}

// whole writes a record that only one of the files has.
func (d *differ) whole(change string, cells, columns []string) {
	for i, c := range columns {
		d.value(c, cells[i])
	}
	d.write(change, "record")
}

// compare writes the columns that differ, if any.
func (d *differ) compare(old, now []string) {
	for _, c := range d.both {
		was, is := d.cell(old, c.old), d.cell(now, c.now)
		if was == is || (c.old < 0 || c.now < 0) && unset(was) && unset(is) {
			continue
		}
		d.line = append(rawjson.AppendString(d.line, c.name), `:{`...)
		d.value("old", was)
		d.value("new", is)
		d.line = append(d.line[:len(d.line)-1], `},`...)
	}
	if len(d.line) > 0 {
		d.since.Changed++
		d.write("changed", "columns")
	}
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
	return slices.Contains([]string{"", "null", "[]", "false", `""`}, cell)
}

// value appends a member and a comma.
func (d *differ) value(name, cell string) {
	d.line = append(rawjson.AppendString(d.line, name), ':')
	if d.text {
		d.line = rawjson.AppendString(d.line, cell)
	} else {
		d.line = append(d.line, cell...)
	}
	d.line = append(d.line, ',')
}

// write writes a line of the members at hand. d.id is as a cell: JSON where they are.
func (d *differ) write(change, member string) {
	members := d.line
	d.line = append(d.line, `{"change":"`+change+`",`...)
	d.value("record_id", d.id)
	d.line = append(append(append(d.line, `"`+member+`":{`...), bytes.TrimSuffix(members, []byte(","))...), "}}\n"...)
	d.out.Write(d.line[len(members):]) // it keeps its first error
	d.line = d.line[:0]
}
