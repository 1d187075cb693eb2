package attiotest

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func slugs(r response) []string {
	var list []string
	for _, a := range r.tree["data"].([]any) {
		list = append(list, a.(map[string]any)["api_slug"].(string))
	}
	return list
}

func TestObjects(t *testing.T) {
	a := unlimited(t, Options{})
	r := a.do("GET", "/v2/objects", "")
	require.ElementsMatch(t, []string{"people", "companies", "deals", "users", "workspaces", "specimens"}, slugs(r))
	var ids []string
	for _, o := range r.tree["data"].([]any) {
		ids = append(ids, (response{tree: o.(map[string]any)}).at("id.object_id").(string))
	}
	require.True(t, slices.IsSorted(ids), "ascending object_id")
	require.Equal(t, 200, a.do("GET", "/v2/objects/"+ids[0], "").status)
	require.Equal(t, `Object with slug/ID "x" not found.`, a.do("GET", "/v2/objects/x", "").at("message"))
}

// TestStandardAttributes holds the built-in workspace against what is on record of Attio's own.
func TestStandardAttributes(t *testing.T) {
	a := unlimited(t, Options{})
	get := func(object, slug string) response { return a.do("GET", "/v2/objects/"+object+"/attributes/"+slug, "") }
	for _, c := range []struct {
		object, slug, typ                 string
		writable, required, unique, multi bool
	}{
		{"people", "record_id", "text", false, false, true, false},
		{"people", "name", "personal-name", true, false, false, false},
		{"people", "email_addresses", "email-address", true, false, true, true},
		{"people", "avatar_url", "text", false, false, false, false},
		{"people", "phone_numbers", "phone-number", true, false, false, true},
		{"people", "last_interaction", "interaction", false, false, false, false},
		{"companies", "domains", "domain", true, false, true, true},
		{"companies", "team", "record-reference", true, false, false, true},
		{"companies", "logo_url", "text", false, false, false, false},
		{"companies", "categories", "select", true, false, false, true},
		{"companies", "funding_raised_usd", "currency", true, false, false, false},
		{"deals", "stage", "status", true, true, false, false},
		{"deals", "owner", "actor-reference", true, true, false, false},
		{"deals", "name", "text", true, true, false, false},
		{"users", "user_id", "text", true, true, true, false},
		{"users", "primary_email_address", "email-address", true, true, true, false},
		{"workspaces", "workspace_id", "text", true, true, true, false},
		{"specimens", "created_by", "actor-reference", false, false, false, false},
	} {
		r := get(c.object, c.slug)
		require.Equal(t, c.typ, r.at("data.type"), c.slug)
		for key, want := range map[string]bool{"is_writable": c.writable, "is_required": c.required, "is_unique": c.unique,
			"is_multiselect": c.multi} {
			require.Equal(t, want, r.at("data."+key), "%s.%s %s", c.object, c.slug, key)
		}
	}
	r := get("companies", "team")
	require.Equal(t, "company", r.at("data.relationship.api_slug"))
	require.Equal(t, "people", r.at("data.relationship.object_slug"))
	require.Equal(t, a.s.ws.object("people").id.String(), r.at("data.config.record_reference.allowed_object_ids.0"))
	require.Nil(t, r.at("data.description"), "system attributes have none")
	require.Equal(t, "USD", get("companies", "funding_raised_usd").at("data.config.currency.default_currency_code"))
	require.Equal(t, "PT0S", get("people", "created_at").at("data.default_value.template"))
	require.Equal(t, "current-user", get("people", "created_by").at("data.default_value.template"))
	require.Empty(t, get("specimens", "label").at("data.description"), "custom ones have an empty text")
	grade := get("specimens", "grade")
	require.Equal(t, "static", grade.at("data.default_value.type"))
	require.Equal(t, a.s.ws.object("specimens").attribute("grade").options[1].id.String(),
		grade.at("data.default_value.template.0.option"))

	people := slugs(a.do("GET", "/v2/objects/people/attributes", ""))
	require.Equal(t, "record_id", people[0])
	require.Equal(t, []string{"created_at", "created_by"}, people[len(people)-2:])
	users := slugs(a.do("GET", "/v2/objects/users/attributes", ""))
	require.Equal(t, []string{"record_id", "person", "primary_email_address", "user_id", "workspace", "created_at",
		"created_by"}, users[:7])
	require.Equal(t, "full_name", users[7], "custom ones stand behind")
}

func TestAttributePages(t *testing.T) {
	a := unlimited(t, Options{})
	const path = "/v2/objects/specimens/attributes"
	all := slugs(a.do("GET", path, ""))
	require.NotContains(t, all, "retired")
	require.Contains(t, slugs(a.do("GET", path+"?show_archived=true", "")), "retired")
	require.Equal(t, true, a.do("GET", path+"/retired", "").at("data.is_archived"), "found alone")
	var paged []string
	for offset := 0; offset <= len(all); offset += 7 {
		paged = append(paged, slugs(a.do("GET", fmt.Sprintf("%s?limit=7&offset=%d", path, offset), ""))...)
	}
	require.Equal(t, all, paged)
	id := a.create("specimens", `{}`)
	require.Nil(t, a.do("GET", ask1+"/"+id, "").at("data.values.retired"), "an archived attribute has no key")
}

