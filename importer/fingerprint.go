package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
)

// A record's fingerprint is a short hash of each attribute's values as a write answered them, so that undo can tell whether anybody
// changed the record since, without keeping the values. What Attio's own enrichment wrote (actor "system") is left out.

// fingerprint maps each attribute that has values to 16 hex digits.
func fingerprint(rec *attio.Record) map[string]string {
	out := make(map[string]string)
	for slug, raw := range rec.Values {
		var parts []string
		for v := range attio.Elements(raw) {
			if text, ok := contentOf(v); ok {
				parts = append(parts, text)
			}
		}
		if len(parts) == 0 {
			continue
		}
		slices.Sort(parts) // several values come in no promised order
		sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
		out[slug] = hex.EncodeToString(sum[:8])
	}
	return out
}

// contentOf is a value without its envelope, its members in the order of their names; false for one that Attio's own enrichment wrote.
func contentOf(value json.RawMessage) (string, bool) {
	type member struct {
		name string
		raw  json.RawMessage
	}
	var storage [8]member
	members := storage[:0]
	for name, raw := range attio.Members(value) {
		switch name {
		case "active_from", "active_until":
		case "created_by_actor":
			for name, raw := range attio.Members(raw) {
				if name == "type" && string(raw) == `"system"` {
					return "", false
				}
			}
		default:
			members = append(members, member{name, raw})
		}
	}
	slices.SortFunc(members, func(a, b member) int { return strings.Compare(a.name, b.name) })
	var text []byte
	for _, m := range members {
		text = append(append(append(append(text, m.name...), ':'), m.raw...), ',')
	}
	return string(text), true
}

// creator is "type:id" of who made a record; "" when the record does not say.
func creator(rec *attio.Record) string {
	var values []struct {
		Type string `json:"referenced_actor_type"`
		ID   string `json:"referenced_actor_id"`
	}
	if json.Unmarshal(rec.Values["created_by"], &values) != nil || len(values) == 0 {
		return ""
	}
	return values[0].Type + ":" + values[0].ID
}
