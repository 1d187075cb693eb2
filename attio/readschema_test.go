package attio

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// shop answers GETs by path, and keeps what was asked.
type shop struct {
	pages map[string]func(*http.Request) (*http.Response, error)

	mu    sync.Mutex
	asked []string
}

func (s *shop) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.asked = append(s.asked, r.URL.RequestURI())
	s.mu.Unlock()
	path := strings.Replace(r.URL.Path, "/o3/", "/deals/", 1) // an object goes by its id as well
	if page := s.pages[path]; page != nil && r.Method == http.MethodGet {
		return page(r)
	}
	return respond(404, attioError(
		404, CodeNotFound, fmt.Sprintf("Could not find endpoint %q.", r.Method+" "+r.URL.Path))), nil
}

const activeSelf = `{"active":true,"scope":"object_configuration:read record_permission:read-write","client_id":"df642098","token_type":"Bearer","exp":null,` +
	`"workspace_id":"74716136","workspace_name":"Test Workspace","workspace_slug":"test-workspace","workspace_logo_url":null}`

func attribute(id, slug string, kind Type, more string) string {
	return fmt.Sprintf(`{"id":{"workspace_id":"w","object_id":"o","attribute_id":%q},"title":%q,"description":null,"api_slug":%q,"type":%q,`+
		`"is_system_attribute":true,"is_writable":true,"is_required":false,"is_unique":false,"is_multiselect":false,"is_default_value_enabled":false,`+
		`"is_archived":false,"default_value":null%s}`, id, strings.ToUpper(slug), slug, kind, more)
}

func reference(ids ...string) string {
	b, _ := json.Marshal(ids)
	return `,"config":{"currency":{"default_currency_code":null,"display_type":null},"record_reference":{"allowed_object_ids":` + string(b) + `}}`
}

// paged answers a list by limit and offset, at most most at a time.
func paged(most int, items ...string) step {
	return func(r *http.Request) (*http.Response, error) {
		offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
		limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
		if err != nil {
			limit = most
		}
		offset = min(offset, len(items))
		return respond(200, `{"data":[`+strings.Join(items[offset:min(len(items), offset+min(limit, most))], ",")+`]}`), nil
	}
}

func newShop() *shop {
	object := func(id, slug, one, many string) string {
		return fmt.Sprintf(`{"id":{"workspace_id":"w","object_id":%q},"api_slug":%q,"singular_noun":%q,"plural_noun":%q,"created_at":"2025-11-03T18:16:13.152000000Z"}`, id, slug, one, many)
	}
	return &shop{pages: map[string]step{
		"/v2/self": answering(200, activeSelf),
		"/v2/objects": paged(100, object("o3", "deals", "Deal", "Deals"), object("o1", "people", "Person", "People"),
			object("o2", "companies", "Company", "Companies"), object("o4", "projects", "Project", "Projects")),
		"/v2/objects/deals/attributes": paged(2,
			attribute("a1", "name", TypeText, ""), attribute("a2", "stage", TypeStatus, ""),
			attribute("a3", "value", TypeCurrency,
				`,"config":{"currency":{"default_currency_code":"EUR","display_type":"symbol"},"record_reference":{"allowed_object_ids":null}}`),
			attribute("a4", "associated_company", TypeRecordReference, reference("o2")),
			attribute("a5", "owner", TypeActorReference, "")),
		"/v2/objects/deals/attributes/a2/statuses": paged(100,
			`{"id":{"status_id":"s1"},"title":"Lead","is_archived":false,"celebration_enabled":false}`,
			`{"id":{"status_id":"s2"},"title":"Old","is_archived":true}`),
		"/v2/objects/companies/attributes": paged(
			100, attribute("c1", "domains", TypeDomain, ""), attribute("c2", "categories", TypeSelect, "")),
		"/v2/objects/companies/attributes/c2/options": paged(
			100, `{"id":{"option_id":"x1"},"title":"3D Printing","is_archived":false}`),
		"/v2/objects/people/attributes": paged(100, attribute("p1", "name", TypePersonalName, "")),
		"/v2/objects/projects/attributes": paged(
			100, attribute("j1", "about", TypeRecordReference, `,"config":{"record_reference":{"allowed_object_ids":null}}`)),
		"/v2/workspace_members": paged(
			100, `{"id":{"workspace_id":"w","workspace_member_id":"m1"},"first_name":"Ada","last_name":null,"avatar_url":null,"email_address":"ada@example.com","access_level":"admin","created_at":"x"}`),
	}}
}