func TestOptionsAndStatuses(t *testing.T) {
	a := unlimited(t, Options{})
	const attrs = "/v2/objects/specimens/attributes"
	titles := func(path string) (list []string) {
		for _, o := range a.do("GET", path, "").tree["data"].([]any) {
			list = append(list, o.(map[string]any)["title"].(string))
		}
		return list
	}
	require.Equal(t, []string{"Plant", "Animal", "Mineral"}, titles(attrs+"/kind/options"))
	require.Empty(t, titles(attrs+"/state/options"), "a status has no options")
	categories := titles("/v2/objects/companies/attributes/categories/options")
	require.Equal(t, "SAAS", categories[len(categories)-2], "alphabetically, ignoring case")

	id := a.create("specimens", `{"tags":["Red, dried"],"state":"New"}`)
	r := a.do("PATCH", attrs+"/tags/options/"+url.PathEscape("Red, dried"),
		`{"data":{"title":"Dried/red","is_archived":true}}`)
	require.Equal(t, "Dried/red", r.at("data.title"))
	require.NotContains(t, titles(attrs+"/tags/options"), "Dried/red")
	require.Contains(t, titles(attrs+"/tags/options?show_archived=true"), "Dried/red")
	r = a.do("GET", ask1+"/"+id, "")
	require.Equal(t, "Dried/red", r.at("data.values.tags.0.option.title"), "records show the new title")
	require.Equal(t, true, r.at("data.values.tags.0.option.is_archived"))
	r = a.do("POST", attrs+"/tags/options", `{"data":{"title":"Dried/red"}}`)
	require.Equal(t, `There is already another select option with the title "Dried/red".`, r.at("message"),
		"archived ones keep their title")
	require.Equal(t, "value_not_found", a.do("POST", ask1, wrap(`{"tags":["Dried/red"]}`)).at("code"),
		"and cannot be written")
	require.Equal(t, "validation_type", a.do("PATCH", attrs+"/tags/options/Rare", `{"data":{}}`).at("code"))
	require.Equal(t, "validation_type", a.do("POST", attrs+"/tags/options", `{"data":{"title":""}}`).at("code"))
	require.Equal(t, "validation_type", a.do("POST", attrs+"/tags/options", `{"data":{}}`).at("code"))
	r = a.do("POST", attrs+"/state/statuses", `{"data":{"title":"Lost","target_time_in_status":"tomorrow"}}`)
	require.Equal(t, "validation_type", r.at("code"))

	made := a.do("POST", attrs+"/kind/options", `{"data":{"title":"Fungus"}}`).at("data.id.option_id").(string)
	require.Equal(t, []any{"x"}, a.do("POST", ask1, wrap(`{"kind":{"option":"`+made+`"},"label":"x"}`)).list("label",
		"value"))
}

func TestNewAttributes(t *testing.T) {
	a := unlimited(t, Options{})
	body := func(slug, typ, unique, config string) string {
		return fmt.Sprintf(`{"data":{"title":"T","description":null,"api_slug":%q,"type":%q,"is_required":false,`+
			`"is_unique":%s,"is_multiselect":false,"config":%s}}`,
			slug, typ, unique, config)
	}
	r := a.do("POST", "/v2/objects/deals/attributes", body("external_id", "text", "true", `{}`))
	require.Equal(t, 200, r.status, r.text)
	r = a.do("PUT", "/v2/objects/deals/records?matching_attribute=external_id",
		wrap(`{"external_id":"1","name":"D","stage":"Lead","owner":"sam@example.com"}`))
	require.Equal(t, 200, r.status, r.text)
	require.Equal(t, "Cannot set attribute as unique.", a.do("POST", "/v2/objects/people/attributes",
		body("external_id", "text", "true", `{}`)).at("message"))
	r = a.do("POST", "/v2/objects/deals/attributes", body("fee", "currency", "false",
		`{"currency":{"default_currency_code":"EUR","display_type":"symbol"}}`))
	require.Equal(t, "EUR", r.at("data.config.currency.default_currency_code"))
	r = a.do("POST", "/v2/objects/deals/attributes", body("agent", "record-reference", "false",
		`{"record_reference":{"allowed_objects":["people"]}}`))
	require.Equal(t, a.s.ws.object("people").id.String(), r.at("data.config.record_reference.allowed_object_ids.0"))
	r = a.do("POST", "/v2/objects/deals/attributes", `{"data":{"title":"T"}}`)
	require.Len(t, r.at("validation_errors"), 7, "missing keys are listed one by one: %s", r.text)
	r = a.do("PATCH", "/v2/objects/deals/attributes/external_id", `{"data":{"is_archived":true}}`)
	require.Equal(t, true, r.at("data.is_archived"))
	require.Equal(t, "slug_conflict", a.do("POST", "/v2/objects/deals/attributes", body("external_id", "text", "false",
		`{}`)).at("code"))
}
