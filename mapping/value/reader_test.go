package value

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
)

// Each type without a binder: what a write sends of a text, and the text that an export would write of the same.
func TestReaderOfEachType(t *testing.T) {
	every := world.Schema().Object("every")
	members := NewMembers(world.Schema().Members)
	for _, tt := range []struct{ slug, text, sent, flat string }{
		{"text", "a\r\nb", `"a\nb"`, "a\nb"},
		{"number", "1.50", `1.5`, "1.5"},
		{"checkbox", "TRUE", `true`, "true"},
		{"amount", "9.99", `{"currency_value":9.99}`, "9.99"},
		{"day", "2024-07-14T10:00", `"2024-07-14"`, "2024-07-14"},
		{"at", "2024-07-14", `"2024-07-14T00:00:00.000000000Z"`, "2024-07-14T00:00:00.000000000Z"},
		{"stars", "4", `4`, "4"},
		{"plan", "free", `{"option":"` + world.FreeID + `"}`, "Free"},
		{"stage", "Professional", `{"status":"` + world.ProID + `"}`, "Professional"},
		{"owner", "grace@example.com", `{"referenced_actor_type":"workspace-member","referenced_actor_id":"` +
			world.MemberID + `"}`,
			"workspace-member:" + world.MemberID},
		{"domain", "https://Acme.com/x", `{"domain":"acme.com"}`, "https://Acme.com/x"},
		{"email", "Ada@B.com", `{"email_address":"Ada@B.com"}`, "Ada@B.com"},
		{"phone", "+44 20 7946 0958", `{"original_phone_number":"+442079460958","country_code":"GB"}`, "+442079460958"},
		{"full", "King, Ada", `{"first_name":"Ada","last_name":"King","full_name":"Ada King"}`, "Ada King"},
		{"place", "Berlin, Germany",
			`{"line_1":null,"line_2":null,"line_3":null,"line_4":null,"locality":"Berlin","region":null,` +
				`"postcode":null,"country_code":"DE","latitude":null,"longitude":null}`, ""},
	} {
		a := every.Attribute(tt.slug)
		r := Reader{Attr: a, Options: NewOptions(a.Options), Members: members}
		var v Value
		require.Nil(t, r.Read(TextCell, tt.text, &v), tt.slug)
		require.JSONEq(t, tt.sent, string(AppendField(nil, &Field{Attr: a, Values: []Value{v}})), tt.slug)
		require.Equal(t, tt.flat, Format(a, &v), tt.slug)
		require.True(t, Same(a, &v, &v), tt.slug)
		require.NotEmpty(t, Form(a.Type))
	}
}

// Each type reads the shape that the API returns, and keeps what it does not know.
func TestDecodeOfEachType(t *testing.T) {
	every := world.Schema().Object("every")
	for slug, raw := range world.Everything().Values {
		a := every.Attribute(slug)
		for _, v := range Decode(a, raw) {
			require.Empty(t, v.Raw, slug)
			require.True(t, Same(a, &v, &v), slug)
		}
		odd := Decode(a, []byte(`[{"never":"heard of"}]`))
		require.Equal(t, []Value{{Raw: `{"never":"heard of"}`}}, odd, slug)
		require.JSONEq(t, `{"never":"heard of"}`, string(AppendFlat(nil, &attio.Attribute{Type: a.Type}, odd)))
	}
}

func TestReaderRefuses(t *testing.T) {
	every := world.Schema().Object("every")
	for _, tt := range []struct{ slug, text, code string }{
		{"number", "1,5", CodeSeparator}, {"number", "x", CodeNumber}, {"amount", "EUR100", CodeSymbol},
		{"amount", "USD100", CodeCurrency},
		{"checkbox", "yes", CodeCheckbox},
		{"day", "0001-01-01T00:00:00+01:00", CodeDateRange}, {"day", "2024-1", CodeDate},
		{"place", "a, b, Atlantis", CodeCountry},
		{"owner", "api-token:x", CodeActor}, {"email", "a@b.com, c@d.com", CodeEmail}, {"day", "14.07.2024", CodeDateFormat},
		{"day", "2024-02-30", CodeNoSuchDay}, {"stars", "6", CodeRating},
		{"plan", "Gold", CodeOption},
		{"owner", "nobody", CodeMember}, {"domain", "a.nosuchtld", CodeTLD}, {"email", "ada@", CodeEmail},
		{"phone", "020", CodePhoneCountry}, {"phone", "+44 20", CodePhone},
		{"place", "a,,b", CodeLocation}, {"text", "\xff", CodeEncoding},
	} {
		a := every.Attribute(tt.slug)
		r := Reader{Attr: a, Options: NewOptions(a.Options), Members: NewMembers(world.Schema().Members)}
		bad := r.Read(TextCell, tt.text, &Value{})
		require.NotNil(t, bad, tt.slug)
		require.Equal(t, tt.code, bad.Code, bad.Message)
		require.NotEmpty(t, bad.Accepted)
	}
}

