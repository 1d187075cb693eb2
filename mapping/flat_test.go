package mapping

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// everything is a record of object "every" with a value of each type.
func everything() *attio.Record {
	member := `"referenced_actor_type":"workspace-member","referenced_actor_id":"` + memberID + `"`
	return held(map[string]string{
		"record_id": val(`"value":"` + adaID + `"`), "created_at": val(`"value":"2023-12-31T23:59:00.000000000Z"`),
		"text": val(`"value":"=a;b\\c\n\"d\""`), "number": val(`"value":-12.50`), "checkbox": val(`"value":true`), "amount": val(`"currency_value":10000,"currency_code":"EUR"`),
		"day": val(`"value":"2024-07-14"`), "at": val(`"value":"2024-07-14T10:00:00.000000000Z"`), "stars": val(`"value":0`),
		"stage": val(`"status":{"id":{"status_id":"` + freeID + `"},"title":"Free"}`), "plan": `[` + option(proID, "Professional") + `]`,
		"tags": `[` + option(proID, `a;b\\c`) + `,` + option(freeID, "Free") + `]`, "person": val(`"target_object":"people","target_record_id":"` + bobID + `"`),
		"friends": `[{"target_object":"people","target_record_id":"` + bobID + `"},{"target_object":"companies","target_record_id":"` + adaID + `"}]`,
		"owner":   val(member), "owners": `[{` + member + `},{"referenced_actor_type":"system","referenced_actor_id":null}]`,
		"place":  val(`"line_1":"Via 1","line_2":null,"line_3":null,"line_4":null,"locality":"Rome","region":null,"postcode":"00100","country_code":"IT","latitude":"41.9","longitude":"12.5"`),
		"domain": val(`"domain":"app.attio.com","root_domain":"attio.com"`), "domains": `[{"domain":"a.com"},{"domain":"b.com"}]`,
		"email": val(`"original_email_address":"Ada@B.com","email_address":"ada@b.com"`), "emails": `[]`,
		"phone": val(`"original_phone_number":"020 7946 0958","country_code":"GB","phone_number":"+442079460958"`), "phones": `[{"phone_number":"+442079460958","country_code":"GB"},{"phone_number":"+80012345678","country_code":null}]`,
		"full": val(`"first_name":"Ada","last_name":"","full_name":"Ada King"`), "met": val(`"interaction_type":"email","interacted_at":"2024-01-01T00:00:00Z","owner_actor":{"type":"system","id":null}`),
		"created_by": val(`"referenced_actor_type":"api-token","referenced_actor_id":"` + otherID + `"`),
	})
}

func flat(t testing.TB, o FlatOptions) *Flat {
	t.Helper()
	f, err := NewFlat(testSchema(), "every", o)
	require.NoError(t, err)
	return f
}

func TestFlatCells(t *testing.T) {
	f := flat(t, FlatOptions{})
	want := [][2]string{{"record_id", adaID}, {"created_at", "2024-01-01T00:00:00.000000000Z"}, {"web_url", "https://app.attio.com/w/every/record/" + adaID}, {"text", "=a;b\\c\n\"d\""}, {"number", "-12.5"}, {"checkbox", "true"},
		{"amount", "10000"}, {"amount.currency_code", "EUR"}, {"day", "2024-07-14"}, {"at", "2024-07-14T10:00:00.000000000Z"}, {"stars", "0"}, {"stage", "Free"}, {"plan", "Professional"}, {"tags", `a\;b\\c;Free`}, {"person", bobID},
		{"friends", "people:" + bobID + ";companies:" + adaID}, {"owner", "workspace-member:" + memberID}, {"owners", "workspace-member:" + memberID + ";system"}, {"place.line_1", "Via 1"}, {"place.line_2", ""}, {"place.line_3", ""}, {"place.line_4", ""},
		{"place.locality", "Rome"}, {"place.region", ""}, {"place.postcode", "00100"}, {"place.country_code", "IT"}, {"place.latitude", "41.9"}, {"place.longitude", "12.5"}, {"domain", "app.attio.com"}, {"domains", "a.com;b.com"}, {"email", "Ada@B.com"}, {"emails", ""},
		{"phone", "+442079460958"}, {"phone.country_code", "GB"}, {"phones", "+442079460958;+80012345678"}, {"phones.country_code", "GB;"}, {"full.first_name", "Ada"}, {"full.last_name", ""}, {"full.full_name", "Ada King"},
		{"met.interaction_type", "email"}, {"met.interacted_at", "2024-01-01T00:00:00Z"}, {"met.owner", "system"}, {"created_by", "api-token:" + otherID}}
	cells := f.Cells(nil, everything(), nil, func(s string) { t.Fatal(s) })
	require.Len(t, cells, len(f.Header()))
	for i, w := range want {
		got := [2]string{f.Header()[i], cells[i]}
		require.Equal(t, w, got)
	}
	require.Len(t, cells, len(want))
	require.Empty(t, f.Targets(nil, everything()))

	cells = flat(t, FlatOptions{Columns: []string{"text", "checkbox", "tags", "number"}, Spreadsheet: true}).Cells(nil, everything(), nil, nil)
	require.Equal(t, []string{"'=a;b\\c\n\"d\"", "true", `a\;b\\c;Free`, "-12.5"}, cells)
	cells = flat(t, FlatOptions{Columns: []string{"text", "checkbox", "tags", "place.locality"}}).Cells(nil, held(nil), nil, nil)
	require.Equal(t, []string{"", "false", "", ""}, cells)
}

