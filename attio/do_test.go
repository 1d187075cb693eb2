package attio_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
)

// key has the length and the look of a real one.
const key = attio.Secret("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")

// answering is a transport that answers every request alike and keeps what it was asked.
type answering struct {
	status int
	body   string
	asked  []string
}

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	asked := r.Method + " " + r.URL.RequestURI()
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		asked += " " + string(body)
	}
	a.asked = append(a.asked, asked)
	header := http.Header{"Date": {"Fri, 15 May 2026 21:46:53 GMT"}, "X-Attio-Execution-Id": {"7c9e6679"}}
	return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader(a.body))}, nil
}

func newClient(t *testing.T, rt http.RoundTripper) *attio.Client {
	t.Helper()
	c, err := attio.New(attio.Options{Key: key, Transport: rt})
	require.NoError(t, err)
	return c
}

func TestDo(t *testing.T) {
	for name, tc := range map[string]struct {
		call  attio.Call
		asked string
		stats attio.Stats
	}{
		"a read": {
			attio.Call{Method: "GET", Path: "/v2/notes", Query: url.Values{"limit": {"2"}}},
			"GET /v2/notes?limit=2", attio.Stats{Reads: 1},
		},
		"a query": {
			attio.Call{Method: "POST", Path: "/v2/lists/sales/entries/query", Body: json.RawMessage(`{"limit":1}`), Read: true},
			`POST /v2/lists/sales/entries/query {"limit":1}`, attio.Stats{Reads: 1},
		},
		"a write": {
			attio.Call{Method: "POST", Path: "/v2/notes", Body: map[string]any{"data": map[string]any{"title": "x"}}},
			`POST /v2/notes {"data":{"title":"x"}}`, attio.Stats{Writes: 1},
		},
		"a deletion": {attio.Call{Method: "DELETE", Path: "/v2/notes/n1"}, "DELETE /v2/notes/n1", attio.Stats{Writes: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			rt := &answering{status: 200, body: `{"data":[{"title":"Call"}]}`}
			c := newClient(t, rt)
			var got struct{ Data []struct{ Title string } }
			a, err := c.Do(t.Context(), tc.call, &got)
			require.NoError(t, err)
			require.Equal(t, "Call", got.Data[0].Title)
			require.Equal(t, []string{tc.asked}, rt.asked)
			require.Equal(t, 1, a.Attempts)
			require.Equal(t, "7c9e6679", a.ExecutionID)
			require.Equal(t, time.Date(2026, 5, 15, 21, 46, 53, 0, time.UTC), a.At.UTC())
			stats := c.Stats()
			require.Equal(t, tc.stats.Reads, stats.Reads)
			require.Equal(t, tc.stats.Writes, stats.Writes)
		})
	}
}

func TestDoRefusesWhatLeadsElsewhere(t *testing.T) {
	rt := &answering{status: 200, body: `{}`}
	for _, path := range []string{"", "v2/notes", ".example.com/v2/self", "@example.com", "/v2/../admin", "/v2//notes",
		"/v2/notes?x=1", "/v2/notes#x", `/v2\notes`} {
		_, err := newClient(t, rt).Do(t.Context(), attio.Call{Method: "GET", Path: path}, nil)
		require.Equal(t, attio.Refused, attio.ClassOf(err), path)
	}
	_, err := newClient(t, rt).Do(t.Context(), attio.Call{Method: "POST", Path: "/v2/notes", Body: func() {}}, nil)
	require.ErrorContains(t, err, "body: json: unsupported type")
	require.Empty(t, rt.asked)
}

func TestSendingIsToldOfAnyCall(t *testing.T) {
	full := errors.New("disk full")
	rt := &answering{status: 200, body: `{}`}
	_, err := newClient(t, rt).Do(t.Context(), attio.Call{
		Method: "POST", Path: "/v2/notes", WriteOptions: attio.WriteOptions{Sending: func() error { return full }},
	}, nil)
	require.Equal(t, full, err)
	require.Empty(t, rt.asked)
}

// TestErrorsAre: what callers ask for without looking into an *Error.
func TestErrorsAre(t *testing.T) {
	all := map[string]error{
		"not found": attio.ErrNotFound, "conflict": attio.ErrConflict, "rate": attio.ErrRateLimited,
		"key":   attio.ErrUnauthorized,
		"scope": attio.ErrForbidden, "quota": attio.ErrQuota,
	}
	for body, want := range map[string]string{
		`{"status_code":404,"code":"not_found"}`:             "not found",
		`{"status_code":400,"code":"uniqueness_conflict"}`:   "conflict",
		`{"status_code":409,"code":"slug_conflict"}`:         "conflict",
		`{"status_code":401,"code":"unauthorized"}`:          "key",
		`{"status_code":403,"code":"unauthorized"}`:          "scope",
		`{"status_code":400,"code":"quota_exceeded"}`:        "quota",
		`{"status_code":400,"code":"validation_type"}`:       "",
		`{"status_code":400,"code":"immutable_value"}`:       "",
		`{"status_code":404,"type":"proxy","code":"nginx"}`:  "",
		`{"status_code":422,"code":"uniqueness_conflict_2"}`: "",
	} {
		var status struct {
			Code int `json:"status_code"`
		}
		require.NoError(t, json.Unmarshal([]byte(body), &status))
		_, err := newClient(t, &answering{status: status.Code, body: body}).CreateRecord(
			context.Background(), "users", nil, nil)
		require.Error(t, err)
		for name, sentinel := range all {
			require.Equal(t, name == want, errors.Is(err, sentinel), "%s of %s", name, body)
		}
	}
	require.ErrorIs(t, &attio.Error{Class: attio.NotProcessed, Status: 429}, attio.ErrRateLimited)
}
