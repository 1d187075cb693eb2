package attio

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// testKey has the length and the look of a real one.
const testKey = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

const oneRecord = `{"data":{"id":{"workspace_id":"w1","object_id":"o1","record_id":"r1"},"created_at":"2026-05-15T21:46:52.967000000Z",` +
	`"web_url":"https://app.attio.com/nango-dev/person/r1","values":{"name":[{"value":"Ada","attribute_type":"text"}],"team":[]}}}`

// roundTrip stands in for the transport, without sockets.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// respond makes an answer; header are pairs.
func respond(status int, body string, header ...string) *http.Response {
	h := http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
		if header[i+1] == "" {
			h.Del(header[i])
		}
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)),
		ContentLength: int64(len(body))}
}

// sent is what a script saw of a request.
type sent struct {
	method, path, query, body string
	header                    http.Header
	at                        time.Time
}

// script answers one request after another, and the last answer for good.
type script struct {
	answers []func(*http.Request) (*http.Response, error)

	mu  sync.Mutex
	got []sent
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	x := sent{method: r.Method, path: r.URL.Path, query: r.URL.RawQuery, header: r.Header, at: time.Now()}
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		x.body = string(b)
	}
	s.mu.Lock()
	next := s.answers[min(len(s.got), len(s.answers)-1)]
	s.got = append(s.got, x)
	s.mu.Unlock()
	return next(r)
}

func answering(status int, body string, header ...string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return respond(status, body, header...), nil }
}

func failing(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

func playing(answers ...func(*http.Request) (*http.Response, error)) *script {
	return &script{answers: answers}
}

// attioError is an error body as Attio writes it.
func attioError(status int, code, message string) string {
	kind := "invalid_request_error"
	switch status {
	case 401, 403:
		kind = "auth_error"
	case 429:
		kind = "rate_limit_error"
	}
	return string(rawjson.AppendString(
		fmt.Appendf(nil, `{"status_code":%d,"type":%q,"code":%q,"message":`, status, kind, code), message)) + "}"
}

func newTestClient(t *testing.T, rt http.RoundTripper, observe ...func(Event)) *Client {
	t.Helper()
	o := Options{Key: testKey, Transport: rt}
	if len(observe) > 0 {
		o.Observe = observe[0]
	}
	c, err := New(o)
	require.NoError(t, err)
	return c
}

// asError wants an *Error of a class.
func asError(t *testing.T, err error, class Class) *Error {
	t.Helper()
	var e *Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, class, e.Class, "%v", err)
	return e
}

// requireClass is asError where the class is all that matters.
func requireClass(t *testing.T, err error, class Class) {
	t.Helper()
	require.NotNil(t, asError(t, err, class))
}

func TestNewChecksItsOptions(t *testing.T) {
	for name, tc := range map[string]struct {
		o    Options
		want string
	}{
		"no key":               {Options{}, "no API key"},
		"a key with a newline": {Options{Key: "abc\n"}, "position 4"},
		"a key with a blank":   {Options{Key: "a bc"}, "position 2"},
		"a key with an accent": {Options{Key: "abcé"}, "position 4"},
		"http to the world":    {Options{Key: testKey, BaseURL: "http://api.attio.com"}, "in clear"},
		"http to a lookalike":  {Options{Key: testKey, BaseURL: "http://localhost.example.com"}, "in clear"},
		"http to a private IP": {Options{Key: testKey, BaseURL: "http://10.0.0.1"}, "in clear"},
		"another scheme":       {Options{Key: testKey, BaseURL: "ftp://localhost"}, `scheme "ftp"`},
		"no scheme":            {Options{Key: testKey, BaseURL: "api.attio.com"}, `scheme ""`},
		"no host":              {Options{Key: testKey, BaseURL: "https:///v2"}, "no host"},
		"a query":              {Options{Key: testKey, BaseURL: "https://x.example/?a=b"}, "query"},
		"a fragment":           {Options{Key: testKey, BaseURL: "https://x.example/#a"}, "fragment"},
		"a password":           {Options{Key: testKey, BaseURL: "https://u:hunter2@x.example"}, "password"},
		"not a URL":            {Options{Key: testKey, BaseURL: "https://u:hunter2@x\x7f"}, "not a URL"},
		"a negative rate":      {Options{Key: testKey, WriteRate: -1}, "negative"},
		"negative connections": {Options{Key: testKey, InFlight: -1}, "negative"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(tc.o)
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), "hunter2")
			require.NotContains(t, err.Error(), testKey)
		})
	}
}

