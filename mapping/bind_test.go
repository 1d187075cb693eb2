package mapping

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// usersFile is a mapping of the two attributes that users need, and more lines.
func usersFile(more string) string {
	return "version: 1\nobject: users\ncolumns:\n  - {column: ID, attribute: user_id}\n  - {column: Mail, attribute: " +
		"primary_email_address}\n" + more
}

func TestProblems(t *testing.T) {
	for _, tt := range []struct {
		name    string
		file    string // "" to match headers
		headers string
		options BindOptions
		want    []string
		hint    []string // of the first problem
	}{
		{"unknown object", "", "a", BindOptions{Object: "user"},
			[]string{`--object: the workspace has no object "user"; the nearest is "users"`}, nil},
		{"unknown object in the file", "version: 1\nobject: uzers\n", "", BindOptions{},
			[]string{`m.yaml:2:9: the workspace has no object "uzers"; the nearest is "users"`}, nil},
		{"everything at once", usersFile(
			"  - {column: Nome, attribute: emial}\n  - {column: X, attribute: full_name.frist_name}\n  - {column: Y, " +
				"attribute: created_by}\n"), "ID,Mail,Name,X,Y,Z", BindOptions{}, []string{
			`m.yaml:6:6: f.csv has no column "Nome"; the nearest is "Name"`,
			`m.yaml:6:20: no attribute of users is called "emial"`,
			`m.yaml:7:17: full_name has no part "frist_name"; its parts are first_name, last_name, full_name`,
			`m.yaml:8:17: users.created_by is read only`,
			`f.csv: column "Name": the column is neither mapped nor ignored`,
			`f.csv: column "Z": the column is neither mapped nor ignored`,
		}, []string{"  - column: Name"}},
		{"a header that matches nothing", "", "User ID,Primary email address,Seat", BindOptions{},
			[]string{`f.csv: column "Seat": no attribute of users has this slug or title; the nearest is "seats"`},
			[]string{"  - column: Seat", "    attribute: seats", "or: ignore: [Seat]"}},
		{"a column without a header", "", "user_id,primary_email_address,", BindOptions{},
			[]string{`f.csv: column 3: the column has no header`},
			[]string{`  - column: "#3"`, "    attribute: ATTRIBUTE", `or: ignore: ["#3"]`}},
		{"two columns onto one attribute", "", "User ID,user_id,primary_email_address", BindOptions{},
			[]string{`f.csv: column "user_id": the columns "User ID" and "user_id" both fill user_id`}, nil},
		{"a whole value and its parts",
			usersFile("  - {column: A, attribute: full_name}\n  - {column: B, attribute: full_name.last_name}\n"),
			"ID,Mail,A,B", BindOptions{}, []string{`m.yaml:7:17: the columns "A" and "B" both fill full_name.last_name`}, nil},
		{"several columns onto a multi attribute",
			"version: 1\nobject: every\ncolumns: [{column: A, attribute: phones}, {column: B, attribute: phones}]", "A,B",
			BindOptions{}, []string{`m.yaml:3:55: the columns "A" and "B" both fill phones`},
			[]string{"  - column: A", "    attribute: phones", `    transform: [join: {columns: [B], with: ";"}]`}},
		{"required attributes", "", "full_name", BindOptions{},
			[]string{`f.csv: a new record of users needs primary_email_address, and nothing fills it`,
				`f.csv: a new record of users needs user_id, and nothing fills it`},
			[]string{"  - column: HEADER", "    attribute: primary_email_address"}},
		{"match ambiguous", "", "user_id,primary_email_address", BindOptions{Mode: Upsert},
			[]string{`f.csv: primary_email_address and user_id could each identify a record; name one with --match or in the ` +
				`mapping file`},
			[]string{"match: primary_email_address", "match: user_id"}},
		{"match not unique", "", "user_id,primary_email_address,notes", BindOptions{Mode: Update, Match: "notes"},
			[]string{`--match: notes is not unique, so it cannot identify a record; the unique attributes are ` +
				`"primary_email_address" or "user_id"`}, nil},
		{"match not mapped", usersFile("match: user_id\n") + "ignore: [x]", "ID,Mail,x",
			BindOptions{Mode: Update, Match: "person"},
			[]string{`--match: person is not unique, so it cannot identify a record; the unique attributes are ` +
				`"primary_email_address" or "user_id"`}, nil},
		{"match by record_id", "", "user_id,primary_email_address", BindOptions{Mode: Update, Match: "record_id"},
			[]string{`--match: Attio cannot match by record_id; a record_id column is used without being named here`}, nil},
		{"nothing to match by", "", "notes", BindOptions{Mode: Update},
			[]string{`f.csv: mode update needs a column for a unique attribute of users, or a record_id column; the unique ` +
				`attributes are "primary_email_address" or "user_id"`}, nil},
		{"duplicate headers", usersFile("  - {column: N, attribute: notes}\n"), "ID,Mail,N,N", BindOptions{},
			[]string{`m.yaml:6:6: f.csv has 2 columns "N"; name one by its place`},
			[]string{`  - column: "#3"`, `  - column: "#4"`}},
		{"a place beyond the file", usersFile("  - {column: '#7', attribute: notes}\n"), "ID,Mail", BindOptions{},
			[]string{`m.yaml:6:6: f.csv has 2 columns, so there is no column "#7"`}, nil},
		{"keys that mean nothing",
			usersFile("  - {column: N, attribute: notes, format: iso, decimal: ',', split: ',', missing: create, reference: " +
				"people, several: add, thousands: x, timezone: UTC, country: GB}\n"), "ID,Mail,N", BindOptions{}, []string{
				`m.yaml:6:91: reference means nothing for notes, which is of type text`}, nil},
		{"bad settings", usersFile(
			"  - {column: S, attribute: seats, decimal: ',,', thousands: '.'}\n  - {column: T, attribute: signed_up_at, " +
				"timezone: Mars/Base, format: DD}\n"), "ID,Mail,S,T", BindOptions{}, []string{
			`m.yaml:6:35: decimal must be one character, not ",,"`, `m.yaml:7:63: format "DD": it has no year (YYYY or YY)`,
			`m.yaml:7:42: there is no time zone "Mars/Base"`}, nil},
		{"the same separator twice", usersFile("  - {column: S, attribute: seats, thousands: '.'}\n"), "ID,Mail,S",
			BindOptions{}, []string{`m.yaml:6:35: decimal and thousands are both "."`}, []string{`    decimal: ","`}},
		{"values that lead nowhere",
			usersFile("  - {column: P, attribute: plan, values: {p: Profesional, f: Free, o: Legacy, x: ''}}\n"), "ID,Mail,P",
			BindOptions{}, []string{
				`m.yaml:6:34: values: plan has no option "Profesional"; the nearest is "Professional"`,
				`m.yaml:6:34: values: the option "Legacy" is archived`},
			[]string{"  - column: P", "    attribute: plan", "    values: {p: Professional}"}},
		{"a reference to what is not unique", usersFile("  - {column: P, attribute: person, reference: people.name}\n"),
			"ID,Mail,P", BindOptions{}, []string{`m.yaml:6:36: people.name is not unique, so it cannot be referred to`},
			[]string{"  - column: P", "    attribute: person", "    reference: people.email_addresses"}},
		{"a reference to another object", usersFile("  - {column: P, attribute: person, reference: companies.domains}\n"),
			"ID,Mail,P", BindOptions{}, []string{`m.yaml:6:36: person cannot refer to "companies"; it can to people`},
			[]string{"  - column: P", "    attribute: person", "    reference: people.email_addresses"}},
		{"a reference to nothing", "version: 1\nobject: every\ncolumns: [{column: P, attribute: lonely}]", "P", BindOptions{},
			[]string{`m.yaml:3:23: lonely cannot refer to any object of this workspace`}, nil},
		{"a reference to an object that was not read",
			"version: 1\nobject: every\ncolumns: [{column: P, attribute: stranger, reference: people}]", "P", BindOptions{},
			[]string{`m.yaml:3:23: stranger cannot refer to any object of this workspace`}, nil},
		{"a reference to no attribute", usersFile("  - {column: P, attribute: person, reference: people.emails}\n"),
			"ID,Mail,P", BindOptions{},
			[]string{`m.yaml:6:36: no attribute of people is called "emails"; the nearest is "email_addresses"`},
			[]string{"  - column: P", "    attribute: person", "    reference: people.email_addresses"}},
		{"create by id", usersFile("  - {column: P, attribute: person, reference: people, missing: create}\n"), "ID,Mail,P",
			BindOptions{}, []string{`m.yaml:6:55: missing: create needs a ` + "`reference`" +
				` that names a unique attribute of the target`}, nil},
		{"a target that needs more",
			"version: 1\nobject: users\ncolumns:\n  - {column: ID, attribute: user_id}\n  - {column: Mail, attribute: " +
				"primary_email_address}\n  - {column: W, attribute: workspace, reference: workspaces.name, missing: create}\n",
			"ID,Mail,W", BindOptions{},
			[]string{
				`m.yaml:6:67: missing: create needs a ` + "`reference`" + ` that names a unique attribute of the target`}, nil},
		{"a filled target without its key",
			usersFile("  - {column: J, attribute: person.job_title, reference: people.email_addresses}\n"), "ID,Mail,J",
			BindOptions{}, []string{`m.yaml:6:17: no column fills person with ` + "`reference: people.email_addresses`" +
				`, so no record can be created for person.job_title`}, nil},
		{"a filled target that is not created",
			usersFile("  - {column: P, attribute: person, reference: people.email_addresses}\n  - {column: J, attribute: " +
				"person.job_title, reference: people.email_addresses}\n"), "ID,Mail,P,J", BindOptions{},
			[]string{`m.yaml:7:17: person.job_title is only written to records that are created: say so at the column "P"`},
			[]string{"  - column: P", "    attribute: person", "    reference: people.email_addresses", "    missing: create"}},
		{"a part without a reference", usersFile("  - {column: J, attribute: person.job_title}\n"), "ID,Mail,J",
			BindOptions{}, []string{`m.yaml:6:17: person.job_title belongs to the record that person refers to, so the entry ` +
				`needs the same ` + "`reference`" + ` as person`}, nil},
		{"mapped and ignored", usersFile("ignore: [ID, Nope]\n"), "ID,Mail", BindOptions{},
			[]string{`m.yaml:6:10: the column "ID" is mapped and ignored`, `m.yaml:6:14: f.csv has no column "Nope"`}, nil},
		{"a country alone as a constant",
			"version: 1\nobject: every\ncolumns: [{column: P, attribute: phone}]\nconstants: {phone.country_code: GB}\n", "P",
			BindOptions{}, []string{`m.yaml:4:13: a country or currency code cannot be a constant`}, nil},
		{"a bad constant", usersFile("constants: {seats: many, nope: 1, user_id: x}\n"), "ID,Mail", BindOptions{},
			[]string{`m.yaml:6:13: "many" is not a number; accepted: a number such as 1234.5`,
				`m.yaml:6:26: no attribute of users is called "nope"`,
				`m.yaml:6:35: the columns "ID" and "constants.user_id" both fill user_id`}, nil},
		{"a country without a number", "version: 1\nobject: every\ncolumns: [{column: C, attribute: phone.country_code}]",
			"C", BindOptions{}, []string{`m.yaml:3:23: phone.country_code says nothing without a column for phone`}, nil},
		{"a title as the attribute", usersFile("  - {column: S, attribute: Signed up}\n"), "ID,Mail,S", BindOptions{},
			[]string{`m.yaml:6:17: no attribute of users is called "Signed up"; the nearest is "signed_up_at"`},
			[]string{"  - column: S", "    attribute: signed_up_at"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var f *mapfile.File
			if tt.file != "" {
				var err error
				f, err = mapfile.Parse("m.yaml", []byte(tt.file))
				require.NoError(t, err)
			}
			s := world.Schema()
			every := s.Object("every")
			every.Attributes = append(
				every.Attributes, world.Attr(
					"lonely", "Lonely", attio.TypeRecordReference, func(a *attio.Attribute) { a.AllowedObjects = []string{} }),
				world.Attr("stranger", "Stranger", attio.TypeRecordReference,
					func(a *attio.Attribute) { a.AllowedObjects = []string{"00000000-0000-0000-0000-000000000000"} }))
			plan, err := Bind(f, Input{Name: "f.csv", Columns: strings.Split(tt.headers, ",")}, s, tt.options)
			require.Nil(t, plan)
			var problems problem.Problems
			require.ErrorAs(t, err, &problems)
			var got []string
			for _, p := range problems {
				got = append(got, p.String())
			}
			if tt.name == "keys that mean nothing" {
				require.Len(t, got, 9)
				got = got[:1]
			}
			require.Equal(t, tt.want, got)
			if tt.hint != nil {
				require.Equal(t, tt.hint, problems[0].Hint)
			}
		})
	}
}

