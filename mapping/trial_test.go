package mapping

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

func TestTrialShowsWhatCellsBecome(t *testing.T) {
	in := Input{Name: "f.csv", Columns: []string{"A", "B"}}
	for _, tt := range []struct {
		column mapfile.Column
		cells  [2]string
		want   string
	}{
		{mapfile.Column{Attribute: "day", Format: "european"}, [2]string{"03/04/2024"}, "2024-04-03"},
		{mapfile.Column{Attribute: "amount", Thousands: ","}, [2]string{"1,200"}, "1200 EUR"},
		{mapfile.Column{Attribute: "owner"}, [2]string{"grace@example.com"}, "Grace Hopper"},
		{mapfile.Column{Attribute: "person"}, [2]string{"Ada@example.com"}, "ada@example.com"},
		{mapfile.Column{Attribute: "place"}, [2]string{"Berlin, Germany"}, "Berlin, DE"},
		{mapfile.Column{Attribute: "phones", CountryColumn: "B"}, [2]string{"020 7946 0958;030 901820", "UK"},
			`"030 901820" is not a valid phone number`},
		{mapfile.Column{Attribute: "phones", CountryColumn: "B"}, [2]string{"030 901820; +44 20 7946 0958", "Germany"},
			"+4930901820; +442079460958"},
		{mapfile.Column{Attribute: "day"}, [2]string{"soon"}, `"soon" is not a date`},
		{mapfile.Column{Attribute: "day", OnError: mapfile.DropValue}, [2]string{"soon"}, `"soon" is not a date`},
		{mapfile.Column{Attribute: "day"}, [2]string{" "}, ""},
		{mapfile.Column{Attribute: "person.job_title", Reference: "people.email_addresses"}, [2]string{"CEO"}, "CEO"},
	} {
		tt.column.Column = "A"
		trial, err := NewTrial(tt.column, in, world.Schema(), "every")
		require.NoError(t, err, tt.column.Attribute)
		got, bad := trial.Read(row(tt.cells[:]...))
		if bad != nil {
			got = bad.Message
		}
		require.Equal(t, tt.want, got, tt.column.Flow())
	}
	_, err := NewTrial(mapfile.Column{Column: "A", Attribute: "nope"}, in, world.Schema(), "every")
	require.EqualError(t, err, `mapping: column A: no attribute of every is called "nope"`)
}

// Each row's phone numbers are read by the row's own country, else by the column's.
func TestCountryColumn(t *testing.T) {
	const text = "version: 1\nobject: every\ncolumns:\n" +
		"  - {column: Tel, attribute: phone, country_column: Land, country: FR}\n" +
		"  - {column: Tel, attribute: text, country_column: Land, country: FR, transform: [e164]}\n"
	p := bindText(t, text, "Tel", "Land")
	var rec Record
	for _, tt := range [][3]string{{"020 7946 0958", "UK", "+442079460958"}, {"030 901820", "Deutschland", "+4930901820"},
		{"030 901820", "de", "+4930901820"}, {"01 40 20 53 17", "", "+33140205317"},

		{"01 40 20 53 17", "Atlantis", "+33140205317"},
		{"+44 20 7946 0958", "Germany", "+442079460958"}} {
		require.Empty(t, p.Values(row(tt[0], tt[1]), &rec), tt)
		require.Len(t, rec.Fields, 2)
		for _, f := range rec.Fields {
			require.Equal(t, tt[2], f.Values[0].Text, tt)
		}
	}
	errs := p.Values(row("030 901820", "UK"), &rec)
	require.Len(t, errs, 2)
	require.Equal(t, value.CodePhone, errs[0].Code)

	_, err := bindMapping("version: 1\nobject: every\ncolumns:\n"+
		"  - {column: Tel, attribute: phone, country_column: Lnd}\n", "Tel", "Land")
	require.ErrorContains(t, err, `f.csv has no column "Lnd"; the nearest is "Land"`)
	_, err = bindMapping("version: 1\nobject: every\ncolumns:\n"+
		"  - {column: Tel, attribute: number, country_column: Land}\n", "Tel", "Land")
	require.ErrorContains(t, err, `country_column means nothing for number, which is of type number`)
}

// A column of countries is read beside another: it may be left out, or fill an attribute too.
func TestCountryColumnMayBeLeftOut(t *testing.T) {
	for _, more := range []string{"ignore: [Land]\n", "  - {column: Land, attribute: place.country_code}\n"} {
		bindText(t, "version: 1\nobject: every\ncolumns:\n  - {column: Tel, attribute: phone, country_column: Land}\n"+more,
			"Tel", "Land")
	}
}

// Where a file seems to have a column of countries, a number without one is told so.
func TestNumbersWithoutACountryAreLedToTheColumnOfCountries(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"  - {column: Tel, attribute: phone}\nignore: [Land, Town]\n", "country_column: Land"},
		{"  - {column: Tel, attribute: phone}\n  - {column: Town, attribute: place.country_code}\nignore: [Land]\n",
			"country_column: Town"},
	} {
		p := bindText(t, "version: 1\nobject: every\ncolumns:\n"+tt.text, "Tel", "Land", "Town")
		var rec Record
		errs := p.Values(row("020 7946 0958", "UK", ""), &rec)
		require.Len(t, errs, 1)
		require.Equal(t, tt.want, errs[0].Fix)
	}
}

func bindMapping(text string, columns ...string) (*Plan, error) {
	f, err := mapfile.Parse("m.yaml", []byte(text))
	if err != nil {
		return nil, err
	}
	return Bind(f, Input{Name: "f.csv", Columns: columns}, world.Schema(), BindOptions{})
}

func bindText(t *testing.T, text string, columns ...string) *Plan {
	t.Helper()
	p, err := bindMapping(text, columns...)
	require.NoError(t, err)
	return p
}
