package attio

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// shelf answers queries from n records, at most most a page.
func shelf(t *testing.T, n, most int) roundTrip {
	return func(r *http.Request) (*http.Response, error) {
		b, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		var q struct{ Limit, Offset int }
		require.NoError(t, json.Unmarshal(b, &q))
		var records []string
		for i := q.Offset; i < min(n, q.Offset+min(q.Limit, most)); i++ {
			records = append(records, fmt.Sprintf(`{"id":{"record_id":"r%d"},"values":{}}`, i))
		}
		return respond(200, `{"data":[`+strings.Join(records, ",")+`]}`), nil
	}
}

func TestQueryPage(t *testing.T) {
	for name, tc := range map[string]struct {
		q    Query
		want string
	}{
		"the zero value": {Query{}, `{"limit":500,"offset":0}`},
		"everything": {
			Query{Filter: json.RawMessage(`{"name":"Ada"}`), Sorts: json.RawMessage(`[{"attribute":"created_at","direction":"asc"}]`), Limit: 50, Offset: 100},
			`{"filter":{"name":"Ada"},"sorts":[{"attribute":"created_at","direction":"asc"}],"limit":50,"offset":100}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := playing(answering(200, string(pageOf(3)), "X-Attio-Record-Query-Score", "84"))
			c := newTestClient(t, s)
			p, err := c.QueryPage(context.Background(), "people", tc.q)
			require.NoError(t, err)
			require.Equal(t, 84, p.Score)
			require.Equal(t, tc.q.Offset, p.Offset)
			require.Len(t, p.Records, 3)
			require.Equal(t, tc.want, s.got[0].body)
			require.Equal(t, "POST /v2/objects/people/records/query", s.got[0].method+" "+s.got[0].path)
			require.Equal(t, Stats{Reads: 1}, c.Stats(), "a query is a read")
		})
	}
}

// TestReleasedPages reads pages in each other's memory: what a record keeps for itself outlives its page, and a page that was not released is left alone.
func TestReleasedPages(t *testing.T) {
	body := func(id, values string) step {
		return answering(200, `{"data":[{"id":{"record_id":"`+id+`"},"created_at":"`+id+`T","values":`+values+`}]}`)
	}
	c := newTestClient(t, playing(body("r1", `{"a":[1],"b":[2]}`), body("r2", `{"a":[3]}`), body("r3", `{"c":[4]}`), answering(200, `{"data":[{}]}`), body("r4", `{}`)))
	read := func() Page {
		p, err := c.QueryPage(t.Context(), "people", Query{})
		require.NoError(t, err)
		return p
	}
	first := read()
	r1 := first.Records[0]
	first.Release()
	require.Nil(t, first.Records)
	first.Release() // twice does no harm
	second := read()
	third := read()
	require.Equal(t, map[string]json.RawMessage{"a": json.RawMessage("[3]")}, second.Records[0].Values)
	require.Equal(t, map[string]json.RawMessage{"c": json.RawMessage("[4]")}, third.Records[0].Values)
	require.Equal(t, []string{"r1", "r1T"}, []string{r1.ID, r1.CreatedAt})
	third.Release()
	fourth := read() // the second time, after an answer that could not be read
	require.Equal(t, "r4", fourth.Records[0].ID)
	require.Empty(t, fourth.Records[0].Values)
	require.Equal(t, map[string]json.RawMessage{"a": json.RawMessage("[3]")}, second.Records[0].Values)
}

func TestScores(t *testing.T) {
	for header, want := range map[string]int{"": 0, "0": 0, "125": 125, "83.59": 84, "-1": 0, "NaN": 0, "many": 0, "1e300": 0} {
		require.Equal(t, want, scoreOf(http.Header{"X-Attio-Record-Query-Score": {header}}), header)
	}
}

// TestQueryReadsToTheEnd: a server that gives fewer than asked for is not at its end, and nothing is left out.
func TestQueryReadsToTheEnd(t *testing.T) {
	for name, tc := range map[string]struct{ n, most, limit, offset, pages int }{
		"nothing":                       {0, 500, 0, 0, 0},
		"less than a page":              {3, 500, 0, 0, 1},
		"just a page":                   {10, 500, 10, 0, 1},
		"several":                       {25, 500, 10, 0, 3},
		"the server's limit is smaller": {25, 4, 10, 0, 7},
		"from the middle":               {25, 500, 10, 20, 1},
		"from behind the end":           {25, 500, 10, 30, 0},
	} {
		t.Run(name, func(t *testing.T) {
			c := newTestClient(t, shelf(t, tc.n, tc.most))
			pages, next := 0, tc.offset
			for p, err := range c.Query(t.Context(), "users", Query{Limit: tc.limit, Offset: tc.offset}) {
				require.NoError(t, err)
				pages++
				require.Equal(t, next, p.Offset)
				for _, r := range p.Records {
					require.Equal(t, fmt.Sprintf("r%d", next), r.ID)
					next++
				}
			}
			require.Equal(t, tc.pages, pages)
			require.Equal(t, max(tc.n, tc.offset), next)
		})
	}
}

func TestQueryEnds(t *testing.T) {
	t.Run("at an error, which is the last", func(t *testing.T) {
		s := playing(answering(200, string(pageOf(2))), answering(403, attioError(403, codeUnauthorized, "No.")))
		var errs []error
		for _, err := range newTestClient(t, s).Query(t.Context(), "users", Query{}) {
			errs = append(errs, err)
		}
		require.Len(t, errs, 2)
		require.NoError(t, errs[0])
		requireClass(t, errs[1], Fatal)
	})
	t.Run("when the caller has enough", func(t *testing.T) {
		s := playing(answering(200, string(pageOf(2))))
		for _, err := range newTestClient(t, s).Query(t.Context(), "users", Query{}) {
			require.NoError(t, err)
			break
		}
		require.Len(t, s.got, 1)
	})
	t.Run("at a server that gives the same page for ever", func(t *testing.T) {
		s := playing(answering(200, string(pageOf(2))))
		var last error
		for _, err := range newTestClient(t, s).Query(t.Context(), "users", Query{}) {
			last = err
		}
		require.ErrorContains(t, last, "does not keep to offsets")
		require.Len(t, s.got, 2)
	})
}
