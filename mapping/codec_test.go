package mapping

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// cellOf binds one column of object "every" and reads one cell.
func cellOf(t testing.TB, c mapfile.Column, cell Cell) (*Plan, *Record, []*CellError) {
	t.Helper()
	c.Column = "H"
	p, err := Bind(&mapfile.File{Object: "every", Columns: []mapfile.Column{c}},
		Input{Name: "f.csv", Columns: []string{"H"}}, world.Schema(), BindOptions{})
	require.NoError(t, err)
	cell.Line, cell.Column = 7, 3
	var rec Record
	errs := p.Values(&Row{Number: 6, Line: 7, Cells: []Cell{cell}}, &rec)
	return p, &rec, errs
}

func TestAcceptedCells(t *testing.T) {
	place := func(parts map[string]string) string {
		all := map[string]any{}
		for _, p := range value.Parts(attio.TypeLocation) {
			all[p] = nil
		}
		for k, v := range parts {
			all[k] = v
		}
		b, _ := json.Marshal(all)
		return string(b)
	}
	name := func(first, last, full string) string {
		b, _ := json.Marshal(map[string]string{"first_name": first, "last_name": last, "full_name": full})
		return string(b)
	}
	actor := func(id string) string {
		return `{"referenced_actor_type":"workspace-member","referenced_actor_id":"` + id + `"}`
	}
	phone := func(number, country string) string {
		return `{"original_phone_number":"` + number + `","country_code":"` + country + `"}`
	}
	ref := func(object, id string) string {
		return `{"target_object":"` + object + `","target_record_id":"` + id + `"}`
	}
	for _, tt := range []struct {
		column mapfile.Column
		cell   string
		want   string // what Encode writes for the attribute
	}{
		// text: anything, exactly, line breaks as LF
		{mapfile.Column{Attribute: "text"}, "a", `"a"`},
		{mapfile.Column{Attribute: "text"}, "  a\u00a0", `"  a\u00a0"`},
		{mapfile.Column{Attribute: "text"}, "a\r\nb\rc\nd", `"a\nb\nc\nd"`},
		{mapfile.Column{Attribute: "text"}, `a;b\;c`, `"a;b\\;c"`},
		{mapfile.Column{Attribute: "text"}, "007", `"007"`},
		{mapfile.Column{Attribute: "text", Transform: []mapfile.Transform{{Name: "trim"}, {Name: "upper"}}}, " ada ",
			`"ADA"`},
		{mapfile.Column{Attribute: "text", Transform: []mapfile.Transform{{Name: "title"}}}, "ada LOVELACE o'neil",
			`"Ada Lovelace O'neil"`},
		{mapfile.Column{Attribute: "text", Transform: []mapfile.Transform{{Name: "digits"}}}, "No. 4711-b", `"4711"`},
		{mapfile.Column{Attribute: "text", Transform: []mapfile.Transform{{Name: "e164"}}, Country: "GB"}, "020 7946 0958",
			`"+442079460958"`},
		{mapfile.Column{Attribute: "text",
			Transform: []mapfile.Transform{{Name: "regex", Find: `^Dr\.? (.*)`, Replace: "$1"}}}, "Dr. Ada", `"Ada"`},
		{mapfile.Column{Attribute: "text", Transform: []mapfile.Transform{{Name: "split", At: "/", Part: 2}}}, "a/b/c",
			`"b"`},
		{mapfile.Column{Attribute: "text", Transform: []mapfile.Transform{{Name: "split", At: "/", Part: -1}}}, "a/b/c",
			`"c"`},
		{mapfile.Column{Attribute: "text", Transform: []mapfile.Transform{{Name: "default", Text: "none"}}}, "", `"none"`},
		{mapfile.Column{Attribute: "text", Values: []mapfile.Pair{{Cell: "x", Value: "y"}}}, " x ", `"y"`},
		// number
		{mapfile.Column{Attribute: "number"}, "9", `9`},
		{mapfile.Column{Attribute: "number"}, "9.00", `9`},
		{mapfile.Column{Attribute: "number"}, "1312313123.1233", `1312313123.1233`},
		{mapfile.Column{Attribute: "number"}, " +007.50\u00a0", `7.5`},
		{mapfile.Column{Attribute: "number"}, "-0", `0`},
		{mapfile.Column{Attribute: "number"}, "-0.25", `-0.25`},
		{mapfile.Column{Attribute: "number"}, ".5", `0.5`},
		{mapfile.Column{Attribute: "number"}, "1.00000", `1`},
		{mapfile.Column{Attribute: "number"}, "9007199254740992", `9007199254740992`},
		{mapfile.Column{Attribute: "number", Decimal: ","}, "1234,5", `1234.5`},
		{mapfile.Column{Attribute: "number", Decimal: ",", Thousands: "."}, "-1.234.567,50", `-1234567.5`},
		{mapfile.Column{Attribute: "number", Decimal: ",", Thousands: "."}, "999", `999`},
		{mapfile.Column{Attribute: "number", Thousands: ","}, "1,234.5", `1234.5`},
		{mapfile.Column{Attribute: "number", Thousands: " "}, "1\u202f234\u00a0567", `1234567`},
		{mapfile.Column{Attribute: "number", Thousands: "'"}, "1'234", `1234`},
		// currency
		{mapfile.Column{Attribute: "amount"}, "9.99", `{"currency_value":9.99}`},
		{mapfile.Column{Attribute: "amount", Transform: []mapfile.Transform{{Name: "strip-currency"}}, Decimal: ",",
			Thousands: "."}, "1.234,50 €", `{"currency_value":1234.5}`},
		{mapfile.Column{Attribute: "number", Transform: []mapfile.Transform{{Name: "strip-currency"}}}, "USD 12",
			`12`},
		{mapfile.Column{Attribute: "number", Transform: []mapfile.Transform{{Name: "strip-currency"}}}, "USD100",
			`100`},
		{mapfile.Column{Attribute: "amount", Transform: []mapfile.Transform{{Name: "strip-currency"}}}, "100eur",
			`{"currency_value":100}`},
		{mapfile.Column{Attribute: "number", Transform: []mapfile.Transform{{Name: "strip-currency"}}}, "TWD 100",
			`100`},
		{mapfile.Column{Attribute: "number", Transform: []mapfile.Transform{{Name: "strip-currency"}}}, "NTD 100",
			`100`},
		{mapfile.Column{Attribute: "number", Transform: []mapfile.Transform{{Name: "strip-currency"}}}, "KWD 5",
			`5`},
		// checkbox
		{mapfile.Column{Attribute: "checkbox"}, "1", `true`}, {mapfile.Column{Attribute: "checkbox"}, "true", `true`},
		{mapfile.Column{Attribute: "checkbox"}, "TRUE", `true`}, {mapfile.Column{Attribute: "checkbox"}, "#t", `true`},
		{mapfile.Column{Attribute: "checkbox"}, "0", `false`}, {mapfile.Column{Attribute: "checkbox"}, "false", `false`},
		{mapfile.Column{Attribute: "checkbox"}, "FALSE", `false`}, {mapfile.Column{Attribute: "checkbox"}, "#f", `false`},
		{mapfile.Column{Attribute: "checkbox", Blank: "clear"}, "", `false`},
		{mapfile.Column{Attribute: "checkbox", Values: []mapfile.Pair{{Cell: "ja", Value: "true"}}}, "ja", `true`},
		// rating
		{mapfile.Column{Attribute: "stars"}, "0", `0`}, {mapfile.Column{Attribute: "stars"}, "5", `5`},
		{mapfile.Column{Attribute: "stars"}, "3.0", `3`},
		// select and status
		{mapfile.Column{Attribute: "plan"}, "Professional", `{"option":"` + world.ProID + `"}`},
		{mapfile.Column{Attribute: "plan"}, " pROFESSIONAL ", `{"option":"` + world.ProID + `"}`},
		{mapfile.Column{Attribute: "plan"}, world.ProID, `{"option":"` + world.ProID + `"}`},
		{mapfile.Column{Attribute: "plan", Values: []mapfile.Pair{{Cell: "pro", Value: "Professional"}}}, "pro",
			`{"option":"` + world.ProID + `"}`},
		{mapfile.Column{Attribute: "stage"}, "free", `{"status":"` + world.FreeID + `"}`},
		{mapfile.Column{Attribute: "tags"}, "Free; professional;free", `[{"option":"` + world.FreeID + `"},{"option":"` +
			world.ProID + `"}]`},
		{mapfile.Column{Attribute: "tags", Split: ","}, "Free, Professional", `[{"option":"` + world.FreeID +
			`"},{"option":"` + world.ProID + `"}]`},
		{mapfile.Column{Attribute: "tags", Values: []mapfile.Pair{{Cell: "p", Value: "Professional"}}}, "Free;p",
			`[{"option":"` + world.FreeID + `"},{"option":"` + world.ProID + `"}]`},
		{mapfile.Column{Attribute: "tags",
			Values: []mapfile.Pair{{Cell: "p", Value: "Professional"}, {Cell: "Professional", Value: "Free"}}}, "p",
			`[{"option":"` + world.ProID + `"}]`},
		{mapfile.Column{Attribute: "tags", Values: []mapfile.Pair{{Cell: "both", Value: "Free;Professional"}}}, "both",
			`[{"option":"` + world.FreeID + `"},{"option":"` + world.ProID + `"}]`},
		{mapfile.Column{Attribute: "tags", OnError: "drop"}, "Free;Nonsense", `[{"option":"` + world.FreeID + `"}]`},
		{mapfile.Column{Attribute: "tags", Missing: "blank"}, "Free;Nonsense", `[{"option":"` + world.FreeID + `"}]`},
		// personal name
		{mapfile.Column{Attribute: "full"}, "Nicolas Sharp", name("Nicolas", "Sharp", "Nicolas Sharp")},
		{mapfile.Column{Attribute: "full"}, "Lovelace, Ada", name("Ada", "Lovelace", "Ada Lovelace")},
		{mapfile.Column{Attribute: "full"}, "Lovelace, Ada, Countess",
			name("Ada, Countess", "Lovelace", "Ada, Countess Lovelace")},
		{mapfile.Column{Attribute: "full"}, "Plato", name("Plato", "", "Plato")},
		{mapfile.Column{Attribute: "full"}, "Ludwig van Beethoven", name("Ludwig", "van Beethoven", "Ludwig van Beethoven")},
		{mapfile.Column{Attribute: "full"}, "Martin Luther King Jr.",
			name("Martin Luther", "King Jr.", "Martin Luther King Jr.")},
		{mapfile.Column{Attribute: "full"}, "John Smith, Jr.", name("John", "Smith Jr.", "John Smith, Jr.")},
		{mapfile.Column{Attribute: "full"}, ", Ada", name("Ada", "", "Ada")},
		{mapfile.Column{Attribute: "full"}, "Ada King,", name("Ada", "King", "Ada King")},
		{mapfile.Column{Attribute: "full.first_name"}, "Ada", name("Ada", "", "Ada")},
		{mapfile.Column{Attribute: "full.last_name"}, "Lovelace", name("", "Lovelace", "Lovelace")},
		{mapfile.Column{Attribute: "full.full_name"}, "Ada Lovelace", name("Ada", "Lovelace", "Ada Lovelace")},
		// location
		{mapfile.Column{Attribute: "place"}, "Cupertino, California, United States",
			place(map[string]string{"locality": "Cupertino", "region": "California", "country_code": "US"})},
		{mapfile.Column{Attribute: "place"}, "Cupertino, CA, USA",
			place(map[string]string{"locality": "Cupertino", "region": "CA", "country_code": "US"})},
		{mapfile.Column{Attribute: "place"}, "London, United Kingdom",
			place(map[string]string{"locality": "London", "country_code": "GB"})},
		{mapfile.Column{Attribute: "place"}, "London, GB",
			place(map[string]string{"locality": "London", "country_code": "GB"})},
		{mapfile.Column{Attribute: "place"}, "Austin, TX", place(map[string]string{"locality": "Austin", "region": "TX"})},
		{mapfile.Column{Attribute: "place", Country: "us"}, "Albany, GA",
			place(map[string]string{"locality": "Albany", "region": "GA", "country_code": "US"})},
		{mapfile.Column{Attribute: "place"}, "Germany", place(map[string]string{"country_code": "DE"})},
		{mapfile.Column{Attribute: "place"}, "USA", place(map[string]string{"country_code": "US"})},
		{mapfile.Column{Attribute: "place"}, "UK", place(map[string]string{"country_code": "GB"})},
		{mapfile.Column{Attribute: "place"}, "uae", place(map[string]string{"country_code": "AE"})},
		{mapfile.Column{Attribute: "place"}, "FRA", place(map[string]string{"country_code": "FR"})},
		{mapfile.Column{Attribute: "place"}, "DE", place(map[string]string{"country_code": "DE"})},
		{mapfile.Column{Attribute: "place", Country: "US"}, "DE",
			place(map[string]string{"region": "DE", "country_code": "US"})},
		{mapfile.Column{Attribute: "place", Country: "US"}, "Georgia",
			place(map[string]string{"region": "Georgia", "country_code": "US"})},
		{mapfile.Column{Attribute: "place", Country: "US"}, "UK", place(map[string]string{"country_code": "GB"})},
		{mapfile.Column{Attribute: "place"}, "NY", place(map[string]string{"locality": "NY"})},
		{mapfile.Column{Attribute: "place"}, "Berlin", place(map[string]string{"locality": "Berlin"})},
		{mapfile.Column{Attribute: "place.country_code"}, "gb", place(map[string]string{"country_code": "GB"})},
		{mapfile.Column{Attribute: "place.country_code"}, "DEU", place(map[string]string{"country_code": "DE"})},
		{mapfile.Column{Attribute: "place.country_code"}, "Viet Nam", place(map[string]string{"country_code": "VN"})},
		{mapfile.Column{Attribute: "place.latitude"}, "+34.04833130", place(map[string]string{"latitude": "34.0483313"})},
		{mapfile.Column{Attribute: "place.latitude"}, "90", place(map[string]string{"latitude": "90"})},
		{mapfile.Column{Attribute: "place.longitude"}, "-118.46109851234567",
			place(map[string]string{"longitude": "-118.461098512"})},
		{mapfile.Column{Attribute: "place.line_1"}, "1 Infinite Loop", place(map[string]string{"line_1": "1 Infinite Loop"})},
		// e-mail
		{mapfile.Column{Attribute: "email"}, " Ada@Example.COM ", `{"email_address":"Ada@Example.COM"}`},
		{mapfile.Column{Attribute: "email"}, "o'neil+tag@sub.example.co.uk",
			`{"email_address":"o'neil+tag@sub.example.co.uk"}`},
		{mapfile.Column{Attribute: "emails"}, "a@b.com;A@B.com; c@d.com",
			`[{"email_address":"a@b.com"},{"email_address":"c@d.com"}]`},
		{mapfile.Column{Attribute: "email",
			Transform: []mapfile.Transform{{Name: "regex", Find: ".*<(.*)>", Replace: "$1"}}}, "Ada <ada@b.com>",
			`{"email_address":"ada@b.com"}`},
		// domain
		{mapfile.Column{Attribute: "domain"}, "App.Attio.com", `{"domain":"app.attio.com"}`},
		{mapfile.Column{Attribute: "domain"}, "https://app.attio.com/x?y", `{"domain":"app.attio.com"}`},
		{mapfile.Column{Attribute: "domain"}, "app.attio.com:8080/path", `{"domain":"app.attio.com"}`},
		{mapfile.Column{Attribute: "domain"}, "münchen.de", `{"domain":"xn--mnchen-3ya.de"}`},
		{mapfile.Column{Attribute: "domains"}, "a.com;b.org", `[{"domain":"a.com"},{"domain":"b.org"}]`},
		{mapfile.Column{Attribute: "domains", Split: ","}, "a.com, b.org", `[{"domain":"a.com"},{"domain":"b.org"}]`},
		// phone
		{mapfile.Column{Attribute: "phone"}, "+44 20 7946 0958", phone("+442079460958", "GB")},
		{mapfile.Column{Attribute: "phone"}, "+1-212-555-0123", phone("+12125550123", "US")},
		{mapfile.Column{Attribute: "phone", Country: "GB"}, "020 7946 0958", phone("+442079460958", "GB")},
		{mapfile.Column{Attribute: "phone", Country: "de"}, "+44 20 7946 0958", phone("+442079460958", "GB")},
		{mapfile.Column{Attribute: "phones"}, "+442079460958; +12125550123", `[` + phone("+442079460958", "GB") + `,` +
			phone("+12125550123", "US") + `]`},
		// workspace members
		{mapfile.Column{Attribute: "owner"}, world.MemberID, actor(world.MemberID)},
		{mapfile.Column{Attribute: "owner"}, "workspace-member:" + world.MemberID, actor(world.MemberID)},
		{mapfile.Column{Attribute: "owner"}, "GRACE@example.com", actor(world.MemberID)},
		{mapfile.Column{Attribute: "owner"}, "grace hopper", actor(world.MemberID)},
		{mapfile.Column{Attribute: "owner"}, "Alan", actor("835cebb2-d0d3-4c03-8485-44354bdf4cb3")},
		{mapfile.Column{Attribute: "owners"}, "Alan; Grace Kelly", `[` + actor("835cebb2-d0d3-4c03-8485-44354bdf4cb3") +
			`,` + actor(world.OtherID) + `]`},
		// references by id
		{mapfile.Column{Attribute: "person"}, world.AdaID, ref("people", world.AdaID)},
		{mapfile.Column{Attribute: "person"}, "people:" + world.AdaID, ref("people", world.AdaID)},
		{mapfile.Column{Attribute: "person", Reference: "people"}, world.AdaID, ref("people", world.AdaID)},
		{mapfile.Column{Attribute: "person", Reference: "people.record_id"}, world.AdaID, ref("people", world.AdaID)},
		{mapfile.Column{Attribute: "friends"}, "people:" + world.AdaID + ";companies:" + world.BobID, `[` +
			ref("people", world.AdaID) + `,` + ref("companies", world.BobID) + `]`},
		// clearing
		{mapfile.Column{Attribute: "text", Blank: "clear"}, "", `[]`},
		{mapfile.Column{Attribute: "tags", Blank: "clear"}, " ; ", `[]`},
		{mapfile.Column{Attribute: "place", Blank: "clear"}, " ", `[]`},
	} {
		t.Run(tt.column.Attribute+"/"+tt.cell, func(t *testing.T) {
			p, rec, errs := cellOf(t, tt.column, Cell{Text: tt.cell})
			require.Empty(t, errs)
			require.Len(t, rec.Fields, 1)
			slug := rec.Fields[0].Attr.Slug
			require.JSONEq(t, `{"`+slug+`":`+tt.want+`}`, string(p.Encode(nil, rec.Fields)))
		})
	}
}

