package propose

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// propose proposes for a file of these columns; cells are the columns' cells, top down.
func proposed(t *testing.T, object string, headers []string, cells ...[]string) *Proposal {
	t.Helper()
	profiles := make([]*Profile, len(headers))
	for i, h := range headers {
		profiles[i] = NewProfile(h)
		for n, text := range cells[i] {
			profiles[i].Add(&mapping.Cell{Text: text, Line: int32(n + 2)})
		}
	}
	p, err := Propose(mapping.Input{Name: "file.csv", Columns: headers}, profiles, proposeSchema(),
		Options{Object: object})
	require.NoError(t, err)
	return p
}

// bound parses and binds a mapping for the headers.
func bound(t *testing.T, text, object string, headers []string) error {
	t.Helper()
	f, err := mapfile.Parse("file.yaml", []byte(text))
	require.NoError(t, err, text)
	_, err = mapping.Bind(f, mapping.Input{Name: "file.csv", Columns: headers}, proposeSchema(),
		mapping.BindOptions{Object: object})
	return err
}

func TestProposesForOneColumn(t *testing.T) {
	for _, c := range []struct {
		name, header string
		cells        string // divided by |
		want         string // the entry on one line, or those to choose from, a line each, behind what is asked
	}{
		{"iso dates", "Day", "2024-07-14|2024-02-29", `{column: Day, attribute: day}`},
		{"day first", "Day", "03/04/2024|14/07/2024", `{column: Day, attribute: day, format: european}`},
		{"month first", "Day", "03/04/2024|07/14/2024", `{column: Day, attribute: day, format: american}`},
		{"dots", "Day", "03.04.2024|14.07.2024", `{column: Day, attribute: day, format: DD.MM.YYYY}`},
		{"dots, days up to 12 only", "Day", "03.04.2024|04.03.2024", `{column: Day, attribute: day, format: DD.MM.YYYY}`},
		{"dots of one digit", "Day", "3.4.2024|14.7.2024", `{column: Day, attribute: day, format: european}`},
		{"two digits of a year", "Day", "3/4/24|7/14/24", `{column: Day, attribute: day, format: M/D/YY}`},
		{"month names", "Day", "3 Apr 2024|14th July 2024", `{column: Day, attribute: day, format: european}`},
		{"slashes, year first", "Day", "2024/07/14|2024/02/03", `{column: Day, attribute: day, format: YYYY/MM/DD}`},
		{"both orders", "Day", "03/04/2024|05/06/2024", "all 2 dates fit both orders, such as \"05/06/2024\"\n" +
			"{column: Day, attribute: day, format: european} 05/06/2024 is 5 June 2024\n{column: Day, attribute: day, format: " +
			"american} 05/06/2024 is 6 May 2024"},
		{"one slip among many", "Day", "14/07/2024|15/07/2024|16/07/2024|soon",
			`{column: Day, attribute: day, format: european}`},
		{"mixed orders", "Day", "14/07/2024|07/14/2024",
			"1 date can only be read with the day first, 1 only with the month first, such as \"07/14/2024\"\n" +
				"{column: Day, attribute: day, format: european} refuses 07/14/2024\n{column: Day, attribute: day, format: " +
				"american} 07/14/2024 is 14 July 2024; refuses 1 of 2 cells"},
		{"day numbers", "Day", "45487|45488", "all 2 cells are day numbers of a spreadsheet, such as 45487\n" +
			"{column: Day, attribute: day, format: excel} 45487 is 14 July 2024\n{column: Day, attribute: day, format: " +
			"excel1904} 45487 is 15 July 2028"},
		{"no dates", "Day", "soon|later",
			"no cell is a date, such as \"later\""},
		{"words for blank cells", "Day", "2024-07-14|n/a|-|2024-07-15",
			`{column: Day, attribute: day, values: {"-": "", n/a: ""}}`},
		{"times", "Moment", "14/07/2024 10:30|15/07/2024 8:05", `{column: Moment, attribute: moment, format: european}`},
		{"one day number", "Day", "45487", "the 1 cell is a day number of a spreadsheet, such as 45487\n" +
			"{column: Day, attribute: day, format: excel} 45487 is 14 July 2024\n" +
			"{column: Day, attribute: day, format: excel1904} 45487 is 15 July 2028"},
		{"one date", "Day", "03/04/2024", "the 1 date fits both orders, such as \"03/04/2024\"\n" +
			"{column: Day, attribute: day, format: european} 03/04/2024 is 3 April 2024\n" +
			"{column: Day, attribute: day, format: american} 03/04/2024 is 4 March 2024"},
		{"seconds", "Moment", "1720951200|1720951300", `{column: Moment, attribute: moment, format: unix}`},
		{"plain numbers", "Amount", "12|1234.5|-3", `{column: Amount, attribute: amount}`},
		{"decimal comma", "Amount", "12|1234,5|29,00", `{column: Amount, attribute: amount, decimal: ","}`},
		{"decimal comma and points", "Amount", "12|1.234,5|29,00",
			`{column: Amount, attribute: amount, decimal: ",", thousands: "."}`},
		{"grouping commas", "Amount", "1,234.50|12", `{column: Amount, attribute: amount, thousands: ","}`},
		{"millions", "Amount", "1,234,567|12", `{column: Amount, attribute: amount, thousands: ","}`},
		{"apostrophes", "Amount", "1'234.50|12", `{column: Amount, attribute: amount, thousands: "'"}`},
		{"blanks and a comma", "Amount", "1 234,50|12", `{column: Amount, attribute: amount, decimal: ",", thousands: " "}`},
		{"a currency", "Amount", "$1,234.50|USD 12",
			`{column: Amount, attribute: amount, thousands: ",", transform: [strip-currency]}`},
		{"a comma in both ways", "Amount", "1,234|12", "the separator can be read in 2 ways, such as \"1,234\"\n" +
			"{column: Amount, attribute: amount, decimal: \",\"} \"1,234\" is 1.234\n{column: Amount, attribute: amount, " +
			"thousands: \",\"} \"1,234\" is 1234"},
		{"a point in both ways", "Amount", "1.234|12", "the separator can be read in 2 ways, such as \"1.234\"\n" +
			"{column: Amount, attribute: amount} \"1.234\" is 1.234\n{column: Amount, attribute: amount, decimal: \",\", " +
			"thousands: \".\"} \"1.234\" is 1234"},
		{"a misspelt header whose cells are checked or not", "Donne", "true|#f|0",
			`{column: Donne, attribute: done}`},
		{"checked", "Done", "TRUE|0|#f", `{column: Done, attribute: done}`},
		{"words for yes", "Done", "Yes|ja|nein|1",
			`{column: Done, attribute: done, values: {"Yes": "true", ja: "true", nein: "false"}}`},
		{"other words", "Done", "perhaps|yes",
			"is it checked for perhaps (1)?\n{column: Done, attribute: done, values: {perhaps: \"true\", \"yes\": \"true\"}} " +
				"checked\n{column: Done, attribute: done, values: {perhaps: \"false\", \"yes\": \"true\"}} not checked\n" +
				"{column: Done, attribute: done, values: {perhaps: \"\", \"yes\": \"true\"}} leaves them out"},
		{"options", "Kind", "professional|Free", `{column: Kind, attribute: kind}`},
		{"misspelt options", "Kind", "Profesional|Free|Profesional", "kind has no option Profesional (2)\n" +
			"{column: Kind, attribute: kind, values: {Profesional: Professional}} takes Profesional for Professional\n" +
			"{column: Kind, attribute: kind, missing: create} makes them before the import\n{column: Kind, attribute: kind, " +
			"missing: blank} leaves them out"},
		{"archived options", "Kind", "legacy|Free|legacy", "archived options of kind: legacy (2)\n" +
			"{column: Kind, attribute: kind, values: {legacy: \"\"}} leaves them out\n{column: Kind, attribute: kind} refuses " +
			"the rows whose records do not hold them already"},
		{"archived and misspelt options", "Kind", "Legacy|Fre", "kind has no option Fre (1)\n" +
			"{column: Kind, attribute: kind, values: {Fre: Free, Legacy: \"\"}} takes Fre for Free\n" +
			"{column: Kind, attribute: kind, missing: create, values: {Legacy: \"\"}} makes them before the import\n{column: " +
			"Kind, attribute: kind, missing: blank, values: {Legacy: \"\"}} leaves them out"},
		{"several options", "Tags", "Red, Blue|Blue", `{column: Tags, attribute: tags, split: ","}`},
		{"owners", "Keeper", "Grace|ada@example.com|Ada King|" + world.MemberID, `{column: Keeper, attribute: keeper}`},
		{"an owner nobody knows", "Keeper", "Grace|Bob",
			"no member of the workspace is Bob (1)\n{column: Keeper, attribute: keeper, on_error: drop} leaves 1 " +
				"row without one\n" +
				"{column: Keeper, attribute: keeper, values: {Bob: \"grace@example.com\"}} gives this 1 row to Grace Hopper\n" +
				"{column: Keeper, attribute: keeper, values: {Bob: \"ada@example.com\"}} gives this 1 row to Ada King"},
		{"phones", "Phone", "+44 20 7946 0958|+1 312-555-0113", `{column: Phone, attribute: phone}`},
		{"phones without a country", "Phone", "020 7946 0958|(0131) 496 0733",
			"2 numbers without a country, such as \"(0131) 496 0733\"\n" +
				"{column: Phone, attribute: phone, country: GB} valid there: 2 of 2\n{column: Phone, attribute: phone, country: " +
				"IT} valid there: 2 of 2\n" +
				"{column: Phone, attribute: phone, country: IN} valid there: 2 of 2\n{column: Phone, attribute: phone, country: " +
				"AT} valid there: 1 of 2; refuses 1 of 2 cells"},
		{"a reference by address", "Contact", "ada@example.com|bob@example.org",
			`{column: Contact, attribute: contact, reference: people.email_addresses}`},
		{"keys of several targets", "Spaces", "acme, globex|initech",
			`{column: Spaces, attribute: spaces, reference: workspaces.workspace_id, split: ","}`},
		{"keys of several targets, as they stand by default", "Spaces", "acme; globex, inc|initech",
			`{column: Spaces, attribute: spaces, reference: workspaces.workspace_id}`},
		{"a reference by id", "Contact", world.AdaID + "|" + world.BobID, `{column: Contact, attribute: contact}`},
		{"a reference by name", "Contact", "Eve King|Bob Stone",
			"a record is found by people.email_addresses or a record id, and \"Bob Stone\" is neither"},
		{"references by name where names are text", "Sites", "Acme|Globex",
			"no column holds companies.domains, by which Sites is found\n" +
				"{column: Sites, attribute: sites, reference: companies.name, missing: blank} finds companies by name where " +
				"exactly one has it; without one it stays blank\n" +
				"{column: Sites, attribute: sites, reference: companies.name} the same; without one the row is rejected"},
		{"references by domain", "Sites", "example.com, example.org|https://example.net/x",
			`{column: Sites, attribute: sites, reference: companies.domains, split: ","}`},
		{"domains with www", "Sites", "example.com, www.example.org|https://www.example.net/x|example.com",
			"www stands before 2 of 3 domains, such as \"example.com, www.example.org\", and Attio keeps www.acme.com and " +
				"acme.com apart\n" +
				"{column: Sites, attribute: sites, reference: companies.domains, split: \",\", transform: [regex: {find: " +
				"\"(?i)(^|[\\\\s;,|/])www\\\\.\", replace: \"$1\"}]} without www\n" +
				"{column: Sites, attribute: sites, reference: companies.domains, split: \",\"} as they are"},
		{"one address", "E-Mail", "ada@example.com|bob@example.org", `{column: E-Mail, attribute: mail}`},
		{"several addresses for one", "Mail", "ada@example.com, a@example.org|bob@example.org",
			"mail holds one value, and several stand in 1 cell, such as \"ada@example.com, a@example.org\"\n" +
				"{column: Mail, attribute: mail, transform: [split: {at: \",\", part: 1}]} takes the first"},
		{"a header that is like one", "Amuont", "12|13.5", `{column: Amuont, attribute: amount}`},
		{"a header that is like one, other cells", "Amuont", "twelve|x",
			"2 of 2 cells would be rejected as amount: \"twelve\" is not a number"},
		{"cells that say what the header does not", "Whom to write to", "ada@example.com|bob@example.org",
			"the header does not say it, but the cells fit mail\n{column: Whom to write to, attribute: mail}"},
		{"nothing like it", "Favourite colour", "teal|mauve", "no attribute of things is like it"},
		{"a header that says nothing, cells that are options", "Favourite colour", "blue|red",
			"its header names no attribute of things, but its cells fit tags\n{column: Favourite colour, attribute: tags}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := proposed(t, "things", []string{c.header}, strings.Split(c.cells, "|"))
			sg := p.Columns[0]
			var got []string
			if sg.Ask != "" {
				got = append(got, sg.Ask)
				require.Nil(t, sg.Column)
				require.ErrorContains(t, bound(t, string(p.YAML()), "things", []string{c.header}),
					fmt.Sprintf("is not decided: %s", sg.Ask), "what is asked must not load in silence")
			} else {
				got = append(got, sg.Column.Flow())
				require.NoError(t, bound(t, string(p.YAML()), "things", []string{c.header}))
			}
			for _, a := range sg.Answers {
				got = append(got, strings.TrimSpace(a.Column.Flow()+" "+a.Text))
			}
			require.Equal(t, c.want, strings.Join(got, "\n"))
			for _, answered := range answers(string(p.YAML())) {
				require.NoError(t, bound(t, answered, "things", []string{c.header}), answered)
			}
		})
	}
}

