package exporter

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
)

// plans is a filter of n values.
func plans(n int) json.RawMessage {
	var any []string
	for i := range n {
		any = append(any, fmt.Sprintf(`{"plan":"p%d"}`, i))
	}
	return json.RawMessage(`{"$or":[` + strings.Join(any, ",") + `]}`)
}

// A server that takes fewer values than Attio is asked for fewer references at a time.
func TestReferencesInSmallerBatches(t *testing.T) {
	b := newSandbox(t, 0, attiotest.Options{FilterValues: 30})
	for i := range 150 {
		person, err := b.server.Insert("people", map[string]any{"email_addresses": []any{fmt.Sprintf("p%d@example.com", i)}})
		require.NoError(t, err)
		_, err = b.server.Insert("users", map[string]any{"user_id": fmt.Sprintf("%03d", i),
			"primary_email_address": fmt.Sprintf("u%d@example.com", i),
			"person":                map[string]any{"target_object": "people", "target_record_id": person}})
		require.NoError(t, err)
	}
	b.must(Options{Out: "key.csv", PageSize: 500, Sort: []SortKey{{Attribute: "user_id"}}, References: flat.ByKey})
	require.Equal(t, "p149@example.com", b.column("key.csv", "person")[149])
}

func TestFilterOfTooManyValues(t *testing.T) {
	b := newSandbox(t, 3, attiotest.Options{})
	before := b.client.Stats().Reads
	_, err := b.run(t.Context(), Options{Out: "users.csv", Filter: plans(101)})
	var option *OptionError
	require.ErrorAs(t, err, &option)
	require.ErrorContains(t, err, "holds 101 values, and Attio takes 100")
	require.Equal(t, before, b.client.Stats().Reads)
}
