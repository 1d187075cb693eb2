package importer

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// A value that two records have stays in doubt when one of them is seen again.
func TestTwoHoldersStayTwo(t *testing.T) {
	name := &attio.Attribute{Slug: "name", Type: attio.TypeText, Writable: true}
	acme := func(id string) attio.Record {
		return attio.Record{ID: id, Values: map[string]json.RawMessage{"name": json.RawMessage(`[{"value":"Acme"}]`)}}
	}
	v := newResolver(&session{})
	v.learn([]*ask{{object: "companies", keys: []mapping.Key{{Attr: name, Norm: "Acme"}},
		records: []attio.Record{acme("A"), acme("B")}}})
	key := targetKey{"companies", "name", "Acme"}
	require.True(t, v.twice[key])
	v.learn([]*ask{{object: "companies", keys: []mapping.Key{{Attr: name, Norm: "Other"}},
		records: []attio.Record{acme("B")}}})
	require.True(t, v.twice[key])
}
