package attiotest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

const seed = `{
  "name": "Acme", "slug": "acme",
  "members": [{"first_name": "Sam", "last_name": "R", "email_address": "sam@example.com", "access_level": "admin"}],
  "objects": [
    {"api_slug": "people", "singular_noun": "Person", "plural_noun": "People",
     "attributes": [
       {"api_slug": "name", "title": "Name", "type": "personal-name", "system": true},
       {"api_slug": "email_addresses", "title": "E-mail", "type": "email-address", "system": true,
        "unique": true, "multi": true},
       {"api_slug": "company", "title": "Company", "type": "record-reference", "system": true,
        "objects": ["companies"], "inverse": "companies.team"},
       {"api_slug": "last", "title": "Last", "type": "interaction", "system": true},
       {"api_slug": "avatar_url", "title": "Avatar", "type": "text", "read_only": true}],
     "records": [
       {"values": {"name": "Lovelace, Ada", "email_addresses": ["Ada@kew.org"], "company": "kew.org",
                   "avatar_url": "https://x.org/a.png",
                   "last": {"interaction_type": "email", "interacted_at": "2024-01-01T00:00:00Z"}}},
       {"id": "11111111-1111-4111-8111-111111111111", "created_at": "2020-02-03T04:05:06.789Z", "values": {}}]},
    {"api_slug": "companies", "singular_noun": "Company", "plural_noun": "Companies",
     "attributes": [
       {"api_slug": "domains", "title": "Domains", "type": "domain", "system": true, "unique": true, "multi": true},
       {"api_slug": "tier", "title": "Tier", "type": "select", "options": ["A", {"title": "B", "archived": true}]},
       {"api_slug": "team", "title": "Team", "type": "record-reference", "system": true, "multi": true,
        "objects": ["people"], "inverse": "people.company"}],
     "records": [{"values": {"domains": ["kew.org"], "tier": "B"}}]}],
  "lists": [{"api_slug": "leads", "name": "Leads", "parent_object": "people",
    "entries": [{"parent_record_id": "11111111-1111-4111-8111-111111111111"}]}],
  "notes": [{"parent_object": "people", "parent_record_id": "11111111-1111-4111-8111-111111111111", "title": "N"}]
}`

func TestSeedAndDump(t *testing.T) {
	w, err := ReadWorkspace(strings.NewReader(seed))
	require.NoError(t, err)
	a := unlimited(t, Options{Seed: w})
	ada := a.s.Find("people", "email_addresses", "ada@kew.org")
	require.Len(t, ada, 1)
	r := a.do("GET", "/v2/objects/people/records/"+ada[0].ID, "")
	require.Equal(t, "Ada", r.at("data.values.name.0.first_name"))
	require.Equal(t, []any{"https://x.org/a.png"}, r.list("avatar_url", "value"))
	require.Equal(t, []any{"email"}, r.list("last", "interaction_type"))
	for _, part := range []string{`"interaction_type":"email"`, `"interacted_at":"2024-01-01T00:00:00Z"`} {
		require.Equal(t, []string{ada[0].ID}, a.found("people", `{"filter":{"last":{`+part+`}}}`), part)
	}
	kew := a.s.Records("companies")[0]
	company := a.do("GET", "/v2/objects/companies/records/"+kew.ID, "")
	require.Equal(t, r.at("data.id.record_id"), company.at("data.values.team.0.target_record_id"),
		"the other side follows")
	require.Equal(t, true, company.at("data.values.tier.0.option.is_archived"),
		"a seed may hold what cannot be written any more")
	require.Equal(t, "https://app.attio.com/acme/person/11111111-1111-4111-8111-111111111111",
		a.do("GET", "/v2/objects/people/records/11111111-1111-4111-8111-111111111111", "").at("data.web_url"))
	require.Equal(t, "2020-02-03T04:05:06.789000000Z", a.do("GET",
		"/v2/objects/people/records/11111111-1111-4111-8111-111111111111", "").at("data.created_at"))

	first := a.s.Dump()
	again, err := ReadWorkspace(bytes.NewReader(first))
	require.NoError(t, err, string(first))
	require.Equal(t, string(first), string(New(Options{Seed: again}).Dump()))
}

