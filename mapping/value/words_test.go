package value_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// What a text is taken for, and what it is not.
func TestWhatTextsAre(t *testing.T) {
	phone := func(text string) bool { return value.IsPhone(text, "GB") }
	for name, c := range map[string]struct {
		is       func(string) bool
		yes, not []string
	}{
		"e-mail": {value.IsEmail, []string{"ada@example.com", "a+b@sub.example.org"},
			[]string{"ada@", "ada", "a b@example.com"}},
		"domain":  {value.IsDomain, []string{"example.com", "https://example.com/a?b"}, []string{"example", "a b.com", ""}},
		"phone":   {phone, []string{"+44 20 7946 0958", "020 7946 0958"}, []string{"12", "phone"}},
		"digits":  {value.IsDigits, []string{"0", "0123"}, []string{"1.2", "-1", "١"}},
		"uuid":    {value.IsUUID, []string{"2c8e1f5e-4a0d-4f43-9c3e-0d2c6a1b7f10"}, []string{"2c8e1f5e", ""}},
		"country": {value.IsCountryCode, []string{"GB", "DE"}, []string{"gb", "XX", "Germany"}},
		"a phone number, perhaps": {value.PhoneLike, []string{"020 7946 0958", "(030) 12 34 56"},
			[]string{"call me", "ada@example.com"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, text := range c.yes {
				require.True(t, c.is(text), "%q", text)
			}
			for _, text := range c.not {
				require.False(t, c.is(text), "%q", text)
			}
		})
	}
	require.False(t, value.IsPhone("020 7946 0958", ""), "of no country")
}

func TestTextsAreCleaned(t *testing.T) {
	require.Equal(t, "a b", value.Trim("\u00a0\ufeff a b\t\u200b"))
	require.True(t, value.IsBlank('\u00a0'))
	require.False(t, value.IsBlank('a'))
	require.Equal(t, "a\nb\nc", value.UnixLines("a\r\nb\rc"))
	require.Equal(t, "1.234,50", value.Trim(value.StripCurrency("€ 1.234,50")))
	require.Equal(t, "12", value.Trim(value.StripCurrency("USD 12")))
	require.Equal(t, "Ada King", value.JoinName("Ada", "King"))
	require.Equal(t, "King", value.JoinName("", "King"))
	for _, text := range []string{"Germany", "germany", "DE", "deu"} {
		require.Equal(t, "DE", value.Country(text))
	}
	require.Empty(t, value.Country("Atlantis"))
	require.Equal(t, `"a\"b"`, string(value.Quote(nil, `a"b`)))
	require.Equal(t, "null", string(value.AppendOrNull(nil, "")))
	require.Nil(t, value.CheckUTF8("é"))
	require.NotNil(t, value.CheckUTF8("\xff"))
	require.Equal(t, value.CodeCountry, value.NoCountry("Atlantis", 3).Code)
}

