package exporter

import (
	"context"
	"encoding/json"
	"errors"
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

// asked is how many witnesses are looked up at once.
const asked = 100

// summon asks for the witnesses, beside the walk. It costs one query's score; a refusal costs nothing but the testimony.
func summon(ctx context.Context, s *source) *witnesses {
	w := &witnesses{source: s, heard: make(chan struct{})}
	ctx, w.cancel = context.WithCancel(ctx)
	go func() {
		defer close(w.heard)
		var page attio.Page
		if s.read(ctx, attio.Query{Filter: s.filter, Sorts: newestFirst, Limit: s.size}, &page) == nil {
			w.page = reading{records: s.bare(page.Records), score: page.Score}
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
	before, certain := w.records, len(w.doubts) == 0
	for len(missed) > 0 {
		batch := missed[:min(asked, len(missed))]
		missed = missed[len(batch):]
		r, err := w.still(ctx, batch, newestFirst)
		if err != nil {
			return err
		}
		w.changes += len(batch) - len(r.records) // these went before the walk came to them
		if len(r.records) > 0 && !final {
			return errMissed
		}
		if _, err := w.absorb(r); err != nil {
			return err
		}
	}
	if lost := w.records - before; lost > 0 {
		why := ""
		if certain {
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

// still reads those of some records that are there and in the filter's sight. It asks in the way in which they were found: a server that does
// not show them when asked otherwise could not be caught by asking so.
func (w *walk) still(ctx context.Context, ids []string, sorts json.RawMessage) (reading, error) {
	s := w.source
	s.filter = idFilter(s.filter, ids)
	r, err := s.fetch(ctx, 0, len(ids), sorts)
	w.count(r)
	r.offset = w.end + 1
	return r, err
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
