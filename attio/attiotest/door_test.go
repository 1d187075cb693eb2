package attiotest_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

// get asks for a path with any key.
func get(t *testing.T, c *http.Client, url string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+strings.Repeat("k", 64))
	res, err := c.Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// A dump is a seed: what is loaded from it is the same workspace.
func TestADumpIsASeed(t *testing.T) {
	server := attiotest.New(attiotest.Options{})
	id, err := server.Insert("companies", map[string]any{"domains": []any{"acme.com"}, "name": "Acme"})
	require.NoError(t, err)
	require.NoError(t, server.AttachNote("companies", id, "a call"))
	dump := server.Dump()
	seed, err := attiotest.ReadWorkspace(bytes.NewReader(dump))
	require.NoError(t, err)
	again := attiotest.New(attiotest.Options{Seed: seed})
	require.Equal(t, server.Records("companies"), again.Records("companies"))
	require.Equal(t, string(dump), string(again.Dump()))
	require.NotEmpty(t, again.Workspace().Objects)
}

// A server can be reached on a port, in process, and as a handler of somebody's own.
func TestThreeWaysToAServer(t *testing.T) {
	server := attiotest.New(attiotest.Options{})
	require.Empty(t, server.URL)
	require.NoError(t, server.Listen("127.0.0.1:0"))
	defer server.Close()
	require.Equal(t, http.StatusOK, get(t, http.DefaultClient, server.URL+"/v2/self").StatusCode)
	require.Equal(t, http.StatusOK, get(t, server.Client(), "https://api.attio.com/v2/self").StatusCode)
	answer := httptest.NewRecorder()
	server.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v2/objects", nil))
	require.Equal(t, http.StatusUnauthorized, answer.Code, "it has no key")
	require.Equal(t, attiotest.Counts{Requests: 3, Accepted: 2, Refused: 1}, server.Counts())
	require.Len(t, server.Requests(), 3)
}

// What no Attio answers is remembered, so that a test can say so.
func TestWhatNoAttioAnswers(t *testing.T) {
	server := attiotest.New(attiotest.Options{})
	require.Equal(t, http.StatusNotFound, get(t, server.Client(), "https://x/v2/objects/people/records").StatusCode)
	require.Equal(t, []string{"GET /v2/objects/people/records"}, server.Unhandled())
}

func TestLimitsOfAServerThatRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := attiotest.New(attiotest.Options{ReadLimit: -1})
		read := func() int { return get(t, server.Client(), "https://x/v2/self").StatusCode }
		require.Equal(t, http.StatusOK, read())
		server.SetLimits(-1, 1)
		read()
		require.Equal(t, http.StatusTooManyRequests, read(), "the second of this second")
		server.SetLimits(-1, -1)
		require.Equal(t, http.StatusOK, read())
		server.AddFault(attiotest.Fault{Status: http.StatusServiceUnavailable, Times: 2})
		require.Equal(t, http.StatusServiceUnavailable, read())
		server.ClearFaults()
		require.Equal(t, http.StatusOK, read())
	})
}

// Every reading can be set by its name, and what it takes is told where it is none.
func TestReadingsAreSetByName(t *testing.T) {
	names := attiotest.ReadingNames()
	require.Contains(t, names, "empty-text")
	var r attiotest.Readings
	require.Error(t, r.Set("order", "sideways"))
	require.Error(t, r.Set("weather", "fair"))
	require.Zero(t, r)
	require.NoError(t, r.Set("empty-text", "stored"))
	require.Equal(t, attiotest.EmptyStored, r.EmptyText)
	require.NoError(t, r.Set("order", "creation"))
	require.Equal(t, attiotest.ByCreation, r.Order)
	require.NoError(t, r.Set("decimals", "stored"))
	require.Equal(t, attiotest.DecimalsKept, r.Decimals)
}

// An option that is nothing but its title is written as that.
func TestOptionsInASeed(t *testing.T) {
	var options []attiotest.Option
	require.NoError(t, json.Unmarshal([]byte(`["Gold",{"title":"Old","archived":true}]`), &options))
	require.Equal(t, []attiotest.Option{{Title: "Gold"}, {Title: "Old", Archived: true}}, options)
	text, err := json.Marshal(options)
	require.NoError(t, err)
	require.JSONEq(t, `["Gold",{"title":"Old","archived":true}]`, string(text))
}
