package importer

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Reading a row and converting it takes longer than deciding and recording it, so that one goroutine reads, as many as there are processors
// convert, and the loop gets what they made in the file's order. Items are used again once their rows are done: a row of a CSV file
// costs no memory but its text.

// readBatch is how many rows travel together.
const readBatch = 32

// readBatches is how many batches may be on their way for each processor.
const readBatches = 2

// rowBatch is some rows on their way to the loop.
type rowBatch struct {
	items []*item
	made  chan struct{} // closed when the rows are converted
}

// read hands over the rows in the file's order, converted.
func (r *run) read(ctx context.Context, out chan<- []*item) error {
	processors := runtime.GOMAXPROCS(0)
	ordered, work := make(chan *rowBatch, readBatches*processors), make(chan *rowBatch, readBatches*processors)
	var others sync.WaitGroup
	for range processors {
		others.Go(func() {
			for b := range work {
				for _, it := range b.items {
					r.convert(it)
				}
				close(b.made)
			}
		})
	}
	var failed error
	others.Go(func() {
		defer close(ordered)
		defer close(work)
		failed = r.readRows(ctx, func(b *rowBatch) {
			work <- b
			ordered <- b
		})
	})
	stopped := false
	for b := range ordered {
		<-b.made
		if stopped {
			continue // a later row must not come where an earlier one did not
		}
		select {
		case out <- b.items:
		case <-ctx.Done():
			stopped = true
		}
	}
	others.Wait()
	if failed != nil {
		return failed
	}
	return context.Cause(ctx)
}

// readRows gives each the rows in batches, read into items.
func (r *run) readRows(ctx context.Context, each func(*rowBatch)) error {
	next := func() *rowBatch { return &rowBatch{make([]*item, 0, readBatch), make(chan struct{})} }
	b, it := next(), r.item()
	storage := func() *mapping.Row { return &it.storage }
	for row, err := range r.Input.RowsInto(ctx, storage) {
		if err != nil {
			each(b)
			return err
		}
		if r.Limit > 0 && row.Number > r.Limit {
			break
		}
		it.row = row
		if b.items = append(b.items, it); len(b.items) == readBatch {
			if each(b); ctx.Err() != nil {
				return nil
			}
			b = next()
		}
		it = r.item()
	}
	each(b)
	return nil
}

// item is one that an earlier row left, or a new one.
func (r *run) item() *item {
	if it, ok := r.spare.Get().(*item); ok {
		return it
	}
	return &item{}
}

// convert makes a row's record and the hashes of its keys.
func (r *run) convert(it *item) {
	if it.row.Bad != nil {
		return
	}
	it.refused = r.Plan.Values(it.row, &it.rec)
	r.importKey(it)
	it.keys = keysOf(r.Plan, it.keys[:0], &it.rec)
	for _, k := range it.keys {
		it.hashes = append(it.hashes, r.claims.Key(k))
	}
}

// importKey puts the fingerprint of run and row into the record, by which the row can be found whatever happens.
func (r *run) importKey(it *item) {
	if r.ImportKey == "" || len(it.rec.Fields) == 0 {
		return
	}
	a := r.Plan.Object.Attribute(r.ImportKey)
	it.fingerprint = fmt.Sprintf("%s:%d", r.info.ID, it.row.Number)
	it.rec.Fields = append(it.rec.Fields, value.Field{Attr: a, Values: []value.Value{{Text: it.fingerprint}}})
}
