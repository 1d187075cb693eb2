package journal

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// version is the version of the journal that this program writes and reads.
const version = 1

// Entry is one line of the journal: a pointer to one of the structs of kinds.
type Entry interface {
	// sound reports whether the entry has what its kind needs.
	sound() bool
}

// kinds are the entries by their member t. Those that are named unlike their types keep the names of the first version.
var kinds = map[string]reflect.Type{
	"head":      reflect.TypeFor[Head](),
	"leg":       reflect.TypeFor[Session](),
	"intent":    reflect.TypeFor[Intent](),
	"void":      reflect.TypeFor[Aborted](),
	kindOutcome: reflect.TypeFor[Result](),
	"want":      reflect.TypeFor[Planned](),
	"also":      reflect.TypeFor[Made](),
	"actor":     reflect.TypeFor[Actor](),
	"end":       reflect.TypeFor[End](),
	"undo":      reflect.TypeFor[Undoing](),
	"undone":    reflect.TypeFor[Undone](),
}

const kindOutcome = "outcome"

// kindOf is the kind of an entry.
func kindOf(e Entry) string {
	t := reflect.TypeOf(e).Elem()
	for kind, of := range kinds {
		if of == t {
			return kind
		}
	}
	panic("journal: no kind of entry has type " + t.Name())
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
	Send   int       `json:"send"`  // which sending of this row it is, from 1
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
	Row  int `json:"row"`
	Line int `json:"line"`
	Outcome
}

func (e *Head) sound() bool    { return true }
func (e *Session) sound() bool { return true }
func (e *Intent) sound() bool  { return e.Row > 0 && !e.At.IsZero() }
func (e *Aborted) sound() bool { return e.Row > 0 || e.Key != "" }
func (e *Result) sound() bool {
	return e.Row > 0 && e.Action != Pending && slices.Contains(Actions, e.Action)
}
func (e *Planned) sound() bool { return !e.At.IsZero() }
func (e *Made) sound() bool    { return true }
func (e *Actor) sound() bool   { return true }
func (e *End) sound() bool     { return true }
func (e *Undoing) sound() bool { return true }
func (e *Undone) sound() bool  { return slices.Contains(undoResults, e.Result) }

// appendEntry appends an entry as a line of JSON, its kind first.
func appendEntry(b []byte, e Entry) ([]byte, error) {
	if r, ok := e.(*Result); ok && r.Message == "" && r.Conflicts == nil && r.Errors == nil && r.Dropped == nil &&
		!r.Open {
		return r.appendBare(b)
	}
	text, err := json.Marshal(e)
	if err != nil {
		return b, err
	}
	b = append(append(append(b, `{"t":"`...), kindOf(e)...), '"')
	if len(text) > len("{}") {
		b = append(b, ',')
	}
	return append(append(b, text[1:]...), '\n'), nil
}

// appendBare writes the result of a row of which there is nothing to be said, as of most, in a tenth of the time of
// json.Marshal: a dry run writes such a line for each row.
func (e *Result) appendBare(b []byte) ([]byte, error) {
	b = strconv.AppendInt(append(b, `{"t":"outcome","row":`...), int64(e.Row), 10)
	b = strconv.AppendInt(append(b, `,"line":`...), int64(e.Line), 10)
	b = append(append(append(b, `,"action":"`...), e.Action...), '"')
	if e.RecordID != "" {
		b = rawjson.AppendString(append(b, `,"record_id":`...), e.RecordID)
	}
	if e.WebURL != "" {
		b = rawjson.AppendString(append(b, `,"web_url":`...), e.WebURL)
	}
	if e.Attempts != 0 {
		b = strconv.AppendInt(append(b, `,"attempts":`...), int64(e.Attempts), 10)
	}
	if len(e.Answer) > 0 {
		text, err := json.Marshal(e.Answer)
		if err != nil {
			return b, err
		}
		b = append(append(b, `,"answer":`...), text...)
	}
	return append(b, '}', '\n'), nil
}
