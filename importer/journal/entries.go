package journal

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// version is the version of the journal that this program writes and reads.
const version = 1

// The kinds of entry, as their member t says. Those that are named unlike their types keep the names of the first
// version.
const (
	kindHead    = "head"
	kindSession = "leg"
	kindIntent  = "intent"
	kindAborted = "void"
	kindOutcome = "outcome"
	kindPlanned = "want"
	kindMade    = "also"
	kindActor   = "actor"
	kindEnd     = "end"
	kindUndoing = "undo"
	kindUndone  = "undone"
)

// Entry is one line of the journal.
type Entry interface {
	// appendTo appends the entry as JSON.
	appendTo(b []byte) ([]byte, error)
	// sound reports whether the entry has what its kind needs.
	sound() bool
}

// Head is the first line: what the run is.
type Head struct {
	Version   int    `json:"version"`
	Run       string `json:"run"`
	Input     string `json:"input_sha256"`
	Mapping   string `json:"mapping_sha256"`
	Object    string `json:"object"`
	Mode      string `json:"mode"`
	Workspace string `json:"workspace_id"`
}

// Session says that a process began to work on the run.
type Session struct {
	At time.Time `json:"at"`
}

// Intent says that a write is about to be sent for a row.
type Intent struct {
	Row    int       `json:"row"`
	At     time.Time `json:"at"`    // by the server's clock
	Write  string    `json:"write"` // create, patch or put
	Send   int       `json:"send"`  // the how-manieth sending of this row, from 1
	Record string    `json:"record_id,omitempty"`
}

// Aborted says that the last intent of a row, or what was planned by a key, is known not to have been processed.
type Aborted struct {
	Row int    `json:"row,omitempty"`
	Key string `json:"key,omitempty"`
}

// Planned says that a target or an option is about to be made: an option where it has an Attribute.
type Planned struct {
	At        time.Time `json:"at"`  // by the server's clock
	Key       string    `json:"key"` // a hash of the target's object and key, or of the option's attribute and title
	Object    string    `json:"object"`
	Attribute string    `json:"attribute,omitempty"`
}

// Made says that a target or an option that rows needed was made: an option where it has an Option.
type Made struct {
	Object    string            `json:"object"`
	Record    string            `json:"record_id,omitempty"`
	Answer    map[string]string `json:"answer,omitempty"`
	Key       string            `json:"want,omitempty"` // of the Planned that it fulfils
	Option    string            `json:"option_id,omitempty"`
	Attribute string            `json:"attribute,omitempty"`
}

// Actor says who our key is, as learnt from a create that was answered.
type Actor struct {
	Actor string `json:"actor"`
}

