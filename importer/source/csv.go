package source

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/source/delimited"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// csvReader reads records with encoding/csv, which knows quotes and positions, and adds what it lacks: lines before the
// header, blank lines counted, the text of bad records, and an end to runaway quotes.
type csvReader struct {
	in      *File
	r       recordReader
	win     *window
	skipped int // lines before what r sees: the sep= line, titles above the header
	end     int // the line on which the last record ended, as r counts
	bare    int // empty lines before the last record, which r passes over
	from    int64
}

func newCSVReader(in *File, p *pass) (*csvReader, error) {
	c := &csvReader{in: in, win: &window{r: in.endLines(in.enc.Reader(p)), limit: maxRow}}
	// The buffer is encoding/csv's own: it takes a bufio.Reader that is large enough as it is.
	buf := bufio.NewReaderSize(c.win, 64<<10)
	if err := c.skip(buf, in.linesAbove()); err != nil {
		return nil, err
	}
	if !in.form.IsPlain() {
		c.r = delimited.NewReader(buf, in.form.Form)
		return c, nil
	}
	r := csv.NewReader(buf)
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = in.form.Comma, -1, true
	c.r = r
	return c, nil
}

// recordReader is what csv.Reader and delimited.Reader have in common.
type recordReader interface {
	Read() ([]string, error)
	FieldPos(field int) (line, column int)
	InputOffset() int64
}

// skip passes over lines; a file that has not as many is at its end.
func (c *csvReader) skip(buf *bufio.Reader, lines int) error {
	for c.skipped < lines {
		line, err := buf.ReadSlice('\n')
		c.from += int64(len(line))
		c.win.keep = c.from
		switch {
		case err == bufio.ErrBufferFull:
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		default:
			c.skipped++
		}
	}
	return nil
}

// next returns the next record, whose slice is reused, and the line it begins on. A record that is not well formed
// comes with bad set and the cells before the fault.
func (c *csvReader) next() (cells []string, line int, bad *mapping.RowError, err error) {
	start := c.from + c.r.InputOffset()
	c.win.keep = start
	cells, err = c.r.Read()
	if err != nil {
		return c.failed(cells, err, start)
	}
	line, _ = c.r.FieldPos(0)
	last, _ := c.r.FieldPos(len(cells) - 1)
	c.bare = line - c.end - 1
	c.end = last + strings.Count(cells[len(cells)-1], "\n")
	return cells, line + c.skipped, nil, nil
}

// failed sorts what encoding/csv ended a record with: the end, the record itself, or what is read from.
func (c *csvReader) failed(cells []string, err error, start int64) ([]string, int, *mapping.RowError, error) {
	var pe *csv.ParseError
	switch {
	case errors.As(err, &pe):
		return c.malformed(cells, pe, start)
	case errors.As(err, &errRowTooLong{}):
		return nil, 0, nil, c.runaway(start)
	case err != io.EOF:
		return nil, 0, nil, err
	}
	total := c.win.lines - c.skipped
	if c.win.last != '\n' && c.win.last != 0 {
		total++
	}
	c.bare, c.end = max(0, total-c.end), total
	return nil, 0, nil, io.EOF
}

func (c *csvReader) malformed(cells []string, pe *csv.ParseError, start int64) (
	[]string, int, *mapping.RowError, error) {
	if end := c.from + c.r.InputOffset(); pe.Err == csv.ErrQuote && c.win.err == io.EOF && len(c.win.rest(end)) == 0 {
		if line, column, ok := openQuote(c.win.rest(start), c.in.form.Form); ok {
			return nil, 0, nil, c.place("CSV004", "a quote is opened here and never closed", line, column)
		}
	}
	bad := &mapping.RowError{Code: "CSV013", Line: pe.Line + c.skipped, Column: pe.Column}
	line, column, ok := openQuote(upTo(c.win.rest(start), pe.Line-c.end-1, pe.Column-1), c.in.form.Form)
	opened := c.skipped + c.end + 1 + line
	switch {
	case errors.Is(pe.Err, csv.ErrBareQuote):
		bad.Message = `has a quote inside a cell that is not quoted; write the cell in quotes and the quote twice ("")`
	case ok && opened < bad.Line: // mostly the quote that was opened is at fault, and not the next one
		bad.Message = fmt.Sprintf(
			`has a quoted cell that begins here and holds another quote in line %d; close the cell, `+
				`or write that quote twice ("")`, bad.Line)
		bad.Line, bad.Column = opened, column
	default:
		bad.Message = `has a quote inside a quoted cell; write it twice ("")`
	}
	c.bare = pe.StartLine - c.end - 1
	c.end = pe.Line
	return cells, pe.StartLine + c.skipped, bad, nil
}

// runaway is the error of a row that passes the limit, at the quote that is to blame.
func (c *csvReader) runaway(start int64) error {
	text := c.win.rest(start)
	if line, column, ok := openQuote(text, c.in.form.Form); ok {
		return c.place("CSV005", fmt.Sprintf("a quote is opened here and not closed within %d MiB", maxRow>>20), line, column)
	}
	return c.place("CSV005", fmt.Sprintf("a row is longer than %d MiB", maxRow>>20), 0, 0)
}

