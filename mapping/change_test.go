package mapping

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

func TestChange(t *testing.T) {
	for _, tt := range []struct {
		name      string
		column    mapfile.Column
		cell      string
		had       string // the record's array of values
		send      string // "" where nothing is to be sent
		overwrite bool
		differ    string // Differences as JSON
	}{
		{"text the same", mapfile.Column{Attribute: "text"}, "a\r\nb", world.Val(`"value":"a\nb"`), "", false, `null`},
		{"text with another line break", mapfile.Column{Attribute: "text"}, "a\nb", world.Val(`"value":"a\r\nb"`), "", false,
			`null`},
		{"text in another case", mapfile.Column{Attribute: "text"}, "A", world.Val(`"value":"a"`), `"A"`, false,
			`[{"Slug":"text","File":"A","Attio":"a"}]`},
		{"text with an escape", mapfile.Column{Attribute: "text"}, `a"b`, world.Val(`"value":"a\"b"`), "", false, `null`},
		{"text not set", mapfile.Column{Attribute: "text"}, "A", "[]", `"A"`, false,
			`[{"Slug":"text","File":"A","Attio":null}]`},
		{"number by value", mapfile.Column{Attribute: "number"}, "12.50", world.Val(`"value":12.5`), "", false, `null`},
		{"number as text", mapfile.Column{Attribute: "number"}, "12.5", world.Val(`"value":"12.50"`), "", false, `null`},
		{"number differs", mapfile.Column{Attribute: "number"}, "13", world.Val(`"value":12.5`), "13", false,
			`[{"Slug":"number","File":13,"Attio":12.5}]`},
		{"amount", mapfile.Column{Attribute: "amount"}, "499", world.Val(`"currency_value":"499.00","currency_code":"EUR"`),
			"", false, `null`},
		{"checkbox", mapfile.Column{Attribute: "checkbox"}, "TRUE", world.Val(`"value":true`), "", false, `null`},
		{"checkbox never set", mapfile.Column{Attribute: "checkbox"}, "0", "[]", "", false, `null`},
		{"checkbox set for the first time", mapfile.Column{Attribute: "checkbox"}, "1", "[]", "true", false,
			`[{"Slug":"checkbox","File":true,"Attio":false}]`},
		{"day", mapfile.Column{Attribute: "day"}, "2024-07-14", world.Val(`"value":"2024-07-14"`), "", false, `null`},
		{"instant", mapfile.Column{Attribute: "at"}, "2024-07-14T12:00+02:00",
			world.Val(`"value":"2024-07-14T10:00:00.000000000Z"`), "", false, `null`},
		{"email in another case", mapfile.Column{Attribute: "email"}, "ADA@b.com",
			world.Val(`"original_email_address":"Ada@B.com","email_address":"ada@b.com"`), "", false, `null`},
		{"domain", mapfile.Column{Attribute: "domain"}, "https://A.com/x",
			world.Val(`"domain":"a.com","root_domain":"a.com"`), "", false, `null`},
		{"phone", mapfile.Column{Attribute: "phone"}, "+44 20 7946 0958",
			world.Val(`"original_phone_number":"020 7946 0958","country_code":"GB","phone_number":"+442079460958"`), "", false,
			`null`},
		{"option by id", mapfile.Column{Attribute: "plan"}, "professional", `[` + world.Option(world.ProID, "Renamed") + `]`,
			"", false, `null`},
		{"another option", mapfile.Column{Attribute: "plan"}, "Free", `[` + world.Option(world.ProID, "Professional") + `]`,
			`{"option":"` + world.FreeID + `"}`, false, `[{"Slug":"plan","File":"Free","Attio":"Professional"}]`},
		{"status", mapfile.Column{Attribute: "stage"}, "Free",
			world.Val(`"status":{"id":{"status_id":"` + world.FreeID + `"},"title":"Free"}`), "", false, `null`},
		{"member", mapfile.Column{Attribute: "owner"}, "grace hopper",
			world.Val(`"referenced_actor_type":"workspace-member","referenced_actor_id":"` + world.MemberID + `"`), "", false,
			`null`},
		{"member against the system", mapfile.Column{Attribute: "owner"}, "Alan",
			world.Val(`"referenced_actor_type":"system","referenced_actor_id":null`),
			`{"referenced_actor_type":"workspace-member","referenced_actor_id":"835cebb2-d0d3-4c03-8485-44354bdf4cb3"}`, false,
			`[{"Slug":"owner","File":"workspace-member:835cebb2-d0d3-4c03-8485-44354bdf4cb3","Attio":"system"}]`},
		{"reference", mapfile.Column{Attribute: "person"}, world.BobID,
			world.Val(`"target_object":"people","target_record_id":"` + world.BobID + `"`), "", false, `null`},
		{"blank is not compared", mapfile.Column{Attribute: "text"}, "", world.Val(`"value":"a"`), "", false, `null`},
		{"clear", mapfile.Column{Attribute: "text", Blank: "clear"}, "", world.Val(`"value":"a"`), `[]`, true,
			`[{"Slug":"text","File":null,"Attio":"a"}]`},
		{"clear what is clear", mapfile.Column{Attribute: "text", Blank: "clear"}, "", `[]`, "", false, `null`},
		{"add nothing", mapfile.Column{Attribute: "tags"}, "Free", `[` + world.Option(world.FreeID, "Free") + `]`, "", false,
			`null`},
		{"add nothing, the record has more", mapfile.Column{Attribute: "tags"}, "Free", `[` +
			world.Option(world.ProID, "Professional") + `,` + world.Option(world.FreeID, "Free") + `]`, "", false,
			`[{"Slug":"tags","File":["Free"],"Attio":["Professional","Free"]}]`},
		{"add one", mapfile.Column{Attribute: "tags"}, "Free;Professional", `[` + world.Option(world.ProID, "Professional") +
			`]`, `[{"option":"` + world.FreeID + `"}]`, false,
			`[{"Slug":"tags","File":["Free","Professional"],"Attio":["Professional"]}]`},
		{"replace", mapfile.Column{Attribute: "tags", Several: "replace"}, "Free", `[` +
			world.Option(world.ProID, "Professional") + `,` + world.Option(world.FreeID, "Free") + `]`, `[{"option":"` +
			world.FreeID + `"}]`, true, `[{"Slug":"tags","File":["Free"],"Attio":["Professional","Free"]}]`},
		{"replace by the same in another order", mapfile.Column{Attribute: "tags", Several: "replace"}, "Free;Professional",
			`[` + world.Option(world.ProID, "Professional") + `,` + world.Option(world.FreeID, "Free") + `]`, "", false, `null`},
		{"first name kept", mapfile.Column{Attribute: "full.last_name"}, "King",
			world.Val(`"first_name":"Ada","last_name":"Lovelace","full_name":"Ada Lovelace"`),
			`{"first_name":"Ada","last_name":"King","full_name":"Ada King"}`, false,
			`[{"Slug":"full.last_name","File":"King","Attio":"Lovelace"}]`},
		{"full name the same, divided otherwise", mapfile.Column{Attribute: "full"}, "Mary Ann Smith",
			world.Val(`"first_name":"Mary","last_name":"Ann Smith","full_name":"Mary Ann Smith"`), "", false, `null`},
		{"full name differs", mapfile.Column{Attribute: "full"}, "Ada King",
			world.Val(`"first_name":"Ada","last_name":"Lovelace","full_name":"Ada Lovelace"`),
			`{"first_name":"Ada","last_name":"King","full_name":"Ada King"}`, false,
			`[{"Slug":"full.full_name","File":"Ada King","Attio":"Ada Lovelace"}]`},
		{"name with blanks around", mapfile.Column{Attribute: "full.first_name"}, "Ada",
			world.Val(`"first_name":" Ada ","last_name":"","full_name":"Ada"`), "", false, `null`},
		{"name where there was none", mapfile.Column{Attribute: "full"}, "Ada King", `[]`,
			`{"first_name":"Ada","last_name":"King","full_name":"Ada King"}`, false,
			`[{"Slug":"full.full_name","File":"Ada King","Attio":null}]`},
		{"last part cleared", mapfile.Column{Attribute: "place.locality", Blank: "clear"}, "",
			world.Val(`"line_1":null,"line_2":null,"line_3":null,"line_4":null,"locality":"Rome","region":null,"postcode":null,` +
				`"country_code":null,"latitude":null,"longitude":null`), `[]`, true, `[{"Slug":"place.locality","File":null,` +
				`"Attio":"Rome"}]`},
		{"parts of a place kept", mapfile.Column{Attribute: "place.locality"}, "Milan",
			world.Val(`"line_1":"Via 1","line_2":null,"line_3":null,"line_4":null,"locality":"Rome","region":null,` +
				`"postcode":null,"country_code":"IT","latitude":"41.90","longitude":null`),
			`{"line_1":"Via 1","line_2":null,"line_3":null,"line_4":null,"locality":"Milan","region":null,"postcode":null,` +
				`"country_code":"IT","latitude":"41.9","longitude":null}`, false, `[{"Slug":"place.locality","File":"Milan",` +
				`"Attio":"Rome"}]`},
		{"coordinates by value", mapfile.Column{Attribute: "place.latitude"}, "41.9000",
			world.Val(`"line_1":null,"locality":"Rome","latitude":"41.90","longitude":"12.5"`), "", false, `null`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, rec, errs := cellOf(t, tt.column, Cell{Text: tt.cell})
			require.Empty(t, errs)
			slug := "text"
			if len(rec.Fields) > 0 {
				slug = rec.Fields[0].Attr.Slug
			}
			c := p.Change(rec, world.Held(map[string]string{slug: tt.had}))
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
	f, err := mapfile.Parse(
		"m.yaml", []byte("version: 1\nobject: every\ncolumns: [{column: T, attribute: tags}, {column: E, attribute: "+
			"emails}, {column: X, attribute: text, blank: clear}, {column: N, attribute: number}]\n"))
	require.NoError(t, err)
	p, err := Bind(f, Input{Columns: []string{"T", "E", "X", "N"}}, world.Schema(), BindOptions{})
	require.NoError(t, err)
	var rec Record
	require.Empty(t, p.Values(row("Free", "a@b.com", "", "1"), &rec))
	c := p.Change(&rec, world.Held(
		map[string]string{"tags": `[` + world.Option(world.ProID, "Professional") + `]`,
			"emails": world.Val(`"email_address":"a@b.com","original_email_address":"a@b.com"`),
			"text":   world.Val(`"value":"x"`),
			"number": world.Val(`"value":1`)}))
	require.True(t, c.Overwrite)
	require.JSONEq(t, `{"tags":[{"option":"`+world.FreeID+`"},{"option":"`+world.ProID+`"}],"text":[]}`,
		string(p.Encode(nil, c.Fields)))
	require.Len(t, rec.Fields[0].Values, 1, "the row's own values stay as they were")
}

// oddTag is an option in a shape that this version does not know.
const oddTag = `{"choice":{"id":"x"},"attribute_type":"select"}`

// What cannot be read cannot be put back, so no write may take it away: not one that clears it, and not a PUT that
// would leave it out.
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
		{"added to beside a clear", "{column: T, attribute: tags}, {column: X, attribute: text, blank: clear}",
			[]string{"Free", ""},
			map[string]string{"tags": `[` + oddTag + `]`, "text": world.Val(`"value":"x"`)}, "tags",
			`[{"Slug":"tags","File":["Free"],"Attio":[{"choice":{"id":"x"}}]},{"Slug":"text","File":null,"Attio":"x"}]`},
		{"agrees beside a clear", "{column: T, attribute: tags}, {column: X, attribute: text, blank: clear}",
			[]string{"Free", ""},
			map[string]string{"tags": `[` + world.Option(world.FreeID, "Free") + `,` + oddTag + `]`,
				"text": world.Val(`"value":"x"`)}, "",
			`[{"Slug":"tags","File":["Free"],"Attio":["Free",{"choice":{"id":"x"}}]},{"Slug":"text","File":null,"Attio":"x"}]`},
		{"cleared", "{column: T, attribute: tags, blank: clear}", []string{""},
			map[string]string{"tags": `[` + oddTag + `]`}, "tags",
			`[{"Slug":"tags","File":[],"Attio":[{"choice":{"id":"x"}}]}]`},
		{"replaced", "{column: T, attribute: tags, several: replace}", []string{"Free"},
			map[string]string{"tags": `[` + world.Option(world.FreeID, "Free") + `,` + oddTag + `]`}, "tags",
			`[{"Slug":"tags","File":["Free"],"Attio":["Free",{"choice":{"id":"x"}}]}]`},
		{"set", "{column: X, attribute: text}", []string{"a"}, map[string]string{"text": `[{"words":"b"}]`}, "text",
			`[{"Slug":"text","File":"a","Attio":{"words":"b"}}]`},
		{"a part of it", "{column: F, attribute: full.first_name}", []string{"Ada"},
			map[string]string{"full": `[{"given":"Ada"}]`}, "full",
			`[{"Slug":"full","File":"Ada","Attio":{"given":"Ada"}}]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := mapfile.Parse("m.yaml", []byte("version: 1\nobject: every\ncolumns: ["+tt.columns+"]\n"))
			require.NoError(t, err)
			var in Input
			for _, c := range f.Columns {
				in.Columns = append(in.Columns, c.Column)
			}
			p, err := Bind(f, in, world.Schema(), BindOptions{})
			require.NoError(t, err)
			var rec Record
			require.Empty(t, p.Values(row(tt.cells...), &rec))
			c := p.Change(&rec, world.Held(tt.held))
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
