package report

import (
	"strconv"

	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// Rules of the conflict report: a line for each unique value of a row that is taken, by a record in Attio (existing)
// or by an earlier row of the file (in_file) that is itself to be sent. Values stand as they are in the file.
// differences is a JSON object of the mapped attributes in which row and record differ, {} where they agree, and
// empty for in_file.

// conflictRow is a line of conflicts.csv.
type conflictRow struct {
	Row         int    `csv:"row"`
	Line        int    `csv:"line"`
	Kind        string `csv:"kind"`
	Attribute   string `csv:"attribute"`
	Value       string `csv:"value"`
	RecordID    string `csv:"existing_record_id"`
	WebURL      string `csv:"existing_url"`
	FirstRow    string `csv:"first_row"`
	Message     string `csv:"message"`
	Differences string `csv:"differences"`
}

// conflicts writes conflicts.csv.
type conflicts struct{ Table[conflictRow] }

func newConflicts(name string) *conflicts { return &conflicts{Table[conflictRow]{name: name}} }

// Record appends the outcome's lines, if it is a conflict.
func (c *conflicts) Record(out *journal.Outcome) error {
	for _, l := range out.Conflicts {
		row := conflictRow{
			Row: out.Row.Number, Line: out.Row.Line, Kind: l.Kind, Attribute: l.Attribute, Value: l.Value,
			RecordID: l.RecordID, WebURL: l.WebURL, Message: l.Message,
		}
		if l.FirstRow > 0 {
			row.FirstRow = strconv.Itoa(l.FirstRow)
		}
		if l.Differences != nil {
			row.Differences = l.Differences.String()
		}
		if err := c.Add(row); err != nil {
			return err
		}
	}
	return nil
}