func TestADumpKeepsEveryType(t *testing.T) {
	a, _ := menagerie(t, Options{})
	ids := func(s *Server) (list []string) {
		for _, object := range []string{"specimens", "people", "companies"} {
			for _, rec := range s.Records(object) {
				r := (&api{t, s, s.Transport()}).do("GET", "/v2/objects/"+object+"/records/"+rec.ID, "")
				values := r.at("data.values").(map[string]any)
				delete(values, "created_by")
				for _, several := range values {
					for _, v := range several.([]any) { // who wrote it and when is not kept
						delete(v.(map[string]any), "active_from")
						delete(v.(map[string]any), "created_by_actor")
					}
				}
				text, err := json.Marshal(r.tree)
				require.NoError(t, err)
				list = append(list, string(text))
			}
		}
		return list
	}
	require.Equal(t, ids(a.s), ids(New(Options{Seed: a.s.Workspace()})))
	require.NoError(t, Standard().Check())
}

func TestRefusedWorkspaces(t *testing.T) {
	for change, want := range map[[2]string]string{
		{`"name": "Acme"`, `"nme": "Acme"`}:               `unknown field "nme"`,
		{`"name": "Acme"`, `"name": "Acme", "name": "B"`}: "duplicate",
		{`"Ada@kew.org"`, `"Ada@kew"`}: `record 1 of people: ` +
			`An invalid value was passed to attribute with slug "email_addresses".`,
		{`"tier": "B"`, `"tier": "C"`}: `record 1 of companies: ` +
			`Cannot find select option with title "C".`,
		{`"company": "kew.org"`, `"company": "rbge.org"`}: `record 1 of people: ` +
			`Could not find a record of object "companies"`,
		{`"type": "domain"`, `"type": "host"`}:                              `there is no type "host"`,
		{`"inverse": "companies.team"`, `"inverse": "companies.x"`}:         "there is no companies.x to be its other side",
		{`"objects": ["people"]`, `"objects": ["persons"]`}:                 `there is no object "persons"`,
		{`"title": "B", `, `"title": "B", "x": 1, `}:                        `unknown field "x"`,
		{`"11111111-1111-4111-8111-111111111111", "title"`, `"x", "title"`}: `note: there is no record "x" of "people"`,
	} {
		require.Contains(t, seed, change[0])
		_, err := ReadWorkspace(strings.NewReader(strings.Replace(seed, change[0], change[1], 1)))
		require.ErrorContains(t, err, want)
	}
	require.Panics(t, func() { New(Options{Seed: &Workspace{Objects: []Object{{}}}}) })
}

func TestBehindTheClientsBack(t *testing.T) {
	a := unlimited(t, Options{})
	id, err := a.s.Insert("people", map[string]any{"email_addresses": []string{"a@x.com"}, "avatar_url": "https://x.org"})
	require.NoError(t, err)
	require.Equal(t, []string{id}, a.found("people", `{"filter":{"email_addresses":"a@x.com"}}`))
	require.NoError(t, a.s.Set("people", id, map[string]any{"job_title": "x"}))
	require.Equal(t, []any{"x"}, a.do("GET", "/v2/objects/people/records/"+id, "").list("job_title", "value"))
	_, err = a.s.Insert("people", map[string]any{"email_addresses": []string{"A@x.com"}})
	require.ErrorContains(t, err, "conflicts with one already in the system")
	require.ErrorContains(t, a.s.Set("people", "x", nil), "not found")
	require.ErrorContains(t, a.s.Remove("nobody", id), `there is no object "nobody"`)

	nothing := func() {
		t.Helper()
		for _, path := range []string{"/v2/objects/people/records/" + id + "/entries",
			"/v2/notes?parent_object=people&parent_record_id=" + id,
			"/v2/tasks?linked_object=people&linked_record_id=" + id} {
			require.Empty(t, a.do("GET", path, "").tree["data"], path)
		}
	}
	nothing()
	require.NoError(t, a.s.AttachNote("people", id, "n"))
	require.NoError(t, a.s.AttachTask("people", id, "t"))
	require.NoError(t, a.s.AddEntry("leads", "people", id))
	require.NoError(t, a.s.AddEntry("leads", "people", id))
	require.ErrorContains(t, a.s.AddEntry("leads", "companies", id), "not found")
	require.Len(t, a.do("GET", "/v2/objects/people/records/"+id+"/entries", "").tree["data"], 2)
	require.Equal(t, "n", a.do("GET", "/v2/notes?parent_object=people&parent_record_id="+id, "").at("data.0.title"))
	require.Equal(t, "t", a.do("GET", "/v2/tasks?linked_object=people&linked_record_id="+id,
		"").at("data.0.content_plaintext"))
	other := a.create("people", `{}`)
	require.Empty(t, a.do("GET", "/v2/notes?parent_object=people&parent_record_id="+other, "").tree["data"])
	require.NoError(t, a.s.Remove("people", id))
	require.Empty(t, a.do("GET", "/v2/notes", "").tree["data"], "it goes with its record")
	require.Equal(t, 1, a.s.Count("people"))
	require.Equal(t, -1, a.s.Count("nobody"))
}

