package report

import (
	"fmt"
	"strconv"

	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
)

// resultRow is a line of results.csv: one for each row that has an outcome.
type resultRow struct {
	Row      int            `csv:"row"`
	Line     int            `csv:"line"`
	Action   journal.Action `csv:"action"`
	RecordID string         `csv:"record_id"`
	WebURL   string         `csv:"web_url"`
	Attempts int            `csv:"attempts"`
	Message  string         `csv:"message"`
}

// cells are the row's, in the order of its fields: a dry run writes a million of them.
func (r *resultRow) cells(dst []string) []string {
	return append(dst, strconv.Itoa(r.Row), strconv.Itoa(r.Line), string(r.Action), r.RecordID, r.WebURL,
		strconv.Itoa(r.Attempts), r.Message)
}

func resultOf(out *journal.Outcome) resultRow {
	message := out.Message
	if message == "" && len(out.Errors) > 0 {
		message = reason(out.Errors[0])
	}
	return resultRow{out.Row.Number, out.Row.Line, out.Action, out.RecordID, out.WebURL, out.Attempts, message}
}

// reason is why a row was refused, with its column.
func reason(r journal.Reject) string {
	if r.Column == "" {
		return r.Message
	}
	return r.Column + ": " + r.Message
}

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

// conflictsOf are an outcome's lines; none where it is no conflict.
func conflictsOf(out *journal.Outcome) (rows []conflictRow) {
	for _, c := range out.Conflicts {
		row := conflictRow{
			Row: out.Row.Number, Line: out.Row.Line, Kind: c.Kind, Attribute: c.Attribute, Value: c.Value,
			RecordID: c.RecordID, WebURL: c.WebURL, Message: c.Message,
		}
		if c.FirstRow > 0 {
			row.FirstRow = strconv.Itoa(c.FirstRow)
		}
		if c.Differences != nil {
			row.Differences = c.Differences.String()
		}
		rows = append(rows, row)
	}
	return rows
}

// rejects writes rejects.csv or rejects.jsonl: the rows as they were, with the reason, ready to be repaired and
// imported again.
type rejects struct {
	name  string
	input *source.File
	f     *durable.File
	w     *source.RejectWriter
}

// record appends the row, if it was rejected. Of several reasons the first gets the columns, and the message names
// the others. The row is whole when it returns.
func (r *rejects) record(out *journal.Outcome) error {
	if out.Action != journal.Rejected {
		return nil
	}
	if r.f == nil {
		f, empty, err := durable.Append(r.name)
		if err != nil {
			return err
		}
		r.f, r.w = f, r.input.Rejects(f)
		if empty {
			if err := r.w.Begin(); err != nil {
				return err
			}
		}
	}
	first := out.Errors[0]
	message := first.Message
	for _, other := range out.Errors[1:] {
		message += "; " + reason(other)
	}
	return r.w.Write(out.Row, first.Column, first.Code, message)
}

// droppedRow is a line of dropped.csv: a value that was left out, as it stands in the file.
type droppedRow struct {
	Row       int    `csv:"row"`
	Line      int    `csv:"line"`
	Column    string `csv:"column"`
	Attribute string `csv:"attribute"`
	Code      string `csv:"code"`
	Value     string `csv:"value"`
	Message   string `csv:"message"`
}

// droppedOf are an outcome's lines; none where nothing was left out.
func droppedOf(out *journal.Outcome) (rows []droppedRow) {
	for _, d := range out.Dropped {
		c, column := d.Cell, d.Cell.Header
		if column == "" && d.Column > 0 {
			column = fmt.Sprintf("#%d", d.Column)
		}
		rows = append(rows, droppedRow{out.Row.Number, out.Row.Line, column, d.Attribute, d.Code, c.Piece, c.Message})
	}
	return rows
}
