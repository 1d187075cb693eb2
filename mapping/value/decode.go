package value

import (
	"cmp"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// Decode reads the values of an attribute. One in a form that is not known has nothing but its Raw.
func Decode(a *attio.Attribute, raw []byte) []Value {
	if len(raw) > 0 && raw[0] != '[' && string(raw) != "null" {
		return []Value{{Raw: string(raw)}}
	}
	var all []Value
	for one := range rawjson.Elements(raw) {
		all = append(all, Value{})
		DecodeOne(a, one, &all[len(all)-1])
	}
	return all
}

// DecodeOne reads one value, or keeps its JSON where its form is not known.
func DecodeOne(a *attio.Attribute, raw []byte, v *Value) {
	if c := codecs[a.Type]; c == nil || !c.decode(a, raw, v) {
		*v = Value{Raw: string(stripEnvelope(raw))}
	}
}

// HasOdd reports whether a value among these has a form that this version does not know.
func HasOdd(values []Value) bool {
	return slices.ContainsFunc(values, func(v Value) bool { return v.Raw != "" })
}

// stripEnvelope is a value without the keys that surround every value.
func stripEnvelope(raw []byte) []byte {
	if len(raw) == 0 || raw[0] != '{' {
		return raw
	}
	dst := []byte{'{'}
	for key, value := range rawjson.Members(raw) {
		if strings.Contains(" active_from active_until created_by_actor attribute_type ", " "+key+" ") {
			continue
		}
		if len(dst) > 1 {
			dst = append(dst, ',')
		}
		dst = append(append(Quote(dst, key), ':'), value...)
	}
	return append(dst, '}')
}

// AppendFlat appends values as an export in JSONL writes the attribute's column: an array of several, null for a
// single one that is not set.
func AppendFlat(dst []byte, a *attio.Attribute, values []Value) []byte {
	c := codecs[a.Type]
	if !a.Multi {
		switch {
		case len(values) > 0:
			return flatValue(dst, c, a, &values[0])
		case a.Type == attio.TypeCheckbox:
			return append(dst, "false"...)
		}
		return append(dst, "null"...)
	}
	dst = append(dst, '[')
	for i := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = flatValue(dst, c, a, &values[i])
	}
	return append(dst, ']')
}

func flatValue(dst []byte, c *codec, a *attio.Attribute, v *Value) []byte {
	if v.Raw != "" || c.bare {
		return append(dst, cmp.Or(v.Raw, v.Text)...)
	}
	return Quote(dst, Format(a, v))
}

// memberText is the text of one member of an object; "" where it is missing or null.
func memberText(raw []byte, name string) string {
	text, _ := rawjson.Unquote(rawjson.Member(raw, name))
	return text
}

// Quote appends text as a JSON string. Bytes that are not UTF-8 were refused when the cell was read.
func Quote(dst []byte, text string) []byte { return rawjson.AppendString(dst, text) }

// AppendOrNull appends text as a JSON string, or null where it is empty.
func AppendOrNull(dst []byte, text string) []byte {
	if text == "" {
		return append(dst, "null"...)
	}
	return Quote(dst, text)
}
