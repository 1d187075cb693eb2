package source

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/source/charset"
	"github.com/attio-bulk/attio-bulk/importer/source/delimited"
	"github.com/attio-bulk/attio-bulk/importer/source/layout"
	"github.com/attio-bulk/attio-bulk/importer/source/workbook"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// maxPackedWorkbook bounds a workbook that is compressed once more or came by standard input: it is read in memory
// then.
const maxPackedWorkbook = 512 << 20

// xlsxSource reads one sheet of a workbook.
type xlsxSource struct {
	in    *File
	sheet workbook.Sheet
	head  *header
}

func newXLSXSource(ctx context.Context, in *File) (source, error) {
	s := &xlsxSource{in: in}
	p, err := in.open(ctx)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	w, err := s.open(p)
	if err != nil {
		return nil, err
	}
	if s.sheet, err = s.pick(w); err != nil {
		return nil, err
	}
	rows, err := s.firstRows(w, s.sheet)
	if err == nil {
		err = s.isCover(w, rows)
	}
	if err == nil {
		err = in.findTable(rows, false)
	}
	return s, err
}

// isCover refuses a workbook whose first sheet holds names and values side by side, as a cover does, where a table
// stands on another sheet and nobody has said which is meant.
func (s *xlsxSource) isCover(w *workbook.Book, rows []layout.Row) error {
	if s.in.d.Sheet != "" || !layout.IsCover(rows) {
		return nil
	}
	for _, other := range w.Sheets {
		if other.Hidden || !other.Table || other.Name == s.sheet.Name {
			continue
		}
		rows, err := s.firstRows(w, other)
		if err != nil {
			return err
		}
		if len(rows) > 2 && !layout.IsCover(rows) {
			return s.in.fault("XLS005",
				fmt.Sprintf("sheet %q looks like a cover, and sheet %q like a table; say which one is meant",
					s.sheet.Name, other.Name)).set(Sheet, other.Name, s.sheet.Name)
		}
	}
	return nil
}

// pick chooses the sheet, and says which others there are where nobody named one.
func (s *xlsxSource) pick(w *workbook.Book) (workbook.Sheet, error) {
	in, named := s.in, s.in.d.Sheet != ""
	chosen := sheetOf(w.Sheets, in.d.Sheet)
	var names, others, hidden []string
	for i, sheet := range w.Sheets {
		names = append(names, sheet.Name)
		switch quoted := fmt.Sprintf("%q", sheet.Name); {
		case i == chosen || named:
		case sheet.Hidden:
			hidden = append(hidden, quoted)
		default:
			others = append(others, quoted)
		}
	}
	switch {
	case chosen < 0 && named:
		return workbook.Sheet{},
			in.fault("XLS003", fmt.Sprintf("the workbook has no sheet %q", in.d.Sheet)).set(Sheet, names...)
	case chosen < 0:
		return workbook.Sheet{}, in.fault("XLS004", "the workbook has no visible sheet with cells").set(Sheet, names...)
	}
	var beside []string
	if len(others) > 0 {
		beside = append(beside, "others: "+strings.Join(others, ", "))
	}
	if len(hidden) > 0 {
		beside = append(beside, "hidden: "+strings.Join(hidden, ", "))
	}
	in.sheet = names[chosen]
	note := fmt.Sprintf("sheet %q", names[chosen])
	if len(beside) > 0 {
		note += " (" + strings.Join(beside, "; ") + ")"
	}
	in.note(note)
	return w.Sheets[chosen], nil
}

// sheetOf finds a sheet of cells by its name, or by its number from 1; without a name the first that is visible. -1:
// none.
func sheetOf(sheets []workbook.Sheet, name string) int {
	n, err := strconv.Atoi(name)
	for _, is := range []func(int) bool{
		func(i int) bool { return name == "" && !sheets[i].Hidden },
		func(i int) bool { return sheets[i].Name == name },
		func(i int) bool { return strings.EqualFold(sheets[i].Name, name) },
		func(i int) bool { return err == nil && i == n-1 },
	} {
		for i := range sheets {
			if sheets[i].Table && is(i) {
				return i
			}
		}
	}
	return -1
}

// open opens the workbook where it lies, or in memory where it has to be unpacked first. It is good as long as the
// pass.
func (s *xlsxSource) open(p *pass) (*workbook.Book, error) {
	var at io.ReaderAt = p.file
	var size int64
	if len(p.packing) == 0 && s.in.o.Path != "-" {
		st, err := p.file.Stat()
		if err != nil {
			return nil, s.in.openError(err)
		}
		size = st.Size()
	} else {
		b, err := io.ReadAll(io.LimitReader(p, maxPackedWorkbook+1))
		if err != nil {
			return nil, err
		}
		if len(b) > maxPackedWorkbook {
			return nil, s.in.fault("XLS001", "the workbook is too large to be read compressed or from standard input",
				"unpack it and name the file")
		}
		at, size = bytes.NewReader(b), int64(len(b))
	}
	w, err := workbook.Open(at, size)
	return w, s.damaged(err)
}