func TestSelf(t *testing.T) {
	for name, tc := range map[string]struct {
		answer step
		class  Class
		status int
	}{
		"revoked": {answering(200, `{"active": false}`), Fatal, 401},
		"not formed as keys": {answering(
			400, attioError(400, "missing_value", "Token was not recognised, it must be a string.")), Fatal, 401},
		"unauthorized": {answering(401, attioError(401, CodeUnauthorized, "The API Key provided could not be found.")),
			Fatal, 401},
		"not Attio": {answering(404, "<html>"), Fatal, 404},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newTestClient(t, playing(tc.answer)).Self(context.Background())
			e := asError(t, err, tc.class)
			require.Equal(t, tc.status, e.Status)
			if e.Status == 401 {
				require.Equal(t, CodeUnauthorized, e.Code)
				require.NotEmpty(t, e.Message)
			}
		})
	}
	self, err := newTestClient(t, playing(answering(200, activeSelf))).Self(context.Background())
	require.NoError(t, err)
	require.Equal(t, Self{
		Active: true, Scopes: []string{"object_configuration:read", "record_permission:read-write"}, ClientID: "df642098",
		WorkspaceID: "74716136", WorkspaceName: "Test Workspace", WorkspaceSlug: "test-workspace",
	}, self)
}

func TestSchema(t *testing.T) {
	s := newShop()
	got, err := newTestClient(t, s).Schema(t.Context(), "deals")
	require.NoError(t, err)
	one := func(id, slug string, kind Type) Attribute {
		return Attribute{ID: id, Slug: slug, Title: strings.ToUpper(slug), Type: kind, System: true, Writable: true}
	}
	stage, value, company := one("a2", "stage", TypeStatus), one("a3", "value", TypeCurrency),
		one("a4", "associated_company", TypeRecordReference)
	stage.Options = []Option{{ID: "s1", Title: "Lead"}, {ID: "s2", Title: "Old", Archived: true}}
	value.CurrencyCode = "EUR"
	company.AllowedObjects = []string{"o2"}
	require.Equal(t, []Object{
		{ID: "o1", Slug: "people", Singular: "Person", Plural: "People"},
		{ID: "o2", Slug: "companies", Singular: "Company", Plural: "Companies",
			Attributes: []Attribute{one("c1", "domains", TypeDomain), one("c2", "categories", TypeSelect)}},
		{ID: "o3", Slug: "deals", Singular: "Deal", Plural: "Deals",
			Attributes: []Attribute{one("a1", "name", TypeText), stage, value, company, one("a5", "owner", TypeActorReference)}},
		{ID: "o4", Slug: "projects", Singular: "Project", Plural: "Projects"},
	}, got.Objects)
	require.Equal(t, []Member{{ID: "m1", FirstName: "Ada", Email: "ada@example.com", AccessLevel: "admin"}}, got.Members)
	require.Equal(t, "test-workspace", got.Self.WorkspaceSlug)
	require.Contains(t, s.asked, "/v2/objects/deals/attributes/a2/statuses?show_archived=true")
	require.Contains(t, s.asked, "/v2/objects/deals/attributes?limit=500&offset=4")
	require.NotContains(t, strings.Join(s.asked, "\n"), "companies/attributes/c2",
		"no options of what is only referred to")

	b, err := json.Marshal(got)
	require.NoError(t, err)
	var back Schema
	require.NoError(t, json.Unmarshal(b, &back))
	require.Equal(t, *got, back, "it can be saved")
}

func TestAttributesOnly(t *testing.T) {
	s := newShop()
	got, err := newTestClient(t, s).AttributesOnly(t.Context(), "deals")
	require.NoError(t, err)
	require.Len(t, got.Object("deals").Attributes, 5)
	require.Nil(t, got.Object("companies").Attributes)
	require.ElementsMatch(t, []string{"/v2/self", "/v2/objects", "/v2/objects/deals/attributes?limit=500&offset=0",
		"/v2/objects/deals/attributes?limit=500&offset=2", "/v2/objects/deals/attributes?limit=500&offset=4",
		"/v2/objects/deals/attributes?limit=500&offset=5"}, s.asked)
}

