package importer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// References are resolved to record ids before anything is compared or written: a missing target is then the row's
// own clear reason, and what a record refers to can be compared.

// targetsKept is how many targets are remembered; past it the cache begins anew, so that memory does not grow with the
// file.
const targetsKept = 200_000

// targetKey names a target: by a unique attribute of its object, or by record id.
type targetKey struct{ object, attr, key string }

// resolver knows what is in Attio: which records hold the values of rows, and which record each reference points to.
// It belongs to the loop, but for lookUp.
type resolver struct {
	*session
	finder *finder
	known  *claim.Table         // the values that a sweep saw, all of row 1; nil without one: every value may exist
	ids    map[targetKey]string // "" when there is no such record
	failed map[targetKey]string // why a target could not be made
	twice  map[targetKey]bool   // several records have the value
	most   int                  // ids remembered
	sizes  map[string]int       // values that a filter holds, by object, as was said last
}

func newResolver(s *session) *resolver {
	return &resolver{
		session: s, finder: &finder{client: s.Client}, ids: make(map[targetKey]string),
		failed: make(map[targetKey]string), twice: make(map[targetKey]bool), most: targetsKept, sizes: make(map[string]int),
	}
}

// matches reports whether a value is of the attribute by which records are found.
func (s *session) matches(k mapping.Key) bool {
	return s.Plan.Match != nil && k.Attr.Slug == s.Plan.Match.Slug
}

func keyOf(ref *value.Ref) targetKey {
	if ref.Attr == "" {
		return targetKey{ref.Object, recordID, ref.ID}
	}
	return targetKey{ref.Object, ref.Attr, ref.Key}
}

// attribute finds the attribute of a target's object; record_id exists on every object, also where its schema was not
// read.
func (k targetKey) attribute(s *attio.Schema) *attio.Attribute {
	if o := s.Object(k.object); o != nil {
		if a := o.Attribute(k.attr); a != nil {
			return a
		}
	}
	if k.attr == recordID {
		return idAttribute
	}
	return &attio.Attribute{Slug: k.attr, Type: attio.TypeText, Unique: true}
}

// fill notes what is known of a row's targets, and returns what nobody has asked for yet. What it found once stays with
// the row: the cache may begin anew before the row is decided. A cell that reads as an id is taken for a key where no
// record has the id; both are asked for.
func (v *resolver) fill(it *item) (unknown []targetKey) {
	n := 0
	for ref := range it.refs() {
		if n == len(it.targets) {
			it.targets = append(it.targets, target{})
		}
		at := &it.targets[n]
		if n++; at.id != "" {
			continue
		}
		at.key = keyOf(ref)
		other := targetKey{ref.Object, ref.OrAttr, ref.OrKey}
		id, known := v.ids[at.key]
		if known && id == "" && ref.OrAttr != "" {
			at.key = other
			id, known = v.ids[other]
		}
		if at.id = id; known {
			continue
		}
		if unknown = append(unknown, at.key); ref.OrAttr != "" && at.key != other {
			unknown = append(unknown, other)
		}
	}
	return unknown
}

// ask is a question for the records of one object, with what was found.
type ask struct {
	object  string
	keys    []mapping.Key // whose holders are asked for
	records []attio.Record
}

// targetAsks ask for the unknown targets of these rows, a question for each object.
func (v *resolver) targetAsks(items []*item) (out []*ask) {
	seen := make(map[targetKey]bool)
	for _, it := range items {
		for _, k := range v.fill(it) {
			if seen[k] {
				continue
			}
			seen[k] = true
			i := slices.IndexFunc(out, func(a *ask) bool { return a.object == k.object })
			if i < 0 {
				i, out = len(out), append(out, &ask{object: k.object})
			}
			out[i].keys = append(out[i].keys, mapping.Key{Attr: k.attribute(v.Plan.Schema), Norm: k.key})
		}
	}
	return out
}

// learn remembers which targets were found, and which were not.
func (v *resolver) learn(asks []*ask) {
	if len(v.ids) > v.most {
		clear(v.ids)
		clear(v.twice)
	}
	for _, a := range asks {
		for _, k := range a.keys {
			v.ids[targetKey{a.object, k.Attr.Slug, k.Norm}] = ""
		}
		attrs := attrsOf(a.keys)
		for i := range a.records {
			for k := range heldKeys(attrs, &a.records[i]) {
				key := targetKey{a.object, k.Attr.Slug, k.Norm}
				if !k.Attr.Unique && v.ids[key] != "" && v.ids[key] != a.records[i].ID {
					v.twice[key] = true
				}
				v.ids[key] = a.records[i].ID
			}
		}
	}
}

