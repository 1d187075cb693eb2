package exporter

import (
	"bytes"
	"encoding/csv"
	"encoding/json"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter/walk"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
)

// rows writes records as lines of the file. It is not safe for several goroutines: each page has its own.
type rows struct {
	flat  *flat.Flat  // nil for raw records
	csv   *csv.Writer // nil for JSONL
	warn  func(string)
	out   bytes.Buffer
	cells []string
	line  []byte
	all   []byte // of a page: sort keys and lines, one after the other
	ends  []int  // of each
}

func newRows(flat *flat.Flat, format string, warn func(string)) *rows {
	r := &rows{flat: flat, warn: warn}
	if format == "csv" {
		r.csv = csv.NewWriter(&r.out)
	}
	return r
}

// header is the line above all others; none in JSONL.
func (r *rows) header() []byte {
	if r.csv == nil {
		return nil
	}
	return r.row(r.flat.Header())
}

// of makes the line of a record. It is good until the next call.
func (r *rows) of(rec *attio.Record, look flat.Lookup) ([]byte, error) {
	switch {
	case r.flat == nil: // compacted: a line break inside would make two lines
		r.out.Reset()
		err := json.Compact(&r.out, rec.Raw)
		r.out.WriteByte('\n')
		return r.out.Bytes(), err
	case r.csv == nil:
		r.line = append(r.flat.AppendJSON(r.line[:0], rec, look, r.warn), '\n')
		return r.line, nil
	}
	r.cells = r.flat.Cells(r.cells[:0], rec, look, r.warn)
	return r.row(r.cells), nil
}

// row quotes cells. The standard writer makes a blank line of a single empty one, which every reader then skips.
func (r *rows) row(cells []string) []byte {
	r.out.Reset()
	if len(cells) == 1 && cells[0] == "" {
		r.out.WriteString("\"\"\n")
		return r.out.Bytes()
	}
	_ = r.csv.Write(cells) // a bytes.Buffer takes everything
	r.csv.Flush()
	return r.out.Bytes()
}

// prepare makes the lines of a page's records, in one piece of memory.
func (j *job) prepare(records []attio.Record, look flat.Lookup) ([]walk.Line, error) {
	rows, _ := j.rows.Get().(*rows)
	if rows == nil {
		rows = newRows(j.flat, j.Format, j.warn)
	}
	defer j.rows.Put(rows)
	all, ends := rows.all[:0], rows.ends[:0]
	for i := range records {
		all = j.order.append(all, &records[i])
		ends = append(ends, len(all))
		text, err := rows.of(&records[i], look)
		if err != nil {
			return nil, err
		}
		all = append(all, text...)
		ends = append(ends, len(all))
	}
	rows.all, rows.ends = all, ends
	all = bytes.Clone(all)
	lines := make([]walk.Line, len(records))
	from := 0
	for i := range lines {
		key, end := ends[2*i], ends[2*i+1]
		lines[i] = walk.Line{Key: all[from:key], Text: all[key:end]}
		from = end
	}
	return lines, nil
}
