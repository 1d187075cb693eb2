package attiotest

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// document is the part of Attio's official OpenAPI document under testdata.
type document struct {
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Schemas map[string]any `json:"schemas"`
	} `json:"components"`
}

type operation struct {
	Security   []map[string][]string `json:"security"`
	Parameters []struct {
		Name     string `json:"name"`
		In       string `json:"in"`
		Required bool   `json:"required"`
		Schema   any    `json:"schema"`
	} `json:"parameters"`
	RequestBody content            `json:"requestBody"`
	Responses   map[string]content `json:"responses"`
}

// content is a body's form, by media type.
type content struct {
	Content map[string]struct {
		Schema any `json:"schema"`
	} `json:"content"`
}

var official = sync.OnceValue(func() document {
	data, err := os.ReadFile("testdata/openapi.json")
	if err != nil {
		panic(err)
	}
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		panic(err)
	}
	return d
})

// find picks the operation of a request. Fixed segments win over parameters.
func (d document) find(method, path string) (name string, op operation, ok bool) {
	segs := strings.Split(path, "/")
	for p, methods := range d.Paths {
		want := strings.Split(p, "/")
		o, there := methods[strings.ToLower(method)]
		if !there || len(want) != len(segs) {
			continue
		}
		fits := true
		for i := range want {
			fits = fits && (want[i] == segs[i] || strings.HasPrefix(want[i], "{"))
		}
		if fits && (!ok || strings.Count(p, "{") < strings.Count(name, "{")) {
			name, op, ok = p, o, true
		}
	}
	return name, op, ok
}

func (d document) schema(op operation, status int) (any, bool) {
	r, ok := op.Responses[fmt.Sprint(status)]
	return r.Content["application/json"].Schema, ok
}

// against holds an answer of any test against the document. What the document does not know (401, 403, 429 and some
// 400s) still has to have the shape of an error.
func against(t *testing.T, method, path string, r response) {
	t.Helper()
	if r.tree == nil || r.status == 501 {
		return
	}
	if r.status >= 400 {
		for _, key := range []string{"status_code", "type", "code", "message"} {
			require.Contains(t, r.tree, key, r.text)
		}
		require.EqualValues(t, r.status, r.at("status_code"))
	}
	_, op, ok := official().find(method, path)
	if !ok {
		return
	}
	if schema, ok := official().schema(op, r.status); ok {
		require.Empty(t, official().problems(schema, r.tree, method+" "+path), r.text)
		return
	}
	require.Contains(t, []int{400, 401, 403, 404, 409, 413, 418, 429}, r.status,
		"a success that the document does not know: %s", r.text)
}

