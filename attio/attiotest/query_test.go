package attiotest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// menagerie holds records a, b and c of specimens, with something of every type that filters know.
func menagerie(t *testing.T, o Options) (a *api, ids map[string]string) {
	t.Helper()
	a = unlimited(t, o)
	ada := a.create("people", `{"name":"Lovelace, Ada","email_addresses":["ada@mail.example.com"],`+
		`"phone_numbers":["+442079460958"]}`)
	a.create("people", `{"name":"Babbage, Charles"}`)
	a.create("companies", `{"domains":["app.kew.org"],"name":"Kew","team":[{"target_object":"people",`+
		`"target_record_id":"`+ada+`"}]}`)
	ids = map[string]string{"ada": ada}
	for name, values := range map[string]string{
		"a": `{"code":"S-1","label":"Red Fern","serial":1,"amount":1.5,"verified":true,"price":10,` +
			`"collected_on":"2024-01-01",` +
			`"observed_at":"2024-01-01T10:00:00Z","quality":3,"state":"New","kind":"Plant","tags":["Rare","Fragile"],` +
			`"finder":"ada@mail.example.com",` +
			`"keeper":"noor@example.com","contact":"fern@x.com","website":"fern.co.uk","phone":"+442079460958","found_at":` +
			place + `}`,
		"b": `{"code":"s-2","label":"red fox","serial":2,"amount":-1,"price":20,"collected_on":"2024-02-01",` +
			`"observed_at":"2024-02-01T10:00:00Z",` +
			`"quality":5,"state":"Done","kind":"Animal","tags":["Rare"]}`,
		"c": `{"code":"S-3"}`,
	} {
		ids[name] = a.create("specimens", values)
	}
	return a, ids
}

func TestFilters(t *testing.T) {
	a, ids := menagerie(t, Options{})
	names := strings.NewReplacer("@ada", ids["ada"], "@noor", a.s.ws.members[1].ID, "@a", ids["a"], "@b", ids["b"],
		"@rare", a.s.ws.object("specimens").attribute("tags").options[0].id.String())
	for filter, want := range map[string]string{
		`{}`:                          "a b c",
		`{"label":"RED fern"}`:        "a",
		`{"label":{"$eq":"red fox"}}`: "b",
		`{"label":{"value":{"$contains":"RED"}}}`:                         "a b",
		`{"label":{"$starts_with":"red f"}}`:                              "a b",
		`{"label":{"$ends_with":"fox"}}`:                                  "b",
		`{"label":{"$in":["Red Fern","x"]}}`:                              "a",
		`{"code":"S-2"}`:                                                  "b",
		`{"code":{"$in":["s-1","S-2","S-9"]}}`:                            "a b",
		`{"serial":{"$in":[1]}}`:                                          "!",
		`{"serial":2}`:                                                    "b",
		`{"amount":{"$gt":-1}}`:                                           "a",
		`{"amount":{"$gte":-1,"$lt":1.5}}`:                                "b",
		`{"verified":true}`:                                               "a",
		`{"verified":false}`:                                              "b c",
		`{"price":{"currency_value":{"$lte":10}}}`:                        "a",
		`{"price":20}`:                                                    "b",
		`{"collected_on":{"$gte":"2024-01-15"}}`:                          "b",
		`{"observed_at":{"$lt":"2024-01-15T00:00:00Z"}}`:                  "a",
		`{"observed_at":"2024-01-01T10:00:00Z"}`:                          "a",
		`{"created_at":{"$gte":"2000-01-01T00:00:00Z"}}`:                  "a b c",
		`{"created_at":{"$lt":"2000-01-01T00:00:00Z"}}`:                   "",
		`{"quality":{"$gte":3}}`:                                          "a b",
		`{"state":"Done"}`:                                                "b",
		`{"state":{"status":{"$eq":"New"}}}`:                              "a",
		`{"state":{"active_from":{"$gte":"2000-01-01T00:00:00Z"}}}`:       "a b",
		`{"tags":"Rare"}`:                                                 "a b",
		`{"tags":{"option":"@rare"}}`:                                     "a b",
		`{"tags":"Fragile"}`:                                              "a",
		`{"finder":{"target_object":"people","target_record_id":"@ada"}}`: "a",
		`{"finder":{"target_record_id":{"$in":["@ada","@b"]}}}`:           "a",
		`{"finder":{"target_object":"companies"}}`:                        "",
		`{"keeper":{"referenced_actor_id":"@noor"}}`:                      "a",
		`{"keeper":{"referenced_actor_type":"workspace-member"}}`:         "a",
		`{"contact":{"email_domain":"x.com"}}`:                            "a",
		`{"contact":"FERN@x.com"}`:                                        "a",
		`{"website":{"root_domain":"fern.co.uk"}}`:                        "a",
		`{"website":{"$not_empty":true}}`:                                 "a",
		`{"$not":{"website":{"$not_empty":true}}}`:                        "b c",
		`{"phone":"442079460958"}`:                                        "a",
		`{"phone":{"phone_number":{"$starts_with":"+44"}}}`:               "a",
		`{"phone":"02079460958"}`:                                         "",
		`{"phone":{"country_code":"GB"}}`:                                 "a",
		`{"found_at":{"locality":{"$contains":"cuper"}}}`:                 "a",
		`{"found_at":{"country_code":"US"}}`:                              "a",
		`{"record_id":"@a"}`:                                              "a",
		`{"record_id":{"$in":["@a","@b"]}}`:                               "a b",
		`{"$or":[{"code":"S-1"},{"code":"S-3"}]}`:                         "a c",
		`{"$and":[{"tags":"Rare"},{"$not":{"tags":"Fragile"}}]}`:          "b",
		`{"tags":"Rare","kind":"Plant"}`:                                  "a",
		`{"$or":[{"code":"S-3"},{"label":{"$contains":"fox"}}]}`:          "b c",
		`{"path":[["specimens","finder"],["people","name"]],"constraints":{"full_name":"Ada Lovelace"}}`:          "a",
		`{"path":[["specimens","finder"],["people","company"],["companies","name"]],"constraints":{"$eq":"kew"}}`: "a",
		`{"path":[["specimens","finder"],["people","name"]],"constraints":{"first_name":{"$eq":"Charles"}}}`:      "",
	} {
		t.Run(filter, func(t *testing.T) {
			body := `{"filter":` + names.Replace(filter) + `}`
			if want == "!" { // numbers know no $in
				require.Equal(t, "invalid_filter_operator", a.query("specimens", body).at("code"))
				return
			}
			got := []string{}
			for _, name := range []string{"a", "b", "c"} {
				if slices.Contains(a.found("specimens", body), ids[name]) {
					got = append(got, name)
				}
			}
			require.Equal(t, want, strings.Join(got, " "))
		})
	}
}

