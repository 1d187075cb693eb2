// The walk reads all records of an object through a query that knows nothing but limit and offset, while others insert, edit and
// delete. What it may claim, and why:
//
// Order. An unsorted query costs nothing of the workspace's budget of ten seconds, one sorted by created_at about 36·log2(n) a page (571 at
// 60,000 records). Attio answers unsorted queries by ascending record_id; that was observed, not promised, so it is not assumed but looked
// at: every page must ascend. One that does not starts the walk again, sorted (order.go).
//
// Proof. In a fixed order a page is a slice of all records at one instant: whatever existed then and stands between the page's first row and
// its last is on it. The frontier is the place up to which such slices cover the order without a hole. A page whose first row is
// at or before the frontier moves the frontier to its last row. So a record that existed throughout, wherever it stands, was on the slice that
// covered its place, however many records came and went before it and whether or not these balanced: the argument is about places in the order,
// which do not move, and never about offsets, which do. It needs no second pass, and pages may be read at the same time and in any sequence.
//
// Shifts. Neighbouring pages share a row. A deletion before the cursor makes the next page begin behind the frontier: then the pages
// around it are read again until a slice joins (rejoin). An insertion makes rows come twice: ids are counted once.
//
// The end. Neither a short page nor an empty one is the end. It is proven by a slice that starts at or before the frontier, is
// shorter than asked for and holds nothing new, when the page behind it and one further on are empty (close.go).
//
// Doubt. A record that was there before the walk, turns up unseen in a covered place and is still there at the end breaks the assumption of
// a fixed order: the walk starts again in another one. The newest records, read from the other end at the start, are witnesses against a server that stops at some
// offset (witness.go). What stays in doubt makes the verdict incomplete.

package exporter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
)

// pageFunc reads one page. It must be safe for several goroutines and return when its context ends.
type pageFunc func(ctx context.Context, q attio.Query, into *attio.Page) error

// source is what a walk reads and whom it tells.
type source struct {
	read     pageFunc
	prepare  func(context.Context, *reading) error // makes the rows' lines; runs beside other pages; nil for nothing
	object   string
	filter   json.RawMessage
	sizes    *attio.FilterSizes
	keepRaw  bool
	size     int              // rows a page
	inFlight int              // pages at a time; 0 automatic
	now      func() time.Time // the server's clock
	limited  func() int64     // 429s so far
	emit     func(*attio.Record, line) error
	reset    func() error   // forget everything emitted: the walk starts again
	told     func(Progress) // after every page
}

// reading is one answer: a slice of the records as they were at one instant.
type reading struct {
	offset, limit int
	records       []attio.Record // without values once their lines are made
	lines         []line         // of the records; nil where nobody makes them
	weight        int            // bytes that the page held when it came
	score         int            // what the query cost
}

// line is a record as it stands in the file, and the key that it is sorted by.
type line struct{ key, text []byte }

func (r *reading) line(i int) line {
	if r.lines == nil {
		return line{}
	}
	return r.lines[i]
}

// size is what its lines hold.
func (r *reading) size() int64 {
	n := 0
	for _, l := range r.lines {
		n += len(l.key) + len(l.text)
	}
	return int64(n)
}

func (r *reading) full() bool { return len(r.records) >= r.limit }

// survey is what a walk found out, for the manifest.
type survey struct {
	order      string
	pages      int
	records    int
	score      int      // of all queries together
	duplicates int      // rows that came again beyond the planned overlap
	changes    int      // what was seen to move, come or go
	newer      int      // records left to the next export
	doubts     []string // why completeness cannot be proven
}

// errDisorder ends a walk whose pages contradict the order that its proof rests on.
var errDisorder = errors.New("pages are not in the expected order")

// walk is one pass in one order.
type walk struct {
	source
	order order
	survey
	clock  *clock // of the first walk, where one started again
	seen   idSet
	window window
	// suspects are old records that turned up unseen in covered places. One that is still there at the end refutes the order.
	suspects []string
	overlap  int // rows that neighbouring pages are planned to share
	lies     int // short or empty answers that were not the end
	short    int // length of the last page that was shorter than asked for

	begun  bool
	front  string // the frontier: every place before it (and at it, where keys are unique) is covered
	at     int    // offset of the row to join at when the frontier was last seen
	end    int    // offset of the frontier's row then
	lastID string // its record
	holes  int
}

