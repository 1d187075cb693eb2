package importer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// isLookup fits queries whose filter holds more than so many values.
func isLookup(more int) func(*http.Request, []byte) bool {
	return func(r *http.Request, body []byte) bool {
		return strings.HasSuffix(r.URL.Path, "/query") && valuesIn(body) > more
	}
}

// valuesIn counts the values of the filter of a query.
func valuesIn(body []byte) int {
	var q struct{ Filter json.RawMessage }
	_ = json.Unmarshal(body, &q)
	return attio.ShapeOf(q.Filter).Values
}

// largestFilter is the most values that any query so far had in its filter.
func largestFilter(s *attiotest.Server) int {
	most := 0
	for _, r := range s.Requests() {
		if strings.HasSuffix(r.Path, "/query") {
			most = max(most, valuesIn(r.Body))
		}
	}
	return most
}

// manyAddresses are people with five addresses each, who refer to companies.
func manyAddresses(n int) string {
	var b strings.Builder
	b.WriteString("Emails,Domain\n")
	for i := range n {
		for j := range 5 {
			fmt.Fprintf(&b, "p%d.%d@example.com;", i, j)
		}
		fmt.Fprintf(&b, ",c%d.com\n", i%150)
	}
	return b.String()
}

const manyAddressesMapping = `version: 1
object: people
columns:
  - {column: Emails, attribute: email_addresses, split: ";"}
  - {column: Domain, attribute: company, reference: companies.domains, missing: create}
`

func TestNoFilterHoldsMoreValuesThanAttioTakes(t *testing.T) {
	for _, perIn := range []bool{false, true} {
		t.Run(fmt.Sprintf("each $in by itself %t", perIn), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, attiotest.Options{WriteLimit: -1, ReadLimit: -1, Latency: 20 * time.Millisecond,
					FilterValues: 100, Readings: attiotest.Readings{ValuesPerIn: perIn}})
				users := job{text: users(1, 450)}
				people := job{name: "people.csv", text: manyAddresses(220), object: "people", mapping: manyAddressesMapping}
				for _, j := range []job{users, people} {
					_, _, err := w.run(t.Context(), j)
					require.NoError(t, err)
					again, _, err := w.run(t.Context(), j)
					require.NoError(t, err)
					require.Equal(t, again.Rows.Read, again.Rows.Conflict)
					j.mode, j.match = mapping.Upsert, map[string]string{"people": "email_addresses"}[j.object]
					if j.match == "" {
						j.match = "user_id"
					}
					again, _, err = w.run(t.Context(), j)
					require.NoError(t, err)
					require.Equal(t, again.Rows.Read, again.Rows.Unchanged)
					j.mode, j.edit = mapping.Update, func(o *Options) { o.DryRun = true }
					again, _, err = w.run(t.Context(), j)
					require.NoError(t, err)
					require.Equal(t, again.Rows.Read, again.Rows.Unchanged)
				}
				require.LessOrEqual(t, largestFilter(w.server), 100)
				require.Greater(t, largestFilter(w.server), 90, "a filter is filled up")
			})
		})
	}
}

func TestOneValueFindsARecordThatHoldsTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{WriteLimit: -1, ReadLimit: -1})
		_, _, err := w.run(t.Context(), job{text: users(1, 120)})
		require.NoError(t, err)
		asked := valuesAsked(w.server)
		text := users(1, 110) + "u200,user115@example.com\n" + "u116,user117@example.com\n"
		sum, dir, err := w.run(t.Context(), job{text: text, mode: mapping.Upsert, match: "user_id"})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 112, Unchanged: 110, Conflict: 2}, sum.Rows)
		require.Equal(t, 110+1+2, valuesAsked(w.server)-asked, "of the last two rows the address too; nothing has u200")
		lines := readRows(t, filepath.Join(dir, journal.ConflictsFile))
		require.Equal(t, []string{"primary_email_address", "primary_email_address"}, column(lines, "attribute"))
		require.Equal(t, []string{"existing", "existing"}, column(lines, "kind"))
	})
}

// valuesAsked counts the values of all filters so far.
func valuesAsked(s *attiotest.Server) int {
	n := 0
	for _, r := range s.Requests() {
		if strings.HasSuffix(r.Path, "/query") {
			n += valuesIn(r.Body)
		}
	}
	return n
}

