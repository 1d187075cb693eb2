package mapping

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
)

const (
	peopleID     = "0b1c77ca-9b81-47ba-8d2e-490c74901031"
	companiesID  = "74179437-bcdc-48d0-b401-e569a1278368"
	usersID      = "8d6e99d2-d498-4b18-9c8a-a2be9d6b36c3"
	workspacesID = "9d6e99d2-d498-4b18-9c8a-a2be9d6b36c4"
	everyID      = "ad6e99d2-d498-4b18-9c8a-a2be9d6b36c5"
	adaID        = "891dcbfc-9141-415d-9b2a-2238a6cc012d"
	bobID        = "991dcbfc-9141-415d-9b2a-2238a6cc012e"
	memberID     = "635cebb2-d0d3-4c03-8485-44354bdf4cb1"
	otherID      = "735cebb2-d0d3-4c03-8485-44354bdf4cb2"
	proID        = "4070f8a2-9141-415d-9b2a-2238a6cc0001"
	freeID       = "4070f8a2-9141-415d-9b2a-2238a6cc0002"
	oldID        = "4070f8a2-9141-415d-9b2a-2238a6cc0003"
)

func attr(slug, title string, t attio.Type) attio.Attribute {
	return attio.Attribute{ID: slug + "-id", Slug: slug, Title: title, Type: t, Writable: true}
}

func with(a attio.Attribute, change func(*attio.Attribute)) attio.Attribute {
	change(&a)
	return a
}

func unique(a *attio.Attribute)    { a.Unique = true }
func required(a *attio.Attribute)  { a.Required = true }
func multi(a *attio.Attribute)     { a.Multi = true }
func readOnly(a *attio.Attribute)  { a.Writable = false }
func uniqueKey(a *attio.Attribute) { a.Unique, a.Required = true, true }

func to(ids ...string) func(*attio.Attribute) {
	return func(a *attio.Attribute) { a.AllowedObjects = ids }
}

func plans(a *attio.Attribute) {
	a.Options = []attio.Option{{ID: proID, Title: "Professional"}, {ID: freeID, Title: "Free"}, {ID: oldID, Title: "Legacy", Archived: true}}
}

// standard wraps an object's own attributes in those that every object has.
func standard(own ...attio.Attribute) []attio.Attribute {
	all := []attio.Attribute{{ID: "rid", Slug: "record_id", Title: "Record ID", Type: attio.TypeText, Unique: true}}
	return append(append(all, own...), with(attr("created_at", "Created at", attio.TypeTimestamp), readOnly), with(attr("created_by", "Created by", attio.TypeActorReference), readOnly))
}

// testSchema is a workspace with the standard objects and one with an attribute of every type, single and several.
func testSchema() *attio.Schema {
	tags := with(attr("tags", "Tags", attio.TypeSelect), func(a *attio.Attribute) { multi(a); plans(a) })
	return &attio.Schema{
		Members: []attio.Member{
			{ID: memberID, FirstName: "Grace", LastName: "Hopper", Email: "grace@example.com"},
			{ID: otherID, FirstName: "Grace", LastName: "Kelly", Email: "kelly@example.com"},
			{ID: "835cebb2-d0d3-4c03-8485-44354bdf4cb3", FirstName: "Alan", LastName: "Turing", Email: "alan@example.com"},
		},
		Objects: []attio.Object{
			{ID: peopleID, Slug: "people", Attributes: standard(attr("name", "Name", attio.TypePersonalName), with(attr("email_addresses", "Email addresses", attio.TypeEmailAddress), func(a *attio.Attribute) { unique(a); multi(a) }),
				with(attr("company", "Company", attio.TypeRecordReference), to(companiesID)), attr("job_title", "Job title", attio.TypeText))},
			{ID: companiesID, Slug: "companies", Attributes: standard(with(attr("domains", "Domains", attio.TypeDomain), func(a *attio.Attribute) { unique(a); multi(a) }), attr("name", "Name", attio.TypeText),
				attr("description", "Description", attio.TypeText), with(attr("team", "Team", attio.TypeRecordReference), func(a *attio.Attribute) { multi(a); to(peopleID)(a) }))},
			{ID: usersID, Slug: "users", Attributes: standard(with(attr("person", "Person", attio.TypeRecordReference), to(peopleID)), with(attr("primary_email_address", "Primary email address", attio.TypeEmailAddress), uniqueKey),
				with(attr("user_id", "User ID", attio.TypeText), uniqueKey), with(attr("workspace", "Workspace", attio.TypeRecordReference), func(a *attio.Attribute) { multi(a); to(workspacesID)(a) }),
				attr("full_name", "Full name", attio.TypePersonalName), with(attr("plan", "Plan", attio.TypeSelect), plans), attr("seats", "Seats", attio.TypeNumber), attr("signed_up_at", "Signed up", attio.TypeTimestamp),
				attr("notes", "Notes", attio.TypeText), attr("active", "Active", attio.TypeCheckbox))},
			{ID: workspacesID, Slug: "workspaces", Attributes: standard(with(attr("workspace_id", "Workspace ID", attio.TypeText), uniqueKey), attr("name", "Name", attio.TypeText))},
			{ID: everyID, Slug: "every", Attributes: standard(attr("text", "Text", attio.TypeText), attr("number", "Number", attio.TypeNumber), attr("checkbox", "Checkbox", attio.TypeCheckbox),
				with(attr("amount", "Amount", attio.TypeCurrency), func(a *attio.Attribute) { a.CurrencyCode = "EUR" }), attr("day", "Day", attio.TypeDate), attr("at", "At", attio.TypeTimestamp), attr("stars", "Stars", attio.TypeRating),
				with(attr("stage", "Stage", attio.TypeStatus), plans), with(attr("plan", "Plan", attio.TypeSelect), plans), tags, with(attr("person", "Person", attio.TypeRecordReference), to(peopleID)),
				with(attr("friends", "Friends", attio.TypeRecordReference), func(a *attio.Attribute) { multi(a); to(peopleID, companiesID)(a) }), attr("owner", "Owner", attio.TypeActorReference),
				with(attr("owners", "Owners", attio.TypeActorReference), multi), attr("place", "Place", attio.TypeLocation), attr("domain", "Domain", attio.TypeDomain), with(attr("domains", "Domains", attio.TypeDomain), multi),
				attr("email", "E-mail", attio.TypeEmailAddress), with(attr("emails", "E-mails", attio.TypeEmailAddress), multi), attr("phone", "Phone", attio.TypePhoneNumber), with(attr("phones", "Phones", attio.TypePhoneNumber), multi),
				attr("full", "Full", attio.TypePersonalName), with(attr("met", "Met", attio.TypeInteraction), readOnly))},
		},
	}
}