func TestJSONCells(t *testing.T) {
	for _, tt := range []struct {
		attribute string
		cell      Cell
		want      string // "" for no field at all
		code      string
	}{
		{"number", Cell{Text: "1e3", Kind: value.NumberCell}, "1000", ""},
		{"number", Cell{Text: "12.5e-1", Kind: value.NumberCell}, "1.25", ""},
		{"number", Cell{Text: "0.00012", Kind: value.NumberCell}, "", value.CodeDecimals},
		{"number", Cell{Text: "9007199254740993", Kind: value.NumberCell}, "", value.CodeInexact},
		{"number", Cell{Text: "true", Kind: value.BoolCell}, "", value.CodeNumber},
		{"text", Cell{Text: "12.50", Kind: value.NumberCell}, `"12.50"`, ""},
		{"checkbox", Cell{Text: "false", Kind: value.BoolCell}, "false", ""},
		{"text", Cell{Kind: value.NullCell}, "", ""},
		{"text", Cell{Text: `["a"]`, Kind: value.JSONCell}, `"a"`, ""},
		{"text", Cell{Text: `["a","b"]`, Kind: value.JSONCell}, "", value.CodeSeveral},
		{"text", Cell{Text: `{"a":1}`, Kind: value.JSONCell}, "", value.CodeShape},
		{"tags", Cell{Text: `["Free;", "Free"]`, Kind: value.JSONCell}, "", value.CodeOption},
		{"tags", Cell{Text: `["Free", "Professional", null]`, Kind: value.JSONCell}, `[{"option":"` + world.FreeID +
			`"},{"option":"` + world.ProID + `"}]`, ""},
		{"tags", Cell{Text: `[["Free"]]`, Kind: value.JSONCell}, "", value.CodeShape},
		{"tags", Cell{Text: `[]`, Kind: value.JSONCell}, "", ""},
		{"place", Cell{Text: `["x"]`, Kind: value.JSONCell}, "", value.CodeShape},
		{"day", Cell{Text: "2024-07-14T10:00:00", Kind: value.DateCell}, `"2024-07-14"`, ""},
		{"at", Cell{Text: "2024-07-14T10:00:00", Kind: value.DateCell}, `"2024-07-14T10:00:00.000000000Z"`, ""},
	} {
		t.Run(tt.attribute+"/"+tt.cell.Text, func(t *testing.T) {
			p, rec, errs := cellOf(t, mapfile.Column{Attribute: tt.attribute}, tt.cell)
			if tt.code != "" {
				require.Len(t, errs, 1)
				require.Equal(t, tt.code, errs[0].Code)
				return
			}
			require.Empty(t, errs)
			want := "{}"
			if tt.want != "" {
				want = `{"` + tt.attribute + `":` + tt.want + `}`
			}
			require.JSONEq(t, want, string(p.Encode(nil, rec.Fields)))
		})
	}
}

