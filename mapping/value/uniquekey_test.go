package value_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

func TestKeysOf(t *testing.T) {
	s := world.Schema()
	every := s.Object("every")
	r := world.Held(map[string]string{"emails": `[{"email_address":"a@b.com","original_email_address":"A@b.com"},` +
		`{"email_address":"C@d.com"}]`,
		"text": world.Val(`"value":"a\r\nB"`), "domains": `[{"domain":"X.com"}]`, "number": world.Val(`"value":7.0`),
		"phone": world.Val(`"phone_number":"+442079460958"`)})
	require.Equal(t, []string{"a@b.com", "c@d.com"}, value.KeysOf(nil, every.Attribute("emails"), r))
	require.Equal(t, []string{"first", "a\nB"}, value.KeysOf([]string{"first"}, every.Attribute("text"), r))
	require.Equal(t, []string{"x.com"}, value.KeysOf(nil, every.Attribute("domains"), r))
	require.Equal(t, []string{"7"}, value.KeysOf(nil, every.Attribute("number"), r))
	require.Equal(t, []string{"+442079460958"}, value.KeysOf(nil, every.Attribute("phone"), r))
	require.Equal(t, []string{world.AdaID}, value.KeysOf(nil, every.Attribute("record_id"), r))
	require.Empty(t, value.KeysOf(nil, every.Attribute("domain"), r))
}

func TestKeyFilter(t *testing.T) {
	every := world.Schema().Object("every")
	for _, tt := range []struct {
		slug  string
		norms []string
		want  string
	}{
		{"text", []string{`a"b`}, `{"text":{"$in":["a\"b"]}}`},
		{"text", []string{"a", "b"}, `{"text":{"$in":["a","b"]}}`},
		{"record_id", []string{world.AdaID, world.BobID}, `{"record_id":{"$in":["` + world.AdaID + `","` + world.BobID +
			`"]}}`},
		{"emails", []string{"a@b.com"}, `{"emails":{"email_address":{"$eq":"a@b.com"}}}`},
		{"domains", []string{"a.com", "b.com"},
			`{"$or":[{"domains":{"domain":{"$eq":"a.com"}}},{"domains":{"domain":{"$eq":"b.com"}}}]}`},
		{"phone", []string{"+442079460958"}, `{"phone":{"phone_number":{"$eq":"+442079460958"}}}`},
		{"number", []string{"7", "8.5"}, `{"$or":[{"number":{"value":{"$eq":7}}},{"number":{"value":{"$eq":8.5}}}]}`},
	} {
		require.JSONEq(t, tt.want, string(value.KeyFilter(every.Attribute(tt.slug), tt.norms)))
	}
	require.Nil(t, value.KeyFilter(every.Attribute("text"), nil))
}

func TestKeyAttribute(t *testing.T) {
	s := world.Schema()
	for object, want := range map[string]string{"people": "email_addresses", "companies": "domains", "users": "user_id",
		"workspaces": "workspace_id"} {
		require.Equal(t, want, value.KeyAttribute(s.Object(object)).Slug)
	}
	require.Nil(t, value.KeyAttribute(s.Object("every")))
	two := &attio.Object{Slug: "deals", Attributes: []attio.Attribute{world.Attr("a", "A", attio.TypeText, unique)}}
	require.Equal(t, "a", value.KeyAttribute(two).Slug)
	two.Attributes = append(two.Attributes, world.Attr("b", "B", attio.TypeText, unique))
	require.Nil(t, value.KeyAttribute(two))
}

func unique(a *attio.Attribute) { a.Unique = true }
