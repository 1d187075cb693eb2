package walk

import "context"

// fill reads again between the frontier and a page that begins behind it. It returns false when no slice joins them:
// the page may be older than a deletion of everything in it.
func (w *walk) fill(ctx context.Context, r reading) (bool, error) {
	before := w.Records
	for stalled := 0; !w.joins(r); {
		p, ok, err := w.locate(ctx)
		if err != nil || !ok {
			return false, err
		}
		w.measure(p)
		fresh, moved, err := w.accept(p)
		if err != nil {
			return false, err
		}
		if fresh || moved {
			continue
		}
		if stalled++; stalled > 3 || !p.full() {
			return false, nil
		}
	}
	// What was skipped once will be skipped again: later pages share more rows.
	w.overlap = min(w.PageSize/2, max(w.overlap, 2*(w.Records-before)+w.order.overlap))
	return true, nil
}

// maxLocates bounds the reads that look for the frontier: enough to gallop back over and bisect a million rows.
const maxLocates = 40

// locate looks for the frontier near the offset where it last stood and returns a slice that has rows on both sides
// of it, or ends short of the page's length. It returns false when none is found.
func (w *walk) locate(ctx context.Context) (reading, bool, error) {
	off, lo, hi := w.at, 0, -1
	back := max(1, w.PageSize/4)
	for range maxLocates {
		r, err := w.read(ctx, off, w.PageSize)
		if w.count(r); err != nil {
			return r, false, err
		}
		switch {
		case !w.joins(r): // the frontier stands before this page
			hi = off
			if off <= lo {
				lo = 0
			}
			off = max(lo, off-back)
			back *= 4
		case r.full() && w.order.key(&r.records[len(r.records)-1]) < w.frontier: // and here behind it
			lo = off + len(r.records) - 1
			off = lo
			if hi > lo+w.PageSize {
				off = lo + (hi-lo)/2
			}
			back = max(1, w.PageSize/4)
		default:
			return r, true, nil
		}
	}
	return reading{}, false, nil
}