// walkAll walks in the first order that proves itself.
func walkAll(ctx context.Context, s source) (survey, error) {
	all, begin := orders(), startClock(s.now)
	var spent survey
	for i := 0; ; i++ {
		w, err := walkOnce(ctx, s, all[i], begin, spent)
		if i+1 == len(all) || !errors.Is(err, errDisorder) && !all[i].refused(err) {
			return w.survey, err
		}
		spent = w.survey
		if err := s.reset(); err != nil {
			return spent, err
		}
	}
}

// walkOnce walks in one order, with witnesses.
func walkOnce(ctx context.Context, s source, o order, begin *clock, spent survey) (*walk, error) {
	w := &walk{source: s, order: o, clock: begin, overlap: o.overlap, end: -1}
	w.window = window{fixed: s.inFlight, size: firstWindow, limited: s.limited()}
	w.survey = survey{order: o.name, pages: spent.pages, score: spent.score}
	stand := summon(ctx, &s)
	defer stand.dismiss()
	if err := w.run(ctx); err != nil {
		return w, err
	}
	if o.blind {
		w.doubt("the pages come in no order that could be relied on")
	}
	return w, stand.examine(ctx, w)
}

// run reads to the end, or to where it has to give up with a doubt.
func (w *walk) run(ctx context.Context) error {
	plan := w.plan(ctx, 0)
	defer func() { plan.stop() }()
	for {
		r, err := plan.take()
		if err != nil {
			return err
		}
		w.clock.hear()
		if err := w.check(r); err != nil {
			return err
		}
		going, err := w.advance(ctx, r)
		if err != nil {
			return err
		}
		if going {
			continue
		}
		plan.stop()
		w.short = len(r.records)
		done, err := w.close(ctx)
		if err != nil || done {
			return err
		}
		w.window.size = 1 // the plan led too far
		plan = w.plan(ctx, w.at)
	}
}

// advance takes the next page of the plan in. It answers false when the plan leads no further: at the end, or at something that looks like it.
func (w *walk) advance(ctx context.Context, r reading) (bool, error) {
	if len(r.records) == 0 {
		return false, nil
	}
	if w.joins(r) {
		w.measure(r)
	} else if ok, err := w.bridge(ctx, r); err != nil || !ok {
		return false, err
	}
	moved, err := w.absorb(r)
	return moved.any() && r.full() && !w.past(), err
}

// past says that the order is by time and the frontier has come to records made since the walk began: there are only such behind it.
func (w *walk) past() bool {
	return w.begun && !w.order.unique && !w.order.blind && w.clock.ageOf(w.front) == newer
}

// get reads a page by itself and checks its order.
func (w *walk) get(ctx context.Context, offset int) (reading, error) {
	r, err := w.fetch(ctx, offset, w.size)
	if err != nil {
		return r, err
	}
	w.count(r)
	return r, w.check(r)
}

// pages are kept to be read into again: one has some 2 MB, most of what an export would otherwise allocate and collect.
var pages = sync.Pool{New: func() any { return new(attio.Page) }}

// fetch reads a page and makes its lines. The page's memory is free for another then, so that readings that wait for
// their turn weigh little. It touches nothing of the walk's state, so that several may run.
func (s *source) fetch(ctx context.Context, offset, limit int, sorts json.RawMessage) (reading, error) {
	q := attio.Query{Filter: s.filter, Sorts: sorts, Limit: limit, Offset: offset, KeepRaw: s.keepRaw}
	page := pages.Get().(*attio.Page)
	err := s.read(ctx, q, page)
	r := reading{offset: offset, limit: limit, records: page.Records, score: page.Score}
	for i := range r.records {
		r.weight += weigh(&r.records[i])
	}
	if err == nil && s.prepare != nil {
		if err = s.prepare(ctx, &r); err == nil {
			r.records = bare(r.records)
			pages.Put(page)
		}
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

func (w *walk) fetch(ctx context.Context, offset, limit int) (reading, error) {
	return w.source.fetch(ctx, offset, limit, w.order.sorts)
}

func (w *walk) count(r reading) {
	w.pages++
	w.score += r.score
}

// check holds a page against the order.
func (w *walk) check(r reading) error {
	for i := 1; i < len(r.records) && !w.order.blind; i++ {
		a, b := w.order.key(&r.records[i-1]), w.order.key(&r.records[i])
		if a > b || a == b && w.order.unique {
			return errDisorder
		}
	}
	return nil
}

func (w *walk) doubt(format string, args ...any) {
	w.doubts = append(w.doubts, fmt.Sprintf(format, args...))
}
