package mapping

import (
	"cmp"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
)

// Key is a value of a unique attribute, in the form in which Attio compares it.
type Key struct {
	Attr *attio.Attribute
	Norm string // equal for values that Attio takes for the same: e-mail and domain in lower case, text exactly
	Text string // as in the file, for reports
}

// Keys appends the record's values of unique attributes.
func (p *Plan) Keys(dst []Key, rec *Record) []Key {
	for i := range rec.Fields {
		f := &rec.Fields[i]
		if !f.Attr.Unique || !slices.Contains(p.Unique, f.Attr) {
			continue
		}
		for j := range f.Values {
			v := &f.Values[j]
			dst = append(dst, Key{Attr: f.Attr, Norm: v.Text, Text: cmp.Or(v.Orig, v.Text)})
		}
	}
	return dst
}
