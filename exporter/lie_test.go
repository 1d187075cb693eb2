package exporter

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
)

// once makes a lie that is told a number of times only, at pages that are not the first.
func once(times int, lie func(w *world, q attio.Query, page []attio.Record) []attio.Record) func(*world, attio.Query, []attio.Record) []attio.Record {
	return func(w *world, q attio.Query, page []attio.Record) []attio.Record {
		if q.Sorts != nil || q.Offset == 0 || times == 0 || len(page) == 0 {
			return page
		}
		times--
		return lie(w, q, page)
	}
}

// A pager that lies never yields a quiet loss: the walk sees through the lie, or leaves a doubt.
func TestLyingPager(t *testing.T) {
	first := func(w *world, limit int) []attio.Record { return slices.Clone(w.records[:min(limit, len(w.records))]) }
	for name, c := range map[string]struct {
		lie   func(w *world, q attio.Query, page []attio.Record) []attio.Record
		whole bool // the walk is expected to see through it
	}{
		"offset ignored": {func(w *world, q attio.Query, page []attio.Record) []attio.Record {
			return first(w, q.Limit)
		}, false},
		"limit clamped": {func(w *world, q attio.Query, page []attio.Record) []attio.Record {
			return page[:min(10, len(page))]
		}, true},
		"limit clamped to two": {func(w *world, q attio.Query, page []attio.Record) []attio.Record {
			return page[:min(2, len(page))]
		}, true},
		"limit clamped to one": {func(w *world, q attio.Query, page []attio.Record) []attio.Record {
			return page[:min(1, len(page))]
		}, false},
		"a page repeated once": {once(1, func(w *world, q attio.Query, page []attio.Record) []attio.Record {
			return slices.Clone(w.records[max(0, q.Offset-q.Limit+1) : q.Offset+1])
		}), true},
		"the first page instead of three": {once(3, func(w *world, q attio.Query, page []attio.Record) []attio.Record {
			return first(w, q.Limit)
		}), true},
		"an empty page in the middle": {once(1, func(*world, attio.Query, []attio.Record) []attio.Record {
			return nil
		}), true},
		"two empty pages in the middle": {once(2, func(*world, attio.Query, []attio.Record) []attio.Record {
			return nil
		}), true},
		"empty pages at one place, always": {func(w *world, q attio.Query, page []attio.Record) []attio.Record {
			if q.Offset > 150 && q.Offset < 190 {
				return nil
			}
			return page
		}, false},
		"a short page in the middle": {once(1, func(_ *world, _ attio.Query, page []attio.Record) []attio.Record {
			return page[:len(page)/2]
		}), true},
		"every other page short": {func(w *world, q attio.Query, page []attio.Record) []attio.Record {
			if w.requests%2 == 0 {
				return page[:(len(page)+1)/2]
			}
			return page
		}, true},
		"nothing beyond offset 200": {func(w *world, q attio.Query, page []attio.Record) []attio.Record {
			return page[:max(0, min(len(page), 200-q.Offset))]
		}, false},
		"nothing at all": {func(w *world, q attio.Query, page []attio.Record) []attio.Record {
			if q.Sorts != nil {
				return page
			}
			return nil
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(12) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(seed, 300+int(seed)*7)
					w.lie, w.latency = c.lie, 100*time.Millisecond
					o := w.walk(t.Context(), source{size: 20 + int(seed%7)})
					require.NoError(t, o.err)
					require.NoError(t, o.loss(w.lasting(w.records)))
					if c.whole {
						require.Empty(t, o.doubts)
						require.Len(t, o.times, len(w.records))
					} else {
						require.NotEmpty(t, o.doubts)
					}
				})
			}
		})
	}
}

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
			o := w.walk(t.Context(), source{size: 30})
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
			o := w.walk(ctx, source{size: 10})
			require.Error(t, o.err)
			require.ErrorIs(t, context.Cause(ctx), stop)
		})
	}
}

func TestFailedPageEndsTheWalk(t *testing.T) {
	for _, page := range []int{0, 1, 5, 20} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(1, 200)
			refused := &attio.Error{Class: attio.Fatal, Status: 401}
			n := 0
			o := w.walk(t.Context(), source{size: 10, read: func(ctx context.Context, q attio.Query) (attio.Page, error) {
				if q.Sorts == nil {
					if n++; n > page {
						return attio.Page{}, refused
					}
				}
				return w.page(ctx, q)
			}})
			require.ErrorIs(t, o.err, refused)
		})
	}
}
