package workbook

import (
	"bufio"
	"encoding/xml"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// MaxColumns is how many columns a sheet has at most, in Excel.
const MaxColumns = 16384

// xmlReader reads tokens without namespaces: the strict and the usual kind of workbook differ in those only.
type xmlReader struct{ *xml.Decoder }

func newXMLReader(r io.Reader) xmlReader {
	return xmlReader{xml.NewDecoder(bufio.NewReaderSize(r, 64<<10))}
}

// child finds the next element within the one named; ok is false at its end.
func (x xmlReader) child(parent string) (e xml.StartElement, ok bool, err error) {
	for {
		t, err := x.RawToken()
		if err != nil {
			return e, false, unexpected(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			return t, true, nil
		case xml.EndElement:
			if t.Name.Local == parent {
				return e, false, nil
			}
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// richText reads the text of an element up to its end: all its t elements but those of phonetic hints.
func (x xmlReader) richText(element string) (string, error) {
	var text []byte
	for {
		e, ok, err := x.child(element)
		if err != nil || !ok {
			return unescapeX(string(text)), err
		}
		switch name := e.Name.Local; name {
		case "t":
			text, err = x.chars(text, name)
		case "rPh":
			_, err = x.chars(nil, name)
		}
		if err != nil {
			return "", err
		}
	}
}

// chars appends the text up to the element's end.
func (x xmlReader) chars(text []byte, element string) ([]byte, error) {
	for {
		t, err := x.RawToken()
		if err != nil {
			return nil, unexpected(err)
		}
		switch t := t.(type) {
		case xml.CharData:
			text = append(text, t...)
		case xml.EndElement:
			if t.Name.Local == element {
				return text, nil
			}
		}
	}
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

var escapedX = regexp.MustCompile("_x[0-9A-Fa-f]{4}_")

// unescapeX resolves _x000D_ and its like, as which workbooks hold characters that XML does not allow (ECMA-376,
// ST_Xstring).
func unescapeX(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escapedX.ReplaceAllStringFunc(s, func(escaped string) string {
		n, _ := strconv.ParseUint(escaped[2:6], 16, 16)
		return string(rune(n))
	})
}

// Rows reads the rows of one sheet.
type Rows struct {
	Row      int // the number of the last row read
	Hidden   int // rows that are hidden
	Unsolved int // formulas without a stored result
	Long     int // whole numbers of more than Digits digits: the last ones were lost, or are not shown

	w     *Book
	part  io.Closer
	x     xmlReader
	cells []mapping.Cell // of the row, reused
}

// Next returns the cells of the next row that has any; their slice is reused. io.EOF after the last.
func (s *Rows) Next() ([]mapping.Cell, error) {
	for {
		e, ok, err := s.x.child("sheetData")
		switch {
		case err != nil:
			return nil, err
		case !ok:
			return nil, io.EOF
		case e.Name.Local == "row":
			return s.readRow(e)
		}
	}
}

func (s *Rows) readRow(row xml.StartElement) ([]mapping.Cell, error) {
	s.Row++
	if n, err := strconv.Atoi(attr(row, "r")); err == nil && n >= s.Row {
		s.Row = n
	}
	if truth(attr(row, "hidden")) {
		s.Hidden++
	}
	s.cells = s.cells[:0]
	for {
		e, ok, err := s.x.child("row")
		if err == nil && ok && e.Name.Local == "c" {
			err = s.readCell(e)
		}
		if err != nil || !ok {
			return s.cells, err
		}
	}
}

// readCell appends a cell, and blank ones for those that the file leaves out before it.
func (s *Rows) readCell(c xml.StartElement) error {
	kind, style, column := attr(c, "t"), attr(c, "s"), len(s.cells)
	if n := columnOf(attr(c, "r")); n > column && n < MaxColumns {
		column = n
	}
	for len(s.cells) < column {
		s.cells = append(s.cells, mapping.Cell{Line: int32(s.Row), Column: int32(len(s.cells) + 1)})
	}
	formula, stored, content := false, false, ""
	for {
		e, ok, err := s.x.child("c")
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		var text []byte
		switch e.Name.Local {
		case "v":
			text, err = s.x.chars(nil, "v")
			stored, content = true, string(text)
		case "is":
			content, err = s.x.richText("is")
		case "f":
			formula = true
			_, err = s.x.chars(nil, "f")
		}
		if err != nil {
			return err
		}
	}
	if formula && content == "" && (kind != "str" || !stored) { // a stored "" is a result
		s.Unsolved++
	}
	cell := mapping.Cell{Line: int32(s.Row), Column: int32(column + 1)}
	var err error
	cell.Text, cell.Kind, err = s.w.value(kind, style, content)
	if cell.Kind == value.NumberCell && len(cell.Text) > Digits && integer.MatchString(cell.Text) {
		s.Long++
	}
	s.cells = append(s.cells, cell)
	return err
}

// Close ends the reading, at the last row or before.
func (s *Rows) Close() error { return s.part.Close() }

// columnOf reads the column of a reference such as AB12, from 0; -1 where there is none.
func columnOf(ref string) int {
	n := 0
	for i := 0; i < len(ref) && i < 4; i++ {
		b := ref[i] &^ 0x20
		if b < 'A' || b > 'Z' {
			break
		}
		n = n*26 + int(b-'A') + 1
	}
	return n - 1
}

// value turns a cell's content into text, by its type and number format.
func (w *Book) value(kind, style, v string) (string, value.Kind, error) {
	switch kind {
	case "s":
		text, err := w.shared(v)
		return text, value.TextCell, err
	case "b":
		if v == "" {
			return "", value.TextCell, nil
		}
		return strconv.FormatBool(truth(v)), value.BoolCell, nil
	case "d":
		return strings.TrimSuffix(v, "Z"), value.DateCell, nil
	case "str":
		return unescapeX(v), value.TextCell, nil
	case "e", "inlineStr":
		return v, value.TextCell, nil
	}
	if v == "" {
		return "", value.TextCell, nil
	}
	text, k := w.format(style).text(v, w.date904)
	return text, k, nil
}
