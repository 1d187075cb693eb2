package exporter

import "encoding/json"

// idFilter narrows a filter down to some ids.
func idFilter(filter json.RawMessage, ids []string) json.RawMessage {
	list, _ := json.Marshal(ids) // strings always marshal
	byID := `{"record_id":{"$in":` + string(list) + `}}`
	if filter == nil {
		return json.RawMessage(byID)
	}
	return json.RawMessage(`{"$and":[` + string(filter) + `,` + byID + `]}`)
}
