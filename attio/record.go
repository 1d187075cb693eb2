package attio

import "encoding/json"

// Record is a record as the API answers it, with the values of each attribute left as they came.
type Record struct {
	ID        string // record_id
	ObjectID  string
	CreatedAt string // the record's own, UTC with nine fraction digits: 2025-12-16T15:32:42.770000000Z
	WebURL    string
	// Values holds, for every attribute that is not archived, its slug and the JSON array of its values, each with
	// its envelope (active_from, created_by_actor, attribute_type); "[]" where there is none.
	Values map[string]json.RawMessage
	// Raw is the whole record as it came; kept only where Query.KeepRaw asks for it.
	Raw json.RawMessage
}
