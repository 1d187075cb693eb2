package exporter

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
)

// witnesses are the newest records at the walk's start, read from the other end by one sorted query. A server that stops at some offset
// (Attio documents no bound, and exporters have met some) shows an end like any other; but it cannot have hidden these.
type witnesses struct {
	source *source
	cancel context.CancelFunc
	heard  chan struct{}
	page   reading // the answer, without values
}

// newestFirst is the order that witnesses are read in.
var newestFirst = sortBy("created_at", "desc")

// patience is how long the walk's end waits for its witnesses.
const patience = 10 * time.Second

// mostSuspects bounds the records that are looked for to refute an order: one that is found is enough.
const mostSuspects = 100

// summon asks for the witnesses, beside the walk. It costs one query's score; a refusal costs nothing but the testimony.
func summon(ctx context.Context, s *source) *witnesses {
	w := &witnesses{source: s, heard: make(chan struct{})}
	ctx, w.cancel = context.WithCancel(ctx)
	go func() {
		defer close(w.heard)
		var page attio.Page
		if s.read(ctx, attio.Query{Filter: s.filter, Sorts: newestFirst, Limit: s.size}, &page) == nil {
			w.page = reading{records: bare(page.Records), score: page.Score}
		}
	}()
	return w
}

// dismiss ends the query, if it still runs.
func (s *witnesses) dismiss() {
	s.cancel()
	<-s.heard
}

// examine looks for witnesses that a walk did not meet. Those that can still be found were there throughout: they are emitted,
// and the walk is in doubt.
func (s *witnesses) examine(ctx context.Context, w *walk) error {
	select {
	case <-s.heard:
	case <-time.After(patience):
		s.dismiss()
	}
	records := s.page.records
	if records != nil {
		w.count(s.page)
	}
	if err := w.refute(ctx); err != nil {
		return err
	}
	var missed []string
	for i := range records {
		if r := &records[i]; !w.seen.has(r.ID) && w.clock.age(r) == older {
			missed = append(missed, r.ID)
		}
	}
	if len(missed) == 0 {
		return nil
	}
	r, err := w.still(ctx, missed, newestFirst)
	if err != nil {
		return err
	}
	w.changes += len(missed) - len(r.records) // these went before the walk came to them
	lost := 0
	for i := range r.records {
		// In a place that was read, the filter did not show it then: what ends early hides what comes after the frontier.
		if w.filter == nil || !w.covers(w.order.key(&r.records[i])) {
			lost++
		}
	}
	before := w.records
	if _, err := w.absorb(r); err != nil {
		return err
	}
	if lost > 0 {
		why := ""
		if len(w.doubts) == 0 {
			why = fmt.Sprintf("the server seems to end its answers early, after %d records: ", before)
		}
		w.doubt("%s%d of the %d newest records stand on no page (asked for by their ids, they are in the file), so others may be missing", why, lost, len(records))
	}
	return nil
}

// refute asks for the suspects. With one that is still there, the order is no order.
func (w *walk) refute(ctx context.Context) error {
	if len(w.suspects) == 0 {
		return nil
	}
	r, err := w.still(ctx, w.suspects, w.order.sorts)
	if err == nil && len(r.records) > 0 {
		err = errDisorder
	}
	return err
}

// still reads those of some records that are there and in the filter's sight. It asks in the way in which they were found: a server that
// does not show them when asked otherwise could not be caught by asking so. Where the filter has no room for ids, the records are looked
// for in what it shows.
func (w *walk) still(ctx context.Context, ids []string, sorts json.RawMessage) (reading, error) {
	found := reading{offset: w.end + 1}
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	own := attio.ShapeOf(w.filter).Values
	for len(ids) > 0 {
		batch := ids[:max(0, min(len(ids), w.sizes.Of(w.object)-own))]
		if len(batch) == 0 {
			break
		}
		s := w.source
		s.filter = idFilter(s.filter, batch)
		r, err := s.fetch(ctx, 0, len(batch), sorts)
		if w.sizes.Refused(w.object, own+len(batch), err) {
			continue
		}
		if attio.MayBeTooLarge(err) {
			break
		}
		if err != nil {
			return found, err
		}
		w.count(r)
		found.add(r, wanted)
		ids = ids[len(batch):]
	}
	for offset := 0; len(ids) > 0 && len(wanted) > 0 && offset < 2*w.size+w.newer; {
		r, err := w.source.fetch(ctx, offset, w.size, sorts)
		if err != nil {
			return found, err
		}
		w.count(r)
		found.add(r, wanted)
		if offset += len(r.records); len(r.records) == 0 {
			break
		}
	}
	return found, nil
}

// add takes over the wanted records of another reading, which are wanted no more then.
func (r *reading) add(from reading, wanted map[string]bool) {
	for i := range from.records {
		if id := from.records[i].ID; wanted[id] {
			delete(wanted, id)
			r.records = append(r.records, from.records[i])
			r.lines = append(r.lines, from.line(i))
		}
	}
}
