package attiotest

import (
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
	slots   []slot // of the attributes that have values, ascending attribute position
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
	if !a.builtin() {
		return slotValues(slots, a)
	}
	v := value{from: r.created, by: r.by}
	switch a.slug {
	case "record_id":
		v.body = textBody(r.id.String())
	case "created_at":
		v.body = stampBody(stamp(r.created))
	default:
		v.body = actorBody{r.by.typ, r.by.id}
	}
	return []value{v}
}

// builtin tells the three attributes of every object that no record stores: they follow from the record itself.
func (a *attribute) builtin() bool {
	return a.system && (a.slug == "record_id" || a.slug == "created_at" || a.slug == "created_by")
}

// appendRecord writes the record in the API's shape: every attribute that is not archived, in the order of the schema.
func appendRecord(b []byte, r *record, slots []slot) []byte {
	o := r.object
	b = append(b, o.head...)
	b = appendUUID(b, r.id)
	b = append(b, `"},"created_at":"`...)
	b = appendStamp(b, r.created)
	b = append(b, `","web_url":"`...)
	b = append(b, o.web...)
	b = appendUUID(b, r.id)
	b = append(b, `","values":{`...)
	clock := stamper{}
	first := true
	for _, a := range o.attrs {
		for len(slots) > 0 && slots[0].attr.pos < a.pos {
			slots = slots[1:]
		}
		if a.archived {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(b, a.label...)
		var values []value
		switch {
		case a.builtin():
			values = r.view(nil, a)
		case len(slots) > 0 && slots[0].attr == a:
			values = slots[0].values
		}
		for i, v := range values {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, `{"active_from":"`...)
			b = clock.append(b, v.from)
			b = append(b, `","active_until":null,"created_by_actor":`...)
			b = append(b, v.by.encoded...)
			b = append(b, ',')
			b = v.body.append(b, a)
			b = append(b, a.wrap...)
		}
		b = append(b, ']')
	}
	return append(b, "}}"...)
}

// appendSeen writes the record as a query sees it.
func (r *record) appendSeen(b []byte, now int64) []byte {
	slots, _ := r.seen(now)
	return appendRecord(b, r, slots)
}

// appendUUID writes an id without the allocation of its String method.
func appendUUID(b []byte, id uuid.UUID) []byte {
	const digits = "0123456789abcdef"
	for i, c := range id {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b = append(b, '-')
		}
		b = append(b, digits[c>>4], digits[c&15])
	}
	return b
}

// stamp writes a time of the server's: nine fraction digits of which three are significant.
func stamp(ms int64) string { return string(appendStamp(nil, ms)) }

func appendStamp(b []byte, ms int64) []byte {
	return time.UnixMilli(ms).UTC().AppendFormat(b, "2006-01-02T15:04:05.000000000Z")
}

// stamper remembers the last time it wrote: the values of a record mostly share theirs.
type stamper struct {
	ms   int64
	text [30]byte
	set  bool
}

func (s *stamper) append(b []byte, ms int64) []byte {
	if !s.set || s.ms != ms {
		s.ms, s.set = ms, true
		appendStamp(s.text[:0], ms)
	}
	return append(b, s.text[:]...)
}
