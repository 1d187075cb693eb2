package attiotest

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	anyID   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	anyTime = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}000000Z`)
)

// shape is an answer with its ids and times replaced, so that keys, their order and fixed words are left.
func (r response) shape() string {
	return anyTime.ReplaceAllString(anyID.ReplaceAllString(r.text, "ID"), "TIME")
}

// TestRecordedShapes holds answers against those of the real Attio that others recorded: every key, in its order.
func TestRecordedShapes(t *testing.T) {
	a := unlimited(t, Options{})
	ada := a.create("people", `{"name":{"first_name":"Ada","last_name":"L","full_name":"Ada L"}}`)
	require.NoError(t, a.s.AttachNote("people", ada, "Call"))
	require.NoError(t, a.s.AttachTask("people", ada, "Write"))
	require.NoError(t, a.s.AddEntry("leads", "people", ada))
	const (
		by    = `"created_by_actor":{"type":"workspace-member","id":"ID"}`
		value = `{"active_from":"TIME","active_until":null,` + by + `,`
	)
	for _, c := range []struct{ method, path, body, want string }{
		{"GET", "/v2/tasks?sort=created_at:asc", "",
			`{"data":[{"id":{"workspace_id":"ID","task_id":"ID"},"content_plaintext":"Write","is_completed":false,` +
				`"completed_at":null,` +
				`"deadline_at":null,"linked_records":[{"target_object_id":"people","target_record_id":"ID"}],"assignees":[],` +
				by + `,"created_at":"TIME"}]}`},
		{"GET", "/v2/notes", "",
			`{"data":[{"id":{"workspace_id":"ID","note_id":"ID"},"parent_object":"people","parent_record_id":"ID",` +
				`"title":"Call",` +
				`"meeting_id":null,"content_plaintext":"","content_markdown":"","tags":[],` + by + `,"created_at":"TIME"}]}`},
		{"GET", "/v2/lists", "",
			`{"data":[{"id":{"workspace_id":"ID","list_id":"ID"},"api_slug":"leads","created_at":"TIME","name":"leads",` +
				`"workspace_access":"full-access","workspace_member_access":[],"parent_object":["people"],` + by + `}]}`},
		{"POST", "/v2/lists/leads/entries/query", `{}`,
			`{"data":[{"id":{"workspace_id":"ID","list_id":"ID","entry_id":"ID"},"parent_record_id":"ID",` +
				`"parent_object":"people",` +
				`"created_at":"TIME","entry_values":{"entry_id":[` + value + `"value":"ID","attribute_type":"text"}],` +
				`"created_at":[` + value + `"value":"TIME","attribute_type":"timestamp"}],` +
				`"created_by":[` + value + `"referenced_actor_type":"workspace-member","referenced_actor_id":"ID",` +
				`"attribute_type":"actor-reference"}]}}]}`},
		{"GET", "/v2/objects/people/records/" + ada + "/entries", "",
			`{"data":[{"list_id":"ID","list_api_slug":"leads","entry_id":"ID","created_at":"TIME"}]}`},
		{"GET", "/v2/objects/people", "",
			`{"data":{"id":{"workspace_id":"ID","object_id":"ID"},"api_slug":"people","singular_noun":"Person",` +
				`"plural_noun":"People",` +
				`"created_at":"TIME"}}`},
		{"GET", "/v2/objects/companies/attributes/team", "",
			`{"data":{"id":{"workspace_id":"ID","object_id":"ID","attribute_id":"ID"},"title":"Team","description":null,` +
				`"api_slug":"team",` +
				`"type":"record-reference","is_system_attribute":true,"is_writable":true,"is_required":false,"is_unique":false,` +
				`"is_multiselect":true,"is_default_value_enabled":false,"is_archived":false,"default_value":null,` +
				`"relationship":{"id":{"workspace_id":"ID","object_id":"ID","attribute_id":"ID"},"object_slug":"people",` +
				`"api_slug":"company",` +
				`"is_multiselect":false,"title":"Company"},"created_at":"TIME",` +
				`"config":{"currency":{"default_currency_code":null,"display_type":null},` +
				`"record_reference":{"allowed_object_ids":["ID"]}}}}`},
		{"GET", "/v2/threads?object=people&record_id=" + ada, "", `{"data":[]}`},
	} {
		require.Equal(t, c.want, a.do(c.method, c.path, c.body).shape(), c.path)
	}
	arr := a.do("GET", "/v2/objects/companies/attributes/estimated_arr_usd/options", "")
	require.Equal(t, "$0-$1M", arr.at("data.0.title"))
	deals := a.do("GET", "/v2/objects/companies/attributes/associated_deals", "")
	require.Equal(t, "Deal records associated with a Company record", deals.at("data.description"))
}

// TestRecordedErrors holds error bodies against recorded ones, word for word.
func TestRecordedErrors(t *testing.T) {
	a := unlimited(t, Options{})
	kew := a.create("companies", `{"domains":["kew.org"]}`)
	const head = `{"status_code":400,"type":"invalid_request_error","code":`
	missing := func(key string) string {
		return `{"code":"invalid_type","path":["` + key +
			`"],"message":"Required","expected":"string","received":"undefined"}`
	}
	const people, companies = "/v2/objects/people/records", "/v2/objects/companies/records"
	for _, c := range []struct{ method, path, body, want string }{
		{"GET", people, "", `{"status_code":404,"type":"invalid_request_error","code":"not_found",` +
			`"message":"Could not find endpoint \"GET /v2/objects/people/records\"."}`},
		{"GET", "/v2/objects/projects", "", `{"status_code":404,"type":"invalid_request_error","code":"not_found",` +
			`"message":"Object with slug/ID \"projects\" not found."}`},
		{"POST", people, wrap(`{"name":[{"value":"Ada"}]}`), head + `"validation_type",` +
			`"message":"An invalid value was passed to attribute with slug \"name\".","validation_errors":[` +
			missing("first_name") + `,` + missing("last_name") + `,` + missing("full_name") + `]}`},
		{"POST", people, `{"data":{}}`, head + `"validation_type","message":"Body payload validation error.",` +
			`"validation_errors":[` +
			`{"code":"invalid_type","path":["data","values"],"message":"Required","expected":"object",` +
			`"received":"undefined"}]}`},
		{"POST", people, wrap(`{"email_addresses":["a@b.test"]}`), head + `"validation_type",` +
			`"message":"An invalid value was passed to attribute with slug \"email_addresses\".","validation_errors":[` +
			`{"code":"invalid","path":["email_address"],"message":"Invalid email address"}]}`},
		{"POST", people, wrap(`{"phone_numbers":["020 7946 0958"]}`), head + `"validation_type",` +
			`"message":"An invalid value was passed to attribute with slug \"phone_numbers\".","validation_errors":[` +
			`{"code":"invalid","path":["original_phone_number"],"message":"Invalid phone number"}]}`},
		{"POST", companies, wrap(`{"domains":["kew.org"]}`), head + `"uniqueness_conflict",` +
			`"message":"A value provided for attribute with slug \"domains\" conflicts with one already in the system. ` +
			`This attribute has a uniqueness constraint. Please ensure ` +
			`all values for this attribute do not exist on another record. ` +
			`Conflicting record IDs: ` + kew + `"}`},
		{"POST", people, wrap(`{"x":1}`), head + `"value_not_found","message":"Cannot find attribute with slug/ID \"x\"."}`},
		{"PUT", people + "?matching_attribute=name", wrap(`{}`), head + `"matching_attribute_definition_not_unique",` +
			`"message":"The matching attribute specified is not a unique attribute."}`},
		{"POST", people + "/query", `{"filter":{"$or":[{"name":"x"},{"email":"x"}]}}`, head +
			`"unknown_filter_attribute_slug",` +
			`"message":"Unknown attribute slug: email.","path":["$or","1","email"]}`},
		{"POST", people + "/query", `{"filter":{"company":{"$contains":"x"}}}`, head + `"invalid_filter_operator",` +
			`"message":"Invalid operator \"$contains\"","path":["company","$contains"]}`},
	} {
		require.Equal(t, c.want, a.do(c.method, c.path, c.body).text, c.path)
	}
	require.Equal(t, "missing_sort_field", a.query("people", `{"filter":{"company":"`+kew+`"}}`).at("code"))
}

// No error body holds words of Go, whatever is sent.
func TestErrorsHoldNoGo(t *testing.T) {
	send := func(a *api, contentType, body string) response {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://x"+ask1, strings.NewReader(body))
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+testKey)
		req.Header.Set("Content-Type", contentType)
		r, err := a.send(req)
		require.NoError(t, err)
		return r
	}
	a := unlimited(t, Options{})
	const js = "application/json"
	for _, c := range [][2]string{
		{js, ""}, {js, "{"}, {js, `{"data":`}, {js, `{"data":{"values":{}}}}`}, {js, `{"a":1,"a":2}`}, {js, "\xff"}, {js,
			`"\ud800"`},
		{js, `nil`}, {js, `[1,]`}, {js, `{"data":{"values":{"amount":1e999}}}`}, {js, `{"data":{"values":{"label":"` +
			"\xff" + `"}}}`},
		{js, strings.Repeat("[", 20_000)}, {js, strings.Repeat(" ", maxBody+1)},
		{"text/plain", `{}`}, {"", wrap(`{}`)}, {"application/json; charset=latin1",
			wrap(`{}`)}, {"application/x-www-form-urlencoded", "a=b"},
		{js, `{"data":{"values":{"price":"1e5"}}}`}, {js, `{"data":{"values":{"observed_at":"tomorrow"}}}`}, {js,
			`[]`}, {js, `1`},
	} {
		r := send(a, c[0], c[1])
		require.Contains(t, []int{400, 413}, r.status, c[1])
		for _, word := range []string{"json", "EOF", "parse", "syntax", "strconv", "byte", "offset", "decode", "unmarshal",
			"content type",
			"token", "character '", "0x", "nil", "runtime", "struct", "attiotest"} {
			require.NotContains(t, strings.ToLower(strings.ReplaceAll(r.text, "Invalid JSON", "")), strings.ToLower(word), c[1])
		}
	}
	for _, path := range []string{"/v2/notes?limit=x", "/v2/notes?limit=9999999999999999999999", "/v2/notes?%zz",
		"/v2/objects/people/records/x"} {
		require.Regexp(t, `"message":"(Query|Path) params validation error\."`, a.do("GET", path, "").text)
	}
	require.Equal(t, `{"status_code":400,"type":"invalid_request_error","code":"validation_type",`+
		`"message":"Body payload validation error.",`+
		`"validation_errors":[{"code":"invalid_type","path":[],"message":"Required","expected":"object",`+
		`"received":"undefined"}]}`,
		send(a, "text/plain", wrap(`{}`)).text)
}