// Several values that were joined into a cell are found again, whatever they hold.
func TestSeveralValuesInACell(t *testing.T) {
	for _, values := range [][]string{{"a"}, {"a", "b"}, {"a;b", `c\d`, `e\`}} {
		var cell []byte
		for i, v := range values {
			if i > 0 {
				cell = append(cell, ';')
			}
			cell = value.Join(cell, v)
		}
		var got []string
		for _, p := range value.Split(nil, string(cell), ";") {
			got = append(got, p.Text)
		}
		require.Equal(t, values, got)
	}
	require.Equal(t, []value.Piece{{Text: "a", From: 1, To: 2}, {Text: "b", From: 6, To: 7}},
		value.Split(nil, " a ;; b", ";"))
}

// Of each type is known what its flat form has.
func TestTypesOfAttributes(t *testing.T) {
	require.True(t, value.Known(attio.TypeText))
	require.False(t, value.Known("hologram"))
	require.True(t, value.Writable(attio.TypeDate))
	require.False(t, value.Writable(attio.TypeInteraction))
	require.True(t, value.Divided(attio.TypePersonalName))
	require.False(t, value.Divided(attio.TypeText))
	require.Equal(t, []string{"first_name", "last_name", "full_name"}, value.Parts(attio.TypePersonalName)[:3])
	require.True(t, value.HasWhole(attio.TypeText))
	require.True(t, value.Bare(attio.TypeNumber))
	require.False(t, value.Bare(attio.TypeText))
	require.NotEmpty(t, value.Form(attio.TypeDate))
	require.Equal(t, "status", value.OptionWord(&attio.Attribute{Type: attio.TypeStatus}))
	require.Equal(t, "option", value.OptionWord(&attio.Attribute{Type: attio.TypeSelect}))
}

func TestFormatsOfDates(t *testing.T) {
	for format, text := range map[string]string{
		"iso": "2024-07-14", "european": "14.07.2024", "american": "07/14/2024", "D MMM YYYY": "14 Jul 2024",
		"unix": "1720915200",
	} {
		f, err := value.ParseFormat(format)
		require.NoError(t, err, format)
		day, ok := f.Day(text)
		require.True(t, ok, format)
		require.Equal(t, "2024-07-14", day.Format("2006-01-02"), format)
		_, ok = f.Day("soon")
		require.False(t, ok, format)
	}
	_, err := value.ParseFormat("QQQQ")
	require.Error(t, err)
}

func TestOptionsAndMembersAreFound(t *testing.T) {
	options := value.NewOptions([]attio.Option{{ID: "1", Title: "Gold"}, {ID: "2", Title: "Old", Archived: true}})
	require.Equal(t, []string{"Gold"}, options.Titles)
	o, twice := options.Find("GOLD")
	require.Equal(t, "1", o.ID)
	require.False(t, twice)
	more := options.With([]attio.Option{{ID: "3", Title: "gold"}})
	_, twice = more.Find("GoLd")
	require.True(t, twice)
	o, _ = more.Find("gold")
	require.Equal(t, "3", o.ID, "as it is")

	members := value.NewMembers([]attio.Member{
		{ID: "m1", FirstName: "Ada", LastName: "King", Email: "ada@example.com"},
		{ID: "m2", FirstName: "Ada", LastName: "Lace", Email: "lace@example.com"},
	})
	for _, text := range []string{"m1", "ADA@example.com", "Ada King"} {
		require.True(t, members.Has(text), text)
	}
	require.False(t, members.Has("Ada"), "there are two")
}

// A reader says why it takes no text, with a code that is explained.
func TestRefusalsHaveExplainedCodes(t *testing.T) {
	explained := map[string]bool{}
	for _, c := range value.Codes {
		explained[c.Code] = c.Text != ""
	}
	for _, c := range []struct {
		attr attio.Attribute
		text string
		code string
	}{
		{attio.Attribute{Type: attio.TypeNumber}, "many", value.CodeNumber},
		{attio.Attribute{Type: attio.TypeNumber}, "1.23456", value.CodeDecimals},
		{attio.Attribute{Type: attio.TypeCheckbox}, "perhaps", value.CodeCheckbox},
		{attio.Attribute{Type: attio.TypeRating}, "9", value.CodeRating},
		{attio.Attribute{Type: attio.TypeDate}, "2024-02-30", value.CodeNoSuchDay},
		{attio.Attribute{Type: attio.TypeEmailAddress}, "ada@", value.CodeEmail},
		{attio.Attribute{Type: attio.TypeDomain}, "example", value.CodeDomain},
		{attio.Attribute{Type: attio.TypePhoneNumber}, "020 7946 0958", value.CodePhoneCountry},
	} {
		r := value.Reader{Attr: &c.attr}
		var v value.Value
		refused := r.Read(value.TextCell, c.text, &v)
		require.NotNil(t, refused, c.text)
		require.Equal(t, c.code, refused.Code, c.text)
		require.True(t, explained[refused.Code], refused.Code)
		require.NotEmpty(t, refused.Message)
	}
	require.Equal(t, ".", (&value.Reader{}).Point())
	require.Equal(t, ",", (&value.Reader{Decimal: ","}).Point())
}

// Two values are the same where Attio takes them for the same, and what is written as a cell is read as the same again.
func TestValuesAreTheSame(t *testing.T) {
	for _, c := range []struct {
		attr attio.Attribute
		a, b string
		same bool
	}{
		{attio.Attribute{Type: attio.TypeEmailAddress}, "Ada@Example.com", "ada@example.com", true},
		{attio.Attribute{Type: attio.TypeText}, "Ada", "ada", false},
		{attio.Attribute{Type: attio.TypeNumber}, "1.50", "1.5", true},
	} {
		r := value.Reader{Attr: &c.attr}
		var a, b, again value.Value
		require.Nil(t, r.Read(value.TextCell, c.a, &a))
		require.Nil(t, r.Read(value.TextCell, c.b, &b))
		require.Equal(t, c.same, value.Same(&c.attr, &a, &b))
		require.Nil(t, r.Read(value.TextCell, value.Format(&c.attr, &a), &again))
		require.True(t, value.Same(&c.attr, &a, &again))
	}
	text := attio.Attribute{Slug: "note", Type: attio.TypeText}
	require.Equal(t, `"a"`, string(value.AppendFlat(nil, &text, []value.Value{{Text: "a"}})))
	require.Equal(t, "null", string(value.AppendFlat(nil, &text, nil)))
	require.False(t, value.HasOdd([]value.Value{{Text: "a"}}))
	require.True(t, value.HasOdd([]value.Value{{Raw: `{}`}}))
}
