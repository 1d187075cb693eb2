package attiotest

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestUniqueValues(t *testing.T) {
	const tail = " conflicts with one already in the system. This attribute has a uniqueness constraint. " +
		"Please ensure all values for this attribute do not exist on another record."
	for _, c := range []struct {
		name, slug, first, second string
		taken                     bool
	}{
		{"an e-mail in another case", "contact", `"Ada@X.com"`, `"ada@x.COM"`, true},
		{"a text in another case", "code", `"a"`, `"A"`, false},
		{"the same text", "code", `"a"`, `"a"`, true},
		{"a number written otherwise", "serial", `10`, `1e1`, true},
		{"another number", "serial", `10`, `11`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := unlimited(t, Options{})
			id := a.create("specimens", `{"`+c.slug+`":`+c.first+`}`)
			r := a.do("POST", "/v2/objects/specimens/records", wrap(`{"`+c.slug+`":`+c.second+`}`))
			if !c.taken {
				require.Equal(t, 200, r.status, r.text)
				return
			}
			require.Equal(t, 400, r.status)
			require.Equal(t, "uniqueness_conflict", r.at("code"))
			require.Equal(t, `A value provided for attribute with slug "`+c.slug+`"`+tail+" Conflicting record IDs: "+id,
				r.at("message"))
			require.Equal(t, 1, a.s.Count("specimens"))
		})
	}

	t.Run("wordings", func(t *testing.T) {
		for words, want := range map[ConflictWording]string{
			WordingNoIDs:  `A value provided for attribute with slug "domains"` + tail,
			WordingOf2025: `The value "{\"domain\":\"x.com\"}" provided for attribute with ID "@"` + tail,
		} {
			a := unlimited(t, Options{Readings: Readings{Conflict: words}})
			a.create("companies", `{"domains":["x.com"]}`)
			r := a.do("POST", "/v2/objects/companies/records", wrap(`{"domains":["x.com"]}`))
			id := a.s.ws.object("companies").attribute("domains").id.String()
			require.Equal(t, strings.ReplaceAll(want, "@", id), r.at("message"))
		}
	})

	t.Run("on update, and freed by one", func(t *testing.T) {
		a := unlimited(t, Options{})
		one, two := a.create("people", `{"email_addresses":["a@x.com","b@x.com"]}`), a.create("people",
			`{"email_addresses":["c@x.com"]}`)
		path := "/v2/objects/people/records/"
		r := a.do("PATCH", path+two, wrap(`{"email_addresses":["B@x.com"],"job_title":"x"}`))
		require.Equal(t, "uniqueness_conflict", r.at("code"))
		require.Contains(t, r.at("message"), one)
		require.Empty(t, a.do("GET", path+two, "").list("job_title", "value"), "nothing is stored on a conflict")
		require.Equal(t, 200, a.do("PATCH", path+one, wrap(`{"email_addresses":["A@x.com"]}`)).status,
			"its own value is none")
		require.Equal(t, 200, a.do("PUT", path+one, wrap(`{"email_addresses":["a@x.com"]}`)).status)
		require.Equal(t, 200, a.do("PATCH", path+two, wrap(`{"email_addresses":["b@x.com"]}`)).status)
		require.Equal(t, 200, a.do("DELETE", path+one, "").status)
		require.Equal(t, 200, a.do("PATCH", path+two, wrap(`{"email_addresses":["a@x.com"]}`)).status)
	})
}

func TestRequiredValues(t *testing.T) {
	a := unlimited(t, Options{})
	attrs := a.s.ws.object("deals")
	missing := func(slug string) string {
		return `Required value for attribute with ID "` + attrs.attribute(slug).id.String() + `" was not provided.`
	}
	for in, slug := range map[string]string{
		`{}`:                                     "name",
		`{"name":"D"}`:                           "stage",
		`{"name":"D","stage":"Lead"}`:            "owner",
		`{"name":[],"stage":"Lead"}`:             "name",
		`{"owner":"sam@example.com"}`:            "name",
		`{"stage":"Lead","name":"x","owner":[]}`: "owner",
	} {
		r := a.do("POST", "/v2/objects/deals/records", wrap(in))
		require.Equal(t, 400, r.status, in)
		require.Equal(t, "missing_value", r.at("code"), in)
		require.Equal(t, missing(slug), r.at("message"), in)
	}
	id := a.create("deals", `{"name":"D","stage":"Lead","owner":"sam@example.com"}`)
	r := a.do("PUT", "/v2/objects/deals/records/"+id, wrap(`{"stage":[]}`))
	require.Equal(t, missing("stage"), r.at("message"))
	require.Equal(t, 200, a.do("PATCH", "/v2/objects/deals/records/"+id, wrap(`{"stage":[]}`)).status,
		"ignored, as on several values")
	require.Equal(t, 200, a.do("PUT", "/v2/objects/deals/records/"+id, wrap(`{"value":5}`)).status,
		"what is not sent stays")
}

