package importer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// References are resolved to record ids before anything is compared or written: a missing target is then the row's own clear
// reason, and what a record refers to can be compared.

// targetsKept bounds the cache of targets; past it the cache begins anew, so that memory does not grow with the file.
const targetsKept = 200_000

// targetKey names a target: by a unique attribute of its object, or by record id.
type targetKey struct{ object, attr, key string }

// targets remembers which record each reference points to. It belongs to the loop.
type targets struct {
	ids     map[targetKey]string // "" when there is no such record
	refused map[targetKey]string // why a target could not be made
}

// targetQuery asks for the targets of one object by one attribute.
type targetQuery struct {
	object string
	attr   *attio.Attribute
	keys   []string
	// or are the keys of those ids that may be keys of orAttr too, asked for where no record has the id.
	or     map[string]string
	orAttr *attio.Attribute
}

type targetFound struct {
	targetQuery
	records []attio.Record
}

func newTargets() *targets {
	return &targets{ids: make(map[targetKey]string), refused: make(map[targetKey]string)}
}

// recordID is the attribute by which a reference is found whose cell holds the id itself.
const recordID = "record_id"

func keyOf(ref *value.Ref) targetKey {
	if ref.Attr == "" {
		return targetKey{ref.Object, recordID, ref.ID}
	}
	return targetKey{ref.Object, ref.Attr, ref.Key}
}

// settle makes a key of a reference that was taken for an id, once it is known that no record has the id.
func (t *targets) settle(ref *value.Ref) {
	if ref.OrAttr == "" {
		return
	}
	if id, known := t.ids[keyOf(ref)]; known && id == "" {
		ref.ID, ref.Attr, ref.Key, ref.OrAttr = "", ref.OrAttr, ref.OrKey, ""
	}
}

// each calls f with every reference of a row.
func (it *item) each(f func(*value.Field, *value.Ref)) {
	for i := range it.rec.Fields {
		field := &it.rec.Fields[i]
		for j := range field.Values {
			if ref := field.Values[j].Ref; ref != nil {
				f(field, ref)
			}
		}
	}
}

// refers says whether a row has any reference.
func (it *item) refers() bool {
	for i := range it.rec.Fields {
		if it.rec.Fields[i].Attr.Type == attio.TypeRecordReference {
			return true
		}
	}
	return false
}

// unknown are the targets of a row that nobody has asked for yet. Those that are known are filled in.
func (t *targets) unknown(it *item) []*value.Ref {
	var out []*value.Ref
	it.each(func(_ *value.Field, ref *value.Ref) {
		t.settle(ref)
		id, known := t.ids[keyOf(ref)]
		if !known {
			out = append(out, ref)
			return
		}
		if ref.ID == "" {
			ref.ID = id
		}
	})
	return out
}

// queries groups the unknown targets of these rows, a query for each object and attribute.
func (t *targets) queries(items []*item, s *attio.Schema) []targetQuery {
	var out []targetQuery
	at := make(map[[2]string]int)
	seen := make(map[targetKey]bool)
	for _, it := range items {
		for _, ref := range t.unknown(it) {
			k := keyOf(ref)
			if seen[k] {
				continue
			}
			seen[k] = true
			group := [2]string{k.object, k.attr}
			i, ok := at[group]
			if !ok {
				i = len(out)
				at[group] = i
				out = append(out, targetQuery{object: k.object, attr: targetAttribute(s, k)})
			}
			out[i].keys = append(out[i].keys, k.key)
			if ref.OrAttr != "" {
				out[i].alternative(s, ref)
			}
		}
	}
	return out
}

// asked are the keys as the finder takes them.
func (q *targetQuery) asked() []mapping.Key {
	out := make([]mapping.Key, len(q.keys))
	for i, k := range q.keys {
		out[i] = mapping.Key{Attr: q.attr, Norm: k}
	}
	return out
}

func (q *targetQuery) alternative(s *attio.Schema, ref *value.Ref) {
	if q.or == nil {
		q.or, q.orAttr = make(map[string]string), targetAttribute(s, targetKey{q.object, ref.OrAttr, ref.OrKey})
	}
	q.or[ref.ID] = ref.OrKey
}

