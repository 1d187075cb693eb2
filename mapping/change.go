package mapping

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
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
	// Refused are archived options that a write would have to hold, and attributes of which a write would remove a value that this version
	// cannot read: then nothing is to be sent.
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
		if f.Attr.Type == attio.TypeCheckbox && len(had) == 0 { // one that was never set is not checked
			had = []Value{{Text: "false"}}
		}
		var keep []Value
		n := len(c.Fields)
		switch add := f.Attr.Multi && !f.Replace && !f.Clear; {
		case !add && hasOdd(had):
			c.differ(f, f.Values, had)
			c.Refused = append(c.Refused, p.oddCell(rec, f.Attr))
		case f.Clear:
			c.clear(f, had)
		case divided(f.Attr.Type):
			c.parts(f, had)
		case add:
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
		c.final(p, rec, added)
	}
	fields, refused := p.writable(rec, c.Fields)
	c.Fields, c.Refused = fields, append(c.Refused, refused...)
	return c
}

// final completes the fields that are added to by the values that the record has, for a PUT.
func (c *Change) final(p *Plan, rec *Record, added [][]Value) {
	var fields []Field
	for i, f := range c.Fields {
		if hasOdd(added[i]) {
			c.Refused = append(c.Refused, p.oddCell(rec, f.Attr))
			continue
		}
		f.Values = slices.Concat(f.Values, added[i])
		fields = append(fields, f)
	}
	c.Fields = fields
}

// oddCell refuses to write an attribute where that would remove a value that cannot be read.
func (p *Plan) oddCell(rec *Record, a *attio.Attribute) *CellError {
	e := &CellError{Code: codeOdd, Message: fmt.Sprintf("the record's %s holds a value in a form that this version does not know, and the write would remove it", a.Slug),
		Accepted: "a record without such a value, or a newer version of this program"}
	p.locate(e, rec, a)
	return e
}

// decodeAll reads the values of an attribute. One in a form that is not known has nothing but its Raw.
func decodeAll(a *attio.Attribute, raw []byte) []Value {
	if len(raw) > 0 && raw[0] != '[' && string(raw) != "null" {
		return []Value{{Raw: string(raw)}}
	}
	var all []Value
	for one := range rawjson.Elements(raw) {
		all = append(all, Value{})
		decodeValue(a, one, &all[len(all)-1])
	}
	return all
}

// decodeValue reads one value, or keeps its JSON where its form is not known.
func decodeValue(a *attio.Attribute, raw []byte, v *Value) {
	if c := codecs[a.Type]; c == nil || !c.decode(a, raw, v) {
		*v = Value{Raw: string(stripEnvelope(nil, raw))}
	}
}

func hasOdd(values []Value) bool {
	return slices.ContainsFunc(values, func(v Value) bool { return v.Raw != "" })
}

// stripEnvelope appends a value without the keys that surround every value.
func stripEnvelope(dst, raw []byte) []byte {
	if len(raw) == 0 || raw[0] != '{' {
		return append(dst, raw...)
	}
	dst = append(dst, '{')
	first := true
	for key, value := range rawjson.Members(raw) {
		if strings.Contains(" active_from active_until created_by_actor attribute_type ", " "+key+" ") {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(append(quote(dst, key), ':'), value...)
	}
	return append(dst, '}')
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
	if f.Attr.Type == attio.TypePersonalName {
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
			if a.Type == attio.TypeCheckbox {
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
	if v.Raw != "" {
		return append(dst, v.Raw...)
	}
	if c.bare {
		return append(dst, v.Text...)
	}
	return quote(dst, c.format(a, v))
}
