package report

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gocarina/gocsv"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// Table is a CSV file of struct-tagged rows that is made when it gets its first row. Rows are written some at a time:
// one marshalling serves many.
type Table[R any] struct {
	name string
	f    *durable.File
	w    *bufio.Writer
	rows []R
	// cells appends a row's cells where going through the struct's tags would be too slow; nil otherwise.
	cells func(row *R, dst []string) []string
	line  []string
}

// NewTable is a report under a name, to be appended to.
func NewTable[R any](name string) *Table[R] { return &Table[R]{name: name} }

// ReplaceTable makes a report hold these rows and no others; none: there is no such file then.
func ReplaceTable[R any](name string, rows func(add func(...R) error) error) error {
	t := NewTable[R](name + newSuffix)
	return replace([]string{name}, func() error { return errors.Join(rows(t.Add), t.Close()) })
}

// reportBatch is how many rows are marshalled at once.
const reportBatch = 256

// Add appends rows.
func (r *Table[R]) Add(rows ...R) error {
	r.rows = append(r.rows, rows...)
	if len(r.rows) >= reportBatch {
		return r.marshal()
	}
	return nil
}

func (r *Table[R]) marshal() error {
	header := false
	if r.f == nil {
		f, empty, err := durable.Append(r.name)
		if err != nil {
			return err
		}
		r.f, r.w, header = f, bufio.NewWriterSize(f, 64<<10), empty
	}
	if err := r.write(csv.NewWriter(r.w), header); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(r.name), err)
	}
	r.rows = r.rows[:0]
	return nil
}

// write writes the rows, below a header where there is none yet.
func (r *Table[R]) write(w *csv.Writer, header bool) error {
	out := gocsv.NewSafeCSVWriter(w)
	if header {
		if err := gocsv.MarshalCSV([]R{}, out); err != nil {
			return err
		}
	}
	if r.cells == nil {
		return gocsv.MarshalCSVWithoutHeaders(r.rows, out)
	}
	for i := range r.rows {
		r.line = r.cells(&r.rows[i], r.line[:0])
		if err := w.Write(r.line); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// Flush hands everything to the operating system. It need not be on the disk: the journal is, and reports can be
// rebuilt.
func (r *Table[R]) Flush() error {
	if len(r.rows) > 0 {
		if err := r.marshal(); err != nil {
			return err
		}
	}
	if r.f == nil {
		return nil
	}
	if err := r.w.Flush(); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(r.name), err)
	}
	return nil
}

// Close flushes to disk and closes.
func (r *Table[R]) Close() error {
	err := r.Flush()
	return cmp.Or(err, r.f.Finish())
}
