package mapping

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
)

// cellOf binds one column of object "every" and reads one cell.
func cellOf(t testing.TB, c Column, cell Cell) (*Plan, *Record, []*CellError) {
	t.Helper()
	c.Column = "H"
	p, err := Bind(&File{Object: "every", Columns: []Column{c}}, Input{Name: "f.csv", Columns: []string{"H"}}, testSchema(), BindOptions{})
	require.NoError(t, err)
	cell.Line, cell.Column = 7, 3
	var rec Record
	errs := p.Values(&Row{Number: 6, Line: 7, Cells: []Cell{cell}}, &rec)
	return p, &rec, errs
}

func TestAcceptedCells(t *testing.T) {
	place := func(parts map[string]string) string {
		all := map[string]any{}
		for _, p := range locationParts {
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
		column Column
		cell   string
		want   string // what Encode writes for the attribute
	}{
		// text: anything, exactly, line breaks as LF
		{Column{Attribute: "text"}, "a", `"a"`},
		{Column{Attribute: "text"}, "  a\u00a0", `"  a\u00a0"`},
		{Column{Attribute: "text"}, "a\r\nb\rc\nd", `"a\nb\nc\nd"`},
		{Column{Attribute: "text"}, `a;b\;c`, `"a;b\\;c"`},
		{Column{Attribute: "text"}, "007", `"007"`},
		{Column{Attribute: "text", Transform: []Transform{{Name: "trim"}, {Name: "upper"}}}, " ada ", `"ADA"`},
		{Column{Attribute: "text", Transform: []Transform{{Name: "title"}}}, "ada LOVELACE o'neil", `"Ada Lovelace O'neil"`},
		{Column{Attribute: "text", Transform: []Transform{{Name: "digits"}}}, "No. 4711-b", `"4711"`},
		{Column{Attribute: "text", Transform: []Transform{{Name: "e164"}}, Country: "GB"}, "020 7946 0958", `"+442079460958"`},
		{Column{Attribute: "text", Transform: []Transform{{Name: "regex", Find: `^Dr\.? (.*)`, Replace: "$1"}}}, "Dr. Ada", `"Ada"`},
		{Column{Attribute: "text", Transform: []Transform{{Name: "split", At: "/", Part: 2}}}, "a/b/c", `"b"`},
		{Column{Attribute: "text", Transform: []Transform{{Name: "split", At: "/", Part: -1}}}, "a/b/c", `"c"`},
		{Column{Attribute: "text", Transform: []Transform{{Name: "default", Text: "none"}}}, "", `"none"`},
		{Column{Attribute: "text", Values: []Pair{{"x", "y"}}}, " x ", `"y"`},
		// number
		{Column{Attribute: "number"}, "9", `9`},
		{Column{Attribute: "number"}, "9.00", `9`},
		{Column{Attribute: "number"}, "1312313123.1233", `1312313123.1233`},
		{Column{Attribute: "number"}, " +007.50\u00a0", `7.5`},
		{Column{Attribute: "number"}, "-0", `0`},
		{Column{Attribute: "number"}, "-0.25", `-0.25`},
		{Column{Attribute: "number"}, ".5", `0.5`},
		{Column{Attribute: "number"}, "1.00000", `1`},
		{Column{Attribute: "number"}, "9007199254740992", `9007199254740992`},
		{Column{Attribute: "number", Decimal: ","}, "1234,5", `1234.5`},
		{Column{Attribute: "number", Decimal: ",", Thousands: "."}, "-1.234.567,50", `-1234567.5`},
		{Column{Attribute: "number", Decimal: ",", Thousands: "."}, "999", `999`},
		{Column{Attribute: "number", Thousands: ","}, "1,234.5", `1234.5`},
		{Column{Attribute: "number", Thousands: " "}, "1\u202f234\u00a0567", `1234567`},
		{Column{Attribute: "number", Thousands: "'"}, "1'234", `1234`},
		// currency
		{Column{Attribute: "amount"}, "9.99", `{"currency_value":9.99}`},
		{Column{Attribute: "amount", Transform: []Transform{{Name: "strip-currency"}}, Decimal: ",", Thousands: "."}, "1.234,50 €", `{"currency_value":1234.5}`},
		{Column{Attribute: "amount", Transform: []Transform{{Name: "strip-currency"}}}, "USD 12", `{"currency_value":12}`},
		{Column{Attribute: "amount", Transform: []Transform{{Name: "strip-currency"}}}, "USD100", `{"currency_value":100}`},
		{Column{Attribute: "amount", Transform: []Transform{{Name: "strip-currency"}}}, "100eur", `{"currency_value":100}`},
		{Column{Attribute: "amount", Transform: []Transform{{Name: "strip-currency"}}}, "TWD 100", `{"currency_value":100}`},
		{Column{Attribute: "amount", Transform: []Transform{{Name: "strip-currency"}}}, "NTD 100", `{"currency_value":100}`},
		{Column{Attribute: "amount", Transform: []Transform{{Name: "strip-currency"}}}, "KWD 5", `{"currency_value":5}`},
		// checkbox
		{Column{Attribute: "checkbox"}, "1", `true`}, {Column{Attribute: "checkbox"}, "true", `true`}, {Column{Attribute: "checkbox"}, "TRUE", `true`}, {Column{Attribute: "checkbox"}, "#t", `true`},
		{Column{Attribute: "checkbox"}, "0", `false`}, {Column{Attribute: "checkbox"}, "false", `false`}, {Column{Attribute: "checkbox"}, "FALSE", `false`}, {Column{Attribute: "checkbox"}, "#f", `false`},
		{Column{Attribute: "checkbox", Blank: "clear"}, "", `false`},
		{Column{Attribute: "checkbox", Values: []Pair{{"ja", "true"}}}, "ja", `true`},
		// rating
		{Column{Attribute: "stars"}, "0", `0`}, {Column{Attribute: "stars"}, "5", `5`}, {Column{Attribute: "stars"}, "3.0", `3`},
		// select and status
		{Column{Attribute: "plan"}, "Professional", `{"option":"` + proID + `"}`},
		{Column{Attribute: "plan"}, " pROFESSIONAL ", `{"option":"` + proID + `"}`},
		{Column{Attribute: "plan"}, proID, `{"option":"` + proID + `"}`},
		{Column{Attribute: "plan", Values: []Pair{{"pro", "Professional"}}}, "pro", `{"option":"` + proID + `"}`},
		{Column{Attribute: "stage"}, "free", `{"status":"` + freeID + `"}`},
		{Column{Attribute: "tags"}, "Free; professional;free", `[{"option":"` + freeID + `"},{"option":"` + proID + `"}]`},
		{Column{Attribute: "tags", Split: ","}, "Free, Professional", `[{"option":"` + freeID + `"},{"option":"` + proID + `"}]`},
		{Column{Attribute: "tags", Values: []Pair{{"p", "Professional"}}}, "Free;p", `[{"option":"` + freeID + `"},{"option":"` + proID + `"}]`},
		{Column{Attribute: "tags", Values: []Pair{{"p", "Professional"}, {"Professional", "Free"}}}, "p", `[{"option":"` + proID + `"}]`},
		{Column{Attribute: "tags", Values: []Pair{{"both", "Free;Professional"}}}, "both", `[{"option":"` + freeID + `"},{"option":"` + proID + `"}]`},
		{Column{Attribute: "tags", OnError: "drop"}, "Free;Nonsense", `[{"option":"` + freeID + `"}]`},
		{Column{Attribute: "tags", Missing: "blank"}, "Free;Nonsense", `[{"option":"` + freeID + `"}]`},
		// personal name
		{Column{Attribute: "full"}, "Nicolas Sharp", name("Nicolas", "Sharp", "Nicolas Sharp")},
		{Column{Attribute: "full"}, "Lovelace, Ada", name("Ada", "Lovelace", "Ada Lovelace")},
		{Column{Attribute: "full"}, "Lovelace, Ada, Countess", name("Ada, Countess", "Lovelace", "Ada, Countess Lovelace")},
		{Column{Attribute: "full"}, "Plato", name("Plato", "", "Plato")},
		{Column{Attribute: "full"}, "Ludwig van Beethoven", name("Ludwig", "van Beethoven", "Ludwig van Beethoven")},
		{Column{Attribute: "full"}, "Martin Luther King Jr.", name("Martin Luther", "King Jr.", "Martin Luther King Jr.")},
		{Column{Attribute: "full"}, "John Smith, Jr.", name("John", "Smith Jr.", "John Smith, Jr.")},
		{Column{Attribute: "full"}, ", Ada", name("Ada", "", "Ada")},
		{Column{Attribute: "full"}, "Ada King,", name("Ada", "King", "Ada King")},
		{Column{Attribute: "full.first_name"}, "Ada", name("Ada", "", "Ada")},
		{Column{Attribute: "full.last_name"}, "Lovelace", name("", "Lovelace", "Lovelace")},
		{Column{Attribute: "full.full_name"}, "Ada Lovelace", name("Ada", "Lovelace", "Ada Lovelace")},
		// location
		{Column{Attribute: "place"}, "Cupertino, California, United States", place(map[string]string{"locality": "Cupertino", "region": "California", "country_code": "US"})},
		{Column{Attribute: "place"}, "Cupertino, CA, USA", place(map[string]string{"locality": "Cupertino", "region": "CA", "country_code": "US"})},
		{Column{Attribute: "place"}, "London, United Kingdom", place(map[string]string{"locality": "London", "country_code": "GB"})},
		{Column{Attribute: "place"}, "London, GB", place(map[string]string{"locality": "London", "country_code": "GB"})},
		{Column{Attribute: "place"}, "Austin, TX", place(map[string]string{"locality": "Austin", "region": "TX"})},
		{Column{Attribute: "place", Country: "us"}, "Albany, GA", place(map[string]string{"locality": "Albany", "region": "GA", "country_code": "US"})},
		{Column{Attribute: "place"}, "Germany", place(map[string]string{"country_code": "DE"})},
		{Column{Attribute: "place"}, "USA", place(map[string]string{"country_code": "US"})},
		{Column{Attribute: "place"}, "UK", place(map[string]string{"country_code": "GB"})},
		{Column{Attribute: "place"}, "uae", place(map[string]string{"country_code": "AE"})},
		{Column{Attribute: "place"}, "FRA", place(map[string]string{"country_code": "FR"})},
		{Column{Attribute: "place"}, "DE", place(map[string]string{"country_code": "DE"})},
		{Column{Attribute: "place", Country: "US"}, "DE", place(map[string]string{"region": "DE", "country_code": "US"})},
		{Column{Attribute: "place", Country: "US"}, "Georgia", place(map[string]string{"region": "Georgia", "country_code": "US"})},
		{Column{Attribute: "place", Country: "US"}, "UK", place(map[string]string{"country_code": "GB"})},
		{Column{Attribute: "place"}, "NY", place(map[string]string{"locality": "NY"})},
		{Column{Attribute: "place"}, "Berlin", place(map[string]string{"locality": "Berlin"})},
		{Column{Attribute: "place.country_code"}, "gb", place(map[string]string{"country_code": "GB"})},
		{Column{Attribute: "place.country_code"}, "DEU", place(map[string]string{"country_code": "DE"})},
		{Column{Attribute: "place.country_code"}, "Viet Nam", place(map[string]string{"country_code": "VN"})},
		{Column{Attribute: "place.latitude"}, "+34.04833130", place(map[string]string{"latitude": "34.0483313"})},
		{Column{Attribute: "place.latitude"}, "90", place(map[string]string{"latitude": "90"})},
		{Column{Attribute: "place.longitude"}, "-118.46109851234567", place(map[string]string{"longitude": "-118.461098512"})},
		{Column{Attribute: "place.line_1"}, "1 Infinite Loop", place(map[string]string{"line_1": "1 Infinite Loop"})},
		// e-mail
		{Column{Attribute: "email"}, " Ada@Example.COM ", `{"email_address":"Ada@Example.COM"}`},
		{Column{Attribute: "email"}, "o'neil+tag@sub.example.co.uk", `{"email_address":"o'neil+tag@sub.example.co.uk"}`},
		{Column{Attribute: "emails"}, "a@b.com;A@B.com; c@d.com", `[{"email_address":"a@b.com"},{"email_address":"c@d.com"}]`},
		{Column{Attribute: "email", Transform: []Transform{{Name: "regex", Find: ".*<(.*)>", Replace: "$1"}}}, "Ada <ada@b.com>", `{"email_address":"ada@b.com"}`},
		// domain
		{Column{Attribute: "domain"}, "App.Attio.com", `{"domain":"app.attio.com"}`},
		{Column{Attribute: "domain"}, "https://app.attio.com/x?y", `{"domain":"app.attio.com"}`},
		{Column{Attribute: "domain"}, "app.attio.com:8080/path", `{"domain":"app.attio.com"}`},
		{Column{Attribute: "domain"}, "münchen.de", `{"domain":"xn--mnchen-3ya.de"}`},
		{Column{Attribute: "domains"}, "a.com;b.org", `[{"domain":"a.com"},{"domain":"b.org"}]`},
		{Column{Attribute: "domains", Split: ","}, "a.com, b.org", `[{"domain":"a.com"},{"domain":"b.org"}]`},
		// phone
		{Column{Attribute: "phone"}, "+44 20 7946 0958", phone("+442079460958", "GB")},
		{Column{Attribute: "phone"}, "+1-212-555-0123", phone("+12125550123", "US")},
		{Column{Attribute: "phone", Country: "GB"}, "020 7946 0958", phone("+442079460958", "GB")},
		{Column{Attribute: "phone", Country: "de"}, "+44 20 7946 0958", phone("+442079460958", "GB")},
		{Column{Attribute: "phones"}, "+442079460958; +12125550123", `[` + phone("+442079460958", "GB") + `,` + phone("+12125550123", "US") + `]`},
		// workspace members
		{Column{Attribute: "owner"}, memberID, actor(memberID)},
		{Column{Attribute: "owner"}, "workspace-member:" + memberID, actor(memberID)},
		{Column{Attribute: "owner"}, "GRACE@example.com", actor(memberID)},
		{Column{Attribute: "owner"}, "grace hopper", actor(memberID)},
		{Column{Attribute: "owner"}, "Alan", actor("835cebb2-d0d3-4c03-8485-44354bdf4cb3")},
		{Column{Attribute: "owners"}, "Alan; Grace Kelly", `[` + actor("835cebb2-d0d3-4c03-8485-44354bdf4cb3") + `,` + actor(otherID) + `]`},
		// references by id
		{Column{Attribute: "person"}, adaID, ref("people", adaID)},
		{Column{Attribute: "person"}, "people:" + adaID, ref("people", adaID)},
		{Column{Attribute: "person", Reference: "people"}, adaID, ref("people", adaID)},
		{Column{Attribute: "person", Reference: "people.record_id"}, adaID, ref("people", adaID)},
		{Column{Attribute: "friends"}, "people:" + adaID + ";companies:" + bobID, `[` + ref("people", adaID) + `,` + ref("companies", bobID) + `]`},
		// clearing
		{Column{Attribute: "text", Blank: "clear"}, "", `[]`},
		{Column{Attribute: "tags", Blank: "clear"}, " ; ", `[]`},
		{Column{Attribute: "place", Blank: "clear"}, " ", `[]`},
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
		{"number", Cell{Text: "1e3", Kind: NumberCell}, "1000", ""},
		{"number", Cell{Text: "12.5e-1", Kind: NumberCell}, "1.25", ""},
		{"number", Cell{Text: "0.00012", Kind: NumberCell}, "", codeDecimals},
		{"number", Cell{Text: "9007199254740993", Kind: NumberCell}, "", codeInexact},
		{"number", Cell{Text: "true", Kind: BoolCell}, "", codeNumber},
		{"text", Cell{Text: "12.50", Kind: NumberCell}, `"12.50"`, ""},
		{"checkbox", Cell{Text: "false", Kind: BoolCell}, "false", ""},
		{"text", Cell{Kind: NullCell}, "", ""},
		{"text", Cell{Text: `["a"]`, Kind: JSONCell}, `"a"`, ""},
		{"text", Cell{Text: `["a","b"]`, Kind: JSONCell}, "", codeSeveral},
		{"text", Cell{Text: `{"a":1}`, Kind: JSONCell}, "", codeShape},
		{"tags", Cell{Text: `["Free;", "Free"]`, Kind: JSONCell}, "", codeOption},
		{"tags", Cell{Text: `["Free", "Professional", null]`, Kind: JSONCell}, `[{"option":"` + freeID + `"},{"option":"` + proID + `"}]`, ""},
		{"tags", Cell{Text: `[["Free"]]`, Kind: JSONCell}, "", codeShape},
		{"tags", Cell{Text: `[]`, Kind: JSONCell}, "", ""},
		{"place", Cell{Text: `["x"]`, Kind: JSONCell}, "", codeShape},
		{"day", Cell{Text: "2024-07-14T10:00:00", Kind: DateCell}, `"2024-07-14"`, ""},
		{"at", Cell{Text: "2024-07-14T10:00:00", Kind: DateCell}, `"2024-07-14T10:00:00.000000000Z"`, ""},
	} {
		t.Run(tt.attribute+"/"+tt.cell.Text, func(t *testing.T) {
			p, rec, errs := cellOf(t, Column{Attribute: tt.attribute}, tt.cell)
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
	noMembers := testSchema()
	noMembers.Members = nil
	for _, tt := range []struct {
		column  Column
		cell    string
		code    string
		message string
		fix     string
		part    string // the offending part of the cell; "" for the whole
	}{
		{Column{Attribute: "text"}, "a\xffb", codeEncoding, "the text is not UTF-8 here", "", "\xff"},
		{Column{Attribute: "text", Blank: "reject"}, "", codeBlank, "the cell is blank", "", ""},
		{Column{Attribute: "text", Transform: []Transform{{Name: "e164"}}}, "abc", codeTransform, `e164: "abc" is not a valid phone number`, "", ""},
		{Column{Attribute: "number"}, "abc", codeNumber, `"abc" is not a number`, "", "a"},
		{Column{Attribute: "number"}, "inf", codeNumber, `"inf" is not a number`, "", "i"},
		{Column{Attribute: "number"}, "5.", codeNumber, `"5." is not a number`, "", ""},
		{Column{Attribute: "number"}, "1.2.3", codeNumber, `"1.2.3" is not a number`, "", ""},
		{Column{Attribute: "number"}, "-", codeNumber, `"-" is not a number`, "", ""},
		{Column{Attribute: "number"}, "1.23456", codeDecimals, "1.23456 has more than four decimals", "", ""},
		{Column{Attribute: "number"}, "12345678901234567890", codeInexact, "12345678901234567890 would be changed: Attio stores numbers as 64-bit floats", "", ""},
		{Column{Attribute: "number"}, "1,234.50", codeSeparator, `"1,234.50": the mapping does not name "," as a separator`, `thousands: ","`, ","},
		{Column{Attribute: "number"}, "1234,5", codeSeparator, `"1234,5": the mapping does not name "," as a separator`, `decimal: ","`, ","},
		{Column{Attribute: "number", Thousands: ","}, "12,34", codeSeparator, `"12,34": "," does not stand between groups of three digits`, "", ""},
		{Column{Attribute: "number", Decimal: ",", Thousands: "."}, "1.5", codeSeparator, `"1.5": "." does not stand between groups of three digits`, "", ""},
		{Column{Attribute: "number"}, "1.23E+11", codeScientific, `"1.23E+11" is a number that a spreadsheet has rounded`, "", "E"},
		{Column{Attribute: "amount"}, "$12", codeSymbol, `"$12" holds a symbol beside the number`, "transform: [strip-currency]", "$"},
		{Column{Attribute: "amount"}, "12 EUR", codeSymbol, `"12 EUR" holds a symbol beside the number`, "transform: [strip-currency]", " "},
		{Column{Attribute: "amount"}, "TWD100", codeSymbol, `"TWD100" holds a symbol beside the number`, "transform: [strip-currency]", "T"},
		{Column{Attribute: "amount"}, "EUR12", codeSymbol, `"EUR12" holds a symbol beside the number`, "transform: [strip-currency]", "E"},
		{Column{Attribute: "amount"}, "12 XYZ", codeSeparator, `"12 XYZ": the mapping does not name " " as a separator`, `thousands: " "`, " "},
		{Column{Attribute: "amount"}, "50%", codeSymbol, `"50%" holds a symbol beside the number`, "", "%"},
		{Column{Attribute: "stars"}, "6", codeRating, `"6" is not a rating`, "", ""},
		{Column{Attribute: "stars"}, "3.5", codeRating, `"3.5" is not a rating`, "", ""},
		{Column{Attribute: "stars"}, "-1", codeRating, `"-1" is not a rating`, "", ""},
		{Column{Attribute: "checkbox"}, "yes", codeCheckbox, `"yes" is neither checked nor unchecked`, `values: {"yes": true}`, ""},
		{Column{Attribute: "plan"}, "Profesional", codeOption, `plan has no option "Profesional"`, "values: {Profesional: Professional}", ""},
		{Column{Attribute: "plan"}, "Zzz", codeOption, `plan has no option "Zzz"`, "missing: create", ""},
		{Column{Attribute: "stage"}, "Won", codeOption, `stage has no status "Won"`, "missing: create", ""},
		{Column{Attribute: "plan"}, "legacy", codeArchived, `the option "Legacy" is archived`, `values: {legacy: ""}`, ""},
		{Column{Attribute: "stage", Missing: "create"}, "Legacy", codeArchived, `the status "Legacy" is archived`, `values: {Legacy: ""}`, ""},
		{Column{Attribute: "tags", Missing: "blank"}, "Free;Legacy", codeArchived, `the option "Legacy" is archived`, `values: {Legacy: ""}`, "Legacy"},
		{Column{Attribute: "tags"}, "Free, Professional", codeOptionComma, `tags has no option "Free, Professional", and it holds a comma`, `split: ","`, ""},
		{Column{Attribute: "tags", Missing: "create"}, "New, Other", codeOptionComma, `tags has no option "New, Other", and it holds a comma`, `split: ","`, ""},
		{Column{Attribute: "tags"}, "Free;Nope", codeOption, `tags has no option "Nope"`, "missing: create", "Nope"},
		{Column{Attribute: "place"}, "1 Loop, Cupertino, CA, USA", codeLocation, `"1 Loop, Cupertino, CA, USA" has more parts than City, State, Country`, "attribute: place.line_1", ""},
		{Column{Attribute: "place"}, "Cupertino,,USA", codeLocation, `"Cupertino,,USA" has an empty part`, "", ""},
		{Column{Attribute: "place"}, "Albany, GA", codeLocationTwice, `"Albany, GA": GA is a state and a country`, "country: US", "GA"},
		{Column{Attribute: "place"}, "A, B, Atlantis", codeCountry, `"Atlantis" is not a country`, "values: {Atlantis: GB}", "Atlantis"},
		{Column{Attribute: "place.country_code"}, "XX", codeCountry, `"XX" is not a country`, "values: {XX: GB}", "XX"},
		{Column{Attribute: "place.latitude"}, "90.1", codeLatitude, `"90.1" is not a latitude`, "", ""},
		{Column{Attribute: "place.latitude"}, "34°", codeLatitude, `"34°" is not a latitude`, "", ""},
		{Column{Attribute: "place.longitude"}, "-180.5", codeLongitude, `"-180.5" is not a longitude`, "", ""},
		{Column{Attribute: "email"}, "ada@", codeEmail, `"ada@" is not an e-mail address`, "", ""},
		{Column{Attribute: "email"}, "@b.com", codeEmail, `"@b.com" is not an e-mail address`, "", ""},
		{Column{Attribute: "email"}, "ada", codeEmail, `"ada" is not an e-mail address`, "", ""},
		{Column{Attribute: "email"}, "a..b@c.com", codeEmail, `"a..b@c.com" is not an e-mail address`, "", ""},
		{Column{Attribute: "email"}, ".a@c.com", codeEmail, `".a@c.com" is not an e-mail address`, "", ""},
		{Column{Attribute: "email"}, "a b@c.com", codeEmail, `"a b@c.com" is not an e-mail address`, "", ""},
		{Column{Attribute: "email"}, "a@c", codeEmail, `"a@c" is not an e-mail address`, "", "c"},
		{Column{Attribute: "email"}, "a@-c.com", codeEmail, `"a@-c.com" is not an e-mail address`, "", "-c.com"},
		{Column{Attribute: "email"}, "a@127.0.0.1", codeEmail, `"a@127.0.0.1" is not an e-mail address`, "", "1"},
		{Column{Attribute: "email"}, "Ada <ada@b.com>", codeEmail, `"Ada <ada@b.com>" is not an e-mail address`, `transform: [regex: {find: ".*<(.*)>", replace: "$1"}]`, ""},
		{Column{Attribute: "email"}, "a@b.test", codeReservedTLD, `"a@b.test" is under .test, which Attio refuses`, "", "test"},
		{Column{Attribute: "email"}, "a@b.INVALID", codeReservedTLD, `"a@b.INVALID" is under .invalid, which Attio refuses`, "", "INVALID"},
		{Column{Attribute: "email"}, "a@b.example", codeReservedTLD, `"a@b.example" is under .example, which Attio refuses`, "", "example"},
		{Column{Attribute: "email"}, "a@b.localhost", codeReservedTLD, `"a@b.localhost" is under .localhost, which Attio refuses`, "", "localhost"},
		{Column{Attribute: "emails"}, "a@b.com, c@d.com", codeEmail, `"a@b.com, c@d.com" is not an e-mail address`, `split: ","`, ""},
		{Column{Attribute: "domain"}, "ada@b.com", codeDomain, `"ada@b.com" is not a domain`, "", ""},
		{Column{Attribute: "domain"}, "acme", codeDomain, `"acme" is not a domain`, "", ""},
		{Column{Attribute: "domain"}, "10.0.0.1", codeDomain, `"10.0.0.1" is not a domain`, "", ""},
		{Column{Attribute: "domain"}, "acme.example", codeTLD, `"acme.example": there is no top-level domain .example`, "", "example"},
		{Column{Attribute: "domains"}, "a.com, b.com", codeDomain, `"a.com, b.com" is not a domain`, `split: ","`, ""},
		{Column{Attribute: "phone"}, "020 7946 0958", codePhoneCountry, `"020 7946 0958" names no country`, "country: GB", ""},
		{Column{Attribute: "phone"}, "+1 000 000 0000", codePhone, `"+1 000 000 0000" is not a valid phone number`, "", ""},
		{Column{Attribute: "phone"}, "call me", codePhone, `"call me" is not a valid phone number`, "", ""},
		{Column{Attribute: "phone"}, "+44 20 7946 0958 ext. 12", codeExtension, `"+44 20 7946 0958 ext. 12" has an extension, which Attio does not keep`, `transform: [regex: {find: " *(x|ext).*", replace: ""}]`, ""},
		{Column{Attribute: "phone"}, "4.42E+11", codeScientific, `"4.42E+11" is a number that a spreadsheet has rounded`, "", ""},
		{Column{Attribute: "owner"}, "nobody@example.com", codeMember, `no member of the workspace is "nobody@example.com"`, "", ""},
		{Column{Attribute: "owner"}, "Grace Hoper", codeMember, `no member of the workspace is "Grace Hoper"; the nearest is Grace Hopper`, "values: {Grace Hoper: \"grace@example.com\"}", ""},
		{Column{Attribute: "owner"}, "Àlan", codeMember, `no member of the workspace is "Àlan"; the nearest is Alan Turing`, "values: {\"Àlan\": \"alan@example.com\"}", ""},
		{Column{Attribute: "owner"}, "Grece", codeMember, `no member of the workspace is "Grece"`, "", ""}, // two are as near
		{Column{Attribute: "owner"}, adaID, codeMember, `no member of the workspace is "` + adaID + `"`, "", ""},
		{Column{Attribute: "owner"}, "Grace", codeMemberTwice, `"Grace" fits several members: grace@example.com, kelly@example.com`, "values: {Grace: grace@example.com}", ""},
		{Column{Attribute: "owner"}, "system", codeActor, `"system" is not a workspace member; no other actor can be written`, "", ""},
		{Column{Attribute: "owner"}, "api-token:" + adaID, codeActor, `"api-token:` + adaID + `" is not a workspace member; no other actor can be written`, "", ""},
		{Column{Attribute: "friends", Reference: "companies.domains"}, "Acme Ltd", codeDomain, `"Acme Ltd" is not a domain`, "", ""},
		{Column{Attribute: "friends", Reference: "companies.domains"}, "acme.com globex.com", codeDomain, `"acme.com globex.com" is not a domain`, `split: " "`, ""},
		{Column{Attribute: "person", Reference: "people.email_addresses"}, "a@b.com, c@d.com", codeEmail, `"a@b.com, c@d.com" is not an e-mail address`, `transform: [split: {at: ",", part: 1}]`, ""},
		{Column{Attribute: "email"}, "a@b.com / c@d.com", codeEmail, `"a@b.com / c@d.com" is not an e-mail address`, `transform: [split: {at: "/", part: 1}]`, ""},
		{Column{Attribute: "emails"}, "a@b.com, c@", codeEmail, `"a@b.com, c@" is not an e-mail address`, "", ""},
		{Column{Attribute: "person"}, "not an id", codeEmail, `"not an id" is not an e-mail address`, "", ""},
		{Column{Attribute: "person", Reference: "people"}, "ada@b.com", codeReference, `"ada@b.com" is not a record id`, "reference: people.email_addresses", ""},
		{Column{Attribute: "friends"}, adaID, codeReference, `"` + adaID + `" does not say which object it is a record of`, "", ""},
		{Column{Attribute: "friends"}, "users:" + adaID, codeTargetObject, `friends cannot refer to "users"`, "", "users"},
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
	s := testSchema()
	s.Members = nil
	p, err := Bind(nil, Input{Columns: []string{"owner"}}, s, BindOptions{Object: "every"})
	require.NoError(t, err)
	for cell, want := range map[string]string{
		memberID:            `{"referenced_actor_type":"workspace-member","referenced_actor_id":"` + memberID + `"}`,
		"Grace@example.com": `{"workspace_member_email_address":"grace@example.com"}`,
	} {
		var rec Record
		require.Empty(t, p.Values(row(cell), &rec))
		require.JSONEq(t, `{"owner":`+want+`}`, string(p.Encode(nil, rec.Fields)))
	}
	var rec Record
	require.Equal(t, codeMember, p.Values(row("Grace"), &rec)[0].Code)
}

// The codes of the table are ascending and explain each code that the package can give.
func TestCodes(t *testing.T) {
	for i, c := range Codes {
		require.Regexp(t, `^VAL\d{3}$`, c.Code)
		require.NotEmpty(t, c.Text)
		if i > 0 {
			require.Less(t, Codes[i-1].Code, c.Code)
		}
	}
	require.Len(t, codecs, 17)
	for _, a := range testSchema().Object("every").Attributes {
		require.Contains(t, codecs, a.Type)
	}
	require.NotContains(t, codecs, attio.Type("unheard-of"))
}
