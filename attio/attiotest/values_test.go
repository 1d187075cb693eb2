package attiotest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const place = `{"line_1":"1 Infinite Loop","line_2":null,"line_3":null,"line_4":null,"locality":"Cupertino",` +
	`"region":"CA",` +
	`"postcode":"95014","country_code":"US","latitude":"37.3318","longitude":"-122.0312"}`

// TestAcceptedValues writes every form of a value that Attio takes and reads back the type's own keys.
func TestAcceptedValues(t *testing.T) {
	for _, c := range []struct{ object, slug, in, out string }{
		{"specimens", "label", `"A"`, `[{"value":"A"}]`},
		{"specimens", "label", `{"value":"A"}`, `[{"value":"A"}]`},
		{"specimens", "label", `["A"]`, `[{"value":"A"}]`},
		{"specimens", "label", `[{"value":" a\nb <&> \u2028 é "}]`, `[{"value":" a\nb <&> \u2028 é "}]`},
		{"specimens", "label", `[]`, `[]`},
		{"specimens", "amount", `17`, `[{"value":17}]`},
		{"specimens", "amount", `{"value":-0.1234}`, `[{"value":-0.1234}]`},
		{"specimens", "amount", `1.50000`, `[{"value":1.5}]`},
		{"specimens", "amount", `1e21`, `[{"value":1e21}]`},
		{"specimens", "amount", `123456789012`, `[{"value":123456789012}]`},
		{"specimens", "verified", `true`, `[{"value":true}]`},
		{"specimens", "verified", `"true"`, `[{"value":true}]`},
		{"specimens", "verified", `{"value":"false"}`, `[{"value":false}]`},
		{"specimens", "verified", `[]`, `[{"value":false}]`},
		{"specimens", "price", `9.99`, `[{"currency_code":"EUR","currency_value":9.99}]`},
		{"specimens", "price", `"9.99"`, `[{"currency_code":"EUR","currency_value":9.99}]`},
		{"specimens", "price", `{"currency_value":"399.00"}`, `[{"currency_code":"EUR","currency_value":399}]`},
		{"specimens", "price", `[{"currency_value":-1.0001}]`, `[{"currency_code":"EUR","currency_value":-1.0001}]`},
		{"specimens", "collected_on", `"2023"`, `[{"value":"2023-01-01"}]`},
		{"specimens", "collected_on", `"2023-02"`, `[{"value":"2023-02-01"}]`},
		{"specimens", "collected_on", `{"value":"2024-02-29"}`, `[{"value":"2024-02-29"}]`},
		{"specimens", "collected_on", `"2023-01-02T13:00"`, `[{"value":"2023-01-02"}]`},
		{"specimens", "collected_on", `"2023-01-02T15:00:00.000000000+02:00"`, `[{"value":"2023-01-02"}]`},
		{"specimens", "collected_on", `"2023-01-02T23:00:00-10:00"`, `[{"value":"2023-01-03"}]`},
		{"specimens", "collected_on", `"9999-12-31"`, `[{"value":"9999-12-31"}]`},
		{"specimens", "observed_at", `"2023"`, `[{"value":"2023-01-01T00:00:00.000000000Z"}]`},
		{"specimens", "observed_at", `"2023-01-02T13:00"`, `[{"value":"2023-01-02T13:00:00.000000000Z"}]`},
		{"specimens", "observed_at", `"2023-01-02T13:00:01.123456789"`, `[{"value":"2023-01-02T13:00:01.123456789Z"}]`},
		{"specimens", "observed_at", `{"value":"2023-01-02T13:00:00.5+02:00"}`,
			`[{"value":"2023-01-02T11:00:00.500000000Z"}]`},
		{"specimens", "observed_at", `"9999-12-31T23:59:59.999999999Z"`, `[{"value":"9999-12-31T23:59:59.999999999Z"}]`},
		{"specimens", "quality", `0`, `[{"value":0}]`},
		{"specimens", "quality", `{"value":5}`, `[{"value":5}]`},
		{"specimens", "kind", `"Plant"`, `[{"option.title":"Plant"}]`},
		{"specimens", "kind", `{"option":"Plant"}`, `[{"option.title":"Plant"}]`},
		{"specimens", "kind", `{"option":"$Plant"}`, `[{"option.title":"Plant"}]`},
		{"specimens", "kind", `"$Plant"`, `[{"option.title":"Plant"}]`},
		{"specimens", "kind", `["$Plant"]`, `[]`}, // taken, and ignored
		{"specimens", "tags", `["Rare","Red, dried","Rare"]`, `[{"option.title":"Rare"},{"option.title":"Red, dried"}]`},
		{"specimens", "tags", `["$Rare","Fragile"]`, `[{"option.title":"Fragile"}]`},
		{"specimens", "tags", `[{"option":"$Rare"}]`, `[{"option.title":"Rare"}]`},
		{"specimens", "state", `"In review"`, `[{"status.title":"In review"}]`},
		{"specimens", "state", `[{"status":"$Done"}]`, `[{"status.title":"Done"}]`},
		{"deals", "stage", `"Won 🎉"`, `[{"status.celebration_enabled":true}]`},
		{"specimens", "finder", `{"target_object":"people","target_record_id":"@ada"}`,
			`[{"target_object":"people","target_record_id":"@ada"}]`},
		{"specimens", "finder", `{"target_object":"people","email_addresses":[{"email_address":"ADA@example.com"}]}`,
			`[{"target_record_id":"@ada"}]`},
		{"specimens", "finder", `"ada@example.com"`, `[{"target_record_id":"@ada"}]`},
		{"specimens", "museums", `["kew.org"]`, `[{"target_object":"companies"}]`},
		{"specimens", "museums", `[{"target_object":"companies","domains":[{"domain":"kew.org"}]}]`,
			`[{"target_object":"companies"}]`},
		{"specimens", "related", `[{"target_object":"people","target_record_id":"@ada"},{"target_object":"companies",` +
			`"domains":[{"domain":"kew.org"}]}]`,
			`[{"target_object":"people"},{"target_object":"companies"}]`},
		{"specimens", "related", `[{"target_object":"specimens","code":[{"value":"S-1"}]}]`,
			`[{"target_object":"specimens"}]`},
		{"specimens", "keeper", `"noor@example.com"`, `[{"referenced_actor_type":"workspace-member"}]`},
		{"specimens", "keeper", `{"workspace_member_email_address":"noor@example.com"}`, `[{"referenced_actor_id":"@noor"}]`},
		{"specimens", "watchers", `[{"referenced_actor_type":"workspace-member","referenced_actor_id":"@noor"},` +
			`"sam@example.com"]`,
			`[{"referenced_actor_id":"@noor"},{"referenced_actor_type":"workspace-member"}]`},
		{"specimens", "found_at", place, `[` + place + `]`},
		{"specimens", "found_at", strings.Replace(place, `"37.3318"`, `"37.33181234567891"`, 1),
			`[{"latitude":"37.331812346"}]`},
		{"specimens", "website", `"App.Attio.com/x?y"`, `[{"domain":"app.attio.com","root_domain":"attio.com"}]`},
		{"specimens", "website", `{"domain":"www.bbc.co.uk"}`, `[{"domain":"www.bbc.co.uk","root_domain":"bbc.co.uk"}]`},
		{"specimens", "mirrors", `["a.org",{"domain":"b.org"},"A.org"]`, `[{"domain":"a.org"},{"domain":"b.org"}]`},
		{"specimens", "cc", `["Ada.L+x@Mail.Example.com",{"email_address":"o'neil@x.io"}]`,
			`[{"original_email_address":"Ada.L+x@Mail.Example.com","email_address":"ada.l+x@mail.example.com",` +
				`"email_domain":"mail.example.com",` +
				`"email_root_domain":"example.com","email_local_specifier":"ada.l+x"},{"email_address":"o'neil@x.io"}]`},
		{"specimens", "phone", `"+442079460958"`,
			`[{"original_phone_number":"+442079460958","country_code":"GB","phone_number":"+442079460958"}]`},
		{"specimens", "phone", `{"original_phone_number":"020 7946 0958","country_code":"GB"}`,
			`[{"original_phone_number":"020 7946 0958","country_code":"GB","phone_number":"+442079460958"}]`},
		{"specimens", "phone", `{"original_phone_number":"+1 (415) 555-2671","country_code":null}`,
			`[{"country_code":"US","phone_number":"+14155552671"}]`},
		{"specimens", "phones", `["+442079460958","+44 20 7946 0958"]`, `[{"phone_number":"+442079460958"}]`},
		{"people", "name", `"Lovelace, Ada"`, `[{"first_name":"Ada","last_name":"Lovelace","full_name":"Ada Lovelace"}]`},
		{"people", "name", `"Ada Lovelace"`, `[{"first_name":"Ada Lovelace","last_name":"","full_name":"Ada Lovelace"}]`},
		{"people", "name", `"Lovelace, Ada, Countess"`, `[{"first_name":"Ada, Countess","last_name":"Lovelace"}]`},
		{"people", "name", `[{"first_name":"A","last_name":"","full_name":"A"}]`,
			`[{"first_name":"A","last_name":"","full_name":"A"}]`},
		{"people", "company", `"kew.org"`, `[{"target_object":"companies"}]`},
		{"users", "workspace", `["W-1"]`, `[{"target_object":"workspaces"}]`},
		{"workspaces", "users", `["U-1"]`, `[{"target_object":"users"}]`},
	} {
		t.Run(c.object+" "+c.slug+" "+c.in, func(t *testing.T) {
			a, names := furnished(t, Options{})
			r := a.do("POST", "/v2/objects/"+c.object+"/records", wrap(needed(c.object, c.slug, names.Replace(c.in))))
			require.Equal(t, 200, r.status, r.text)
			var want []map[string]any
			require.NoError(t, json.Unmarshal([]byte(names.Replace(c.out)), &want))
			values := r.at("data.values." + c.slug).([]any)
			require.Len(t, values, len(want), r.at("data.values."+c.slug))
			requireDocumented(t, a.s.ws.object(c.object).attribute(c.slug).typ, names.Replace(c.in))
			for i, w := range want {
				one := response{tree: values[i].(map[string]any)}
				for k, v := range w {
					require.Equal(t, v, one.at(k), k)
				}
				require.Equal(t, "api-token", one.at("created_by_actor.type"))
				require.Equal(t, a.s.ws.object(c.object).attribute(c.slug).typ, one.at("attribute_type"))
			}
		})
	}
}