// answers are the files that taking the # off one line at a time makes.
func answers(text string) []string {
	var out []string
	for _, at := range regexp.MustCompile(`(?m)^  # - `).FindAllStringIndex(text, -1) {
		answered := text[:at[0]] + "  - " + text[at[1]:]
		if !strings.Contains(text[at[1]:], "attribute: ATTRIBUTE") || !strings.HasPrefix(text[at[1]:], "{") {
			out = append(out, answered)
		}
	}
	return out
}

func TestProposesForSeveralAddresses(t *testing.T) {
	for _, c := range []struct{ name, cells, want string }{
		{"semicolons", "a@example.com;b@example.com|c@example.com", `{column: Email, attribute: email_addresses}`},
		{"commas", "a@example.com, b@example.com|c@example.com", `{column: Email, attribute: email_addresses, split: ","}`},
		{"as it came", "a@example.com, b@example.com|c@example.com / d@example.com|e@example.com;f@example.com",
			`{column: Email, attribute: email_addresses, transform: [regex: {find: "[,;|/\\s]+", replace: ";"}]}`},
		{"with names", "Ada King <ada@example.com>|bob@example.com",
			`{column: Email, attribute: email_addresses, transform: [regex: {find: "[^<>;,]*<([^<>]*)>", replace: "$1"}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := proposed(t, "people", []string{"Email"}, strings.Split(c.cells, "|"))
			require.Equal(t, c.want, p.Columns[0].Column.Flow())
		})
	}
}

// TestProposesForKnownFiles proposes for the headers of other programs: what is certain binds without an edit.
func TestProposesForKnownFiles(t *testing.T) {
	mail, domain, name, city, day := []string{"ada@example.com"}, []string{"example.com"}, []string{"Ada"},
		[]string{"London"}, []string{"2024-07-14"}
	for _, c := range []struct {
		name, object string
		headers      []string
		cells        [][]string
		want         map[string]string
		ignored      []string
	}{
		{"Attio's template of people", "people",
			[]string{"Person name", "Email addresses", "Job title", "Company name", "Company domain", "Company LinkedIn"},
			[][]string{{"Ada King"}, mail, {"CEO"}, {"Example"}, domain, {"https://www.linkedin.com/company/example"}},
			map[string]string{"Person name": "name", "Email addresses": "email_addresses", "Job title": "job_title",
				"Company name":   "company.name",
				"Company domain": "company", "Company LinkedIn": "company.linkedin"}, nil},
		{"Attio's template of companies", "companies",
			[]string{"Name", "Domains", "Description", "Primary location", "LinkedIn"},
			[][]string{{"Example"}, domain, {"Makes things"}, {"London, England, United Kingdom"}, {"x"}},
			map[string]string{"Name": "name", "Domains": "domains", "Description": "description",
				"Primary location": "primary_location", "LinkedIn": "linkedin"}, nil},
		{"Attio's template of deals", "deals",
			[]string{"Deal name", "Deal owner", "Deal stage", "Deal value", "Associated company domain",
				"Associated people email addresses"},
			[][]string{{"Big"}, {"Grace"}, {"won"}, {"1200"}, domain, {"ada@example.com, bob@example.com"}},
			map[string]string{"Deal name": "name", "Deal owner": "owner", "Deal stage": "stage", "Deal value": "value",
				"Associated company domain":         "associated_company",
				"Associated people email addresses": "associated_people"}, nil},
		{"HubSpot's contacts", "people",
			[]string{"Record ID", "First Name", "Last Name", "Email", "Phone Number", "Company Name", "Website URL", "City",
				"State/Region", "Postal Code",
				"Country/Region", "Create Date", "Last Activity Date"},
			[][]string{{"182"}, name, {"King"}, mail, {"+44 20 7946 0958"}, {"Example"}, domain, city, {"England"}, {"N1"},
				{"UK"}, day, {""}},
			map[string]string{"First Name": "name.first_name", "Last Name": "name.last_name", "Email": "email_addresses",
				"Phone Number": "phone_numbers", "Company Name": "company.name",
				"Website URL": "company", "City": "primary_location.locality", "State/Region": "primary_location.region",
				"Postal Code":    "primary_location.postcode",
				"Country/Region": "primary_location.country_code"}, []string{"Create Date", "Last Activity Date"}},
		{"HubSpot's companies", "companies",
			[]string{"Company name", "Company Domain Name", "About us", "Street Address", "LinkedIn Company Page",
				"Create Date"},
			[][]string{{"Example"}, domain, {"x"}, {"1 High St"}, {"x"}, day},
			map[string]string{"Company name": "name", "Company Domain Name": "domains", "About us": "description",
				"Street Address": "primary_location.line_1", "LinkedIn Company Page": "linkedin"},
			[]string{"Create Date"}},
		{"Salesforce's contacts by API names", "people",
			[]string{"Id", "FirstName", "LastName", "Email", "MobilePhone", "Title", "MailingCity", "MailingState",
				"MailingPostalCode", "MailingCountry", "SystemModstamp"},
			[][]string{{""}, name, {"King"}, mail, {"+44 20 7946 0958"}, {"CEO"}, city, {""}, {"N1"}, {"United Kingdom"}, day},
			map[string]string{"FirstName": "name.first_name", "LastName": "name.last_name", "Email": "email_addresses",
				"MobilePhone": "phone_numbers", "Title": "job_title",
				"MailingCity": "primary_location.locality", "MailingState": "primary_location.region",
				"MailingPostalCode": "primary_location.postcode", "MailingCountry": "primary_location.country_code"},
			[]string{"Id", "SystemModstamp"}},
		{"Salesforce's accounts", "companies",
			[]string{"Account ID", "Account Name", "Website", "Billing Street", "Billing City", "Billing State/Province",
				"Billing Zip/Postal Code", "Billing Country", "Created Date"},
			[][]string{{"001"}, {"Example"}, domain, {"1 High St"}, city, {"x"}, {"N1"}, {"United Kingdom"}, day},
			map[string]string{"Account Name": "name", "Website": "domains", "Billing Street": "primary_location.line_1",
				"Billing City":           "primary_location.locality",
				"Billing State/Province": "primary_location.region", "Billing Zip/Postal Code": "primary_location.postcode",
				"Billing Country": "primary_location.country_code"},
			[]string{"Account ID", "Created Date"}},
		{"a German sheet", "people",
			[]string{"Vorname", "Nachname", "E-Mail-Adresse", "Straße", "PLZ", "Ort", "Land", "Firma", "Webseite"},
			[][]string{name, {"König"}, mail, {"Gürtelstraße 3"}, {"50667"}, {"Köln"}, {"Deutschland"}, {"Nordwind GmbH"},
				{"nordwind.example.com"}},
			map[string]string{"Vorname": "name.first_name", "Nachname": "name.last_name", "E-Mail-Adresse": "email_addresses",
				"Straße": "primary_location.line_1", "PLZ": "primary_location.postcode",
				"Ort": "primary_location.locality", "Land": "primary_location.country_code", "Firma": "company.name",
				"Webseite": "company"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := proposed(t, c.object, c.headers, c.cells...)
			got, ignored := map[string]string{}, []string(nil)
			for _, sg := range p.Columns {
				require.Empty(t, sg.Ask, sg.Header)
				switch {
				case sg.Column != nil:
					got[sg.Header] = sg.Column.Attribute
				case sg.Ignore:
					ignored = append(ignored, sg.Header)
				}
			}
			require.Equal(t, c.want, got)
			require.Equal(t, c.ignored, ignored)
			require.Empty(t, p.Lacking)
			require.NoError(t, bound(t, string(p.YAML()), c.object, c.headers))
		})
	}
}

func TestProposalOfColumnsThatMeetInOneAttribute(t *testing.T) {
	p := proposed(t, "people", []string{"Email", "Work email", "Name", "First name", "Last name"},
		[]string{"a@example.com"}, []string{"b@example.com"}, []string{"Ada King"}, []string{"Ada"}, []string{"King"})
	text := string(p.YAML())
	require.Contains(t, text, `transform: [join: {columns: [Work email], with: ";"}]`)
	require.NoError(t, bound(t, text, "people", []string{"Email", "Work email", "Name", "First name", "Last name"}))

	p = proposed(t, "people", []string{"Company name"}, []string{"Example"})
	require.Equal(t, "no column holds companies.domains, by which Company is found", p.Columns[0].Ask)
	require.ErrorContains(t, bound(t, string(p.YAML()), "people", []string{"Company name"}), `column "Company name"`)
}

func TestProposesForJSONArrays(t *testing.T) {
	headers := []string{"tags", "sites", "colours"}
	profiles := make([]*Profile, len(headers))
	for i, h := range headers {
		profiles[i] = NewProfile(h)
		profiles[i].Add(&mapping.Cell{Text: `["Red","Blue"]`, Kind: value.JSONCell, Line: 1})
		profiles[i].Add(&mapping.Cell{Kind: value.NullCell, Line: 2})
	}
	p, err := Propose(mapping.Input{Name: "file.jsonl", Columns: headers, JSON: true}, profiles, proposeSchema(),
		Options{Object: "things"})
	require.NoError(t, err)
	require.Equal(t, "{column: tags, attribute: tags}", p.Columns[0].Column.Flow())
	require.Equal(t, `a record is found by companies.domains or a record id, and "Blue" is neither`, p.Columns[1].Ask)
	require.Equal(t, "no attribute of things is like it", p.Columns[2].Ask,
		"not blank, so not to be left out in silence")
}

func TestProposalNotesCellsThatDoNotFit(t *testing.T) {
	for header, cells := range map[string]string{"Phone": "+44 20 7946 0958|+1 312-555-0113|call him", "Amount": "12|13|x",
		"Contact": "a@example.com|b@example.com|c@example.com|x"} {
		p := proposed(t, "things", []string{header}, strings.Split(cells, "|"))
		require.Regexp(t, `^1 of \d cells would be rejected: ".*" is not an? .*$`,
			p.Columns[0].Notes[len(p.Columns[0].Notes)-1], header)
	}
}

func TestProposalNamesWhatNewRecordsLack(t *testing.T) {
	p := proposed(t, "deals", []string{"Deal name"}, []string{"Big"})
	require.Equal(t, []string{"stage", "owner"}, p.Lacking)
	require.Contains(t, string(p.YAML()), "# decide: a new record of deals needs stage, and no column seems to hold it\n")
	require.ErrorContains(t, bound(t, string(p.YAML()), "deals", []string{"Deal name"}), "needs stage")
}

func TestProposalCannotBeBrokenByTheFile(t *testing.T) {
	headers := []string{"a\nb: c", "#1", "", "# x", `"quoted"`, "{flow}", "it's", "ignore"}
	cells := make([][]string, len(headers))
	for i := range cells {
		cells[i] = []string{"evil\n  - {column: x, attribute: y}", "\u2028next: line", "🙂"}
	}
	p := proposed(t, "things", headers, cells...)
	p.name = "a\u0092\ufffe\x00.csv" // as a file may be called that was named in another encoding
	f, err := mapfile.Parse("file.yaml", p.YAML())
	require.NoError(t, err, string(p.YAML()))
	require.Empty(t, f.Columns)
	for _, answered := range answers(string(p.YAML())) {
		_, err := mapfile.Parse("file.yaml", []byte(answered))
		require.NoError(t, err, answered)
	}
}

func TestProfileDoesNotGrow(t *testing.T) {
	p := NewProfile("x")
	for i := range 3 * maxValues {
		p.Add(&mapping.Cell{Text: strings.Repeat("x", i+1)})
	}
	require.Len(t, p.values, maxValues)
	require.Equal(t, "x", p.first.text)
	require.True(t, p.many)
	require.Equal(t, 3*maxValues, p.Filled)
}

func TestEveryFormOfADateIsAFormatThatAMappingTakes(t *testing.T) {
	for _, f := range dates {
		_, err := value.ParseFormat(f.format)
		require.NoError(t, err, f.format)
	}
}
