package attiotest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var testKey = strings.Repeat("k", 64)

// api speaks to a server in process, as a client would.
type api struct {
	t *testing.T
	s *Server
	h http.RoundTripper
}

// unlimited is a server without rate limits, for tests that are not about them.
func unlimited(t *testing.T, o Options) *api {
	t.Helper()
	if o.WriteLimit == 0 {
		o.WriteLimit = -1
	}
	if o.ReadLimit == 0 {
		o.ReadLimit = -1
	}
	s := New(o)
	return &api{t, s, s.Transport()}
}

// response is an answer with its body as a tree.
type response struct {
	status int
	header http.Header
	text   string
	tree   map[string]any
}

func (a *api) try(method, path, body string) (response, error) {
	a.t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(a.t.Context(), method, "https://api.attio.com"+path, in)
	require.NoError(a.t, err)
	req.Header.Set("Authorization", "Bearer "+testKey)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return a.send(req)
}

func (a *api) send(req *http.Request) (response, error) {
	a.t.Helper()
	res, err := a.h.RoundTrip(req)
	if err != nil {
		return response{}, err
	}
	data, err := io.ReadAll(res.Body)
	r := response{status: res.StatusCode, header: res.Header, text: string(data)}
	defer func() { against(a.t, req.Method, req.URL.Path, r) }()
	if err == nil && strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		require.NoError(a.t, json.Unmarshal(data, &r.tree), r.text)
	}
	return r, err
}

func (a *api) do(method, path, body string) response {
	a.t.Helper()
	r, err := a.try(method, path, body)
	require.NoError(a.t, err)
	return r
}

// create makes a record and returns its id.
func (a *api) create(object, values string) string {
	a.t.Helper()
	r := a.do("POST", "/v2/objects/"+object+"/records", wrap(values))
	require.Equal(a.t, 200, r.status, r.text)
	return r.at("data.id.record_id").(string)
}

func wrap(values string) string { return `{"data":{"values":` + values + `}}` }

func (a *api) query(object, body string) response {
	a.t.Helper()
	return a.do("POST", "/v2/objects/"+object+"/records/query", body)
}

// found are the ids that a query answers.
func (a *api) found(object, body string) []string {
	a.t.Helper()
	r := a.query(object, body)
	require.Equal(a.t, 200, r.status, r.text)
	ids := []string{}
	for _, rec := range r.tree["data"].([]any) {
		ids = append(ids, (response{tree: rec.(map[string]any)}).at("id.record_id").(string))
	}
	return ids
}

// at walks into the answer: "data.values.name.0.first_name".
func (r response) at(path string) any {
	var v any = r.tree
	for _, step := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

// list collects one part of each value of an attribute.
func (r response) list(slug, part string) []any {
	values, _ := r.at("data.values." + slug).([]any)
	out := []any{}
	for _, v := range values {
		out = append(out, v.(map[string]any)[part])
	}
	return out
}
