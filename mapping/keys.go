package mapping

import (
	"encoding/json"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
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
			k := Key{Attr: f.Attr, Norm: v.Text, Text: v.Orig}
			if k.Text == "" {
				k.Text = v.Text
			}
			dst = append(dst, k)
		}
	}
	return dst
}

// KeysOf appends the values of a unique attribute that an existing record has, in the form of Key.Norm.
func KeysOf(dst []string, a *attio.Attribute, r *attio.Record) []string {
	c := codecs[a.Type]
	if a.Slug == "record_id" {
		return append(dst, r.ID)
	}
	if c == nil {
		return dst
	}
	for raw := range rawjson.Elements(r.Values[a.Slug]) {
		var v Value
		if c.decode(a, raw, &v) {
			dst = append(dst, unixLines(v.Text))
		}
	}
	return dst
}

// filterFields are the fields by which values of a type are found: https://docs.attio.com/rest-api/guides/filtering-and-sorting.
var filterFields = map[attio.Type]string{
	attio.TypeText: "value", attio.TypeNumber: "value", attio.TypeCurrency: "currency_value", attio.TypeRating: "value", attio.TypeDate: "value", attio.TypeTimestamp: "value",
	attio.TypeDomain: "domain", attio.TypeEmailAddress: "email_address", attio.TypePhoneNumber: "phone_number",
}

// KeyFilter is the query filter that finds the records holding any of these keys of one attribute ($in where Attio knows it for the type,
// else $or). It may find more: texts are compared by Attio without regard to case, so compare again with KeysOf. Without keys it is nil,
// which as a filter would find everything: ask nothing then.
func KeyFilter(a *attio.Attribute, norms []string) json.RawMessage {
	if len(norms) == 0 {
		return nil
	}
	var dst []byte
	if a.Type == attio.TypeText {
		dst = append(quote(append(dst, '{'), a.Slug), `:{"$in":[`...)
		for i, n := range norms {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = quote(dst, n)
		}
		return append(dst, "]}}"...)
	}
	if len(norms) == 1 {
		return condition(dst, a, norms[0])
	}
	dst = append(dst, `{"$or":[`...)
	for i, n := range norms {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = condition(dst, a, n)
	}
	return append(dst, "]}"...)
}

// condition appends {"slug":{"field":{"$eq":…}}}.
func condition(dst []byte, a *attio.Attribute, norm string) []byte {
	dst = append(quote(append(dst, '{'), a.Slug), ":{"...)
	dst = append(quote(dst, filterFields[a.Type]), `:{"$eq":`...)
	if codecs[a.Type].bare {
		dst = append(dst, norm...)
	} else {
		dst = quote(dst, norm)
	}
	return append(dst, "}}}"...)
}