// TestEveryDocumentedAnswer brings about each answer that the document lists for the routes modelled here.
func TestEveryDocumentedAnswer(t *testing.T) {
	const attr = "/v2/objects/specimens/attributes"
	const newAttr = `{"data":{"title":"T","description":null,"api_slug":"t","type":"text","is_required":false,` +
		`"is_unique":true,"is_multiselect":false,"config":{}}}`
	const none = "00000000-0000-4000-8000-000000000000"
	table := []struct{ method, path, body, code string }{
		{"GET", "/v2/self", "", ""},
		{"GET", "/v2/objects", "", ""},
		{"GET", "/v2/objects/people", "", ""},
		{"GET", "/v2/objects/nobody", "", "not_found"},
		{"GET", attr, "", ""},
		{"POST", attr, newAttr, ""},
		{"POST", attr, strings.Replace(newAttr, `"text"`, `"x"`, 1), "validation_type"},
		{"POST", "/v2/objects/nobody/attributes", newAttr, "not_found"},
		{"POST", attr, strings.Replace(newAttr, `"t"`, `"label"`, 1), "slug_conflict"},
		{"GET", attr + "/label", "", ""},
		{"GET", attr + "/nothing", "", "not_found"},
		{"PATCH", attr + "/label", `{"data":{"title":"L"}}`, ""},
		{"PATCH", attr + "/record_id", `{"data":{"title":"L"}}`, "system_edit_unauthorized"},
		{"PATCH", attr + "/nothing", `{"data":{"title":"L"}}`, "not_found"},
		{"GET", attr + "/kind/options", "", ""},
		{"GET", attr + "/nothing/options", "", "not_found"},
		{"POST", attr + "/kind/options", `{"data":{"title":"Fungus"}}`, ""},
		{"POST", attr + "/state/options", `{"data":{"title":"Fungus"}}`, "validation_type"},
		{"POST", attr + "/nothing/options", `{"data":{"title":"Fungus"}}`, "not_found"},
		{"POST", attr + "/kind/options", `{"data":{"title":"Plant"}}`, "slug_conflict"},
		{"PATCH", attr + "/kind/options/Plant", `{"data":{"is_archived":true}}`, ""},
		{"PATCH", attr + "/kind/options/Nothing", `{"data":{"is_archived":true}}`, "value_not_found"},
		{"PATCH", attr + "/nothing/options/Plant", `{"data":{"is_archived":true}}`, "not_found"},
		{"PATCH", attr + "/kind/options/Plant", `{"data":{"title":"Animal"}}`, "slug_conflict"},
		{"GET", attr + "/state/statuses", "", ""},
		{"GET", attr + "/nothing/statuses", "", "not_found"},
		{"POST", attr + "/state/statuses", `{"data":{"title":"Lost","celebration_enabled":true,` +
			`"target_time_in_status":"P0Y0M1DT0H0M0S"}}`, ""},
		{"POST", attr + "/kind/statuses", `{"data":{"title":"Lost"}}`, "validation_type"},
		{"POST", attr + "/nothing/statuses", `{"data":{"title":"Lost"}}`, "not_found"},
		{"POST", attr + "/state/statuses", `{"data":{"title":"Done"}}`, "slug_conflict"},
		{"PATCH", attr + "/state/statuses/Done", `{"data":{"title":"Finished"}}`, ""},
		{"PATCH", attr + "/state/statuses/Nothing", `{"data":{"title":"Finished"}}`, "value_not_found"},
		{"PATCH", attr + "/nothing/statuses/Done", `{"data":{"title":"Finished"}}`, "not_found"},
		{"PATCH", attr + "/state/statuses/Done", `{"data":{"title":"New"}}`, "slug_conflict"},
		{"POST", "/v2/objects/specimens/records/query", `{}`, ""},
		{"POST", "/v2/objects/specimens/records/query", `{"filter":{"label":1}}`, "filter_error"},
		{"POST", "/v2/objects/nobody/records/query", `{}`, "not_found"},
		{"POST", "/v2/objects/specimens/records", wrap(`{"label":"x"}`), ""},
		{"POST", "/v2/objects/specimens/records", wrap(`{"kind":"x"}`), "value_not_found"},
		{"POST", "/v2/objects/nobody/records", wrap(`{}`), "not_found"},
		{"PUT", "/v2/objects/specimens/records?matching_attribute=code", wrap(`{"code":"x"}`), ""},
		{"PUT", "/v2/objects/specimens/records?matching_attribute=x", wrap(`{"code":"x"}`), "value_not_found"},
		{"PUT", "/v2/objects/nobody/records?matching_attribute=code", wrap(`{"code":"x"}`), "not_found"},
		{"GET", "/v2/objects/deals/records/@deal", "", ""},
		{"GET", "/v2/objects/deals/records/" + none, "", "not_found"},
		{"PATCH", "/v2/objects/deals/records/@deal", wrap(`{"value":1}`), ""},
		{"PATCH", "/v2/objects/users/records/@user", wrap(`{"user_id":""}`), "missing_value"},
		{"PATCH", "/v2/objects/nobody/records/@deal", wrap(`{}`), "not_found"},
		{"PUT", "/v2/objects/deals/records/@deal", wrap(`{"value":1}`), ""},
		{"PUT", "/v2/objects/deals/records/@deal", wrap(`{"name":[]}`), "missing_value"},
		{"PUT", "/v2/objects/nobody/records/@deal", wrap(`{}`), "not_found"},
		{"DELETE", "/v2/objects/deals/records/@deal", "", ""},
		{"DELETE", "/v2/objects/deals/records/" + none, "", "not_found"},
		{"GET", "/v2/objects/people/records/@ada/entries", "", ""},
		{"GET", "/v2/workspace_members", "", ""},
		{"GET", "/v2/workspace_members/@noor", "", ""},
		{"GET", "/v2/workspace_members/" + none, "", "not_found"},
		{"GET", "/v2/notes", "", ""},
		{"GET", "/v2/notes?parent_object=nobody&parent_record_id=" + none, "", "not_found"},
		{"GET", "/v2/tasks", "", ""},
		{"GET", "/v2/lists", "", ""},
		{"GET", "/v2/lists/leads", "", ""},
		{"GET", "/v2/lists/nothing", "", "not_found"},
		{"POST", "/v2/lists/leads/entries/query", `{}`, ""},
		{"POST", "/v2/lists/nothing/entries/query", `{}`, "not_found"},
		{"GET", "/v2/threads?object=people&record_id=@ada", "", ""},
	}
	covered := map[string]bool{}
	for _, c := range table {
		a, names := furnished(t, Options{Readings: Readings{EmptyText: EmptyClears}})
		deal := a.create("deals", `{"name":"D","stage":"Lead","owner":"sam@example.com"}`)
		user := a.s.Find("users", "user_id", "U-1")[0].ID
		ada := names.Replace("@ada")
		require.NoError(t, a.s.AttachNote("people", ada, "n"))
		require.NoError(t, a.s.AttachTask("people", ada, "t"))
		require.NoError(t, a.s.AddEntry("leads", "people", ada))
		path := strings.NewReplacer("@deal", deal, "@user", user).Replace(names.Replace(c.path))
		r := a.do(c.method, path, c.body)
		code, _ := r.at("code").(string)
		require.Equal(t, c.code, code, "%s %s: %s", c.method, path, r.text)
		name, op, ok := official().find(c.method, strings.Split(path, "?")[0])
		require.True(t, ok, path)
		schema, ok := official().schema(op, r.status)
		require.True(t, ok, "%s %s: %d", c.method, path, r.status)
		require.Empty(t, official().problems(schema, r.tree, c.path))
		covered[fmt.Sprint(c.method, " ", name, " ", r.status)] = true
		require.Empty(t, a.s.Unhandled())
	}
	for path, methods := range official().Paths {
		for method, op := range methods {
			for status := range op.Responses {
				key := strings.ToUpper(method) + " " + path + " " + status
				require.True(t, covered[key], "nothing brings about "+key)
			}
		}
	}
}

