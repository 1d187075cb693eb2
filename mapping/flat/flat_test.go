package flat_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

func flatten(t testing.TB, o flat.Options) *flat.Flat {
	t.Helper()
	f, err := flat.New(world.Schema(), "every", o)
	require.NoError(t, err)
	return f
}

func TestFlatCells(t *testing.T) {
	f := flatten(t, flat.Options{})
	want := [][2]string{{"record_id", world.AdaID}, {"created_at", "2024-01-01T00:00:00.000000000Z"},
		{"web_url", "https://app.attio.com/w/every/record/" + world.AdaID}, {"text", "=a;b\\c\n\"d\""}, {"number", "-12.5"},
		{"checkbox", "true"},
		{"amount", "10000"}, {"amount.currency_code", "EUR"}, {"day", "2024-07-14"},
		{"at", "2024-07-14T10:00:00.000000000Z"}, {"stars", "0"}, {"stage", "Free"}, {"plan", "Professional"},
		{"tags", `a\;b\\c;Free`}, {"person", world.BobID},
		{"friends", "people:" + world.BobID + ";companies:" + world.AdaID}, {"owner", "workspace-member:" + world.MemberID},
		{"owners", "workspace-member:" + world.MemberID + ";system"}, {"place.line_1", "Via 1"}, {"place.line_2", ""},
		{"place.line_3", ""}, {"place.line_4", ""},
		{"place.locality", "Rome"}, {"place.region", ""}, {"place.postcode", "00100"}, {"place.country_code", "IT"},
		{"place.latitude", "41.9"}, {"place.longitude", "12.5"}, {"domain", "app.attio.com"}, {"domains", "a.com;b.com"},
		{"email", "Ada@B.com"}, {"emails", ""},
		{"phone", "+442079460958"}, {"phone.country_code", "GB"}, {"phones", "+442079460958;+80012345678"},
		{"phones.country_code", "GB;"}, {"full.first_name", "Ada"}, {"full.last_name", ""}, {"full.full_name", "Ada King"},
		{"met.interaction_type", "email"}, {"met.interacted_at", "2024-01-01T00:00:00Z"}, {"met.owner", "system"},
		{"created_by", "api-token:" + world.OtherID}}
	cells := f.Cells(nil, world.Everything(), nil, func(s string) { t.Fatal(s) })
	require.Len(t, cells, len(f.Header()))
	for i, w := range want {
		got := [2]string{f.Header()[i], cells[i]}
		require.Equal(t, w, got)
	}
	require.Len(t, cells, len(want))
	require.Empty(t, f.Targets(nil, world.Everything()))

	cells = flatten(t, flat.Options{Columns: []string{"text", "checkbox", "tags", "number"}, Spreadsheet: true}).Cells(
		nil, world.Everything(), nil, nil)
	require.Equal(t, []string{"'=a;b\\c\n\"d\"", "true", `a\;b\\c;Free`, "-12.5"}, cells)
	cells = flatten(t, flat.Options{Columns: []string{"text", "checkbox", "tags", "place.locality"}}).Cells(
		nil, world.Held(nil), nil, nil)
	require.Equal(t, []string{"", "false", "", ""}, cells)
}

func TestFlatJSON(t *testing.T) {
	f := flatten(t, flat.Options{Columns: []string{"record_id", "text", "number", "checkbox", "amount",
		"amount.currency_code",
		"stars", "tags", "person", "emails", "phones", "phones.country_code", "full", "place.region", "met.owner"}})
	line := f.AppendJSON([]byte("x"), world.Everything(), nil, func(s string) { t.Fatal(s) })
	require.Equal(t, `x{"record_id":"`+world.AdaID+`","text":"=a;b\\c\n\"d\"","number":-12.5,"checkbox":true,`+
		`"amount":10000,"amount.currency_code":"EUR","stars":0,"tags":["a;b\\c","Free"],"person":"`+world.BobID+
		`","emails":[],"phones":["+442079460958","+80012345678"],"phones.country_code":["GB",null],"full.first_name":"Ada",`+
		`"full.last_name":null,"full.full_name":"Ada King","place.region":null,"met.owner":"system"}`, string(line))
	line = f.AppendJSON(nil, world.Held(nil), nil, nil)
	require.Equal(t, `{"record_id":"`+world.AdaID+`","text":null,"number":null,"checkbox":false,"amount":null,`+
		`"amount.currency_code":null,"stars":null,"tags":[],"person":null,"emails":[],"phones":[],"phones.country_code":[],`+
		`"full.first_name":null,"full.last_name":null,"full.full_name":null,"place.region":null,"met.owner":null}`,
		string(line))
}

