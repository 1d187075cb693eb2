package exporter

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// flatFile reads an export back.
type flatFile struct {
	file    *os.File
	columns []string // the header, or in JSONL what the manifest says
	raw     bool
	csv     *csv.Reader   // nil for JSONL
	lines   *bufio.Reader // of JSONL
	unpack  func()
	cells   []string
}

// openFlat opens the file that a manifest is of.
func openFlat(path string, m *Manifest) (*flatFile, error) {
	_, compression := suffixes(path)
	return openPacked(path, compression, m)
}

// openPacked opens a file whose name does not tell its compression.
func openPacked(path, compression string, m *Manifest) (*flatFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	ff, err := readFlat(f, compression, m)
	if err != nil {
		_ = f.Close() // only read
		return nil, err
	}
	return ff, nil
}

func readFlat(f *os.File, compression string, m *Manifest) (*flatFile, error) {
	ff := &flatFile{file: f, columns: m.Columns, raw: m.Raw, unpack: func() {}}
	var r io.Reader = f
	switch compression {
	case "gz":
		z, err := gzip.NewReader(f)
		if err != nil {
			return nil, err
		}
		r = z
	case "zst":
		z, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		r, ff.unpack = z, z.Close
	}
	buffered := bufio.NewReaderSize(r, 64<<10)
	if m.Format != "csv" {
		ff.lines = buffered
		return ff, nil
	}
	ff.csv = csv.NewReader(buffered)
	header, err := ff.csv.Read()
	if err != nil {
		ff.close()
		return nil, fmt.Errorf("no header: %w", noEOF(err))
	}
	ff.columns = header
	ff.csv.ReuseRecord = true
	return ff, nil
}

func (f *flatFile) close() {
	f.unpack()
	_ = f.file.Close() // only read
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
	case f.raw:
		if !json.Valid(line) {
			return nil, errors.New("the line is not JSON")
		}
		return nil, nil
	}
	return f.object(line)
}

// object takes a line of JSONL apart. It must have the columns as keys, in their order.
func (f *flatFile) object(line []byte) ([]string, error) {
	f.cells = f.cells[:0]
	dec := jsontext.NewDecoder(bytes.NewReader(line))
	if t, err := dec.ReadToken(); err != nil || t.Kind() != '{' {
		return nil, errors.New("the line is not a JSON object")
	}
	for dec.PeekKind() == '"' {
		key, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		if n := len(f.cells); n == len(f.columns) || key.String() != f.columns[n] {
			return nil, fmt.Errorf("key %q where the manifest has another column, or none", key.String())
		}
		value, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		f.cells = append(f.cells, string(value))
	}
	if t, err := dec.ReadToken(); err != nil || t.Kind() != '}' {
		return nil, errors.New("the line is not a whole JSON object")
	}
	if len(f.cells) != len(f.columns) {
		return nil, fmt.Errorf("%d keys where the manifest has %d columns", len(f.cells), len(f.columns))
	}
	return f.cells, nil
}
