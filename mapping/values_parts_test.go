package mapping

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// A country beside a phone number is at fault itself, not the number.
func TestCountryBesideAPhoneNumberThatIsNone(t *testing.T) {
	p := bindHeaders(t, "every", Create, "phones", "phones.country_code", "phone", "phone.country_code")
	var rec Record
	errs := p.Values(row("020 7946 0958;030 901820", "GB;Atlantis", "020 7946 0958", "XX"), &rec)
	require.Len(t, errs, 2)
	for i, want := range [][]any{{value.CodeCountry, "phones.country_code", "Atlantis", 11, ""},
		{value.CodeCountry, "phone.country_code", "XX", 31, ""}} {
		e := errs[i]
		require.Equal(t, want, []any{e.Code, e.Header, e.Value[e.From:e.To], e.Column, e.Fix})
	}
	errs = p.Values(row("020 7946 0958;0131 496 0733", "Atlantis", "", ""), &rec)
	require.Len(t, errs, 1, "one cell is refused once, however many numbers it is for")
}
