package walk

// joins reports whether a page leaves no place between the frontier and its first row. Where several records can have
// one key, a page that begins at the frontier's key may lack some of them: it has to begin before it.
func (w *walk) joins(r reading) bool {
	switch {
	case r.offset == 0 || w.order.blind:
		return true
	case len(r.records) == 0 || !w.begun:
		return false
	}
	first := w.order.key(&r.records[0])
	return first < w.frontier || first == w.frontier && w.order.unique
}

func (w *walk) covers(key string) bool {
	return w.begun && !w.order.blind && (key < w.frontier || key == w.frontier && w.order.unique)
}

// measure counts by how many rows the frontier's record stands elsewhere than where it stood.
func (w *walk) measure(r reading) {
	i := w.end - r.offset
	if !w.begun || i < 0 || i >= len(r.records) || r.records[i].ID == w.lastID {
		return
	}
	moved := 1
	for j := range r.records {
		if r.records[j].ID == w.lastID {
			moved = max(i-j, j-i)
		}
	}
	w.Changes += moved
}

// accept emits the rows of a page that were not seen, and moves the frontier. It reports whether there were such rows,
// and whether the frontier moved.
func (w *walk) accept(r reading) (fresh, moved bool, err error) {
	known := 0
	for i := range r.records {
		rec := &r.records[i]
		if !w.seen.add(rec.ID) {
			known++
			continue
		}
		age := w.clock.age(rec.CreatedAt)
		if age == newer {
			w.LeftToNext++
			w.Changes++
			continue
		}
		if w.covers(w.order.key(rec)) {
			// It came into view where we had been, or it was deleted after this page and before the one that covered its place.
			w.Changes++
			if age == older && w.Filter == nil && w.holes == 0 && len(w.suspects) < mostSuspects {
				w.suspects = append(w.suspects, rec.ID)
			}
		}
		fresh = true
		w.Records++
		if err := w.Emit(rec, r.lines[i]); err != nil {
			return fresh, false, err
		}
	}
	w.Duplicates += max(0, known-max(0, min(len(r.records), w.end-r.offset+1)))
	return fresh, w.advance(r), nil
}

// advance moves the frontier to a page's last row, if that is not before it.
func (w *walk) advance(r reading) bool {
	n := len(r.records) - 1
	if n < 0 {
		return false
	}
	last := w.order.key(&r.records[n])
	if w.begun && (last < w.frontier || w.order.blind && r.offset+n <= w.end) {
		return false
	}
	ahead := !w.begun || last > w.frontier
	w.begun, w.frontier = true, last
	w.relocate(r)
	return ahead
}

// relocate notes that the frontier stands at the last row of a slice, or where its own record is gone, behind it.
func (w *walk) relocate(r reading) {
	n := len(r.records) - 1
	if w.at, w.end = r.offset+max(0, n), r.offset+n; n < 0 {
		return
	}
	last := &r.records[n]
	w.lastID = last.ID
	for at := n; at > 0 && !w.order.unique && !w.order.blind && w.order.key(&r.records[at]) == w.order.key(last); at-- {
		w.at = r.offset + at - 1
	}
}
