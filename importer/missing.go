package importer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// resolve makes the record that is compared and sent: the row's with the ids of what it refers to, without what may be
// left out. It returns why some of it cannot be written.
func (r *run) resolve(it *item) []Reject {
	it.full = it.rec
	if !it.refers() {
		return nil
	}
	r.refs.fill(it)
	var out []Reject
	n := 0
	it.full.Fields = make([]value.Field, 0, len(it.rec.Fields))
	for _, f := range it.rec.Fields {
		values := make([]value.Value, 0, len(f.Values))
		for _, v := range f.Values {
			if v.Ref != nil {
				ref := *v.Ref
				t := it.targets[n]
				n++
				reason := r.missing(it, &ref, t)
				if reason == nil && t.id == "" && ref.Missing == value.MissingBlank {
					continue
				}
				if reason != nil {
					out = append(out, *reason)
				}
				ref.ID, v.Ref = t.id, &ref
			}
			values = append(values, v)
		}
		if len(values) > 0 || len(f.Values) == 0 {
			f.Values = values
			it.full.Fields = append(it.full.Fields, f)
		}
	}
	return out
}

// missing is the reason for which a reference cannot be written; nil where it can be, or may be left out.
func (r *run) missing(it *item, ref *value.Ref, t target) *Reject {
	if t.id != "" {
		return nil
	}
	switch why := r.refs.refused[t.key]; {
	case why != "":
		return &Reject{
			Column: r.header(ref.Column), Code: "REF002",
			Message: fmt.Sprintf("a record of %s could not be made for it: %s", t.key.object, why),
		}
	case ref.Missing == value.MissingBlank:
		return nil
	case ref.Missing == value.MissingCreate && r.DryRun:
		return nil // it would have been made
	}
	reason := r.noTarget(it, ref, t.key)
	return &reason
}

// knownPart drops what a record of a row refers to and what is not there: what is left can be compared.
func knownPart(rec mapping.Record) mapping.Record {
	fields := make([]value.Field, 0, len(rec.Fields))
	for _, f := range rec.Fields {
		n := len(f.Values)
		f.Values = slices.DeleteFunc(slices.Clone(f.Values), func(v value.Value) bool {
			return v.Ref != nil && v.Ref.ID == ""
		})
		if len(f.Values) == n {
			fields = append(fields, f)
		}
	}
	rec.Fields = fields
	return rec
}

// noTarget refuses a cell whose target is not there.
func (r *run) noTarget(it *item, ref *value.Ref, k targetKey) Reject {
	e := &mapping.CellError{
		Code: "REF001", Line: it.row.Line, Column: 1, Index: ref.Column, Header: r.header(ref.Column),
		Message: fmt.Sprintf("no record of %s has %s %q", k.object, k.attr, k.key), Accepted: "a record that is in Attio", Fix: "missing: create # or blank",
	}
	if k.attr == recordID {
		e.Fix = "missing: blank"
	}
	if ref.Column >= 0 && ref.Column < len(it.row.Cells) {
		cell := &it.row.Cells[ref.Column]
		e.Line, e.Column, e.Value = int(cell.Line), int(cell.Column), cell.Text
		if at := strings.Index(strings.ToLower(cell.Text), strings.ToLower(k.key)); at >= 0 && at+len(k.key) <= len(cell.Text) {
			e.From, e.To = at, at+len(k.key)
		}
	}
	return Reject{Column: e.Header, Code: e.Code, Message: e.Message, Cell: e}
}

// header is the name of a column for messages; "" for a constant.
func (r *run) header(column int) string {
	if column < 0 || column >= len(r.Survey.Columns) {
		return ""
	}
	return r.Survey.Columns[column]
}
