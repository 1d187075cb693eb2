package walk

import (
	"encoding/json"

	"github.com/attio-bulk/attio-bulk/attio"
)

// order is a sequence of the records that a walk asks for, and how to see from a page that it got it.
type order struct {
	name    string
	sorts   json.RawMessage            // nil for Attio's own
	key     func(*attio.Record) string // ascends with the order
	unique  bool                       // no two records have the same key
	overlap int                        // rows that neighbouring pages share at least
	blind   bool                       // nothing can be seen from the pages, and nothing proven
}

// orders are the ones to try, the cheapest first. That record_id can be sorted by is not on record (a refusal leads
// to the next), that created_at can is.
func orders() []order {
	id := func(r *attio.Record) string { return r.ID }
	created := func(r *attio.Record) string { return Instant(r.CreatedAt) }
	return []order{
		{name: "unsorted", key: id, unique: true, overlap: 1},
		{name: "record_id", sorts: sortBy("record_id", "asc"), key: id, unique: true, overlap: 1},
		{name: "created_at", sorts: sortBy("created_at", "asc"), key: created, overlap: 2},
		{name: "none", key: func(*attio.Record) string { return "" }, overlap: 1, blind: true},
	}
}

func sortBy(attribute, direction string) json.RawMessage {
	return json.RawMessage(`[{"attribute":"` + attribute + `","direction":"` + direction + `"}]`)
}

// ByIDs narrows a filter, nil for none, down to some records.
func ByIDs(filter json.RawMessage, ids []string) json.RawMessage {
	list, _ := json.Marshal(ids) // strings always marshal
	byID := `{"record_id":{"$in":` + string(list) + `}}`
	if filter == nil {
		return json.RawMessage(byID)
	}
	return json.RawMessage(`{"$and":[` + string(filter) + `,` + byID + `]}`)
}
