package mapping

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
)

// held is a record whose values are given without their envelopes.
func held(values map[string]string) *attio.Record {
	r := &attio.Record{ID: adaID, CreatedAt: "2024-01-01T00:00:00.000000000Z", WebURL: "https://app.attio.com/w/every/record/" + adaID, Values: map[string]json.RawMessage{}}
	for slug, v := range values {
		r.Values[slug] = json.RawMessage(v)
	}
	return r
}

const envelope = `"active_from":"2026-05-09T21:43:08.480000000Z","active_until":null,"created_by_actor":{"type":"workspace-member","id":"` + memberID + `"},`

func val(members string) string { return `[{` + envelope + members + `,"attribute_type":"x"}]` }

func option(id, title string) string {
	return `{` + envelope + `"option":{"id":{"workspace_id":"w","option_id":"` + id + `"},"title":"` + title + `","is_archived":false}}`
}

func TestChange(t *testing.T) {
	for _, tt := range []struct {
		name      string
		column    Column
		cell      string
		had       string // the record's array of values
		send      string // "" where nothing is to be sent
		overwrite bool
		differ    string // Differences as JSON
	}{
		{"text the same", Column{Attribute: "text"}, "a\r\nb", val(`"value":"a\nb"`), "", false, `null`},
		{"text with another line break", Column{Attribute: "text"}, "a\nb", val(`"value":"a\r\nb"`), "", false, `null`},
		{"text in another case", Column{Attribute: "text"}, "A", val(`"value":"a"`), `"A"`, false, `[{"Slug":"text","File":"A","Attio":"a"}]`},
		{"text with an escape", Column{Attribute: "text"}, `a"b`, val(`"value":"a\"b"`), "", false, `null`},
		{"text not set", Column{Attribute: "text"}, "A", "[]", `"A"`, false, `[{"Slug":"text","File":"A","Attio":null}]`},
		{"number by value", Column{Attribute: "number"}, "12.50", val(`"value":12.5`), "", false, `null`},
		{"number as text", Column{Attribute: "number"}, "12.5", val(`"value":"12.50"`), "", false, `null`},
		{"number differs", Column{Attribute: "number"}, "13", val(`"value":12.5`), "13", false, `[{"Slug":"number","File":13,"Attio":12.5}]`},
		{"amount", Column{Attribute: "amount"}, "499", val(`"currency_value":"499.00","currency_code":"EUR"`), "", false, `null`},
		{"checkbox", Column{Attribute: "checkbox"}, "TRUE", val(`"value":true`), "", false, `null`},
		{"checkbox never set", Column{Attribute: "checkbox"}, "0", "[]", "", false, `null`},
		{"checkbox set for the first time", Column{Attribute: "checkbox"}, "1", "[]", "true", false, `[{"Slug":"checkbox","File":true,"Attio":false}]`},
		{"day", Column{Attribute: "day"}, "2024-07-14", val(`"value":"2024-07-14"`), "", false, `null`},
		{"instant", Column{Attribute: "at"}, "2024-07-14T12:00+02:00", val(`"value":"2024-07-14T10:00:00.000000000Z"`), "", false, `null`},
		{"email in another case", Column{Attribute: "email"}, "ADA@b.com", val(`"original_email_address":"Ada@B.com","email_address":"ada@b.com"`), "", false, `null`},
		{"domain", Column{Attribute: "domain"}, "https://A.com/x", val(`"domain":"a.com","root_domain":"a.com"`), "", false, `null`},
		{"phone", Column{Attribute: "phone"}, "+44 20 7946 0958", val(`"original_phone_number":"020 7946 0958","country_code":"GB","phone_number":"+442079460958"`), "", false, `null`},
		{"option by id", Column{Attribute: "plan"}, "professional", `[` + option(proID, "Renamed") + `]`, "", false, `null`},
		{"another option", Column{Attribute: "plan"}, "Free", `[` + option(proID, "Professional") + `]`, `{"option":"` + freeID + `"}`, false, `[{"Slug":"plan","File":"Free","Attio":"Professional"}]`},
		{"status", Column{Attribute: "stage"}, "Free", val(`"status":{"id":{"status_id":"` + freeID + `"},"title":"Free"}`), "", false, `null`},
		{"member", Column{Attribute: "owner"}, "grace hopper", val(`"referenced_actor_type":"workspace-member","referenced_actor_id":"` + memberID + `"`), "", false, `null`},
		{"member against the system", Column{Attribute: "owner"}, "Alan", val(`"referenced_actor_type":"system","referenced_actor_id":null`), `{"referenced_actor_type":"workspace-member","referenced_actor_id":"835cebb2-d0d3-4c03-8485-44354bdf4cb3"}`, false,
			`[{"Slug":"owner","File":"workspace-member:835cebb2-d0d3-4c03-8485-44354bdf4cb3","Attio":"system"}]`},
		{"reference", Column{Attribute: "person"}, bobID, val(`"target_object":"people","target_record_id":"` + bobID + `"`), "", false, `null`},
		{"blank is not compared", Column{Attribute: "text"}, "", val(`"value":"a"`), "", false, `null`},
		{"clear", Column{Attribute: "text", Blank: "clear"}, "", val(`"value":"a"`), `[]`, true, `[{"Slug":"text","File":null,"Attio":"a"}]`},
		{"clear what is clear", Column{Attribute: "text", Blank: "clear"}, "", `[]`, "", false, `null`},
		{"add nothing", Column{Attribute: "tags"}, "Free", `[` + option(freeID, "Free") + `]`, "", false, `null`},
		{"add nothing, the record has more", Column{Attribute: "tags"}, "Free", `[` + option(proID, "Professional") + `,` + option(freeID, "Free") + `]`, "", false, `[{"Slug":"tags","File":["Free"],"Attio":["Professional","Free"]}]`},
		{"add one", Column{Attribute: "tags"}, "Free;Professional", `[` + option(proID, "Professional") + `]`, `[{"option":"` + freeID + `"}]`, false, `[{"Slug":"tags","File":["Free","Professional"],"Attio":["Professional"]}]`},
		{"replace", Column{Attribute: "tags", Several: "replace"}, "Free", `[` + option(proID, "Professional") + `,` + option(freeID, "Free") + `]`, `[{"option":"` + freeID + `"}]`, true, `[{"Slug":"tags","File":["Free"],"Attio":["Professional","Free"]}]`},
		{"replace by the same in another order", Column{Attribute: "tags", Several: "replace"}, "Free;Professional", `[` + option(proID, "Professional") + `,` + option(freeID, "Free") + `]`, "", false, `null`},
		{"first name kept", Column{Attribute: "full.last_name"}, "King", val(`"first_name":"Ada","last_name":"Lovelace","full_name":"Ada Lovelace"`), `{"first_name":"Ada","last_name":"King","full_name":"Ada King"}`, false, `[{"Slug":"full.last_name","File":"King","Attio":"Lovelace"}]`},
		{"full name the same, divided otherwise", Column{Attribute: "full"}, "Mary Ann Smith", val(`"first_name":"Mary","last_name":"Ann Smith","full_name":"Mary Ann Smith"`), "", false, `null`},
		{"full name differs", Column{Attribute: "full"}, "Ada King", val(`"first_name":"Ada","last_name":"Lovelace","full_name":"Ada Lovelace"`), `{"first_name":"Ada","last_name":"King","full_name":"Ada King"}`, false, `[{"Slug":"full.full_name","File":"Ada King","Attio":"Ada Lovelace"}]`},
		{"name with blanks around", Column{Attribute: "full.first_name"}, "Ada", val(`"first_name":" Ada ","last_name":"","full_name":"Ada"`), "", false, `null`},
		{"name where there was none", Column{Attribute: "full"}, "Ada King", `[]`, `{"first_name":"Ada","last_name":"King","full_name":"Ada King"}`, false, `[{"Slug":"full.full_name","File":"Ada King","Attio":null}]`},
		{"last part cleared", Column{Attribute: "place.locality", Blank: "clear"}, "", val(`"line_1":null,"line_2":null,"line_3":null,"line_4":null,"locality":"Rome","region":null,"postcode":null,"country_code":null,"latitude":null,"longitude":null`), `[]`, true, `[{"Slug":"place.locality","File":null,"Attio":"Rome"}]`},
		{"parts of a place kept", Column{Attribute: "place.locality"}, "Milan", val(`"line_1":"Via 1","line_2":null,"line_3":null,"line_4":null,"locality":"Rome","region":null,"postcode":null,"country_code":"IT","latitude":"41.90","longitude":null`),
			`{"line_1":"Via 1","line_2":null,"line_3":null,"line_4":null,"locality":"Milan","region":null,"postcode":null,"country_code":"IT","latitude":"41.9","longitude":null}`, false, `[{"Slug":"place.locality","File":"Milan","Attio":"Rome"}]`},
		{"coordinates by value", Column{Attribute: "place.latitude"}, "41.9000", val(`"line_1":null,"locality":"Rome","latitude":"41.90","longitude":"12.5"`), "", false, `null`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, rec, errs := cellOf(t, tt.column, Cell{Text: tt.cell})
			require.Empty(t, errs)
			slug := "text"
			if len(rec.Fields) > 0 {
				slug = rec.Fields[0].Attr.Slug
			}
			c := p.Change(rec, held(map[string]string{slug: tt.had}))
			want := "{}"
			if tt.send != "" {
				want = `{"` + slug + `":` + tt.send + `}`
			}
			require.JSONEq(t, want, string(p.Encode(nil, c.Fields)))
			require.Equal(t, tt.overwrite, c.Overwrite)
			got, err := json.Marshal(c.Differences)
			require.NoError(t, err)
			require.JSONEq(t, tt.differ, string(got))
		})
	}
}