// End says that a session ended by itself.
type End struct {
	At       time.Time `json:"at"`
	Requests Requests  `json:"requests"`
	Seconds  float64   `json:"seconds,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Taken    int       `json:"taken,omitempty"` // the last row that the session had come to
	// Changed says that the session stopped since its input was no longer the one that it began with.
	Changed bool `json:"input_changed,omitempty"`
}

// Undoing says that something that the run did is about to be undone.
type Undoing struct {
	Row    int       `json:"row,omitempty"`
	At     time.Time `json:"at"`
	Record string    `json:"record_id,omitempty"`
}

// Undone says what came of that; Row, Record or Key say of what.
type Undone struct {
	Row     int    `json:"row,omitempty"`
	Record  string `json:"record_id,omitempty"`
	Message string `json:"message,omitempty"`
	Key     string `json:"want,omitempty"`
	Result  string `json:"result"`
}

// Result is the fate of a row as the journal keeps it: no value of a cell, which is in the input.
type Result struct {
	Row       int               `json:"row"`
	Line      int               `json:"line"`
	Action    Action            `json:"action"`
	Record    string            `json:"record_id,omitempty"`
	URL       string            `json:"web_url,omitempty"`
	Attempts  int               `json:"attempts,omitempty"`
	Message   string            `json:"message,omitempty"`
	Conflicts []resultConflict  `json:"conflicts,omitempty"`
	Errors    []resultReject    `json:"errors,omitempty"`
	Answer    map[string]string `json:"answer,omitempty"`
	Open      bool              `json:"open,omitempty"` // an unknown that resume looks up by itself
}

// resultConflict is a Conflict without the cell's value.
type resultConflict struct {
	Kind        string          `json:"kind"`
	Attribute   string          `json:"attribute"`
	Nth         int             `json:"nth,omitempty"` // which of the row's values of the attribute, from 0
	Record      string          `json:"record_id,omitempty"`
	URL         string          `json:"web_url,omitempty"`
	FirstRow    int             `json:"first_row,omitempty"`
	Message     string          `json:"message,omitempty"`
	Differences json.RawMessage `json:"differences,omitempty"`
}

// resultReject is a Reject. The message of a refused cell is left out, since it shows the cell: converting the row
// again gives it.
type resultReject struct {
	Column  string `json:"column,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message,omitempty"`
	Cell    bool   `json:"cell,omitempty"`
}

// tagged appends an entry behind its kind.
func tagged(b []byte, kind string, e any) ([]byte, error) {
	text, err := json.Marshal(e)
	if err != nil {
		return b, err
	}
	b = append(append(append(b, `{"t":"`...), kind...), '"')
	if len(text) > len("{}") {
		b = append(b, ',')
	}
	return append(b, text[1:]...), nil
}

func (e *Head) appendTo(b []byte) ([]byte, error)    { return tagged(b, kindHead, e) }
func (e *Session) appendTo(b []byte) ([]byte, error) { return tagged(b, kindSession, e) }
func (e *Intent) appendTo(b []byte) ([]byte, error)  { return tagged(b, kindIntent, e) }
func (e *Aborted) appendTo(b []byte) ([]byte, error) { return tagged(b, kindAborted, e) }
func (e *Planned) appendTo(b []byte) ([]byte, error) { return tagged(b, kindPlanned, e) }
func (e *Made) appendTo(b []byte) ([]byte, error)    { return tagged(b, kindMade, e) }
func (e *Actor) appendTo(b []byte) ([]byte, error)   { return tagged(b, kindActor, e) }
func (e *End) appendTo(b []byte) ([]byte, error)     { return tagged(b, kindEnd, e) }
func (e *Undoing) appendTo(b []byte) ([]byte, error) { return tagged(b, kindUndoing, e) }
func (e *Undone) appendTo(b []byte) ([]byte, error)  { return tagged(b, kindUndone, e) }

func (e *Head) sound() bool    { return e.Version == version }
func (e *Session) sound() bool { return true }
func (e *Intent) sound() bool  { return e.Row > 0 && !e.At.IsZero() }
func (e *Aborted) sound() bool { return e.Row > 0 || e.Key != "" }
func (e *Planned) sound() bool { return !e.At.IsZero() }
func (e *Made) sound() bool    { return true }
func (e *Actor) sound() bool   { return true }
func (e *End) sound() bool     { return true }
func (e *Undoing) sound() bool { return true }
func (e *Undone) sound() bool  { return slices.Contains(undoResults, e.Result) }

func (e *Result) sound() bool {
	switch e.Action {
	case Created, Updated, Unchanged, Skipped, Conflicts, Rejected, Unknown:
		return e.Row > 0
	}
	return false
}

// appendTo writes the result of a row that has nothing to be said about, as most are, in a tenth of the time of
// json.Marshal: an import writes such a line for each row.
func (e *Result) appendTo(b []byte) ([]byte, error) {
	if e.Message != "" || e.Conflicts != nil || e.Errors != nil || e.Open {
		return tagged(b, kindOutcome, e)
	}
	b = append(b, `{"t":"outcome","row":`...)
	b = strconv.AppendInt(b, int64(e.Row), 10)
	b = append(b, `,"line":`...)
	b = strconv.AppendInt(b, int64(e.Line), 10)
	b = append(b, `,"action":"`...)
	b = append(append(b, e.Action...), '"')
	if e.Record != "" {
		b = rawjson.AppendString(append(b, `,"record_id":`...), e.Record)
	}
	if e.URL != "" {
		b = rawjson.AppendString(append(b, `,"web_url":`...), e.URL)
	}
	if e.Attempts != 0 {
		b = strconv.AppendInt(append(b, `,"attempts":`...), int64(e.Attempts), 10)
	}
	if len(e.Answer) > 0 {
		b = append(b, `,"answer":`...)
		separator := byte('{')
		for _, slug := range slices.Sorted(maps.Keys(e.Answer)) {
			b = rawjson.AppendString(append(b, separator), slug)
			b = rawjson.AppendString(append(b, ':'), e.Answer[slug])
			separator = ','
		}
		b = append(b, '}')
	}
	return append(b, '}'), nil
}