// requireDocumented holds what was taken in its full form against the official document. It says less than Attio's
// pages: that currency values and checkboxes may be strings, and how a reference by a unique attribute looks.
func requireDocumented(t *testing.T, typ, in string) {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal([]byte(in), &v))
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, el := range list {
		obj, ok := el.(map[string]any)
		if !ok || strings.Contains(in, `"399.00"`) || strings.Contains(in, `"false"`) ||
			typ == "record-reference" && obj["target_record_id"] == nil {
			continue
		}
		require.True(t, documented(typ, obj), "the document does not allow %v", obj)
	}
}

// furnished is a server with a record of each kind to refer to; the replacer knows their ids.
func furnished(t *testing.T, o Options) (*api, *strings.Replacer) {
	t.Helper()
	a := unlimited(t, o)
	ada := a.create("people", `{"email_addresses":["ada@example.com"]}`)
	a.create("companies", `{"domains":["kew.org"]}`)
	a.create("workspaces", `{"workspace_id":"W-1"}`)
	a.create("users", `{"user_id":"U-1","primary_email_address":"u1@example.com"}`)
	a.create("specimens", `{"code":"S-1","serial":1,"contact":"c1@example.com"}`)
	pairs := []string{"@ada", ada, "@noor", a.s.ws.members[1].ID}
	for _, slug := range []string{"kind", "tags", "state", "grade"} {
		for _, opt := range a.s.ws.object("specimens").attribute(slug).options {
			pairs = append(pairs, `"$`+opt.title+`"`, `"`+opt.id.String()+`"`)
		}
	}
	return a, strings.NewReplacer(pairs...)
}