// x-accurate-at has microseconds, and milliseconds in the answer to a query.
func TestAccurateAt(t *testing.T) {
	a := unlimited(t, Options{})
	fine := 0
	for range 20 {
		require.Regexp(t, `\.\d{6}000Z$`, a.do("GET", "/v2/objects", "").header.Get("X-Accurate-At"))
		if !strings.HasSuffix(a.do("GET", "/v2/lists", "").header.Get("X-Accurate-At"), "000000Z") {
			fine++
		}
		require.Regexp(t, `\.\d{3}000000Z$`, a.query("people", `{}`).header.Get("X-Accurate-At"))
	}
	require.NotZero(t, fine)
}

// What Attio has and this package does not model is a 501 that says so; what Attio has not is Attio's 404.
func TestWhatIsNotModelled(t *testing.T) {
	for _, r := range absent {
		a := unlimited(t, Options{})
		path := strings.ReplaceAll(r.pattern, "*", "x")
		require.Nil(t, first(findRoute(r.method, path)), "%s %s is modelled", r.method, path)
		got := a.do(r.method, path, "")
		require.Equal(t, `{"status_code":501,"type":"invalid_request_error","code":"not_modelled",`+
			`"message":"attiotest does not model \"`+
			r.method+` `+path+`\", which Attio has."}`, got.text)
		require.Equal(t, []string{r.method + " " + path}, a.s.Unhandled())
	}
	a := unlimited(t, Options{})
	require.Equal(t, 501, a.query("people", `{"filter_view_id":"x"}`).status)
	require.Equal(t, []string{"POST /v2/objects/people/records/query"}, a.s.Unhandled())
	require.Equal(t, 400, a.query("people", `{"filter_view_id":"x","filter":{}}`).status)
	require.Equal(t, 404, a.do("POST", "/v2/lists/x/entries/y", "").status)
}

func first(r *route, _ []string) *route { return r }
