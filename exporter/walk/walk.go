package walk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
)

// Server is what a walk asks: an *attio.Client, or what stands before one. It is called from several goroutines.
type Server interface {
	// ReadPage reads one page, and says how many records were asked for. It returns when its context ends.
	ReadPage(ctx context.Context, object string, q attio.Query, into *attio.Page) error
	Filters() *attio.FilterSizes // how many values a filter may hold
	Now() time.Time              // the server's clock
	Stats() attio.Stats          // of which RateLimited is looked at
}

// Source is what a walk reads, and where its records go. Server, Object and Emit are required.
type Source struct {
	Server
	Object  string          // slug or id
	Filter  json.RawMessage // Attio's filter object; nil for none
	KeepRaw bool            // keep each record's own bytes in Record.Raw

	PageSize int // records a page; 0 for 500, Attio's default
	InFlight int // pages read at a time; 0 automatic, by latency and refusals, 32 at most
	// Held counts the bytes of pages in flight and of lines that wait for their turn, which walks side by side share: no
	// more than 20 MB, but for two pages of each. nil for a walk by itself.
	Held *atomic.Int64

	// Prepare makes the lines of a page's records, beside other pages. The records' values are not to be kept: their
	// memory is used again. nil for no lines.
	Prepare func(ctx context.Context, records []attio.Record) ([]Line, error)
	// Emit is given every record once. It has its ID and CreatedAt, and its values where Prepare is nil.
	Emit func(*attio.Record, Line) error
	// Reset forgets everything emitted, since the walk starts again in another order. nil where nothing is kept.
	Reset func() error
	// Progress is told after every page; nil for nobody.
	Progress func(Progress)
}

// Line is a record as its file has it, and the key that it is sorted by.
type Line struct{ Key, Text []byte }

// Progress tells how far a walk is.
type Progress struct {
	Pages, Records int // read so far
	InFlight       int // pages that are being read or wait for their turn
}

// Survey is what a walk found out.
type Survey struct {
	Order      string   // that it was proven in: unsorted, record_id, created_at, or none
	Pages      int      // queries made, those of a walk that began again included
	Records    int      // that were emitted
	Score      int      // of all queries together
	Duplicates int      // rows that came again beyond the planned overlap
	Changes    int      // what was seen to move, come or go
	LeftToNext int      // records made since the start, which were not emitted
	Unsampled  bool     // there was no control sample: a server that stops early is not noticed
	Doubts     []string // why it cannot be proven that all records were emitted; nil when it is
}

// reading is one answer: a slice of the records as they were at one instant.
type reading struct {
	offset, limit int
	records       []attio.Record // without values once their lines are made
	lines         []Line         // of the records, empty ones where nobody makes them
	size          int64          // bytes of the lines
	weight        int            // bytes that the page held when it came
	score         int            // what the query cost
}

func (r *reading) full() bool { return len(r.records) >= r.limit }

// errDisorder ends a walk whose pages contradict the order that its proof rests on.
var errDisorder = errors.New("pages are not in the expected order")

// walk is one pass in one order.
type walk struct {
	Source
	order order
	Survey
	clock  *clock // of the first walk, where one started again
	seen   idSet
	window window
	// suspects are old records that turned up unseen in covered places. One that is still there at the end refutes the
	// order.
	suspects []string
	overlap  int // rows that neighbouring pages are planned to share
	lies     int // short or empty answers that were not the end
	short    int // length of the last page that was shorter than asked for

	begun    bool
	frontier string // the frontier: every place before it (and at it, where keys are unique) is covered
	at       int    // offset of the row to join at when the frontier was last seen
	end      int    // offset of the frontier's row then
	lastID   string // its record
	holes    int
}

// All reads all records, in the first order that proves itself. The survey's doubts say what could not be proven;
// they are no error. Errors are those of Server, Prepare, Emit and Reset, and the context's cause.
func All(ctx context.Context, s Source) (Survey, error) {
	s.PageSize, s.Held = cmp.Or(s.PageSize, 500), cmp.Or(s.Held, new(atomic.Int64))
	all, started := orders(), &clock{now: s.Now, begin: time.Now()}
	var spent Survey
	for i, o := range all {
		w := &walk{Source: s, order: o, clock: started, overlap: o.overlap, end: -1}
		w.window = window{fixed: s.InFlight, size: firstWindow, limited: s.Stats().RateLimited}
		w.Survey = Survey{Order: o.name, Pages: spent.Pages, Score: spent.Score}
		err := w.once(ctx)
		spent = w.Survey
		refused := o.sorts != nil && attio.ClassOf(err) == attio.Refused // the order's sort
		if i+1 == len(all) || !errors.Is(err, errDisorder) && !refused {
			return spent, err
		}
		if s.Reset != nil {
			if err := s.Reset(); err != nil {
				return spent, err
			}
		}
	}
	return spent, nil
}

