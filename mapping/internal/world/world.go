package world

import (
	"encoding/json"

	"github.com/attio-bulk/attio-bulk/attio"
)

// The ids of the workspace.
const (
	PeopleID     = "0b1c77ca-9b81-47ba-8d2e-490c74901031"
	CompaniesID  = "74179437-bcdc-48d0-b401-e569a1278368"
	usersID      = "8d6e99d2-d498-4b18-9c8a-a2be9d6b36c3"
	workspacesID = "9d6e99d2-d498-4b18-9c8a-a2be9d6b36c4"
	EveryID      = "ad6e99d2-d498-4b18-9c8a-a2be9d6b36c5"
	AdaID        = "891dcbfc-9141-415d-9b2a-2238a6cc012d"
	BobID        = "991dcbfc-9141-415d-9b2a-2238a6cc012e"
	MemberID     = "635cebb2-d0d3-4c03-8485-44354bdf4cb1"
	OtherID      = "735cebb2-d0d3-4c03-8485-44354bdf4cb2"
	ProID        = "4070f8a2-9141-415d-9b2a-2238a6cc0001"
	FreeID       = "4070f8a2-9141-415d-9b2a-2238a6cc0002"
	OldID        = "4070f8a2-9141-415d-9b2a-2238a6cc0003"
)

// Attr is a writable attribute.
func Attr(slug, title string, t attio.Type) attio.Attribute {
	return attio.Attribute{ID: slug + "-id", Slug: slug, Title: title, Type: t, Writable: true}
}

// With is a changed copy of an attribute.
func With(a attio.Attribute, change func(*attio.Attribute)) attio.Attribute {
	change(&a)
	return a
}

// Unique makes an attribute unique.
func Unique(a *attio.Attribute) { a.Unique = true }

// Required makes an attribute required.
func Required(a *attio.Attribute) { a.Required = true }

// Multi makes an attribute hold several values.
func Multi(a *attio.Attribute)     { a.Multi = true }
func readOnly(a *attio.Attribute)  { a.Writable = false }
func uniqueKey(a *attio.Attribute) { a.Unique, a.Required = true, true }

// To says which objects a reference may point to.
func To(ids ...string) func(*attio.Attribute) {
	return func(a *attio.Attribute) { a.AllowedObjects = ids }
}

// Plans gives an attribute three options, one of them archived.
func Plans(a *attio.Attribute) {
	a.Options = []attio.Option{{ID: ProID, Title: "Professional"}, {ID: FreeID, Title: "Free"}, {ID: OldID, Title: "Legacy", Archived: true}}
}

// Standard wraps an object's own attributes in those that every object has.
func Standard(own ...attio.Attribute) []attio.Attribute {
	all := []attio.Attribute{{ID: "rid", Slug: "record_id", Title: "Record ID", Type: attio.TypeText, Unique: true}}
	return append(append(all, own...), With(Attr("created_at", "Created at", attio.TypeTimestamp), readOnly), With(Attr("created_by", "Created by", attio.TypeActorReference), readOnly))
}

// Schema is a workspace with the standard objects and one with an attribute of every type, single and several.
func Schema() *attio.Schema {
	tags := With(Attr("tags", "Tags", attio.TypeSelect), func(a *attio.Attribute) { Multi(a); Plans(a) })
	return &attio.Schema{
		Members: []attio.Member{
			{ID: MemberID, FirstName: "Grace", LastName: "Hopper", Email: "grace@example.com"},
			{ID: OtherID, FirstName: "Grace", LastName: "Kelly", Email: "kelly@example.com"},
			{ID: "835cebb2-d0d3-4c03-8485-44354bdf4cb3", FirstName: "Alan", LastName: "Turing", Email: "alan@example.com"},
		},
		Objects: []attio.Object{
			{ID: PeopleID, Slug: "people", Attributes: Standard(Attr("name", "Name", attio.TypePersonalName), With(Attr("email_addresses", "Email addresses", attio.TypeEmailAddress), func(a *attio.Attribute) { Unique(a); Multi(a) }),
				With(Attr("company", "Company", attio.TypeRecordReference), To(CompaniesID)), Attr("job_title", "Job title", attio.TypeText))},
			{ID: CompaniesID, Slug: "companies", Attributes: Standard(With(Attr("domains", "Domains", attio.TypeDomain), func(a *attio.Attribute) { Unique(a); Multi(a) }), Attr("name", "Name", attio.TypeText),
				Attr("description", "Description", attio.TypeText), With(Attr("team", "Team", attio.TypeRecordReference), func(a *attio.Attribute) { Multi(a); To(PeopleID)(a) }))},
			{ID: usersID, Slug: "users", Attributes: Standard(With(Attr("person", "Person", attio.TypeRecordReference), To(PeopleID)), With(Attr("primary_email_address", "Primary email address", attio.TypeEmailAddress), uniqueKey),
				With(Attr("user_id", "User ID", attio.TypeText), uniqueKey), With(Attr("workspace", "Workspace", attio.TypeRecordReference), func(a *attio.Attribute) { Multi(a); To(workspacesID)(a) }),
				Attr("full_name", "Full name", attio.TypePersonalName), With(Attr("plan", "Plan", attio.TypeSelect), Plans), Attr("seats", "Seats", attio.TypeNumber), Attr("signed_up_at", "Signed up", attio.TypeTimestamp),
				Attr("notes", "Notes", attio.TypeText), Attr("active", "Active", attio.TypeCheckbox))},
			{ID: workspacesID, Slug: "workspaces", Attributes: Standard(With(Attr("workspace_id", "Workspace ID", attio.TypeText), uniqueKey), Attr("name", "Name", attio.TypeText))},
			{ID: EveryID, Slug: "every", Attributes: Standard(Attr("text", "Text", attio.TypeText), Attr("number", "Number", attio.TypeNumber), Attr("checkbox", "Checkbox", attio.TypeCheckbox),
				With(Attr("amount", "Amount", attio.TypeCurrency), func(a *attio.Attribute) { a.CurrencyCode = "EUR" }), Attr("day", "Day", attio.TypeDate), Attr("at", "At", attio.TypeTimestamp), Attr("stars", "Stars", attio.TypeRating),
				With(Attr("stage", "Stage", attio.TypeStatus), Plans), With(Attr("plan", "Plan", attio.TypeSelect), Plans), tags, With(Attr("person", "Person", attio.TypeRecordReference), To(PeopleID)),
				With(Attr("friends", "Friends", attio.TypeRecordReference), func(a *attio.Attribute) { Multi(a); To(PeopleID, CompaniesID)(a) }), Attr("owner", "Owner", attio.TypeActorReference),
				With(Attr("owners", "Owners", attio.TypeActorReference), Multi), Attr("place", "Place", attio.TypeLocation), Attr("domain", "Domain", attio.TypeDomain), With(Attr("domains", "Domains", attio.TypeDomain), Multi),
				Attr("email", "E-mail", attio.TypeEmailAddress), With(Attr("emails", "E-mails", attio.TypeEmailAddress), Multi), Attr("phone", "Phone", attio.TypePhoneNumber), With(Attr("phones", "Phones", attio.TypePhoneNumber), Multi),
				Attr("full", "Full", attio.TypePersonalName), With(Attr("met", "Met", attio.TypeInteraction), readOnly))},
		},
	}
}

