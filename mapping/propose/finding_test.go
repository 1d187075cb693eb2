package propose

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// table profiles a file of rows, whose cells are divided by |.
func table(headers string, rows ...string) ([]string, []*Profile) {
	names := strings.Split(headers, "|")
	profiles := make([]*Profile, len(names))
	for i, h := range names {
		profiles[i] = NewProfile(h)
	}
	for n, row := range rows {
		for i, text := range strings.Split(row, "|") {
			profiles[i].Add(&mapping.Cell{Text: text, Line: int32(n + 2)})
		}
	}
	return names, profiles
}

// said is what a proposal says of each column: its entry, "ignored: why" or "asks: what", with the answers behind it.
func said(t *testing.T, p *Proposal) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, sg := range p.Columns {
		switch {
		case sg.Column != nil:
			all[sg.Header] = sg.Column.Flow()
		case sg.Ignore:
			all[sg.Header] = "ignored: " + strings.Join(sg.Notes, "; ")
		case sg.Ask != "":
			all[sg.Header] = "asks: " + sg.Ask
			for _, a := range sg.Answers {
				all[sg.Header] += "\n" + strings.TrimSpace(a.Column.Flow()+" "+a.Text)
			}
		}
	}
	return all
}

func proposeTable(t *testing.T, s *attio.Schema, object, headers string, rows ...string) (
	*Proposal, map[string]string) {
	t.Helper()
	names, profiles := table(headers, rows...)
	p, err := Propose(mapping.Input{Name: "f.csv", Columns: names}, profiles, s, Options{Object: object})
	require.NoError(t, err)
	return p, said(t, p)
}

// Cells of a workbook are judged by what they are: its dates and numbers can be read in one way.
func TestTypedCellsAreJudgedByTheirType(t *testing.T) {
	cell := func(kind value.Kind, text string) mapping.Cell { return mapping.Cell{Text: text, Kind: kind} }
	for _, c := range []struct {
		name, header string
		cells        []mapping.Cell
		want, note   string
	}{
		{"one slip among dates", "Day", []mapping.Cell{cell(value.DateCell, "1998-04-12"), cell(value.DateCell, "2001-01-02"),
			cell(value.DateCell, "2003-03-03"), cell(value.TextCell, "spring 2014")},
			"{column: Day, attribute: day}", `1 of 4 cells would be rejected: "spring 2014" is not a date`},
		{"a time alone among times", "Moment", []mapping.Cell{cell(value.DateCell, "2025-11-04T09:00:00"),
			cell(value.DateCell, "2025-11-05T09:00:00"), cell(value.TextCell, "09:30")},
			"{column: Moment, attribute: moment}", `1 of 3 cells would be rejected: "09:30" is not a date`},
		{"a day number among dates", "Day", []mapping.Cell{cell(value.DateCell, "2025-03-01"),
			cell(value.DateCell, "2025-03-02"), cell(value.NumberCell, "45000")},
			"{column: Day, attribute: day, format: excel}", ""},
		{"numbers", "Amount", []mapping.Cell{cell(value.NumberCell, "49.9"), cell(value.NumberCell, "1.234"),
			cell(value.NumberCell, "12")}, "{column: Amount, attribute: amount}", ""},
		{"numbers and a text", "Amount", []mapping.Cell{cell(value.NumberCell, "49.9"), cell(value.TextCell, "99.00 EUR"),
			cell(value.NumberCell, "12")}, "{column: Amount, attribute: amount, transform: [strip-currency]}", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			profile := NewProfile(c.header)
			for i := range c.cells {
				profile.Add(&c.cells[i])
			}
			p, err := Propose(mapping.Input{Name: "f.xlsx", Columns: []string{c.header}}, []*Profile{profile},
				proposeSchema(), Options{Object: "things"})
			require.NoError(t, err)
			sg := p.Columns[0]
			require.Empty(t, sg.Ask)
			require.Equal(t, c.want, sg.Column.Flow())
			if c.note != "" {
				require.Contains(t, strings.Join(sg.Notes, "\n"), c.note)
			}
		})
	}
}

