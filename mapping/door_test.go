package mapping_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// A header is found by slug or title, whatever its case and punctuation, and by its parts.
func TestHeadersFindAttributes(t *testing.T) {
	people := &schema().Objects[0]
	headers := mapping.NewHeaders(people)
	for header, want := range map[string]string{
		"email_addresses": "email_addresses", "E-Mail Addresses": "email_addresses", "Name > First name": "name.first_name",
		"name.last_name": "name.last_name", "born": "born", "Shoe size": "",
	} {
		found := headers.Find(header)
		if want == "" {
			require.Empty(t, found, header)
			continue
		}
		require.Len(t, found, 1, header)
		require.Equal(t, want, found[0].String())
		require.False(t, mapping.LeftOver(header, found), header)
	}
	require.True(t, mapping.LeftOver("web_url", headers.Find("web_url")), "an export has it, and nobody can write it")
	require.Contains(t, mapping.QuotePaths(headers.Find("born")), "born")
}

// In mode upsert a row may lack what only a new record needs; Required says so once the record is known to be new.
func TestWhatANewRecordNeeds(t *testing.T) {
	s := &attio.Schema{Objects: []attio.Object{{Slug: "users", Attributes: []attio.Attribute{
		{Slug: "user_id", Title: "User ID", Type: attio.TypeText, Unique: true, Writable: true, Required: true},
		{Slug: "email", Title: "E-mail", Type: attio.TypeEmailAddress, Writable: true, Required: true},
		{Slug: "tier", Title: "Tier", Type: attio.TypeSelect, Writable: true,
			Options: []attio.Option{{ID: "1", Title: "Gold"}, {ID: "2", Title: "Old", Archived: true}}},
	}}}}
	users := s.Object("users")
	require.True(t, mapping.Needed(users.Attribute("email")))
	require.False(t, mapping.Needed(users.Attribute("tier")))
	require.Equal(t, []string{"Gold"}, mapping.NearestOptions(users.Attribute("tier"), "gld"))
	plan, err := mapping.Bind(nil, mapping.Input{Name: "f.csv", Columns: []string{"User ID", "E-mail", "Tier"}}, s,
		mapping.BindOptions{Mode: mapping.Upsert, Match: "user_id"})
	require.NoError(t, err)
	require.Equal(t, mapping.DefaultObject, plan.Object.Slug)
	require.False(t, plan.Creates())
	row := &mapping.Row{Number: 1, Line: 2, Cells: []mapping.Cell{
		{Text: "u1", Line: 2, Column: 1}, {Line: 2, Column: 4}, {Text: "Old", Line: 2, Column: 5},
	}}
	var rec mapping.Record
	require.Empty(t, plan.Values(row, &rec))
	archived := plan.Archived(nil, &rec)
	require.Len(t, archived, 1)
	require.Contains(t, archived[0].Error(), `2:5: row 1, column "Tier": `)
	lacks := plan.Required(nil, &rec)
	require.Len(t, lacks, 2)
	require.Equal(t, []mapping.Key{{Attr: users.Attribute("user_id"), Norm: "u1", Text: "u1"}}, plan.Keys(nil, &rec))
}

// A reference whose record is to be made says of what.
func TestWhatAReferenceMakes(t *testing.T) {
	s := schema()
	company := attio.Object{ID: "c", Slug: "companies", Attributes: []attio.Attribute{
		{Slug: "domains", Title: "Domains", Type: attio.TypeDomain, Unique: true, Multi: true, Writable: true},
		{Slug: "name", Title: "Name", Type: attio.TypeText, Writable: true},
	}}
	s.Objects[0].Attributes = append(s.Objects[0].Attributes, attio.Attribute{
		Slug: "company", Title: "Company", Type: attio.TypeRecordReference, Writable: true, AllowedObjects: []string{"c"},
	})
	s.Objects = append(s.Objects, company)
	f, err := mapfile.Parse("people.yaml", []byte(`version: 1
object: people
columns:
  - {column: E-mail, attribute: email_addresses}
  - {column: Company, attribute: company, reference: companies.domains, missing: create}
  - {column: Company name, attribute: company.name, reference: companies.domains}
`))
	require.NoError(t, err)
	plan, err := mapping.Bind(f, mapping.Input{Name: "f.csv", Columns: []string{"E-mail", "Company", "Company name"}}, s,
		mapping.BindOptions{})
	require.NoError(t, err)
	require.True(t, plan.Creates())
	var rec mapping.Record
	require.Empty(t, plan.Values(&mapping.Row{Cells: []mapping.Cell{
		{Text: "ada@example.com"}, {Text: "https://acme.com/about"}, {Text: "Acme"},
	}}, &rec))
	made := plan.TargetFields(rec.Fields[1].Values[0].Ref)
	require.JSONEq(t, `{"domains":[{"domain":"acme.com"}],"name":"Acme"}`, string(plan.Encode(nil, made)))
}
