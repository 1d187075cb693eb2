package walk

import "encoding/json"

// ByIDs narrows a filter, nil for none, down to some records.
func ByIDs(filter json.RawMessage, ids []string) json.RawMessage {
	list, _ := json.Marshal(ids) // strings always marshal
	byID := `{"record_id":{"$in":` + string(list) + `}}`
	if filter == nil {
		return json.RawMessage(byID)
	}
	return json.RawMessage(`{"$and":[` + string(filter) + `,` + byID + `]}`)
}
