package exporter

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

// A pager that lies never yields a quiet loss: the export sees through the lie, or leaves a doubt.
func TestLyingPager(t *testing.T) {
	for rule, whole := range map[string]bool{
		"offset-ignored": false,
		"offset-ignored unsorted offset=1- times=1": true,
		"offset-ignored unsorted offset=1- times=3": true,
		"clamp=10":                          true,
		"clamp=2":                           true,
		"clamp=1":                           false,
		"clamp=10 unsorted offset=1- n=3":   true,
		"clamp=11 every=2":                  true,
		"repeat unsorted offset=1- times=1": true,
		"repeat every=4":                    true,
		"empty unsorted offset=1- times=1":  true,
		"empty unsorted offset=1- times=2":  true,
		"empty unsorted offset=151-189":     false,
		"empty unsorted":                    false,
		"stop=200":                          false,
		"stop=200 unsorted":                 false,
	} {
		t.Run(rule, func(t *testing.T) {
			f, err := attiotest.ParseFault(rule)
			require.NoError(t, err)
			for seed := range 12 {
				synctest.Test(t, func(t *testing.T) {
					n := 300 + seed*7
					b := newSandbox(t, n, attiotest.Options{Jitter: 50 * time.Millisecond, RandSeed: uint64(seed), Faults: []attiotest.Fault{f}})
					m := b.must(Options{Out: "users.csv", PageSize: 20 + seed%7})
					ids := b.column(filepath.Base(m.Path), "record_id")
					slices.Sort(ids)
					require.Len(t, slices.Compact(slices.Clone(ids)), len(ids), "a record came twice")
					if !whole {
						require.Equal(t, Incomplete, m.Verdict, "seed %d: %d records", seed, m.Records)
						require.NotEmpty(t, m.Doubts)
						return
					}
					require.NotEqual(t, Incomplete, m.Verdict, "seed %d: %q", seed, m.Doubts)
					require.Len(t, ids, n)
				})
			}
		})
	}
}

// A record that was seen at the start and deleted before the walk came to it is a change, though no page shows it.
func TestDeletedBeforeItsPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newSandbox(t, 60, attiotest.Options{})
		last := slices.MaxFunc(b.server.Records("users"), func(a, b map[string]any) int { return cmp.Compare(idOf(a), idOf(b)) })
		b.server.AddFault(attiotest.Fault{Pages: attiotest.Pages{Unsorted: true}, Latency: time.Second, Times: 1, Before: func() {
			require.NoError(t, b.server.Remove("users", idOf(last)))
		}})
		m := b.must(Options{Out: "users.csv", PageSize: 60, InFlight: 1})
		require.Equal(t, []any{Changed, 1, 59}, []any{m.Verdict, m.Changes, m.Records})
	})
}

func idOf(record map[string]any) string { return record["id"].(map[string]any)["record_id"].(string) }

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
			var n atomic.Int64 // pages are read at the same time
			o := w.walk(t.Context(), source{size: 10, read: func(ctx context.Context, q attio.Query, into *attio.Page) error {
				if q.Sorts == nil {
					if n.Add(1) > int64(page) {
						return refused
					}
				}
				return w.page(ctx, q, into)
			}})
			require.ErrorIs(t, o.err, refused)
		})
	}
}