// A column that is filled is never left out unasked.
func TestNoFilledColumnIsDropped(t *testing.T) {
	_, got := proposeTable(t, proposeSchema(), "people",
		"First Name|Last Name|E-mail 1 - Value|Organization Name|Birthday|Nickname",
		"Ada|King|ada@example.com|Lovelace Ltd|1980-02-29|Countess", "Bob|Stone|bob@example.com|Stone AG|1981-03-01|")
	require.Equal(t, "{column: First Name, attribute: name.first_name}", got["First Name"])
	require.Equal(t, "asks: no column holds companies.domains, by which Company is found\n"+
		"{column: Organization Name, attribute: company, reference: companies.name, missing: blank} finds companies by name "+
		"where exactly one has it; without one it stays blank\n"+
		"{column: Organization Name, attribute: company, reference: companies.name} the same; without one the "+
		"row is rejected",
		got["Organization Name"])
	require.Equal(t, "asks: no attribute of people is like it", got["Birthday"], "no phone number")
	require.Regexp(t, "^asks: ", got["Nickname"])

	_, got = proposeTable(t, proposeSchema(), "people", "Organisation Unit Name|Work email", "Sales|a@example.com")
	require.Regexp(t, "^asks: ", got["Organisation Unit Name"], "no person is called so")
}

// Of two columns the fuller wins, or what both hold is joined.
func TestTheFullerColumnWins(t *testing.T) {
	_, got := proposeTable(t, proposeSchema(), "people", "name|name.first|name.last|email",
		"|Ada|King|ada@example.com", "|Bob|Stone|bob@example.com", "Cyd Kay|||cyd@example.com", "|Dan|Ray|dan@example.com")
	require.Equal(t, `{column: name, attribute: name, transform: [join: {columns: [name.first, name.last], with: " "}]}`,
		got["name"])

	_, got = proposeTable(t, proposeSchema(), "people", "Full name|Contact name|Email",
		"|Ada King|a@example.com", "|Bob Stone|b@example.com", "Cyd Kay|Cyd Kay|c@example.com")
	require.Equal(t, "{column: Contact name, attribute: name}", got["Contact name"])
	require.Regexp(t, `^asks: name is filled by "Contact name" already`, got["Full name"])

	_, got = proposeTable(t, proposeSchema(), "people", "Private email|Business email|Assistant email",
		"a@example.com|aa@example.org|boss@example.net", "|bb@example.org|", "|cc@example.org|")
	require.Equal(t, "{column: Business email, attribute: email_addresses, "+
		`transform: [join: {columns: [Private email], with: ";"}]}`, got["Business email"])
	require.Regexp(t, "^asks: ", got["Assistant email"], "it is somebody else's")

	names, profiles := table("company|company.name|company.domain|email",
		"|Acme|acme.com|a@acme.com", "|Globex|globex.com|b@globex.com")
	p, err := Propose(mapping.Input{Name: "f.jsonl", Columns: names, JSON: true}, profiles, proposeSchema(),
		Options{Object: "people"})
	require.NoError(t, err)
	got = said(t, p)
	require.Equal(t, "{column: company.name, attribute: company.name, reference: companies.domains}", got["company.name"])
	require.Equal(t, "{column: company.domain, attribute: company, reference: companies.domains, missing: create}",
		got["company.domain"])
	require.Equal(t, "ignored: blank in every row", got["company"])
}

// What is said of a column is true.
func TestTrueStatements(t *testing.T) {
	_, got := proposeTable(t, proposeSchema(), "people", "Employer|Employer domain|Email",
		"Corp|corp0.com|a@example.com", "Corp 2|corp1.com|b@example.com")
	require.Equal(t, "{column: Employer domain, attribute: company, reference: companies.domains, missing: create}",
		got["Employer domain"])
	require.Equal(t, "{column: Employer, attribute: company.name, reference: companies.domains}", got["Employer"])

	_, got = proposeTable(t, proposeSchema(), "people", "Name|Company|Website|Email",
		"Ada King|Acme|acme.com|a@example.com", "Bob Stone|Globex|globex.com|b@example.com")
	require.Equal(t, "{column: Company, attribute: company.name, reference: companies.domains}", got["Company"])
	require.Equal(t, "{column: Website, attribute: company, reference: companies.domains, missing: create}",
		got["Website"])

	_, got = proposeTable(t, proposeSchema(), "people", "Person - Name|Person - Email - Work|Person - Email - Home",
		"Ada King|a@example.com|b@example.com")
	require.Equal(t, `{column: Person - Email - Work, attribute: email_addresses, transform: [join: {columns: `+
		`[Person - Email - Home], with: ";"}]}`, got["Person - Email - Work"])
}