// With one attribute to clear, PUT replaces all that is sent: what is only added to must then be sent whole.
func TestChangeOverwritesWithFinalValues(t *testing.T) {
	f, err := Parse("m.yaml", []byte("version: 1\nobject: every\ncolumns: [{column: T, attribute: tags}, {column: E, attribute: emails}, {column: X, attribute: text, blank: clear}, {column: N, attribute: number}]\n"))
	require.NoError(t, err)
	p, err := Bind(f, Input{Columns: []string{"T", "E", "X", "N"}}, testSchema(), BindOptions{})
	require.NoError(t, err)
	var rec Record
	require.Empty(t, p.Values(row("Free", "a@b.com", "", "1"), &rec))
	c := p.Change(&rec, held(map[string]string{"tags": `[` + option(proID, "Professional") + `]`, "emails": val(`"email_address":"a@b.com","original_email_address":"a@b.com"`), "text": val(`"value":"x"`), "number": val(`"value":1`)}))
	require.True(t, c.Overwrite)
	require.JSONEq(t, `{"tags":[{"option":"`+freeID+`"},{"option":"`+proID+`"}],"text":[]}`, string(p.Encode(nil, c.Fields)))
	require.Len(t, rec.Fields[0].Values, 1, "the row's own values stay as they were")
}

