package value_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// A reference is read by id or by key; a key is a key until somebody has looked it up.
func TestReferences(t *testing.T) {
	people, companies := &attio.Object{Slug: "people", ID: "p"}, &attio.Object{Slug: "companies", ID: "c"}
	one := &attio.Attribute{Slug: "person", Type: attio.TypeRecordReference, AllowedObjects: []string{"people"}}
	two := &attio.Attribute{Slug: "any", Type: attio.TypeRecordReference, AllowedObjects: []string{"people", "companies"}}
	email := &value.Reader{Attr: &attio.Attribute{Slug: "email_addresses", Type: attio.TypeEmailAddress}}
	toOne := &value.Target{Object: people, Allowed: []*attio.Object{people}, Key: email, IDs: true}
	toTwo := &value.Target{
		Allowed: []*attio.Object{people, companies}, Keys: map[string]*value.Reader{"people": email}, IDs: true,
	}
	for _, tt := range []struct {
		attr       *attio.Attribute
		target     *value.Target
		text, code string
		want       value.Ref
		flat       string
	}{
		{one, toOne, world.AdaID, "", value.Ref{Object: "people", ID: world.AdaID}, world.AdaID},
		{one, toOne, "people:" + world.AdaID, "", value.Ref{Object: "people", ID: world.AdaID}, world.AdaID},
		{one, toOne, "Ada@b.com", "", value.Ref{Object: "people", Attr: "email_addresses", Key: "ada@b.com"}, "ada@b.com"},
		{one, toOne, "ada@", value.CodeEmail, value.Ref{}, ""},
		{two, toTwo, "p:ada@b.com", "", value.Ref{Object: "people", Attr: "email_addresses", Key: "ada@b.com"},
			"people:ada@b.com"},
		{two, toTwo, "companies:" + world.BobID, "", value.Ref{Object: "companies", ID: world.BobID}, "companies:" +
			world.BobID},
		{two, toTwo, "companies:acme", value.CodeReference, value.Ref{}, ""},
		{two, toTwo, "deals:x", value.CodeTargetObject, value.Ref{}, ""},
		{two, toTwo, "acme", value.CodeReference, value.Ref{}, ""},
	} {
		var v value.Value
		bad := (&value.Reader{Attr: tt.attr, Target: tt.target}).Read(value.TextCell, tt.text, &v)
		if tt.code != "" {
			require.NotNil(t, bad, tt.text)
			require.Equal(t, tt.code, bad.Code, bad.Message)
			continue
		}
		require.Nil(t, bad, tt.text)
		tt.want.Column, tt.want.Missing = -1, value.MissingReject
		require.Equal(t, &tt.want, v.Ref, tt.text)
		require.Equal(t, tt.flat, value.Format(tt.attr, &v))
		sent := value.AppendField(nil, &value.Field{Attr: tt.attr, Values: []value.Value{v}})
		require.JSONEq(t, `{"target_object":"`+v.Ref.Object+`","target_record_id":"`+v.Ref.ID+`"}`, string(sent))
	}
	require.Equal(t, "people, companies", toTwo.Slugs())
	require.Nil(t, toOne.Find("companies"))
}

func TestArchivedOptions(t *testing.T) {
	tags := &attio.Attribute{Slug: "tags", Type: attio.TypeSelect, Multi: true, Options: []attio.Option{
		{ID: "o1", Title: "Old", Archived: true}, {ID: "o2", Title: "New"},
	}}
	options := value.NewOptions(tags.Options)
	r := &value.Reader{Attr: tags, Options: options, New: true}
	bad := r.Read(value.TextCell, "Old", &value.Value{})
	require.Equal(t, value.CodeArchived, bad.Code)
	r.New = false
	var old value.Value
	require.Nil(t, r.Read(value.TextCell, "old", &old), "a record may hold it already")
	require.True(t, value.IsArchived(tags, &old))
	held := value.Field{Attr: tags, Values: []value.Value{{ID: "o2", Text: "New"}, old}}
	require.Equal(t, `tags held "Old", an option that is archived now`, held.HeldArchived())
	require.Empty(t, (&value.Field{Attr: tags, Values: held.Values[:1]}).HeldArchived())
	require.True(t, value.Has(&held, held.Values, &value.Value{ID: "o1"}))
	require.False(t, value.Has(&held, held.Values, &value.Value{ID: "o3", Text: "Newer"}))
	more := options.With([]attio.Option{{ID: "o3", Title: "Newer"}})
	o, twice := more.Find("NEWER")
	require.Equal(t, "o3", o.ID)
	require.False(t, twice)
}