func TestTargetsThatNeedMore(t *testing.T) {
	s := world.Schema()
	*s.Object("workspaces").Attribute("name") = world.Attr(
		"name", "Name", attio.TypeText, func(a *attio.Attribute) { a.Required = true })
	file := "  - {column: W, attribute: workspace, reference: workspaces.workspace_id, missing: create}\n"
	f, err := mapfile.Parse("m.yaml", []byte(usersFile(file)))
	require.NoError(t, err)
	_, err = Bind(f, Input{Name: "f.csv", Columns: []string{"ID", "Mail", "W"}}, s, BindOptions{})
	require.EqualError(t, err, "m.yaml:6:75: records of workspaces need name, which no column fills")
	f, err = mapfile.Parse("m.yaml",
		[]byte(usersFile(file+"  - {column: N, attribute: workspace.name, reference: workspaces.workspace_id}\n")))
	require.NoError(t, err)
	p, err := Bind(f, Input{Name: "f.csv", Columns: []string{"ID", "Mail", "W", "N"}}, s, BindOptions{})
	require.NoError(t, err)
	var rec Record
	require.Empty(t, p.Values(row("1", "a@b.com", "acme", "Acme Inc"), &rec))
	ref := rec.Fields[2].Values[0].Ref
	require.Equal(t, []any{"workspaces", "workspace_id", "acme", value.MissingCreate, 2},
		[]any{ref.Object, ref.Attr, ref.Key, ref.Missing, ref.Column})
	require.JSONEq(t, `{"workspace_id":"acme","name":"Acme Inc"}`, string(p.Encode(nil, p.TargetFields(ref))))
	require.Equal(t, value.CodeFillSeveral, p.Values(row("1", "a@b.com", "acme;other", "Acme Inc"), &rec)[0].Code)
	require.Empty(t, p.Values(row("1", "a@b.com", "acme;other", ""), &rec))
	require.Len(t, rec.Fields[2].Values, 2)
}