func TestFlatJSON(t *testing.T) {
	f := flat(t, FlatOptions{Columns: []string{"record_id", "text", "number", "checkbox", "amount", "amount.currency_code", "stars", "tags", "person", "emails", "phones", "phones.country_code", "full", "place.region", "met.owner"}})
	line := f.AppendJSON([]byte("x"), everything(), nil, func(s string) { t.Fatal(s) })
	require.Equal(t, `x{"record_id":"`+adaID+`","text":"=a;b\\c\n\"d\"","number":-12.5,"checkbox":true,"amount":10000,"amount.currency_code":"EUR","stars":0,"tags":["a;b\\c","Free"],"person":"`+bobID+
		`","emails":[],"phones":["+442079460958","+80012345678"],"phones.country_code":["GB",null],"full.first_name":"Ada","full.last_name":null,"full.full_name":"Ada King","place.region":null,"met.owner":"system"}`, string(line))
	line = f.AppendJSON(nil, held(nil), nil, nil)
	require.Equal(t, `{"record_id":"`+adaID+`","text":null,"number":null,"checkbox":false,"amount":null,"amount.currency_code":null,"stars":null,"tags":[],"person":null,"emails":[],"phones":[],"phones.country_code":[],`+
		`"full.first_name":null,"full.last_name":null,"full.full_name":null,"place.region":null,"met.owner":null}`, string(line))
}

func TestFlatReferences(t *testing.T) {
	look := func(object, id string) (string, bool) {
		text, ok := map[string]string{"people" + bobID: "bob@b.com", "workspace-member" + memberID: "grace@example.com"}[object+id]
		return text, ok
	}
	columns := []string{"person", "friends", "owner", "owners", "created_by"}
	var warned []string
	f := flat(t, FlatOptions{Columns: columns, References: ByKey})
	for range 2 {
		cells := f.Cells(nil, everything(), look, func(s string) { warned = append(warned, s) })
		require.Equal(t, []string{"bob@b.com", "people:bob@b.com;companies:" + adaID, "grace@example.com", "grace@example.com;system", "api-token:" + otherID}, cells)
	}
	require.Len(t, warned, 1, "told once")
	require.Contains(t, warned[0], "companies")
	targets := f.Targets(nil, everything())
	require.Len(t, targets, 5)
	require.Equal(t, Ref{Object: "companies", ID: adaID, Column: -1}, targets[2])
	require.Equal(t, Ref{Object: "workspace-member", ID: memberID, Column: -1}, targets[3])

	f = flat(t, FlatOptions{References: ByName})
	i := strings.Index(strings.Join(f.Header(), ","), "person,person.name,friends,friends.name,owner,owner.name")
	require.Positive(t, i)
	f = flat(t, FlatOptions{Columns: []string{"person.name", "friends.name", "person"}})
	require.Equal(t, []string{"bob@b.com", "bob@b.com;", bobID}, f.Cells(nil, everything(), look, nil))
	require.Len(t, f.Targets(nil, everything()), 3)
}

func TestFlatColumnsThatAreNot(t *testing.T) {
	_, err := NewFlat(testSchema(), "every", FlatOptions{Columns: []string{"txt", "text", "text", "full", "full.first_name", "zzzz"}})
	require.EqualError(t, err, "--columns: every has no column \"txt\"; the nearest is \"text\"\n--columns: the column \"text\" stands twice\n--columns: the column \"full.first_name\" stands twice\n--columns: every has no column \"zzzz\"")
	_, err = NewFlat(testSchema(), "evry", FlatOptions{})
	require.EqualError(t, err, `--object: the workspace has no object "evry"; the nearest is "every"`)
}

