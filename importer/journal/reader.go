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
	"slices"
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

// Result is the outcome of a row that is done; nil for another. open also gives that of a row that resume would look
// up first.
func (h *History) Result(row int, open bool) (*Result, error) {
	s := h.row(row)
	if s.action() == "" && !(open && s&flagOpen != 0) {
		return nil, nil
	}
	return h.read(row, s)
}

// read reads a row's last outcome from its place in the journal.
func (h *History) read(row int, s rowState) (*Result, error) {
	text, err := h.lineAt(int64(s & placeMask))
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	e, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", h.name, err)
	}
	r, ok := e.(*Result)
	if !ok || r.Row != row {
		return nil, fmt.Errorf("%s: %w", h.name, errUnfit)
	}
	return r, nil
}

// window is how much of the journal is read at once: rows end nearly in the order of the file.
const window = 256 << 10

// lineAt is the line that begins at a place.
func (h *History) lineAt(at int64) (_ []byte, err error) {
	if h.file == nil {
		if h.file, err = os.Open(h.name); err != nil {
			return nil, err
		}
	}
	for size := window; size <= 1<<30; size *= 4 {
		if skip := at - h.from; skip >= 0 && skip < int64(len(h.buf)) {
			if line, _, whole := bytes.Cut(h.buf[skip:], []byte{'\n'}); whole {
				return line, nil
			}
		}
		h.buf = slices.Grow(h.buf[:0], size)[:size]
		n, err := h.file.ReadAt(h.buf, at)
		h.buf, h.from = h.buf[:n], at
		if err != nil && bytes.IndexByte(h.buf, '\n') < 0 {
			return nil, err
		}
	}
	return nil, errNoLine
}

// Close closes the journal, where it was read again.
func (h *History) Close() error {
	if h.file == nil {
		return nil
	}
	return h.file.Close()
}

// EachRecord calls each for every row that is done and whose record another row may mean: those that were found to
// mean one, and were updated or left as they were; where rows are tried again, those that made one as well. It reads
// the journal again.
func (h *History) EachRecord(each func(row int, record string)) error {
	for row, s := range h.rows {
		if a := s.action(); a == Updated || a == Unchanged || a == Created && h.Retries() {
			r, err := h.read(row, s)
			if err != nil {
				return err
			}
			each(row, r.RecordID)
		}
	}
	return nil
}

// Unresolved are the rows, in order, of which it is not known whether their write was done.
func (h *History) Unresolved() []int {
	out := h.unanswered()
	for row, s := range h.rows {
		if s.action() == Unknown {
			out = append(out, row)
		}
	}
	slices.Sort(out)
	return out
}
