package mapping

import (
	"cmp"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// column is a bound column, or a constant: where text comes from, and how it is read for the attribute that it fills.
type column struct {
	value.Reader
	plan     *Plan
	index    int    // of the input's column, from 0; -1 for a constant
	header   string // for messages
	fills    string // the attribute, as the mapping file names it
	part     int    // of a name or location; -1 for the whole value
	constant Cell
	blank    mapfile.Blank
	drop     bool // on_error: drop
	values   map[string]string
	steps    []step
	split    string   // "" where a cell is one value
	there    int      // the column of the row's country; -1 for none
	inside   []string // the members of a JSON array's objects that are meant; nil for the cell itself
}

// entry is an attribute of the plan with everything that fills it.
type entry struct {
	attr    *attio.Attribute
	whole   *column   // nil where only parts are filled
	parts   []*column // of a name or location
	code    *column   // of a currency's code or a phone number's country
	fill    []*entry  // of the target of a reference, should it have to be created
	columns []int
	replace bool
}

// cell is the row's cell of this source; nil where the row ends early.
func (s *column) cell(row *Row) *Cell {
	if s.index < 0 {
		return &s.constant
	}
	if s.index >= len(row.Cells) {
		return nil
	}
	return &row.Cells[s.index]
}

// read returns the text of the source's cell as a Reader takes it; without text and refusal the cell is blank.
func (s *column) read(row *Row) (string, value.Kind, *value.Refusal) {
	switch cell := s.cell(row); {
	case cell == nil:
		return "", value.NullCell, nil
	case s.inside != nil && cell.Kind != value.NullCell:
		return s.members(row, cell)
	case cell.Kind == value.JSONCell:
		return cell.Text, value.JSONCell, nil
	default:
		return s.prepare(row, cell.Kind, s.plan.cellText(cell))
	}
}

// country is the row's country, in two letters: that of its own cell where that names one that Attio knows, else the
// column's; "" for none.
func (s *column) country(row *Row) string {
	if s.there < 0 || s.there >= len(row.Cells) {
		return s.Country
	}
	return cmp.Or(value.Country(value.Trim(s.plan.cellText(&row.Cells[s.there]))), s.Country)
}

// prepare applies the value table and the transforms, in this order, and trims what is no text attribute's.
func (s *column) prepare(row *Row, kind value.Kind, text string) (string, value.Kind, *value.Refusal) {
	if s.values != nil {
		if to, ok := s.values[value.Trim(text)]; ok {
			text, kind = to, value.TextCell
		}
	}
	for i := range s.steps {
		changed, bad := s.steps[i].apply(s, row, text)
		if bad != nil {
			return text, kind, bad
		}
		if changed != text {
			text, kind = changed, value.TextCell
		}
	}
	if s.Attr == nil || s.Attr.Type != attio.TypeText {
		text = value.Trim(text)
	}
	return text, kind, nil
}

// element reads one element of a JSON array.
func (s *column) element(row *Row, raw []byte) (string, value.Kind, *value.Refusal) {
	kind, text := value.NumberCell, string(raw)
	switch raw[0] {
	case '"':
		kind = value.TextCell
		text, _ = rawjson.Unquote(raw)
	case '{', '[':
		return text, value.JSONCell, refusal(value.CodeShape, text+" is not a plain value", s.Attr)
	case 'n':
		kind, text = value.NullCell, ""
	case 't', 'f':
		kind = value.BoolCell
	}
	return s.prepare(row, kind, text)
}

// refusal refuses a value of an attribute.
func refusal(code, message string, a *attio.Attribute) *value.Refusal {
	return &value.Refusal{Code: code, Message: message, Accepted: value.Form(a.Type)}
}

// cellText is a cell's text as it was before an export for spreadsheets made it harmless.
func (p *Plan) cellText(c *Cell) string {
	if p.sheet && c.Kind == value.TextCell {
		return flat.Plain(c.Text)
	}
	return c.Text
}
