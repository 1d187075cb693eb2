package attiotest

import (
	"net/http"

	"github.com/google/uuid"
)

// values unwraps {"data":{"values":{…}}}, in which nothing else may stand; open lets other keys
// stand beside "values".
func (c *call) values(open bool) (fields, *refusal) {
	v := c.body
	path := []any{}
	for _, key := range []string{"data", "values"} {
		obj, ok := v.(fields)
		if !ok {
			return nil, badBody(wrongType(path, "object", kindOf(v)))
		}
		inner, there := obj.get(key)
		path = append(path, key)
		if !there {
			return nil, badBody(wrongType(path, "object", "undefined"))
		}
		for _, f := range obj {
			if f.name != key && !(open && key == "values") {
				return nil, badBody(unknownKey(f.name, path[:len(path)-1]...))
			}
		}
		v = inner
	}
	values, ok := v.(fields)
	if !ok {
		return nil, badBody(wrongType(path, "object", kindOf(v)))
	}
	return values, nil
}

// write prepares a write by a client.
func (s *Server) write(c *call, o *object) *write {
	return &write{rd: &reader{ws: s.ws, o: &s.o}, object: o, by: c.by, at: c.ms(), lag: s.o.Lag + c.lag}
}

// answered is a record as the answer to a write or a read by id: always the current one, whatever queries see.
func answered(rec *record) reply {
	b := appendRecord(append(make([]byte, 0, 2048), `{"data":`...), rec, rec.slots)
	return reply{body: append(b, '}'), accurate: true}
}

// createRecord answers POST …/records. It is never idempotent: the same body twice makes two records, or a conflict.
func (s *Server) createRecord(c *call) (reply, *refusal) {
	o, values, r := s.target(c)
	if r != nil {
		return reply{}, r
	}
	rec := &record{object: o, id: s.ids.next(), created: c.ms(), by: c.by}
	w := s.write(c, o)
	w.create = true
	if r := w.apply(rec, values); r != nil {
		return reply{}, r
	}
	s.enrichLater(rec, c.now)
	return answered(rec), nil
}

// target reads what every write to a record has: the object, and the values.
func (s *Server) target(c *call, query ...string) (*object, fields, *refusal) {
	if r := c.onlyQuery(query...); r != nil {
		return nil, nil, r
	}
	values, r := c.values(c.method == http.MethodPost && s.o.Readings.ExtraBodyKeys)
	if r != nil {
		return nil, nil, r
	}
	o, r := c.object(s.ws)
	return o, values, r
}

// getRecord answers GET …/records/{id}.
func (s *Server) getRecord(c *call) (reply, *refusal) {
	rec, r := c.record(s.ws)
	if r != nil {
		return reply{}, r
	}
	return answered(rec), nil
}

// patchRecord adds several values in front of those there.
func (s *Server) patchRecord(c *call) (reply, *refusal) { return s.update(c, false) }

// putRecord replaces several values; attributes that are not sent stay.
func (s *Server) putRecord(c *call) (reply, *refusal) { return s.update(c, true) }

// update is both; the body is checked before the record is looked for.
func (s *Server) update(c *call, replace bool) (reply, *refusal) {
	o, values, r := s.target(c)
	if r != nil {
		return reply{}, r
	}
	rec, r := c.record(s.ws)
	if r != nil {
		return reply{}, r
	}
	w := s.write(c, o)
	w.replace = replace
	if r := w.apply(rec, values); r != nil {
		return reply{}, r
	}
	return answered(rec), nil
}

// deleteRecord answers 200 and the two bytes {}, without x-accurate-at. There is no way back.
func (s *Server) deleteRecord(c *call) (reply, *refusal) {
	rec, r := c.record(s.ws)
	if r != nil {
		return reply{}, r
	}
	s.write(c, rec.object).remove(rec)
	return reply{body: []byte("{}")}, nil
}

// assertRecord creates or updates by a unique attribute. Its values are added to those there, all other attributes of
// several values become exactly what was sent, and the answer does not say which of the two it did.
func (s *Server) assertRecord(c *call) (reply, *refusal) {
	name := c.query.Get("matching_attribute")
	if name == "" {
		return reply{}, invalid("Query params validation error.", wrongType([]any{"matching_attribute"}, "string",
			"undefined"))
	}
	o, values, r := s.target(c, "matching_attribute")
	if r != nil {
		return reply{}, r
	}
	attr := o.live(name)
	if attr == nil {
		return reply{}, valueNotFound("No attribute was found for matching_attribute slug/ID %q.", name)
	}
	if !attr.unique || attr.builtin() {
		return reply{}, refuse(http.StatusBadRequest, "matching_attribute_definition_not_unique",
			"The matching attribute specified is not a unique attribute.")
	}
	w := s.write(c, o)
	w.replace, w.matching = true, attr
	keys, r := w.matchingValues(values)
	if r != nil {
		return reply{}, r
	}
	found := map[*record]bool{}
	var rec *record
	for _, b := range keys {
		for _, rec = range attr.holders(b) {
			found[rec] = true
		}
	}
	switch len(found) {
	case 0:
		w.create = true
		rec = &record{object: o, id: s.assertedID(attr, keys[0]), created: c.ms(), by: c.by}
	case 1:
		for rec = range found {
		}
	default:
		return reply{}, refuse(http.StatusBadRequest, s.o.Readings.MultiMatch,
			"Multiple records were found for the matching attribute with slug %q.", attr.slug)
	}
	if r := w.apply(rec, values); r != nil {
		return reply{}, r
	}
	if w.create {
		s.enrichLater(rec, c.now)
	}
	return answered(rec), nil
}

// matchingValues are the values by which an assert looks for its record; it needs one at least.
func (w *write) matchingValues(values fields) ([]body, *refusal) {
	for _, f := range values {
		if w.object.live(f.name) != w.matching {
			continue
		}
		p, r := w.matching.parseAll(w.rd, f.value)
		if r != nil || len(p.bodies) > 0 {
			return p.bodies, r
		}
	}
	return nil, missingValue(w.matching)
}

// assertedID is a version 5 UUID, as the records of asserts have; a taken one is passed over.
func (s *Server) assertedID(a *attribute, key body) uuid.UUID {
	id := uuid.NewSHA1(a.id, []byte(keyOf(key)))
	for a.object.records[id] != nil || a.object.order.has(id) { // a deleted one may still be seen by queries
		id = uuid.NewSHA1(a.id, id[:])
	}
	return id
}
