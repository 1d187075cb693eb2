package attiotest

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestARecordLivesAndDies(t *testing.T) {
	a := unlimited(t, Options{})
	r := a.do("POST", "/v2/objects/people/records", wrap(`{"name":"Lovelace, Ada","email_addresses":["Ada@Example.com"]}`))
	require.Equal(t, 200, r.status, r.text)
	require.Equal(t, "Ada", r.at("data.values.name.0.first_name"))
	require.Equal(t, "ada@example.com", r.at("data.values.email_addresses.0.email_address"))
	require.Equal(t, "Ada@Example.com", r.at("data.values.email_addresses.0.original_email_address"))
	require.Equal(t, []any{}, r.at("data.values.company"))
	id := r.at("data.id.record_id").(string)
	path := "/v2/objects/people/records/" + id
	require.Equal(t, "https://app.attio.com/sandbox/person/"+id, r.at("data.web_url"))

	require.Equal(t, r.text, a.do("GET", path, "").text)
	require.Equal(t, []string{id}, a.found("people", `{"filter":{"email_addresses":"ADA@example.com"}}`))

	r = a.do("PATCH", path, wrap(`{"email_addresses":["b@example.com"],"job_title":"Analyst"}`))
	require.Equal(t, []any{"b@example.com", "ada@example.com"}, r.list("email_addresses", "email_address"))
	r = a.do("PUT", path, wrap(`{"email_addresses":["c@example.com"]}`))
	require.Equal(t, []any{"c@example.com"}, r.list("email_addresses", "email_address"))
	require.Equal(t, []any{"Analyst"}, r.list("job_title", "value"))
	require.Empty(t, a.found("people", `{"filter":{"email_addresses":"ada@example.com"}}`))

	r = a.do("DELETE", path, "")
	require.Equal(t, "{}", r.text)
	r = a.do("GET", path, "")
	require.Equal(t, 404, r.status)
	require.Equal(t, `Record with ID "`+id+`" not found.`, r.at("message"))
	require.Zero(t, a.s.Count("people"))
	require.Empty(t, a.s.Unhandled())
}

// TestManyAtOnce lets clients write, read and delete at the same time, on a socket; it is for the race detector as
// well.
func TestManyAtOnce(t *testing.T) {
	s := NewServer(t, Options{WriteLimit: -1, ReadLimit: -1})
	require.True(t, strings.HasPrefix(s.URL, "http://127.0.0.1:"))
	client := &http.Transport{MaxIdleConnsPerHost: 8}
	defer client.CloseIdleConnections()
	send := func(method, path, body string) (int, string) {
		req, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
		if err != nil {
			return 0, err.Error()
		}
		req.Header.Set("Authorization", "Bearer "+testKey)
		req.Header.Set("Content-Type", "application/json")
		res, err := client.RoundTrip(req)
		if err != nil {
			return 0, err.Error()
		}
		data, err := io.ReadAll(res.Body)
		if err != nil {
			return 0, err.Error()
		}
		return res.StatusCode, string(data)
	}
	const workers, each = 8, 40
	var all sync.WaitGroup
	var made, conflicts atomic.Int64
	problems := make(chan string, workers*each*4)
	expect := func(want, got int, body string) {
		if want != got {
			problems <- body
		}
	}
	for w := range workers {
		all.Go(func() {
			for i := range each {
				// Every mail is asked for by two workers: one of them gets it.
				mail := fmt.Sprintf("p%d@example.com", (w/2)*each+i)
				status, body := send("POST", "/v2/objects/people/records", wrap(`{"email_addresses":["`+mail+`"],"name":"X"}`))
				switch {
				case status == 200:
					made.Add(1)
				case strings.Contains(body, "uniqueness_conflict"):
					conflicts.Add(1)
				default:
					problems <- body
				}
				status, body = send("POST", "/v2/objects/people/records/query",
					`{"sorts":[{"attribute":"created_at","direction":"asc"}],"limit":20}`)
				expect(200, status, body)
				status, body = send("POST", "/v2/objects/people/attributes/description/options", `{"data":{"title":"x"}}`)
				expect(400, status, body)
			}
		})
	}
	all.Wait()
	close(problems)
	for p := range problems {
		require.Fail(t, p)
	}
	require.EqualValues(t, workers*each/2, made.Load())
	require.EqualValues(t, workers*each/2, conflicts.Load())
	require.Equal(t, workers*each/2, s.Count("people"))
}