func TestRefusedFilters(t *testing.T) {
	a, _ := menagerie(t, Options{})
	for _, c := range []struct{ filter, code, message, path string }{
		{`{"email":"x"}`, "unknown_filter_attribute_slug", "Unknown attribute slug: email.", "email"},
		{`{"$or":[{"code":"x"},{"email":"x"}]}`, "unknown_filter_attribute_slug", "Unknown attribute slug: email.",
			"$or 1 email"},
		{`{"id":"x"}`, "unknown_filter_attribute_slug", "Unknown attribute slug: id.", "id"},
		{`{"$not":{"$or":[{"code":"x"}]}}`, "unknown_filter_attribute_slug", "Unknown attribute slug: $or.", "$not $or"},
		{`{"$not":{"code":"x","label":"y"}}`, "filter_error", "Error in filter.", "$not"},
		{`{"tags":{"$in":["Rare"]}}`, "invalid_filter_operator", "Invalid operator: $in", "tags $in"},
		{`{"label":{"$not_empty":true}}`, "invalid_filter_operator", "Invalid operator: $not_empty", "label $not_empty"},
		{`{"contact":{"$not_empty":true}}`, "invalid_filter_operator", "Invalid operator: $not_empty", "contact $not_empty"},
		{`{"contact":{"$in":["a@x.com"]}}`, "invalid_filter_operator", "Invalid operator: $in", "contact $in"},
		{`{"label":{"$ne":"x"}}`, "invalid_filter_operator", "Invalid operator: $ne", "label $ne"},
		{`{"phone":{"original_phone_number":"x"}}`, "invalid_filter_field",
			"Invalid field 'original_phone_number' for attribute of type 'phone-number'", "phone original_phone_number"},
		{`{"keeper":{"name":"x"}}`, "invalid_filter_field", "Invalid field 'name' for attribute of type 'actor-reference'",
			"keeper name"},
		{`{"found_at":"x"}`, "missing_sort_field", "A field is required to filter by an attribute of type 'location'",
			"found_at"},
		{`{"finder":"x"}`, "missing_sort_field", "A field is required to filter by an attribute of type 'record-reference'",
			"finder"},
		{`{"finder":{"$contains":"x"}}`, "invalid_filter_operator", `Invalid operator "$contains"`, "finder $contains"},
		{`{"observed_at":1700000000}`, "filter_error", "Invalid timestamp value", "observed_at"},
		{`{"observed_at":"2024-01-01T12:00:00+02:00"}`, "filter_error", "Invalid timestamp value", "observed_at"},
		{`{"observed_at":{"$gte":"2024-01-01"}}`, "filter_error", "Invalid timestamp value", "observed_at $gte"},
		{`{"amount":"1"}`, "filter_error", "Error in filter.", "amount"},
		{`{"label":1}`, "filter_error", "Error in filter.", "label"},
		{`{"label":null}`, "filter_error", "Error in filter.", "label"},
		{`{"label":{}}`, "filter_error", "Error in filter.", "label"},
		{`{"record_id":"x"}`, "filter_error", "Error in filter.", "record_id"},
		{`{"$and":[]}`, "filter_error", "Error in filter.", "$and"},
		{`{"tags":"Nothing"}`, "value_not_found", `Cannot find select option with title "Nothing".`, "tags"},
		{`{"retired":"x"}`, "unknown_filter_attribute_slug", "Unknown attribute slug: retired.", "retired"},
		{`{"path":[["people","name"]],"constraints":{"full_name":"x"}}`, "filter_error", "Error in filter.", "path 0"},
		{`{"path":[["specimens","label"],["people","name"]],"constraints":{"full_name":"x"}}`, "filter_error",
			"Error in filter.", "path 0"},
		{`{"path":[["specimens","finder"],["people","nick"]],"constraints":{"full_name":"x"}}`,
			"unknown_filter_attribute_slug", "Unknown attribute slug: nick.", "path 1"},
	} {
		t.Run(c.filter, func(t *testing.T) {
			r := a.query("specimens", `{"filter":`+c.filter+`}`)
			require.Equal(t, 400, r.status, r.text)
			require.Equal(t, "invalid_request_error", r.at("type"))
			require.Equal(t, c.code, r.at("code"))
			require.Equal(t, c.message, r.at("message"))
			path, _ := r.at("path").([]any)
			require.Equal(t, c.path, strings.Trim(fmt.Sprint(path), "[]"), r.text)
		})
	}
}

