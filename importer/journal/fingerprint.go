package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// A record's fingerprint is a short hash of each attribute's values as a write answered them, so that undo can tell
// whether anybody changed the record since, without keeping the values. What Attio's own enrichment wrote (actor
// "system") is left out.

// Fingerprint maps each attribute that has values to 16 hex digits.
func Fingerprint(rec *attio.Record) map[string]string {
	out := make(map[string]string, len(rec.Values))
	var text []byte
	var parts [][]byte
	for slug, raw := range rec.Values {
		text, parts = text[:0], parts[:0]
		for v := range rawjson.Elements(raw) {
			from := len(text)
			if more, ok := appendContent(text, v); ok {
				text, parts = more, append(parts, more[from:])
			}
		}
		if len(parts) == 0 {
			continue
		}
		if len(parts) > 1 { // they come in no promised order
			slices.SortFunc(parts, bytes.Compare)
			parts[0] = bytes.Join(parts, []byte{0})
		}
		sum := sha256.Sum256(parts[0])
		out[slug] = hex.EncodeToString(sum[:8])
	}
	return out
}

// appendContent appends a value without its envelope, its members in the order of their names; false for one that
// Attio's own enrichment wrote.
func appendContent(dst []byte, value json.RawMessage) ([]byte, bool) {
	type member struct {
		name string
		raw  json.RawMessage
	}
	var storage [8]member
	members := storage[:0]
	for name, raw := range rawjson.Members(value) {
		switch name {
		case "active_from", "active_until":
		case "created_by_actor":
			if string(rawjson.Member(raw, "type")) == `"system"` {
				return dst, false
			}
		case "option", "status": // its id: that somebody archived, brought back or renamed it is no change of this record
			if id := rawjson.Member(raw, "id"); id != nil {
				raw = id
			}
			members = append(members, member{name, raw})
		default:
			members = append(members, member{name, raw})
		}
	}
	slices.SortFunc(members, func(a, b member) int { return strings.Compare(a.name, b.name) })
	for _, m := range members {
		dst = append(append(append(append(dst, m.name...), ':'), m.raw...), ',')
	}
	return dst, true
}

// Creator is "type:id" of who made a record; "" when the record does not say.
func Creator(rec *attio.Record) string {
	var values []struct {
		Type string `json:"referenced_actor_type"`
		ID   string `json:"referenced_actor_id"`
	}
	if json.Unmarshal(rec.Values["created_by"], &values) != nil || len(values) == 0 {
		return ""
	}
	return values[0].Type + ":" + values[0].ID
}
