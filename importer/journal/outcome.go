package journal

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// Action is what became of a row.
type Action string

// The actions, as results.csv spells them. Pending is never written there: it is what a row is that was read and not
// begun.
const (
	Created   Action = "created"
	Updated   Action = "updated"
	Unchanged Action = "unchanged" // the record agrees with the row already; nothing was sent
	Skipped   Action = "skipped"   // the row is there, but nothing mapped is in it
	Conflicts Action = "conflict"
	Rejected  Action = "rejected"
	Unknown   Action = "unknown" // a write was sent, and whether it was done could not be found out
	Pending   Action = "pending"
)

// Outcome is the fate of one row. Members without a name in JSON are not journalled.
type Outcome struct {
	Row      *mapping.Row `json:"-"`
	Action   Action       `json:"action"`
	RecordID string       `json:"record_id,omitempty"`
	WebURL   string       `json:"web_url,omitempty"`
	Attempts int          `json:"attempts,omitempty"` // write requests made for the row
	// Message is why, for people; never a cell's value that is not already in a report.
	Message string `json:"message,omitempty"`
	// Conflicts has a line for each unique value that is taken; of a row with Action Conflicts.
	Conflicts []Conflict `json:"conflicts,omitempty"`
	// Errors are the refused cells, or the one reason for the row as a whole; of a row with Action Rejected.
	Errors []Reject `json:"errors,omitempty"`
	// Dropped are the values of the row that were left out, as the mapping says; of a row with any Action but Rejected.
	Dropped []Drop `json:"dropped,omitempty"`
	// Answer fingerprints the values that the write answered, by attribute; nil where nothing was written.
	Answer map[string]string `json:"answer,omitempty"`
	// Open marks an Unknown that was given up by a second signal: resume looks it up by itself.
	Open bool `json:"open,omitempty"`
	// Lost marks an Unknown all of whose answers were lost; too many in a row stop the run.
	Lost bool `json:"-"`
	// Reason is the API's code of a refusal by Attio itself, "" for all else: one reason for every row stops the run.
	Reason string `json:"-"`
}

// Conflict is one line of conflicts.csv.
type Conflict struct {
	Kind      string `json:"kind"`                // existing or in_file
	Attribute string `json:"attribute"`           // slug of the unique attribute
	Value     string `json:"-"`                   // as in the file
	Nth       int    `json:"nth,omitempty"`       // which of the row's values of the attribute it is, from 0
	RecordID  string `json:"record_id,omitempty"` // of the existing record; "" for in_file
	WebURL    string `json:"web_url,omitempty"`
	FirstRow  int    `json:"first_row,omitempty"` // of in_file: the row that holds the value
	Message   string `json:"message,omitempty"`
	// Differences are the mapped attributes in which row and record differ; nil for in_file.
	Differences Differences `json:"differences,omitzero"`
}

// The kinds of a Conflict.
const (
	Existing = "existing"
	InFile   = "in_file"
)

// Reject is one reason for which a row was refused.
type Reject struct {
	Column  string `json:"column,omitempty"` // header of the cell at fault, "" for the row as a whole
	Code    string `json:"code"`             // stable, such as VAL021, or the code of Attio's answer
	Message string `json:"message,omitempty"`
	// Cell is the reason where that is a cell; nil otherwise, and after a resume. The journal has no message of it then,
	// since that shows the cell: converting the row again gives it.
	Cell   *mapping.CellError `json:"-"`
	OfCell bool               `json:"cell,omitempty"` // in the journal: there is a Cell
}

// Drop is one value of a row that was left out. The journal says which it is; the value is in the input.
type Drop struct {
	Column    int    `json:"column"` // of the input, from 1; 0 for none
	Attribute string `json:"attribute"`
	Code      string `json:"code"`
	From      int    `json:"from,omitempty"` // its bytes in the cell; both 0 where it is the whole cell
	To        int    `json:"to,omitempty"`
	// Cell is the value and why it is left out; in the journal there is none.
	Cell *mapping.CellError `json:"-"`
}

