package exporter

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// plans is a filter of n values.
func plans(n int) json.RawMessage {
	var any []string
	for i := range n {
		any = append(any, fmt.Sprintf(`{"plan":"p%d"}`, i))
	}
	return json.RawMessage(`{"$or":[` + strings.Join(any, ",") + `]}`)
}

// No query has more values than Attio takes, the user's own counted in; a server that ends early is noticed all the same.
func TestControlSampleUnderALargeFilter(t *testing.T) {
	for _, c := range []struct{ own, takes int }{{0, 100}, {90, 100}, {99, 100}, {100, 100}, {0, 30}, {0, 1}, {0, -1}} {
		for _, early := range []bool{false, true} {
			t.Run(fmt.Sprintf("%+v early %v", c, early), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(1, 700)
					w.latency, w.takes = 50*time.Millisecond, c.takes
					w.lie = func(_ *world, q attio.Query, page []attio.Record) []attio.Record {
						if early {
							page = page[:min(len(page), max(0, 300-q.Offset))]
						}
						return page
					}
					s := source{size: 200}
					if c.own > 0 {
						s.filter = plans(c.own)
					}
					o := w.walk(t.Context(), s)
					require.NoError(t, o.err)
					require.NoError(t, o.loss(w.lasting(w.records)))
					if c.takes == 100 {
						require.LessOrEqual(t, w.values, 100)
					}
					if !early {
						require.Empty(t, o.doubts)
						require.Len(t, o.times, 700)
						return
					}
					require.Len(t, o.doubts, 1)
					require.Contains(t, o.doubts[0], "seems to end its answers early, after 300 records")
					require.Greater(t, len(o.times), 300, "the newest records are read by themselves")
				})
			})
		}
	}
}

// A server that takes fewer values than Attio is asked for fewer references at a time.
func TestReferencesInSmallerBatches(t *testing.T) {
	b := newSandbox(t, 0, attiotest.Options{FilterValues: 30})
	for i := range 150 {
		person, err := b.server.Insert("people", map[string]any{"email_addresses": []any{fmt.Sprintf("p%d@example.com", i)}})
		require.NoError(t, err)
		_, err = b.server.Insert("users", map[string]any{"user_id": fmt.Sprintf("%03d", i), "primary_email_address": fmt.Sprintf("u%d@example.com", i),
			"person": map[string]any{"target_object": "people", "target_record_id": person}})
		require.NoError(t, err)
	}
	b.must(Options{Out: "key.csv", PageSize: 500, Sort: []SortKey{{Attribute: "user_id"}}, References: mapping.ByKey})
	require.Equal(t, "p149@example.com", b.column("key.csv", "person")[149])
}

func TestFilterOfTooManyValues(t *testing.T) {
	b := newSandbox(t, 3, attiotest.Options{})
	before := b.client.Stats().Reads
	_, err := b.run(t.Context(), Options{Out: "users.csv", Filter: plans(101)})
	var option *OptionError
	require.ErrorAs(t, err, &option)
	require.ErrorContains(t, err, "holds 101 values, and Attio takes 100")
	require.Equal(t, before, b.client.Stats().Reads)
}
