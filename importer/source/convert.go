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
		c := converter[T]{
			next: next, ordered: make(chan *batch[T], batchesAhead*processors),
			work: make(chan *batch[T], batchesAhead*processors),
		}
		var all sync.WaitGroup
		defer all.Wait()
		defer stop()
		for range processors {
			all.Go(func() {
				for b := range c.work {
					for _, t := range b.items {
						convert(t)
					}
					close(b.made)
				}
			})
		}
		all.Go(func() { c.read(ctx, f) })
		for b := range c.ordered {
			<-b.made
			if ctx.Err() == nil && !yield(b.items, nil) { // a later row must not come where an earlier one did not
				stop()
				for range c.ordered { // until the reader has seen it
				}
				return
			}
		}
		if c.err == nil && ctx.Err() != nil {
			c.err = context.Cause(ctx)
		}
		if c.err != nil {
			yield(nil, c.err)
		}
	}
}

// batch is some rows on their way.
type batch[T any] struct {
	items []T
	made  chan struct{} // closed when they are converted
}

type converter[T any] struct {
	next          func() (T, *mapping.Row)
	ordered, work chan *batch[T]
	err           error // why the reading ended; good once ordered is closed
}

// read sends the rows on in batches.
func (c *converter[T]) read(ctx context.Context, f *File) {
	defer close(c.ordered)
	defer close(c.work)
	fresh := func() *batch[T] { return &batch[T]{make([]T, 0, rowsTogether), make(chan struct{})} }
	b := fresh()
	send := func() {
		c.work <- b
		c.ordered <- b
		b = fresh()
	}
	var t T
	storage := func() (row *mapping.Row) {
		t, row = c.next()
		return row
	}
	for _, err := range f.RowsInto(ctx, storage) {
		if err != nil {
			c.err = err
			break
		}
		if b.items = append(b.items, t); len(b.items) < cap(b.items) {
			continue
		}
		if send(); ctx.Err() != nil {
			c.err = context.Cause(ctx)
			return
		}
	}
	if len(b.items) > 0 {
		send()
	}
}
