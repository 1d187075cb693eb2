package walk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
)

// controlSample are the newest records at the walk's start, read from the other end by one sorted query. A server
// that stops at some offset (Attio documents no bound, and exporters have met some) shows an end like any other; but
// it cannot have hidden these.
type controlSample struct {
	cancel context.CancelFunc
	done   chan struct{}
	sorts  json.RawMessage // that it was read with; nil where none was answered
	page   reading         // the answer, without values
}

// fromTheEnd are the sorts that a sample may be read with. That record_id can be sorted by is not on record.
var fromTheEnd = []json.RawMessage{sortBy("created_at", "desc"), sortBy("record_id", "desc")}

const (
	sampleWait   = 10 * time.Second // that the walk's end waits for its sample
	mostSuspects = 100              // that are looked for to refute an order: one that is found is enough
)

// startSample reads the sample, beside the walk. It costs one query's score.
func startSample(ctx context.Context, s Source) *controlSample {
	c := &controlSample{done: make(chan struct{})}
	ctx, c.cancel = context.WithCancel(ctx)
	s.Prepare, s.KeepRaw = nil, false
	go func() {
		defer close(c.done)
		for _, sorts := range fromTheEnd {
			page, err := s.fetch(ctx, attio.Query{Filter: s.Filter, Sorts: sorts, Limit: s.PageSize})
			if err == nil {
				c.sorts, c.page = sorts, reading{records: bare(page.records), score: page.score}
			}
			if attio.ClassOf(err) != attio.Refused {
				return
			}
		}
	}()
	return c
}

// stop ends the query, if it still runs.
func (c *controlSample) stop() {
	c.cancel()
	<-c.done
}

// verify looks for records of the sample that the walk did not meet. Those that can still be found were there
// throughout: they are emitted, and the walk is in doubt.
func (c *controlSample) verify(ctx context.Context, w *walk) error {
	select {
	case <-c.done:
	case <-time.After(sampleWait):
		c.stop()
	}
	if w.Unsampled = c.sorts == nil; !w.Unsampled {
		w.count(c.page)
	}
	if met, err := w.still(ctx, w.suspects, w.order.sorts); err != nil || len(met.records) > 0 {
		return cmp.Or(err, errDisorder) // a suspect that is there stood behind the frontier: the order is no order
	}
	var missed []string
	for i := range c.page.records {
		if r := &c.page.records[i]; !w.seen.has(r.ID) && w.clock.age(r.CreatedAt) == older {
			missed = append(missed, r.ID)
		}
	}
	r, err := w.still(ctx, missed, c.sorts)
	if err != nil {
		return err
	}
	w.Changes += len(missed) - len(r.records) // these went before the walk came to them
	lost := 0
	for i := range r.records {
		// In a place that was read, the filter did not show it then: what ends early hides what comes after the frontier.
		if w.Filter == nil || !w.covers(w.order.key(&r.records[i])) {
			lost++
		}
	}
	before, certain := w.Records, len(w.Doubts) == 0
	if _, _, err := w.accept(r); err != nil || lost == 0 {
		return err
	}
	why := ""
	if certain {
		why = fmt.Sprintf("the server seems to end its answers early, after %d records: ", before)
	}
	w.doubt("%s%d of the %d newest records are on no page (the file has them, since they were asked for by themselves), "+
		"so others may be missing", why, lost, len(c.page.records))
	return nil
}

// still reads those of some records that are there and that the filter shows. It asks in the way in which they were
// found: a server that does not show them when asked otherwise could not be caught by asking so. Where the filter has
// no room for ids, they are looked for among the records that it shows.
func (w *walk) still(ctx context.Context, ids []string, sorts json.RawMessage) (reading, error) {
	found := reading{offset: w.end + 1}
	own, byID, offset := attio.ShapeOf(w.Filter).Values, true, 0
	for len(ids) > 0 && offset < 2*w.PageSize+w.LeftToNext {
		q := attio.Query{Filter: w.Filter, Sorts: sorts, Limit: w.PageSize, Offset: offset}
		batch := ids[:max(0, min(len(ids), w.Filters().Of(w.Object)-own))]
		if byID = byID && len(batch) > 0; byID {
			q = attio.Query{Filter: ByIDs(w.Filter, batch), Sorts: sorts, Limit: len(batch)}
		}
		r, err := w.fetch(ctx, q)
		switch {
		case byID && w.Filters().Refused(w.Object, own+len(batch), err):
			continue
		case byID && attio.MayBeTooLarge(err):
			byID = false
			continue
		case err != nil:
			return found, err
		}
		w.count(r)
		left := slices.Clone(ids)
		for i := range r.records {
			if at := slices.Index(left, r.records[i].ID); at >= 0 {
				left = slices.Delete(left, at, at+1)
				found.records, found.lines = append(found.records, r.records[i]), append(found.lines, r.lines[i])
			}
		}
		switch {
		case byID:
			ids = ids[len(batch):]
		case len(r.records) == 0:
			return found, nil
		default:
			ids = left
			offset += len(r.records)
		}
	}
	return found, nil
}
