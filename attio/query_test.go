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
			records = append(records, fmt.Sprintf(`{"id":{"record_id":"r%d"},"values":{"n":[%d]}}`, i, i))
		}
		return respond(200, `{"data":[`+strings.Join(records, ",")+`]}`), nil
	}
}

func TestReadPage(t *testing.T) {
	for name, tc := range map[string]struct {
		q    Query
		want string
	}{
		"the zero value": {Query{}, `{"limit":500,"offset":0}`},
		"everything": {
			Query{Filter: json.RawMessage(`{"name":"Ada"}`),
				Sorts: json.RawMessage(`[{"attribute":"created_at","direction":"asc"}]`), Limit: 50, Offset: 100},
			`{"filter":{"name":"Ada"},"sorts":[{"attribute":"created_at","direction":"asc"}],"limit":50,"offset":100}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := playing(answering(200, string(pageOf(3)), "X-Attio-Record-Query-Score", "84"))
			c := newTestClient(t, s)
			var p Page
			require.NoError(t, c.ReadPage(context.Background(), "people", tc.q, &p))
			require.Equal(t, 84, p.Score)
			require.Equal(t, tc.q.Offset, p.Offset)
			require.Len(t, p.Records, 3)
			require.Equal(t, tc.want, s.got[0].body)
			require.Equal(t, "POST /v2/objects/people/records/query", s.got[0].method+" "+s.got[0].path)
			require.Equal(t, Stats{Reads: 1}, c.Stats(), "a query is a read")
		})
	}
}

// TestPagesAreReused: a page that is read into again holds the newer answer alone, and a page of its own is left alone.
func TestPagesAreReused(t *testing.T) {
	body := func(id, values string) step {
		return answering(200, `{"data":[{"id":{"record_id":"`+id+`"},"created_at":"`+id+`T","values":`+values+`}]}`)
	}
	c := newTestClient(t, playing(body("r1", `{"a":[1],"b":[2]}`), body("r2", `{"a":[3]}`), body("r3", `{"c":[4]}`),
		answering(200, `{"data":[{}]}`), body("r4", `{}`), answering(401, "")))
	read := func(into *Page) { require.NoError(t, c.ReadPage(t.Context(), "people", Query{}, into)) }
	var one, other Page
	read(&one)
	r1 := one.Records[0]
	read(&one)
	read(&other)
	require.Equal(t, map[string]json.RawMessage{"a": json.RawMessage("[3]")}, one.Records[0].Values)
	require.Equal(t, map[string]json.RawMessage{"c": json.RawMessage("[4]")}, other.Records[0].Values)
	require.Equal(t, []string{"r1", "r1T"}, []string{r1.ID, r1.CreatedAt})
	read(&other) // the second time, after an answer that could not be read
	require.Equal(t, "r4", other.Records[0].ID)
	require.Empty(t, other.Records[0].Values)
	require.Equal(t, map[string]json.RawMessage{"a": json.RawMessage("[3]")}, one.Records[0].Values)
	require.Error(t, c.ReadPage(t.Context(), "people", Query{}, &one))
	require.Empty(t, one.Records)
}

func TestScores(t *testing.T) {
	for header, want := range map[string]int{"": 0, "0": 0, "125": 125, "83.59": 84, "-1": 0, "NaN": 0, "many": 0,
		"1e300": 0} {
		require.Equal(t, want, scoreOf(http.Header{"X-Attio-Record-Query-Score": {header}}), header)
	}
}

// TestRecordsReadsToTheEnd: a server that gives fewer than asked for is not at its end, and nothing is left out.
func TestRecordsReadsToTheEnd(t *testing.T) {
	for name, tc := range map[string]struct{ n, most, limit, offset, pages int }{
		"nothing":                       {0, 500, 0, 0, 1},
		"less than a page":              {3, 500, 0, 0, 2},
		"just a page":                   {10, 500, 10, 0, 2},
		"several":                       {25, 500, 10, 0, 4},
		"the server's limit is smaller": {25, 4, 10, 0, 8},
		"from the middle":               {25, 500, 10, 20, 2},
		"from behind the end":           {25, 500, 10, 30, 1},
	} {
		t.Run(name, func(t *testing.T) {
			c := newTestClient(t, shelf(t, tc.n, tc.most))
			next := tc.offset
			var kept []*Record
			for r, err := range c.Records(t.Context(), "users", Query{Limit: tc.limit, Offset: tc.offset}) {
				require.NoError(t, err)
				kept = append(kept, r)
				next++
			}
			for i, r := range kept {
				require.Equal(t, fmt.Sprintf("r%d", tc.offset+i), r.ID)
				require.Equal(t, fmt.Sprintf("[%d]", tc.offset+i), string(r.Values["n"]), "of its own page still")
			}
			require.EqualValues(t, tc.pages, c.Stats().Reads)
			require.Equal(t, max(tc.n, tc.offset), next)
		})
	}
}

func TestRecordsEnds(t *testing.T) {
	t.Run("at an error, which is the last", func(t *testing.T) {
		s := playing(answering(200, string(pageOf(2))), answering(403, attioError(403, CodeUnauthorized, "No.")))
		var errs []error
		for _, err := range newTestClient(t, s).Records(t.Context(), "users", Query{}) {
			errs = append(errs, err)
		}
		require.Len(t, errs, 3)
		require.NoError(t, errs[1])
		requireClass(t, errs[2], Fatal)
	})
	t.Run("when the caller has enough", func(t *testing.T) {
		s := playing(answering(200, string(pageOf(2))))
		for _, err := range newTestClient(t, s).Records(t.Context(), "users", Query{}) {
			require.NoError(t, err)
			break
		}
		require.Len(t, s.got, 1)
	})
	t.Run("at a server that gives the same page for ever", func(t *testing.T) {
		s := playing(answering(200, string(pageOf(2))))
		var last error
		for _, err := range newTestClient(t, s).Records(t.Context(), "users", Query{}) {
			last = err
		}
		require.ErrorContains(t, last, "the same page at offset")
		require.Len(t, s.got, 2)
	})
}

// pickyShelf is a shelf that refuses queries for more than most records, and counts the refusals.
func pickyShelf(t *testing.T, n, most int, body string, refused *int) roundTrip {
	whole := shelf(t, n, n)
	return func(r *http.Request) (*http.Response, error) {
		text, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		var q struct{ Limit int }
		require.NoError(t, json.Unmarshal(text, &q))
		if q.Limit > most {
			*refused++
			return respond(400, body), nil
		}
		r.Body = io.NopCloser(strings.NewReader(string(text)))
		return whole(r)
	}
}

const (
	limitRefused = `{"status_code":400,"type":"invalid_request_error","code":"validation_type",` +
		`"message":"Body payload validation error.","validation_errors":[{"code":"too_big","path":["limit"],"message":"Too big"}]}`
	somethingRefused = `{"status_code":400,"type":"invalid_request_error","code":"something_new","message":"No."}`
)

// TestPagesTakeTheSizeThatAttioTakes: a size that is refused is halved, once for all queries of a client.
func TestPagesTakeTheSizeThatAttioTakes(t *testing.T) {
	filter := json.RawMessage(`{"name":"Ada"}`)
	for name, tc := range map[string]struct {
		most          int
		body          string
		q             Query
		limit, denied int
	}{
		"100 records a page":      {100, limitRefused, Query{Filter: filter, Sorts: json.RawMessage("[]")}, 62, 3},
		"one record a page":       {1, limitRefused, Query{Limit: 7}, 1, 2},
		"250, in words not known": {250, somethingRefused, Query{}, 250, 1},
		"no page refused":         {500, limitRefused, Query{Filter: filter}, 500, 0},
		"fewer were asked for":    {100, limitRefused, Query{Limit: 100}, 100, 0},
	} {
		t.Run(name, func(t *testing.T) {
			denied := 0
			c := newTestClient(t, pickyShelf(t, 600, tc.most, tc.body, &denied))
			for range 2 {
				var page Page
				require.NoError(t, c.ReadPage(t.Context(), "users", tc.q, &page))
				require.Len(t, page.Records, tc.limit)
				require.Equal(t, tc.limit, page.Limit)
				require.Equal(t, tc.denied, denied, "refused once, not again")
			}
			n := 0
			for _, err := range c.Records(t.Context(), "people", Query{Limit: tc.q.Limit}) {
				require.NoError(t, err)
				n++
			}
			require.Equal(t, []int{600, tc.denied}, []int{n, denied})
		})
	}
	for name, tc := range map[string]struct {
		body string
		q    Query
		want int
	}{
		"a filter is refused":    {somethingRefused, Query{Filter: filter}, 1},
		"a sort is refused":      {somethingRefused, Query{Sorts: json.RawMessage("[]")}, 1},
		"whatever is asked":      {somethingRefused, Query{Limit: 4}, 3},
		"not even one is given":  {limitRefused, Query{Limit: 1}, 1},
		"another field is named": {strings.Replace(limitRefused, `"limit"`, `"offset"`, 1), Query{Filter: filter}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			denied := 0
			c := newTestClient(t, pickyShelf(t, 600, 0, tc.body, &denied))
			requireClass(t, c.ReadPage(t.Context(), "users", tc.q, new(Page)), Refused)
			require.Equal(t, tc.want, denied)
			require.Equal(t, 500, c.pageLimit(500), "nothing was learnt")
		})
	}
}
