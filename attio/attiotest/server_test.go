package attiotest

import (
	"strings"
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

func TestOnASocket(t *testing.T) {
	s := New(Options{})
	url, stop, err := s.Start()
	require.NoError(t, err)
	defer stop()
	require.True(t, strings.HasPrefix(url, "http://127.0.0.1:"))
}
