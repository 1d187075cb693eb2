package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// reading is the work on one row, that of the record.
type reading struct {
	rec  *Record
	errs []*CellError
}

// Values converts a row into rec, whose storage it reuses: a record is good until the next call with the same rec.
// Every cell that is refused gives a CellError; the record is then not to be sent. A row in which no mapped cell says
// anything has no Fields. In mode create, an attribute that new records must have and the row does not fill is
// refused as well; in mode upsert ask Required once it is known that the record is new.
func (p *Plan) Values(row *Row, rec *Record) []*CellError {
	*rec = Record{Row: row, Fields: rec.Fields[:0]}
	r := reading{rec: rec}
	if p.id != nil {
		r.readID(p.id)
	}
	for _, e := range p.entries {
		r.read(e)
	}
	if len(r.errs) == 0 && !rec.speaks() {
		rec.Fields = rec.Fields[:0]
		return nil
	}
	if p.Mode == Create {
		r.errs = p.lacking(r.errs, rec)
	}
	return r.errs
}

// speaks reports whether any cell of the row filled a field: constants alone make no record.
func (rec *Record) speaks() bool {
	return slices.ContainsFunc(rec.Fields, func(f value.Field) bool { return len(f.Columns) > 0 })
}

// field makes room for one more field, in storage of earlier rows where there is some.
func (rec *Record) field(e *entry) *value.Field {
	n := len(rec.Fields)
	if n < cap(rec.Fields) {
		rec.Fields = rec.Fields[:n+1]
	} else {
		rec.Fields = append(rec.Fields, value.Field{})
	}
	f := &rec.Fields[n]
	*f = value.Field{Attr: e.attr, Columns: e.columns, Replace: e.replace, Values: f.Values[:0]}
	return f
}

// newValue makes room for one more value.
func newValue(f *value.Field) *value.Value {
	f.Values = append(f.Values, value.Value{})
	return &f.Values[len(f.Values)-1]
}

func (r *reading) readID(s *column) {
	text, _, bad := s.read(r.rec.Row)
	if bad == nil && text != "" && !value.IsUUID(text) {
		bad = &value.Refusal{Code: value.CodeRecordID, Message: fmt.Sprintf("%q is not a record id", text),
			Accepted: "a record id: 36 characters, as in an export"}
	}
	if bad != nil {
		r.refuse(s, -1, text, bad)
		return
	}
	r.rec.ID = strings.ToLower(text)
}

// read reads everything that fills one attribute. A field without content is dropped again.
func (r *reading) read(e *entry) {
	f := r.rec.field(e)
	if value.Divided(e.attr.Type) {
		r.readParts(e, f)
	} else if e.whole != nil {
		r.readWhole(e, f)
	}
	if len(e.fill) > 0 {
		r.readFill(e, f)
	}
	if len(f.Values) == 0 && !f.Clear {
		r.rec.Fields = r.rec.Fields[:len(r.rec.Fields)-1]
	}
}

// readWhole reads the cell of a whole attribute: one value, or several.
func (r *reading) readWhole(e *entry, f *value.Field) {
	s := e.whole
	text, kind, bad := s.read(r.rec.Row)
	switch {
	case bad != nil:
		r.refuse(s, -1, text, bad)
		return
	case kind == value.JSONCell:
		r.readArray(e, f, text)
	case text == "":
		r.blank(s, f)
	case e.attr.Multi && s.split != "":
		r.readPieces(e, f, kind, text)
	default:
		r.add(e, f, kind, text, r.offset(s, text), 0)
	}
	if e.code != nil && len(f.Values) > 0 && e.attr.Type == attio.TypeCurrency {
		r.checkCurrency(e, f)
	}
}

// blank does what the mapping says of a blank cell.
func (r *reading) blank(s *column, f *value.Field) {
	switch {
	case s.blank == mapfile.BlankReject:
		r.refuse(s, -1, "", refusal(value.CodeBlank, "the cell is blank", s.Attr))
	case s.blank != mapfile.BlankClear:
	case f.Attr.Type == attio.TypeCheckbox:
		// never unset: https://docs.attio.com/docs/attribute-types/attribute-types-checkbox
		newValue(f).Text = "false"
	default:
		f.Clear = true
	}
}

// readArray reads a cell that is a JSON array already, which is not split.
func (r *reading) readArray(e *entry, f *value.Field, raw string) {
	s := e.whole
	if raw == "" || raw[0] != '[' {
		r.refuse(s, -1, raw, refusal(value.CodeShape, "a JSON object is no value of "+e.attr.Slug, e.attr))
		return
	}
	n := 0
	for one := range rawjson.Elements([]byte(raw)) {
		text, kind, bad := s.element(r.rec.Row, one)
		if bad != nil {
			r.refuse(s, -1, text, bad)
		}
		if bad != nil || text == "" {
			continue
		}
		if n++; n > 1 && !e.attr.Multi {
			r.refuse(s, -1, raw, refusal(value.CodeSeveral, e.attr.Slug+" holds one value, not several", e.attr))
			return
		}
		r.add(e, f, kind, text, -1, n-1)
	}
	if n == 0 {
		r.blank(s, f)
	}
}

// readPieces reads several values of one cell. Where the value table has no line for the whole cell, it is asked for
// each of them.
func (r *reading) readPieces(e *entry, f *value.Field, kind value.Kind, text string) {
	s := e.whole
	var storage [8]value.Piece
	pieces := value.Split(storage[:0], text, s.split)
	start := r.offset(s, text)
	whole := false
	if cell := s.cell(r.rec.Row); cell != nil && s.values != nil {
		_, whole = s.values[value.Trim(s.plan.cellText(cell))]
	}
	for i, p := range pieces {
		at := -1
		if start >= 0 && p.To > p.From {
			at = start + p.From
		}
		if to, ok := s.values[p.Text]; ok && !whole {
			p.Text, at = to, -1
		}
		if p.Text != "" {
			r.add(e, f, kind, p.Text, at, i)
		}
	}
	if len(pieces) == 0 {
		r.blank(s, f)
	}
}

// offset is where the text that is parsed begins in the cell; -1 when the mapping has changed it.
func (r *reading) offset(s *column, text string) int {
	cell := s.cell(r.rec.Row)
	switch {
	case cell == nil:
		return -1
	case cell.Text == text:
		return 0
	case value.Trim(cell.Text) != text:
		return -1
	}
	return strings.Index(cell.Text, text)
}

// add parses one value and appends it, unless the field has it already. at is where the text begins in its cell, or
// -1; nth counts the values of the cell from 0.
func (r *reading) add(e *entry, f *value.Field, kind value.Kind, text string, at, nth int) {
	s := e.whole
	last := len(f.Values)
	v := newValue(f)
	var bad *value.Refusal
	switch {
	case e.code != nil && e.attr.Type == attio.TypePhoneNumber:
		bad = r.phoneBeside(e, text, nth, v)
	case s.there >= 0:
		there := s.Reader
		there.Country = s.country(r.rec.Row)
		bad = there.Read(kind, text, v)
	default:
		bad = s.Read(kind, text, v)
	}
	if v.Ref != nil {
		v.Ref.Column = s.index
	}
	if bad != nil || value.Has(f, f.Values[:last], v) {
		f.Values = f.Values[:last]
	}
	if bad != nil && bad != leaveOut {
		r.refuse(s, at, text, bad)
	}
}
