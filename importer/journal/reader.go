package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
)

// Error says what is wrong with a journal.
type Error struct {
	Path   string
	Line   int
	Reason string
}

func (e *Error) Error() string { return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.Reason) }

var (
	errNoLine = errors.New("is not a line of a journal; the file was damaged or edited")
	errUnfit  = errors.New("unknown or incomplete entry; the file is damaged or was edited")
)

// parse reads one line. Errors: errNoLine, errUnfit.
func parse(line []byte) (Entry, error) {
	kind, _, _ := bytes.Cut(bytes.TrimPrefix(line, []byte(`{"t":"`)), []byte{'"'})
	if t := kinds[string(kind)]; t != nil {
		e := reflect.New(t).Interface().(Entry)
		if err := json.Unmarshal(line, e); err != nil {
			return nil, errNoLine
		}
		if e.sound() {
			return e, nil
		}
	} else if !json.Valid(line) {
		return nil, errNoLine
	}
	return nil, errUnfit
}

// read calls each with every entry of a journal, from the first, and the place of its line in the file. A last line
// that is torn is left out; whole is the number of bytes up to it. Errors: *Error, an I/O error.
func read(name string, each func(e Entry, at int64)) (whole int64, err error) {
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
		if errors.Is(err, errNoLine) {
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
		}
		if err != nil {
			return whole, &Error{name, line, err.Error()}
		}
		each(e, whole)
		whole += int64(len(text))
	}
}
