package mapping

import (
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Encode appends the JSON object of values that a write of these fields sends: {"slug":…}. References must have their
// ids, and options that were missing must have been made (WithOptions). The shapes are the full ones of
// https://docs.attio.com/docs/attribute-types: a name has its three keys, a location its ten, an attribute of several
// values an array even for one; what is to be cleared is []. Fields of any object can be encoded, so those of a
// target to create as well.
func (p *Plan) Encode(dst []byte, fields []value.Field) []byte {
	dst = append(dst, '{')
	for i := range fields {
		f := &fields[i]
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(rawjson.AppendString(dst, f.Attr.Slug), ':')
		dst = value.AppendField(dst, f)
	}
	return append(dst, '}')
}
