package exporter

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

// canned returns queries from bodies that are made once, so that a benchmark measures the exporter and the client.
type canned struct {
	next    http.RoundTripper // everything else
	records [][]byte
	latency time.Duration
	bodies  sync.Map // by what was asked for
}

func (c *canned) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/query") {
		return c.next.RoundTrip(r)
	}
	var q struct{ Limit, Offset int }
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		return nil, err
	}
	time.Sleep(c.latency)
	body, ok := c.bodies.Load(q)
	if !ok {
		from := min(q.Offset, len(c.records))
		all := bytes.Join(c.records[from:min(from+q.Limit, len(c.records))], []byte(","))
		body, _ = c.bodies.LoadOrStore(q, slices.Concat([]byte(`{"data":[`), all, []byte("]}")))
	}
	return &http.Response{StatusCode: 200, Header: http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)},
		"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(body.([]byte))), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

// BenchmarkExport exports 60,000 users with 50 ms a page and Attio's 100 reads a second: records and pages a second.
func BenchmarkExport(b *testing.B) {
	server := attiotest.New(attiotest.Options{ReadLimit: -1})
	id, err := server.Insert("users", map[string]any{"user_id": "U1", "primary_email_address": "a@example.com", "mrr": 5,
		"source": "a b c"})
	require.NoError(b, err)
	plain, err := attio.New(attio.Options{Key: attio.Secret(sandboxKey), Transport: server.Transport()})
	require.NoError(b, err)
	var page attio.Page
	require.NoError(b, plain.ReadPage(context.Background(), "users", attio.Query{KeepRaw: true}, &page))
	for _, n := range []int{60_000, 240_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			c := &canned{next: server.Transport(), latency: 50 * time.Millisecond}
			for i := range n {
				other := uuid.UUID{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}
				c.records = append(c.records, []byte(strings.ReplaceAll(string(page.Records[0].Raw), id, other.String())))
			}
			for b.Loop() {
				client, err := attio.New(attio.Options{Key: attio.Secret(sandboxKey), Transport: c})
				require.NoError(b, err)
				schema, err := client.Schema(context.Background(), "users")
				require.NoError(b, err)
				begin := time.Now()
				m, err := Run(context.Background(), client, Options{Schema: schema, Out: b.TempDir() + "/users.csv"})
				require.NoError(b, err)
				require.Equal(b, n, m.Records, fmt.Sprint(m.Doubts))
				seconds := time.Since(begin).Seconds()
				b.ReportMetric(float64(n)/seconds, "records/s")
				b.ReportMetric(float64(m.Pages)/seconds, "pages/s")
			}
		})
	}
}