func row(cells ...string) *Row {
	r := &Row{Number: 1, Line: 2}
	for i, c := range cells {
		r.Cells = append(r.Cells, Cell{Text: c, Line: 2, Column: int32(1 + 10*i)})
	}
	return r
}

func bindHeaders(t testing.TB, object string, mode Mode, headers ...string) *Plan {
	t.Helper()
	p, err := Bind(nil, Input{Name: "users.csv", Columns: headers}, testSchema(), BindOptions{Object: object, Mode: mode})
	require.NoError(t, err)
	return p
}

func TestHeadersToValuesToJSON(t *testing.T) {
	p := bindHeaders(t, "users", Create, "User ID", "PRIMARY e-mail address", "full_name.first_name", "Full name.last name", "plan", "workspace", "person", "Seats", "signed_up_at", "active", "notes")
	var rec Record
	errs := p.Values(row("u-1", " Ada@Example.com ", "Ada", "Lovelace", "professional", "acme; globex;acme", "ada@example.com", "12.50", "2024-07-14", "1", "a\r\nb "), &rec)
	require.Empty(t, errs)
	rec.Fields[4].Values[0].Ref.ID, rec.Fields[4].Values[1].Ref.ID = adaID, bobID
	rec.Fields[5].Values[0].Ref.ID = adaID
	require.JSONEq(t, `{"user_id":"u-1","primary_email_address":{"email_address":"Ada@Example.com"},
		"full_name":{"first_name":"Ada","last_name":"Lovelace","full_name":"Ada Lovelace"},"plan":{"option":"`+proID+`"},
		"workspace":[{"target_object":"workspaces","target_record_id":"`+adaID+`"},{"target_object":"workspaces","target_record_id":"`+bobID+`"}],
		"person":{"target_object":"people","target_record_id":"`+adaID+`"},"seats":12.5,"signed_up_at":"2024-07-14T00:00:00.000000000Z","active":true,"notes":"a\nb "}`, string(p.Encode(nil, rec.Fields)))
	require.Equal(t, []Key{{Attr: p.Object.Attribute("user_id"), Norm: "u-1", Text: "u-1"}, {Attr: p.Object.Attribute("primary_email_address"), Norm: "ada@example.com", Text: "Ada@Example.com"}}, p.Keys(nil, &rec))
}

// A plan is shared by goroutines, each with a record of its own; run with -race.
func TestPlanIsShared(t *testing.T) {
	p := bindHeaders(t, "users", Create, "user_id", "primary_email_address", "plan", "full_name", "workspace")
	f, err := NewFlat(testSchema(), "every", FlatOptions{})
	require.NoError(t, err)
	bodies := make(chan string)
	for range 4 {
		go func() {
			var rec Record
			for range 50 {
				p.Values(row("u", "a@b.com", "free", "Ada King", "x;y"), &rec)
				f.Cells(nil, everything(), nil, nil)
			}
			bodies <- string(p.Encode(nil, rec.Fields))
		}()
	}
	first := <-bodies
	for range 3 {
		require.Equal(t, first, <-bodies)
	}
}

// Storage of one row that is used for the next must not carry anything over.
func TestRecordIsReused(t *testing.T) {
	p := bindHeaders(t, "every", Create, "text", "tags", "person", "full", "phone")
	var used, fresh Record
	require.Empty(t, p.Values(row("a", "Free;Professional", adaID, "Ada King", "+442079460958"), &used))
	require.NotEmpty(t, p.Values(row("a", "Free;Nope", "x", "", "1"), &used))
	require.Empty(t, p.Values(row("", "", "people:"+bobID, "Bob", ""), &used))
	require.Empty(t, p.Values(row("", "", "people:"+bobID, "Bob", ""), &fresh))
	require.Equal(t, fresh.Fields, used.Fields)
}