func TestExportHeadersNeedNoMapping(t *testing.T) {
	headers := []string{"record_id", "created_at", "web_url", "text", "amount", "amount.currency_code", "person",
		"person.name", "phone", "phone.country_code", "met.interaction_type", "met.owner", "created_by", "attio_row",
		"attio_error"}
	cells := []string{world.AdaID, "2024-01-01T00:00:00Z", "https://app.attio.com/x", "T", "12", "eur", world.BobID, "Bob",
		"020 7946 0958", "GB", "email", "system", "system", "3", "bad"}
	p := bindHeaders(t, "every", Create, headers...)
	require.Equal(t, []string{"left out, since they cannot be written: created_at, web_url, amount.currency_code, " +
		"person.name, met.interaction_type, met.owner, created_by",
		"cells of person are record ids or people.email_addresses"}, p.Notes)
	var rec Record
	require.Empty(t, p.Values(row(cells...), &rec))
	require.Empty(t, rec.ID)
	require.JSONEq(t, `{"text":"T","amount":{"currency_value":12},"person":{"target_object":"people",`+
		`"target_record_id":"`+world.BobID+`"},"phone":{"original_phone_number":"+442079460958",`+
		`"country_code":"GB"}}`, string(p.Encode(nil, rec.Fields)))

	p = bindHeaders(t, "every", Update, headers...)
	require.Nil(t, p.Match)
	require.Empty(t, p.Values(row(cells...), &rec))
	require.Equal(t, world.AdaID, rec.ID)

	cells[0], cells[5], cells[9] = "nonsense", "USD", "DE"
	var codes []string
	for _, e := range p.Values(row(cells...), &rec) {
		codes = append(codes, e.Code+" "+e.Header)
	}
	require.Equal(t, []string{value.CodeRecordID + " record_id", value.CodeCurrency + " amount.currency_code",
		value.CodePhone + " phone"}, codes)
}

