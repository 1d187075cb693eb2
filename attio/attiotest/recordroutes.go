package attiotest

import (
	"net/http"

	"github.com/google/uuid"
)

// asObject refuses what is no object at a place of a body.
func asObject(v any, path ...any) fields {
	obj, ok := v.(fields)
	if !ok {
		panic(badBody(wrongType("object", kindOf(v), path...)))
	}
	return obj
}

// inside is the value under a key, the last of path, of an object of a body; alone refuses other keys beside it.
func inside(v any, alone bool, path ...any) any {
	above := path[:len(path)-1]
	obj, key := asObject(v, above...), path[len(above)].(string)
	inner, there := obj.get(key)
	if !there {
		panic(badBody(wrongType("object", "undefined", path...)))
	}
	for _, f := range obj {
		if alone && f.name != key {
			panic(badBody(unknownKey(f.name, above...)))
		}
	}
	return inner
}

// data unwraps {"data":{…}}.
func (c *call) data() fields {
	obj := asObject(inside(c.body, false, "data"), "data")
	if len(asObject(c.body)) > 1 {
		panic(badBody(invalidItem("Unrecognized key(s) in object")))
	}
	return obj
}

// target reads what every write to a record has: the object, and {"data":{"values":{…}}}, in which nothing else may
// stand unless a reading lets other keys stand beside "values" of a POST.
func (c *call) target(query ...string) (*object, fields) {
	c.onlyQuery(query...)
	open := c.route.method == http.MethodPost && c.s.o.Readings.ExtraBodyKeys
	values := asObject(inside(inside(c.body, true, "data"), !open, "data", "values"), "data", "values")
	return c.object(), values
}

// write prepares a write by a client.
func (c *call) write(o *object) *write {
	return &write{object: o, by: c.by, at: c.ms(), lag: c.s.o.Lag + c.lag}
}

// answered is a record as the answer to a write or a read by id: always the current one, whatever queries see.
func answered(rec *record) reply {
	b := appendRecord(append(make([]byte, 0, 2048), `{"data":`...), rec, rec.slots)
	return reply{body: append(b, '}'), accurate: true}
}

// made creates a record.
func (c *call) made(w *write, id uuid.UUID, values fields) reply {
	rec := &record{object: w.object, id: id, created: c.ms(), by: c.by}
	w.create = true
	w.apply(rec, values)
	c.s.enrichLater(rec, c.now)
	return answered(rec)
}

// createRecord answers POST …/records. It is never idempotent: the same body twice makes two records, or a conflict.
func (c *call) createRecord() reply {
	o, values := c.target()
	return c.made(c.write(o), c.s.ids.next(), values)
}

// updateRecord answers PATCH, which adds several values in front of those there, and PUT, which replaces them;
// attributes that are not sent stay. The body is checked before the record is looked for.
func (c *call) updateRecord() reply {
	o, values := c.target()
	rec := c.record()
	w := c.write(o)
	w.replace = c.route.method == http.MethodPut
	w.apply(rec, values)
	return answered(rec)
}

// deleteRecord answers 200 and the two bytes {}, without x-accurate-at. There is no way back.
func (c *call) deleteRecord() reply {
	rec := c.record()
	c.write(rec.object).remove(rec)
	return reply{body: []byte("{}")}
}

// assertRecord creates or updates by a unique attribute. Its values are added to those there, all other attributes of
// several values become exactly what was sent, and the answer does not say which of the two it did.
func (c *call) assertRecord() reply {
	const key = "matching_attribute"
	name := c.query.Get(key)
	if name == "" {
		panic(invalid("Query params validation error.", wrongType("string", "undefined", key)))
	}
	o, values := c.target(key)
	attr := o.live(name)
	if attr == nil {
		panic(valueNotFound("No attribute was found for matching_attribute slug/ID %q.", name))
	}
	if !attr.unique || attr.common {
		panic(notUnique())
	}
	w := c.write(o)
	w.replace, w.matching = true, attr
	keys := w.matchingValues(values)
	found := map[*record]bool{}
	var rec *record
	for _, b := range keys {
		for _, rec = range attr.holders(b) {
			found[rec] = true
		}
	}
	switch len(found) {
	case 0:
		return c.made(w, attr.assertedID(keys[0]), values)
	case 1:
		for rec = range found {
			w.apply(rec, values)
		}
		return answered(rec)
	}
	panic(refuse(http.StatusBadRequest, c.s.o.Readings.MultiMatch,
		"Multiple records were found for the matching attribute with slug %q.", attr.slug))
}

// matchingValues are the values by which an assert looks for its record; it needs one at least.
func (w *write) matchingValues(values fields) []body {
	for _, f := range values {
		if w.object.live(f.name) != w.matching {
			continue
		}
		if p := w.matching.parseAll(f.value, false); len(p.bodies) > 0 {
			return p.bodies
		}
	}
	panic(missingValue(w.matching))
}

// assertedID is a version 5 UUID, as the records of asserts have; a taken one is passed over.
func (a *attribute) assertedID(key body) uuid.UUID {
	id := uuid.NewSHA1(a.id, []byte(a.keyOf(key)))
	for a.object.records[id] != nil || a.object.order.has(id) { // a deleted one may still be seen by queries
		id = uuid.NewSHA1(a.id, id[:])
	}
	return id
}