func TestLookupsTakeTheSizeThatAttioTakes(t *testing.T) {
	for _, refusal := range []attiotest.Fault{
		{Status: 429, RetryAfter: "seconds"},
		{Status: 413},
		{Status: 414},
		{Status: 400, Code: "something_new"},
	} {
		t.Run(fmt.Sprint(refusal.Status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const rows = 700
				w := newWorld(t, attiotest.Options{WriteLimit: -1, ReadLimit: -1, Latency: 50 * time.Millisecond})
				_, _, err := w.run(t.Context(), job{text: users(1, rows)})
				require.NoError(t, err)
				refusal.Path, refusal.Match = "/query", isLookup(40)
				w.server.AddFault(refusal)
				var notices []string
				j := job{text: users(1, rows), mode: mapping.Update, match: "primary_email_address"}
				j.edit = func(o *Options) { o.Notice = func(s string) { notices = append(notices, s) } }
				sum, _, err := w.run(t.Context(), j)
				require.NoError(t, err)
				require.Equal(t, journal.Counts{Read: rows, Unchanged: rows}, sum.Rows)
				size := w.client.Filters().Of("users")
				require.LessOrEqual(t, size, 40)
				require.Greater(t, size, 20, "queries under way at an older size do not halve it again")
				require.Contains(t, notices,
					fmt.Sprintf("Attio refuses larger look-ups of users; asking for %d values at a time from here on", size))
			})
		})
	}
}

// refusesFilters has a server refuse every query that has a filter.
func refusesFilters(w *world) {
	w.server.AddFault(attiotest.Fault{Path: "/query", Status: 400, Match: isLookup(0),
		Code: "filter_error", Message: `No filter with "user1@example.com".`})
}

func TestObjectsAreReadWholeWhereNoFilterIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{WriteLimit: -1, ReadLimit: -1, Latency: 20 * time.Millisecond})
		id, err := w.server.Insert("companies", map[string]any{"domains": []any{"c3.com"}})
		require.NoError(t, err)
		refusesFilters(w)
		_, _, err = w.run(t.Context(), job{text: users(1, 150)})
		require.NoError(t, err)
		sum, _, err := w.run(t.Context(), job{text: users(51, 150), mode: mapping.Upsert, match: "user_id"})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 150, Unchanged: 100, Created: 50}, sum.Rows)
		people := job{name: "people.csv", text: manyAddresses(20), object: "people", mapping: manyAddressesMapping}
		sum, dir, err := w.run(t.Context(), people)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 20, Created: 20}, sum.Rows)
		require.Equal(t, 20, w.server.Count("companies"), "c3.com is found")
		require.Len(t, w.server.Find("people", "company", id), 1)
		verified, err := w.verify(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, VerifySummary{Same: 20}, verified)
	})
}

func TestLostAnswersAreFoundWhereNoFilterIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{Latency: 20 * time.Millisecond})
		refusesFilters(w)
		w.server.AddFault(attiotest.Fault{Match: isCreate, N: 5, After: true, Drop: true})
		sum, _, err := w.run(t.Context(), job{text: users(1, 30)})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 30, Created: 30}, sum.Rows)
		require.Equal(t, 30, w.server.Count("users"))
	})
}

func TestRunStopsWhereNothingCanBeLookedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		w.server.AddFault(attiotest.Fault{Path: "/query", Status: 400, Code: "filter_error",
			Message: `No "user1@example.com".`})
		sum, dir, err := w.run(t.Context(), job{text: users(1, 30)})
		require.EqualError(t, err, "look up users: Attio refuses a filter of 1 value ($in on user_id): "+
			"POST /v2/objects/users/records/query: 400 filter_error")
		require.Equal(t, journal.ExitStopped, sum.ExitCode)
		require.Equal(t, 30, sum.Rows.Pending)
		require.NotContains(t, sum.Reason, "user1@example.com")
		w.server.ClearFaults()
		sum, err = w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 30, Created: 30}, sum.Rows)
		require.Len(t, readRows(t, filepath.Join(dir, journal.ResultsFile)), 30)
	})
}

func TestRecordIDsAreReadOneByOneWhereNoFilterIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		id, err := w.server.Insert("users", map[string]any{"user_id": "u1", "primary_email_address": "user1@example.com"})
		require.NoError(t, err)
		refusesFilters(w)
		text := "record_id,User ID\n" + id + ",u2\n00000000-0000-4000-8000-000000000000,u3\n"
		sum, _, err := w.run(t.Context(), job{text: text, mode: mapping.Update})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 2, Updated: 1, Rejected: 1}, sum.Rows)
	})
}
