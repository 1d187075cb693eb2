package mapping

import (
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// source is a bound column, or a constant: where text comes from, and how it is read for the attribute that it fills.
type source struct {
	plan     *Plan
	attr     *attio.Attribute
	codec    *codec
	column   int    // of the input, from 0; -1 for a constant
	header   string // for messages
	part     int    // of a name or location; -1 for the whole value
	constant Cell
	clear    bool // blank: clear
	refuse   bool // blank: reject
	drop     bool // on_error: drop
	made     bool // what it fills is a record to be made, so that all of it is written

	values    map[string]string
	steps     []step
	split     string // "" where a cell is one value
	guessed   bool   // the separator is the default, not the mapping's
	missing   Missing
	date      dateReader
	zone      *time.Location
	decimal   string
	thousands string
	country   string
	options   *optionTable
	members   *memberTable
	target    *refTarget
}

// entry is an attribute of the plan with everything that fills it.
type entry struct {
	attr    *attio.Attribute
	codec   *codec
	whole   *source   // nil where only parts are filled
	parts   []*source // of a name or location
	code    *source   // of a currency's code or a phone number's country
	fill    []*entry  // of the target of a reference, should it have to be created
	columns []int
	replace bool
}

func (s *source) form() string {
	if s.codec == nil {
		return ""
	}
	return s.codec.form
}

// cell is the row's cell of this source; a row that ends early has none.
func (s *source) cell(row *Row) (*Cell, bool) {
	if s.column < 0 {
		return &s.constant, true
	}
	if s.column >= len(row.Cells) {
		return nil, false
	}
	return &row.Cells[s.column], true
}

// read answers the text of the source's cell as parse takes it; blank says that there is nothing to parse.
func (s *source) read(row *Row) (text string, kind Kind, blank bool, bad *refusal) {
	cell, ok := s.cell(row)
	if !ok {
		return "", NullCell, true, nil
	}
	if cell.Kind == JSONCell {
		return cell.Text, JSONCell, false, nil
	}
	return s.prepare(row, cell.Kind, s.plan.cellText(cell))
}

// prepare applies the value table and the transforms, in this order, and trims what is no text attribute's.
func (s *source) prepare(row *Row, kind Kind, text string) (string, Kind, bool, *refusal) {
	if s.values != nil {
		if to, ok := s.values[trim(text)]; ok {
			text, kind = to, TextCell
		}
	}
	for _, step := range s.steps {
		changed, bad := step(s, row, text)
		if bad != nil {
			return text, kind, false, bad
		}
		if changed != text {
			text, kind = changed, TextCell
		}
	}
	if s.attr == nil || s.attr.Type != attio.TypeText {
		text = trim(text)
	}
	return text, kind, text == "", nil
}

// element reads one element of a JSON array.
func (s *source) element(row *Row, raw []byte) (string, Kind, bool, *refusal) {
	kind, text := TextCell, ""
	switch raw[0] {
	case '"':
		text, _ = rawjson.Unquote(raw)
	case '{', '[':
		return string(raw), JSONCell, false, &refusal{code: codeShape, message: string(raw) + " is not a plain value", accepted: s.form()}
	case 'n':
		kind = NullCell
	case 't', 'f':
		kind, text = BoolCell, string(raw)
	default:
		kind, text = NumberCell, string(raw)
	}
	return s.prepare(row, kind, text)
}
