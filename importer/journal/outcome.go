package journal

import (
	"encoding/json"

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

// Outcome is the fate of one row.
type Outcome struct {
	Row      *mapping.Row
	Action   Action
	RecordID string
	WebURL   string
	Attempts int    // write requests made for the row
	Message  string // why, for people; never a cell's value that is not already in a report
	// Conflicts has a line for each unique value that is taken; of a row with Action Conflicts.
	Conflicts []Conflict
	// Errors are the refused cells, or the one reason for the row as a whole; of a row with Action Rejected.
	Errors []Reject
	// Answer fingerprints the values that the write answered, by attribute; nil where nothing was written.
	Answer map[string]string
	// Open marks an Unknown that was given up by a second signal: resume looks it up by itself.
	Open bool
	// Lost marks an Unknown all of whose answers were lost; too many in a row stop the run.
	Lost bool
	// Reason is the API's code of a refusal by Attio itself, "" for all else: one reason for every row stops the run.
	Reason string
}

// Conflict is one line of conflicts.csv.
type Conflict struct {
	Kind      string // existing or in_file
	Attribute string // slug of the unique attribute
	Value     string // as in the file
	Nth       int    // which of the row's values of the attribute it is, from 0
	RecordID  string // of the existing record; "" for in_file
	WebURL    string
	FirstRow  int // of in_file: the row that holds the value
	Message   string
	// Differences are the mapped attributes in which row and record differ; nil for in_file.
	Differences []mapping.Difference
}

// The kinds of a Conflict.
const (
	Existing = "existing"
	InFile   = "in_file"
)

// Reject is one reason for which a row was refused.
type Reject struct {
	Column  string // header of the cell at fault, "" for the row as a whole
	Code    string // stable, such as VAL021, or the code of Attio's answer
	Message string
	Cell    *mapping.CellError // where the reason is a cell; nil otherwise, and after a resume
}

// DifferencesJSON is the cell of conflicts.csv: {"slug":{"file":…,"attio":…}}.
func DifferencesJSON(ds []mapping.Difference) string {
	out := make(map[string]map[string]json.RawMessage, len(ds))
	for _, d := range ds {
		out[d.Slug] = map[string]json.RawMessage{"file": d.File, "attio": d.Attio}
	}
	text, err := json.Marshal(out) // sorts the slugs
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
