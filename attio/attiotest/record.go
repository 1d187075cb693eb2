package attiotest

import (
	"cmp"
	"encoding/hex"
	"hash/fnv"
	"slices"
	"time"

	"github.com/google/uuid"
)

// record is one record. Its slots are never changed in place: a write puts new ones, so that what a query has taken
// hold of stays as it was.
type record struct {
	object  *object
	id      uuid.UUID
	created int64
	by      *actor
	parent  *record // of an entry
	slots   []slot  // of the attributes that have values, ascending attribute position
	gone    bool

	referrers map[*record]int // records that point here, with how many values; nil for none
	past      []version       // what queries still see while a write is not visible yet, oldest first
}

// slot holds one attribute's values.
type slot struct {
	attr   *attribute
	values []value
}

// version is a record as it was before a write.
type version struct {
	until int64 // nanoseconds since 1970: from then on the write is visible
	slots []slot
	there bool
}

// values returns what the record holds for an attribute.
func (r *record) values(a *attribute) []value { return slotValues(r.slots, a) }

// slotValues is values of a version of a record.
func slotValues(slots []slot, a *attribute) []value {
	for _, s := range slots {
		if s.attr == a {
			return s.values
		}
	}
	return nil
}

// put replaces an attribute's values; none removes the slot.
func (r *record) put(a *attribute, values []value) {
	slots := make([]slot, 0, len(r.slots)+1)
	placed := len(values) == 0
	for _, s := range r.slots {
		if !placed && a.pos <= s.attr.pos {
			slots = append(slots, slot{a, values})
			placed = true
		}
		if s.attr != a {
			slots = append(slots, s)
		}
	}
	if !placed {
		slots = append(slots, slot{a, values})
	}
	r.slots = slots
}

// seen returns the record as a query sees it at a moment.
func (r *record) seen(now int64) (slots []slot, there bool) {
	for _, v := range r.past {
		if now < v.until {
			return v.slots, v.there
		}
	}
	return r.slots, !r.gone
}

// view returns the values that a query sees for an attribute, those of the three that every object has included.
func (r *record) view(slots []slot, a *attribute) []value {
	if !a.common {
		return slotValues(slots, a)
	}
	v := value{from: r.created, by: r.by}
	switch a.slug {
	case "record_id", "entry_id":
		v.body = r.id.String()
	case "parent_record":
		v.body = r.parent
	case "created_at":
		v.body = stamp(r.attributeCreated())
	default:
		v.body = parts{r.by.typ, r.by.id}
	}
	return []value{v}
}

// attributeCreated is the value of the attribute created_at, which may be earlier than the record's own.
func (r *record) attributeCreated() int64 {
	return r.created - r.object.ws.o.Readings.CreatedEarlier.Milliseconds()
}

// appendRecord writes the record in the API's shape: every attribute that is not archived, in the order of the schema.
func appendRecord(b []byte, r *record, slots []slot) []byte {
	o := r.object
	shared := envelope{}
	b = append(b, o.head...)
	b = appendUUID(b, r.id)
	b = append(b, `"},`...)
	if r.parent != nil {
		b = appendUUID(append(b, `"parent_record_id":"`...), r.parent.id)
		b = append(append(b, `","parent_object":"`...), r.parent.object.slug...)
		b = append(b, `",`...)
	}
	b = append(b, `"created_at":"`...)
	b = shared.stamp(b, r.created)
	if r.parent != nil {
		b = append(b, `","entry_values":`...)
	} else {
		b = append(append(b, `","web_url":"`...), o.web...)
		b = append(appendUUID(b, r.id), `","values":`...)
	}
	open := byte('{')
	for _, a := range o.attrs {
		for len(slots) > 0 && slots[0].attr.pos < a.pos {
			slots = slots[1:]
		}
		if a.archived {
			continue
		}
		b = append(append(b, open), a.label...)
		open = ','
		switch {
		case a.common:
			b = shared.append(b, value{from: r.created, by: r.by})
			b = appendBuiltin(b, r, a, &shared)
			b = append(b, a.wrap...)
		case len(slots) > 0 && slots[0].attr == a:
			for i, v := range a.shown(slots[0].values) {
				if i > 0 {
					b = append(b, ',')
				}
				b = shared.append(b, v)
				b = a.appendBody(b, v.body)
				b = append(b, a.wrap...)
			}
		}
		b = append(b, ']')
	}
	return append(b, "}}"...)
}

// shown is the order in which several values are answered.
func (a *attribute) shown(values []value) []value {
	if len(values) < 2 || !a.readings().ShuffleValues {
		return values
	}
	place := func(v value) uint64 {
		h := fnv.New64a()
		_, _ = h.Write([]byte(a.keyOf(v.body)))
		return h.Sum64()
	}
	values = slices.Clone(values)
	slices.SortFunc(values, func(x, y value) int { return cmp.Compare(place(x), place(y)) })
	return values
}

// appendBuiltin writes what view makes of the three attributes that no record stores, without making it.
func appendBuiltin(b []byte, r *record, a *attribute, shared *envelope) []byte {
	switch a.slug {
	case "record_id", "entry_id":
		b = appendUUID(append(b, `"value":"`...), r.id)
	case "created_at":
		b = shared.stamp(append(b, `"value":"`...), r.attributeCreated())
	default:
		return a.appendBody(b, parts{r.by.typ, r.by.id})
	}
	return append(b, '"')
}

// appendSeen writes the record as a query sees it.
func (r *record) appendSeen(b []byte, now int64) []byte {
	slots, _ := r.seen(now)
	return appendRecord(b, r, slots)
}

// appendUUID writes an id without the allocation of its String method.
func appendUUID(b []byte, id uuid.UUID) []byte {
	b = append(hex.AppendEncode(b, id[:4]), '-')
	b = append(hex.AppendEncode(b, id[4:6]), '-')
	b = append(hex.AppendEncode(b, id[6:8]), '-')
	b = append(hex.AppendEncode(b, id[8:10]), '-')
	return hex.AppendEncode(b, id[10:])
}

// stamp writes a time of the server's: nine fraction digits of which three are significant.
func stamp(ms int64) string { return string(appendStamp(nil, ms)) }

// appendStamp is stamp without a string.
func appendStamp(b []byte, ms int64) []byte {
	return time.UnixMilli(ms).UTC().AppendFormat(b, nanoForm)
}

// envelope remembers the last time and the last beginning of a value that it wrote: the values of a record mostly share
// theirs.
type envelope struct {
	from  int64
	by    *actor
	bytes []byte

	at   int64
	text []byte
}

// append writes all of a value that stands before its type's own keys.
func (e *envelope) append(b []byte, v value) []byte {
	if e.by == v.by && e.from == v.from {
		return append(b, e.bytes...)
	}
	start := len(b)
	b = append(b, `{"active_from":"`...)
	b = e.stamp(b, v.from)
	b = append(b, `","active_until":null,"created_by_actor":`...)
	b = append(b, v.by.encoded...)
	b = append(b, ',')
	e.from, e.by, e.bytes = v.from, v.by, b[start:]
	return b
}

// stamp writes a time, mostly by copying the last one: formatting it costs more than all else of a value.
func (e *envelope) stamp(b []byte, ms int64) []byte {
	if e.text != nil && e.at == ms {
		return append(b, e.text...)
	}
	start := len(b)
	b = appendStamp(b, ms)
	e.at, e.text = ms, b[start:]
	return b
}