func TestForms(t *testing.T) {
	require.True(t, IsEmail("ada@example.com") && IsDomain("https://acme.com/x") && IsPhone("020 7946 0958", "GB"))
	require.False(t, IsEmail("ada@") || IsDomain("acme") || IsPhone("020 7946 0958", "") || IsPhone("12", "GB"))
	require.Equal(t, "DE", Country("Germany"))
	require.True(t, IsCountryCode("DE") && !IsCountryCode("de"))
	require.Equal(t, "1.234,50", StripCurrency("€ 1.234,50"))
	require.True(t, Known(attio.TypeText) && Writable(attio.TypeText) && !Writable(attio.TypeInteraction) &&
		!Known("hologram"))
	require.Nil(t, Parts("hologram"))
	require.True(t, HasWhole("hologram") && !HasWhole(attio.TypeLocation) && Bare(attio.TypeNumber))
	format, err := ParseFormat("european")
	require.NoError(t, err)
	day, ok := format.Day("14/07/2024")
	require.True(t, ok)
	require.Equal(t, "2024-07-14", day.Format("2006-01-02"))
	place := Reader{Attr: &attio.Attribute{Type: attio.TypeLocation}}
	text, bad := place.ReadPart(7, "germany")
	require.Nil(t, bad)
	require.Equal(t, "DE", text)
}

// What a refusal says would help is good for the column.
func TestSettingsOfRefusals(t *testing.T) {
	every := world.Schema().Object("every")
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for _, tt := range []struct {
		slug, text, code string
		set              *Setting
	}{
		{"emails", "a@b.com, c@d.com", CodeEmail, setKey("split", ",")},
		{"email", "a@b.com|c@d.com", CodeEmail, transformBy("split", "at", "|", "part", "1")},
		{"day", "2024-11-1", CodeDate, setKey("format", "YYYY-M-D")},
		{"day", "2024-1", CodeDate, nil},
		{"at", "2024-03-31T02:30:00", CodeClockChange, nil},
		{"at", "2024-10-27T02:30:00", CodeClockChange, nil},
		{"day", "45487", CodeSerial, setKey("format", "excel")},
		{"place", "Albany, GA", CodeLocationTwice, setKey("country", "US")},
	} {
		r := Reader{Attr: every.Attribute(tt.slug), Zone: berlin}
		bad := r.Read(TextCell, tt.text, &Value{})
		require.NotNil(t, bad, tt.text)
		require.Equal(t, tt.code, bad.Code, bad.Message)
		require.Equal(t, tt.set, bad.Setting, tt.text)
	}
}

func TestNamesAreDivided(t *testing.T) {
	for text, want := range map[string][]string{
		"Ada":                  {"Ada", "", "Ada"},
		"Ada King":             {"Ada", "King", "Ada King"},
		"Ludwig van Beethoven": {"Ludwig", "van Beethoven", "Ludwig van Beethoven"},
		"Sammy Davis Jr.":      {"Sammy", "Davis Jr.", "Sammy Davis Jr."},
		"Davis, Sammy":         {"Sammy", "Davis", "Sammy Davis"},
		"Sammy Davis, Jr.":     {"Sammy", "Davis Jr.", "Sammy Davis, Jr."},
	} {
		var v Value
		require.Nil(t, parseName(nil, TextCell, text, &v))
		require.Equal(t, want, v.Parts)
	}
}

func TestMembersHas(t *testing.T) {
	m := NewMembers([]attio.Member{
		{ID: world.MemberID, FirstName: "Grace", LastName: "Hopper", Email: "grace@example.com"},
		{ID: world.AdaID, FirstName: "Grace", LastName: "Kelly", Email: "kelly@example.com"},
	})
	for text, has := range map[string]bool{
		"grace hopper": true, "KELLY@example.com": true, world.MemberID: true, "Grace": false, "nobody": false,
	} {
		require.Equal(t, has, m.Has(text), text)
	}
	require.False(t, NewMembers(nil).Has("grace@example.com"), "nobody knows the members")
}
