package attiotest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLists(t *testing.T) {
	a, ids := menagerie(t, Options{})
	for _, id := range []string{"a", "b", "a"} {
		require.NoError(t, a.s.AddEntry("loans", "specimens", ids[id]))
	}
	require.NoError(t, a.s.AddEntry("leads", "people", ids["ada"]))
	require.Equal(t, "loans", a.do("GET", "/v2/lists", "").at("data.0.api_slug"))
	listID := a.do("GET", "/v2/lists/loans", "").at("data.id.list_id").(string)
	require.Equal(t, "loans", a.do("GET", "/v2/lists/"+listID, "").at("data.api_slug"))
	require.Equal(t, `List with slug/ID "x" not found.`, a.do("GET", "/v2/lists/x", "").at("message"))

	parents := func(body string) (found []any) {
		r := a.do("POST", "/v2/lists/loans/entries/query", body)
		require.Equal(t, 200, r.status, r.text)
		last := ""
		for _, e := range r.tree["data"].([]any) {
			entry := response{tree: e.(map[string]any)}
			require.Less(t, last, entry.at("id.entry_id"))
			last = entry.at("id.entry_id").(string)
			found = append(found, entry.at("parent_record_id"))
		}
		return found
	}
	require.ElementsMatch(t, []any{ids["a"], ids["b"], ids["a"]}, parents(`{}`))
	const path = `{"filter":{"path":[["loans","parent_record"],["specimens","label"]],"constraints":{"value":"red fern"}}}`
	require.Equal(t, []any{ids["a"], ids["a"]}, parents(path))
	require.Equal(t, []any{ids["b"]}, parents(`{"filter":{"parent_record":{"target_record_id":"`+ids["b"]+`"}}}`))
	require.Len(t, parents(`{"limit":2,"offset":2}`), 1)
	require.Equal(t, 404, a.do("POST", "/v2/lists/x/entries/query", `{}`).status)
	require.Equal(t, "unknown_filter_attribute_slug", a.do("POST", "/v2/lists/loans/entries/query",
		`{"filter":{"label":"x"}}`).at("code"))

	slugs := []any{}
	for _, attr := range a.do("GET", "/v2/lists/loans/attributes", "").tree["data"].([]any) {
		slugs = append(slugs, attr.(map[string]any)["api_slug"])
	}
	require.Equal(t, []any{"entry_id", "created_at", "created_by"}, slugs)

	require.Equal(t, 200, a.do("DELETE", ask1+"/"+ids["a"], "").status)
	require.Equal(t, []any{ids["b"]}, parents(`{}`), "entries go with their record")

	a, ids = menagerie(t, Options{Readings: Readings{NoParentPaths: true}})
	require.NoError(t, a.s.AddEntry("loans", "specimens", ids["a"]))
	require.Equal(t, "filter_error", a.do("POST", "/v2/lists/loans/entries/query", path).at("code"))
}

func TestThreads(t *testing.T) {
	a := unlimited(t, Options{})
	ada := a.create("people", `{}`)
	require.NoError(t, a.s.AddEntry("leads", "people", ada))
	entry := a.do("GET", "/v2/objects/people/records/"+ada+"/entries", "").at("data.0.entry_id").(string)
	for query, want := range map[string]int{
		"?object=people&record_id=" + ada:            200,
		"?list=leads&entry_id=" + entry:              200,
		"?list=leads&entry_id=" + ada:                404,
		"?list=x&entry_id=" + entry:                  404,
		"?object=people&record_id=x":                 400,
		"?object=people&limit=51&record_id=" + ada:   400,
		"?object=people&colour=red&record_id=" + ada: 400,
		"": 400,
	} {
		require.Equal(t, want, a.do("GET", "/v2/threads"+query, "").status, query)
	}
	require.Equal(t, 200, unlimited(t, Options{Readings: Readings{FreeThreads: true}}).do("GET", "/v2/threads", "").status)
}

func TestTasksAndNotes(t *testing.T) {
	a := unlimited(t, Options{})
	ada := a.create("people", `{}`)
	for _, content := range []string{"one", "two", "three"} {
		require.NoError(t, a.s.AttachTask("people", ada, content))
		require.NoError(t, a.s.AttachNote("people", ada, content))
	}
	contents := func(path, key string) (list []any) {
		r := a.do("GET", path, "")
		require.Equal(t, 200, r.status, r.text)
		for _, x := range r.tree["data"].([]any) {
			list = append(list, x.(map[string]any)[key])
		}
		return list
	}
	for query, want := range map[string][]any{
		"":                      {"one", "two", "three"},
		"?sort=created_at:desc": {"three", "two", "one"},
		"?is_completed=false":   {"one", "two", "three"},
		"?is_completed=true":    nil,
		"?assignee=null":        {"one", "two", "three"},
		"?assignee=x%40y.com":   nil,
		"?limit=1&offset=1":     {"two"},
		"?linked_object=people&linked_record_id=" + ada: {"one", "two", "three"},
	} {
		require.Equal(t, want, contents("/v2/tasks"+query, "content_plaintext"), query)
	}
	for _, query := range []string{"sort=content:asc", "is_completed=1", "colour=red"} {
		require.Equal(t, 400, a.do("GET", "/v2/tasks?"+query, "").status, query)
	}
	require.Equal(t, []any{"three", "two", "one"}, contents("/v2/notes", "title"), "newest first")
}