func TestKindsThatAreNotKnown(t *testing.T) {
	s := testSchema()
	every := s.Object("every")
	every.Attributes = append(every.Attributes, attr("future", "Future", "hologram"), with(attr("old", "Old", attio.TypeText), func(a *attio.Attribute) { a.Archived = true }))
	f, err := NewFlat(s, "every", FlatOptions{})
	require.NoError(t, err)
	require.NotContains(t, f.Header(), "old")
	f, err = NewFlat(s, "every", FlatOptions{Columns: []string{"future", "number", "full.first_name", "full.last_name"}})
	require.NoError(t, err)
	r := held(map[string]string{"future": val(`"rays":[1,2],"colour":"a;b"`), "number": val(`"value":{"huge":1}`), "full": val(`"alias":"x"`)})
	var warned []string
	warn := func(s string) { warned = append(warned, s) }
	require.Equal(t, []string{`{"rays":[1,2],"colour":"a;b"}`, `{"value":{"huge":1}}`, `{"alias":"x"}`, ""}, f.Cells(nil, r, nil, warn))
	require.Len(t, warned, 3)
	line := f.AppendJSON(nil, r, nil, warn)
	require.Len(t, warned, 3)
	require.True(t, json.Valid(line))
	require.JSONEq(t, `{"future":{"rays":[1,2],"colour":"a;b"},"number":{"value":{"huge":1}},"full.first_name":{"alias":"x"},"full.last_name":null}`, string(line))

	f, err = NewFlat(s, "every", FlatOptions{})
	require.NoError(t, err)
	p, err := Bind(nil, Input{Name: "f.csv", Columns: f.Header()}, s, BindOptions{Object: "every", Mode: Update})
	require.NoError(t, err, "what export writes, import takes")
	require.Contains(t, p.Notes[0], "left out, since they cannot be written: ")
	require.Contains(t, p.Notes[0], ", future")
}

// What an export writes, an import reads back: nothing to change, in CSV cells as in JSON.
func TestFlatRoundTrip(t *testing.T) {
	r := everything()
	r.Values["tags"] = json.RawMessage(`[` + option(proID, "Professional") + `,` + option(freeID, "Free") + `]`)
	r.Values["owners"] = r.Values["owner"]
	r.Values["phones"] = json.RawMessage(`[{"phone_number":"+442079460958","country_code":"GB"},{"phone_number":"+12125550123","country_code":"US"}]`)
	for _, sheet := range []bool{false, true} {
		f := flat(t, FlatOptions{Spreadsheet: sheet})
		p, err := Bind(nil, Input{Name: "export.csv", Columns: f.Header(), Spreadsheet: sheet}, testSchema(), BindOptions{Object: "every", Mode: Update})
		require.NoError(t, err)
		var rec Record
		require.Empty(t, p.Values(row(f.Cells(nil, r, nil, nil)...), &rec))
		require.Equal(t, adaID, rec.ID)
		require.Len(t, rec.Fields, 21)
		c := p.Change(&rec, r)
		require.Empty(t, c.Differences)
		require.Empty(t, c.Fields)
	}

	f := flat(t, FlatOptions{})
	p := bindHeaders(t, "every", Update, f.Header()...)
	var line map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(f.AppendJSON(nil, r, nil, nil), &line))
	cells := &Row{Line: 1}
	for _, name := range f.Header() {
		cells.Cells = append(cells.Cells, jsonCell(line[name]))
	}
	var rec Record
	require.Empty(t, p.Values(cells, &rec))
	require.Len(t, rec.Fields, 21)
	require.Empty(t, p.Change(&rec, r).Differences)
}

// jsonCell is the cell that a JSON value makes.
func jsonCell(raw json.RawMessage) Cell {
	switch raw[0] {
	case '"':
		text, _ := rawjson.Unquote(raw)
		return Cell{Text: text}
	case 'n':
		return Cell{Kind: NullCell}
	case 't', 'f':
		return Cell{Text: string(raw), Kind: BoolCell}
	case '[', '{':
		return Cell{Text: string(raw), Kind: JSONCell}
	}
	return Cell{Text: string(raw), Kind: NumberCell}
}