// No answer that is offered does harm when it is taken.
func TestOffersDoNoHarm(t *testing.T) {
	p, got := proposeTable(t, proposeSchema(), "deals", "Deal name|Deal owner|Deal stage|Deal value",
		"Anvils|Priya Patel|Win|$12", "Rope|Priya Patel|Lead|€14")
	require.NotContains(t, got["Deal owner"], "on_error", "a deal must have an owner")
	require.Contains(t, got["Deal owner"],
		`values: {Priya Patel: "grace@example.com"}} gives these 2 rows to Grace Hopper`)
	require.NotContains(t, got["Deal stage"], "missing: blank", "a deal must have a stage")
	require.Contains(t, got["Deal stage"], "{column: Deal stage, attribute: stage, missing: create}")
	require.Empty(t, p.Lacking)

	s := proposeSchema()
	s.Object("deals").Attribute("value").CurrencyCode = "USD"
	_, got = proposeTable(t, s, "deals", "Deal name|Deal value", "Anvils|1.234.567,89 €", "Rope|1.000,00 CHF",
		"Saw|5,50 $")
	require.Equal(t, "asks: value is in USD, and 2 of 3 amounts are not: $ (1), CHF (1), € (1)\n"+
		`{column: Deal value, attribute: value, decimal: ",", thousands: ".", on_error: drop, transform: [strip-currency]} `+
		"leaves those 2 out\n"+
		`{column: Deal value, attribute: value, decimal: ",", thousands: ".", transform: [strip-currency]} `+
		"refuses 2 of 3 cells", got["Deal value"])
}

// Neither cells nor a header that is merely near make a column a key by themselves.
func TestKeysAreNamedByTheirHeaders(t *testing.T) {
	s := proposeSchema()
	people := s.Object("people")
	people.Attributes = append(people.Attributes, attio.Attribute{ID: "cn", Slug: "customer_number",
		Title: "Customer number", Type: attio.TypeText, Writable: true, Unique: true})
	p, got := proposeTable(t, s, "people", "Name|Customer since|Stand", "Ada|2019|11", "Bob|2021|12", "Cyd|2023|13")
	require.Contains(t, got["Customer since"], "customer_number")
	require.True(t, p.Columns[1].Weak, "Enter leaves it out")
	require.NotContains(t, got["Stand"], "customer_number")
}

// What new records must have is asked for with what the file or the workspace has, and no placeholder.
func TestLacksNameCandidates(t *testing.T) {
	p, _ := proposeTable(t, proposeSchema(), "deals", "Deal name", "Anvils", "Rope")
	require.Equal(t, []string{"stage", "owner"}, p.Lacking)
	require.Equal(t, "a new record of deals needs stage, and no column seems to hold it", p.Lacks[0].Ask)
	require.Equal(t, "Lead", p.Lacks[0].Answers[0].Constant.Values[0])
	require.Equal(t, "grace@example.com", p.Lacks[1].Answers[0].Constant.Values[0])
	text := string(p.YAML())
	require.Contains(t, text, "constants:\n  # stage: Lead   # for every row\n  # stage: Won   # for every row\n"+
		"  # owner: \"grace@example.com\"   # for every row: Grace Hopper\n")
	require.NotContains(t, text, "HEADER")
	answered := strings.Replace(text, "# stage: Won", "stage: Won", 1)
	answered = strings.Replace(answered, `# owner: "grace`, `owner: "grace`, 1)
	require.NoError(t, bound(t, answered, "deals", []string{"Deal name"}))
	err := bound(t, text, "deals", []string{"Deal name"})
	require.ErrorContains(t, err, "not decided: a new record of deals needs stage")

	s := proposeSchema()
	id := s.Object("things").Attribute("phone")
	*id = attio.Attribute{Slug: "key", Title: "Key", Type: attio.TypeText, Unique: true, Required: true, Writable: true}
	p, _ = proposeTable(t, s, "things", "Day|Code|Kind", "2024-01-02|A1|Free", "2024-01-02|A2|Free")
	require.Len(t, p.Lacks[0].Answers, 1, "one constant would make all rows but one conflicts")
	require.Equal(t, "{column: Code, attribute: key}", p.Lacks[0].Answers[0].Column.Flow())
}

