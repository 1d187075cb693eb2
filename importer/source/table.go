package source

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/source/layout"
	"github.com/attio-bulk/attio-bulk/importer/source/workbook"
)

// Choice is one way to read a file that can be read in several.
type Choice struct {
	With  Dialect // the settings that choose it, and no others
	Means string  // what it makes of what is in doubt
}

// findTable finds the header in the first rows, or takes the one that was said.
func (in *File) findTable(rows []layout.Row, isRejects bool) error {
	said, err := in.saidHeader()
	switch {
	case err != nil:
		return err
	case said != nil:
		in.layout = layout.At(rows, *said)
	case (isRejects || in.o.FirstLine) && len(rows) > 0:
		in.layout = layout.At(rows, layout.Header{First: rows[0].Line, Last: rows[0].Line})
	default:
		in.layout = layout.Find(rows, in.mapped())
	}
	in.headless = said != nil && said.First == 0 || len(rows) > 0 && in.layout.Header.First == 0
	for _, n := range in.layout.Notes {
		in.note(n)
	}
	if in.layout.Doubt == "" {
		return nil
	}
	if in.o.Undecided {
		return nil
	}
	e := in.fault("CSV007", in.layout.Doubt)
	e.Choices = in.Choices()
	return e
}

// Choices are the ways to read the file where a person has to decide, the likelier first; nil where nobody has to.
func (in *File) Choices() (all []Choice) {
	for _, r := range in.layout.Read {
		all = append(all, Choice{Dialect{HeaderRow: r.Header.String()}, r.Means})
	}
	return all
}

// Doubt is what a person has to decide; "" where nobody has to.
func (in *File) Doubt() string { return in.layout.Doubt }

// mapped are the columns that the mapping names by their headers.
func (in *File) mapped() (names []string) {
	if in.o.Mapping == nil {
		return nil
	}
	for i := range in.o.Mapping.Columns {
		if name := in.o.Mapping.Columns[i].Column; !strings.HasPrefix(name, "#") {
			names = append(names, name)
		}
	}
	return names
}

// OneTable is an *Error where the file holds another table behind the one that was surveyed, and nobody has said which
// is meant.
func (in *File) OneTable(s Survey) error {
	if s.Next == 0 {
		return nil
	}
	e := in.fault("CSV008", "another table begins here; say which one is meant").at(s.Next, 0)
	rest := s.Rest
	e.Choices = []Choice{
		{Dialect{HeaderRow: in.layout.Header.String(), SkipFooter: &rest}, "the first table, " + counted(s.Rows, "row")},
		{Dialect{HeaderRow: fmt.Sprint(s.Next)}, fmt.Sprintf("the table that begins in line %d", s.Next)},
	}
	return e
}

// linesAbove is how many lines stand before the first record that is read.
func (in *File) linesAbove() int {
	switch {
	case in.layout.Header.First > 1:
		return in.layout.Header.First - 1
	case in.form.sep:
		return 1
	}
	return 0
}

// readHeader reads the lines of the header, joined: those that were found, else the first that is not blank.
func (s *csvSource) readHeader(c *csvReader) (header []string, err error) {
	at := s.in.layout.Header
	for header == nil || c.skipped+c.end < at.Last {
		cells, line, bad, err := c.next()
		switch {
		case err == io.EOF && at.First == 0:
			return nil, s.in.fault("CSV001", "there is no header row")
		case err == io.EOF && header == nil:
			return nil, s.in.noSuchLine(at.First)
		case err == io.EOF:
			return header, nil
		case err != nil:
			return nil, err
		case bad != nil:
			return nil, s.in.fault(bad.Code, "the header "+bad.Message).at(bad.Line, bad.Column)
		case header == nil && at.First > 0 && (line != at.First || blank(cells)):
			return nil, s.in.noSuchLine(at.First)
		case header == nil && blank(cells):
		default:
			header = layout.Join(header, cells)
		}
	}
	return header, nil
}

// noSuchLine refuses a line on which no header can stand.
func (in *File) noSuchLine(line int) error {
	return in.fault("CSV001", fmt.Sprintf("there is no header row in line %d: it is blank, or within another row", line)).
		set(HeaderRow)
}

// unquoted refuses a file that was taken for one without quotes where a cell begins with one after all.
func (r *csvRows) unquoted(cells []string) error {
	if r.s.in.form.Quote != 0 || r.s.in.d.Quote != "" {
		return nil
	}
	for i, c := range cells {
		if strings.HasPrefix(c, `"`) && (len(c) > 1 && strings.HasSuffix(c, `"`) || !r.s.in.form.letters) {
			e := r.s.in.fault("CSV009", "the cell begins with a quote, and quotes before it belong to the text").at(r.column(i))
			e.Choices = []Choice{{Dialect{Quote: `"`}, "a cell may stand in quotes, other rows with quotes are refused"},
				{Dialect{Quote: "none"}, "quotes belong to the text everywhere"}}
			return e
		}
	}
	return nil
}

// firstRows reads the first rows of a sheet that are not blank.
func (s *xlsxSource) firstRows(w *workbook.Book, sheet workbook.Sheet) (rows []layout.Row, err error) {
	r := &xlsxRows{s: s}
	if r.Rows, err = w.Rows(sheet); err != nil {
		return nil, s.damaged(err)
	}
	defer func() { _ = r.Close() }()
	before := 0
	for len(rows) < headRows {
		cells, err := r.read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if blank(r.texts) {
			continue
		}
		line := int(cells[0].Line)
		rows = append(rows, layout.Row{Line: line, Cells: slices.Clone(r.texts), Gap: line > before+1})
		before = line
	}
	return rows, nil
}

// readHeader reads the rows of the header, joined: those that were found, else the first that is not blank.
func (r *xlsxRows) readHeader(at layout.Header) (header []string, err error) {
	for header == nil || r.last < at.Last {
		cells, err := r.read()
		switch {
		case err == io.EOF && at.First == 0:
			return nil, r.s.in.fault("CSV001", "there is no header row")
		case err == io.EOF && header == nil:
			return nil, r.s.in.noSuchLine(at.First)
		case err == io.EOF:
			return header, nil
		case err != nil:
			return nil, err
		case r.Row < at.First || blank(r.texts):
			continue
		case header == nil && at.First > 0 && r.Row != at.First:
			return nil, r.s.in.noSuchLine(at.First)
		}
		r.last = int(cells[0].Line)
		header = layout.Join(header, r.texts)
	}
	return header, nil
}

// headRows is how many rows of a sheet are looked at to find its table.
const headRows = 300
