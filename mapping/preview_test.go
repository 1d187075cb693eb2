package mapping

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// A new record shows what the row fills; an update what changes of the record, values that are added beside those that
// are there.
func TestStand(t *testing.T) {
	p := bindHeaders(t, "people", Create, "email_addresses", "name")
	var rec Record
	require.Empty(t, p.Values(row("a@example.com; b@example.com", "Ada King"), &rec))
	require.Equal(t, []Standing{{Attribute: "email_addresses", Value: "a@example.com; b@example.com"},
		{Attribute: "name", Value: "Ada King"}}, p.Stand(&rec, nil))
	p = bindHeaders(t, "people", Upsert, "email_addresses", "name")
	require.Empty(t, p.Values(row("b@example.com", "Ada King"), &rec))
	cur := world.Held(map[string]string{"email_addresses": `[{"email_address":"a@example.com"}]`,
		"name": `[{"first_name":"Ada","last_name":"King","full_name":"Ada King"}]`})
	require.Equal(t, []Standing{{Attribute: "email_addresses", Value: "a@example.com; b@example.com",
		Old: "a@example.com"}},
		p.Stand(&rec, cur))
}

// What a row says of a target that it does not name is left out: value by value, and also where the name was.
func TestFurtherColumnsOfATargetThatIsNotNamed(t *testing.T) {
	f, err := mapfile.Parse("m.yaml", []byte(`version: 1
object: people
columns:
  - {column: mail, attribute: email_addresses}
  - {column: site, attribute: company, reference: companies.domains, missing: create, on_error: drop}
  - {column: firm, attribute: company.name, reference: companies.domains}
`))
	require.NoError(t, err)
	p, err := Bind(f, Input{Name: "f.csv", Columns: []string{"mail", "site", "firm"}}, world.Schema(), BindOptions{})
	require.NoError(t, err)
	var rec Record
	require.Empty(t, p.Values(row("a@example.com", "", "Oasis"), &rec))
	require.Len(t, rec.Dropped, 1)
	e := rec.Dropped[0]
	require.Equal(t, []any{"VAL064", 1, 2, "company.name", "Oasis"}, []any{e.Code, e.Row, e.Index, e.Attribute, e.Piece})
	require.Empty(t, p.Values(row("a@example.com", "no domain", "Oasis"), &rec))
	require.Len(t, rec.Dropped, 2, "the name was left out, and with it what belongs to it")
	require.Len(t, p.MayDrop(&rec), 2)
	require.Empty(t, p.Values(row("a@example.com", "oasis.com", "Oasis"), &rec))
	require.Empty(t, rec.Dropped)
}