// A column whose header says nothing is asked about with the attributes that its cells fit.
func TestQuestionsNameCandidates(t *testing.T) {
	s := proposeSchema()
	kind := s.Object("things").Attribute("kind")
	kind.Slug, kind.Title = "employee_range", "Employee range"
	kind.Options = []attio.Option{{ID: "1", Title: "1-10"}, {ID: "2", Title: "11-50"}, {ID: "3", Title: "51-250"}}
	_, got := proposeTable(t, s, "things", "Headcount|Gründung|Sonstiges", "51-200|14.07.1998|x y", "12|01.02.2003|z",
		"120|03.04.2005|a b")
	require.Equal(t, "asks: its header names no attribute of things, but its cells fit employee_range\n"+
		`{column: Headcount, attribute: employee_range, values: {"12": "11-50", "120": "51-250", "51-200": "51-250"}} `+
		"takes 12 for 11-50, 120 for 51-250, 51-200 for 51-250",
		strings.Split(got["Headcount"], "\n{column: Headcount, attribute: employee_range, missing")[0])
	require.Equal(t, "asks: its header names no attribute of things, but its cells fit day\n"+
		"{column: \"Gründung\", attribute: day, format: DD.MM.YYYY}\n"+
		"{column: \"Gründung\", attribute: moment, format: DD.MM.YYYY}",
		got["Gründung"])
	require.Equal(t, "asks: no attribute of things is like it", got["Sonstiges"])
}

// The row's own country decides where phone numbers name none.
func TestPhonesByTheRowsCountry(t *testing.T) {
	_, got := proposeTable(t, proposeSchema(), "people", "Name|Tel|Country",
		"Ada|020 7946 0958|UK", "Bob|030 901820|Germany", "Cyd|+1 312-555-0113|USA")
	require.Equal(t, "{column: Tel, attribute: phone_numbers, country_column: Country}", got["Tel"])

	_, got = proposeTable(t, proposeSchema(), "people", "Name|Mobile|Country", "Ada|07700 900123|UK",
		"Bob|07700 900124|UK")
	require.Regexp(t, `^asks: 2 of the first 2 numbers are not valid in the country that "Country" names: `+
		`"07700 90012\d" is not a valid phone number$`, got["Mobile"], "no other country is offered")
}

// Members of the objects in arrays are columns of their own.
func TestArraysOfObjects(t *testing.T) {
	phones := NewProfile("phones")
	for i, text := range []string{`[{"number":"+44 20 7946 0958","kind":"work"}]`,
		`[{"number":"+49 30 901820","kind":"home"},{"number":"+1 312-555-0113"}]`, `[]`} {
		phones.Add(&mapping.Cell{Text: text, Kind: value.JSONCell, Line: int32(i + 1)})
	}
	p, err := Propose(mapping.Input{Name: "f.jsonl", Columns: []string{"phones"}, JSON: true}, []*Profile{phones},
		proposeSchema(), Options{Object: "people"})
	require.NoError(t, err)
	got := said(t, p)
	require.Equal(t, `{column: "phones[].number", attribute: phone_numbers}`, got["phones[].number"])
	require.Equal(t, "asks: no attribute of people is like it", got["phones[].kind"])
	require.ErrorContains(t, bound(t, string(p.YAML()), "people", []string{"phones"}),
		`column "phones[].kind" is not decided`)
	answered := strings.Replace(string(p.YAML()), `  # - "phones[].kind"`, `  - "phones[].kind"`, 1)
	require.NoError(t, bound(t, answered, "people", []string{"phones"}))
}