func TestWhichAttributeAHeaderMeans(t *testing.T) {
	s := world.Schema()
	o := s.Object("workspaces")
	o.Attributes = append(o.Attributes, world.Attr("name_2", "Name", attio.TypeText),
		world.Attr("x1", "Twin", attio.TypeText), world.Attr("x2", "TWIN!", attio.TypeText))
	p, err := Bind(nil, Input{Name: "f.csv", Columns: []string{"Workspace-ID", "NAME"}}, s,
		BindOptions{Object: "workspaces"})
	require.NoError(t, err)
	require.Equal(t, "version: 1\ncolumns:\n  - column: Workspace-ID\n    attribute: workspace_id\n  - column: NAME\n   "+
		" attribute: name\n", string(p.File.YAML()))
	_, err = Bind(nil, Input{Name: "f.csv", Columns: []string{"Workspace-ID", "twin"}}, s,
		BindOptions{Object: "workspaces"})
	require.EqualError(t, err, `f.csv: column "twin": the header fits "x1" or "x2"`)
}

func TestModesAndMatch(t *testing.T) {
	in := Input{Name: "f.csv", Columns: []string{"user_id", "primary_email_address"}}
	s := world.Schema()
	p, err := Bind(nil, in, s, BindOptions{Mode: Upsert, Match: "user_id"})
	require.NoError(t, err)
	require.Equal(t, "user_id", p.Match.Slug)
	require.Equal(t, []string{"primary_email_address", "user_id"}, []string{p.Unique[0].Slug, p.Unique[1].Slug})
	p, err = Bind(nil, in, s, BindOptions{})
	require.NoError(t, err)
	require.Nil(t, p.Match)
	require.Equal(t, Create, p.Mode)
	in.Columns = []string{"user_id", "notes"}
	p, err = Bind(nil, in, s, BindOptions{Mode: Upsert})
	require.NoError(t, err)
	require.Equal(t, "user_id", p.Match.Slug)
	var rec Record
	require.Empty(t, p.Values(row("1", "x"), &rec))
	missing := p.Required(nil, &rec)
	require.Len(t, missing, 1)
	require.Equal(t, []any{value.CodeRequired, "primary_email_address", -1},
		[]any{missing[0].Code, missing[0].Header, missing[0].Index})
}

