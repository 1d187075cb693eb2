package mapping

import (
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// reading is the work on one row.
type reading struct {
	row  *Row
	rec  *Record
	errs []*CellError
}

// Values converts a row into rec, whose storage it reuses: a record is good until the next call with the same rec.
// Every cell that is refused gives a CellError; the record is then not to be sent. A row in which no mapped cell says
// anything has no Fields. In mode create, an attribute that new records must have and the row does not fill is
// refused as well; in mode upsert ask Required once it is known that the record is new.
func (p *Plan) Values(row *Row, rec *Record) []*CellError {
	rec.Row, rec.ID, rec.Fields, rec.Dropped = row, "", rec.Fields[:0], nil
	r := reading{row: row, rec: rec}
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

// speaks says whether any cell of the row filled a field: constants alone make no record.
func (rec *Record) speaks() bool {
	for i := range rec.Fields {
		if len(rec.Fields[i].Columns) > 0 {
			return true
		}
	}
	return false
}

// Required appends what keeps a row from becoming a new record in mode upsert: an error for each attribute that such
// a record must have and this one has no value for, and for each option in it that is archived. Options that the
// mapping says to drop are taken out of the record.
func (p *Plan) Required(dst []*CellError, rec *Record) []*CellError {
	var refused []*CellError
	rec.Fields, refused = p.writable(rec, rec.Fields)
	return p.lacking(append(dst, refused...), rec)
}

// lacking appends an error for each attribute that a new record must have and this one has no value for.
func (p *Plan) lacking(dst []*CellError, rec *Record) []*CellError {
	for _, a := range p.required {
		if len(rec.valuesOf(a)) > 0 {
			continue
		}
		e := &CellError{Code: value.CodeRequired, Message: fmt.Sprintf("a new record needs %s, and the row has no value for it", a.Slug), Accepted: value.Form(a.Type)}
		p.locate(e, rec, a)
		if !refusedAt(dst, e) {
			dst = append(dst, e)
		}
	}
	return dst
}

// refusedAt says whether the cell was refused already: then its being needed is no news.
func refusedAt(errs []*CellError, e *CellError) bool {
	for _, had := range errs {
		if had.Index == e.Index && had.Header == e.Header {
			return true
		}
	}
	return false
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

// keep ends a field: one without content is taken back.
func (r *reading) keep(f *value.Field) {
	if len(f.Values) == 0 && !f.Clear {
		r.rec.Fields = r.rec.Fields[:len(r.rec.Fields)-1]
	}
}

func (r *reading) readID(s *column) {
	text, _, blank, bad := s.read(r.row)
	if bad == nil && !blank && !value.IsUUID(text) {
		bad = &value.Refusal{Code: value.CodeRecordID, Message: fmt.Sprintf("%q is not a record id", text), Accepted: "a record id: 36 characters, as in an export"}
	}
	if bad != nil {
		r.refuse(s, -1, text, bad)
		return
	}
	r.rec.ID = strings.ToLower(text)
}

// read reads everything that fills one attribute.
func (r *reading) read(e *entry) {
	f := r.rec.field(e)
	switch {
	case value.Divided(e.attr.Type):
		r.readParts(e, f)
	case e.whole == nil:
	default:
		r.readWhole(e, f)
	}
	r.keep(f)
}

// readWhole reads the cell of a whole attribute: one value, or several.
func (r *reading) readWhole(e *entry, f *value.Field) {
	s := e.whole
	text, kind, blank, bad := s.read(r.row)
	switch {
	case bad != nil:
		r.refuse(s, -1, text, bad)
		return
	case blank:
	case kind == value.JSONCell:
		r.readArray(e, f, text)
	case e.attr.Multi && s.split != "":
		r.readPieces(e, f, kind, text)
	default:
		r.add(e, f, kind, text, r.offset(s, text), 0)
	}
	if e.code != nil && len(f.Values) > 0 && e.attr.Type == attio.TypeCurrency {
		r.checkCurrency(e, f)
	}
	if len(e.fill) > 0 && len(f.Values) > 0 {
		r.readFill(e, f)
	}
	if blank {
		r.blank(s, f)
	}
}

// blank does what the mapping says of a blank cell.
func (r *reading) blank(s *column, f *value.Field) {
	switch {
	case s.refuse:
		r.refuse(s, -1, "", &value.Refusal{Code: value.CodeBlank, Message: "the cell is blank", Accepted: value.Form(s.Attr.Type)})
	case s.clear && f.Attr.Type == attio.TypeCheckbox: // never unset: https://docs.attio.com/docs/attribute-types/attribute-types-checkbox
		newValue(f).Text = "false"
	case s.clear:
		f.Clear = true
	}
}

// readArray reads a cell that is a JSON array already, which is not split.
func (r *reading) readArray(e *entry, f *value.Field, raw string) {
	s := e.whole
	if raw == "" || raw[0] != '[' {
		r.refuse(s, -1, raw, &value.Refusal{Code: value.CodeShape, Message: "a JSON object is no value of " + e.attr.Slug, Accepted: value.Form(s.Attr.Type)})
		return
	}
	n := 0
	for one := range rawjson.Elements([]byte(raw)) {
		text, kind, blank, bad := s.element(r.row, one)
		if bad != nil {
			r.refuse(s, -1, text, bad)
			continue
		}
		if blank {
			continue
		}
		if n++; n > 1 && !e.attr.Multi {
			r.refuse(s, -1, raw, &value.Refusal{Code: value.CodeSeveral, Message: e.attr.Slug + " holds one value, not several", Accepted: value.Form(s.Attr.Type)})
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
	cell, _ := s.cell(r.row)
	_, whole := s.values[value.Trim(s.plan.cellText(cell))]
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
	cell, ok := s.cell(r.row)
	if !ok || len(text) > len(cell.Text) {
		return -1
	}
	if len(text) == len(cell.Text) {
		if text != cell.Text {
			return -1
		}
		return 0
	}
	if value.Trim(cell.Text) != text {
		return -1
	}
	return strings.Index(cell.Text, text)
}

// add parses one value and appends it, unless the field has it already. at is where the text begins in its cell, or
// -1; nth counts the values of the cell from 0.
func (r *reading) add(e *entry, f *value.Field, kind value.Kind, text string, at, nth int) {
	s := e.whole
	v := newValue(f)
	var bad *value.Refusal
	if e.code != nil && e.attr.Type == attio.TypePhoneNumber {
		bad = r.phoneBeside(e, text, nth, v)
	} else {
		bad = s.Read(kind, text, v)
	}
	last := len(f.Values) - 1
	if v.Ref != nil {
		v.Ref.Column = s.index
	}
	if bad != nil {
		f.Values = f.Values[:last]
		if bad != leaveOut {
			r.refusePiece(s, at, text, bad)
		}
		return
	}
	for i := range f.Values[:last] {
		if value.Same(e.attr, &f.Values[i], v) {
			f.Values = f.Values[:last]
			return
		}
	}
}