func TestRefusedQueries(t *testing.T) {
	a, _ := menagerie(t, Options{})
	for body, code := range map[string]string{
		`{"limit":501}`:                     "validation_type",
		`{"limit":0}`:                       "validation_type",
		`{"limit":"5"}`:                     "validation_type",
		`{"limit":1.5}`:                     "validation_type",
		`{"offset":-1}`:                     "validation_type",
		`{"sorts":[{"attribute":"label"}]}`: "validation_type",
		`{"sorts":[{"direction":"asc"}]}`:   "validation_type",
		`{"sorts":{"direction":"asc"}}`:     "validation_type",
		`{"sorts":[{"attribute":"nick","direction":"asc"}]}`:                    "unknown_filter_attribute_slug",
		`{"sorts":[{"attribute":"contact","direction":"asc"}]}`:                 "missing_sort_field",
		`{"sorts":[{"attribute":"contact","field":"value","direction":"asc"}]}`: "invalid_filter_field",
		`{"sorts":[{"attribute":"label","direction":"up"}]}`:                    "validation_type",
	} {
		r := a.query("specimens", body)
		require.Equal(t, 400, r.status, body)
		require.Equal(t, code, r.at("code"), body+r.text)
	}
	r := a.query("nothing", `{}`)
	require.Equal(t, 404, r.status)
	require.Equal(t, "The referenced object was not found.", r.at("message"))
}