func TestRequiredCells(t *testing.T) {
	p := bindHeaders(t, "users", Create, "user_id", "primary_email_address")
	var rec Record
	errs := p.Values(row("", "a@b.com"), &rec)
	require.Len(t, errs, 1)
	require.Equal(t, `2:1: row 1, column "user_id": a new record needs user_id, and the row has no value for it`, errs[0].Error())
	errs = p.Values(row("1", "a@"), &rec)
	require.Len(t, errs, 1, "a refused cell is not missing as well")
	require.Equal(t, value.CodeEmail, errs[0].Code)
	require.Len(t, p.Values(row("1"), &rec), 1, "a row that ends early has blank cells")
	require.Empty(t, p.Values(row(), &rec), "a row that says nothing needs nothing: it is skipped")
	require.Empty(t, rec.Fields)
}

func TestMissingOptions(t *testing.T) {
	f, err := mapfile.Parse(
		"m.yaml", []byte("version: 1\nobject: every\ncolumns:\n  - {column: T, attribute: tags, missing: create}\n"))
	require.NoError(t, err)
	p, err := Bind(f, Input{Columns: []string{"T"}}, world.Schema(), BindOptions{})
	require.NoError(t, err)
	var rec Record
	require.Empty(t, p.Values(row("Free;Gold"), &rec))
	require.Equal(t, []value.Value{{Text: "Free", ID: world.FreeID}, {Text: "Gold", Missing: true}}, rec.Fields[0].Values)
	tags := p.Object.Attribute("tags")
	require.Equal(t, []string{"Free"}, NearestOptions(tags, "Fre"))
	q := p.WithOptions(tags, attio.Option{ID: world.BobID, Title: "Gold"})
	q = q.WithOptions(tags, attio.Option{ID: world.AdaID, Title: "Silver"})
	require.Empty(t, q.Values(row("gold;Silver;New"), &rec))
	require.Equal(t, []value.Value{{Text: "Gold", ID: world.BobID}, {Text: "Silver", ID: world.AdaID},
		{Text: "New", Missing: true}}, rec.Fields[0].Values)
	require.Empty(t, p.Values(row("Gold"), &rec))
	require.True(t, rec.Fields[0].Values[0].Missing, "the first plan stays as it was")
}

