package exporter

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// witnesses are the newest records at the walk's start, read from the other end by one sorted query. A server that stops at some offset
// (Attio documents no bound, and exporters have met some) shows an end like any other; but it cannot have hidden these.
type witnesses struct {
	source *source
	cancel context.CancelFunc
	heard  chan struct{}
	newest reading
}

// patience is how long the walk's end waits for its witnesses.
const patience = 10 * time.Second

// asked is how many witnesses are looked up at once.
const asked = 100

// summon asks for the witnesses, beside the walk. It costs one query's score; a refusal costs nothing but the testimony.
func summon(ctx context.Context, s *source) *witnesses {
	w := &witnesses{source: s, heard: make(chan struct{})}
	ctx, w.cancel = context.WithCancel(ctx)
	go func() {
		defer close(w.heard)
		r, _, err := s.fetch(ctx, 0, s.size, sortBy("created_at", "desc"))
		if err == nil {
			w.newest = r
		}
	}()
	return w
}

// dismiss ends the query, if it still runs.
func (s *witnesses) dismiss() {
	s.cancel()
	<-s.heard
}

// errMissed says that witnesses were not met by a walk under a filter. They may have left the filter's sight and come back, so another walk is due.
var errMissed = errors.New("records that were there throughout were not met")

// examine looks for witnesses that a walk did not meet. Those that can still be found were there throughout: errMissed; or, where the
// testimony is final, they are emitted and the walk is in doubt.
func (s *witnesses) examine(ctx context.Context, w *walk, final bool) error {
	select {
	case <-s.heard:
	case <-time.After(patience):
		s.dismiss()
	}
	var missed []string
	for i := range s.newest.records {
		if r := &s.newest.records[i]; !w.seen.has(r.ID) && w.clock.age(r) != newer {
			missed = append(missed, r.ID)
		}
	}
	lost := 0
	for len(missed) > 0 {
		batch := missed[:min(asked, len(missed))]
		missed = missed[len(batch):]
		sub := *s.source
		sub.filter = idFilter(s.source.filter, batch)
		r, page, err := sub.fetch(ctx, 0, len(batch))
		if err != nil {
			return err
		}
		w.count(page)
		if len(r.records) > 0 && !final {
			return errMissed
		}
		before := w.records
		for i := range r.records {
			if rec := &r.records[i]; w.seen.add(rec.ID) {
				w.records++
				if err := w.emit(rec, r.look); err != nil {
					return err
				}
			}
		}
		lost += w.records - before
	}
	if lost > 0 {
		w.doubt("%d of the %d newest records were not met: the server seems to end its answers early, at offset %d", lost, len(s.newest.records), w.end+1)
	}
	return nil
}

// idFilter narrows a filter down to some ids.
func idFilter(filter json.RawMessage, ids []string) json.RawMessage {
	list, _ := json.Marshal(ids) // strings always marshal
	byID := `{"record_id":{"$in":` + string(list) + `}}`
	if filter == nil {
		return json.RawMessage(byID)
	}
	return json.RawMessage(`{"$and":[` + string(filter) + `,` + byID + `]}`)
}