func TestSorts(t *testing.T) {
	for _, c := range []struct{ sorts, want string }{
		{`[{"attribute":"label","direction":"asc"}]`, "a b c"},
		{`[{"attribute":"label","direction":"desc"}]`, "c b a"},
		{`[{"attribute":"amount","direction":"asc"}]`, "b a c"},
		{`[{"attribute":"quality","direction":"desc"}]`, "c b a"},
		{`[{"attribute":"verified","direction":"asc"},{"attribute":"code","direction":"desc"}]`, "c b a"},
		{`[{"attribute":"contact","field":"email_address","direction":"asc"},{"attribute":"code","direction":"asc"}]`,
			"a b c"},
		{`[{"path":[["specimens","finder"],["people","name"]],"field":"last_name","direction":"asc"},{"attribute":"code",` +
			`"direction":"asc"}]`, "a b c"},
	} {
		a, ids := menagerie(t, Options{})
		var want []string
		for _, name := range strings.Fields(c.want) {
			want = append(want, ids[name])
		}
		r := a.query("specimens", `{"sorts":`+c.sorts+`}`)
		require.Equal(t, 200, r.status, r.text)
		require.Equal(t, want, a.found("specimens", `{"sorts":`+c.sorts+`}`), c.sorts)
		require.Equal(t, "57", r.header.Get("X-Attio-Record-Query-Score"), "36 · log2(3)")
	}
}

func TestPages(t *testing.T) {
	a := unlimited(t, Options{Readings: Readings{MaxQueryLimit: 600}})
	var want []string
	for i := range 1300 {
		want = append(want, a.create("specimens", fmt.Sprintf(`{"serial":%d}`, i)))
	}
	created := slices.Clone(want)
	slices.Sort(want)
	walk := func(query string, limit int) []string {
		var got []string
		for {
			ids := a.found("specimens", fmt.Sprintf(`{%s"limit":%d,"offset":%d}`, query, limit, len(got)))
			if len(ids) == 0 {
				return got
			}
			got = append(got, ids...)
		}
	}
	require.Equal(t, want, walk("", 600), "ascending record_id")
	require.Equal(t, want, walk(`"filter":{"serial":{"$gte":0}},`, 7))
	require.Equal(t, created, walk(`"sorts":[{"attribute":"serial","direction":"asc"}],`, 500))
	require.Len(t, a.found("specimens", `{}`), 500, "the default limit")
	require.Equal(t, "0", a.query("specimens", `{}`).header.Get("X-Attio-Record-Query-Score"))
	for i, id := range created[:900] {
		if i%2 == 0 {
			a.do("DELETE", "/v2/objects/specimens/records/"+id, "")
			want = slices.DeleteFunc(want, func(x string) bool { return x == id })
		}
	}
	require.Equal(t, want, walk("", 600))
	require.Equal(t, len(want), a.s.Count("specimens"))
}

func TestOrdersThatNothingPromises(t *testing.T) {
	const n = 40
	walk := func(o Options, query string) ([]string, *api) {
		a := unlimited(t, o)
		for range n {
			a.create("specimens", `{"label":"same"}`)
		}
		return a.found("specimens", query), a
	}
	byLabel := `{"sorts":[{"attribute":"label","direction":"asc"}]}`
	fixed, a := walk(Options{}, byLabel)
	require.Len(t, fixed, n)
	require.False(t, slices.IsSorted(fixed), "ties are not in the order of ids")
	require.Equal(t, fixed, a.found("specimens", byLabel), "but the same in every query")
	byID, _ := walk(Options{Readings: Readings{Ties: TiesByID}}, byLabel)
	require.True(t, slices.IsSorted(byID))
	first, a := walk(Options{Readings: Readings{Ties: TiesUnstable}}, byLabel)
	require.NotEqual(t, first, a.found("specimens", byLabel))
	shuffled, a := walk(Options{Readings: Readings{Order: Shuffled}}, `{}`)
	require.False(t, slices.IsSorted(shuffled))
	require.ElementsMatch(t, shuffled, a.found("specimens", `{}`))
}

func TestLimitSwitches(t *testing.T) {
	a := unlimited(t, Options{Readings: Readings{MaxQueryLimit: 2, ClampQueryLimit: true}})
	for range 3 {
		a.create("specimens", `{}`)
	}
	require.Len(t, a.found("specimens", `{"limit":500}`), 2)
}

