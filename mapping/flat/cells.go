package flat

import (
	"cmp"
	"fmt"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// flattening is the work on one record: the values of the attribute that was read last, so that the ten columns of a
// location read it once.
type flattening struct {
	flat   *Flat
	rec    *attio.Record
	look   Lookup
	warn   func(string)
	attr   *attio.Attribute
	values []value.Value
	buf    []byte
}

// Cells appends the row of a CSV file. warn is told once a kind of value that this version does not know (written as
// JSON) or that cannot be looked up.
func (f *Flat) Cells(dst []string, r *attio.Record, look Lookup, warn func(string)) []string {
	w := flattening{flat: f, rec: r, look: look, warn: warn}
	for i := range f.columns {
		cell := w.cell(&f.columns[i])
		if f.sheet {
			cell = Neutral(cell)
		}
		dst = append(dst, cell)
	}
	return dst
}

// AppendJSON appends the record as one JSON object of the same names, without a line end.
func (f *Flat) AppendJSON(dst []byte, r *attio.Record, look Lookup, warn func(string)) []byte {
	w := flattening{flat: f, rec: r, look: look, warn: warn}
	dst = append(dst, '{')
	for i := range f.columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = w.json(append(dst, f.columns[i].key...), &f.columns[i])
	}
	return append(dst, '}')
}

func (w *flattening) cell(c *flatColumn) string {
	if c.attr == nil {
		return c.own(w.rec)
	}
	w.read(c.attr)
	switch {
	case len(w.values) == 0:
		return unset(c)
	case !c.attr.Multi && len(w.values) == 1:
		return w.text(c, 0)
	}
	w.buf = w.buf[:0]
	for i := range w.values {
		if i > 0 {
			w.buf = append(w.buf, ';')
		}
		w.buf = value.Join(w.buf, w.text(c, i))
	}
	return string(w.buf)
}

// unset is the cell of an attribute without a value.
func unset(c *flatColumn) string {
	if c.attr.Type == attio.TypeCheckbox {
		return "false"
	}
	return ""
}

func (w *flattening) json(dst []byte, c *flatColumn) []byte {
	if c.attr == nil {
		return value.AppendOrNull(dst, c.own(w.rec))
	}
	w.read(c.attr)
	switch {
	case c.attr.Multi || len(w.values) > 1:
	case len(w.values) == 1:
		return w.element(dst, c, 0)
	default:
		return append(dst, cmp.Or(unset(c), "null")...)
	}
	dst = append(dst, '[')
	for i := range w.values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = w.element(dst, c, i)
	}
	return append(dst, ']')
}

// element appends one value as JSON.
func (w *flattening) element(dst []byte, c *flatColumn, i int) []byte {
	text := w.text(c, i)
	switch {
	case w.values[i].Raw != "" && text != "", c.part == wholeValue && value.Bare(c.attr.Type):
		return append(dst, text...)
	case c.part == wholeValue:
		return rawjson.AppendString(dst, text)
	}
	return value.AppendOrNull(dst, text)
}

// read decodes the values of an attribute, unless they are at hand.
func (w *flattening) read(a *attio.Attribute) {
	if w.attr == a {
		return
	}
	w.attr, w.values = a, w.values[:0]
	for raw := range rawjson.Elements(w.rec.Values[a.Slug]) {
		w.values = append(w.values, value.Value{})
		v := &w.values[len(w.values)-1]
		if value.DecodeOne(a, raw, v); v.Raw != "" {
			w.warnOnce("%s: values of type %s have a form that this version does not know; they are written as JSON", a.Slug,
				a.Type)
		}
	}
}

// text is the cell of one value in one column.
func (w *flattening) text(c *flatColumn, i int) string {
	v := &w.values[i]
	switch {
	case v.Raw != "":
		if c.part > 0 || c.part == 0 && value.HasWhole(c.attr.Type) || c.part == besideName {
			return ""
		}
		return v.Raw
	case w.flat.looks(c):
		return w.reference(c, v)
	case c.part == wholeValue:
		return value.Format(c.attr, v)
	case value.Divided(c.attr.Type) || c.attr.Type == attio.TypeInteraction:
		return v.Parts[c.part]
	}
	return v.Code
}

// reference is the readable text beside a reference, "" where it cannot be known; or the unique attribute that stands
// for one, so that it imports into any workspace, the id where there is none.
func (w *flattening) reference(c *flatColumn, v *value.Value) string {
	a, beside := c.attr, c.part == besideName
	object, id := lookedUp(a, v)
	text, ok := "", false
	if id != "" && w.look != nil {
		text, ok = w.look(object, id)
	}
	switch {
	case ok && text != "" && !beside && a.Type == attio.TypeRecordReference && len(a.AllowedObjects) != 1:
		return object + ":" + text
	case ok && (text != "" || beside):
		return text
	case id == "" || beside && w.look == nil:
	case beside:
		w.warnOnce("some records of %s have no name that could be looked up", object)
	default:
		w.warnOnce("%s: some records of %s have no unique attribute that could be written; "+
			"their record ids are, which mean something in one workspace only", a.Slug, object)
	}
	if beside {
		return ""
	}
	return value.Format(a, v)
}

// warnOnce tells the caller once what it ought to know.
func (w *flattening) warnOnce(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if _, told := w.flat.warned.LoadOrStore(text, true); !told && w.warn != nil {
		w.warn(text)
	}
}
