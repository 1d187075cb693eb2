package importer

import (
	"github.com/attio-bulk/attio-bulk/attio"
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

// targets remembers which record each reference points to. It belongs to the loop.
type targets struct {
	ids     map[targetKey]string // "" when there is no such record
	refused map[targetKey]string // why a target could not be made
	most    int                  // ids remembered
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
	return &targets{ids: make(map[targetKey]string), refused: make(map[targetKey]string), most: targetsKept}
}

// recordID is the attribute by which a reference is found whose cell holds the id itself.
const recordID = "record_id"

func keyOf(ref *value.Ref) targetKey {
	if ref.Attr == "" {
		return targetKey{ref.Object, recordID, ref.ID}
	}
	return targetKey{ref.Object, ref.Attr, ref.Key}
}

// key is the name under which the target of a reference is known: that of its id, or of its other key once it is known
// that no record has the id.
func (t *targets) key(ref *value.Ref) targetKey {
	k := keyOf(ref)
	if id, known := t.ids[k]; ref.OrAttr != "" && known && id == "" {
		return targetKey{ref.Object, ref.OrAttr, ref.OrKey}
	}
	return k
}

// target is what a reference of a row points to, as it was known when the row was looked up.
type target struct {
	key targetKey
	id  string // "" where there is no such record
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

// fill notes what is known of a row's targets, and returns the references that nobody has asked for yet. What it found
// once stays with the row: the cache may begin anew before the row is decided.
func (t *targets) fill(it *item) (unknown []*value.Ref) {
	n := 0
	it.each(func(_ *value.Field, ref *value.Ref) {
		if n == len(it.targets) {
			it.targets = append(it.targets, target{})
		}
		at := &it.targets[n]
		if n++; at.id != "" {
			return
		}
		at.key = t.key(ref)
		id, known := t.ids[at.key]
		if at.id = id; !known {
			unknown = append(unknown, ref)
		}
	})
	return unknown
}

// queries groups the unknown targets of these rows, a query for each object and attribute.
func (t *targets) queries(items []*item, s *attio.Schema) []targetQuery {
	var out []targetQuery
	at := make(map[[2]string]int)
	seen := make(map[targetKey]bool)
	for _, it := range items {
		for _, ref := range t.fill(it) {
			k := t.key(ref)
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
			if ref.OrAttr != "" && k == keyOf(ref) {
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

// targetAttribute finds the attribute of a target's object; record_id exists on every object, also where its schema
// was not read.
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
	if len(t.ids) > t.most {
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
