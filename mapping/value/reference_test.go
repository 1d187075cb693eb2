package value

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
)

// A reference is read by id or by key; a key is a key until somebody has looked it up.
func TestReferences(t *testing.T) {
	people, companies := &attio.Object{Slug: "people", ID: "p"}, &attio.Object{Slug: "companies", ID: "c"}
	one := &attio.Attribute{Slug: "person", Type: attio.TypeRecordReference, AllowedObjects: []string{"people"}}
	two := &attio.Attribute{Slug: "any", Type: attio.TypeRecordReference, AllowedObjects: []string{"people", "companies"}}
	email := &Reader{Attr: &attio.Attribute{Slug: "email_addresses", Type: attio.TypeEmailAddress}}
	toOne := &Target{Object: people, Allowed: []*attio.Object{people}, Key: email, IDs: true}
	toTwo := &Target{
		Allowed: []*attio.Object{people, companies}, Keys: map[string]*Reader{"people": email}, IDs: true,
	}
	for _, tt := range []struct {
		attr       *attio.Attribute
		target     *Target
		text, code string
		want       Ref
		flat       string
	}{
		{one, toOne, world.AdaID, "", Ref{Object: "people", ID: world.AdaID}, world.AdaID},
		{one, toOne, "people:" + world.AdaID, "", Ref{Object: "people", ID: world.AdaID}, world.AdaID},
		{one, toOne, "Ada@b.com", "", Ref{Object: "people", Attr: "email_addresses", Key: "ada@b.com"}, "ada@b.com"},
		{one, toOne, "ada@", CodeEmail, Ref{}, ""},
		{two, toTwo, "p:ada@b.com", "", Ref{Object: "people", Attr: "email_addresses", Key: "ada@b.com"}, "people:ada@b.com"},
		{two, toTwo, "companies:" + world.BobID, "", Ref{Object: "companies", ID: world.BobID}, "companies:" + world.BobID},
		{two, toTwo, "companies:acme", CodeReference, Ref{}, ""},
		{two, toTwo, "deals:x", CodeTargetObject, Ref{}, ""},
		{two, toTwo, "acme", CodeReference, Ref{}, ""},
	} {
		var v Value
		bad := (&Reader{Attr: tt.attr, Target: tt.target}).Read(TextCell, tt.text, &v)
		if tt.code != "" {
			require.NotNil(t, bad, tt.text)
			require.Equal(t, tt.code, bad.Code, bad.Message)
			continue
		}
		require.Nil(t, bad, tt.text)
		tt.want.Column, tt.want.Missing = -1, MissingReject
		require.Equal(t, &tt.want, v.Ref, tt.text)
		require.Equal(t, tt.flat, Format(tt.attr, &v))
		sent := AppendField(nil, &Field{Attr: tt.attr, Values: []Value{v}})
		require.JSONEq(t, `{"target_object":"`+v.Ref.Object+`","target_record_id":"`+v.Ref.ID+`"}`, string(sent))
	}
	require.Equal(t, "people, companies", toTwo.Slugs())
	require.Nil(t, toOne.Find("companies"))
}

func TestArchivedOptions(t *testing.T) {
	tags := &attio.Attribute{Slug: "tags", Type: attio.TypeSelect, Multi: true, Options: []attio.Option{
		{ID: "o1", Title: "Old", Archived: true}, {ID: "o2", Title: "New"},
	}}
	options := NewOptions(tags.Options)
	r := &Reader{Attr: tags, Options: options, New: true}
	bad := r.Read(TextCell, "Old", &Value{})
	require.Equal(t, CodeArchived, bad.Code)
	r.New = false
	var old Value
	require.Nil(t, r.Read(TextCell, "old", &old), "a record may hold it already")
	require.True(t, IsArchived(tags, &old))
	held := Field{Attr: tags, Values: []Value{{ID: "o2", Text: "New"}, old}}
	require.Equal(t, `tags held "Old", an option that is archived now`, held.HeldArchived())
	require.Empty(t, (&Field{Attr: tags, Values: held.Values[:1]}).HeldArchived())
	require.True(t, Has(&held, held.Values, &Value{ID: "o1"}))
	require.False(t, Has(&held, held.Values, &Value{ID: "o3", Text: "Newer"}))
	more := options.With([]attio.Option{{ID: "o3", Title: "Newer"}})
	o, twice := more.Find("NEWER")
	require.Equal(t, "o3", o.ID)
	require.False(t, twice)
}
