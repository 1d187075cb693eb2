package source

import (
	"context"
	"iter"
	"runtime"
	"sync"

	"github.com/attio-bulk/attio-bulk/mapping"
)

const (
	// rowsTogether is how many rows travel together.
	rowsTogether = 32
	// batchesAhead is how many such batches may be on their way for each processor.
	batchesAhead = 2
)

// Convert makes something of each row: one goroutine reads, as many as there are processors convert, and what they made
// is yielded in the file's order, some at a time.
//
// next gives what a row is made into, and the storage that its row is read into; it is called by the reading goroutine,
// which may be some hundred rows ahead. convert is called by several goroutines, each with a T of its own. An error,
// which is one of RowsInto, comes last. Convert returns when all its goroutines have ended.
func Convert[T any](ctx context.Context, f *File, next func() (T, *mapping.Row), convert func(T)) iter.Seq2[[]T,
	error] {
	return func(yield func([]T, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		processors := runtime.GOMAXPROCS(0)
		ordered, work := make(chan *batch[T], batchesAhead*processors), make(chan *batch[T], batchesAhead*processors)
		var all sync.WaitGroup
		defer all.Wait()
		defer stop()
		for range processors {
			all.Go(func() {
				for b := range work {
					for _, t := range b.items {
						convert(t)
					}
					close(b.made)
				}
			})
		}
		var failed error // why the reading ended; good once ordered is closed
		all.Go(func() {
			defer close(ordered)
			defer close(work)
			failed = readBatches(ctx, f, next, func(b *batch[T]) {
				work <- b
				ordered <- b
			})
		})
		for b := range ordered {
			<-b.made
			if ctx.Err() == nil && !yield(b.items, nil) { // a later row must not come where an earlier one did not
				stop()
				for range ordered { // until the reader has seen it
				}
				return
			}
		}
		if failed == nil && ctx.Err() != nil {
			failed = context.Cause(ctx)
		}
		if failed != nil {
			yield(nil, failed)
		}
	}
}

// batch is some rows on their way.
type batch[T any] struct {
	items []T
	made  chan struct{} // closed when they are converted
}

// readBatches sends the rows on in batches, and returns why they ended early.
func readBatches[T any](ctx context.Context, f *File, next func() (T, *mapping.Row), send func(*batch[T])) (
	failed error) {
	var b *batch[T]
	var t T
	for _, err := range f.RowsInto(ctx, func() (row *mapping.Row) { t, row = next(); return row }) {
		if failed = err; err != nil {
			break
		}
		if b == nil {
			b = &batch[T]{make([]T, 0, rowsTogether), make(chan struct{})}
		}
		if b.items = append(b.items, t); len(b.items) < cap(b.items) {
			continue
		}
		send(b)
		if b = nil; ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	if b != nil {
		send(b)
	}
	return failed
}
