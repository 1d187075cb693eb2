package journal

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// Writer appends to a run's journal. It may be called from several goroutines. After an error that is not of one
// entry alone every further call returns it: what follows on a line that was not written would not be true.
type Writer struct {
	mu     sync.Mutex
	f      *durable.File
	w      *bufio.Writer
	buf    []byte
	dir    *Dir
	before *durable.File // of BeforeFile; nil until the first image
	dirty  bool          // something was appended since the last flush
	err    error

	announced chan announcement
	done      chan struct{} // the committing goroutine has ended
}

// announcement is what a goroutine wants on disk and waits for.
type announcement struct {
	before  *BeforeImage
	entries []Entry
	err     error
	ack     chan error
}

// waiting is how many announcements may wait for the flush that is under way.
const waiting = 256

// NewWriter begins the journal of a new run with its head, which is on disk when it returns.
func NewWriter(d *Dir, info *Info) (*Writer, error) {
	f, empty, err := durable.Append(d.File(journalFile))
	if err == nil && !empty {
		err = errors.Join(fs.ErrExist, f.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	w := startWriter(d, f)
	if err := w.Announce(nil, info.head()); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// Append continues a journal behind its last whole line, which h has read.
func Append(d *Dir, h *History) (*Writer, error) {
	name := d.File(journalFile)
	err := os.Truncate(name, h.whole)
	var f *durable.File
	if err == nil {
		f, _, err = durable.Append(name)
	}
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	return startWriter(d, f), nil
}

func startWriter(d *Dir, f *durable.File) *Writer {
	w := &Writer{
		f: f, w: bufio.NewWriterSize(f, 64<<10), dir: d,
		announced: make(chan announcement, waiting), done: make(chan struct{}),
	}
	go w.commit()
	return w
}

// Record appends an entry. It is on disk after the next flush: that of Sync, of Announce or of Close.
func (w *Writer) Record(e Entry) error { return w.put(nil, e) }

func (w *Writer) put(before *BeforeImage, entries ...Entry) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if before != nil {
		if err := w.fail(w.putBefore(before)); err != nil {
			return err
		}
	}
	for _, e := range entries {
		if w.err != nil {
			return w.err
		}
		text, err := appendEntry(w.buf[:0], e)
		if err != nil {
			return fmt.Errorf("journal: %w", err)
		}
		w.buf, w.dirty = text, true
		_, err = w.w.Write(text)
		if err := w.fail(err); err != nil {
			return err
		}
	}
	return nil
}

// fail remembers the first error of the file.
func (w *Writer) fail(err error) error {
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("journal: %w", err)
	}
	return w.err
}

// Announce returns when the entries are on disk, and with them what an update overwrites; nil for nothing. One flush
// serves all that wait at a time. After an error nothing that was announced may be done.
func (w *Writer) Announce(before *BeforeImage, entries ...Entry) error {
	ack := make(chan error, 1)
	w.announced <- announcement{before: before, entries: entries, ack: ack}
	return <-ack
}

// commit puts what is announced on disk until Close.
func (w *Writer) commit() {
	defer close(w.done)
	for a := range w.announced {
		batch := []announcement{a}
		for len(w.announced) > 0 { // nobody else receives
			batch = append(batch, <-w.announced)
		}
		for i, a := range batch {
			batch[i].err = w.put(a.before, a.entries...)
		}
		err := w.Sync()
		for _, a := range batch {
			a.ack <- cmp.Or(a.err, err)
		}
	}
}

// Sync flushes everything appended so far to disk.
func (w *Writer) Sync() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil || !w.dirty {
		return w.err
	}
	err := errors.Join(w.before.Sync(), w.w.Flush())
	if err == nil {
		durable.Crash("during-flush")
		err = w.f.Sync()
	}
	w.dirty = err != nil
	return w.fail(err)
}

// Close flushes and closes. Nobody may announce any more.
func (w *Writer) Close() error {
	close(w.announced)
	<-w.done
	return errors.Join(w.Sync(), w.before.Finish(), w.f.Close())
}