// Held is a record whose values are given without their envelopes.
func Held(values map[string]string) *attio.Record {
	r := &attio.Record{ID: AdaID, CreatedAt: "2024-01-01T00:00:00.000000000Z", WebURL: "https://app.attio.com/w/every/record/" + AdaID, Values: map[string]json.RawMessage{}}
	for slug, v := range values {
		r.Values[slug] = json.RawMessage(v)
	}
	return r
}

const envelope = `"active_from":"2026-05-09T21:43:08.480000000Z","active_until":null,"created_by_actor":{"type":"workspace-member","id":"` + MemberID + `"},`

// Val is a record's array of one value.
func Val(members string) string { return `[{` + envelope + members + `,"attribute_type":"x"}]` }

// Option is a value of a select attribute.
func Option(id, title string) string {
	return `{` + envelope + `"option":{"id":{"workspace_id":"w","option_id":"` + id + `"},"title":"` + title + `","is_archived":false}}`
}

// Everything is a record of object "every" with a value of each type.
func Everything() *attio.Record {
	member := `"referenced_actor_type":"workspace-member","referenced_actor_id":"` + MemberID + `"`
	return Held(map[string]string{
		"record_id": Val(`"value":"` + AdaID + `"`), "created_at": Val(`"value":"2023-12-31T23:59:00.000000000Z"`),
		"text": Val(`"value":"=a;b\\c\n\"d\""`), "number": Val(`"value":-12.50`), "checkbox": Val(`"value":true`), "amount": Val(`"currency_value":10000,"currency_code":"EUR"`),
		"day": Val(`"value":"2024-07-14"`), "at": Val(`"value":"2024-07-14T10:00:00.000000000Z"`), "stars": Val(`"value":0`),
		"stage": Val(`"status":{"id":{"status_id":"` + FreeID + `"},"title":"Free"}`), "plan": `[` + Option(ProID, "Professional") + `]`,
		"tags": `[` + Option(ProID, `a;b\\c`) + `,` + Option(FreeID, "Free") + `]`, "person": Val(`"target_object":"people","target_record_id":"` + BobID + `"`),
		"friends": `[{"target_object":"people","target_record_id":"` + BobID + `"},{"target_object":"companies","target_record_id":"` + AdaID + `"}]`,
		"owner":   Val(member), "owners": `[{` + member + `},{"referenced_actor_type":"system","referenced_actor_id":null}]`,
		"place":  Val(`"line_1":"Via 1","line_2":null,"line_3":null,"line_4":null,"locality":"Rome","region":null,"postcode":"00100","country_code":"IT","latitude":"41.9","longitude":"12.5"`),
		"domain": Val(`"domain":"app.attio.com","root_domain":"attio.com"`), "domains": `[{"domain":"a.com"},{"domain":"b.com"}]`,
		"email": Val(`"original_email_address":"Ada@B.com","email_address":"ada@b.com"`), "emails": `[]`,
		"phone": Val(`"original_phone_number":"020 7946 0958","country_code":"GB","phone_number":"+442079460958"`), "phones": `[{"phone_number":"+442079460958","country_code":"GB"},{"phone_number":"+80012345678","country_code":null}]`,
		"full": Val(`"first_name":"Ada","last_name":"","full_name":"Ada King"`), "met": Val(`"interaction_type":"email","interacted_at":"2024-01-01T00:00:00Z","owner_actor":{"type":"system","id":null}`),
		"created_by": Val(`"referenced_actor_type":"api-token","referenced_actor_id":"` + OtherID + `"`),
	})
}
