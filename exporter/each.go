package exporter

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"

	"github.com/attio-bulk/attio-bulk/attio"
)

// sideBySide is how many objects are read at a time. Small ones wait for answers more than they spend of the reads
// that Attio allows; large ones share these, and the memory that one of them may take.
const sideBySide = 3

// turn is one of several exports: what it says waits until those before it are done, and so does its file.
type turn struct {
	mu    *sync.Mutex   // of all: nothing is said while what came of one is looked at
	held  *atomic.Int64 // by all of them, as walk.Source says
	come  chan struct{} // closed when the turn has come
	later []func()
}

// say calls what tells the caller something when the turn has come; until then it is kept, or of no use.
func (t *turn) say(tell func(), keep bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-t.come:
		tell()
	default:
		if keep {
			t.later = append(t.later, tell)
		}
	}
}

func (t *turn) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, tell := range t.later {
		tell()
	}
	close(t.come)
}

// Each exports objects side by side and yields what came of each, in their order, as [Run] returns it; one that fails
// stops no other. All outcomes are as if one were exported after the other: a file gets its name when what came of
// those before it was yielded, none after the loop was left, and Progress and Warn speak of one export at a time.
// Nothing runs any more when the loop ends.
func Each(ctx context.Context, c *attio.Client, all []Options) iter.Seq2[Manifest, error] {
	return func(yield func(Manifest, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		var running sync.WaitGroup
		defer running.Wait()
		defer stop()
		var mu sync.Mutex
		var held atomic.Int64
		var turns []*turn
		var outcomes []func() (Manifest, error)
		for i := range all {
			for n := len(turns); n < min(i+sideBySide, len(all)); n++ {
				t := &turn{mu: &mu, held: &held, come: make(chan struct{})}
				running.Add(1)
				turns, outcomes = append(turns, t), append(outcomes, beside(func() (Manifest, error) {
					defer running.Done()
					return run(ctx, c, all[n], t)
				}))
			}
			turns[i].begin()
			m, err := outcomes[i]()
			going := func() bool {
				mu.Lock()
				defer mu.Unlock() // also where the caller's body panics
				return yield(m, err)
			}()
			if !going {
				return
			}
		}
	}
}

// Run exports an object and returns its manifest, whose verdict the caller has to look at: an incomplete export is no
// error, but lies under FILE.incomplete.
//
// Errors before the first request, where Options have the schema: *OptionError, *NotWholeError, problem.Problems
// (unknown columns and sort keys). After it: *TooFewError, what Attio answers as *attio.Error (an unknown filter is
// refused by it), the disk's, or the context's cause. In all these cases the previous file is as it was, and nothing
// is left beside it. An error of the schema, or one that it shows, comes before any that the pages bring.
func Run(ctx context.Context, c *attio.Client, o Options) (m Manifest, err error) {
	Each(ctx, c, []Options{o})(func(only Manifest, failed error) bool {
		m, err = only, failed
		return false
	})
	return m, err
}
