package workbook

import (
	"bufio"
	"encoding/xml"
	"io"
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

// richText reads the text of an element up to its end: all its t elements but those of phonetic hints.
func (x xmlReader) richText(element string) (string, error) {
	var text []byte
	inText, hint := false, 0
	for {
		t, err := x.RawToken()
		if err != nil {
			return "", unexpected(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "t":
				inText = hint == 0
			case "rPh":
				hint++
			}
		case xml.CharData:
			if inText {
				text = append(text, t...)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case element:
				return unescapeX(string(text)), nil
			case "t":
				inText = false
			case "rPh":
				hint--
			}
		}
	}
}

// chars reads the text up to the element's end.
func (x xmlReader) chars(element string) (string, error) {
	var text []byte
	for {
		t, err := x.RawToken()
		if err != nil {
			return "", unexpected(err)
		}
		switch t := t.(type) {
		case xml.CharData:
			text = append(text, t...)
		case xml.EndElement:
			if t.Name.Local == element {
				return string(text), nil
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

// unescapeX resolves _x000D_ and its like, as which workbooks hold characters that XML does not allow (ECMA-376,
// ST_Xstring).
func unescapeX(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if len(s)-i >= 7 && s[i] == '_' && s[i+1] == 'x' && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				b.WriteRune(rune(n))
				i += 6
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
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
		t, err := s.x.RawToken()
		if err != nil {
			return nil, unexpected(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "row" {
				return s.readRow(t)
			}
		case xml.EndElement:
			if t.Name.Local == "sheetData" {
				return nil, io.EOF
			}
		}
	}
}

func (s *Rows) readRow(row xml.StartElement) ([]mapping.Cell, error) {
	s.Row++
	for _, a := range row.Attr {
		switch a.Name.Local {
		case "r":
			if n, err := strconv.Atoi(a.Value); err == nil && n >= s.Row {
				s.Row = n
			}
		case "hidden":
			if truth(a.Value) {
				s.Hidden++
			}
		}
	}
	s.cells = s.cells[:0]
	for {
		t, err := s.x.RawToken()
		if err != nil {
			return nil, unexpected(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "c" {
				if err := s.readCell(t); err != nil {
					return nil, err
				}
			}
		case xml.EndElement:
			if t.Name.Local == "row" {
				return s.cells, nil
			}
		}
	}
}

// readCell appends a cell, and blank ones for those that the file leaves out before it.
func (s *Rows) readCell(c xml.StartElement) error {
	kind, style, column := "", "", len(s.cells)
	for _, a := range c.Attr {
		switch a.Name.Local {
		case "r":
			if n := columnOf(a.Value); n > column && n < MaxColumns {
				column = n
			}
		case "t":
			kind = a.Value
		case "s":
			style = a.Value
		}
	}
	s.pad(column)
	cell := mapping.Cell{Line: int32(s.Row), Column: int32(column + 1)}
	formula, stored, chars := false, false, ""
	for {
		t, err := s.x.RawToken()
		if err != nil {
			return unexpected(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "v":
				stored = true
				if chars, err = s.x.chars("v"); err != nil {
					return err
				}
			case "is":
				if chars, err = s.x.richText("is"); err != nil {
					return err
				}
			case "f":
				formula = true
				if _, err := s.x.chars("f"); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if t.Name.Local != "c" {
				continue
			}
			if formula && chars == "" && (kind != "str" || !stored) { // a stored "" is a result
				s.Unsolved++
			}
			cell.Text, cell.Kind, err = s.w.value(kind, style, chars)
			if cell.Kind == value.NumberCell && len(cell.Text) > Digits && integer.MatchString(cell.Text) {
				s.Long++
			}
			s.cells = append(s.cells, cell)
			return err
		}
	}
}

// Close ends the reading, at the last row or before.
func (s *Rows) Close() error { return s.part.Close() }

func (s *Rows) pad(width int) {
	for len(s.cells) < width {
		s.cells = append(s.cells, mapping.Cell{Line: int32(s.Row), Column: int32(len(s.cells) + 1)})
	}
}

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