// once walks in the walk's order, and verifies the control sample.
func (w *walk) once(ctx context.Context) error {
	sample := startSample(ctx, w.Source)
	defer sample.stop()
	if err := w.run(ctx); err != nil {
		return err
	}
	if w.order.blind {
		w.doubt("the pages come in no order that could be relied on")
	}
	return sample.verify(ctx, w)
}

// run reads to the end, or to where it has to give up with a doubt.
func (w *walk) run(ctx context.Context) error {
	ahead := w.prefetch(ctx, 0)
	defer func() { ahead.stop() }()
	for {
		r, err := ahead.next()
		if err != nil {
			return err
		}
		w.clock.observe()
		refused := r.limit < w.PageSize // so many records are not given, whatever else is asked
		if refused {
			w.shrink(r.limit)
		}
		going, err := w.step(ctx, r)
		if err != nil {
			return err
		}
		if going && !refused {
			continue
		}
		ahead.stop()
		if going {
			ahead = w.prefetch(ctx, w.at)
			continue
		}
		w.short = len(r.records)
		done, err := w.close(ctx)
		if err != nil || done {
			return err
		}
		w.window.size = 1 // the pages ahead led too far
		ahead = w.prefetch(ctx, w.at)
	}
}

// step takes the next page in. It returns false when the pages lead no further: at the end, or at something that
// looks like it.
func (w *walk) step(ctx context.Context, r reading) (bool, error) {
	if len(r.records) == 0 {
		return false, nil
	}
	if w.joins(r) {
		w.measure(r)
	} else if ok, err := w.fill(ctx, r); err != nil || !ok {
		return false, err
	}
	fresh, moved, err := w.accept(r)
	return (fresh || moved) && r.full() && !w.past(), err
}

// past reports whether the order is by time and the frontier has come to records made since the walk began: there are
// only such behind it.
func (w *walk) past() bool {
	return w.begun && !w.order.unique && !w.order.blind && w.clock.age(w.frontier) == newer
}

// pages are kept to be read into again: one has some 2 MB, most of what an export would otherwise allocate and collect.
var pages = sync.Pool{New: func() any { return new(attio.Page) }}

// fetch reads a page and makes its lines. The page's memory is free for another then, so that readings that wait for
// their turn weigh little. It touches nothing of the walk's state, so that several may run.
func (s *Source) fetch(ctx context.Context, q attio.Query) (reading, error) {
	q.KeepRaw = s.KeepRaw
	page := pages.Get().(*attio.Page)
	err := s.ReadPage(ctx, s.Object, q, page)
	r := reading{offset: q.Offset, limit: page.Limit, records: page.Records, score: page.Score}
	r.lines = make([]Line, len(r.records))
	for i := range r.records {
		r.weight += weigh(&r.records[i])
	}
	if err == nil && s.Prepare != nil {
		if r.lines, err = s.Prepare(ctx, r.records); err == nil {
			r.records = bare(r.records)
			pages.Put(page)
		}
	}
	for _, l := range r.lines {
		r.size += int64(len(l.Key) + len(l.Text))
	}
	return r, err
}

// bare copies what the walk needs of records.
func bare(records []attio.Record) []attio.Record {
	few := make([]attio.Record, len(records))
	for i := range records {
		few[i] = attio.Record{ID: records[i].ID, CreatedAt: records[i].CreatedAt}
	}
	return few
}

// read reads a page of the walk, and holds it against the order.
func (w *walk) read(ctx context.Context, offset, limit int) (reading, error) {
	r, err := w.fetch(ctx, attio.Query{Filter: w.Filter, Sorts: w.order.sorts, Limit: limit, Offset: offset})
	for i := 1; i < len(r.records) && err == nil && !w.order.blind; i++ {
		a, b := w.order.key(&r.records[i-1]), w.order.key(&r.records[i])
		if a > b || a == b && w.order.unique {
			err = errDisorder
		}
	}
	return r, err
}

func (w *walk) count(r reading) {
	w.Pages++
	w.Score += r.score
}

func (w *walk) doubt(format string, args ...any) {
	w.Doubts = append(w.Doubts, fmt.Sprintf(format, args...))
}