func TestFlatReferences(t *testing.T) {
	look := func(object, id string) (string, bool) {
		text, ok := map[string]string{"people" + world.BobID: "bob@b.com", "workspace-member" +
			world.MemberID: "grace@example.com"}[object+id]
		return text, ok
	}
	columns := []string{"person", "friends", "owner", "owners", "created_by"}
	var warned []string
	f := flatten(t, flat.Options{Columns: columns, References: flat.ByKey})
	for range 2 {
		cells := f.Cells(nil, world.Everything(), look, func(s string) { warned = append(warned, s) })
		require.Equal(t, []string{"bob@b.com", "people:bob@b.com;companies:" + world.AdaID, "grace@example.com",
			"grace@example.com;system", "api-token:" + world.OtherID}, cells)
	}
	require.Len(t, warned, 1, "told once")
	require.Contains(t, warned[0], "companies")
	targets := f.Targets(nil, world.Everything())
	require.Len(t, targets, 5)
	require.Equal(t, value.Ref{Object: "companies", ID: world.AdaID, Column: -1}, targets[2])
	require.Equal(t, value.Ref{Object: "workspace-member", ID: world.MemberID, Column: -1}, targets[3])

	f = flatten(t, flat.Options{References: flat.ByName})
	i := strings.Index(strings.Join(f.Header(), ","), "person,person.name,friends,friends.name,owner,owner.name")
	require.Positive(t, i)
	f = flatten(t, flat.Options{Columns: []string{"person.name", "friends.name", "person"}})
	require.Equal(t, []string{"bob@b.com", "bob@b.com;", world.BobID}, f.Cells(nil, world.Everything(), look, nil))
	require.Len(t, f.Targets(nil, world.Everything()), 3)
}

func TestFlatColumnsThatAreNot(t *testing.T) {
	_, err := flat.New(world.Schema(), "every",
		flat.Options{Columns: []string{"txt", "text", "text", "full", "full.first_name", "zzzz"}})
	require.EqualError(t, err,
		"--columns: every has no column \"txt\"; the nearest is \"text\"\n--columns: the column \"text\" stands "+
			"twice\n--columns: the column \"full.first_name\" stands twice\n--columns: every has no column \"zzzz\"")
	_, err = flat.New(world.Schema(), "evry", flat.Options{})
	require.EqualError(t, err, `--object: the workspace has no object "evry"; the nearest is "every"`)
}

func TestKindsThatAreNotKnown(t *testing.T) {
	s := world.Schema()
	every := s.Object("every")
	every.Attributes = append(
		every.Attributes, world.Attr("future", "Future", "hologram"),
		world.Attr("old", "Old", attio.TypeText, func(a *attio.Attribute) { a.Archived = true }))
	f, err := flat.New(s, "every", flat.Options{})
	require.NoError(t, err)
	require.NotContains(t, f.Header(), "old")
	f, err = flat.New(s, "every", flat.Options{Columns: []string{"future", "number", "full.first_name", "full.last_name"}})
	require.NoError(t, err)
	r := world.Held(map[string]string{"future": world.Val(`"rays":[1,2],"colour":"a;b"`),
		"number": world.Val(`"value":{"huge":1}`), "full": world.Val(`"alias":"x"`)})
	var warned []string
	warn := func(s string) { warned = append(warned, s) }
	require.Equal(t, []string{`{"rays":[1,2],"colour":"a;b"}`, `{"value":{"huge":1}}`, `{"alias":"x"}`, ""},
		f.Cells(nil, r, nil, warn))
	require.Len(t, warned, 3)
	line := f.AppendJSON(nil, r, nil, warn)
	require.Len(t, warned, 3)
	require.True(t, json.Valid(line))
	require.JSONEq(t, `{"future":{"rays":[1,2],"colour":"a;b"},"number":{"value":{"huge":1}},`+
		`"full.first_name":{"alias":"x"},"full.last_name":null}`, string(line))
}
