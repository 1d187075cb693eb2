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