// resolve makes the record that is compared and sent: the row's with the ids of what it refers to, without what may be
// left out. It returns why some of it cannot be written. Of a row whose write was sent already what cannot be compared
// is left out.
func (v *resolver) resolve(it *item) (reasons []journal.Reject) {
	it.full = it.rec
	v.fill(it)
	if len(it.targets) == 0 {
		return nil
	}
	n := 0
	it.full.Fields = make([]value.Field, 0, len(it.rec.Fields))
	for _, f := range it.rec.Fields {
		values, lacking := make([]value.Value, 0, len(f.Values)), false
		for _, val := range f.Values {
			if val.Ref != nil {
				ref, t := *val.Ref, it.targets[n]
				n++
				reason := v.missing(it, f.Attr, &ref, t)
				switch {
				case reason != nil:
					reasons = append(reasons, *reason)
				case t.id == "" && ref.Missing == value.MissingBlank:
					it.full.Dropped = append(slices.Clip(it.full.Dropped), v.noTarget(it.row, f.Attr, &ref, t.key))
					continue
				}
				lacking = lacking || t.id == ""
				ref.ID, val.Ref = t.id, &ref
			}
			values = append(values, val)
		}
		if (len(values) > 0 || len(f.Values) == 0) && !(lacking && it.open()) {
			f.Values = values
			it.full.Fields = append(it.full.Fields, f)
		}
	}
	return reasons
}

// missing is the reason for which a reference cannot be written; nil where it can be, or may be left out.
func (v *resolver) missing(it *item, a *attio.Attribute, ref *value.Ref, t target) *journal.Reject {
	switch why := v.failed[t.key]; {
	case v.twice[t.key]:
		e := v.noTarget(it.row, a, ref, t.key)
		e.Code, e.Accepted, e.Fix = "REF004", "a value that one record has", ""
		e.Message = fmt.Sprintf("several records of %s have %s %q", t.key.object, t.key.attr, t.key.key)
		return &journal.Reject{Column: e.Header, Code: e.Code, Message: e.Message, Cell: e}
	case t.id != "":
		return nil
	case why != "":
		return &journal.Reject{
			Column: v.header(ref.Column), Code: "REF002",
			Message: fmt.Sprintf("a record of %s could not be made for it: %s", t.key.object, why),
		}
	case ref.Missing == value.MissingBlank, ref.Missing == value.MissingCreate && v.DryRun: // it would have been made
		return nil
	}
	e := v.noTarget(it.row, a, ref, t.key)
	return &journal.Reject{Column: e.Header, Code: e.Code, Message: e.Message, Cell: e}
}

// noTarget says that no record has the key by which a row refers to one.
func (s *session) noTarget(row *mapping.Row, a *attio.Attribute, ref *value.Ref, k targetKey) *mapping.CellError {
	e := &mapping.CellError{
		Code: "REF001", Row: row.Number, Line: row.Line, Column: 1, Index: ref.Column, Header: s.header(ref.Column),
		Attribute: a.Slug, Message: fmt.Sprintf("no record of %s has %s %q", k.object, k.attr, k.key),
		Accepted: "a record that is in Attio", Fix: "missing: create # or blank",
	}
	if k.attr == recordID || !k.attribute(s.Plan.Schema).Unique {
		e.Fix = "missing: blank"
	}
	if ref.Column < 0 || ref.Column >= len(row.Cells) {
		e.Piece = k.key
		return e
	}
	cell := &row.Cells[ref.Column]
	e.Line, e.Column, e.Value, e.Piece = int(cell.Line), int(cell.Column), cell.Text, cell.Text
	if a.Multi {
		e.Piece = k.key
	}
	at := strings.Index(strings.ToLower(cell.Text), strings.ToLower(k.key))
	if at < 0 || at+len(k.key) > len(cell.Text) {
		return e
	}
	if e.From, e.To = at, at+len(k.key); a.Multi {
		e.Piece = cell.Text[e.From:e.To]
	}
	return e
}

// header is the name of a column for messages; "" for a constant.
func (s *session) header(column int) string {
	if column < 0 || column >= len(s.Survey.Columns) {
		return ""
	}
	return s.Survey.Columns[column]
}

// plural writes "1 read", "20,000 reads".
func plural(n int, noun string) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	if n != 1 {
		noun += "s"
	}
	return text + " " + noun
}
