package attiotest

import "slices"

// set stores an attribute's values and, for a two-way relationship, keeps the other side in step.
func (w *write) set(rec *record, a *attribute, values []value) {
	old := rec.values(a)
	w.store(rec, a, values)
	if a.inverse == nil {
		return
	}
	for _, v := range old {
		if !a.holds(values, v.body) {
			w.unlink(v.body.(*record), a.inverse, rec)
		}
	}
	for _, v := range values {
		if !a.holds(old, v.body) {
			w.link(v.body.(*record), a.inverse, rec)
		}
	}
}

// link adds a reference on the other side. Where that side holds one value only, its former partner loses it.
func (w *write) link(holder *record, a *attribute, target *record) {
	old := holder.values(a)
	if a.holds(old, target) {
		return
	}
	fresh := value{w.at, w.by, target}
	if a.multi {
		w.store(holder, a, append([]value{fresh}, old...))
		return
	}
	w.store(holder, a, []value{fresh})
	for _, v := range old {
		w.unlink(v.body.(*record), a.inverse, holder)
	}
}

// unlink takes a reference away on one side only.
func (w *write) unlink(holder *record, a *attribute, target *record) {
	rest := slices.Clone(holder.values(a))
	w.store(holder, a, slices.DeleteFunc(rest, func(v value) bool { return v.body == body(target) }))
}

// store puts values into a record and keeps the indexes: of unique values, and of who refers to whom.
func (w *write) store(rec *record, a *attribute, values []value) {
	old := rec.values(a)
	w.touch(rec)
	if a.unique {
		for _, v := range old {
			a.index.remove(a.keyOf(v.body), rec)
		}
		for _, v := range values {
			a.index.add(a.keyOf(v.body), rec)
		}
	}
	if a.typ == "record-reference" {
		for _, v := range old {
			target := v.body.(*record)
			if target.referrers[rec]--; target.referrers[rec] <= 0 {
				delete(target.referrers, rec)
			}
		}
		for _, v := range values {
			target := v.body.(*record)
			if target.referrers == nil {
				target.referrers = map[*record]int{}
			}
			target.referrers[rec]++
		}
	}
	rec.put(a, values)
}

// remove deletes a record for good, and every reference to it.
func (w *write) remove(rec *record) {
	w.touch(rec)
	for _, s := range rec.slots {
		w.set(rec, s.attr, nil)
	}
	for other := range rec.referrers {
		for _, s := range other.slots {
			if s.attr.typ == "record-reference" && s.attr.holds(s.values, rec) {
				w.unlink(other, s.attr, rec)
			}
		}
	}
	rec.gone = true
	delete(rec.object.records, rec.id)
	if w.lag == 0 {
		rec.object.order.remove(rec)
	}
	w.detach(rec)
}

// touch keeps what queries still see of a record while the write is not visible to them.
func (w *write) touch(rec *record) {
	ws := rec.object.ws
	ws.writes++
	if w.lag <= 0 || w.touched[rec] {
		return
	}
	if w.touched == nil {
		w.touched = map[*record]bool{}
	}
	w.touched[rec] = true
	there := !rec.gone && rec.object.records[rec.id] == rec
	rec.past = append(rec.past, version{w.at*1e6 + int64(w.lag), rec.slots, there})
	ws.lagging[rec] = true
}

// settle forgets the versions that nothing sees any more. It wants the write lock.
func (ws *state) settle(now int64) {
	for rec := range ws.lagging {
		for len(rec.past) > 0 && rec.past[0].until <= now {
			rec.past = rec.past[1:]
			ws.writes++
		}
		if len(rec.past) == 0 {
			rec.past = nil
			delete(ws.lagging, rec)
			if rec.gone {
				rec.object.order.remove(rec)
			}
		}
	}
}
