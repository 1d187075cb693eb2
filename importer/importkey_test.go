package importer

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
)

func TestWhichAttributesCanHoldTheImportKey(t *testing.T) {
	object := &attio.Object{Slug: "plans", Attributes: []attio.Attribute{
		{Slug: "key", Type: attio.TypeText, Unique: true, Writable: true},
		{Slug: "old", Type: attio.TypeText, Unique: true, Writable: true, Archived: true},
		{Slug: "code", Type: attio.TypeText, Unique: true, Writable: true},
		{Slug: "seats", Type: attio.TypeNumber, Unique: true, Writable: true},
		{Slug: "name", Type: attio.TypeText, Writable: true},
		{Slug: "id", Type: attio.TypeText, Unique: true},
	}}
	plan := &mapping.Plan{Object: object, Unique: []*attio.Attribute{object.Attribute("code")}}
	require.NoError(t, checkImportKey(plan, "key"))
	for slug, want := range map[string]string{
		"none":  "plans has no such attribute",
		"seats": "it is of type number",
		"name":  "it is not unique",
		"id":    "it cannot be written",
		"code":  "a column fills it already",
	} {
		err := checkImportKey(plan, slug)
		var e *ImportKeyError
		require.ErrorAs(t, err, &e)
		require.ErrorContains(t, err, slug+": "+want)
		require.Contains(t, e.Fit, "key")
		require.NotContains(t, e.Fit, "old")
	}
}
