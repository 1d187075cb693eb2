package walk

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
)

// plans is a filter of n values.
func plans(n int) json.RawMessage {
	var any []string
	for i := range n {
		any = append(any, fmt.Sprintf(`{"plan":"p%d"}`, i))
	}
	return json.RawMessage(`{"$or":[` + strings.Join(any, ",") + `]}`)
}

// No query has more values than Attio takes, the user's own counted in; a server that ends early is noticed all the
// same.
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
					s := Source{PageSize: 200}
					if c.own > 0 {
						s.Filter = plans(c.own)
					}
					o := w.walk(t.Context(), s)
					require.NoError(t, o.err)
					require.NoError(t, o.loss(w.lasting(w.records)))
					if c.takes == 100 {
						require.LessOrEqual(t, w.values, 100)
					}
					if !early {
						require.Empty(t, o.Doubts)
						require.Len(t, o.times, 700)
						return
					}
					require.Len(t, o.Doubts, 1)
					require.Contains(t, o.Doubts[0], "seems to end its answers early, after 300 records")
					require.Greater(t, len(o.times), 300, "the newest records are read by themselves")
				})
			})
		}
	}
}

// What cannot be sorted by is gone without: another sort takes its place, or the survey says what could not be proven.
func TestRefusedSorts(t *testing.T) {
	early := func(_ *world, q attio.Query, page []attio.Record) []attio.Record {
		return page[:min(len(page), max(0, 100-q.Offset))]
	}
	for name, c := range map[string]struct {
		refuse    map[string]bool
		byTime    bool
		early     bool
		unsampled bool
		doubt     string
	}{
		"the sample is read by id": {refuse: map[string]bool{"created_at": true}, early: true,
			doubt: "end its answers early"},
		"no sample": {refuse: map[string]bool{"created_at": true, "record_id": true}, unsampled: true},
		"no order": {refuse: map[string]bool{"created_at": true, "record_id": true}, byTime: true, unsampled: true,
			doubt: "no order that could be relied on"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(1, 300)
				w.refuse = c.refuse
				if c.byTime {
					w.order = byTime
				}
				if c.early {
					w.lie = early
				}
				o := w.walk(t.Context(), Source{PageSize: 50})
				require.NoError(t, o.err)
				require.Equal(t, c.unsampled, o.Unsampled)
				if c.doubt == "" {
					require.Empty(t, o.Doubts)
					require.Len(t, o.times, 300)
					return
				}
				require.Contains(t, strings.Join(o.Doubts, "\n"), c.doubt)
			})
		})
	}
}