// Drops are the values that were left out of a row, each once.
func Drops(cells []*mapping.CellError) (out []Drop) {
	for _, c := range cells {
		d := Drop{Column: c.Index + 1, Attribute: c.Attribute, Code: c.Code, From: c.From, To: c.To, Cell: c}
		if !slices.ContainsFunc(out, func(had Drop) bool { return had.Is(d) && had.Cell.Piece == c.Piece }) {
			out = append(out, d)
		}
	}
	return out
}

// Is reports whether two are of one place and one reason.
func (d Drop) Is(o Drop) bool {
	d.Cell, o.Cell = nil, nil
	return d == o
}

// find has a value that the journal says was left out be what the input says of it. Where a changed workspace would
// take it today, what is known is its cell and its code.
func (d *Drop) find(row *mapping.Row, found []Drop) (rest []Drop) {
	if i := slices.IndexFunc(found, d.Is); i >= 0 {
		d.Cell = found[i].Cell
		return slices.Delete(found, i, i+1)
	}
	d.Cell = &mapping.CellError{
		Code: d.Code, Row: row.Number, Line: row.Line, Index: d.Column - 1, Attribute: d.Attribute, From: d.From, To: d.To,
	}
	if i := d.Column - 1; i >= 0 && i < len(row.Cells) {
		d.Cell.Value, d.Cell.Piece = row.Cells[i].Text, row.Cells[i].Text
		if d.To > d.From && d.To <= len(d.Cell.Value) {
			d.Cell.Piece = d.Cell.Value[d.From:d.To]
		}
	}
	return found
}

// ResultOf is an outcome as the journal keeps it.
func ResultOf(out *Outcome) Result {
	e := Result{out.Row.Number, out.Row.Line, *out}
	e.Errors = slices.Clone(out.Errors)
	for i := range e.Errors {
		if r := &e.Errors[i]; r.Cell != nil {
			r.Message, r.OfCell = "", true
		}
	}
	return e
}

// With is the outcome with what the input says of its row: the cells that were refused and that may have been left out,
// and the unique values.
func (e *Result) With(row *mapping.Row, refused, dropped []*mapping.CellError, keys []mapping.Key) *Outcome {
	out := &e.Outcome
	out.Row = row
	for i, found := 0, Drops(dropped); i < len(out.Dropped); i++ {
		found = out.Dropped[i].find(row, found)
	}
	for i := range out.Conflicts {
		c, nth := &out.Conflicts[i], 0
		for _, k := range keys {
			if k.Attr.Slug != c.Attribute {
				continue
			}
			if nth == c.Nth {
				c.Value = k.Text
			}
			nth++
		}
	}
	for i := range out.Errors {
		if r := &out.Errors[i]; r.OfCell && i < len(refused) {
			r.Message, r.Cell = refused[i].Message, refused[i]
		}
	}
	return out
}

// Differences are {"slug":{"file":…,"attio":…}} in JSON: a cell of conflicts.csv.
type Differences []mapping.Difference

// difference is one of them, below its slug.
type difference struct {
	Attio json.RawMessage `json:"attio"`
	File  json.RawMessage `json:"file"`
}

// MarshalJSON writes them, sorted by their slugs.
func (ds Differences) MarshalJSON() ([]byte, error) {
	out := make(map[string]difference, len(ds))
	for _, d := range ds {
		out[d.Slug] = difference{d.Attio, d.File}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (ds *Differences) UnmarshalJSON(text []byte) error {
	var m map[string]difference
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	*ds = make(Differences, 0, len(m))
	for _, slug := range slices.Sorted(maps.Keys(m)) {
		*ds = append(*ds, mapping.Difference{Slug: slug, File: m[slug].File, Attio: m[slug].Attio})
	}
	return nil
}

// String is their JSON.
func (ds Differences) String() string {
	text, err := ds.MarshalJSON()
	if err != nil {
		return "{}"
	}
	return string(text)
}

// The results of an undo, as undo.csv spells them.
const (
	UndoDeleted  = "deleted"
	UndoRestored = "restored"
	UndoArchived = "archived"
	UndoKept     = "kept"
	UndoGone     = "gone"
	UndoFailed   = "failed"
)

var undoResults = []string{UndoDeleted, UndoRestored, UndoArchived, UndoKept, UndoGone, UndoFailed}
