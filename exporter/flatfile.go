package exporter

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// flatFile reads an export back.
type flatFile struct {
	*os.File          // only to be closed
	columns  []string // the header, or in JSONL what the manifest says
	raw      bool
	csv      *csv.Reader   // nil for JSONL
	lines    *bufio.Reader // of JSONL
	cells    []string
}

// openFlat opens the file that a manifest is of. Its name tells the compression; it may still lie at another path.
func openFlat(path, name string, m *Manifest) (_ *flatFile, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	ff := &flatFile{File: f, columns: m.Columns, raw: m.Raw}
	defer func() {
		if err != nil {
			_ = f.Close()
		}
	}()
	var r io.Reader = f
	switch _, compression := suffixes(name); compression {
	case "gz":
		r, err = gzip.NewReader(f)
	case "zst":
		r, err = zstd.NewReader(f, zstd.WithDecoderConcurrency(1)) // without goroutines, so there is nothing to close
	}
	if err != nil {
		return nil, err
	}
	ff.lines = bufio.NewReaderSize(r, 64<<10)
	if m.Format != "csv" {
		return ff, nil
	}
	ff.csv = csv.NewReader(ff.lines)
	if ff.columns, err = ff.csv.Read(); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("no header: %w", err)
	}
	ff.csv.ReuseRecord = true
	return ff, nil
}

// next reads a record: cells of CSV as they are, values of JSONL as JSON, in the order of the columns; io.EOF at the
// end. They are good until the next call. Raw records have no cells.
func (f *flatFile) next() ([]string, error) {
	if f.csv != nil {
		return f.csv.Read()
	}
	line, err := f.lines.ReadBytes('\n')
	switch {
	case err == io.EOF && len(line) > 0:
		return nil, errors.New("the last line has no end")
	case err != nil:
		return nil, err
	case f.raw && !json.Valid(line):
		return nil, errors.New("the line is not JSON")
	case f.raw:
		return nil, nil
	}
	return f.object(line)
}

// object takes a line of JSONL apart. It must have the columns as keys, in their order.
func (f *flatFile) object(line []byte) ([]string, error) {
	f.cells = f.cells[:0]
	r := rawjson.NewReader(line)
	defer r.Close()
	err := r.Object(func(name []byte) error {
		if n := len(f.cells); n == len(f.columns) || string(name) != f.columns[n] {
			return fmt.Errorf("key %q where the manifest has another column, or none", name)
		}
		value, err := r.Value()
		f.cells = append(f.cells, string(value))
		return err
	})
	if err == nil {
		err = r.End()
	}
	if err == nil && len(f.cells) != len(f.columns) {
		err = fmt.Errorf("%d keys where the manifest has %d columns", len(f.cells), len(f.columns))
	}
	return f.cells, err
}
