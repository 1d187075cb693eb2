package report

import (
	"strconv"

	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// resultRow is a line of results.csv: one for each row that has an outcome, in the order of finishing.
type resultRow struct {
	Row      int            `csv:"row"`
	Line     int            `csv:"line"`
	Action   journal.Action `csv:"action"`
	RecordID string         `csv:"record_id"`
	WebURL   string         `csv:"web_url"`
	Attempts int            `csv:"attempts"`
	Message  string         `csv:"message"`
}

// results writes results.csv.
type results struct{ Table[resultRow] }

func newResults(name string) *results {
	return &results{Table[resultRow]{name: name, cells: (*resultRow).cells}}
}

// cells are the row's, in the order of its fields: a dry run writes a million of them.
func (r *resultRow) cells(dst []string) []string {
	attempts := "0"
	if r.Attempts > 0 {
		attempts = strconv.Itoa(r.Attempts)
	}
	return append(dst, strconv.Itoa(r.Row), strconv.Itoa(r.Line), string(r.Action), r.RecordID, r.WebURL, attempts, r.Message)
}

// Record appends the outcome's line.
func (r *results) Record(out *journal.Outcome) error {
	message := out.Message
	if message == "" && len(out.Errors) > 0 {
		message = out.Errors[0].Message
		if c := out.Errors[0].Column; c != "" {
			message = c + ": " + message
		}
	}
	return r.Add(resultRow{out.Row.Number, out.Row.Line, out.Action, out.RecordID, out.WebURL, out.Attempts, message})
}
