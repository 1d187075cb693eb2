package mapping

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Records keep options and statuses that were archived since, and an export writes their titles. A write that holds
// one is taken to be refused: Attio's documents do not say. So a cell may hold one where its record does already, and
// nothing is sent of it; a row that would have to write one is refused, or loses the value where the mapping says
// on_error: drop. What is certain to be written (mode create, and the further columns of a target to be made) is
// refused as it is read; the rest when the record is known.

// writable takes fields of a row, or what is to be changed by it, that are about to be written. It answers them
// without the archived options that the mapping says to drop, and a refusal for each other one. The fields and their
// values stay as they are.
func (p *Plan) writable(rec *Record, fields []value.Field) (kept []value.Field, refused []*CellError) {
	kept = fields
	for i := range fields {
		f := &fields[i]
		if f.Attr.Type != attio.TypeSelect && f.Attr.Type != attio.TypeStatus || !slices.ContainsFunc(f.Values, func(v value.Value) bool { return value.IsArchived(f.Attr, &v) }) {
			continue
		}
		values := p.unarchived(rec, f, &refused)
		if &kept[0] == &fields[0] {
			kept = slices.Clone(fields)
		}
		kept[i].Values = values
	}
	return slices.DeleteFunc(kept, func(f value.Field) bool { return len(f.Values) == 0 && !f.Clear }), refused
}

// unarchived answers the values of a field without those that are dropped.
func (p *Plan) unarchived(rec *Record, f *value.Field, refused *[]*CellError) []value.Value {
	s := entryOf(&p.entries, f.Attr).whole
	said := rec.valuesOf(f.Attr)
	var kept []value.Value
	for i := range f.Values {
		v := &f.Values[i]
		if !value.IsArchived(f.Attr, v) {
			kept = append(kept, *v)
			continue
		}
		bad := p.archivedCell(rec, s, v)
		switch own := !value.Has(f, said, v); {
		case own: // with an overwrite, all the record's values of the attribute are sent again
			bad.Message = fmt.Sprintf("the %s %q of the record is archived, and would have to be written again beside what this row changes", value.OptionWord(f.Attr), v.Text)
			bad.Accepted, bad.Fix, bad.From, bad.To = "a record that does not hold it: in Attio, take it off or bring the "+value.OptionWord(f.Attr)+" back", "", 0, 0
		case s.drop:
			rec.Dropped = append(rec.Dropped, bad)
			continue
		}
		*refused = append(*refused, bad)
		kept = append(kept, *v)
	}
	return kept
}

// archivedCell is the refusal of a value that the row has and the record has not.
func (p *Plan) archivedCell(rec *Record, s *column, v *value.Value) *CellError {
	text := cmp.Or(v.Orig, v.Text)
	bad := value.ArchivedOption(s.Attr, v.Text, text)
	e := &CellError{Code: bad.Code, Message: bad.Message + ", and the record does not hold it", Accepted: bad.Accepted, Fix: mapfile.SettingLine(bad.Setting)}
	p.locate(e, rec, s.Attr)
	if at := strings.Index(e.Value, text); at >= 0 && len(text) < len(e.Value) {
		e.From, e.To = at, at+len(text)
	}
	return e
}

func (rec *Record) valuesOf(a *attio.Attribute) []value.Value {
	for i := range rec.Fields {
		if rec.Fields[i].Attr == a {
			return rec.Fields[i].Values
		}
	}
	return nil
}

// locate says where the cell stands that fills an attribute.
func (p *Plan) locate(e *CellError, rec *Record, a *attio.Attribute) {
	e.Line, e.Column, e.Index, e.Header = rec.Row.Line, 1, -1, a.Slug
	for _, entry := range p.entries {
		if entry.attr != a || len(entry.columns) == 0 {
			continue
		}
		if e.Index = entry.columns[0]; e.Index < len(rec.Row.Cells) {
			cell := &rec.Row.Cells[e.Index]
			e.Line, e.Column, e.Value = int(cell.Line), int(cell.Column), cell.Text
		}
		e.Header = p.columns[e.Index]
	}
}

// Archived appends the cells of a row that hold an archived option. Only a row whose record holds it already can be
// imported.
func (p *Plan) Archived(dst []*CellError, rec *Record) []*CellError {
	_, refused := p.writable(rec, rec.Fields)
	return append(dst, refused...)
}
