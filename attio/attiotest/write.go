package attiotest

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// write is one write to a record. It is applied wholly or not at all: everything is checked before the first value
// changes.
type write struct {
	rd     *reader
	object *object
	by     *actor
	at     int64 // milliseconds

	create   bool
	replace  bool       // PUT and assert: several values become exactly those sent
	matching *attribute // of an assert: here values are added all the same

	lag     time.Duration // until queries see it
	touched map[*record]bool
}

// apply checks the values against the schema and the other records, and stores them. For a create, rec is new and
// becomes one of the object's.
func (w *write) apply(rec *record, values fields) *refusal {
	plan, r := w.parse(values)
	if r != nil {
		return r
	}
	if w.create {
		if plan, r = w.complete(plan); r != nil {
			return r
		}
	}
	finals := make([][]value, len(plan))
	for i, p := range plan {
		finals[i] = w.final(rec, p)
		if !w.create && p.attr.required && !w.rd.trusted && len(finals[i]) == 0 && len(rec.values(p.attr)) > 0 {
			return missingValue(p.attr)
		}
	}
	if r := w.unique(rec, plan, finals); r != nil {
		return r
	}
	w.touch(rec)
	if w.create && rec.object.records[rec.id] == nil {
		rec.object.place(rec)
	}
	for i, p := range plan {
		w.set(rec, p.attr, finals[i])
	}
	return nil
}

// place makes a record one of the object's.
func (o *object) place(rec *record) {
	o.records[rec.id] = rec
	o.order.add(rec)
}

// add stores a record without values, as an entry is made.
func (w *write) add(rec *record) {
	rec.created, rec.by = w.at, w.by
	w.touch(rec)
	rec.object.place(rec)
}

// parse reads every attribute; the first one that fails is reported.
func (w *write) parse(values fields) ([]parsed, *refusal) {
	plan := make([]parsed, 0, len(values)+2)
	for _, f := range values {
		a := w.object.live(f.name)
		if a == nil {
			return nil, valueNotFound("Cannot find attribute with slug/ID %q.", f.name)
		}
		if a.builtin() || !a.writable && !w.rd.trusted {
			return nil, readOnly(a)
		}
		for _, p := range plan {
			if p.attr == a {
				return nil, badBody(invalidItem(fmt.Sprintf("Attribute %q is given twice", a.slug), "data", "values", f.name))
			}
		}
		p, r := a.parseAll(w.rd, f.value)
		if r != nil {
			return nil, r
		}
		if !p.ignored {
			plan = append(plan, p)
		}
	}
	return plan, nil
}

// complete adds the defaults of a new record (a checkbox is never unset) and asks for what is required.
func (w *write) complete(plan []parsed) ([]parsed, *refusal) {
	given := map[*attribute]bool{}
	for _, p := range plan {
		given[p.attr] = len(p.bodies) > 0
	}
	for _, a := range w.object.attrs {
		if a.archived || given[a] {
			continue
		}
		_, mentioned := given[a]
		switch {
		case a.fallback != nil && !mentioned:
			p, r := a.parseAll(w.rd, a.fallback)
			if r != nil {
				return nil, r
			}
			plan = append(plan, p)
		case a.typ == "checkbox" && !mentioned:
			plan = append(plan, parsed{attr: a, bodies: []body{boolBody(false)}})
		case a.required && !w.rd.trusted:
			return nil, missingValue(a)
		}
	}
	return plan, nil
}

// missingValue names the attribute by its id, not its slug.
func missingValue(a *attribute) *refusal {
	return refuse(http.StatusBadRequest, "missing_value", "Required value for attribute with ID %q was not provided.",
		a.id)
}

// final works out what the attribute will hold. A value that is sent again as it is stays the same value, with its old
// active_from.
func (w *write) final(rec *record, p parsed) []value {
	old := rec.values(p.attr)
	fresh := make([]value, 0, len(p.bodies))
	for _, b := range p.bodies {
		v := value{w.at, w.by, b}
		for _, o := range old {
			if identical(o.body, b) {
				v = o
			}
		}
		fresh = append(fresh, v)
	}
	replaces := w.replace && p.attr != w.matching
	switch {
	case len(fresh) == 0 && !p.cleared && !replaces && !w.create: // PATCH ignores []
		return old
	case len(fresh) == 0 && p.attr.typ == "checkbox":
		return []value{{w.at, w.by, boolBody(false)}}
	case len(fresh) == 0 || !p.attr.multi || replaces:
		return fresh
	}
	// PATCH prepends what is not there yet; what is there is neither moved nor written again.
	added := fresh[:0]
	for _, v := range fresh {
		if !holds(old, v.body) {
			added = append(added, v)
		}
	}
	return append(added, old...)
}

// holds tells whether a value is among those stored.
func holds(values []value, b body) bool {
	for _, v := range values {
		if same(v.body, b) {
			return true
		}
	}
	return false
}

// unique holds the new values of unique attributes against the other records.
func (w *write) unique(rec *record, plan []parsed, finals [][]value) *refusal {
	for i, p := range plan {
		if !p.attr.unique {
			continue
		}
		var others []string
		var first body
		for _, v := range finals[i] {
			if holds(rec.values(p.attr), v.body) {
				continue // uniqueness holds for new values only
			}
			for _, other := range p.attr.holders(v.body) {
				if other == rec {
					continue
				}
				if first == nil {
					first = v.body
				}
				if id := other.id.String(); !strings.Contains(strings.Join(others, " "), id) {
					others = append(others, id)
				}
			}
		}
		if first != nil {
			return conflict(w.rd.o.Readings.Conflict, p.attr, first, others)
		}
	}
	return nil
}

// conflict is the refusal of a value that another record holds: 400, not 409, in one of the three wordings on record.
func conflict(words ConflictWording, a *attribute, b body, ids []string) *refusal {
	const tail = " conflicts with one already in the system. This attribute has a uniqueness constraint. " +
		"Please ensure all values for this attribute do not exist on another record."
	head := fmt.Sprintf("A value provided for attribute with slug %q", a.slug)
	end := ""
	switch words {
	case Wording2026:
		end = " Conflicting record IDs: " + strings.Join(ids, ", ")
	case WordingOf2025:
		v := append(b.append([]byte("{"), a), '}')
		if key := map[string]string{"domain": "domain", "email-address": "email_address"}[a.typ]; key != "" {
			v = encode(map[string]string{key: keyOf(b)}) // as it was sent, without what Attio derives
		}
		head = fmt.Sprintf("The value %q provided for attribute with ID %q", v, a.id)
	}
	return refuse(http.StatusBadRequest, "uniqueness_conflict", "%s%s%s", head, tail, end)
}