func TestSchemaOfWhatItNeeds(t *testing.T) {
	t.Run("by id, with the options of every object named", func(t *testing.T) {
		got, err := newTestClient(t, newShop()).Schema(t.Context(), "o3", "companies")
		require.NoError(t, err)
		require.Len(t, got.Object("companies").Attribute("categories").Options, 1)
		require.Len(t, got.Object("deals").Attribute("stage").Options, 2)
	})
	t.Run("a reference to any object needs them all", func(t *testing.T) {
		got, err := newTestClient(t, newShop()).Schema(t.Context(), "projects")
		require.NoError(t, err)
		for _, o := range got.Objects {
			require.NotEmpty(t, o.Attributes, o.Slug)
		}
		require.Nil(t, got.Members, "nothing of it points to members")
	})
	t.Run("members that the key may not read", func(t *testing.T) {
		s := newShop()
		s.pages["/v2/workspace_members"] = answering(403, attioError(403, CodeUnauthorized, "No scope."))
		got, err := newTestClient(t, s).Schema(t.Context(), "deals")
		require.NoError(t, err)
		require.Nil(t, got.Members)
	})
	t.Run("no object at all", func(t *testing.T) {
		s := newShop()
		got, err := newTestClient(t, s).Schema(t.Context())
		require.NoError(t, err)
		require.Len(t, got.Objects, 4)
		require.Len(t, s.asked, 2)
	})
	t.Run("an object that is not there", func(t *testing.T) {
		_, err := newTestClient(t, newShop()).Schema(t.Context(), "deals", "usres")
		e := asError(t, err, Fatal)
		require.Equal(t, CodeNotFound, e.Code)
		require.Equal(t, 404, e.Status)
		require.ErrorContains(t, err, `"usres" not found`)
	})
	t.Run("a key that may read nothing is told about by self", func(t *testing.T) {
		_, err := newTestClient(t, playing(answering(401, attioError(401, CodeUnauthorized, "No such key.")))).Schema(
			t.Context(), "deals")
		require.Equal(t, "/v2/self", asError(t, err, Fatal).Path)
	})
	for _, path := range []string{"/v2/self", "/v2/objects", "/v2/objects/deals/attributes",
		"/v2/objects/deals/attributes/a2/statuses", "/v2/objects/companies/attributes"} {
		t.Run("a key that may not read "+path, func(t *testing.T) {
			s := newShop()
			s.pages[path] = answering(403, attioError(403, CodeUnauthorized, "No scope."))
			got, err := newTestClient(t, s).Schema(t.Context(), "deals")
			require.Equal(t, path, asError(t, err, Fatal).Path)
			require.Equal(t, path != "/v2/self", got.Self.Active, "what the key may do is known, unless that was refused")
		})
	}
}

func TestAttributesWithoutOffsets(t *testing.T) {
	s := newShop()
	s.pages["/v2/objects/people/attributes"] = answering(
		200, `{"data":[`+attribute("p1", "name", TypePersonalName, "")+`]}`)
	got, err := newTestClient(t, s).Attributes(t.Context(), "people", true)
	require.NoError(t, err)
	require.Len(t, got, 1, "a server that pays no heed to offsets is not asked for ever")

	s.pages["/v2/objects/people/attributes"] = paged(
		10, strings.Replace(attribute("p1", "old", TypeText, ""), `"is_archived":false`, `"is_archived":true`, 1),
		attribute("p2", "name", TypeText, ""))
	got, err = newTestClient(t, s).Attributes(t.Context(), "people", false)
	require.NoError(t, err)
	require.Len(t, got, 1, "archived ones are left out")
	require.Equal(t, "name", got[0].Slug)
}

func TestRecordsAttachments(t *testing.T) {
	items := func(n int) []string {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf(`{"n":%d}`, i)
		}
		return all
	}
	s := &shop{pages: map[string]step{
		"/v2/objects/deals/records/r1/entries": paged(1000, items(1001)...),
		"/v2/notes":                            paged(50, items(120)...),
		"/v2/tasks":                            paged(500),
	}}
	c := newTestClient(t, s)
	n, err := c.CountEntries(t.Context(), "deals", "r1")
	require.NoError(t, err)
	require.Equal(t, 1001, n)
	n, err = c.CountNotes(t.Context(), "deals", "r1")
	require.NoError(t, err)
	require.Equal(t, 120, n)
	n, err = c.CountTasks(t.Context(), "deals", "r1")
	require.NoError(t, err)
	require.Zero(t, n)
	require.Equal(t, []string{
		"/v2/objects/deals/records/r1/entries?limit=1000&offset=0",
		"/v2/objects/deals/records/r1/entries?limit=1000&offset=1000",
		"/v2/objects/deals/records/r1/entries?limit=1000&offset=1001",
		"/v2/notes?limit=50&offset=0&parent_object=deals&parent_record_id=r1",
		"/v2/notes?limit=50&offset=50&parent_object=deals&parent_record_id=r1",
		"/v2/notes?limit=50&offset=100&parent_object=deals&parent_record_id=r1",
		"/v2/notes?limit=50&offset=120&parent_object=deals&parent_record_id=r1",
		"/v2/tasks?limit=500&linked_object=deals&linked_record_id=r1&offset=0",
	}, s.asked)
}

