package source

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// Rejects writes refused rows as they were: same columns, delimiter and encoding, and four more columns at the right
// (attio_row, attio_column, attio_code, attio_error). JSON input gives rejects.jsonl, .xlsx a UTF-8 CSV. The file has
// to be surveyed.
//
// A fifth column, attio_raw, is last where the survey saw a row whose cells do not fit the columns: such a row stands
// with its own text there and its cells empty, so that it cannot be imported before somebody has put them right. What
// Open reads back has none of the five as columns.
func (in *File) Rejects(w io.Writer) *RejectWriter {
	if in.survey == nil {
		return &RejectWriter{err: errors.New("rejects of a file that is not surveyed")}
	}
	return in.src.rejects(w)
}

// RejectWriter writes rejected rows; each Write is whole when it returns. It is for one goroutine.
type RejectWriter struct {
	out    io.Writer
	bom    string
	header func() error // nil where the format has none
	write  func(row *mapping.Row, reasons [4]string) error
	err    error
}

// Begin writes what stands before the first row: byte order mark and header. It is for files that are new.
func (r *RejectWriter) Begin() error {
	if r.err == nil && r.bom != "" {
		_, r.err = io.WriteString(r.out, r.bom)
	}
	if r.err == nil && r.header != nil {
		r.err = r.header()
	}
	return r.err
}

// Write appends one row with the reason it was refused for. column is the header at fault, "" for the whole row. After
// an error the writer gives the same error again: the file may end in half a row.
func (r *RejectWriter) Write(row *mapping.Row, column, code, message string) error {
	if r.err == nil {
		r.err = r.write(row, [4]string{fmt.Sprint(row.Number), column, code, message})
	}
	return r.err
}

// csvRejects writes each row with one Write of w. Letters of our own messages that the encoding does not have become
// question marks.
type csvRejects struct {
	w     io.Writer
	d     csvForm
	names []string
	raw   bool // rows may need attio_raw
	buf   []byte
	cells []string
}

// comma is the delimiter: a tab where the file has runs of blanks, which read it as one.
func (c *csvRejects) comma() rune {
	if c.d.Blanks > 0 {
		return '\t'
	}
	return c.d.Comma
}

func (c *csvRejects) header() error {
	own := rejectColumns
	if !c.raw {
		own = own[:len(own)-1]
	}
	if c.d.sep {
		c.buf = append(c.buf, "sep="+string(c.comma())+c.d.lineEnd()...)
	}
	return c.record(slices.Concat(c.names, own))
}

func (c *csvRejects) write(row *mapping.Row, reasons [4]string) error {
	c.cells = c.cells[:0]
	raw := row.Raw
	if row.Bad == nil && len(row.Cells) == len(c.names) {
		raw = ""
		for i := range row.Cells {
			c.cells = append(c.cells, row.Cells[i].Text)
		}
	} else {
		c.cells = append(c.cells, make([]string, len(c.names))...)
	}
	c.cells = append(c.cells, reasons[:]...)
	if c.raw {
		c.cells = append(c.cells, raw)
	}
	return c.record(c.cells)
}

// record writes one record. No record here is a lone empty cell, which would be a line that csv.Reader passes over: the
// reasons stand beside it.
func (c *csvRejects) record(cells []string) error {
	for i, text := range cells {
		if i > 0 {
			c.buf = utf8.AppendRune(c.buf, c.comma())
		}
		c.cell(text)
	}
	_, err := c.w.Write(append(c.buf, c.d.lineEnd()...))
	c.buf = c.buf[:0]
	return err
}

// cell appends a cell so that csv.Reader gives the same text again. csv.Writer does not: with CRLF it drops a CR, and
// csv.Reader turns CRLF within quotes into LF.
func (c *csvRejects) cell(text string) {
	plain := !strings.ContainsAny(text, "\"\r\n") && !strings.ContainsRune(text, c.comma()) &&
		strings.TrimSpace(text) == text
	if c.d.Blanks > 0 {
		plain = text != "" && !strings.ContainsAny(text, " \t\"\r\n")
	}
	if plain {
		c.buf = append(c.buf, text...)
		return
	}
	c.buf = append(c.buf, '"')
	for j := range len(text) {
		switch b := text[j]; {
		case b == '"':
			c.buf = append(c.buf, `""`...)
		case b == '\n' && (c.d.crlf || j > 0 && text[j-1] == '\r'):
			c.buf = append(c.buf, "\r\n"...)
		default:
			c.buf = append(c.buf, b)
		}
	}
	c.buf = append(c.buf, '"')
}

// jsonRejects writes the object again with its reasons; the text of a line that is no object goes into attio_raw.
type jsonRejects struct{ w io.Writer }

func (j jsonRejects) write(row *mapping.Row, reasons [4]string) error {
	values := []jsontext.Value{jsontext.Value(reasons[0])}
	for _, r := range reasons[1:] {
		values = append(values, quoteJSON(r))
	}
	text := row.Raw
	if row.Bad != nil && !jsontext.Value(text).IsValid() || !strings.HasPrefix(strings.TrimSpace(text), "{") {
		values, text = append(values, quoteJSON(text)), ""
	}
	_, err := j.w.Write(annotate(text, rejectColumns[:len(values)], values))
	return err
}

// quoteJSON writes a JSON string; bytes that are not UTF-8 become U+FFFD, since JSON has no other way to hold them.
func quoteJSON(s string) jsontext.Value {
	v, _ := jsontext.AppendQuote(nil, strings.ToValidUTF8(s, "\uFFFD"))
	return v
}
