package mapping

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What Attio's own importer in the app takes (its help pages "Import data into Attio via CSV" and "CSV import formatting guide"), this
// takes, type by type: every form of those pages stands here, with the mapping that a column needs for it, and what it refuses beside it. Where the
// app decides something silently (decimals that are cut, a rating of 0), this asks or refuses, and the row says which.
func TestFormsOfAttiosOwnImporter(t *testing.T) {
	const none = "" // no error
	option := func(id string) string { return `{"option":"` + id + `"}` }
	person := func(object, id string) string {
		return `{"target_object":"` + object + `","target_record_id":"` + id + `"}`
	}
	member := func(id string) string {
		return `{"referenced_actor_type":"workspace-member","referenced_actor_id":"` + id + `"}`
	}
	at := func(parts string) string {
		all := `{"line_1":null,"line_2":null,"line_3":null,"line_4":null,"locality":null,"region":null,"postcode":null,"country_code":null,"latitude":null,"longitude":null}`
		for _, p := range strings.Split(parts, ",") {
			k, v, _ := strings.Cut(p, "=")
			all = strings.Replace(all, `"`+k+`":null`, `"`+k+`":"`+v+`"`, 1)
		}
		return all
	}
	for _, tt := range []struct {
		column Column
		cells  []string
		want   string // the value as it is written, or …
		code   string // … the code with which each of the cells is refused
	}{
		// text: anything, line breaks included
		{Column{Attribute: "text"}, []string{"two\nlines", "two\r\nlines"}, `"two\nlines"`, none},
		{Column{Attribute: "text"}, []string{"=1+1; \"quoted\""}, `"=1+1; \"quoted\""`, none},
		// number: the decimal separator is chosen for the column; no infinity; more than four decimals the app cuts
		{Column{Attribute: "number"}, []string{"9", "9.00"}, "9", none},
		{Column{Attribute: "number", Decimal: ","}, []string{"9", "9,00"}, "9", none},
		{Column{Attribute: "number"}, []string{"1312313123.1233"}, "1312313123.1233", none},
		{Column{Attribute: "number"}, []string{"Infinity", "-inf", "NaN", "nine"}, "", codeNumber},
		{Column{Attribute: "number"}, []string{"1.23456"}, "", codeDecimals},
		{Column{Attribute: "number"}, []string{"9,00"}, "", codeSeparator},
		// currency: as number, without symbols
		{Column{Attribute: "amount"}, []string{"9", "9.00"}, `{"currency_value":9}`, none},
		{Column{Attribute: "amount"}, []string{"$9", "9 €", "9%"}, "", codeSymbol},
		// checkbox
		{Column{Attribute: "checkbox"}, []string{"1", "true", "TRUE", "#t"}, "true", none},
		{Column{Attribute: "checkbox"}, []string{"0", "false", "FALSE", "#f"}, "false", none},
		{Column{Attribute: "checkbox"}, []string{"yes", "2", "x"}, "", codeCheckbox},
		// date: the format is chosen for the column
		{Column{Attribute: "day"}, []string{"2024-07-14"}, `"2024-07-14"`, none},
		{
			Column{Attribute: "day", Format: "european"},
			[]string{"14/07/2024", "14-07-2024", "14 07 2024", "14/7/2024", "14.07.2024", "14 Jul 2024", "14 Jul, 2024", "14 July 2024", "14th July 2024", "14th July, 2024"},
			`"2024-07-14"`, none,
		},
		{
			Column{Attribute: "day", Format: "american"},
			[]string{"07/14/2024", "07-14-2024", "07 14 2024", "7/14/2024", "Jul 14 2024", "Jul 14, 2024", "July 14 2024", "July 14th 2024", "July 14th, 2024"},
			`"2024-07-14"`, none,
		},
		{Column{Attribute: "day"}, []string{"14/07/2024", "07/14/2024"}, "", codeDateFormat},
		{Column{Attribute: "day", Format: "european"}, []string{"07/14/2024", "31/06/2024"}, "", codeNoSuchDay},
		{Column{Attribute: "day", Format: "european"}, []string{"2024-07-14"}, "", codeDateFormat},
		// timestamp: ISO 8601 and any prefix of it; the other forms with a time behind them
		{Column{Attribute: "at"}, []string{"2024-11-01T01:02:03.456789234Z", "2024-11-01T01:02:03.456789234"}, `"2024-11-01T01:02:03.456789234Z"`, none},
		{Column{Attribute: "at"}, []string{"2024-11-01T01:02:03Z", "2024-11-01T01:02:03", "2024-11-01 01:02:03"}, `"2024-11-01T01:02:03.000000000Z"`, none},
		{Column{Attribute: "at"}, []string{"2024-11-01T01:02Z", "2024-11-01T01:02"}, `"2024-11-01T01:02:00.000000000Z"`, none},
		{Column{Attribute: "at"}, []string{"2024-11-01T01"}, `"2024-11-01T01:00:00.000000000Z"`, none},
		{Column{Attribute: "at"}, []string{"2024-11-01", "2024-11"}, `"2024-11-01T00:00:00.000000000Z"`, none},
		{Column{Attribute: "at"}, []string{"2024"}, `"2024-01-01T00:00:00.000000000Z"`, none},
		{Column{Attribute: "at", Format: "european"}, []string{"14/07/2024 10:30", "14th July, 2024 10:30:00"}, `"2024-07-14T10:30:00.000000000Z"`, none},
		{Column{Attribute: "at", Format: "american"}, []string{"07/14/2024 10:30", "July 14th, 2024 10:30 AM"}, `"2024-07-14T10:30:00.000000000Z"`, none},
		{Column{Attribute: "at"}, []string{"07/14/2024 10:30"}, "", codeDateFormat},
		// rating: 1 to 5; 0, which is no value to the app, is written as 0
		{Column{Attribute: "stars"}, []string{"1"}, "1", none}, {Column{Attribute: "stars"}, []string{"5"}, "5", none}, {Column{Attribute: "stars"}, []string{"0"}, "0", none},
		{Column{Attribute: "stars"}, []string{"6", "-1", "2.5"}, "", codeRating},
		// select, status: the title in any case, or the id
		{Column{Attribute: "plan"}, []string{"Professional", "PROFESSIONAL", "professional", proID}, option(proID), none},
		{Column{Attribute: "stage"}, []string{"Free", "fREE", freeID}, `{"status":"` + freeID + `"}`, none},
		{Column{Attribute: "plan"}, []string{"Platinum"}, "", codeOption},
		// multi-select: titles separated by a comma and an optional space, said once for the column
		{Column{Attribute: "tags", Split: ","}, []string{"Free,Professional", "free, professional"}, `[` + option(freeID) + `,` + option(proID) + `]`, none},
		{Column{Attribute: "tags"}, []string{"Free, Professional"}, "", codeOptionComma},
		// personal name: one column, or one for each part
		{Column{Attribute: "full"}, []string{"Nicolas Sharp"}, `{"first_name":"Nicolas","last_name":"Sharp","full_name":"Nicolas Sharp"}`, none},
		{Column{Attribute: "full.first_name"}, []string{"Nicolas"}, `{"first_name":"Nicolas","last_name":"","full_name":"Nicolas"}`, none},
		{Column{Attribute: "full.last_name"}, []string{"Sharp"}, `{"first_name":"","last_name":"Sharp","full_name":"Sharp"}`, none},
		// location: City, State, Country, or some of it
		{Column{Attribute: "place"}, []string{"Austin, Texas, United States", "Austin, Texas, US"}, at("locality=Austin,region=Texas,country_code=US"), none},
		{Column{Attribute: "place"}, []string{"London, United Kingdom"}, at("locality=London,country_code=GB"), none},
		{Column{Attribute: "place"}, []string{"Austin, Texas"}, at("locality=Austin,region=Texas"), none},
		{Column{Attribute: "place"}, []string{"Austin"}, at("locality=Austin"), none},
		{Column{Attribute: "place"}, []string{"United States"}, at("country_code=US"), none},
		{Column{Attribute: "place"}, []string{"1 Main St, Austin, Texas, United States"}, "", codeLocation},
		// phone: E.164, hyphens allowed, checked against real plans
		{Column{Attribute: "phone"}, []string{"+12125550123", "+1-212-555-0123"}, `{"original_phone_number":"+12125550123","country_code":"US"}`, none},
		{Column{Attribute: "phone"}, []string{"212-555-0123"}, "", codePhoneCountry},
		{Column{Attribute: "phone"}, []string{"+1212", "+999123456789"}, "", codePhone},
		// domain, e-mail: as such; several separated by commas
		{Column{Attribute: "domain"}, []string{"attio.com"}, `{"domain":"attio.com"}`, none},
		{Column{Attribute: "domains", Split: ","}, []string{"attio.com,attio.org", "attio.com, attio.org"}, `[{"domain":"attio.com"},{"domain":"attio.org"}]`, none},
		{Column{Attribute: "domain"}, []string{"attio"}, "", codeDomain},
		{Column{Attribute: "email"}, []string{"ada@attio.com"}, `{"email_address":"ada@attio.com"}`, none},
		{Column{Attribute: "emails", Split: ","}, []string{"a@attio.com,b@attio.com", "a@attio.com, b@attio.com"}, `[{"email_address":"a@attio.com"},{"email_address":"b@attio.com"}]`, none},
		{Column{Attribute: "email"}, []string{"ada", "ada@"}, "", codeEmail},
		// workspace member: id, e-mail, full name, first name; none or several is an error
		{Column{Attribute: "owner"}, []string{memberID, "grace@example.com", "Grace Hopper"}, member(memberID), none},
		{Column{Attribute: "owner"}, []string{"Alan"}, member("835cebb2-d0d3-4c03-8485-44354bdf4cb3"), none},
		{Column{Attribute: "owner"}, []string{"Nobody"}, "", codeMember},
		{Column{Attribute: "owner"}, []string{"Grace"}, "", codeMemberTwice},
		// record reference: "Company > Record ID"; "Company > Domains" is looked up before the first write
		{Column{Attribute: "person", Reference: "people.record_id"}, []string{adaID}, person("people", adaID), none},
		{Column{Attribute: "person", Reference: "people.email_addresses"}, []string{"ada@attio.com"}, person("people", ""), none},
		{Column{Attribute: "person"}, []string{"Ada Lovelace"}, "", codeEmail},
	} {
		for _, cell := range tt.cells {
			t.Run(tt.column.Attribute+"/"+cell, func(t *testing.T) {
				p, rec, errs := cellOf(t, tt.column, Cell{Text: cell})
				if tt.code != none {
					require.Len(t, errs, 1)
					require.Equal(t, tt.code, errs[0].Code, errs[0].Error())
					return
				}
				require.Empty(t, errs)
				require.Len(t, rec.Fields, 1)
				require.JSONEq(t, `{"`+rec.Fields[0].Attr.Slug+`":`+tt.want+`}`, string(p.Encode(nil, rec.Fields)))
			})
		}
	}
}

// Blank cells change nothing, and a row of nothing else is skipped.
func TestBlankCellsOfAttiosOwnImporter(t *testing.T) {
	for _, o := range testSchema().Object("every").Attributes {
		if !o.Writable {
			continue
		}
		for _, blank := range []string{"", "  ", "\u00a0"} {
			if strings.TrimSpace(blank) == "" && blank != "" && o.Slug == "text" {
				continue // cells of text are taken exactly as they are
			}
			_, rec, errs := cellOf(t, Column{Attribute: o.Slug}, Cell{Text: blank})
			require.Empty(t, errs, o.Slug)
			require.Empty(t, rec.Fields, "%s: %q", o.Slug, blank)
		}
	}
}
