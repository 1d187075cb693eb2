package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/source/charset"
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

func newXLSXSource(in *File) (source, error) {
	s := &xlsxSource{in: in}
	p, err := in.open()
	if err != nil {
		return nil, err
	}
	defer p.Close()
	w, done, err := s.open(p)
	if err != nil {
		return nil, err
	}
	defer done()
	sheet, err := s.pick(w)
	s.sheet = sheet
	return s, err
}

// pick chooses the sheet, and says which others there are where nobody named one.
func (s *xlsxSource) pick(w *workbook.Book) (workbook.Sheet, error) {
	in, named := s.in, s.in.o.Sheet != ""
	chosen := sheetOf(w.Sheets, in.o.Sheet)
	var names, others, hidden []string
	for i, sheet := range w.Sheets {
		names = append(names, sheet.Name)
		switch {
		case i == chosen:
		case sheet.Hidden:
			hidden = append(hidden, fmt.Sprintf("%q", sheet.Name))
		default:
			others = append(others, fmt.Sprintf("%q", sheet.Name))
		}
	}
	switch {
	case chosen < 0 && named:
		return workbook.Sheet{}, in.fault("XLS003", fmt.Sprintf("the workbook has no sheet %q", in.o.Sheet)).set(Sheet, names...)
	case chosen < 0:
		return workbook.Sheet{}, in.fault("XLS004", "the workbook has no visible sheet with cells").set(Sheet, names...)
	}
	var beside []string
	if len(others) > 0 && !named {
		beside = append(beside, "others: "+strings.Join(others, ", "))
	}
	if len(hidden) > 0 && !named {
		beside = append(beside, "hidden: "+strings.Join(hidden, ", "))
	}
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

// open opens the workbook where it lies, or in memory where it has to be unpacked first.
func (s *xlsxSource) open(p *pass) (*workbook.Book, func(), error) {
	var at io.ReaderAt
	var size int64
	done := func() {}
	if len(p.packing) > 0 || s.in.o.Path == "-" {
		b, err := io.ReadAll(io.LimitReader(p, maxPackedWorkbook+1))
		if err != nil {
			return nil, nil, err
		}
		if len(b) > maxPackedWorkbook {
			return nil, nil, s.in.fault("XLS001", "the workbook is too large to be read compressed or from standard input", "unpack it and name the file")
		}
		at, size = bytes.NewReader(b), int64(len(b))
	} else {
		f, err := os.Open(s.in.file)
		if err != nil {
			return nil, nil, s.in.openError(err)
		}
		st, err := f.Stat()
		if err != nil {
			_ = f.Close()
			return nil, nil, s.in.openError(err)
		}
		at, size, done = f, st.Size(), func() { _ = f.Close() }
	}
	w, err := workbook.Open(at, size)
	if err != nil {
		done()
		return nil, nil, s.damaged(err)
	}
	return w, done, nil
}

func (s *xlsxSource) damaged(err error) error {
	var ie *Error
	if errors.As(err, &ie) {
		return err
	}
	f := s.in.fault("XLS001", "the workbook cannot be read: "+err.Error(), "open it and save it again as .xlsx, or as CSV UTF-8")
	f.Err = err
	return f
}

// each calls f for every row of the sheet that is not empty, the header first. Its cells are reused.
func (s *xlsxSource) each(ctx context.Context, p *pass, f func(cells []mapping.Cell) (bool, error)) (*workbook.Rows, error) {
	w, done, err := s.open(p)
	if err != nil {
		return nil, err
	}
	defer done()
	r, err := w.Rows(s.sheet)
	if err != nil {
		return nil, s.damaged(err)
	}
	defer func() { _ = r.Close() }()
	for n := 0; ; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		cells, err := r.Next()
		if err == io.EOF {
			return r, nil
		}
		if err != nil {
			return nil, s.damaged(fmt.Errorf("after row %d: %w", r.Row, err))
		}
		if more, err := f(cells); !more || err != nil {
			return r, err
		}
	}
}

func (s *xlsxSource) survey(ctx context.Context, p *pass, out *Survey) error {
	var h *header
	var gaps blankRows
	var texts []string
	last := 0
	r, err := s.each(ctx, p, func(cells []mapping.Cell) (bool, error) {
		texts = texts[:0]
		for _, c := range cells {
			texts = append(texts, c.Text)
		}
		switch {
		case h == nil && blank(texts):
			return true, nil
		case h == nil:
			var err error
			h, err = newHeader(s.in, texts, func(i int) (int, int) { return int(cells[i].Line), i + 1 })
			if err == nil {
				h.width = workbook.MaxColumns // rows end with their last cell here: none is too long or too short
				last = int(cells[0].Line)
			}
			return true, err
		case h.blank(texts):
			return true, nil
		}
		// Rows that the file leaves out are blank rows only between others: a sheet has no end.
		gaps.lines(last, int(cells[0].Line)-last-1)
		last = int(cells[0].Line)
		out.Rows++
		out.lastLine = last
		h.see(texts)
		return true, nil
	})
	if err != nil {
		return err
	}
	if h == nil {
		return s.in.fault("CSV001", "there is no header row")
	}
	h.fit()
	if err := h.finish(s.in, out); err != nil {
		return err
	}
	s.head = h
	out.BlankRows = gaps.n
	gaps.note(out)
	if r.Hidden > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("hidden rows are read as well: %d", r.Hidden))
	}
	if r.Long > 0 {
		have := "1 number has"
		if r.Long > 1 {
			have = fmt.Sprintf("%d numbers have", r.Long)
		}
		out.Notes = append(out.Notes, fmt.Sprintf("%s more than %d digits, of which a spreadsheet keeps %d: import ids from a file that has them as text",
			have, workbook.Digits, workbook.Digits))
	}
	if r.Unsolved > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("formulas without a stored result are blank: %d (open the file in a spreadsheet program and save it)", r.Unsolved))
	}
	return nil
}

func (s *xlsxSource) rows(ctx context.Context, p *pass, storage func() *mapping.Row, yield func(*mapping.Row) bool) error {
	number, begun := 0, false
	h := s.head
	var texts []string
	_, err := s.each(ctx, p, func(cells []mapping.Cell) (bool, error) {
		texts = texts[:0]
		for _, c := range cells {
			texts = append(texts, c.Text)
		}
		if !begun {
			begun = !blank(texts)
			return true, nil
		}
		if h.blank(texts) {
			return true, nil
		}
		number++
		row := storage()
		*row = mapping.Row{Number: number, Line: int(cells[0].Line), Cells: slices.Grow(row.Cells[:0], h.kept)[:h.kept]}
		n := copy(row.Cells, cells)
		for i := n; i < h.kept; i++ {
			row.Cells[i] = mapping.Cell{Line: int32(row.Line), Column: int32(i + 1)}
		}
		for i := range row.Cells {
			row.Cells[i].Text = strings.Clone(row.Cells[i].Text) // a shared string would keep all of them in memory
		}
		if h.raw >= 0 && h.raw < len(cells) {
			h.unrepaired(row, cells[h.raw].Text)
		}
		return yield(row), nil
	})
	return err
}

// rejects writes UTF-8 CSV: the cells as text, with the mark that Excel needs to take it for UTF-8.
func (s *xlsxSource) rejects(w io.Writer) rejectEncoder {
	return &csvRejects{w: w, out: w, bom: charset.UTF8Marked.BOM, d: csvForm{comma: ','}, names: s.head.names, raw: s.head.raw >= 0}
}
