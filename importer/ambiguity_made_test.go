package importer

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Answers to the making of options, statuses and targets get lost in every way, the first ones or some later one: they
// are made once, the run knows them for its own, and undo leaves nothing behind.
func TestLostAnswersToWhatIsMade(t *testing.T) {
	isMade := func(r *http.Request, _ []byte) bool {
		return r.Method == http.MethodPost && !strings.HasSuffix(r.URL.Path, "/query") &&
			!strings.Contains(r.URL.Path, "/specimens/records")
	}
	for _, loss := range losses {
		for n := 1; n <= 6; n += torture(3, 1) { // two options, a status, three people
			for burst := 1; burst <= torture(1, 6); burst++ {
				t.Run(fmt.Sprintf("%s, %d from the %d.", loss.name, burst, n), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						w := newWorld(t, attiotest.Options{Latency: 30 * time.Millisecond})
						fault := loss.fault
						fault.Match, fault.N, fault.Burst = isMade, n, burst
						w.server.AddFault(fault)
						sum, dir, err := w.run(t.Context(),
							job{object: "specimens", text: undoText(), mapping: undoMapping, mode: mapping.Upsert})
						for leg := 0; err != nil; leg++ {
							require.Less(t, leg, 10)
							require.Equal(t, journal.ExitStopped, sum.ExitCode)
							sum, err = w.resume(t.Context(), dir)
						}
						require.Equal(t, journal.Counts{Read: undoRows, Created: undoRows}, sum.Rows)
						require.Equal(t, map[string]int{"options": 3, "people": 3}, sum.AlsoCreated)
						require.Equal(t, 3, w.server.Count("people"))
						u, err := w.undo(t.Context(), dir)
						require.NoError(t, err)
						require.Equal(t, map[string]int{journal.UndoDeleted: undoRows + 3, journal.UndoArchived: 3}, u.Counts)
						require.Zero(t, w.server.Count("specimens")+w.server.Count("people"))
					})
				})
			}
		}
	}
}