// TestRecordJSON holds a whole record against the key order of recorded traffic.
func TestRecordJSON(t *testing.T) {
	a := unlimited(t, Options{})
	r := a.do("POST", "/v2/objects/workspaces/records", wrap(`{"workspace_id":"W","name":"Ünï <&>"}`))
	ws := a.s.ws
	id := r.at("data.id.record_id").(string)
	at := r.at("data.created_at").(string)
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}000000Z$`, at)
	actor := r.at("data.values.record_id.0.created_by_actor.id").(string)
	envelope := `{"active_from":"` + at + `","active_until":null,"created_by_actor":{"type":"api-token","id":"` + actor +
		`"},`
	text := func(v string) string { return `[` + envelope + `"value":` + v + `,"attribute_type":"text"}]` }
	require.Equal(t, `{"data":{"id":{"workspace_id":"`+ws.id.String()+`",`+
		`"object_id":"`+ws.object("workspaces").id.String()+
		`","record_id":"`+id+`"},"created_at":"`+at+`","web_url":"`+
		`https://app.attio.com/sandbox/workspaces/record/`+id+`","values":{`+
		`"record_id":`+text(`"`+id+`"`)+`,"workspace_id":`+text(`"W"`)+`,"name":`+text(`"Ünï <&>"`)+`,"users":[],`+
		`"company":[],"avatar_url":[],`+
		`"created_at":[`+envelope+`"value":"`+at+`","attribute_type":"timestamp"}],`+
		`"created_by":[`+envelope+`"referenced_actor_type":"api-token","referenced_actor_id":"`+actor+`",`+
		`"attribute_type":"actor-reference"}]}}}`, r.text)
	require.True(t, json.Valid([]byte(r.text)))
}

func TestFiltersOfTooManyValues(t *testing.T) {
	inOf := func(n int) string {
		return `{"record_id":{"$in":[` + strings.TrimSuffix(strings.Repeat(`"00000000-0000-4000-8000-000000000000",`, n),
			",") + `]}}`
	}
	two := `{"$or":[` + inOf(3) + `,` + inOf(2) + `]}`
	path := `{"path":[["specimens","finder"],["people","name"]],"constraints":{"first_name":"A","last_name":{"$eq":"B"}}}`
	for _, c := range []struct {
		name   string
		o      Options
		filter string
		want   int
	}{
		{"a hundred by default", Options{}, inOf(100), 200},
		{"and no more", Options{}, inOf(101), 400},
		{"no limit", Options{FilterValues: -1}, inOf(2000), 200},
		{"as many as allowed", Options{FilterValues: 5}, two, 200},
		{"one more", Options{FilterValues: 4}, two, 400},
		{"one $in", Options{FilterValues: 4}, inOf(5), 400},
		{"each $in by itself", Options{FilterValues: 3, Readings: Readings{ValuesPerIn: true}}, two, 200},
		{"each $in by itself, one too long", Options{FilterValues: 2, Readings: Readings{ValuesPerIn: true}}, two, 400},
		{"single values do not count by $in", Options{FilterValues: 1, Readings: Readings{ValuesPerIn: true}},
			`{"$or":[{"code":"a"},{"code":"b"}]}`, 200},
		{"steps of a path do not count", Options{FilterValues: 2}, path, 200},
		{"constraints of a path do", Options{FilterValues: 1}, path, 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := unlimited(t, c.o).query("specimens", `{"filter":`+c.filter+`}`)
			require.Equal(t, c.want, r.status, r.text)
			if c.want == 400 {
				require.Equal(t, "invalid_request_error", r.at("type"))
				require.Equal(t, "filter_error", r.at("code"))
				require.Contains(t, r.at("message"), "too many constraint values used")
			}
		})
	}
}

func TestFiltersOfUniqueAttributes(t *testing.T) {
	w := Standard()
	for _, o := range w.Objects {
		for i, a := range o.Attributes {
			if o.Slug == "specimens" && (a.Slug == "price" || a.Slug == "verified") {
				o.Attributes[i].Unique = true
			}
		}
	}
	a := unlimited(t, Options{Seed: w})
	yes := a.create("specimens", `{"price":20,"verified":true}`)
	no := a.create("specimens", `{"price":9.99,"verified":false}`)
	for filter, want := range map[string][]string{
		`{"price":20}`: {yes}, `{"price":{"currency_value":9.99}}`: {no}, `{"price":21}`: {},
		`{"verified":true}`: {yes}, `{"verified":{"value":false}}`: {no},
	} {
		require.Equal(t, want, a.found("specimens", `{"filter":`+filter+`}`), filter)
	}
}