func (s *xlsxSource) damaged(err error) error {
	if err == nil {
		return nil
	}
	text := "the workbook cannot be read: " + err.Error()
	return s.in.fault("XLS001", text, "open it and save it again as .xlsx, or as CSV UTF-8").by(err)
}

// xlsxRows are the rows of one pass.
type xlsxRows struct {
	*workbook.Rows
	s     *xlsxSource
	h     *header
	gaps  blankRows
	end   *ending
	last  int      // the sheet's row of the last one that is not blank
	texts []string // of the cells of the row at hand
}

// begin reads the header.
func (s *xlsxSource) begin(p *pass) (records, error) {
	w, err := s.open(p)
	if err != nil {
		return nil, err
	}
	r := &xlsxRows{s: s, end: newEnding(s.in)}
	if r.Rows, err = w.Rows(s.sheet); err != nil {
		return nil, s.damaged(err)
	}
	p.closers = append(p.closers, func() { _ = r.Close() })
	var header []string
	if !s.in.headless {
		if header, err = r.readHeader(s.in.layout.Header); err != nil {
			return nil, err
		}
	}
	if s.in.survey == nil {
		if s.head, err = newHeader(s.in, header, func(i int) (int, int) { return r.last, i + 1 }); err != nil {
			return nil, err
		}
		s.head.width = workbook.MaxColumns // rows end with their last cell here: none is too long or too short
	}
	r.h = s.head
	return r, nil
}

// read reads a row of the sheet; its cells are reused.
func (r *xlsxRows) read() ([]mapping.Cell, error) {
	cells, err := r.Next()
	if err != nil && err != io.EOF {
		return nil, r.s.damaged(fmt.Errorf("after row %d: %w", r.Row, err))
	}
	r.texts = r.texts[:0]
	for _, c := range cells {
		r.texts = append(r.texts, c.Text)
	}
	return cells, err
}

func (r *xlsxRows) next(row *mapping.Row) (line int, isBlank bool, err error) {
	cells, err := r.read()
	if err != nil || r.h.blank(r.texts) {
		r.end.gap = true
		return 0, true, err
	}
	// Rows that the file leaves out are blank rows only between others: a sheet has no end.
	line = int(cells[0].Line)
	if r.last > 0 {
		r.gaps.lines(r.last, line-r.last-1)
		r.end.gap = r.end.gap || line > r.last+1
	}
	r.last = line
	if !r.s.in.survey.whole() {
		r.end.row(r.h, line, r.texts)
	}
	if row == nil {
		return line, false, nil
	}
	h := r.h
	*row = mapping.Row{Line: line, Cells: slices.Grow(row.Cells[:0], h.kept)[:h.kept]}
	n := copy(row.Cells, cells)
	for i := range row.Cells {
		if i >= n {
			row.Cells[i] = mapping.Cell{Line: int32(line), Column: int32(i + 1)}
		}
		row.Cells[i].Text = strings.Clone(row.Cells[i].Text) // a shared string would keep all of them in memory
	}
	if h.raw >= 0 && h.raw < len(cells) {
		h.unrepaired(row, cells[h.raw].Text)
	}
	return line, false, nil
}

func (r *xlsxRows) finish(out *Survey) error {
	r.end.finish(out)
	r.h.fit()
	err := r.h.finish(r.s.in, out)
	r.gaps.note(out)
	if r.Hidden > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("hidden rows are read as well: %d", r.Hidden))
	}
	if r.Long > 0 {
		have := "1 number has"
		if r.Long > 1 {
			have = fmt.Sprintf("%d numbers have", r.Long)
		}
		out.Notes = append(out.Notes, fmt.Sprintf("%s more than %d digits, of which a spreadsheet keeps %d: "+
			"import ids from a file that has them as text", have, workbook.Digits, workbook.Digits))
	}
	if r.Unsolved > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("formulas without a stored result are blank: %d "+
			"(open the file in a spreadsheet program and save it)", r.Unsolved))
	}
	return err
}

// rejects writes UTF-8 CSV: the cells as text, with the mark that Excel needs to take it for UTF-8.
func (s *xlsxSource) rejects(w io.Writer) *RejectWriter {
	r := &csvRejects{w: w, d: csvForm{Form: delimited.Plain(',')}, names: s.head.names, raw: s.head.raw >= 0}
	return &RejectWriter{out: w, bom: charset.UTF8Marked.BOM, header: r.header, write: r.write}
}
