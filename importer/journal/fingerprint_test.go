package journal_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

func TestFingerprintSaysWhetherValuesAreTheSame(t *testing.T) {
	const plan = `[{"active_from":"2026-01-01","created_by_actor":{"type":"api-token","id":"k"},` +
		`"option":{"title":"Free"},"attribute_type":"select"}]`
	of := func(raw string) string {
		return journal.Fingerprint(&attio.Record{Values: map[string]json.RawMessage{"a": json.RawMessage(raw)}})["a"]
	}
	require.Len(t, of(plan), 16)
	for _, c := range []struct {
		name, raw string
		same      bool
	}{
		{"another time and actor",
			`[{"active_from":"2027-01-01","active_until":null,"created_by_actor":{"type":"user","id":"u"},` +
				`"option":{"title":"Free"},"attribute_type":"select"}]`, true},
		{"members in another order",
			`[{"attribute_type":"select","option":{"title":"Free"},"created_by_actor":{"id":"k","type":"api-token"}}]`, true},
		{"with enrichment beside it", plan[:len(plan)-1] +
			`,{"created_by_actor":{"type":"system","id":null},"option":{"title":"Gold"},"attribute_type":"select"}]`, true},
		{"another value", `[{"option":{"title":"Gold"},"attribute_type":"select"}]`, false},
		{"a second value", plan[:len(plan)-1] + `,{"option":{"title":"Gold"},"attribute_type":"select"}]`, false},
		{"none", `[]`, false},
		{"enrichment alone", `[{"created_by_actor":{"type":"system","id":null},"option":{"title":"Free"},` +
			`"attribute_type":"select"}]`, false},
	} {
		require.Equal(t, c.same, of(plan) == of(c.raw), c.name)
	}
	require.Equal(t, of(`[{"value":"a"},{"value":"b"}]`), of(`[{"value":"b"},{"value":"a"}]`), "values in another order")
	require.Empty(t, of(`[]`))
}

func BenchmarkFingerprint(b *testing.B) {
	const value = `[{"active_from":"2026-01-01","active_until":null,"created_by_actor":{"type":"api-token",` +
		`"id":"k"},"value":"some text","attribute_type":"text"}]`
	rec := &attio.Record{Values: map[string]json.RawMessage{}}
	for _, slug := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "created_at", "created_by"} {
		rec.Values[slug] = json.RawMessage(value)
	}
	for _, slug := range []string{"i", "j", "k", "l"} {
		rec.Values[slug] = json.RawMessage(`[]`)
	}
	b.ReportAllocs()
	for b.Loop() {
		journal.Fingerprint(rec)
	}
}

// An option that is archived, brought back or renamed is the workspace's change: records that hold it are as they were.
func TestFingerprintOfAnOptionIsItsID(t *testing.T) {
	value := func(id, more string) *attio.Record {
		text := `[{"active_from":"2026-01-01T00:00:00Z","created_by_actor":{"type":"api-token","id":"x"},` +
			`"option":{"id":{"option_id":"` + id + `"},` + more + `}}]`
		return &attio.Record{Values: map[string]json.RawMessage{"tier": json.RawMessage(text),
			"stage": json.RawMessage(strings.ReplaceAll(text, "option", "status"))}}
	}
	was := journal.Fingerprint(value("a", `"title":"Old","is_archived":true`))
	require.Len(t, was, 2)
	require.Equal(t, was, journal.Fingerprint(value("a", `"title":"Old","is_archived":false`)))
	require.Equal(t, was, journal.Fingerprint(value("a", `"title":"Older","is_archived":true,"celebration_enabled":true`)))
	require.NotEqual(t, was, journal.Fingerprint(value("b", `"title":"Old","is_archived":true`)))
}
