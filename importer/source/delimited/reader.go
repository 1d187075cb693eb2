package delimited

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"io"
	"unicode/utf8"
)

// Reader reads records. It is for one goroutine.
type Reader struct {
	form   Form
	comma  []byte // what Comma and Quote are in the text
	quote  []byte
	r      *bufio.Reader
	line   int   // lines read
	offset int64 // bytes read
	long   []byte

	text  []byte   // the cells of the record, one behind the other
	cells []cell   // of the record
	out   []string // the record, reused
	rest  []byte   // of the line at hand, without its end
	end   bool     // that line ended in a line break
	start int      // the line's length, to tell columns
	fault *csv.ParseError
}

// cell is where a cell ends in Reader.text, and where it begins in the file.
type cell struct{ end, line, column int }

// NewReader begins to read a text.
func NewReader(r io.Reader, f Form) *Reader {
	d := &Reader{form: f, r: bufio.NewReaderSize(r, 64<<10)}
	if f.Blanks == 0 {
		d.comma = utf8.AppendRune(nil, f.Comma)
	}
	if f.Quote != 0 {
		d.quote = utf8.AppendRune(nil, f.Quote)
	}
	return d
}

// FieldPos is the line and the column, in bytes, at which a cell of the last record begins, both from 1.
func (d *Reader) FieldPos(i int) (line, column int) { return d.cells[i].line, d.cells[i].column }

// InputOffset is how many bytes were read up to the end of the last record.
func (d *Reader) InputOffset() int64 { return d.offset }

// Read returns the next record, whose slice is reused; io.EOF after the last. A malformed one comes as the cells before
// the fault and a *csv.ParseError, and the next begins on the line behind it.
func (d *Reader) Read() ([]string, error) {
	d.text, d.cells, d.fault = d.text[:0], d.cells[:0], nil
	for {
		if err := d.next(); err != nil {
			return nil, err
		}
		if len(d.rest) > 0 {
			break
		}
	}
	begun := d.line
	err := d.record()
	if d.fault != nil {
		d.fault.StartLine = begun
		return d.strings(), d.fault
	}
	return d.strings(), err
}

// next reads a line. io.EOF is its error only where there is none.
func (d *Reader) next() error {
	line, err := d.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		d.long = append(d.long[:0], line...)
		for err == bufio.ErrBufferFull {
			line, err = d.r.ReadSlice('\n')
			d.long = append(d.long, line...)
		}
		line = d.long
	}
	d.offset += int64(len(line))
	if len(line) == 0 && err != nil || err != nil && err != io.EOF {
		return err
	}
	d.line++
	d.rest, d.end = bytes.CutSuffix(line, []byte{'\n'})
	d.rest = bytes.TrimSuffix(d.rest, []byte{'\r'}) // of CRLF, and at the end of the file
	d.start = len(d.rest)
	return nil
}

// record reads the cells of the line at hand, and of those behind it that belong to the record.
func (d *Reader) record() error {
	if d.form.Blanks > 0 {
		d.skipBlanks()
	}
	for {
		at := cell{line: d.line, column: d.start - len(d.rest) + 1}
		more, err := d.cell()
		if d.fault != nil || err != nil {
			return err
		}
		at.end = len(d.text)
		d.cells = append(d.cells, at)
		if !more {
			return nil
		}
	}
}

// cell reads one cell and the delimiter behind it; more tells whether there is another.
func (d *Reader) cell() (more bool, err error) {
	if d.quote != nil && bytes.HasPrefix(d.rest, d.quote) {
		return d.quoted()
	}
	for {
		switch n := d.delimiter(); {
		case n > 0:
			d.rest = d.rest[n:]
			return d.form.Blanks == 0 || len(d.rest) > 0, nil
		case len(d.rest) == 0:
			return false, nil
		case d.form.Backslash && d.rest[0] == '\\':
			if err := d.escaped(); err != nil {
				return false, err
			}
		case d.quote != nil && bytes.HasPrefix(d.rest, d.quote):
			d.bad(csv.ErrBareQuote)
			return false, nil
		default:
			d.take(1)
		}
	}
}

// quoted reads a cell in quotes.
func (d *Reader) quoted() (more bool, err error) {
	d.rest = d.rest[len(d.quote):]
	for {
		switch {
		case len(d.rest) == 0 && !d.end:
			d.bad(csv.ErrQuote)
			return false, nil
		case len(d.rest) == 0:
			d.text = append(d.text, '\n')
			if err := d.next(); err == io.EOF {
				d.bad(csv.ErrQuote)
				return false, nil
			} else if err != nil {
				return false, err
			}
		case d.form.Backslash && d.rest[0] == '\\':
			if err := d.escaped(); err != nil {
				return false, err
			}
		case !bytes.HasPrefix(d.rest, d.quote):
			d.take(1)
		case !d.form.Backslash && bytes.HasPrefix(d.rest[len(d.quote):], d.quote):
			d.rest = d.rest[len(d.quote):]
			d.take(len(d.quote))
		default:
			closing := d.rest
			d.rest = d.rest[len(d.quote):]
			n := d.delimiter()
			if n == 0 && len(d.rest) > 0 {
				d.rest = closing
				d.bad(csv.ErrQuote)
				return false, nil
			}
			d.rest = d.rest[n:]
			return n > 0 && (d.form.Blanks == 0 || len(d.rest) > 0), nil
		}
	}
}

// escaped takes a backslash, and what it stands before.
func (d *Reader) escaped() error {
	after := d.rest[1:]
	switch {
	case len(after) == 0 && d.end: // the line break belongs to the cell
		d.text = append(d.text, '\n')
		if err := d.next(); err != nil && err != io.EOF {
			return err
		} else if err == io.EOF {
			d.rest, d.end = nil, false
		}
	case bytes.HasPrefix(after, []byte{'\\'}):
		d.rest = after
		d.take(1)
	case d.quote != nil && bytes.HasPrefix(after, d.quote):
		d.rest = after
		d.take(len(d.quote))
	case d.comma != nil && bytes.HasPrefix(after, d.comma):
		d.rest = after
		d.take(len(d.comma))
	case d.comma == nil && len(after) > 0 && isBlank(after[0]):
		d.rest = after
		d.take(1)
	default:
		d.take(1)
	}
	return nil
}

// take moves bytes of the line into the cell.
func (d *Reader) take(n int) {
	d.text = append(d.text, d.rest[:n]...)
	d.rest = d.rest[n:]
}

// delimiter is how long the delimiter is that stands here; 0 where none does. Blanks at the end of a line are one.
func (d *Reader) delimiter() int {
	if d.comma != nil {
		if bytes.HasPrefix(d.rest, d.comma) {
			return len(d.comma)
		}
		return 0
	}
	n, tab := 0, false
	for n < len(d.rest) && isBlank(d.rest[n]) {
		tab = tab || d.rest[n] == '\t'
		n++
	}
	if n == len(d.rest) || n >= d.form.Blanks || tab {
		return n
	}
	return 0
}

func (d *Reader) skipBlanks() {
	for len(d.rest) > 0 && isBlank(d.rest[0]) {
		d.rest = d.rest[1:]
	}
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' }

// bad notes what is wrong with the record, at the place at hand.
func (d *Reader) bad(why error) {
	d.fault = &csv.ParseError{Line: d.line, Column: d.start - len(d.rest) + 1, Err: why}
}

// strings makes the record of its cells.
func (d *Reader) strings() []string {
	all, from := string(d.text), 0
	d.out = d.out[:0]
	for _, c := range d.cells {
		d.out = append(d.out, all[from:c.end])
		from = c.end
	}
	return d.out
}
