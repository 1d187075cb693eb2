package walk

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
)

// Lies and a storm together, the worst of both: a doubt is allowed, a quiet loss is not.
func TestLiesInAStorm(t *testing.T) {
	for seed := range uint64(300) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(seed, 250)
			then := slices.Clone(w.records)
			w.storm, w.latency = storms["both"], 100*time.Millisecond
			servers[[]string{"by id", "by id", "by time, sorts by id", "by time, no sort by id"}[seed%4]](w)
			w.lie = func(w *world, q attio.Query, page []attio.Record) []attio.Record {
				switch w.rng.IntN(12) {
				case 0:
					return nil
				case 1:
					return page[:w.rng.IntN(len(page)+1)]
				}
				return page
			}
			o := w.walk(t.Context(), Source{PageSize: 30})
			require.NoError(t, o.err)
			require.NoError(t, o.loss(w.lasting(then)), "seed %d", seed)
		})
	}
}

func TestWalkEndsWithItsContextAtEveryPage(t *testing.T) {
	stop := errors.New("interrupted")
	for at := range 30 {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(1, 200)
			w.latency = 10 * time.Millisecond
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			w.storm = func(w *world) {
				if w.requests == at {
					cancel(stop)
				}
			}
			o := w.walk(ctx, Source{PageSize: 10})
			require.Error(t, o.err)
			require.ErrorIs(t, context.Cause(ctx), stop)
		})
	}
}

func TestFailedPageEndsTheWalk(t *testing.T) {
	for _, page := range []int{0, 1, 5, 20} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(1, 200)
			o := w.walk(t.Context(), Source{PageSize: 10, Server: &failing{world: w, page: int64(page)}})
			require.ErrorIs(t, o.err, errKey)
		})
	}
}

var errKey = &attio.Error{Class: attio.Fatal, Status: 401}

// failing is a world that refuses the key from some page on.
type failing struct {
	*world
	page, n int64
}

func (f *failing) ReadPage(ctx context.Context, object string, q attio.Query, into *attio.Page) error {
	if q.Sorts == nil && atomic.AddInt64(&f.n, 1) > f.page { // pages are read at the same time
		return errKey
	}
	return f.world.ReadPage(ctx, object, q, into)
}

// Where the server never shows some offsets, the walk goes on behind them, in doubt.
func TestHole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1, 400)
		w.lie = func(_ *world, q attio.Query, page []attio.Record) []attio.Record {
			if q.Sorts == nil && 150 <= q.Offset && q.Offset < 172 {
				return nil
			}
			return page
		}
		o := w.walk(t.Context(), Source{PageSize: 20})
		require.NoError(t, o.err)
		require.NotEmpty(t, o.Doubts)
		require.Contains(t, o.Doubts[0], "could not be read in one page with their neighbours")
		require.Greater(t, len(o.times), 350)
	})
}

// A server that gives no more than so many rows, whatever it is asked for, is asked for so many from then on.
func TestServerOfShortPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1, 200)
		limits := map[int]int{}
		w.lie = func(_ *world, q attio.Query, page []attio.Record) []attio.Record {
			limits[q.Limit]++
			return page[:min(len(page), 12)]
		}
		o := w.walk(t.Context(), Source{PageSize: 20})
		require.NoError(t, o.err)
		require.Empty(t, o.Doubts)
		require.Len(t, o.times, 200)
		require.Greater(t, limits[12], limits[20], "%v", limits)
	})
}
