package attiotest

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// withAuth sends a GET with an Authorization header; "" for none.
func (a *api) withAuth(path, auth string) response {
	a.t.Helper()
	req, err := http.NewRequestWithContext(a.t.Context(), http.MethodGet, "https://api.attio.com"+path, nil)
	require.NoError(a.t, err)
	if auth != "" {
		req.Header.Set("Authorization", auth)
	}
	r, err := a.send(req)
	require.NoError(a.t, err)
	return r
}

func TestKeys(t *testing.T) {
	a := unlimited(t, Options{Key: testKey})
	basic := func(s string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(s)) }
	wrongLength := "The API Key provided was invalid because it was the wrong length (API Keys should be 64 " +
		"characters long). " +
		"You might not have copied the entire API key from your Admin panel?"
	for _, c := range []struct {
		auth    string
		status  int
		message string
		self    int // status of /v2/self
	}{
		{"Bearer " + testKey, 200, "", 200},
		{basic(testKey + ":"), 200, "", 200},
		{basic(testKey + ":x"), 401, wrongLength, 400},
		{"Bearer " + strings.Repeat("x", 64), 401,
			"The API Key provided could not be found. This is most commonly caused by the token having been revoked.", 200},
		{"Bearer " + testKey[1:], 401, wrongLength, 400},
		{"Bearer " + testKey + " ", 401, wrongLength, 400},
		{"Bearer", 401, wrongLength, 400},
		{"", 401, "The Authorization header was not provided. Please ensure that you are passing an API Key.", 400},
	} {
		r := a.withAuth("/v2/objects", c.auth)
		require.Equal(t, c.status, r.status, c.auth)
		if c.status == 401 {
			require.Equal(t, "auth_error", r.at("type"))
			require.Equal(t, "unauthorized", r.at("code"))
			require.Equal(t, c.message, r.at("message"))
		}
		self := a.withAuth("/v2/self", c.auth)
		require.Equal(t, c.self, self.status, c.auth)
		require.Equal(t, c.status == 200, self.at("active") == true, c.auth)
		if c.self == 400 {
			require.Equal(t, "missing_value", self.at("code"))
			require.True(t, strings.HasPrefix(self.at("message").(string), "Token was not recognised, "))
		}
	}
	require.Equal(t, `{"active":false}`, a.withAuth("/v2/self", "Bearer "+strings.Repeat("x", 64)).text)
	require.Equal(t, 200, unlimited(t, Options{}).withAuth("/v2/objects", "Bearer "+strings.Repeat("y", 64)).status,
		"any key of the right length")
}

func TestSelf(t *testing.T) {
	a := unlimited(t, Options{Scopes: []string{"record_permission:read", "object_configuration:read"}})
	r := a.do("GET", "/v2/self", "")
	require.Equal(t, "record_permission:read object_configuration:read", r.at("scope"))
	require.Equal(t, "sandbox", r.at("workspace_slug"))
	require.Equal(t, r.at("workspace_id"), r.at("sub"))
	require.Nil(t, r.at("exp"))
	require.Empty(t, r.header.Get("X-Accurate-At"))
	require.NotEmpty(t, r.header.Get("X-Attio-Execution-Id"))
}

func TestScopes(t *testing.T) {
	const head = "The API Key provided is not authorized to perform the requested action. This request requires scopes: "
	for _, c := range []struct{ scopes, method, path, missing string }{
		{"record_permission:read object_configuration:read", "POST", ask1, "Read-Write access to the Records scope."},
		{"record_permission:read-write", "POST", ask1, "Read access to the Object Configuration scope."},
		{"object_configuration:read-write", "POST", ask1 + "/query", "Read access to the Records scope."},
		{"", "GET", "/v2/workspace_members", "Read access to the User Management scope."},
		{"object_configuration:read", "POST", "/v2/objects/specimens/attributes/kind/options",
			"Read-Write access to the Object Configuration scope."},
		{"record_permission:read-write object_configuration:read", "POST", ask1, ""},
	} {
		a := unlimited(t, Options{Scopes: append([]string{}, strings.Fields(c.scopes)...)})
		body := ""
		if c.method == "POST" {
			body = wrap(`{}`)
		}
		r := a.do(c.method, c.path, body)
		if c.missing == "" {
			require.Equal(t, 200, r.status, r.text)
			continue
		}
		require.Equal(t, 403, r.status, r.text)
		require.Equal(t, "auth_error", r.at("type"))
		require.Equal(t, "unauthorized", r.at("code"))
		require.Equal(t, head+c.missing, r.at("message"))
	}
}