// TestScopesAreTheDocumented holds the scopes of the routes against the document.
func TestScopesAreTheDocumented(t *testing.T) {
	for _, r := range routes {
		path := strings.ReplaceAll(r.pattern, "/v2/*/*/", "/v2/objects/x/")
		path = strings.ReplaceAll(path, "*", "x")
		_, op, ok := official().find(r.method, path)
		require.True(t, ok, r.pattern)
		var want []string
		for _, s := range op.Security {
			want = append(want, s["oauth2"]...)
		}
		if r.method == "POST" && r.pattern == attributes {
			want = []string{writeConfig} // the document leaves it empty; its prose names it
		}
		require.ElementsMatch(t, want, r.scopes, r.method+" "+r.pattern)
	}
}

// inputs name the alternatives of the document's input-value by type, by their places.
var inputs = map[string][]int{"actor-reference": {0, 1}, "checkbox": {2}, "currency": {3}, "date": {4}, "domain": {5},
	"email-address":    {6},
	"record-reference": {7}, "location": {10}, "number": {11}, "personal-name": {12}, "phone-number": {13}, "status": {14},
	"rating": {15}, "select": {16}, "text": {17}, "timestamp": {18}}

// documented tells whether the document allows a value in its full form.
func documented(typ string, v any) bool {
	all := official().Components.Schemas["input-value"].(map[string]any)["anyOf"].([]any)
	for _, i := range inputs[typ] {
		if len(official().problems(all[i], v, typ)) == 0 {
			return true
		}
	}
	return false
}
