package mapping

import (
	"encoding/json"

	"github.com/attio-bulk/attio-bulk/attio"
)

// Change is what has to be sent, if anything, to make an existing record agree with a row.
type Change struct {
	// Fields are the attributes that differ with what a write must send: the values to add, or with Overwrite the final values of each
	// attribute named (parts that the file does not fill taken from the record). Empty: the record agrees already.
	Fields []Field
	// Overwrite: some field is to be cleared or replaced, so PUT of the final values is needed; else PATCH.
	Overwrite bool
	// Differences are the mapped attributes in which row and record differ, also where nothing would be removed.
	Differences []Difference
	// Refused are archived options that a write would have to hold: then nothing is to be sent.
	Refused []*CellError
}

// Difference is one attribute in which a row and a record differ, both sides as JSON in the flat form of an export. Of names and
// locations each part stands for itself, under the name of its column: name.first_name.
type Difference struct {
	Slug  string
	File  json.RawMessage
	Attio json.RawMessage
}

// Change compares a record's fields with the record as it is in Attio. References must have their ids.
// What the row does not speak of, and the parts of a name or location that it does not fill, are not compared. Several values are compared
// as sets; where they are added, values that only the record has make a Difference, and nothing to send.
func (p *Plan) Change(rec *Record, cur *attio.Record) Change {
	var c Change
	added := make([][]Value, 0, len(rec.Fields)) // beside c.Fields: what the record had, of attributes that are added to
	for i := range rec.Fields {
		f := &rec.Fields[i]
		had := decodeAll(f.Attr, cur.Values[f.Attr.Slug])
		if f.Attr.Type == attio.Checkbox && len(had) == 0 { // one that was never set is not checked
			had = []Value{{Text: "false"}}
		}
		var keep []Value
		n := len(c.Fields)
		switch {
		case f.Clear:
			c.clear(f, had)
		case divided(f.Attr.Type):
			c.parts(f, had)
		case f.Attr.Multi && !f.Replace:
			c.add(f, had)
			keep = had
		default:
			c.set(f, had)
		}
		if len(c.Fields) > n {
			added = append(added, keep)
		}
	}
	if c.Overwrite {
		for i := range c.Fields {
			f := &c.Fields[i]
			f.Values = append(f.Values[:len(f.Values):len(f.Values)], added[i]...)
		}
	}
	c.Fields, c.Refused = p.writable(rec, c.Fields)
	return c
}

// decodeAll reads the values of an attribute; one of a shape that is not known is left out, and so seen as different.
func decodeAll(a *attio.Attribute, raw []byte) []Value {
	c := codecs[a.Type]
	if c == nil {
		return nil
	}
	var all []Value
	for one := range attio.Elements(raw) {
		var v Value
		if c.decode(a, one, &v) {
			all = append(all, v)
		}
	}
	return all
}

func (c *Change) clear(f *Field, had []Value) {
	if len(had) == 0 {
		return
	}
	c.Fields, c.Overwrite = append(c.Fields, *f), true
	c.differ(f, nil, had)
}

// set compares the final values of an attribute: the one, or all of them where they replace.
func (c *Change) set(f *Field, had []Value) {
	if len(missing(f, f.Values, had)) == 0 && len(missing(f, had, f.Values)) == 0 {
		return
	}
	c.Fields = append(c.Fields, *f)
	c.Overwrite = c.Overwrite || f.Attr.Multi
	c.differ(f, f.Values, had)
}

// add compares several values that are added to those there are.
func (c *Change) add(f *Field, had []Value) {
	extra := missing(f, f.Values, had)
	if len(extra) > 0 {
		g := *f
		g.Values = extra
		c.Fields = append(c.Fields, g)
	}
	if len(extra) > 0 || len(missing(f, had, f.Values)) > 0 {
		c.differ(f, f.Values, had)
	}
}

// missing are the values that others do not hold, each once.
func missing(f *Field, values, others []Value) []Value {
	var out []Value
	for i := range values {
		if v := &values[i]; !has(f, others, v) && !has(f, out, v) {
			out = append(out, *v)
		}
	}
	return out
}

// parts compares a name or location by the parts that the row fills; what is sent has the record's other parts.
func (c *Change) parts(f *Field, had []Value) {
	names := codecs[f.Attr.Type].parts
	now := Value{Parts: make([]string, len(names))}
	if len(had) > 0 {
		copy(now.Parts, had[0].Parts)
	}
	final := Value{Parts: append([]string(nil), now.Parts...)}
	differs := false
	for i, name := range names {
		want := f.Values[0].Parts[i]
		if f.Parts&(1<<i) == 0 || trim(unixLines(want)) == trim(unixLines(now.Parts[i])) {
			continue
		}
		differs, final.Parts[i] = true, want
		c.Differences = append(c.Differences, Difference{f.Attr.Slug + "." + name, quoteOrNull(nil, want), quoteOrNull(nil, now.Parts[i])})
	}
	if !differs {
		return
	}
	if f.Attr.Type == attio.PersonalName {
		if f.Parts == 1<<fullName && f.Values[0].Parts[firstName] != "" { // the row says only the full name: it divides the new one
			final = f.Values[0]
		} else if f.Parts&(1<<fullName) == 0 {
			final.Parts[fullName] = joinName(final.Parts[firstName], final.Parts[lastName])
		}
		final.Text = final.Parts[fullName]
	}
	g := *f
	g.Values = []Value{final}
	if g.Clear = blankParts(&final); g.Clear {
		g.Values, c.Overwrite = nil, true
	}
	c.Fields = append(c.Fields, g)
}

func (c *Change) differ(f *Field, file, attio []Value) {
	c.Differences = append(c.Differences, Difference{f.Attr.Slug, flatJSON(nil, f.Attr, file), flatJSON(nil, f.Attr, attio)})
}

// flatJSON appends values as an export in JSONL writes the attribute's column: an array of several, null for a single one that is not set.
func flatJSON(dst []byte, a *attio.Attribute, values []Value) []byte {
	c := codecs[a.Type]
	if !a.Multi {
		if len(values) == 0 {
			if a.Type == attio.Checkbox {
				return append(dst, "false"...)
			}
			return append(dst, "null"...)
		}
		return flatValue(dst, c, a, &values[0])
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
	if c.bare {
		return append(dst, v.Text...)
	}
	return quote(dst, c.format(a, v))
}