func TestConstants(t *testing.T) {
	f, err := mapfile.Parse("m.yaml", []byte(`version: 1
object: every
columns: [{column: T, attribute: text}]
constants: {tags: [Free, "Professional"], number: 7, full.first_name: Ada, person: ada@b.com, stage: free}
`))
	require.NoError(t, err)
	p, err := Bind(f, Input{Columns: []string{"T"}}, world.Schema(), BindOptions{})
	require.NoError(t, err)
	var rec Record
	require.Empty(t, p.Values(row("x"), &rec))
	require.Len(t, rec.Fields, 6)
	require.Equal(t, &value.Ref{Object: "people", Attr: "email_addresses", Key: "ada@b.com", Column: -1,
		Missing: value.MissingReject}, rec.Fields[4].Values[0].Ref)
	require.Empty(t, rec.Fields[1].Columns)
	defer func() {
		require.Empty(t, p.Values(row(""), &rec))
		require.Empty(t, rec.Fields, "constants alone make no record")
	}()
	require.JSONEq(t, `{"text":"x","tags":[{"option":"`+world.FreeID+`"},{"option":"`+world.ProID+`"}],"number":7,`+
		`"full":{"first_name":"Ada","last_name":"","full_name":"Ada"},"person":{"target_object":"people",`+
		`"target_record_id":""},"stage":{"status":"`+world.FreeID+`"}}`,
		string(p.Encode(nil, rec.Fields)))
}

func TestJoinedColumns(t *testing.T) {
	f, err := mapfile.Parse("m.yaml", []byte(`version: 1
object: every
columns:
  - column: Phone
    attribute: phones
    transform: [{join: {columns: [Mobile], with: ";"}}]
`))
	require.NoError(t, err)
	p, err := Bind(f, Input{Columns: []string{"Phone", "Mobile"}}, world.Schema(), BindOptions{})
	require.NoError(t, err)
	var rec Record
	require.Empty(t, p.Values(row("", "+442079460958"), &rec))
	require.Equal(t, "+442079460958", rec.Fields[0].Values[0].Text)
	require.Empty(t, p.Values(row("+12125550123", "+442079460958"), &rec))
	require.Len(t, rec.Fields[0].Values, 2)
}

func TestRowsWithNothingMapped(t *testing.T) {
	p := bindHeaders(t, "every", Create, "text", "tags", "full.first_name", "place.locality", "phones")
	var rec Record
	require.Empty(t, p.Values(row("", " ", "", "\u00a0", ";"), &rec))
	require.Empty(t, rec.Fields)
	require.JSONEq(t, "{}", string(p.Encode(nil, rec.Fields)))
}

func TestSpreadsheetPrefix(t *testing.T) {
	p, err := Bind(nil, Input{Columns: []string{"text"}, Spreadsheet: true}, world.Schema(), BindOptions{Object: "every"})
	require.NoError(t, err)
	for _, cell := range []string{"=1+1", "-5", "+442079460958", "@ada", " =x", "＝x", "'=x", "''+a", "'plain", "\ttab",
		"-", "a=b", "-5-5", "+1;+2", "- list"} {
		var rec Record
		require.Empty(t, p.Values(row(flat.Neutral(cell)), &rec))
		require.Equal(t, cell, rec.Fields[0].Values[0].Text)
	}
	for cell, want := range map[string]string{"=1+1": "'=1+1", "-5": "-5", "-5.25": "-5.25",
		"+442079460958": "+442079460958", "-5-5": "'-5-5", " =x": "' =x", "a": "a", "": "", "-": "'-"} {
		require.Equal(t, want, flat.Neutral(cell))
	}
}

func TestIgnoredTwins(t *testing.T) {
	f, err := mapfile.Parse(
		"m.yaml", []byte("version: 1\nobject: every\ncolumns: [{column: '#2', attribute: text}]\nignore: [N]\n"))
	require.NoError(t, err)
	_, err = Bind(f, Input{Columns: []string{"N", "N", "N"}}, world.Schema(), BindOptions{})
	require.NoError(t, err)
}

func TestNotes(t *testing.T) {
	p := bindHeaders(t, "users", Update, "record_id", "user_id", "signed_up_at")
	require.Equal(t, []string{"times of signed_up_at that name no zone are taken as UTC",
		"records are found by record_id, and where that is blank by user_id"}, p.Notes)
	p = bindHeaders(t, "users", Update, "record_id", "user_id", "primary_email_address")
	require.Equal(t, []string{"records are found by record_id alone"}, p.Notes)
}
