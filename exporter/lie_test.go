package exporter

import (
	"cmp"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

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
					b := newSandbox(t, n, attiotest.Options{Jitter: 50 * time.Millisecond, RandSeed: uint64(seed),
						Faults: []attiotest.Fault{f}})
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
		last := slices.MaxFunc(b.server.Records("users"), func(a, b attiotest.Record) int {
			return cmp.Compare(a.ID, b.ID)
		})
		unsorted := attiotest.Pages{Unsorted: true}
		b.server.AddFault(attiotest.Fault{Pages: unsorted, Latency: time.Second, Times: 1, Before: func() {
			require.NoError(t, b.server.Remove("users", last.ID))
		}})
		m := b.must(Options{Out: "users.csv", PageSize: 60, InFlight: 1})
		require.Equal(t, []any{Changed, 1, 59}, []any{m.Verdict, m.Changes, m.Records})
	})
}
