package importer

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// smallPages are servers that give, or take, fewer records a page than are asked for.
var smallPages = map[string]attiotest.Readings{
	"pages of 30":                 {MaxQueryLimit: 30, ClampQueryLimit: true},
	"pages of 100":                {MaxQueryLimit: 100, ClampQueryLimit: true},
	"more than 30 are refused":    {MaxQueryLimit: 30},
	"more than 100 are refused":   {MaxQueryLimit: 100},
	"a page a record":             {MaxQueryLimit: 1, ClampQueryLimit: true},
	"pages of 100, in any order":  {MaxQueryLimit: 100, ClampQueryLimit: true, Order: attiotest.Shuffled},
	"pages of 499, one too small": {MaxQueryLimit: 499, ClampQueryLimit: true},
}

func TestNoRecordIsMissedBehindASmallPage(t *testing.T) {
	for name, readings := range smallPages {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, attiotest.Options{
					WriteLimit: -1, ReadLimit: -1, Latency: time.Millisecond, Readings: readings})
				_, _, err := w.run(t.Context(), job{text: users(1, 520)})
				require.NoError(t, err)
				writes := w.client.Stats().Writes
				for text, rows := range map[string]int{ // few are looked up; of many the object is read whole
					users(1, 80): 80, users(1, 520) + "new,new@example.com\n": 521,
				} {
					dry := func(o *Options) { o.DryRun = true }
					j := job{text: text, mode: mapping.Upsert, match: "user_id", edit: dry}
					sum, _, err := w.run(t.Context(), j)
					require.NoError(t, err)
					there := min(rows, 520)
					require.Equal(t, journal.Counts{Read: rows, Unchanged: there, Created: rows - there}, sum.Rows)
				}
				require.Equal(t, writes, w.client.Stats().Writes)
			})
		})
	}
}

func TestNoRecordIsMissedBehindASmallPageWhereNoFilterIsTaken(t *testing.T) {
	for name, readings := range smallPages {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, attiotest.Options{WriteLimit: -1, ReadLimit: -1, Readings: readings})
				_, _, err := w.run(t.Context(), job{text: users(1, 120)})
				require.NoError(t, err)
				refusesFilters(w)
				j := job{text: users(41, 100), mode: mapping.Upsert, match: "user_id"}
				sum, dir, err := w.run(t.Context(), j)
				require.NoError(t, err)
				require.Equal(t, journal.Counts{Read: 100, Unchanged: 80, Created: 20}, sum.Rows)
				verified, err := w.verify(t.Context(), dir)
				require.NoError(t, err)
				require.Equal(t, VerifySummary{Same: 20}, verified)
			})
		})
	}
}
