package journal

import (
	"encoding/json"
	"fmt"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// ResultOf is an outcome as the journal keeps it.
func ResultOf(out *Outcome) *Result {
	e := &Result{
		Row: out.Row.Number, Line: out.Row.Line, Action: out.Action, Record: out.RecordID,
		URL: out.WebURL, Attempts: out.Attempts, Message: out.Message, Answer: out.Answer, Open: out.Open,
	}
	for _, c := range out.Conflicts {
		ec := resultConflict{
			Kind: c.Kind, Attribute: c.Attribute, Nth: c.Nth, Record: c.RecordID, URL: c.WebURL,
			FirstRow: c.FirstRow, Message: c.Message,
		}
		if c.Differences != nil {
			ec.Differences = json.RawMessage(DifferencesJSON(c.Differences))
		}
		e.Conflicts = append(e.Conflicts, ec)
	}
	for _, r := range out.Errors {
		er := resultReject{Column: r.Column, Code: r.Code, Message: r.Message}
		if r.Cell != nil {
			er.Message, er.Cell = "", true
		}
		e.Errors = append(e.Errors, er)
	}
	return e
}

// conflictValues are the values of a row, as in the file, that its conflict lines speak of.
func conflictValues(keys []mapping.Key, attribute string) []string {
	var out []string
	for _, k := range keys {
		if k.Attr.Slug == attribute {
			out = append(out, k.Text)
		}
	}
	return out
}

// Outcome is a row's outcome with what the input says of its row.
func (e *Result) Outcome(row *mapping.Row, refused []*mapping.CellError, keys []mapping.Key) (*Outcome, error) {
	out := &Outcome{
		Row: row, Action: e.Action, RecordID: e.Record, WebURL: e.URL, Attempts: e.Attempts, Message: e.Message, Answer: e.Answer, Open: e.Open,
	}
	for _, c := range e.Conflicts {
		line := Conflict{
			Kind: c.Kind, Attribute: c.Attribute, Nth: c.Nth, RecordID: c.Record, WebURL: c.URL, FirstRow: c.FirstRow, Message: c.Message,
		}
		if values := conflictValues(keys, c.Attribute); c.Nth < len(values) {
			line.Value = values[c.Nth]
		}
		if len(c.Differences) > 0 {
			var err error
			if line.Differences, err = differencesOf(c.Differences); err != nil {
				return nil, err
			}
		}
		out.Conflicts = append(out.Conflicts, line)
	}
	for i, r := range e.Errors {
		reject := Reject{Column: r.Column, Code: r.Code, Message: r.Message}
		if r.Cell && i < len(refused) {
			reject.Message, reject.Cell = refused[i].Message, refused[i]
		}
		out.Errors = append(out.Errors, reject)
	}
	return out, nil
}

// differencesOf reads what DifferencesJSON wrote.
func differencesOf(text json.RawMessage) ([]mapping.Difference, error) {
	var m map[string]struct {
		File  json.RawMessage `json:"file"`
		Attio json.RawMessage `json:"attio"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	out := make([]mapping.Difference, 0, len(m))
	for slug, d := range m {
		out = append(out, mapping.Difference{Slug: slug, File: d.File, Attio: d.Attio})
	}
	return out, nil
}