func TestEnrichment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := unlimited(t, Options{Enrich: 300 * time.Millisecond})
		id := a.create("people", `{"email_addresses":["ada@mail.kew.org"]}`)
		a.create("people", `{"email_addresses":["x@gmail.com"]}`)
		given := a.create("companies", `{"domains":["other.org"]}`)
		own := a.create("people", `{"email_addresses":["bob@third.org"],"company":"other.org"}`)
		person := func(id string) response { return a.do("GET", "/v2/objects/people/records/"+id, "") }
		require.Empty(t, person(id).at("data.values.company"), "not yet")
		time.Sleep(300 * time.Millisecond)
		r := person(id)
		require.Equal(t, "system", r.at("data.values.company.0.created_by_actor.type"))
		require.Nil(t, r.at("data.values.company.0.created_by_actor.id"))
		require.Equal(t, []any{given}, person(own).list("company", "target_record_id"), "what was given wins")
		require.Equal(t, 2, a.s.Count("companies"), "none of free mail")
		kew := a.do("GET", "/v2/objects/companies/records/"+r.list("company", "target_record_id")[0].(string), "")
		require.Equal(t, []any{"kew.org"}, kew.list("domains", "domain"))
		require.Equal(t, []any{id}, kew.list("team", "target_record_id"))
		require.Equal(t, "uniqueness_conflict", a.do("POST", "/v2/objects/companies/records",
			wrap(`{"domains":["kew.org"]}`)).at("code"))
	})
}

func TestTheLog(t *testing.T) {
	a := unlimited(t, Options{KeepRequests: 2})
	a.create("specimens", `{"label":"1"}`)
	a.create("specimens", `{"label":"2"}`)
	a.do("GET", "/v2/objects/people/attributes?limit=1", "")
	a.s.AddFault(Fault{Drop: true})
	_, err := a.try("GET", "/v2/objects", "")
	require.Error(t, err)
	log := a.s.Requests()
	require.Len(t, log, 2)
	require.Equal(t, "/v2/objects/people/attributes", log[0].Path)
	require.Equal(t, "limit=1", log[0].Query)
	require.True(t, log[1].Lost)
	require.Equal(t, Counts{Requests: 4, Accepted: 3, Lost: 1}, a.s.Counts())
}

func TestCompression(t *testing.T) {
	s := NewServer(t, Options{})
	for _, h := range []http.RoundTripper{s.Transport(), &http.Transport{DisableCompression: true}} {
		for path, want := range map[string]string{"/v2/objects": "gzip", "/v2/objects/x": ""} {
			req, err := http.NewRequest(http.MethodGet, s.URL+path, nil)
			require.NoError(t, err)
			req.Header.Set("Authorization", "Bearer "+testKey)
			req.Header.Set("Accept-Encoding", "gzip")
			res, err := h.RoundTrip(req)
			require.NoError(t, err)
			require.Equal(t, want, res.Header.Get("Content-Encoding"), path)
			var body io.Reader = res.Body
			if want == "gzip" {
				body, err = gzip.NewReader(res.Body)
				require.NoError(t, err)
			}
			data, err := io.ReadAll(body)
			require.NoError(t, err)
			require.True(t, json.Valid(data))
			require.NoError(t, res.Body.Close())
		}
	}
}

func TestHeaders(t *testing.T) {
	a := unlimited(t, Options{})
	id := a.create("specimens", `{}`)
	for _, c := range []struct {
		method, path, body string
		accurate, scored   bool
	}{
		{"GET", "/v2/self", "", false, false},
		{"GET", "/v2/objects", "", true, false},
		{"POST", ask1 + "/query", `{}`, true, true},
		{"GET", ask1 + "/" + id, "", true, false},
		{"PATCH", ask1 + "/" + id, wrap(`{}`), true, false},
		{"POST", ask1, wrap(`{"x":1}`), false, false},
		{"DELETE", ask1 + "/" + id, "", false, false},
	} {
		r := a.do(c.method, c.path, c.body)
		require.NotEmpty(t, r.header.Get("X-Attio-Execution-Id"), c.path)
		require.Equal(t, "application/json; charset=utf-8", r.header.Get("Content-Type"))
		require.Equal(t, c.accurate, r.header.Get("X-Accurate-At") != "", c.path)
		require.Equal(t, c.scored, r.header.Get("X-Attio-Record-Query-Score") != "", c.path)
		for name := range r.header {
			require.NotContains(t, strings.ToLower(name), "ratelimit", "Attio has none")
		}
	}
}