func TestUpdatesOfSeveralValues(t *testing.T) {
	for _, c := range []struct{ name, method, in, want string }{
		{"patch puts new ones in front", "PATCH", `["On loan"]`, "On loan Rare Fragile"},
		{"patch keeps the order sent", "PATCH", `["Red, dried","On loan"]`, "Red, dried On loan Rare Fragile"},
		{"patch moves nothing", "PATCH", `["Fragile","On loan"]`, "On loan Rare Fragile"},
		{"patch ignores an empty list", "PATCH", `[]`, "Rare Fragile"},
		{"put replaces", "PUT", `["On loan","Rare"]`, "On loan Rare"},
		{"put clears", "PUT", `[]`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := unlimited(t, Options{})
			id := a.create("specimens", `{"tags":["Rare","Fragile"],"label":"x"}`)
			r := a.do(c.method, "/v2/objects/specimens/records/"+id, wrap(`{"tags":`+c.in+`}`))
			require.Equal(t, 200, r.status, r.text)
			var titles []string
			for i := range r.list("tags", "option") {
				titles = append(titles, r.at("data.values.tags."+string(rune('0'+i))+".option.title").(string))
			}
			require.Equal(t, c.want, strings.Join(titles, " "))
			require.Equal(t, []any{"x"}, r.list("label", "value"), "what is not sent stays")
		})
	}
	t.Run("single values", func(t *testing.T) {
		a := unlimited(t, Options{})
		path := "/v2/objects/specimens/records/" + a.create("specimens", `{"label":"x","verified":true}`)
		require.Equal(t, []any{"x"}, a.do("PATCH", path, wrap(`{"label":[]}`)).list("label", "value"))
		require.Equal(t, []any{"y"}, a.do("PATCH", path, wrap(`{"label":"y"}`)).list("label", "value"))
		r := a.do("PUT", path, wrap(`{"label":[],"verified":[]}`))
		require.Empty(t, r.list("label", "value"))
		require.Equal(t, []any{false}, r.list("verified", "value"), "a checkbox is never unset")
	})
}

func TestAssert(t *testing.T) {
	const people, byMail = "/v2/objects/people/records", "/v2/objects/people/records?matching_attribute=email_addresses"
	t.Run("creates, then updates", func(t *testing.T) {
		a := unlimited(t, Options{})
		r := a.do("PUT", byMail, wrap(`{"email_addresses":["a@x.com"],"phone_numbers":["+442079460958"]}`))
		require.Equal(t, 200, r.status, r.text)
		id := r.at("data.id.record_id").(string)
		require.Equal(t, uuid.Version(5), uuid.MustParse(id).Version())
		r = a.do("PUT", byMail, wrap(`{"email_addresses":["A@x.com","b@x.com"],"phone_numbers":["+442079460959"],`+
			`"job_title":"t"}`))
		require.Equal(t, id, r.at("data.id.record_id"))
		require.Equal(t, []any{"b@x.com", "a@x.com"}, r.list("email_addresses", "email_address"),
			"added to the matching attribute")
		require.Equal(t, []any{"+442079460959"}, r.list("phone_numbers", "phone_number"), "all others are replaced")
		r = a.do("PUT", byMail, wrap(`{"email_addresses":["a@x.com"],"phone_numbers":[],"job_title":[]}`))
		require.Empty(t, r.list("phone_numbers", "phone_number"))
		require.Empty(t, r.list("job_title", "value"))
		require.Equal(t, 1, a.s.Count("people"))
	})
	t.Run("created ones by POST have version 4", func(t *testing.T) {
		a := unlimited(t, Options{})
		require.Equal(t, uuid.Version(4), uuid.MustParse(a.create("people", `{}`)).Version())
	})
	t.Run("required only when it creates", func(t *testing.T) {
		a := unlimited(t, Options{})
		path := "/v2/objects/users/records?matching_attribute=user_id"
		require.Equal(t, "missing_value", a.do("PUT", path, wrap(`{"user_id":"1"}`)).at("code"))
		a.create("users", `{"user_id":"1","primary_email_address":"a@x.com"}`)
		require.Equal(t, 200, a.do("PUT", path, wrap(`{"user_id":"1"}`)).status)
	})
	t.Run("a value of another record", func(t *testing.T) {
		a := unlimited(t, Options{})
		a.create("users", `{"user_id":"1","primary_email_address":"a@x.com"}`)
		r := a.do("PUT", "/v2/objects/users/records?matching_attribute=user_id",
			wrap(`{"user_id":"2","primary_email_address":"A@x.com"}`))
		require.Equal(t, "uniqueness_conflict", r.at("code"))
	})
	t.Run("several match", func(t *testing.T) {
		for _, code := range []string{"", "uniqueness_conflict"} {
			a := unlimited(t, Options{Readings: Readings{MultiMatch: code}})
			a.create("people", `{"email_addresses":["a@x.com"]}`)
			a.create("people", `{"email_addresses":["b@x.com"]}`)
			r := a.do("PUT", byMail, wrap(`{"email_addresses":["a@x.com","b@x.com"]}`))
			require.Equal(t, 400, r.status)
			require.Equal(t, map[string]string{"": "multiple_match_results"}[code]+code, r.at("code"))
		}
	})
	for path, want := range map[string]string{
		people:                                             "validation_type",
		people + "?matching_attribute=name":                "matching_attribute_definition_not_unique",
		people + "?matching_attribute=record_id":           "matching_attribute_definition_not_unique",
		people + "?matching_attribute=nothing":             "value_not_found",
		people + "?matching_attribute=email_addresses&x=1": "validation_type",
		byMail: "missing_value",
	} {
		a := unlimited(t, Options{})
		r := a.do("PUT", path, wrap(`{"name":"x"}`))
		require.Equal(t, 400, r.status, path)
		require.Equal(t, want, r.at("code"), path)
	}
}

