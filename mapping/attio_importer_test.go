package mapping

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// What Attio's own importer in the app takes (its help pages "Import data into Attio via CSV" and "CSV import
// formatting guide"), this takes, type by type: every form of those pages stands here, with the mapping that a column
// needs for it, and what it refuses beside it. Where the app decides something silently (decimals that are cut, a
// rating of 0), this asks or refuses, and the row says which.
func TestFormsOfAttiosOwnImporter(t *testing.T) {
	const (
		none = ""      // no error
		asIs = "as is" // the value is the cell
	)
	option := func(id string) string { return `{"option":"` + id + `"}` }
	person := func(object, id string) string {
		return `{"target_object":"` + object + `","target_record_id":"` + id + `"}`
	}
	member := func(id string) string {
		return `{"referenced_actor_type":"workspace-member","referenced_actor_id":"` + id + `"}`
	}
	at := func(parts string) string {
		all := `{"line_1":null,"line_2":null,"line_3":null,"line_4":null,"locality":null,"region":null,"postcode":null,` +
			`"country_code":null,"latitude":null,"longitude":null}`
		for _, p := range strings.Split(parts, ",") {
			k, v, _ := strings.Cut(p, "=")
			all = strings.Replace(all, `"`+k+`":null`, `"`+k+`":"`+v+`"`, 1)
		}
		return all
	}
	european := []string{"14/07/2024", "14-07-2024", "14 07 2024", "14/7/2024", "14.07.2024", "14 Jul 2024",
		"14 Jul, 2024", "14 July 2024", "14th July 2024", "14th July, 2024"}
	american := []string{"07/14/2024", "07-14-2024", "07 14 2024", "7/14/2024", "Jul 14 2024", "Jul 14, 2024",
		"July 14 2024", "July 14th 2024", "July 14th, 2024"}
	timed := func(dates []string) (all []string) {
		for _, d := range dates {
			for _, at := range []string{" 10:30", ", 10:30", " 10:30:00", " 10:30:00.0", " 10:30 AM", " 10:30Z",
				" 12:30+02:00"} {
				all = append(all, d+at)
			}
		}
		return all
	}
	for _, tt := range []struct {
		column mapfile.Column
		cells  []string
		want   string // the value as it is written, or …
		code   string // … the code with which each of the cells is refused
	}{
		// text: anything, line breaks included
		{mapfile.Column{Attribute: "text"}, []string{"two\nlines", "two\r\nlines"}, `"two\nlines"`, none},
		{mapfile.Column{Attribute: "text"}, []string{"=1+1; \"quoted\""}, `"=1+1; \"quoted\""`, none},
		{mapfile.Column{Attribute: "text"}, []string{"007", " 1.50 ", "TRUE", "2024-1"}, asIs, none},
		// number: the decimal separator is chosen for the column; no infinity; more than four decimals the app cuts
		{mapfile.Column{Attribute: "number"}, []string{"9", "9.00"}, "9", none},
		{mapfile.Column{Attribute: "number", Decimal: ","}, []string{"9", "9,00"}, "9", none},
		{mapfile.Column{Attribute: "number"}, []string{"1312313123.1233"}, "1312313123.1233", none},
		{mapfile.Column{Attribute: "number"}, []string{"Infinity", "-inf", "NaN", "nine"}, "", value.CodeNumber},
		{mapfile.Column{Attribute: "number", Decimal: ","}, []string{"1312313123,1233"}, "1312313123.1233", none},
		{mapfile.Column{Attribute: "number"}, []string{"1.23456"}, "", value.CodeDecimals},
		{mapfile.Column{Attribute: "number", Decimal: ","}, []string{"9.00"}, "", value.CodeSeparator},
		{mapfile.Column{Attribute: "number"}, []string{"9,00"}, "", value.CodeSeparator},
		// currency: as number, without symbols
		{mapfile.Column{Attribute: "amount"}, []string{"9", "9.00"}, `{"currency_value":9}`, none},
		{mapfile.Column{Attribute: "amount", Decimal: ","}, []string{"1312313123,1233"},
			`{"currency_value":1312313123.1233}`, none},
		{mapfile.Column{Attribute: "amount"}, []string{"9,00"}, "", value.CodeSeparator},
		{mapfile.Column{Attribute: "amount"}, []string{"1.23456"}, "", value.CodeDecimals},
		{mapfile.Column{Attribute: "amount"}, []string{"9 €", "9%"}, "", value.CodeSymbol},
		{mapfile.Column{Attribute: "amount"}, []string{"$9"}, "", value.CodeCurrency},
		// checkbox
		{mapfile.Column{Attribute: "checkbox"}, []string{"1", "true", "TRUE", "#t"}, "true", none},
		{mapfile.Column{Attribute: "checkbox"}, []string{"0", "false", "FALSE", "#f"}, "false", none},
		{mapfile.Column{Attribute: "checkbox"}, []string{"yes", "2", "x", "#", "t", "01"}, "", value.CodeCheckbox},
		// date: the format is chosen for the column
		{mapfile.Column{Attribute: "day"}, []string{"2024-07-14"}, `"2024-07-14"`, none},
		{
			mapfile.Column{Attribute: "day", Format: "european"},
			european, `"2024-07-14"`, none,
		},
		{
			mapfile.Column{Attribute: "day", Format: "american"},
			american, `"2024-07-14"`, none,
		},
		{mapfile.Column{Attribute: "day"}, slices.Concat(european, american), "", value.CodeDateFormat},
		{mapfile.Column{Attribute: "day", Format: "european"}, []string{"07/14/2024", "31/06/2024"}, "", value.CodeNoSuchDay},
		{mapfile.Column{Attribute: "day", Format: "american"}, []string{"14/07/2024", "06/31/2024"}, "", value.CodeNoSuchDay},
		{mapfile.Column{Attribute: "day", Format: "european"},
			[]string{"2024-07-14", "Jul 14 2024", "14/07/24", "14//07/2024"}, "", value.CodeDateFormat},
		{mapfile.Column{Attribute: "day", Format: "american"}, []string{"2024-07-14", "14 Jul 2024", "07/14/24"}, "",
			value.CodeDateFormat},
		// timestamp: ISO 8601 and any prefix of it; the other forms with a time behind them
		{mapfile.Column{Attribute: "at"}, []string{"2024-11-01T01:02:03.456789234Z", "2024-11-01T01:02:03.456789234"},
			`"2024-11-01T01:02:03.456789234Z"`, none},
		{mapfile.Column{Attribute: "at"}, []string{"2024-11-01T01:02:03Z", "2024-11-01T01:02:03", "2024-11-01 01:02:03"},
			`"2024-11-01T01:02:03.000000000Z"`, none},
		// (what becomes of every single prefix: TestEveryPrefixOfATime)
		{mapfile.Column{Attribute: "at"}, []string{"2024-11-01T01:02:03."}, `"2024-11-01T01:02:03.000000000Z"`, none},
		{mapfile.Column{Attribute: "at"}, []string{"2024-11-01T01:02Z", "2024-11-01T01:02", "2024-11-01T01:02:"},
			`"2024-11-01T01:02:00.000000000Z"`, none},
		{mapfile.Column{Attribute: "at"}, []string{"2024-11-01T01", "2024-11-01T01:", "2024-11-01T01Z"},
			`"2024-11-01T01:00:00.000000000Z"`, none},
		{mapfile.Column{Attribute: "at"}, []string{"2024-11-01", "2024-11-01T", "2024-11", "2024-11-"},
			`"2024-11-01T00:00:00.000000000Z"`, none},
		{mapfile.Column{Attribute: "at"}, []string{"2024", "2024-"}, `"2024-01-01T00:00:00.000000000Z"`, none},
		{mapfile.Column{Attribute: "at"}, []string{"2024-1", "2024-11-0", "2024-11-01T0", "2024-11-01T01:0", "202"}, "",
			value.CodeDate},
		{mapfile.Column{Attribute: "at", Format: "european"}, european, `"2024-07-14T00:00:00.000000000Z"`, none},
		{mapfile.Column{Attribute: "at", Format: "american"}, american, `"2024-07-14T00:00:00.000000000Z"`, none},
		{mapfile.Column{Attribute: "at", Format: "european"}, timed(european), `"2024-07-14T10:30:00.000000000Z"`, none},
		{mapfile.Column{Attribute: "at", Format: "american"}, timed(american), `"2024-07-14T10:30:00.000000000Z"`, none},
		{mapfile.Column{Attribute: "at"}, slices.Concat(timed(european), timed(american)), "", value.CodeDateFormat},
		{mapfile.Column{Attribute: "at", Format: "european"},
			[]string{"14/07/2024 10", "14/07/2024 10:3", "14/07/2024 10:30 XM", "14/07/2024 13:30 PM"}, "",
			value.CodeDateFormat},
		// rating: 1 to 5; 0, which is no value to the app, is written as 0
		{mapfile.Column{Attribute: "stars"}, []string{"1"}, "1", none},
		{mapfile.Column{Attribute: "stars"}, []string{"2"}, "2", none},
		{mapfile.Column{Attribute: "stars"}, []string{"3"}, "3", none},
		{mapfile.Column{Attribute: "stars"}, []string{"4"}, "4", none},
		{mapfile.Column{Attribute: "stars"}, []string{"5"}, "5", none},
		{mapfile.Column{Attribute: "stars"}, []string{"0"}, "0", none},
		{mapfile.Column{Attribute: "stars"}, []string{"6", "-1", "2.5"}, "", value.CodeRating},
		{mapfile.Column{Attribute: "stars"}, []string{"five", "★★"}, "", value.CodeNumber},
		// select, status: the title in any case, or the id
		{mapfile.Column{Attribute: "plan"}, []string{"Professional", "PROFESSIONAL", "professional", world.ProID},
			option(world.ProID), none},
		{mapfile.Column{Attribute: "stage"}, []string{"Free", "fREE", world.FreeID}, `{"status":"` + world.FreeID + `"}`,
			none},
		{mapfile.Column{Attribute: "plan"}, []string{"Platinum", world.AdaID}, "", value.CodeOption},
		{mapfile.Column{Attribute: "stage"}, []string{"Platinum", world.AdaID}, "", value.CodeOption},
		{mapfile.Column{Attribute: "plan"}, []string{"Legacy", "legacy", world.OldID}, "", value.CodeArchived},
		{mapfile.Column{Attribute: "stage"}, []string{"Legacy"}, "", value.CodeArchived},
		// multi-select: titles separated by a comma and an optional space, said once for the column
		{mapfile.Column{Attribute: "tags", Split: ","}, []string{"Free,Professional", "free, professional"}, `[` +
			option(world.FreeID) + `,` + option(world.ProID) + `]`, none},
		{mapfile.Column{Attribute: "tags"}, []string{"Free, Professional"}, "", value.CodeOptionComma},
		{mapfile.Column{Attribute: "tags", Split: ","}, []string{"Free, Platinum"}, "", value.CodeOption},
		// personal name: one column, or one for each part
		{mapfile.Column{Attribute: "full"}, []string{"Nicolas Sharp"},
			`{"first_name":"Nicolas","last_name":"Sharp","full_name":"Nicolas Sharp"}`, none},
		{mapfile.Column{Attribute: "full.first_name"}, []string{"Nicolas"},
			`{"first_name":"Nicolas","last_name":"","full_name":"Nicolas"}`, none},
		{mapfile.Column{Attribute: "full.last_name"}, []string{"Sharp"},
			`{"first_name":"","last_name":"Sharp","full_name":"Sharp"}`, none},
		// location: City, State, Country, or some of it
		{mapfile.Column{Attribute: "place"}, []string{"Austin, Texas, United States", "Austin, Texas, US"},
			at("locality=Austin,region=Texas,country_code=US"), none},
		{mapfile.Column{Attribute: "place"}, []string{"London, United Kingdom"}, at("locality=London,country_code=GB"), none},
		{mapfile.Column{Attribute: "place"}, []string{"Austin, Texas"}, at("locality=Austin,region=Texas"), none},
		{mapfile.Column{Attribute: "place"}, []string{"Austin"}, at("locality=Austin"), none},
		{mapfile.Column{Attribute: "place", Country: "US"}, []string{"Albany, GA"},
			at("locality=Albany,region=GA,country_code=US"), none},
		{mapfile.Column{Attribute: "place"}, []string{"United States"}, at("country_code=US"), none},
		{mapfile.Column{Attribute: "place"}, []string{"Austin, Texas, Atlantis"}, "", value.CodeCountry},
		{mapfile.Column{Attribute: "place"}, []string{"Albany, GA"}, "", value.CodeLocationTwice},
		{mapfile.Column{Attribute: "place"}, []string{"1 Main St, Austin, Texas, United States"}, "", value.CodeLocation},
		// phone: E.164, hyphens allowed, checked against real plans
		{mapfile.Column{Attribute: "phone"}, []string{"+12125550123", "+1-212-555-0123"},
			`{"original_phone_number":"+12125550123","country_code":"US"}`, none},
		{mapfile.Column{Attribute: "phone"}, []string{"212-555-0123"}, "", value.CodePhoneCountry},
		{mapfile.Column{Attribute: "phone"}, []string{"+1212", "+999123456789"}, "", value.CodePhone},
		// domain, e-mail: as such; several separated by commas
		{mapfile.Column{Attribute: "domain"}, []string{"attio.com"}, `{"domain":"attio.com"}`, none},
		{mapfile.Column{Attribute: "domains", Split: ","}, []string{"attio.com,attio.org", "attio.com, attio.org"},
			`[{"domain":"attio.com"},{"domain":"attio.org"}]`, none},
		{mapfile.Column{Attribute: "domain"}, []string{"attio"}, "", value.CodeDomain},
		{mapfile.Column{Attribute: "domains"}, []string{"attio.com, attio.org"}, "", value.CodeDomain},
		{mapfile.Column{Attribute: "email"}, []string{"ada@attio.com"}, `{"email_address":"ada@attio.com"}`, none},
		{mapfile.Column{Attribute: "emails", Split: ","}, []string{"a@attio.com,b@attio.com", "a@attio.com, b@attio.com"},
			`[{"email_address":"a@attio.com"},{"email_address":"b@attio.com"}]`, none},
		{mapfile.Column{Attribute: "email"}, []string{"ada", "ada@"}, "", value.CodeEmail},
		{mapfile.Column{Attribute: "emails"}, []string{"a@attio.com, b@attio.com"}, "", value.CodeEmail},
		// workspace member: id, e-mail, full name, first name; none or several is an error
		{mapfile.Column{Attribute: "owner"},
			[]string{world.MemberID, "grace@example.com", "Grace@Example.com", "Grace Hopper", "grace hopper"},
			member(world.MemberID), none},
		{mapfile.Column{Attribute: "owner"}, []string{"Alan"}, member("835cebb2-d0d3-4c03-8485-44354bdf4cb3"), none},
		{mapfile.Column{Attribute: "owner"}, []string{"Nobody", "Hopper", "grace@example.org", world.AdaID}, "",
			value.CodeMember},
		{mapfile.Column{Attribute: "owner"}, []string{"Grace"}, "", value.CodeMemberTwice},
		// record reference: "Company > Record ID"; "Company > Domains" is looked up before the first write
		{mapfile.Column{Attribute: "person", Reference: "people.record_id"}, []string{world.AdaID},
			person("people", world.AdaID), none},
		{mapfile.Column{Attribute: "person", Reference: "people.email_addresses"}, []string{"ada@attio.com"},
			person("people", ""), none},
		{mapfile.Column{Attribute: "friends", Reference: "companies.domains", Split: ","}, []string{"attio.com, attio.org"},
			`[` + person("companies", "") + `,` + person("companies", "") + `]`, none},
		{mapfile.Column{Attribute: "friends", Reference: "companies.record_id"}, []string{world.AdaID}, `[` +
			person("companies", world.AdaID) + `]`, none},
		{mapfile.Column{Attribute: "person"}, []string{"Ada Lovelace"}, "", value.CodeEmail},
		{mapfile.Column{Attribute: "friends", Reference: "companies.domains"}, []string{"Attio Ltd"}, "", value.CodeDomain},
		{mapfile.Column{Attribute: "person", Reference: "people.record_id"}, []string{"ada@attio.com", "1"}, "",
			value.CodeReference},
	} {
		for _, cell := range tt.cells {
			t.Run(tt.column.Attribute+"/"+cell, func(t *testing.T) {
				p, rec, errs := cellOf(t, tt.column, Cell{Text: cell})
				want := tt.want
				if want == asIs {
					want = string(value.Quote(nil, cell))
				}
				if tt.code != none {
					require.Len(t, errs, 1)
					require.Equal(t, tt.code, errs[0].Code, errs[0].Error())
					return
				}
				require.Empty(t, errs)
				require.Len(t, rec.Fields, 1)
				require.JSONEq(t, `{"`+rec.Fields[0].Attr.Slug+`":`+want+`}`, string(p.Encode(nil, rec.Fields)))
			})
		}
	}
}