func TestActors(t *testing.T) {
	a := unlimited(t, Options{})
	first := a.do("GET", ask1+"/"+a.create("specimens", `{}`), "").at("data.values.created_by.0.referenced_actor_id")
	second := a.do("GET", ask1+"/"+a.create("specimens", `{}`), "").at("data.values.created_by.0.referenced_actor_id")
	require.Equal(t, first, second)
	require.NotEqual(t, newActorOf(a, strings.Repeat("z", 64)), first, "another key is another actor")
	id, err := a.s.Insert("specimens", map[string]any{"label": "x"})
	require.NoError(t, err)
	r := a.do("GET", ask1+"/"+id, "")
	require.Equal(t, "workspace-member", r.at("data.values.label.0.created_by_actor.type"))
}

func newActorOf(a *api, key string) string { return a.s.actor(key).id }

func TestStrangeRequests(t *testing.T) {
	for _, c := range []struct{ method, path string }{
		{"GET", "/v2/objects/people/records"},
		{"DELETE", "/v2/objects/people/attributes/name"},
		{"GET", "/v2/objects/"},
		{"GET", "/v2/lists/x/entries"},
		{"GET", "/v1/objects"},
		{"POST", "/v2/objects/people/records/query/"},
	} {
		a := unlimited(t, Options{})
		r := a.do(c.method, c.path, "")
		require.Equal(t, 404, r.status)
		require.Equal(t, `{"status_code":404,"type":"invalid_request_error","code":"not_found",`+
			`"message":"Could not find endpoint \"`+
			c.method+` `+c.path+`\"."}`, r.text)
		require.Equal(t, []string{c.method + " " + c.path}, a.s.Unhandled())
	}
	t.Run("an idempotency key", func(t *testing.T) {
		a := unlimited(t, Options{})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://x"+ask1, strings.NewReader(wrap(`{}`)))
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+testKey)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", "1")
		res, err := a.h.RoundTrip(req)
		require.NoError(t, err)
		require.Equal(t, 500, res.StatusCode)
		require.Equal(t, []string{"POST " + ask1 + ": Idempotency-Key"}, a.s.Unhandled())
		require.Zero(t, a.s.Count("specimens"))
	})
	t.Run("another content type", func(t *testing.T) {
		a := unlimited(t, Options{})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://x"+ask1, strings.NewReader(wrap(`{}`)))
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+testKey)
		r, err := a.send(req)
		require.NoError(t, err)
		require.Equal(t, "Body payload validation error.", r.at("message"))
	})
	a := unlimited(t, Options{})
	for path, message := range map[string]string{
		"/v2/objects/people/records/x":                      "Path params validation error.",
		"/v2/objects/nobody/records/x":                      `Object with slug/ID "nobody" not found.`,
		"/v2/objects/people/attributes?limit=x":             "Query params validation error.",
		"/v2/objects/people/attributes?size=1":              "Query params validation error.",
		"/v2/objects/people/attributes?show_archived=1":     "Query params validation error.",
		"/v2/lists/x/attributes":                            `List with slug/ID "x" not found.`,
		"/v2/notes?limit=51":                                "Query params validation error.",
		"/v2/notes?parent_object=people":                    "Query params validation error.",
		"/v2/tasks?linked_object=people&linked_record_id=x": "Query params validation error.",
		"/v2/objects/people/records/x/entries":              "Path params validation error.",
	} {
		require.Equal(t, message, a.do("GET", path, "").at("message"), path)
	}
}
