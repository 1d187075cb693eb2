package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
)

// A record's fingerprint is a short hash of each attribute's values as a write answered them, so that undo can tell whether anybody
// changed the record since, without keeping the values. What Attio's own enrichment wrote (actor "system") is left out.

// fingerprint maps each attribute that has values to 16 hex digits.
func fingerprint(rec *attio.Record) map[string]string {
	out := make(map[string]string)
	for slug, raw := range rec.Values {
		var values []map[string]json.RawMessage
		if json.Unmarshal(raw, &values) != nil {
			continue
		}
		var parts []string
		for _, v := range values {
			if actorOf(v["created_by_actor"]).Type == "system" {
				continue
			}
			for _, envelope := range []string{"active_from", "active_until", "created_by_actor"} {
				delete(v, envelope)
			}
			text, err := json.Marshal(v) // keys sorted
			if err == nil {
				parts = append(parts, string(text))
			}
		}
		if len(parts) == 0 {
			continue
		}
		slices.Sort(parts) // several values come in no promised order
		h := sha256.New()
		for _, p := range parts {
			h.Write([]byte(p))
			h.Write([]byte{0})
		}
		out[slug] = hex.EncodeToString(h.Sum(nil)[:8])
	}
	return out
}

// actor is who made a value.
type actor struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

func actorOf(raw json.RawMessage) actor {
	var a actor
	_ = json.Unmarshal(raw, &a) // an actor of another shape is nobody
	return a
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
