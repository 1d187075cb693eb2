package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// Error says what is wrong with a journal.
type Error struct {
	Path   string
	Line   int
	Reason string
}

func (e *Error) Error() string { return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.Reason) }

// entryOf makes an empty entry of a kind; nil for a kind that no journal of this version has.
func entryOf(kind string) Entry {
	switch kind {
	case kindHead:
		return new(Head)
	case kindSession:
		return new(Session)
	case kindIntent:
		return new(Intent)
	case kindAborted:
		return new(Aborted)
	case kindOutcome:
		return new(Result)
	case kindPlanned:
		return new(Planned)
	case kindMade:
		return new(Made)
	case kindActor:
		return new(Actor)
	case kindEnd:
		return new(End)
	case kindUndoing:
		return new(Undoing)
	case kindUndone:
		return new(Undone)
	}
	return nil
}

var (
	errNoLine = errors.New("is not a line of a journal; the file was damaged or edited")
	errUnfit  = errors.New("unknown or incomplete entry; the file is damaged or was edited")
)

// parse reads one line.
func parse(line []byte) (Entry, error) {
	kind, found := bytes.CutPrefix(line, []byte(`{"t":"`))
	end := bytes.IndexByte(kind, '"')
	if !found || end < 0 {
		if !json.Valid(line) {
			return nil, errNoLine
		}
		return nil, errUnfit
	}
	e := entryOf(string(kind[:end]))
	if e == nil {
		if !json.Valid(line) {
			return nil, errNoLine
		}
		return nil, errUnfit
	}
	if err := json.Unmarshal(line, e); err != nil {
		return nil, errNoLine
	}
	return e, nil
}

// Read calls each with every entry of the journal in dir, from the first, and the place of its line in the file. A
// last line that is torn is left out; whole is the number of bytes up to it. Errors: *Error, an I/O error, that of
// each.
func Read(dir string, each func(e Entry, at int64) error) (whole int64, err error) {
	name := fileIn(dir, journalFile)
	f, err := os.Open(name)
	if err != nil {
		return 0, fmt.Errorf("journal: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := bufio.NewReaderSize(f, 64<<10)
	for line := 1; ; line++ {
		text, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return whole, nil // a line without its end was torn
		}
		if err != nil {
			return whole, fmt.Errorf("journal: %w", err)
		}
		e, err := parse(text)
		if err == errNoLine {
			if _, err := r.Peek(1); errors.Is(err, io.EOF) {
				return whole, nil // a torn line that was filled up with zeros by the file system
			}
		}
		head, isHead := e.(*Head)
		switch {
		case err != nil:
		case line == 1 && !isHead:
			err = errUnfit
		case isHead && head.Version != version:
			err = fmt.Errorf("journal of version %d; this program writes version %d", head.Version, version)
		case !e.sound():
			err = errUnfit
		}
		if err != nil {
			return whole, &Error{name, line, err.Error()}
		}
		if err := each(e, whole); err != nil {
			return whole, err
		}
		whole += int64(len(text))
	}
}