func TestRelationshipsKeepBothSides(t *testing.T) {
	a := unlimited(t, Options{})
	ada, bob := a.create("people", `{}`), a.create("people", `{}`)
	person := func(id string) string { return `{"target_object":"people","target_record_id":"` + id + `"}` }
	kew := a.create("companies", `{"domains":["kew.org"],"team":[`+person(ada)+`,`+person(bob)+`]}`)
	get := func(object, id, slug string) []any {
		return a.do("GET", "/v2/objects/"+object+"/records/"+id, "").list(slug, "target_record_id")
	}
	require.Equal(t, []any{kew}, get("people", ada, "company"))
	rbg := a.create("companies", `{"domains":["rbge.org.uk"]}`)
	a.do("PATCH", "/v2/objects/people/records/"+ada, wrap(`{"company":"rbge.org.uk"}`))
	require.Equal(t, []any{bob}, get("companies", kew, "team"), "a person has one company")
	require.Equal(t, []any{ada}, get("companies", rbg, "team"))
	a.do("PATCH", "/v2/objects/companies/records/"+kew, wrap(`{"team":[`+person(ada)+`]}`))
	require.Equal(t, []any{ada, bob}, get("companies", kew, "team"))
	require.Empty(t, get("companies", rbg, "team"))
	require.Equal(t, []any{kew}, get("people", ada, "company"))
	a.do("DELETE", "/v2/objects/people/records/"+ada, "")
	require.Equal(t, []any{bob}, get("companies", kew, "team"))
	a.do("DELETE", "/v2/objects/companies/records/"+kew, "")
	require.Empty(t, get("people", bob, "company"))
}

func TestOneSidedReferencesGoWithTheirTarget(t *testing.T) {
	a, names := furnished(t, Options{})
	id := a.create("specimens", names.Replace(`{"finder":"ada@example.com","related":[{"target_object":"people",`+
		`"target_record_id":"@ada"}]}`))
	a.do("DELETE", names.Replace("/v2/objects/people/records/@ada"), "")
	r := a.do("GET", "/v2/objects/specimens/records/"+id, "")
	require.Empty(t, r.at("data.values.finder"))
	require.Empty(t, r.at("data.values.related"))
}

func TestAValueSentAgainStaysTheSame(t *testing.T) {
	a := unlimited(t, Options{})
	id := a.create("specimens", `{"label":"x","quality":1}`)
	rec := a.s.ws.object("specimens").records[uuid.MustParse(id)]
	before := rec.values(a.s.ws.object("specimens").attribute("label"))[0].from
	a.s.o.ClockSkew += 3_000_000_000
	r := a.do("PATCH", "/v2/objects/specimens/records/"+id, wrap(`{"label":"x","quality":2}`))
	require.Equal(t, stamp(before), r.at("data.values.label.0.active_from"))
	require.NotEqual(t, stamp(before), r.at("data.values.quality.0.active_from"))
}

func TestBodiesThatAKinderReaderTakes(t *testing.T) {
	for _, body := range []string{
		`{"data":{"values":{"label":"a","label":"b"}}}`,
		`{"data":{"values":{"label":"a"}}} {}`,
		`{"data":{"values":{"label":"a"}},"x":1}`,
		`{"data":{"values":{"label":"a"},"x":1}}`,
		`{"data":{"label":"a"}}`,
		`{"values":{"label":"a"}}`,
		`{"data":{"values":[]}}`,
		`{"data":{"values":{"label":"a",}}}`,
		"{\"data\":{\"values\":{\"label\":\"\xff\"}}}",
		`[]`, `{}`, `null`, `x`,
	} {
		a := unlimited(t, Options{})
		r := a.do("POST", "/v2/objects/specimens/records", body)
		require.Equal(t, 400, r.status, body)
		require.Equal(t, "validation_type", r.at("code"), body)
		require.Equal(t, "Body payload validation error.", r.at("message"), body)
		require.Zero(t, a.s.Count("specimens"), body)
	}
	a := unlimited(t, Options{})
	id := a.s.ws.object("specimens").attribute("label").id.String()
	r := a.do("POST", "/v2/objects/specimens/records", wrap(`{"`+id+`":"by id"}`))
	require.Equal(t, []any{"by id"}, r.list("label", "value"))
	r = a.do("POST", "/v2/objects/specimens/records", wrap(`{"`+id+`":"a","label":"b"}`))
	require.Equal(t, 400, r.status, "the same attribute twice")
}
