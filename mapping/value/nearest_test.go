package value

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
)

// What an option is meant for is told by number where the options are ranges, else by spelling.
func TestNearestOption(t *testing.T) {
	sizes := []attio.Option{{ID: "1", Title: "1-10"}, {ID: "2", Title: "51-250"}}
	require.Equal(t, []string{"51-250"}, NewOptions(sizes).Nearest("120"))
	require.Empty(t, NewOptions(sizes).Nearest("1-11"))
	require.Equal(t, []string{"Pro"}, NewOptions([]attio.Option{{ID: "1", Title: "Pro"}}).Nearest("Prom"))
	a := &attio.Attribute{Slug: "employee_range", Type: attio.TypeSelect, Options: sizes}
	r := Reader{Attr: a, Options: NewOptions(sizes)}
	require.Equal(t, []string{"120", "51-250"}, r.Read(TextCell, "120", &Value{}).Setting.Args)
	require.Equal(t, "create", r.Read(TextCell, "30", &Value{}).Setting.Value)
}

// An amount in another currency is refused, and never stripped of what says so.
func TestAmountsInAnotherCurrency(t *testing.T) {
	for _, c := range []struct{ text, code, mark string }{{"1.000,00 CHF", "USD", "CHF"}, {"€ 5", "USD", "€"},
		{"$5", "CAD", ""}, {"5 £", "EUR", "£"}, {"12", "EUR", ""}, {"eur 5", "EUR", ""}, {"5 NTD", "TWD", ""},
		{"5 TWD", "NTD", ""}, {"₿ 5", "EUR", ""}, {"5 dollars", "EUR", ""}, {"€ 5", "", ""}} {
		require.Equal(t, c.mark, OtherCurrency(c.text, c.code), c.text)
	}
	r := Reader{Attr: &attio.Attribute{Slug: "funding", Type: attio.TypeCurrency, CurrencyCode: "USD"}}
	bad := r.CheckCurrency("1.000,00 CHF")
	require.Equal(t, []any{CodeCurrency, `"1.000,00 CHF" is an amount in CHF, and funding is in USD`, 9, 12},
		[]any{bad.Code, bad.Message, bad.From, bad.To})
	require.Nil(t, r.CheckCurrency("$ 5"))
}

// A word that is neither yes nor no is offered as neither.
func TestCheckboxWords(t *testing.T) {
	r := Reader{Attr: &attio.Attribute{Slug: "vip", Type: attio.TypeCheckbox}}
	for text, want := range map[string][]string{"yes": {"yes", "true"}, "Nein": {"Nein", "false"}, "perhaps": nil} {
		bad := r.Read(TextCell, text, &Value{})
		var args []string
		if bad.Setting != nil {
			args = bad.Setting.Args
		}
		require.Equal(t, want, args, text)
	}
}
