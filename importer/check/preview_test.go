package check

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// A check keeps the first rows that would be sent, and counts those that nothing finds again and values left out: none
// of rows that would be rejected.
func TestCheckShowsTheFirstRowsAndCountsWhatIsLeftOut(t *testing.T) {
	schema := users()
	for i := range schema.Objects[0].Attributes {
		schema.Objects[0].Attributes[i].Required = false
	}
	in := open(t, "users.csv", "ID,Primary email address,MRR,Source\nu1,ada@,many,\nu2,bob@example.com,many,\n"+
		",,5,words\nu4,dan@example.com,7,\n")
	f, err := mapfile.Parse("users.yaml", []byte("version: 1\ncolumns:\n  - {column: ID, attribute: user_id}\n"+
		"  - {column: Primary email address, attribute: primary_email_address}\n"+
		"  - {column: MRR, attribute: mrr, on_error: drop}\n  - {column: Source, attribute: source}\n"))
	require.NoError(t, err)
	r, err := Options{Preview: 2}.File(t.Context(), in, func(s source.Survey) (*mapping.Plan, error) {
		return mapping.Bind(f, mapping.Input{Name: in.Path(), Columns: s.Columns}, schema,
			mapping.BindOptions{Object: "users"})
	})
	require.NoError(t, err)
	require.Equal(t, []int{3, 1, 1}, []int{r.Importable, r.Rejected, r.WithoutUnique})
	require.Equal(t, journal.Dropped{Values: 1, Rows: 1}, r.LeftOut)
	require.Equal(t, []mapping.Preview{
		{Row: 2, Line: 3, Record: []mapping.Standing{{Attribute: "user_id", Value: "u2"},
			{Attribute: "primary_email_address", Value: "bob@example.com"}}},
		{Row: 3, Line: 4, Record: []mapping.Standing{{Attribute: "mrr", Value: "5"}, {Attribute: "source", Value: "words"}}},
	}, r.Preview)
}
