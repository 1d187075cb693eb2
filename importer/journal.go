package importer

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// Rules of the journal: it is the truth of a run, every other report can be rebuilt from it and the input. One JSON object a
// line. Before a write is sent its intent is on disk; after it, the outcome follows with the next flush. An intent
// without an outcome is a row whose fate must be looked up. It is only ever appended to; a last line that was torn by a
// crash is cut off on opening. A version that we do not know is refused.

const journalVersion = 1

// The kinds of entry.
const (
	kindHead    = "head"    // first line: what the run is
	kindLeg     = "leg"     // a process began to work on the run
	kindIntent  = "intent"  // a write is about to be sent
	kindVoid    = "void"    // the last intent of a row, or a want, is known not to have been processed
	kindOutcome = "outcome" // the fate of a row
	kindWant    = "want"    // a target or an option is about to be made
	kindAlso    = "also"    // a target or an option that rows needed was made
	kindActor   = "actor"   // who our key is, as learnt from an acknowledged create
	kindEnd     = "end"     // the process ended by itself
	kindUndo    = "undo"    // something that the run did is about to be taken back
	kindUndone  = "undone"  // what came of that
)

// entry is one line of the journal. Row is 0 where the line is not about a row.
type entry struct {
	Kind string `json:"t"`
	Row  int    `json:"row,omitempty"`
	Line int    `json:"line,omitempty"`

	// head
	Version   int    `json:"version,omitempty"`
	Run       string `json:"run,omitempty"`
	Input     string `json:"input_sha256,omitempty"`
	Mapping   string `json:"mapping_sha256,omitempty"`
	Object    string `json:"object,omitempty"`
	Mode      string `json:"mode,omitempty"`
	Workspace string `json:"workspace_id,omitempty"`

	// leg, intent, want, end, undo
	At *time.Time `json:"at,omitempty"` // of an intent and a want: the server's clock

	// intent
	Write string `json:"write,omitempty"` // create, patch or put
	Send  int    `json:"send,omitempty"`  // the how-manieth sending of this row, from 1

	// outcome; Record also of an intent to update
	Action    Action            `json:"action,omitempty"`
	Record    string            `json:"record_id,omitempty"`
	URL       string            `json:"web_url,omitempty"`
	Attempts  int               `json:"attempts,omitempty"`
	Message   string            `json:"message,omitempty"`
	Conflicts []entryConflict   `json:"conflicts,omitempty"`
	Errors    []entryReject     `json:"errors,omitempty"`
	Answer    map[string]string `json:"answer,omitempty"`
	Open      bool              `json:"open,omitempty"` // an unknown that resume looks up by itself

	// want, and its void
	Key string `json:"key,omitempty"` // a hash of the target's object and key, or of the option's attribute and title

	// also: a record of Object, or an Option of Attribute
	Want      string `json:"want,omitempty"` // the hash of the want that it fulfils
	Option    string `json:"option_id,omitempty"`
	Attribute string `json:"attribute,omitempty"`

	// actor
	Actor string `json:"actor,omitempty"`

	// end
	Requests *Requests `json:"requests,omitempty"`
	Seconds  float64   `json:"seconds,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Taken    int       `json:"taken,omitempty"` // the last row that the leg had come to

	Changed bool `json:"input_changed,omitempty"` // the session stopped since its input was no longer the one it began with

	// undone; Row, Record or Want say of what
	Result string `json:"result,omitempty"`
}

// entryConflict is a Conflict without the cell's value: that is in the input.
type entryConflict struct {
	Kind        string          `json:"kind"`
	Attribute   string          `json:"attribute"`
	Nth         int             `json:"nth,omitempty"` // which of the row's values of the attribute, from 0
	Record      string          `json:"record_id,omitempty"`
	URL         string          `json:"web_url,omitempty"`
	FirstRow    int             `json:"first_row,omitempty"`
	Message     string          `json:"message,omitempty"`
	Differences json.RawMessage `json:"differences,omitempty"`
}

// entryReject is a Reject; the message of a refused cell is left out, since it shows the cell: converting the row again gives it.
type entryReject struct {
	Column  string `json:"column,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message,omitempty"`
	Cell    bool   `json:"cell,omitempty"`
}

// Journal appends to journal.jsonl.
type Journal struct {
	f     *durable.File
	w     *bufio.Writer
	buf   []byte
	dirty bool // something was appended since the last Sync
}

// createJournal begins a journal with its head, on disk when it returns.
func createJournal(name string, head entry) (*Journal, error) {
	f, empty, err := durable.Append(name)
	if err == nil && !empty {
		err = errors.Join(fs.ErrExist, f.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	j := &Journal{f: f, w: bufio.NewWriterSize(f, 64<<10)}
	head.Kind, head.Version = kindHead, journalVersion
	if err := errors.Join(j.append(&head), j.Sync()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return j, nil
}

// append adds one entry; it is on disk after the next Sync.
func (j *Journal) append(e *entry) error {
	j.dirty = true
	if e.plain() {
		j.buf = e.appendPlain(j.buf[:0])
	} else {
		text, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("journal: %w", err)
		}
		j.buf = append(append(j.buf[:0], text...), '\n')
	}
	if _, err := j.w.Write(j.buf); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// plain says that an entry is the outcome of a row that has nothing to be said about, as most are.
func (e *entry) plain() bool {
	return e.Kind == kindOutcome && e.Message == "" && e.Conflicts == nil && e.Errors == nil && !e.Open
}

// appendPlain writes what json.Marshal would, in a tenth of its time: an import writes such a line for each row.
func (e *entry) appendPlain(b []byte) []byte {
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
	return append(b, "}\n"...)
}

// Sync flushes everything appended so far to disk.
func (j *Journal) Sync() error {
	if !j.dirty {
		return nil
	}
	if err := j.w.Flush(); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	durable.Crash("during-flush")
	if err := j.f.Sync(); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	j.dirty = false
	return nil
}

// Close flushes and closes.
func (j *Journal) Close() error { return errors.Join(j.Sync(), j.f.Close()) }

// JournalError says what is wrong with a journal.
type JournalError struct {
	Path   string
	Line   int
	Reason string
}

func (e *JournalError) Error() string { return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.Reason) }

// readJournal calls each with every entry from the first. A last line that is torn is left out; whole is the number of bytes up to it.
func readJournal(name string, each func(*entry) error) (whole int64, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, fmt.Errorf("journal: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := bufio.NewReaderSize(f, 64<<10)
	for line := 1; ; line++ {
		text, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return whole, nil // what stands here without a line end was torn
		}
		if err != nil {
			return whole, fmt.Errorf("journal: %w", err)
		}
		var e entry
		if err := json.Unmarshal(text, &e); err != nil {
			if _, err := r.Peek(1); errors.Is(err, io.EOF) {
				return whole, nil // a torn line that was filled up with zeros by the file system
			}
			return whole, &JournalError{name, line, "is not a line of a journal; the file was damaged or edited"}
		}
		if line == 1 && (e.Kind != kindHead || e.Version != journalVersion) {
			return whole, &JournalError{name, line, fmt.Sprintf("journal of version %d; this program writes version %d", e.Version, journalVersion)}
		}
		if !e.sound() {
			return whole, &JournalError{name, line, "says something that no journal of this version says; the file was damaged or edited"}
		}
		if err := each(&e); err != nil {
			return whole, err
		}
		whole += int64(len(text))
	}
}

// sound says whether an entry has what its kind needs. An entry of a kind that is not known is not.
func (e *entry) sound() bool {
	switch e.Kind {
	case kindHead, kindLeg, kindActor, kindAlso, kindEnd, kindUndo:
		return true
	case kindUndone:
		return slices.Contains(undoResults, e.Result)
	case kindIntent:
		return e.Row > 0 && e.At != nil
	case kindWant:
		return e.At != nil
	case kindVoid:
		return e.Row > 0 || e.Key != ""
	case kindOutcome:
		switch e.Action {
		case Created, Updated, Unchanged, Skipped, Conflicts, Rejected, Unknown:
			return e.Row > 0
		}
	}
	return false
}

// openJournal cuts a torn last line off and goes on behind it.
func openJournal(name string, whole int64) (*Journal, error) {
	err := os.Truncate(name, whole)
	var f *durable.File
	if err == nil {
		f, _, err = durable.Append(name)
	}
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	return &Journal{f: f, w: bufio.NewWriterSize(f, 64<<10)}, nil
}
