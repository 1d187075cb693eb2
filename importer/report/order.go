package report

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/durable/extsort"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// Rows end in another order than that of the file. When a run ends, the tables with a line or some for each row are put
// in the order of rows, on disk, and replaced whole: whoever is killed meanwhile leaves them as they were.

// Order puts the tables of a run in the order of rows. They are closed.
func Order(d *journal.Dir) error {
	for _, name := range []string{journal.ResultsFile, journal.ConflictsFile, journal.DroppedFile} {
		if err := orderTable(d.File(name)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// orderTable replaces a table whose first column is the row's number. One that is in order already, as a new one of a
// rebuild, stays.
func orderTable(name string) error {
	s := extsort.Sorter{Dir: filepath.Dir(name)}
	defer s.Close()
	header, err := sortTable(name, &s)
	if err != nil || header == nil {
		return err
	}
	return replace([]string{name}, func() error { return writeOrdered(name+newSuffix, header, &s) })
}

// sortTable has the lines of a table sorted and returns its header; nil where they are in order, or there is no table.
func sortTable(name string, s *extsort.Sorter) (header []byte, err error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	last := 0
	_, err = eachLine(f, func(row int, _ []byte) error {
		if row < last {
			return errDisorder
		}
		last = row
		return nil
	})
	if !errors.Is(err, errDisorder) {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	var key []byte
	n := uint64(0) // lines of one row keep their order
	return eachLine(f, func(row int, line []byte) error {
		n++
		key = binary.BigEndian.AppendUint64(key[:0], uint64(row)) //nolint:gosec // rows count from 1
		key = binary.BigEndian.AppendUint64(key, n)
		return s.Add(key, line)
	})
}

var errDisorder = errors.New("not in the order of rows")

// writeOrdered writes a table's header and its sorted lines.
func writeOrdered(name string, header []byte, s *extsort.Sorter) error {
	f, _, err := durable.Append(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 64<<10)
	w.Write(header)
	err = s.Each(func(_, line []byte) error {
		_, err := w.Write(line)
		return err
	})
	return errors.Join(err, w.Flush(), f.Finish())
}

// eachLine calls each with every line of a table and its row: as a whole, also where a cell holds line breaks. It
// returns the header.
func eachLine(r io.Reader, each func(row int, line []byte) error) (header []byte, err error) {
	lines, line, open := bufio.NewReaderSize(r, 64<<10), []byte(nil), false
	for {
		part, err := lines.ReadSlice('\n')
		line = append(line, part...)
		open = open != (bytes.Count(part, []byte{'"'})%2 == 1)
		switch {
		case errors.Is(err, io.EOF) && len(line) == 0:
			return header, nil
		case errors.Is(err, io.EOF):
			return nil, io.ErrUnexpectedEOF
		case errors.Is(err, bufio.ErrBufferFull), err == nil && open:
			continue // the line is longer, or a cell is not closed yet
		case err != nil:
			return nil, err
		case header == nil:
			header, line = line, nil
			continue
		}
		cell, _, _ := bytes.Cut(line, []byte{','})
		row, err := strconv.Atoi(string(cell))
		if err == nil {
			err = each(row, line)
		}
		if err != nil {
			return nil, err
		}
		line = line[:0]
	}
}
