package attiotest

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

func filled(b *testing.B, n int) *Server {
	b.Helper()
	s := New(Options{WriteLimit: -1, ReadLimit: -1, KeepRequests: -1})
	for i := range n {
		_, err := s.Insert("users", user(i))
		require.NoError(b, err)
	}
	return s
}

func user(i int) map[string]any {
	return map[string]any{"user_id": fmt.Sprintf("u-%07d", i), "primary_email_address": fmt.Sprintf("user%d@example.com",
		i),
		"full_name": "Doe, Jane", "plan": "Starter", "signed_up_at": "2024-05-06", "mrr": 49.5, "newsletter": true}
}

func ask(b *testing.B, h http.RoundTripper, method, url, body string) int64 {
	b.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	require.NoError(b, err)
	req.Header.Set("Authorization", "Bearer "+testKey)
	req.Header.Set("Content-Type", "application/json")
	res, err := h.RoundTrip(req)
	require.NoError(b, err)
	n, err := io.Copy(io.Discard, res.Body)
	require.NoError(b, err)
	require.NoError(b, res.Body.Close())
	require.Equal(b, 200, res.StatusCode)
	return n
}

const usersURL = "https://api.attio.com/v2/objects/users/records"

// BenchmarkPage is one page of 500 records out of many.
func BenchmarkPage(b *testing.B) {
	s := filled(b, 20_000)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		b.SetBytes(ask(b, s.Transport(), "POST", usersURL+"/query", fmt.Sprintf(`{"limit":500,"offset":%d}`, i*500%20_000)))
	}
}

// BenchmarkLookup is a batch of keys, as an import asks for them.
func BenchmarkLookup(b *testing.B) {
	s := filled(b, 100_000)
	var ors []string
	for i := range 50 {
		ors = append(ors, fmt.Sprintf(`{"primary_email_address":"user%d@example.com"}`, i*1999))
	}
	body := `{"filter":{"$or":[` + strings.Join(ors, ",") + `]}}`
	for b.Loop() {
		ask(b, s.Transport(), "POST", usersURL+"/query", body)
	}
}

func BenchmarkSortedWindow(b *testing.B) {
	s := filled(b, 100_000)
	for i := 0; b.Loop(); i++ {
		ask(b, s.Transport(), "POST", usersURL+"/query",
			fmt.Sprintf(`{"filter":{"created_at":{"$gte":"2000-01-01T00:00:00Z"}},`+
				`"sorts":[{"attribute":"created_at","direction":"asc"}],"limit":500,"offset":%d}`, i*500%100_000))
	}
}

// BenchmarkCreateOverHTTP is the sandbox's throughput on a socket, client included.
func BenchmarkCreateOverHTTP(b *testing.B) {
	s := filled(b, 0)
	require.NoError(b, s.Listen("127.0.0.1:0"))
	defer s.Close()
	client := &http.Transport{MaxIdleConnsPerHost: 64}
	var n atomic.Int64
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			i := n.Add(1)
			ask(b, client, "POST", s.URL+"/v2/objects/users/records", wrap(fmt.Sprintf(
				`{"user_id":"u-%d","primary_email_address":"u%d@example.com","full_name":"Doe, Jane","plan":"Starter",`+
					`"mrr":49.5}`, i, i)))
		}
	})
}

// BenchmarkMemory reports the heap that a record takes.
func BenchmarkMemory(b *testing.B) {
	const n = 100_000
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		s := filled(b, n)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/n, "B/record")
		runtime.KeepAlive(s)
	}
}