// needed adds what the object requires beside the value under test.
func needed(object, slug, in string) string {
	required := map[string][][2]string{
		"users":      {{"user_id", `"U-9"`}, {"primary_email_address", `"u9@example.com"`}},
		"workspaces": {{"workspace_id", `"W-9"`}},
		"deals":      {{"name", `"D"`}, {"stage", `"Lead"`}, {"owner", `"sam@example.com"`}},
	}
	out := `{"` + slug + `":` + in
	for _, r := range required[object] {
		if r[0] != slug {
			out += `,"` + r[0] + `":` + r[1]
		}
	}
	return out + "}"
}

// TestRefusedValues writes what Attio refuses, and holds the answer against its words.
func TestRefusedValues(t *testing.T) {
	invalidValue := func(slug string) string {
		return `An invalid value was passed to attribute with slug "` + slug +
			`".`
	}
	for _, c := range []struct {
		object, slug, in, code, message string
		item                            string // code/path of the first validation error
	}{
		{"specimens", "label", `1`, "validation_type", invalidValue("label"), "invalid_type/value"},
		{"specimens", "label", `null`, "validation_type", invalidValue("label"), "invalid_type/"},
		{"specimens", "label", `""`, "validation_type", invalidValue("label"), "invalid/value"},
		{"specimens", "label", `"a\u0000b"`, "validation_type", invalidValue("label"), "invalid/value"},
		{"specimens", "label", `["a","b"]`, "validation_type", invalidValue("label"), "invalid/"},
		{"specimens", "label", `{"text":"a"}`, "validation_type", invalidValue("label"), "invalid_type/value"},
		{"specimens", "label", `{"value":"a","attribute_type":"text"}`, "validation_type", invalidValue("label"), "invalid/"},
		{"specimens", "label", `[["a"]]`, "validation_type", invalidValue("label"), "invalid_type/value"},
		{"specimens", "amount", `"17"`, "validation_type", invalidValue("amount"), "invalid_type/value"},
		{"specimens", "amount", `0.12345`, "validation_type", invalidValue("amount"), "invalid/value"},
		{"specimens", "amount", `1e-5`, "validation_type", invalidValue("amount"), "invalid/value"},
		{"specimens", "amount", `1e999`, "validation_type", invalidValue("amount"), "invalid/value"},
		{"specimens", "amount", `true`, "validation_type", invalidValue("amount"), "invalid_type/value"},
		{"specimens", "verified", `1`, "validation_type", invalidValue("verified"), "invalid_type/value"},
		{"specimens", "verified", `"TRUE"`, "validation_type", invalidValue("verified"), "invalid_type/value"},
		{"specimens", "verified", `null`, "validation_type", invalidValue("verified"), "invalid_type/"},
		{"specimens", "price", `"€9.99"`, "validation_type", invalidValue("price"), "invalid_type/currency_value"},
		{"specimens", "price", `"9,99"`, "validation_type", invalidValue("price"), "invalid_type/currency_value"},
		{"specimens", "price", `1.00001`, "validation_type", invalidValue("price"), "invalid/currency_value"},
		{"specimens", "price", `null`, "validation_type", invalidValue("price"), "invalid_type/"},
		{"specimens", "price", `{"currency_value":1,"currency_code":"EUR"}`, "validation_type", invalidValue("price"),
			"invalid/"},
		{"specimens", "collected_on", `"31/12/2024"`, "validation_type", invalidValue("collected_on"), "invalid/value"},
		{"specimens", "collected_on", `"Jan 5 2024"`, "validation_type", invalidValue("collected_on"), "invalid/value"},
		{"specimens", "collected_on", `"2023-02-29"`, "validation_type", invalidValue("collected_on"), "invalid/value"},
		{"specimens", "collected_on", `"2023-1-2"`, "validation_type", invalidValue("collected_on"), "invalid/value"},
		{"specimens", "collected_on", `"10000-01-01"`, "validation_type", invalidValue("collected_on"), "invalid/value"},
		{"specimens", "collected_on", `"9999-12-31T23:00:00-10:00"`, "validation_type", invalidValue("collected_on"),
			"invalid/value"},
		{"specimens", "collected_on", `45000`, "validation_type", invalidValue("collected_on"), "invalid_type/value"},
		{"specimens", "observed_at", `1700000000`, "validation_type", invalidValue("observed_at"), "invalid_type/value"},
		{"specimens", "observed_at", `"2023-01-02 13:00"`, "validation_type", invalidValue("observed_at"), "invalid/value"},
		{"specimens", "observed_at", `"2023-01-02T25:00"`, "validation_type", invalidValue("observed_at"), "invalid/value"},
		{"specimens", "observed_at", `"2023-01-02T13:00:00.1234567890Z"`, "validation_type", invalidValue("observed_at"),
			"invalid/value"},
		{"specimens", "quality", `6`, "validation_type", invalidValue("quality"), "invalid/value"},
		{"specimens", "quality", `-1`, "validation_type", invalidValue("quality"), "invalid/value"},
		{"specimens", "quality", `2.5`, "validation_type", invalidValue("quality"), "invalid/value"},
		{"specimens", "quality", `"3"`, "validation_type", invalidValue("quality"), "invalid_type/value"},
		{"specimens", "kind", `"plant"`, "value_not_found", `Cannot find select option with title "plant".`, ""},
		{"specimens", "kind", `""`, "validation_type", invalidValue("kind"), "invalid/option"},
		{"specimens", "kind", `{"title":"Plant"}`, "validation_type", invalidValue("kind"), "invalid_type/option"},
		{"specimens", "tags", `"Rare"`, "validation_type",
			"Multi-select attribute expects an array but received a single value", ""},
		{"specimens", "tags", `["Rare","New one"]`, "value_not_found", `Cannot find select option with title "New one".`, ""},
		{"specimens", "tags", `["Rare,Fragile"]`, "value_not_found", `Cannot find select option with title "Rare,Fragile".`,
			""},
		{"specimens", "state", `"Nowhere"`, "value_not_found", `Cannot find Status with title "Nowhere".`, ""},
		{"specimens", "state", `{"status_id":"New"}`, "validation_type", invalidValue("state"), "invalid_type/status"},
		{"specimens", "finder", `{"target_record_id":"@ada"}`, "validation_type",
			"Missing target_object on record reference value", ""},
		{"specimens", "finder", `{"target_object":"people","target_record_id":"ada"}`, "validation_type",
			invalidValue("finder"), "invalid/target_record_id"},
		{"specimens", "finder", `{"target_object":"people","target_record_id":"00000000-0000-4000-8000-000000000000"}`,
			"value_not_found",
			`Record with ID "00000000-0000-4000-8000-000000000000" not found.`, ""},
		{"specimens", "finder", `{"target_object":"companies","target_record_id":"@ada"}`, "validation_type",
			invalidValue("finder"), "invalid/target_object"},
		{"specimens", "finder", `{"target_object":"nothing","target_record_id":"@ada"}`, "value_not_found",
			`Object with slug/ID "nothing" not found.`, ""},
		{"specimens", "finder", `{"target_object":"people"}`, "validation_type", invalidValue("finder"), "invalid/"},
		{"specimens", "finder", `{"target_object":"people","name":[{"full_name":"Ada"}]}`,
			"matching_attribute_definition_not_unique",
			"The matching attribute specified is not a unique attribute.", ""},
		{"specimens", "finder", `{"target_object":"people","mail":[{"email_address":"ada@example.com"}]}`, "value_not_found",
			`Cannot find attribute with slug/ID "mail".`, ""},
		{"specimens", "finder", `{"target_object":"people","email_addresses":["ada@example.com"]}`, "validation_type",
			invalidValue("finder"), "invalid_type/email_addresses"},
		{"specimens", "finder", `{"target_object":"people","email_addresses":[{"email_address":"ada@example.com"},` +
			`{"email_address":"b@example.com"}]}`,
			"validation_type", invalidValue("finder"), "invalid/email_addresses"},
		{"specimens", "finder", `{"target_object":"people","email_addresses":[{"email_address":"nobody@example.com"}]}`,
			"value_not_found",
			`Could not find a record of object "people" by attribute with slug "email_addresses".`, ""},
		{"specimens", "finder", `"@ada"`, "validation_type",
			`An invalid value was passed to attribute with slug "email_addresses".`, "invalid/email_address"},
		{"specimens", "related", `["ada@example.com"]`, "validation_type",
			"Missing target_object on record reference value", ""},
		{"specimens", "keeper", `"nobody@example.com"`, "value_not_found",
			`Workspace member with email address "nobody@example.com" not found.`, ""},
		{"specimens", "keeper", `{"referenced_actor_type":"api-token","referenced_actor_id":"@noor"}`, "validation_type",
			invalidValue("keeper"), "invalid_option/referenced_actor_type"},
		{"specimens", "keeper", `{"referenced_actor_id":"@noor"}`, "validation_type", invalidValue("keeper"),
			"invalid_type/referenced_actor_type"},
		{"specimens", "found_at", `"1 Infinite Loop, Cupertino"`, "validation_type", invalidValue("found_at"),
			"invalid_type/"},
		{"specimens", "found_at", `{"locality":"Cupertino"}`, "validation_type", invalidValue("found_at"),
			"invalid_type/line_1"},
		{"specimens", "found_at", strings.Replace(place, `"37.3318"`, `37.3318`, 1), "validation_type",
			invalidValue("found_at"), "invalid_type/latitude"},
		{"specimens", "found_at", strings.Replace(place, `"37.3318"`, `"97.3318"`, 1), "validation_type",
			invalidValue("found_at"), "invalid/latitude"},
		{"specimens", "found_at", strings.Replace(place, `"-122.0312"`, `"180.5"`, 1), "validation_type",
			invalidValue("found_at"), "invalid/longitude"},
		{"specimens", "found_at", strings.Replace(place, `"US"`, `"USA"`, 1), "validation_type", invalidValue("found_at"),
			"invalid/country_code"},
		{"specimens", "found_at", strings.Replace(place, `{`, `{"city":"x",`, 1), "validation_type",
			invalidValue("found_at"), "invalid/"},
		{"specimens", "website", `"https://attio.com"`, "validation_type", invalidValue("website"), "invalid/domain"},
		{"specimens", "website", `"attio"`, "validation_type", invalidValue("website"), "invalid/domain"},
		{"specimens", "website", `"shop.example"`, "validation_type", invalidValue("website"), "invalid/domain"},
		{"specimens", "website", `"co.uk"`, "validation_type", invalidValue("website"), "invalid/domain"},
		{"specimens", "website", `"münchen.de"`, "validation_type", invalidValue("website"), "invalid/domain"},
		{"specimens", "website", `{"domain":"a.org","root_domain":"a.org"}`, "validation_type", invalidValue("website"),
			"invalid/"},
		{"companies", "domains", `"a.org"`, "validation_type",
			"Multi-select attribute expects an array but received a single value", ""},
		{"people", "email_addresses", `["ada@"]`, "validation_type", invalidValue("email_addresses"),
			"invalid/email_address"},
		{"people", "email_addresses", `["ada@x.test"]`, "validation_type", invalidValue("email_addresses"),
			"invalid/email_address"},
		{"people", "email_addresses", `["ada@x.invalid"]`, "validation_type", invalidValue("email_addresses"),
			"invalid/email_address"},
		{"people", "email_addresses", `["ada@x.example"]`, "validation_type", invalidValue("email_addresses"),
			"invalid/email_address"},
		{"people", "email_addresses", `["ada@localhost"]`, "validation_type", invalidValue("email_addresses"),
			"invalid/email_address"},
		{"people", "email_addresses", `[" ada@x.com"]`, "validation_type", invalidValue("email_addresses"),
			"invalid/email_address"},
		{"people", "email_addresses", `["a..b@x.com"]`, "validation_type", invalidValue("email_addresses"),
			"invalid/email_address"},
		{"people", "email_addresses", `["Ada <ada@x.com>"]`, "validation_type", invalidValue("email_addresses"),
			"invalid/email_address"},
		{"people", "email_addresses", `["good@x.com","bad"]`, "validation_type", invalidValue("email_addresses"),
			"invalid/email_address"},
		{"specimens", "phone", `"020 7946 0958"`, "validation_type", invalidValue("phone"), "invalid/original_phone_number"},
		{"specimens", "phone", `"+44123"`, "validation_type", invalidValue("phone"), "invalid/original_phone_number"},
		{"specimens", "phone", `"+14155552671 ext 5"`, "validation_type", invalidValue("phone"),
			"invalid/original_phone_number"},
		{"specimens", "phone", `{"phone_number":"+442079460958"}`, "validation_type", invalidValue("phone"),
			"invalid_type/original_phone_number"},
		{"specimens", "phone", `{"original_phone_number":"+442079460958","phone_number":"+442079460958"}`,
			"validation_type", invalidValue("phone"), "invalid/"},
		{"specimens", "phone", `{"original_phone_number":"+442079460958","country_code":"US"}`, "validation_type",
			invalidValue("phone"), "invalid/original_phone_number"},
		{"specimens", "phone", `{"original_phone_number":"020 7946 0958","country_code":"UK"}`, "validation_type",
			invalidValue("phone"), "invalid/country_code"},
		{"people", "name", `[{"value":"Ada"}]`, "validation_type", invalidValue("name"), "invalid_type/first_name"},
		{"people", "name", `{"first_name":"Ada","last_name":"L"}`, "validation_type", invalidValue("name"),
			"invalid_type/full_name"},
		{"people", "name", `{"first_name":"Ada","last_name":null,"full_name":"Ada"}`, "validation_type",
			invalidValue("name"), "invalid_type/last_name"},
		{"people", "last_interaction", `{}`, "validation_type",
			`Attribute with slug "last_interaction" is read-only and cannot be written.`, ""},
		{"people", "avatar_url", `"https://x.org/a.png"`, "validation_type",
			`Attribute with slug "avatar_url" is read-only and cannot be written.`, ""},
		{"people", "created_at", `"2023-01-01T00:00:00Z"`, "validation_type",
			`Attribute with slug "created_at" is read-only and cannot be written.`, ""},
		{"people", "record_id", `"x"`, "validation_type",
			`Attribute with slug "record_id" is read-only and cannot be written.`, ""},
		{"people", "nickname", `"x"`, "value_not_found", `Cannot find attribute with slug/ID "nickname".`, ""},
		{"specimens", "retired", `"x"`, "value_not_found", `Cannot find attribute with slug/ID "retired".`, ""},
	} {
		t.Run(c.object+" "+c.slug+" "+c.in, func(t *testing.T) {
			a, names := furnished(t, Options{})
			before := a.s.Count(c.object)
			r := a.do("POST", "/v2/objects/"+c.object+"/records", wrap(needed(c.object, c.slug, names.Replace(c.in))))
			require.Equal(t, 400, r.status, r.text)
			require.Equal(t, "invalid_request_error", r.at("type"))
			require.Equal(t, c.code, r.at("code"), r.text)
			require.Equal(t, names.Replace(c.message), r.at("message"))
			if c.item != "" {
				code, _ := r.at("validation_errors.0.code").(string)
				path, _ := r.at("validation_errors.0.path.0").(string)
				require.Equal(t, c.item, code+"/"+path, r.text)
			}
			require.Equal(t, before, a.s.Count(c.object), "nothing may be stored")
		})
	}
}