// TestCountsReadToTheEnd: a server with a limit of its own is not at its end, and one that pays no heed to offsets is
// not asked for ever.
func TestCountsReadToTheEnd(t *testing.T) {
	notes := paged(20, `{"n":1}`, `{"n":2}`, `{"n":3}`)
	for name, tc := range map[string]struct {
		answer step
		asked  int
	}{
		"a limit of its own": {paged(2, `{"n":1}`, `{"n":2}`, `{"n":3}`), 3},
		"no offsets": {func(r *http.Request) (*http.Response, error) {
			r.URL.RawQuery = "limit=50"
			return notes(r)
		}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := &shop{pages: map[string]step{"/v2/notes": tc.answer}}
			n, err := newTestClient(t, s).CountNotes(t.Context(), "deals", "r1")
			require.NoError(t, err)
			require.Equal(t, 3, n)
			require.Len(t, s.asked, tc.asked)
		})
	}
}

// TestReferencesToAnyObject: Attio writes null or [] for "any object"; a Schema has one way, which survives being
// saved.
func TestReferencesToAnyObject(t *testing.T) {
	for _, allowed := range []string{"null", "[]"} {
		s := newShop()
		s.pages["/v2/objects/projects/attributes"] = paged(100, attribute("j1", "about", TypeRecordReference,
			`,"config":{"record_reference":{"allowed_object_ids":`+allowed+`}}`))
		got, err := newTestClient(t, s).Schema(t.Context(), "projects")
		require.NoError(t, err)
		require.Nil(t, got.Object("projects").Attribute("about").AllowedObjects)
		require.NotEmpty(t, got.Object("companies").Attributes, "it may be referred to")
	}
}

// TestOptionsOfAServerWithPages: a list of a round number may be a page; what is behind it is asked for once.
func TestOptionsOfAServerWithPages(t *testing.T) {
	option := func(i int) string {
		return fmt.Sprintf(`{"id":{"option_id":"x%d"},"title":"T%d","is_archived":false}`, i, i)
	}
	var all []string
	for i := range 60 {
		all = append(all, option(i))
	}
	path := "/v2/objects/companies/attributes/c2/options"
	for name, tc := range map[string]struct {
		answer      step
		want, asked int
	}{
		"pages":                   {paged(50, all...), 60, 2},
		"pages that end together": {paged(25, all[:50]...), 50, 3},
		"no heed to offsets":      {answering(200, `{"data":[`+strings.Join(all[:25], ",")+`]}`), 25, 2},
		"offsets refused": {func(r *http.Request) (*http.Response, error) {
			if r.URL.Query().Has("offset") {
				return respond(400, attioError(400, "validation_type", "Unrecognized key: offset")), nil
			}
			return paged(100, all[:25]...)(r)
		}, 25, 2},
		"archived ones refused": {func(r *http.Request) (*http.Response, error) {
			if r.URL.Query().Has("show_archived") {
				return respond(400, attioError(400, "validation_type", "Unrecognized key: show_archived")), nil
			}
			return paged(100, all...)(r)
		}, 60, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop()
			s.pages[path] = tc.answer
			got, err := newTestClient(t, s).Attributes(t.Context(), "companies", true)
			require.NoError(t, err)
			require.Len(t, got[1].Options, tc.want)
			asked := 0
			for _, a := range s.asked {
				if strings.HasPrefix(a, path) {
					asked++
				}
			}
			require.Equal(t, tc.asked, asked)
		})
	}
	t.Run("a failure behind the first page", func(t *testing.T) {
		s := newShop()
		s.pages[path] = func(r *http.Request) (*http.Response, error) {
			if r.URL.Query().Has("offset") {
				return respond(403, attioError(403, CodeUnauthorized, "No.")), nil
			}
			return paged(25, all...)(r)
		}
		_, err := newTestClient(t, s).Attributes(t.Context(), "companies", true)
		requireClass(t, err, Fatal)
	})
}