// Without a name the object is the one that the columns fit.
func TestObjectIsGuessedFromTheColumns(t *testing.T) {
	for headers, want := range map[string]string{"Name|Email|Phone|Job title": "people",
		"Company name|Domain|About us": "companies",
		"Deal name|Stage|Amount":       "deals", "Day|Kind|Amount": "things"} {
		p, _ := proposeTable(t, proposeSchema(), "", headers, strings.Repeat("|", strings.Count(headers, "|")))
		require.Equal(t, want, p.Object.Slug, headers)
		require.True(t, p.Guessed)
		require.Contains(t, string(p.YAML()), "as records of "+want+" (guessed from the columns: --object names another)")
		slug, names, here := Better(strings.Split(headers, "|"), proposeSchema(), want)
		require.Empty(t, slug, headers)
		require.Equal(t, names, here)
	}
	slug, names, here := Better([]string{"Name", "Email", "Phone"}, proposeSchema(), "deals")
	require.Equal(t, []any{"people", 3, 1}, []any{slug, names, here})
}

// The exports of other programs are known by their headers, and what is in them goes where it belongs.
func TestPresets(t *testing.T) {
	for _, c := range []struct{ preset, object, headers, row, want string }{
		{"Google Contacts", "people", "First Name|Last Name|Organization Name|Birthday|E-mail 1 - Label|E-mail 1 - Value|" +
			"E-mail 2 - Value|Phone 1 - Value", "Ada|King|Acme|1980-02-29|Work|a@example.com|b@example.com|+44 20 7946 0958",
			"E-mail 1 - Value: email_addresses"},
		{"Outlook", "people", "First Name|Last Name|Company|E-mail Address|E-mail 2 Address|Business Phone",
			"Ada|King||a@example.com|b@example.com|+44 20 7946 0958", "E-mail Address: email_addresses"},
		{"LinkedIn", "people", "First Name|Last Name|URL|Email Address|Company|Position|Connected On",
			"Ada|King|https://www.linkedin.com/in/ada|a@example.com|Acme|CEO|01 Mar 2024", "URL: linkedin"},
		{"Pipedrive", "people", "Person - ID|Person - Name|Person - Email - Work|Person - Email - Home|Person - Organization",
			"1|Ada King|a@example.com|b@example.com|Acme", "Person - Email - Work: email_addresses"},
		{"HubSpot", "people", "Record ID|First Name|Last Name|Email|Associated Company|Create Date",
			"18|Ada|King|a@example.com|Acme|2024-01-02", "Email: email_addresses"},
		{"Salesforce", "companies", "Account ID|Account Name|Website|Phone", "001|Acme|acme.com|+44 20 7946 0958",
			"Account Name: name"},
		{"Attio", "companies", "Record ID|Record > Name|Company > Domains", "x|Acme|acme.com", "Company > Domains: domains"},
		{"Notion", "people", "Name|Tags|Created time|Email", "Ada King|x|March 1, 2024|a@example.com", "Name: name"},
		{"Airtable", "people", "Name|Email|Attachments|Record ID", "Ada King|a@example.com|x.pdf|rec1", "Name: name"},
		{"Google Sheets", "people", "Timestamp|Email Address|Your name", "1/2/2024 10:00:00|a@example.com|Ada King",
			"Your name: name"},
	} {
		p, _ := proposeTable(t, proposeSchema(), c.object, c.headers, c.row)
		require.Equal(t, c.preset, p.Preset, c.headers)
		var got []string
		for _, sg := range p.Columns {
			if sg.Column != nil {
				got = append(got, sg.Header+": "+sg.Column.Attribute)
			}
		}
		require.Contains(t, got, c.want, c.preset)
	}
	names, profiles := table("First name", "Ada")
	in := mapping.Input{Name: "f.csv", Columns: names}
	p, err := Propose(in, profiles, proposeSchema(), Options{Object: "people", From: "google"})
	require.NoError(t, err)
	require.Equal(t, "Google Contacts", p.Preset)
	_, err = Propose(in, profiles, proposeSchema(), Options{Object: "people", From: "hubspott"})
	require.EqualError(t, err, `there is no preset "hubspott"; the nearest is "hubspot"`)
	require.Len(t, Presets(), 10)
}
