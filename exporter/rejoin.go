package exporter

import "context"

// bridge reads again between the frontier and a page that begins behind it. It answers false when no slice joins them: the page may be
// older than a deletion of everything in it.
func (w *walk) bridge(ctx context.Context, r reading) (bool, error) {
	before := w.records
	for stalled := 0; !w.joins(r); {
		p, ok, err := w.rejoin(ctx)
		if err != nil || !ok {
			return false, err
		}
		w.measure(p)
		moved, err := w.absorb(p)
		if err != nil {
			return false, err
		}
		if !moved.any() {
			if stalled++; stalled > 3 || !p.full() {
				return false, nil
			}
		}
	}
	// What was skipped once will be skipped again: later pages share more rows.
	w.overlap = min(w.size/2, max(w.overlap, 2*(w.records-before)+w.order.overlap))
	return true, nil
}

// rejoins bounds the reads that look for the frontier: enough to gallop back over and bisect a million rows.
const rejoins = 40

// rejoin looks for the frontier near the offset where it last stood and answers a slice that has rows on both sides of it, or ends
// short of the page's length. It answers false when none is found.
func (w *walk) rejoin(ctx context.Context) (reading, bool, error) {
	off, lo, hi := w.at, 0, -1
	back := max(1, w.size/4)
	for range rejoins {
		r, err := w.get(ctx, off)
		if err != nil {
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
		case r.full() && w.order.key(&r.records[len(r.records)-1]) < w.front: // and here behind it
			lo = off + len(r.records) - 1
			off = lo
			if hi > lo+w.size {
				off = lo + (hi-lo)/2
			}
			back = max(1, w.size/4)
		default:
			return r, true, nil
		}
	}
	return reading{}, false, nil
}