// byKey asks for those that no record was found for by their ids, taken for keys. ok is false where there are none.
func (q *targetQuery) byKey(found []attio.Record) (again targetQuery, ok bool) {
	if q.or == nil {
		return again, false
	}
	there := make(map[string]bool, len(found))
	for i := range found {
		there[found[i].ID] = true
	}
	again = targetQuery{object: q.object, attr: q.orAttr}
	for _, id := range q.keys {
		if key, may := q.or[id]; may && !there[id] {
			again.keys = append(again.keys, key)
		}
	}
	return again, len(again.keys) > 0
}

// targetAttribute finds the attribute of a target's object; record_id exists on every object, also where its schema was not read.
func targetAttribute(s *attio.Schema, k targetKey) *attio.Attribute {
	if o := s.Object(k.object); o != nil {
		if a := o.Attribute(k.attr); a != nil {
			return a
		}
	}
	return &attio.Attribute{Slug: k.attr, Type: attio.TypeText, Unique: true}
}

// learn remembers what queries found, and what they did not find.
func (t *targets) learn(found []targetFound) {
	if len(t.ids) > targetsKept {
		t.ids = make(map[targetKey]string)
	}
	var norms []string
	for _, f := range found {
		for _, k := range f.keys {
			t.ids[targetKey{f.object, f.attr.Slug, k}] = ""
		}
		for i := range f.records {
			rec := &f.records[i]
			if f.attr.Slug == recordID {
				t.ids[targetKey{f.object, recordID, rec.ID}] = rec.ID
				continue
			}
			norms = value.KeysOf(norms[:0], f.attr, rec)
			for _, n := range norms {
				t.ids[targetKey{f.object, f.attr.Slug, n}] = rec.ID
			}
		}
	}
}

// missing are the reasons for which a row's references cannot be written; the others have their ids now.
func (r *run) missing(it *item) []Reject {
	var out []Reject
	if !it.refers() {
		return nil
	}
	it.each(func(_ *value.Field, ref *value.Ref) {
		r.refs.settle(ref)
		id := r.refs.ids[keyOf(ref)]
		if id != "" {
			ref.ID = id
			return
		}
		k := keyOf(ref)
		switch why := r.refs.refused[k]; {
		case why != "":
			out = append(out, Reject{Column: r.header(ref.Column), Code: "REF002", Message: fmt.Sprintf("a record of %s could not be made for it: %s", k.object, why)})
			return
		case ref.Missing == value.MissingBlank:
			ref.Object = "" // left out, below
			return
		case ref.Missing == value.MissingCreate && r.DryRun:
			return // it would have been made
		}
		out = append(out, r.noTarget(it, ref))
	})
	it.leaveOut()
	return out
}

// noTarget refuses a cell whose target is not there.
func (r *run) noTarget(it *item, ref *value.Ref) Reject {
	k := keyOf(ref)
	e := &mapping.CellError{
		Code: "REF001", Line: it.row.Line, Column: 1, Index: ref.Column, Header: r.header(ref.Column),
		Message: fmt.Sprintf("no record of %s has %s %q", k.object, k.attr, k.key), Accepted: "a record that is in Attio", Fix: "missing: create # or blank",
	}
	if ref.Attr == "" {
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

// leaveOut drops the references whose targets are missing and may be.
func (it *item) leaveOut() {
	fields := it.rec.Fields[:0]
	for _, f := range it.rec.Fields {
		n := len(f.Values)
		f.Values = slices.DeleteFunc(f.Values, func(v value.Value) bool { return v.Ref != nil && v.Ref.Object == "" })
		if len(f.Values) > 0 || n == 0 {
			fields = append(fields, f)
		}
	}
	it.rec.Fields = fields
}

// header is the name of a column for messages; "" for a constant.
func (r *run) header(column int) string {
	if column < 0 || column >= len(r.Survey.Columns) {
		return ""
	}
	return r.Survey.Columns[column]
}
