package mapping

// Encode appends the JSON object of values that a write of these fields sends: {"slug":…}. References must have their ids, and options
// that were missing must have been made (WithOptions). The shapes are the full ones of https://docs.attio.com/docs/attribute-types: a name
// has its three keys, a location its ten, an attribute of several values an array even for one; what is to be cleared is [].
// Fields of any object can be encoded, so those of a target to create as well.
func (p *Plan) Encode(dst []byte, fields []Field) []byte {
	dst = append(dst, '{')
	for i := range fields {
		f := &fields[i]
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(quote(dst, f.Attr.Slug), ':')
		dst = encodeField(dst, f)
	}
	return append(dst, '}')
}

func encodeField(dst []byte, f *Field) []byte {
	c := codecs[f.Attr.Type]
	if f.Clear || len(f.Values) == 0 || divided(f.Attr.Type) && blankParts(&f.Values[0]) {
		return append(dst, "[]"...)
	}
	if !f.Attr.Multi {
		return c.encode(dst, &f.Values[0])
	}
	dst = append(dst, '[')
	for i := range f.Values {
		if has(f, f.Values[:i], &f.Values[i]) { // two keys can lead to one target
			continue
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = c.encode(dst, &f.Values[i])
	}
	return append(dst, ']')
}

// has says whether values hold one that is the same to Attio.
func has(f *Field, values []Value, v *Value) bool {
	for i := range values {
		if Same(f.Attr, &values[i], v) {
			return true
		}
	}
	return false
}

// blankParts says whether a name or location has nothing in it.
func blankParts(v *Value) bool {
	for _, p := range v.Parts {
		if p != "" {
			return false
		}
	}
	return true
}
