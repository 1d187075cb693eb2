package value

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
)

// Field is what a row says of one attribute.
type Field struct {
	Attr *attio.Attribute
	// the input's columns that it came from, from 0; none for a constant. Shared by all rows: not to be changed
	Columns []int
	Values  []Value // in the order of the row, without repeats; empty only with Clear
	Clear   bool    // the attribute is to be emptied
	Replace bool    // on update, several values replace those that are there; else they are added
	Parts   uint16  // of a name or a location: bit i is set when the row fills part i; 0 elsewhere
}

// FieldOf is the field whose writing gives an attribute the values that a record had: raw is the array of values as
// the API answered it. An empty array clears. References and options stand by their ids. A value in a form that this
// version does not know is an error, since to write the others would remove it.
func FieldOf(a *attio.Attribute, raw json.RawMessage) (Field, error) {
	f := Field{Attr: a, Replace: true, Values: Decode(a, raw)}
	if HasOdd(f.Values) {
		return Field{}, fmt.Errorf("%s holds a value in a form that this version does not know", a.Slug)
	}
	if f.Clear = len(f.Values) == 0; !f.Clear && Divided(a.Type) {
		f.Parts = 1<<len(Parts(a.Type)) - 1
	}
	return f, nil
}

// AppendField appends what a write of a field sends: the value, an array of several, or [] to clear.
func AppendField(dst []byte, f *Field) []byte {
	c := codecs[f.Attr.Type]
	if f.Clear || len(f.Values) == 0 || Divided(f.Attr.Type) && BlankParts(&f.Values[0]) {
		return append(dst, "[]"...)
	}
	if !f.Attr.Multi {
		return c.encode(dst, &f.Values[0])
	}
	dst = append(dst, '[')
	for i := range f.Values {
		if Has(f, f.Values[:i], &f.Values[i]) { // two keys can lead to one target
			continue
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = c.encode(dst, &f.Values[i])
	}
	return append(dst, ']')
}

// Has reports whether values hold one that is the same to Attio.
func Has(f *Field, values []Value, v *Value) bool {
	for i := range values {
		if Same(f.Attr, &values[i], v) {
			return true
		}
	}
	return false
}

// BlankParts reports whether a name or location has nothing in it.
func BlankParts(v *Value) bool {
	return !slices.ContainsFunc(v.Parts, func(p string) bool { return p != "" })
}

// HeldArchived says of an option or status among the values that it is archived, for a sentence: `tier was "Legacy",
// an option that is archived now`; "" where none is. Nobody can write such a field.
func (f *Field) HeldArchived() string {
	i := slices.IndexFunc(f.Values, func(v Value) bool { return IsArchived(f.Attr, &v) })
	if i < 0 {
		return ""
	}
	verb, word := "was", "an option"
	if f.Attr.Multi {
		verb = "held"
	}
	if f.Attr.Type == attio.TypeStatus {
		word = "a status"
	}
	return fmt.Sprintf("%s %s %q, %s that is archived now", f.Attr.Slug, verb, f.Values[i].Text, word)
}
