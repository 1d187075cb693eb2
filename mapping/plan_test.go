package mapping

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping/flat"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
)

func row(cells ...string) *Row {
	r := &Row{Number: 1, Line: 2}
	for i, c := range cells {
		r.Cells = append(r.Cells, Cell{Text: c, Line: 2, Column: int32(1 + 10*i)})
	}
	return r
}

func bindHeaders(t testing.TB, object string, mode Mode, headers ...string) *Plan {
	t.Helper()
	p, err := Bind(nil, Input{Name: "users.csv", Columns: headers}, world.Schema(),
		BindOptions{Object: object, Mode: mode})
	require.NoError(t, err)
	return p
}

func TestHeadersToValuesToJSON(t *testing.T) {
	p := bindHeaders(t, "users", Create, "User ID", "PRIMARY e-mail address", "full_name.first_name",
		"Full name.last name", "plan", "workspace", "person", "Seats", "signed_up_at", "active", "notes")
	var rec Record
	errs := p.Values(row("u-1", " Ada@Example.com ", "Ada", "Lovelace", "professional", "acme; globex;acme",
		"ada@example.com", "12.50", "2024-07-14", "1", "a\r\nb "), &rec)
	require.Empty(t, errs)
	rec.Fields[4].Values[0].Ref.ID, rec.Fields[4].Values[1].Ref.ID = world.AdaID, world.BobID
	rec.Fields[5].Values[0].Ref.ID = world.AdaID
	require.JSONEq(t, `{"user_id":"u-1","primary_email_address":{"email_address":"Ada@Example.com"},
		"full_name":{"first_name":"Ada","last_name":"Lovelace","full_name":"Ada Lovelace"},`+
		`"plan":{"option":"`+world.ProID+`"},
		"workspace":[{"target_object":"workspaces","target_record_id":"`+world.AdaID+`"},
			{"target_object":"workspaces","target_record_id":"`+world.BobID+`"}],
		"person":{"target_object":"people","target_record_id":"`+world.AdaID+`"},
		"seats":12.5,"signed_up_at":"2024-07-14T00:00:00.000000000Z","active":true,"notes":"a\nb "}`,
		string(p.Encode(nil, rec.Fields)))
	require.Equal(t, []Key{{Attr: p.Object.Attribute("user_id"), Norm: "u-1", Text: "u-1"},
		{Attr: p.Object.Attribute("primary_email_address"), Norm: "ada@example.com", Text: "Ada@Example.com"}},
		p.Keys(nil, &rec))
}

// A plan is shared by goroutines, each with a record of its own; run with -race.
func TestPlanIsShared(t *testing.T) {
	p := bindHeaders(t, "users", Create, "user_id", "primary_email_address", "plan", "full_name", "workspace")
	f, err := flat.New(world.Schema(), "every", flat.Options{})
	require.NoError(t, err)
	bodies := make(chan string)
	for range 4 {
		go func() {
			var rec Record
			for range 50 {
				p.Values(row("u", "a@b.com", "free", "Ada King", "x;y"), &rec)
				f.Cells(nil, world.Everything(), nil, nil)
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
	require.Empty(t, p.Values(row("a", "Free;Professional", world.AdaID, "Ada King", "+442079460958"), &used))
	require.NotEmpty(t, p.Values(row("a", "Free;Nope", "x", "", "1"), &used))
	require.Empty(t, p.Values(row("", "", "people:"+world.BobID, "Bob", ""), &used))
	require.Empty(t, p.Values(row("", "", "people:"+world.BobID, "Bob", ""), &fresh))
	require.Equal(t, fresh.Fields, used.Fields)
}