// oddTag is an option in a shape that this version does not know.
const oddTag = `{"choice":{"id":"x"},"attribute_type":"select"}`

// What cannot be read cannot be put back, so no write may take it away: not one that clears it, and not a PUT that would leave it out.
func TestChangeKeepsValuesOfUnknownShape(t *testing.T) {
	for _, tt := range []struct {
		name, columns string
		cells         []string
		held          map[string]string
		refused       string // the attribute; "" where the row is sent
		differ        string
	}{
		{"added to", "{column: T, attribute: tags}", []string{"Free"}, map[string]string{"tags": `[` + oddTag + `]`}, "",
			`[{"Slug":"tags","File":["Free"],"Attio":[{"choice":{"id":"x"}}]}]`},
		{"added to beside a clear", "{column: T, attribute: tags}, {column: X, attribute: text, blank: clear}", []string{"Free", ""},
			map[string]string{"tags": `[` + oddTag + `]`, "text": val(`"value":"x"`)}, "tags",
			`[{"Slug":"tags","File":["Free"],"Attio":[{"choice":{"id":"x"}}]},{"Slug":"text","File":null,"Attio":"x"}]`},
		{"agrees beside a clear", "{column: T, attribute: tags}, {column: X, attribute: text, blank: clear}", []string{"Free", ""},
			map[string]string{"tags": `[` + option(freeID, "Free") + `,` + oddTag + `]`, "text": val(`"value":"x"`)}, "",
			`[{"Slug":"tags","File":["Free"],"Attio":["Free",{"choice":{"id":"x"}}]},{"Slug":"text","File":null,"Attio":"x"}]`},
		{"cleared", "{column: T, attribute: tags, blank: clear}", []string{""}, map[string]string{"tags": `[` + oddTag + `]`}, "tags",
			`[{"Slug":"tags","File":[],"Attio":[{"choice":{"id":"x"}}]}]`},
		{"replaced", "{column: T, attribute: tags, several: replace}", []string{"Free"},
			map[string]string{"tags": `[` + option(freeID, "Free") + `,` + oddTag + `]`}, "tags",
			`[{"Slug":"tags","File":["Free"],"Attio":["Free",{"choice":{"id":"x"}}]}]`},
		{"set", "{column: X, attribute: text}", []string{"a"}, map[string]string{"text": `[{"words":"b"}]`}, "text",
			`[{"Slug":"text","File":"a","Attio":{"words":"b"}}]`},
		{"a part of it", "{column: F, attribute: full.first_name}", []string{"Ada"}, map[string]string{"full": `[{"given":"Ada"}]`}, "full",
			`[{"Slug":"full","File":"Ada","Attio":{"given":"Ada"}}]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Parse("m.yaml", []byte("version: 1\nobject: every\ncolumns: ["+tt.columns+"]\n"))
			require.NoError(t, err)
			var in Input
			for _, c := range f.Columns {
				in.Columns = append(in.Columns, c.Column)
			}
			p, err := Bind(f, in, testSchema(), BindOptions{})
			require.NoError(t, err)
			var rec Record
			require.Empty(t, p.Values(row(tt.cells...), &rec))
			c := p.Change(&rec, held(tt.held))
			got, err := json.Marshal(c.Differences)
			require.NoError(t, err)
			require.JSONEq(t, tt.differ, string(got))
			if tt.refused == "" {
				require.Empty(t, c.Refused)
				return
			}
			require.Len(t, c.Refused, 1)
			require.Equal(t, "VAL008", c.Refused[0].Code)
			require.Contains(t, c.Refused[0].Message, tt.refused)
			for _, field := range c.Fields {
				require.NotEqual(t, tt.refused, field.Attr.Slug, "it is kept out of the write")
			}
		})
	}
}

func TestFieldOf(t *testing.T) {
	tags := testSchema().Object("every").Attribute("tags")
	f, err := FieldOf(tags, []byte(`[`+option(freeID, "Free")+`]`))
	require.NoError(t, err)
	require.Equal(t, Field{Attr: tags, Replace: true, Values: []Value{{ID: freeID, Text: "Free"}}}, f)
	for _, none := range []string{``, `null`, `[]`} {
		f, err = FieldOf(tags, []byte(none))
		require.NoError(t, err)
		require.Equal(t, Field{Attr: tags, Replace: true, Clear: true}, f, none)
	}
	for _, odd := range []string{`[` + oddTag + `]`, `[` + option(freeID, "Free") + `,` + oddTag + `]`, `{"option":"x"}`} {
		_, err = FieldOf(tags, []byte(odd))
		require.ErrorContains(t, err, "tags holds a value in a form that this version does not know", odd)
	}
	_, err = FieldOf(&attio.Attribute{Slug: "odd", Type: "hologram"}, []byte(`[{"value":1}]`))
	require.ErrorContains(t, err, "odd holds a value in a form that this version does not know")
}

func TestKeysOf(t *testing.T) {
	s := testSchema()
	every := s.Object("every")
	r := held(map[string]string{"emails": `[{"email_address":"a@b.com","original_email_address":"A@b.com"},{"email_address":"C@d.com"}]`, "text": val(`"value":"a\r\nB"`), "domains": `[{"domain":"X.com"}]`, "number": val(`"value":7.0`), "phone": val(`"phone_number":"+442079460958"`)})
	require.Equal(t, []string{"a@b.com", "c@d.com"}, KeysOf(nil, every.Attribute("emails"), r))
	require.Equal(t, []string{"first", "a\nB"}, KeysOf([]string{"first"}, every.Attribute("text"), r))
	require.Equal(t, []string{"x.com"}, KeysOf(nil, every.Attribute("domains"), r))
	require.Equal(t, []string{"7"}, KeysOf(nil, every.Attribute("number"), r))
	require.Equal(t, []string{"+442079460958"}, KeysOf(nil, every.Attribute("phone"), r))
	require.Equal(t, []string{adaID}, KeysOf(nil, every.Attribute("record_id"), r))
	require.Empty(t, KeysOf(nil, every.Attribute("domain"), r))
}

func TestKeyFilter(t *testing.T) {
	every := testSchema().Object("every")
	for _, tt := range []struct {
		slug  string
		norms []string
		want  string
	}{
		{"text", []string{`a"b`}, `{"text":{"$in":["a\"b"]}}`},
		{"text", []string{"a", "b"}, `{"text":{"$in":["a","b"]}}`},
		{"record_id", []string{adaID, bobID}, `{"record_id":{"$in":["` + adaID + `","` + bobID + `"]}}`},
		{"emails", []string{"a@b.com"}, `{"emails":{"email_address":{"$eq":"a@b.com"}}}`},
		{"domains", []string{"a.com", "b.com"}, `{"$or":[{"domains":{"domain":{"$eq":"a.com"}}},{"domains":{"domain":{"$eq":"b.com"}}}]}`},
		{"phone", []string{"+442079460958"}, `{"phone":{"phone_number":{"$eq":"+442079460958"}}}`},
		{"number", []string{"7", "8.5"}, `{"$or":[{"number":{"value":{"$eq":7}}},{"number":{"value":{"$eq":8.5}}}]}`},
	} {
		require.JSONEq(t, tt.want, string(KeyFilter(every.Attribute(tt.slug), tt.norms)))
	}
	require.Nil(t, KeyFilter(every.Attribute("text"), nil))
}

func TestKeyAttribute(t *testing.T) {
	s := testSchema()
	for object, want := range map[string]string{"people": "email_addresses", "companies": "domains", "users": "user_id", "workspaces": "workspace_id"} {
		require.Equal(t, want, KeyAttribute(s.Object(object)).Slug)
	}
	require.Nil(t, KeyAttribute(s.Object("every")))
	two := &attio.Object{Slug: "deals", Attributes: []attio.Attribute{with(attr("a", "A", attio.TypeText), unique)}}
	require.Equal(t, "a", KeyAttribute(two).Slug)
	two.Attributes = append(two.Attributes, with(attr("b", "B", attio.TypeText), unique))
	require.Nil(t, KeyAttribute(two))
}