// Blank cells change nothing, and a row of nothing else is skipped.
func TestBlankCellsOfAttiosOwnImporter(t *testing.T) {
	for _, o := range world.Schema().Object("every").Attributes {
		if !o.Writable {
			continue
		}
		for _, blank := range []string{"", "  ", "\u00a0"} {
			if strings.TrimSpace(blank) == "" && blank != "" && o.Slug == "text" {
				continue // cells of text are taken exactly as they are
			}
			_, rec, errs := cellOf(t, mapfile.Column{Attribute: o.Slug}, Cell{Text: blank})
			require.Empty(t, errs, o.Slug)
			require.Empty(t, rec.Fields, "%s: %q", o.Slug, blank)
		}
	}
}

// A personal name from a column for each part, in any order.
func TestNamePartsOfAttiosOwnImporter(t *testing.T) {
	p := bindHeaders(t, "every", Create, "full.last_name", "full.first_name")
	var rec Record
	require.Empty(t, p.Values(row("Sharp", "Nicolas"), &rec))
	require.JSONEq(t, `{"full":{"first_name":"Nicolas","last_name":"Sharp","full_name":"Nicolas Sharp"}}`,
		string(p.Encode(nil, rec.Fields)))
	_, err := Bind(nil, Input{Name: "f.csv", Columns: []string{"full", "full.last_name"}}, world.Schema(),
		BindOptions{Object: "every"})
	require.ErrorContains(t, err, `the columns "full" and "full.last_name" both fill full.last_name`)
}