func TestBaseURL(t *testing.T) {
	for base, want := range map[string]string{
		"":                             "https://api.attio.com/v2/self",
		"https://proxy.example/attio/": "https://proxy.example/attio/v2/self",
		"http://127.0.0.1:8787":        "http://127.0.0.1:8787/v2/self",
		"http://[::1]:8787":            "http://[::1]:8787/v2/self",
		"http://localhost:8787/a/b":    "http://localhost:8787/a/b/v2/self",
	} {
		var got string
		c, err := New(Options{Key: testKey, BaseURL: base,
			Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				got = r.URL.String()
				return respond(200, `{"active":true}`), nil
			})})
		require.NoError(t, err)
		_, err = c.Self(context.Background())
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

// TestHeaders: Go's transport takes an Idempotency-Key, whatever its case, as leave to send a POST again.
func TestHeaders(t *testing.T) {
	s := playing(answering(200, oneRecord))
	c, err := New(Options{Key: testKey, Transport: s, UserAgent: "attio-bulk/1.2"})
	require.NoError(t, err)
	_, err = c.CreateRecord(context.Background(), "users", []byte(`{"name":"Ada"}`), nil)
	require.NoError(t, err)
	require.Equal(t, http.Header{
		"Authorization":   {"Bearer " + testKey},
		"Accept":          {"application/json"},
		"Accept-Encoding": {"identity"},
		"Content-Type":    {"application/json"},
		"User-Agent":      {"attio-bulk/1.2"},
	}, s.got[0].header)
}

func TestNowFollowsTheServersClock(t *testing.T) {
	local := time.Now()
	date := local.Add(-90 * time.Second)
	c := newTestClient(t, roundTrip(func(*http.Request) (*http.Response, error) {
		return respond(200, `{"active":true}`, "Date", date.UTC().Format(http.TimeFormat)), nil
	}))
	require.WithinDuration(t, local, c.Now(), time.Minute, "the local clock before the first answer")
	_, err := c.Self(context.Background())
	require.NoError(t, err)
	require.WithinDuration(t, date, c.Now(), 20*time.Second)
}

func TestStats(t *testing.T) {
	s := playing(answering(429, attioError(429, CodeRateLimited, "Rate limit exceeded, please try again later"),
		"Retry-After", "0"), answering(200, oneRecord))
	c := newTestClient(t, s)
	_, err := c.CreateRecord(context.Background(), "users", nil, nil)
	require.NoError(t, err)
	_, err = c.Record(context.Background(), "users", "r1")
	require.NoError(t, err)
	got := c.Stats()
	require.Positive(t, got.WritesHeld.Other, "the gate was closed")
	got.WritesHeld, got.ReadsHeld = Held{}, Held{}
	require.Equal(t, Stats{Reads: 1, Writes: 2, Retries: 1, RateLimited: 1}, got)
}

func TestReadsAndWritesTeachEachOtherTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, roundTrip(func(*http.Request) (*http.Response, error) {
			time.Sleep(50 * time.Millisecond)
			return respond(200, oneRecord, "Date", time.Now().UTC().Format(http.TimeFormat)), nil
		}))
		for range 30 {
			_, err := c.Record(t.Context(), "users", "r1")
			require.NoError(t, err)
		}
		time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second))) // the server's next second
		var all sync.WaitGroup
		begin := time.Now()
		for range 20 { // though nothing has been written
			all.Go(func() {
				_, err := c.CreateRecord(t.Context(), "users", nil, nil)
				require.NoError(t, err)
			})
		}
		all.Wait()
		require.Less(t, time.Since(begin), 500*time.Millisecond, "by the fake clock: early in the second")
	})
}
