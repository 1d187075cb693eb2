package attiotest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// write is one write to a record. It is applied wholly or not at all: everything is checked before the first value
// changes.
type write struct {
	object *object
	by     *actor
	at     int64 // milliseconds

	trusted  bool // of seeds and tests: attributes that the API will not write may be written
	create   bool
	replace  bool       // PUT and assert: several values become exactly those sent
	matching *attribute // of an assert: here values are added all the same

	lag     time.Duration // until queries see it
	touched map[*record]bool
}

// apply checks the values against the schema and the other records, and stores them. For a create, rec is new and
// becomes one of the object's.
func (w *write) apply(rec *record, values fields) {
	plan := w.parse(values)
	if w.create {
		plan = w.complete(plan)
	}
	finals := make([][]value, len(plan))
	for i, p := range plan {
		finals[i] = w.final(rec, p)
		if !w.create && p.attr.required && !w.trusted && len(finals[i]) == 0 && len(rec.values(p.attr)) > 0 {
			panic(missingValue(p.attr))
		}
	}
	for i, p := range plan {
		if p.attr.unique {
			w.unique(rec, p.attr, finals[i])
		}
	}
	w.touch(rec)
	if w.create && rec.object.records[rec.id] == nil {
		rec.object.place(rec)
	}
	for i, p := range plan {
		w.set(rec, p.attr, finals[i])
	}
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
func (w *write) parse(values fields) []parsed {
	plan := make([]parsed, 0, len(values)+2)
	for _, f := range values {
		a := w.object.live(f.name)
		switch {
		case a == nil:
			panic(valueNotFound("Cannot find attribute with slug/ID %q.", f.name))
		case a.common || !a.writable && !w.trusted: // Attio's own words are not on record
			panic(invalid(fmt.Sprintf("Attribute with slug %q is read-only and cannot be written.", a.slug)))
		case slices.ContainsFunc(plan, func(p parsed) bool { return p.attr == a }):
			panic(badBody(invalidItem(fmt.Sprintf("Attribute %q is given twice", a.slug), "data", "values", f.name)))
		}
		if p := a.parseAll(f.value, w.trusted); !p.ignored {
			plan = append(plan, p)
		}
	}
	return plan
}

// complete adds the defaults of a new record (a checkbox is never unset) and asks for what is required.
func (w *write) complete(plan []parsed) []parsed {
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
			plan = append(plan, a.parseAll(a.fallback, w.trusted))
		case a.typ == "checkbox" && !mentioned:
			plan = append(plan, parsed{attr: a, bodies: []body{false}})
		case a.required && !w.trusted:
			panic(missingValue(a))
		}
	}
	return plan
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
		return []value{{w.at, w.by, false}}
	case len(fresh) == 0 || !p.attr.multi || replaces:
		return fresh
	}
	// PATCH prepends what is not there yet; what is there is neither moved nor written again.
	added := slices.DeleteFunc(fresh, func(v value) bool { return p.attr.holds(old, v.body) })
	return append(added, old...)
}

// unique holds the new values of a unique attribute against the other records.
func (w *write) unique(rec *record, a *attribute, values []value) {
	var others []string
	var first body
	for _, v := range values {
		if a.holds(rec.values(a), v.body) {
			continue // uniqueness holds for new values only
		}
		for _, other := range a.holders(v.body) {
			if other == rec {
				continue
			}
			if first == nil {
				first = v.body
			}
			if id := other.id.String(); !slices.Contains(others, id) {
				others = append(others, id)
			}
		}
	}
	if first != nil {
		panic(a.conflict(first, others))
	}
}

// conflict is the refusal of a value that another record holds: 400, not 409, in one of the three wordings on record.
func (a *attribute) conflict(b body, ids []string) *refusal {
	const tail = " conflicts with one already in the system. This attribute has a uniqueness constraint. " +
		"Please ensure all values for this attribute do not exist on another record."
	head := fmt.Sprintf("A value provided for attribute with slug %q", a.slug)
	end := ""
	switch a.readings().Conflict {
	case Wording2026:
		end = " Conflicting record IDs: " + strings.Join(ids, ", ")
	case WordingOf2025:
		v := append(a.appendBody([]byte("{"), b), '}')
		if a.typ == "domain" || a.typ == "email-address" {
			v = encode(fields{{a.kind.key, a.keyOf(b)}}) // as it was sent, without what Attio derives
		}
		head = fmt.Sprintf("The value %q provided for attribute with ID %q", v, a.id)
	}
	return refuse(http.StatusBadRequest, "uniqueness_conflict", "%s%s%s", head, tail, end)
}
