package attio

import "encoding/json"

// Query is the body of a record query. The zero value asks for everything in Attio's own order.
type Query struct {
	Filter json.RawMessage // Attio's filter object; nil for none
	Sorts  json.RawMessage // Attio's array of sorts; nil for none
	Limit  int             // records a page; 0 for 500, Attio's default
	Offset int
	// KeepRaw keeps each record's own bytes in Record.Raw.
	KeepRaw bool
}

// Page is one answer to a Query.
type Page struct {
	Records []Record
	Offset  int // of the first record
	Score   int // x-attio-record-query-score: what the query cost of the workspace's budget of ten seconds
}