// The ten parts of a location, each in a column of its own, beside the one cell of the table above.
func TestLocationPartsOfAttiosOwnImporter(t *testing.T) {
	var headers []string
	for _, part := range value.Parts(attio.TypeLocation) {
		headers = append(headers, "place."+part)
	}
	p := bindHeaders(t, "every", Create, headers...)
	var rec Record
	require.Empty(t, p.Values(
		row("1 Main St", "Floor 2", "c/o X", "Rear", "Austin", "Texas", "78701", "United States", "30.2672", "-97.7431"),
		&rec))
	require.JSONEq(t, `{"place":{"line_1":"1 Main St","line_2":"Floor 2","line_3":"c/o X","line_4":"Rear",`+
		`"locality":"Austin","region":"Texas","postcode":"78701","country_code":"US","latitude":"30.2672",`+
		`"longitude":"-97.7431"}}`,
		string(p.Encode(nil, rec.Fields)))
	var codes []string
	for _, e := range p.Values(row("", "", "", "", "", "", "", "Atlantis", "91", "-181"), &rec) {
		codes = append(codes, e.Code)
	}
	require.Equal(t, []string{value.CodeCountry, value.CodeLatitude, value.CodeLongitude}, codes)
}

// Existing records are found by the attributes that Attio's own import knows for each object. Where two could
// identify one, this asks.
func TestHowAttiosOwnImporterFindsRecords(t *testing.T) {
	for _, tt := range []struct{ object, headers, match, refused string }{
		{"companies", "Name,Domains", "domains", ""},
		{"people", "Name,Email addresses", "email_addresses", ""},
		{"users", "User ID,Primary email address", "", "primary_email_address and user_id could each identify a record"},
		{"users", "User ID,Full name", "user_id", ""},
		{"users", "Full name,Primary email address", "primary_email_address", ""},
		{"workspaces", "Workspace ID,Name", "workspace_id", ""},
		// as deals, which have none
		{"every", "Text", "", "mode upsert needs a column for a unique attribute of every, or a record_id column"},
		{"every", "record_id,Text", "record_id", ""},
	} {
		p, err := Bind(nil, Input{Name: "f.csv", Columns: strings.Split(tt.headers, ",")}, world.Schema(),
			BindOptions{Object: tt.object, Mode: Upsert})
		switch {
		case tt.refused != "":
			require.ErrorContains(t, err, tt.refused)
		case tt.match == "record_id":
			require.NoError(t, err)
			require.Nil(t, p.Match)
			require.NotNil(t, p.id)
		default:
			require.NoError(t, err)
			require.Equal(t, tt.match, p.Match.Slug)
		}
	}
}