func TestRefusedCells(t *testing.T) {
	noMembers := world.Schema()
	noMembers.Members = nil
	for _, tt := range []struct {
		column  mapfile.Column
		cell    string
		code    string
		message string
		fix     string
		part    string // the offending part of the cell; "" for the whole
	}{
		{mapfile.Column{Attribute: "text"}, "a\xffb", value.CodeEncoding, "the text is not UTF-8 here", "", "\xff"},
		{mapfile.Column{Attribute: "text", Blank: "reject"}, "", value.CodeBlank, "the cell is blank", "", ""},
		{mapfile.Column{Attribute: "text", Transform: []mapfile.Transform{{Name: "e164"}}}, "abc", value.CodeTransform,
			`e164: "abc" is not a valid phone number`, "", ""},
		{mapfile.Column{Attribute: "number"}, "abc", value.CodeNumber, `"abc" is not a number`, "", "a"},
		{mapfile.Column{Attribute: "number"}, "inf", value.CodeNumber, `"inf" is not a number`, "", "i"},
		{mapfile.Column{Attribute: "number"}, "5.", value.CodeNumber, `"5." is not a number`, "", ""},
		{mapfile.Column{Attribute: "number"}, "1.2.3", value.CodeNumber, `"1.2.3" is not a number`, "", ""},
		{mapfile.Column{Attribute: "number"}, "-", value.CodeNumber, `"-" is not a number`, "", ""},
		{mapfile.Column{Attribute: "number"}, "1.23456", value.CodeDecimals, "1.23456 has more than four decimals", "", ""},
		{mapfile.Column{Attribute: "number"}, "12345678901234567890", value.CodeInexact,
			"12345678901234567890 would be changed: Attio stores numbers as 64-bit floats", "", ""},
		{mapfile.Column{Attribute: "number"}, "1,234.50", value.CodeSeparator,
			`"1,234.50": the mapping does not name "," as a separator`, `thousands: ","`, ","},
		{mapfile.Column{Attribute: "number"}, "1234,5", value.CodeSeparator,
			`"1234,5": the mapping does not name "," as a separator`, `decimal: ","`, ","},
		{mapfile.Column{Attribute: "number", Thousands: ","}, "12,34", value.CodeSeparator,
			`"12,34": "," does not stand between groups of three digits`, "", ""},
		{mapfile.Column{Attribute: "number", Decimal: ",", Thousands: "."}, "1.5", value.CodeSeparator,
			`"1.5": "." does not stand between groups of three digits`, "", ""},
		{mapfile.Column{Attribute: "number"}, "1.23E+11", value.CodeScientific,
			`"1.23E+11" is a number that a spreadsheet has rounded`, "", "E"},
		{mapfile.Column{Attribute: "amount"}, "€12", value.CodeSymbol, `"€12" holds a symbol beside the number`,
			"transform: [strip-currency]", "€"},
		{mapfile.Column{Attribute: "number"}, "$12", value.CodeSymbol, `"$12" holds a symbol beside the number`,
			"transform: [strip-currency]", "$"},
		{mapfile.Column{Attribute: "amount"}, "$12", value.CodeCurrency, `"$12" is an amount in $, and amount is in EUR`,
			"", "$"},
		{mapfile.Column{Attribute: "amount", Transform: []mapfile.Transform{{Name: "strip-currency"}}}, "1000 CHF",
			value.CodeCurrency, `"1000 CHF" is an amount in CHF, and amount is in EUR`, "", ""},
		{mapfile.Column{Attribute: "amount"}, "1.234.567,89 €", value.CodeSeparator,
			`"1.234.567,89 €": the mapping does not name "," as a separator`,
			"decimal: \",\"\nthousands: \".\"\ntransform: [strip-currency]", ","},
		{mapfile.Column{Attribute: "amount"}, "12 EUR", value.CodeSymbol, `"12 EUR" holds a symbol beside the number`,
			"transform: [strip-currency]", " "},
		{mapfile.Column{Attribute: "number"}, "TWD100", value.CodeSymbol, `"TWD100" holds a symbol beside the number`,
			"transform: [strip-currency]", "T"},
		{mapfile.Column{Attribute: "amount"}, "TWD100", value.CodeCurrency,
			`"TWD100" is an amount in TWD, and amount is in EUR`, "", "TWD"},
		{mapfile.Column{Attribute: "amount"}, "EUR12", value.CodeSymbol, `"EUR12" holds a symbol beside the number`,
			"transform: [strip-currency]", "E"},
		{mapfile.Column{Attribute: "amount"}, "12 XYZ", value.CodeSeparator,
			`"12 XYZ": the mapping does not name " " as a separator`, `thousands: " "`, " "},
		{mapfile.Column{Attribute: "amount"}, "50%", value.CodeSymbol, `"50%" holds a symbol beside the number`, "", "%"},
		{mapfile.Column{Attribute: "stars"}, "6", value.CodeRating, `"6" is not a rating`, "", ""},
		{mapfile.Column{Attribute: "stars"}, "3.5", value.CodeRating, `"3.5" is not a rating`, "", ""},
		{mapfile.Column{Attribute: "stars"}, "-1", value.CodeRating, `"-1" is not a rating`, "", ""},
		{mapfile.Column{Attribute: "checkbox"}, "yes", value.CodeCheckbox, `"yes" is neither checked nor unchecked`,
			`values: {"yes": "true"}`, ""},
		{mapfile.Column{Attribute: "plan"}, "Profesional", value.CodeOption, `plan has no option "Profesional"`,
			"values: {Profesional: Professional}", ""},
		{mapfile.Column{Attribute: "plan"}, "Zzz", value.CodeOption, `plan has no option "Zzz"`, "missing: create", ""},
		{mapfile.Column{Attribute: "stage"}, "Won", value.CodeOption, `stage has no status "Won"`, "missing: create", ""},
		{mapfile.Column{Attribute: "plan"}, "legacy", value.CodeArchived, `the option "Legacy" is archived`,
			`values: {legacy: ""}`, ""},
		{mapfile.Column{Attribute: "stage"}, "Legacy", value.CodeArchived,
			`the status "Legacy" is archived`, `values: {Legacy: ""}`, ""},
		{mapfile.Column{Attribute: "tags", Missing: "blank"}, "Free;Legacy", value.CodeArchived,
			`the option "Legacy" is archived`, `values: {Legacy: ""}`, "Legacy"},
		{mapfile.Column{Attribute: "tags"}, "Free, Professional", value.CodeOptionComma,
			`tags has no option "Free, Professional", and it holds a comma`, `split: ","`, ""},
		{mapfile.Column{Attribute: "tags", Missing: "create"}, "New, Other", value.CodeOptionComma,
			`tags has no option "New, Other", and it holds a comma`, `split: ","`, ""},
		{mapfile.Column{Attribute: "tags"}, "Free;Nope", value.CodeOption, `tags has no option "Nope"`, "missing: create",
			"Nope"},
		{mapfile.Column{Attribute: "place"}, "1 Loop, Cupertino, CA, USA", value.CodeLocation,
			`"1 Loop, Cupertino, CA, USA" has more parts than City, State, Country`, "attribute: place.line_1", ""},
		{mapfile.Column{Attribute: "place"}, "Cupertino,,USA", value.CodeLocation, `"Cupertino,,USA" has an empty part`, "",
			""},
		{mapfile.Column{Attribute: "place"}, "Albany, GA", value.CodeLocationTwice,
			`"Albany, GA": GA is a state and a country`, "country: US", "GA"},
		{mapfile.Column{Attribute: "place"}, "A, B, Atlantis", value.CodeCountry, `"Atlantis" is not a country`,
			"", "Atlantis"},
		{mapfile.Column{Attribute: "place"}, "A, B, Germny", value.CodeCountry, `"Germny" is not a country`,
			"values: {Germny: DE}", "Germny"},
		{mapfile.Column{Attribute: "place.country_code"}, "XX", value.CodeCountry, `"XX" is not a country`,
			"", "XX"},
		{mapfile.Column{Attribute: "place.latitude"}, "90.1", value.CodeLatitude, `"90.1" is not a latitude`, "", ""},
		{mapfile.Column{Attribute: "place.latitude"}, "34°", value.CodeLatitude, `"34°" is not a latitude`, "", ""},
		{mapfile.Column{Attribute: "place.longitude"}, "-180.5", value.CodeLongitude, `"-180.5" is not a longitude`, "", ""},
		{mapfile.Column{Attribute: "email"}, "ada@", value.CodeEmail, `"ada@" is not an e-mail address`, "", ""},
		{mapfile.Column{Attribute: "email"}, "@b.com", value.CodeEmail, `"@b.com" is not an e-mail address`, "", ""},
		{mapfile.Column{Attribute: "email"}, "ada", value.CodeEmail, `"ada" is not an e-mail address`, "", ""},
		{mapfile.Column{Attribute: "email"}, "a..b@c.com", value.CodeEmail, `"a..b@c.com" is not an e-mail address`, "", ""},
		{mapfile.Column{Attribute: "email"}, ".a@c.com", value.CodeEmail, `".a@c.com" is not an e-mail address`, "", ""},
		{mapfile.Column{Attribute: "email"}, "a b@c.com", value.CodeEmail, `"a b@c.com" is not an e-mail address`, "", ""},
		{mapfile.Column{Attribute: "email"}, "a@c", value.CodeEmail, `"a@c" is not an e-mail address`, "", "c"},
		{mapfile.Column{Attribute: "email"}, "a@-c.com", value.CodeEmail, `"a@-c.com" is not an e-mail address`, "",
			"-c.com"},
		{mapfile.Column{Attribute: "email"}, "a@127.0.0.1", value.CodeEmail, `"a@127.0.0.1" is not an e-mail address`, "",
			"1"},
		{mapfile.Column{Attribute: "email"}, "Ada <ada@b.com>", value.CodeEmail,
			`"Ada <ada@b.com>" is not an e-mail address`, `transform: [regex: {find: ".*<(.*)>", replace: "$1"}]`, ""},
		{mapfile.Column{Attribute: "email"}, "a@b.test", value.CodeReservedTLD,
			`"a@b.test" is under .test, which Attio refuses`, "", "test"},
		{mapfile.Column{Attribute: "email"}, "a@b.INVALID", value.CodeReservedTLD,
			`"a@b.INVALID" is under .invalid, which Attio refuses`, "", "INVALID"},
		{mapfile.Column{Attribute: "email"}, "a@b.example", value.CodeReservedTLD,
			`"a@b.example" is under .example, which Attio refuses`, "", "example"},
		{mapfile.Column{Attribute: "email"}, "a@b.localhost", value.CodeReservedTLD,
			`"a@b.localhost" is under .localhost, which Attio refuses`, "", "localhost"},
		{mapfile.Column{Attribute: "emails"}, "a@b.com, c@d.com", value.CodeEmail,
			`"a@b.com, c@d.com" is not an e-mail address`, `split: ","`, ""},
		{mapfile.Column{Attribute: "domain"}, "ada@b.com", value.CodeDomain, `"ada@b.com" is not a domain`, "", ""},
		{mapfile.Column{Attribute: "domain"}, "acme", value.CodeDomain, `"acme" is not a domain`, "", ""},
		{mapfile.Column{Attribute: "domain"}, "10.0.0.1", value.CodeDomain, `"10.0.0.1" is not a domain`, "", ""},
		{mapfile.Column{Attribute: "domain"}, "acme.example", value.CodeTLD,
			`"acme.example": there is no top-level domain .example`, "", "example"},
		{mapfile.Column{Attribute: "domains"}, "a.com, b.com", value.CodeDomain, `"a.com, b.com" is not a domain`,
			`split: ","`, ""},
		{mapfile.Column{Attribute: "phone"}, "020 7946 0958", value.CodePhoneCountry, `"020 7946 0958" names no country`,
			`country: TWO LETTERS`, ""},
		{mapfile.Column{Attribute: "phone"}, "+1 000 000 0000", value.CodePhone,
			`"+1 000 000 0000" is not a valid phone number`, "", ""},
		{mapfile.Column{Attribute: "phone"}, "call me", value.CodePhone, `"call me" is not a valid phone number`, "", ""},
		{mapfile.Column{Attribute: "phone"}, "+44 20 7946 0958 ext. 12", value.CodeExtension,
			`"+44 20 7946 0958 ext. 12" has an extension, which Attio does not keep`,
			`transform: [regex: {find: " *(x|ext).*", replace: ""}]`, ""},
		{mapfile.Column{Attribute: "phone"}, "4.42E+11", value.CodeScientific,
			`"4.42E+11" is a number that a spreadsheet has rounded`, "", ""},
		{mapfile.Column{Attribute: "owner"}, "nobody@example.com", value.CodeMember,
			`no member of the workspace is "nobody@example.com"`, "", ""},
		{mapfile.Column{Attribute: "owner"}, "Grace Hoper", value.CodeMember,
			`no member of the workspace is "Grace Hoper"; the nearest is Grace Hopper`,
			"values: {Grace Hoper: \"grace@example.com\"}", ""},
		{mapfile.Column{Attribute: "owner"}, "Àlan", value.CodeMember,
			`no member of the workspace is "Àlan"; the nearest is Alan Turing`, "values: {\"Àlan\": \"alan@example.com\"}", ""},
		// two are as near
		{mapfile.Column{Attribute: "owner"}, "Grece", value.CodeMember, `no member of the workspace is "Grece"`, "", ""},
		{mapfile.Column{Attribute: "owner"}, world.AdaID, value.CodeMember, `no member of the workspace is "` + world.AdaID +
			`"`, "", ""},
		{mapfile.Column{Attribute: "owner"}, "Grace", value.CodeMemberTwice,
			`"Grace" fits several members: grace@example.com, kelly@example.com`, "", ""},
		{mapfile.Column{Attribute: "owner"}, "system", value.CodeActor,
			`"system" is not a workspace member; no other actor can be written`, "", ""},
		{mapfile.Column{Attribute: "owner"}, "api-token:" + world.AdaID, value.CodeActor, `"api-token:` + world.AdaID +
			`" is not a workspace member; no other actor can be written`, "", ""},
		{mapfile.Column{Attribute: "friends", Reference: "companies.domains"}, "Acme Ltd", value.CodeDomain,
			`"Acme Ltd" is not a domain`, "", ""},
		{mapfile.Column{Attribute: "friends", Reference: "companies.domains"}, "acme.com globex.com", value.CodeDomain,
			`"acme.com globex.com" is not a domain`, `split: " "`, ""},
		{mapfile.Column{Attribute: "person", Reference: "people.email_addresses"}, "a@b.com, c@d.com", value.CodeEmail,
			`"a@b.com, c@d.com" is not an e-mail address`, `transform: [split: {at: ",", part: 1}]`, ""},
		{mapfile.Column{Attribute: "email"}, "a@b.com / c@d.com", value.CodeEmail,
			`"a@b.com / c@d.com" is not an e-mail address`, `transform: [split: {at: "/", part: 1}]`, ""},
		{mapfile.Column{Attribute: "emails"}, "a@b.com, c@", value.CodeEmail, `"a@b.com, c@" is not an e-mail address`, "",
			""},
		{mapfile.Column{Attribute: "person"}, "not an id", value.CodeEmail, `"not an id" is not an e-mail address`, "", ""},
		{mapfile.Column{Attribute: "person", Reference: "people"}, "ada@b.com", value.CodeReference,
			`"ada@b.com" is not a record id`, "reference: people.email_addresses", ""},
		{mapfile.Column{Attribute: "friends"}, world.AdaID, value.CodeReference, `"` + world.AdaID +
			`" does not say which object it is a record of`, "", ""},
		{mapfile.Column{Attribute: "friends"}, "users:" + world.AdaID, value.CodeTargetObject,
			`friends cannot refer to "users"`, "", "users"},
	} {
		t.Run(tt.column.Attribute+"/"+tt.cell, func(t *testing.T) {
			_, _, errs := cellOf(t, tt.column, Cell{Text: tt.cell})
			require.Len(t, errs, 1)
			e := errs[0]
			require.Equal(t, tt.code, e.Code)
			require.Equal(t, tt.message, e.Message)
			require.Equal(t, tt.fix, e.Fix)
			require.Equal(t, tt.cell, e.Value)
			require.Equal(t, tt.part, e.Value[e.From:e.To])
			require.Equal(t, []any{7, 3, 0, "H"}, []any{e.Line, e.Column, e.Index, e.Header})
			require.NotEmpty(t, e.Accepted+e.Fix)
			tt.column.OnError = "drop"
			_, rec, errs := cellOf(t, tt.column, Cell{Text: tt.cell})
			require.Empty(t, errs)
			require.Len(t, rec.Dropped, 1)
			require.Equal(t, tt.code, rec.Dropped[0].Code)
		})
	}
}

func TestMembersThatCannotBeRead(t *testing.T) {
	s := world.Schema()
	s.Members = nil
	p, err := Bind(nil, Input{Columns: []string{"owner"}}, s, BindOptions{Object: "every"})
	require.NoError(t, err)
	for cell, want := range map[string]string{
		world.MemberID:      `{"referenced_actor_type":"workspace-member","referenced_actor_id":"` + world.MemberID + `"}`,
		"Grace@example.com": `{"workspace_member_email_address":"grace@example.com"}`,
	} {
		var rec Record
		require.Empty(t, p.Values(row(cell), &rec))
		require.JSONEq(t, `{"owner":`+want+`}`, string(p.Encode(nil, rec.Fields)))
	}
	var rec Record
	require.Equal(t, value.CodeMember, p.Values(row("Grace"), &rec)[0].Code)
}

// The codes of the table are ascending and explain each code that the package can give.
