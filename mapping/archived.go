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

// writable takes fields of a row, or what is to be changed by it, that are about to be written. It returns them
// without the archived options that the mapping says to drop, and a refusal for each other one. The fields and their
// values stay as they are.
func (p *Plan) writable(rec *Record, fields []value.Field) (kept []value.Field, refused []*CellError) {
	if !slices.ContainsFunc(fields, func(f value.Field) bool { return f.HeldArchived() != "" }) {
		return fields, nil
	}
	for _, f := range fields {
		values := f.Values
		f.Values = nil
		for _, v := range values {
			if value.IsArchived(f.Attr, &v) {
				bad, drop := p.archivedCell(rec, f.Attr, &v)
				if drop {
					rec.Dropped = append(rec.Dropped, bad)
					continue
				}
				refused = append(refused, bad)
			}
			f.Values = append(f.Values, v)
		}
		if len(f.Values) > 0 || f.Clear {
			kept = append(kept, f)
		}
	}
	return kept, refused
}

// archivedCell is the refusal of an archived option that would have to be written: one that the row has and the record
// has not, or one that the record has and that stands beside what the row changes. drop: the mapping says to leave it
// out.
func (p *Plan) archivedCell(rec *Record, a *attio.Attribute, v *value.Value) (e *CellError, drop bool) {
	word := value.OptionWord(a)
	if !slices.ContainsFunc(rec.valuesOf(a), func(said value.Value) bool { return value.Same(a, &said, v) }) {
		return p.cellError(rec, a, value.CodeArchived,
			fmt.Sprintf("the %s %q of the record is archived, and would have to be written again beside what this row changes",
				word, v.Text),
			"a record that does not hold it: in Attio, take it off or bring the "+word+" back"), false
	}
	text := cmp.Or(v.Orig, v.Text)
	bad := value.ArchivedOption(a, v.Text, text)
	e = p.cellError(rec, a, bad.Code, bad.Message+", and the record does not hold it", bad.Accepted)
	e.Fix = mapfile.SettingLine(bad.Setting)
	if at := strings.Index(e.Value, text); at >= 0 && len(text) < len(e.Value) {
		e.From, e.To, e.Piece = at, at+len(text), text
	}
	return e, entryOf(p.entries, a).whole.drop
}

func (rec *Record) valuesOf(a *attio.Attribute) []value.Value {
	for i := range rec.Fields {
		if rec.Fields[i].Attr == a {
			return rec.Fields[i].Values
		}
	}
	return nil
}

// cellError refuses what fills an attribute, at the first cell that does.
func (p *Plan) cellError(rec *Record, a *attio.Attribute, code, message, accepted string) *CellError {
	e := &CellError{Code: code, Row: rec.Row.Number, Line: rec.Row.Line, Column: 1, Index: -1, Header: a.Slug,
		Attribute: a.Slug, Message: message, Accepted: accepted}
	entry := entryOf(p.entries, a)
	if entry == nil || len(entry.columns) == 0 {
		return e
	}
	e.Index = entry.columns[0]
	e.Header = p.columns[e.Index]
	if e.Index < len(rec.Row.Cells) {
		cell := &rec.Row.Cells[e.Index]
		e.Line, e.Column, e.Value, e.Piece = int(cell.Line), int(cell.Column), cell.Text, cell.Text
	}
	return e
}

// Archived appends the cells of a row that hold an archived option. Only a row whose record holds it already can be
// imported.
func (p *Plan) Archived(dst []*CellError, rec *Record) []*CellError {
	_, refused := p.writable(rec, rec.Fields)
	return append(dst, refused...)
}

// MayDrop are the cells of a row that were left out, or that may have been once its record was known.
func (p *Plan) MayDrop(rec *Record) []*CellError {
	r := Record{Row: rec.Row, Fields: rec.Fields, Dropped: slices.Clone(rec.Dropped)}
	p.writable(&r, r.Fields)
	return r.Dropped
}

// Required appends what keeps a row from becoming a new record in mode upsert: an error for each attribute that such
// a record must have and this one has no value for, and for each option in it that is archived. Options that the
// mapping says to drop are taken out of the record.
func (p *Plan) Required(dst []*CellError, rec *Record) []*CellError {
	var refused []*CellError
	rec.Fields, refused = p.writable(rec, rec.Fields)
	return p.lacking(append(dst, refused...), rec)
}

// lacking appends an error for each attribute that a new record must have and this one has no value for, unless its
// cell was refused already.
func (p *Plan) lacking(dst []*CellError, rec *Record) []*CellError {
	for _, a := range p.required {
		if len(rec.valuesOf(a)) > 0 {
			continue
		}
		e := p.cellError(rec, a, value.CodeRequired,
			fmt.Sprintf("a new record needs %s, and the row has no value for it", a.Slug),
			value.Form(a.Type))
		refused := func(had *CellError) bool { return had.Index == e.Index && had.Header == e.Header }
		if !slices.ContainsFunc(dst, refused) {
			dst = append(dst, e)
		}
	}
	return dst
}
