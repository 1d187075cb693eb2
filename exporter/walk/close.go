package walk

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/attio"
)

const (
	closings = 12 // times that the end is looked at before it is left in doubt
	maxHoles = 20 // places skipped before the rest is given up
)

// close finds out whether the frontier is the end. It reads five pages at once, so that it takes no longer than one:
// from the frontier's row on, from well before it, twice from behind it, and further on. It returns false when there
// is more to read, from w.at on; true at the end, proven or given up with a doubt. Records made since the walk began
// do not keep it from ending.
func (w *walk) close(ctx context.Context) (bool, error) {
	if w.past() {
		return true, nil
	}
	var stray reading
	needed := 1
	if w.lies > 0 {
		needed = 3 // answers that ended early have been met: one more that seems to end proves little
	}
	back := 0 // how far before it we look: more where deletions move the frontier while we look
	for range closings {
		here, behind := max(0, w.at-back), max(0, w.end+1-back)
		rs, err := w.several(ctx, here, max(0, w.at-w.PageSize/2), behind, behind, behind+w.PageSize)
		if err != nil {
			return false, err
		}
		w.clamped(rs[0], rs[2])
		if !w.containsFrontier(rs[0]) {
			back = min(w.PageSize/2, 2*back+4)
		}
		moved, ended, err := w.reach(ctx, rs[0])
		if err != nil {
			return false, err
		}
		stray = reading{}
		for _, r := range rs[1:] {
			if !w.unseen(r) {
				continue
			}
			if !w.joins(r) {
				stray, ended = r, false
				continue
			}
			if _, _, err := w.accept(r); err != nil {
				return false, err
			}
			moved = true
		}
		if moved {
			w.lies++
			return false, nil
		}
		if !ended {
			continue
		}
		if needed--; needed == 0 {
			return true, nil
		}
	}
	return w.giveUp(stray)
}

// reach accepts the page at the frontier. moved: there is more to read. ended: the slice that holds the frontier ends
// with it. Where the page missed the frontier, one that locate finds takes its place; but then the other pages were
// read in the wrong place too and prove nothing, so it is not the end yet.
func (w *walk) reach(ctx context.Context, r reading) (moved, ended bool, err error) {
	missed := !w.containsFrontier(r)
	if missed {
		var ok bool
		if r, ok, err = w.locate(ctx); err != nil || !ok {
			return false, false, err
		}
	}
	w.measure(r)
	fresh, ahead, err := w.accept(r)
	if missed && !r.full() {
		w.relocate(r)
	}
	return fresh || ahead && r.full(), !missed && !r.full(), err
}

// clamped notices a server that gives fewer rows than asked for, always: three times the same length, and not the end.
func (w *walk) clamped(r, after reading) {
	n := len(r.records)
	always := n == w.short && n == len(after.records)
	if always && n < w.PageSize && n > w.order.overlap && r.records[n-1].ID != after.records[n-1].ID {
		w.shrink(n)
	}
}

// shrink asks for smaller pages from here on.
func (w *walk) shrink(size int) {
	w.PageSize = size
	w.overlap = min(w.overlap, max(w.order.overlap, size/2))
}

// containsFrontier reports whether a page begins at or before the frontier and holds it, or ends short of its length.
func (w *walk) containsFrontier(r reading) bool {
	return w.joins(r) && (!r.full() || w.order.key(&r.records[len(r.records)-1]) >= w.frontier)
}

// unseen reports whether a page has a record that belongs to this export and was not met.
func (w *walk) unseen(r reading) bool {
	return slices.ContainsFunc(r.records, func(rec attio.Record) bool {
		return !w.seen.has(rec.ID) && w.clock.age(rec.CreatedAt) != newer
	})
}

// giveUp leaves a doubt. Where the server showed rows further on, the walk goes on behind the hole, so that the
// incomplete file has them.
func (w *walk) giveUp(stray reading) (bool, error) {
	if len(stray.records) == 0 || w.holes >= maxHoles {
		w.doubt("the end was not confirmed: after %d records, the server's answers contradict each other, or repeat",
			w.Records)
		return true, nil
	}
	w.holes++
	w.doubt("records between offsets %d and %d could not be read in one page with their neighbours; some may be missing",
		w.end+1, stray.offset)
	_, _, err := w.accept(stray)
	return false, err
}

// several reads pages at the same time.
func (w *walk) several(ctx context.Context, offsets ...int) ([]reading, error) {
	rs := make([]reading, len(offsets))
	group, ctx := errgroup.WithContext(ctx)
	for i, off := range offsets {
		group.Go(func() (err error) {
			rs[i], err = w.read(ctx, off, w.PageSize)
			return err
		})
	}
	err := group.Wait()
	for _, r := range rs {
		w.count(r)
	}
	return rs, err
}