// place is an error about the record behind the last one, line lines further down.
func (c *csvReader) place(code, text string, line, column int) error {
	e := c.in.fault(code, text, `close the quote, or write it twice ("") if it belongs to the cell`)
	return e.at(c.skipped+c.end+1+line, column)
}

// csvSource reads CSV and TSV.
type csvSource struct {
	in     *File
	head   *header
	hasRaw bool // some row is refused with its text
}

// csvRows are the rows of one pass.
type csvRows struct {
	*csvReader
	s      *csvSource
	h      *header
	gaps   blankRows
	end    *ending
	short  int // cells of the row before, if that had too few; else 0
	beyond int // rows with blank cells behind the last column
}

// begin reads the header.
func (s *csvSource) begin(p *pass) (records, error) {
	c, err := newCSVReader(s.in, p)
	if err != nil {
		return nil, err
	}
	cells := make([]string, s.in.layout.Table.Width)
	place := func(int) (int, int) { return 0, 0 }
	if s.in.headless && len(cells) == 0 {
		return nil, s.in.fault("CSV001", "there is no header row, and no row")
	}
	if !s.in.headless {
		place = c.column
		if cells, err = s.readHeader(c); err != nil {
			return nil, err
		}
	}
	h, err := newHeader(s.in, cells, place)
	switch {
	case err != nil:
		return nil, err
	case s.in.survey == nil:
		s.head, s.hasRaw = h, false
	case h.width != s.head.width:
		return nil, s.in.changed()
	}
	return &csvRows{csvReader: c, s: s, h: s.head, end: newEnding(s.in)}, nil
}

func (r *csvRows) next(row *mapping.Row) (line int, isBlank bool, err error) {
	start, end := r.from+r.r.InputOffset(), r.csvReader.end
	cells, line, bad, err := r.csvReader.next()
	r.gaps.lines(end+r.skipped, r.bare)
	r.end.gap = r.end.gap || r.bare > 0
	if err != nil {
		return 0, false, err
	}
	if bad == nil && r.h.blank(cells) {
		r.gaps.add(line)
		r.end.gap = true
		return line, true, nil
	}
	if !r.s.in.survey.whole() {
		r.end.row(r.h, line, cells)
		if err := r.unquoted(cells); err != nil {
			return 0, false, err
		}
	}
	if bad == nil && len(cells) > r.h.width && blank(cells[r.h.width:]) { // nothing is lost
		cells = cells[:r.h.width]
		r.beyond++
	}
	if bad == nil && len(cells) != r.h.width {
		bad = r.ragged(len(cells), line)
	} else if bad == nil {
		r.short = 0
	}
	if bad != nil && !r.s.hasRaw { // where the survey saw it, rejects may be reading it
		r.s.hasRaw = true
	}
	if row == nil {
		return line, false, nil
	}
	*row = mapping.Row{Line: line, Bad: bad, Cells: row.Cells}
	row.Cells = r.cells(row.Cells[:0], cells, r.h, bad != nil)
	switch {
	case bad != nil:
		row.Raw = r.raw(start)
	case r.h.raw >= 0:
		r.h.unrepaired(row, cells[r.h.raw])
	}
	return line, false, nil
}

// ragged is what is wrong with a row whose number of cells is not the header's.
func (r *csvRows) ragged(cells, line int) *mapping.RowError {
	e := &mapping.RowError{Code: "CSV012", Line: line}
	e.Message = fmt.Sprintf("has %s where the header has %d", counted(cells, "cell"), r.h.width)
	before := r.short
	r.short = 0
	switch {
	case cells > r.h.width: // shown from the first cell that has no column
		e.Line, e.Column = r.column(r.h.width)
		return e
	case before > 0 && before+cells == r.h.width+1:
		e.Message += "; it is probably the rest of the row before, whose column " + r.h.label(before-1) +
			" holds a line break without quotes"
	default:
		r.short = cells
	}
	e.Code = "CSV011"
	return e
}

func (r *csvRows) finish(s *Survey) error {
	r.end.finish(s)
	err := r.h.finish(r.s.in, s)
	r.gaps.note(s)
	r.noteBeyond(s)
	return err
}

// column is where a cell of the last record stands.
func (c *csvReader) column(i int) (line, column int) {
	line, column = c.r.FieldPos(i)
	return line + c.skipped, column
}

// cells gives the row its cells, in the storage of dst: the columns that are kept, or all there are of a bad row.
func (c *csvReader) cells(dst []mapping.Cell, record []string, h *header, all bool) []mapping.Cell {
	if !all {
		record = record[:h.kept]
	}
	dst = slices.Grow(dst, len(record))
	for i, text := range record {
		line, column := c.column(i)
		dst = append(dst, mapping.Cell{Text: text, Line: int32(line), Column: int32(column)})
	}
	return dst
}

// raw is the text of the last record, which began at start, without its line end.
func (c *csvReader) raw(start int64) string {
	return strings.Trim(string(c.win.text(start, c.from+c.r.InputOffset())), "\r\n")
}

// rejects writes CSV as it was read; attio_raw is there when the survey saw a row that needs it.
func (s *csvSource) rejects(w io.Writer) *RejectWriter {
	enc := s.in.enc
	r := &csvRejects{w: enc.Writer(w), d: s.in.form, names: s.head.names, raw: s.hasRaw || s.head.raw >= 0}
	return &RejectWriter{out: w, bom: enc.BOM, header: r.header, write: r.write}
}
