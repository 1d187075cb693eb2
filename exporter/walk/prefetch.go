package walk

import (
	"context"
	"sync"

	"github.com/attio-bulk/attio-bulk/attio"
)

const (
	firstWindow = 4
	mostWindow  = 32       // 16 reach 100 pages a second at 150 ms
	windowBytes = 20 << 20 // as Source.Held counts them
)

// window is how many pages may be in flight or waiting to be taken. It doubles while the taker has to wait for the
// network, grows by one at a time once it did not have to, and shrinks by one where it did not for a while: then the
// processor is the limit, and pages only pile up. A 429 halves it (Attio counts queries' scores over ten seconds for
// the whole workspace). What they hold in memory bounds it: in flight that is a whole page, and its lines once these
// are made.
type window struct {
	fixed   int // set by the caller; 0 automatic
	size    int
	gentle  bool  // it was once wide enough
	rest    int   // pages to take before a 429 counts again, and before it may grow
	idle    int   // pages in a row that were there when asked for
	limited int64 // 429s seen so far
	weight  int   // of a page, smoothed
}

// open reports whether one more page may be asked for, beside so many that are not taken yet, and the bytes that all
// hold.
func (w *window) open(pages int, held int64) bool {
	switch {
	case w.fixed > 0:
		return pages < w.fixed
	case pages < 1:
		return true
	case pages >= w.size:
		return false
	}
	return pages < 2 || held+int64(w.weight) <= windowBytes
}

func (w *window) learn(waited bool, limited int64, r reading) {
	w.weight = max(r.weight, w.weight-w.weight/8)
	if w.idle++; waited {
		w.idle = 0
	}
	switch {
	case limited > w.limited:
		w.limited = limited
		w.gentle, w.size = true, max(1, w.size/2)
		w.rest = w.size
	case w.rest > 0:
		w.rest--
	case w.idle >= w.size && w.size > firstWindow:
		w.gentle, w.idle, w.size = true, 0, w.size-1
	case waited && w.gentle:
		w.size = min(mostWindow, w.size+1)
		w.rest = w.size
	case waited:
		w.size = min(mostWindow, w.size*2)
	}
}

// weigh is about what a record holds in memory as it comes.
func weigh(r *attio.Record) int {
	n := 200 + len(r.Raw)
	for slug, value := range r.Values {
		n += 64 + len(slug) + len(value)
	}
	return n
}

// prefetcher reads pages ahead, in order, each sharing rows with the one before.
type prefetcher struct {
	walk   *walk
	ctx    context.Context
	cancel context.CancelFunc
	offset int // offset of the next page to ask for
	queue  []chan arrival
	calls  sync.WaitGroup
}

type arrival struct {
	reading
	err error
}

// prefetch starts at an offset. Its taker must stop it.
func (w *walk) prefetch(ctx context.Context, offset int) *prefetcher {
	p := &prefetcher{walk: w, offset: offset}
	p.ctx, p.cancel = context.WithCancel(ctx)
	return p
}

// next returns the next page and asks for more.
func (p *prefetcher) next() (reading, error) {
	w := p.walk
	for w.window.open(len(p.queue), w.Held.Load()) {
		p.launch()
	}
	waited := len(p.queue[0]) == 0
	a := <-p.queue[0]
	p.queue = p.queue[1:]
	w.Held.Add(-a.size)
	if a.err != nil {
		return a.reading, a.err
	}
	w.window.learn(waited, w.Stats().RateLimited, a.reading)
	w.count(a.reading)
	if w.Progress != nil {
		w.Progress(Progress{Pages: w.Pages, Records: w.Records, InFlight: len(p.queue)})
	}
	return a.reading, nil
}

func (p *prefetcher) launch() {
	arrived, offset, limit := make(chan arrival, 1), p.offset, p.walk.PageSize
	p.offset += max(1, limit-p.walk.overlap)
	p.queue = append(p.queue, arrived)
	held, weight := p.walk.Held, int64(p.walk.window.weight)
	held.Add(weight)
	p.calls.Go(func() {
		r, err := p.walk.read(p.ctx, offset, limit)
		held.Add(r.size - weight)
		arrived <- arrival{r, err}
	})
}

// stop gives up the pages not taken and waits for their requests to end.
func (p *prefetcher) stop() {
	p.cancel()
	p.calls.Wait()
	for _, arrived := range p.queue {
		p.walk.Held.Add(-(<-arrived).size)
	}
	p.queue = nil
}
