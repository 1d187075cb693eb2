package mapping

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Change is what has to be sent, if anything, to make an existing record agree with a row.
type Change struct {
	// Fields are the attributes that differ with what a write must send: the values to add, or with Overwrite the final
	// values of each attribute named (parts that the file does not fill taken from the record). Empty: the record agrees
	// already.
	Fields []value.Field
	// Overwrite: some field is to be cleared or replaced, so PUT of the final values is needed; else PATCH.
	Overwrite bool
	// Differences are the mapped attributes in which row and record differ, also where nothing would be removed.
	Differences []Difference
	// Refused are archived options that a write would have to hold, and attributes of which a write would remove a value
	// that this version cannot read: then nothing is to be sent.
	Refused []*CellError
}

// Difference is one attribute in which a row and a record differ, both sides as JSON in the flat form of an export.
// Of names and locations each part stands for itself, under the name of its column: name.first_name.
type Difference struct {
	Slug  string
	File  json.RawMessage
	Attio json.RawMessage
}

// Change compares a record's fields with the record as it is in Attio. References must have their ids. What the row
// does not speak of, and the parts of a name or location that it does not fill, are not compared. Several values are
// compared as sets; where they are added, values that only the record has make a Difference, and nothing to send.
func (p *Plan) Change(rec *Record, cur *attio.Record) Change {
	var c Change
	for i := range rec.Fields {
		f := &rec.Fields[i]
		had := value.Decode(f.Attr, cur.Values[f.Attr.Slug])
		if f.Attr.Type == attio.TypeCheckbox && len(had) == 0 { // one that was never set is not checked
			had = []value.Value{{Text: "false"}}
		}
		switch {
		case !adds(f) && value.HasOdd(had):
			c.differ(f, f.Values, had)
			c.Refused = append(c.Refused, p.oddCell(rec, f.Attr))
		case value.Divided(f.Attr.Type) && !f.Clear:
			c.parts(f, had)
		default:
			c.values(f, had)
		}
	}
	if c.Overwrite {
		c.final(p, rec, cur)
	}
	fields, refused := p.writable(rec, c.Fields)
	c.Fields, c.Refused = fields, append(c.Refused, refused...)
	return c
}

// adds reports whether a field's values are added to those of the record.
func adds(f *value.Field) bool {
	return f.Attr.Multi && !f.Replace && !f.Clear && !value.Divided(f.Attr.Type)
}

// final completes the fields that are added to by the values that the record has, for a PUT.
func (c *Change) final(p *Plan, rec *Record, cur *attio.Record) {
	var fields []value.Field
	for _, f := range c.Fields {
		if adds(&f) {
			had := value.Decode(f.Attr, cur.Values[f.Attr.Slug])
			if value.HasOdd(had) {
				c.Refused = append(c.Refused, p.oddCell(rec, f.Attr))
				continue
			}
			f.Values = slices.Concat(f.Values, had)
		}
		fields = append(fields, f)
	}
	c.Fields = fields
}

// oddCell refuses to write an attribute where that would remove a value that cannot be read.
func (p *Plan) oddCell(rec *Record, a *attio.Attribute) *CellError {
	return p.cellError(rec, a, value.CodeOdd,
		fmt.Sprintf("the record's %s holds a value in a form that this version does not know, and the write would remove it",
			a.Slug),
		"a record without such a value, or a newer version of this program")
}

// values compares whole values as sets: what is added, or the final ones where they replace or clear.
func (c *Change) values(f *value.Field, had []value.Value) {
	extra := missing(f, f.Values, had)
	if len(extra) == 0 && len(missing(f, had, f.Values)) == 0 {
		return
	}
	c.differ(f, f.Values, had)
	g := *f
	if adds(f) {
		g.Values = extra
	} else {
		c.Overwrite = c.Overwrite || f.Clear || f.Attr.Multi
	}
	if !adds(f) || len(extra) > 0 {
		c.Fields = append(c.Fields, g)
	}
}

// missing are the values that others do not hold, each once.
func missing(f *value.Field, values, others []value.Value) []value.Value {
	var out []value.Value
	for i := range values {
		if v := &values[i]; !value.Has(f, others, v) && !value.Has(f, out, v) {
			out = append(out, *v)
		}
	}
	return out
}

// parts compares a name or location by the parts that the row fills; what is sent has the record's other parts.
func (c *Change) parts(f *value.Field, had []value.Value) {
	names := value.Parts(f.Attr.Type)
	now := value.Value{Parts: make([]string, len(names))}
	if len(had) > 0 {
		copy(now.Parts, had[0].Parts)
	}
	final := value.Value{Parts: slices.Clone(now.Parts)}
	before := len(c.Differences)
	for i, name := range names {
		said, has := f.Values[0].Parts[i], now.Parts[i]
		if f.Parts&(1<<i) == 0 || value.Trim(value.UnixLines(said)) == value.Trim(value.UnixLines(has)) {
			continue
		}
		final.Parts[i] = said
		c.Differences = append(c.Differences,
			Difference{f.Attr.Slug + "." + name, value.AppendOrNull(nil, said), value.AppendOrNull(nil, has)})
	}
	if len(c.Differences) == before {
		return
	}
	if f.Attr.Type == attio.TypePersonalName {
		if f.Parts == 1<<value.FullName && f.Values[0].Parts[value.FirstName] != "" {
			final = f.Values[0] // the row says only the full name: it divides the new one
		} else if f.Parts&(1<<value.FullName) == 0 {
			final.Parts[value.FullName] = value.JoinName(final.Parts[value.FirstName], final.Parts[value.LastName])
		}
		final.Text = final.Parts[value.FullName]
	}
	g := *f
	g.Values = []value.Value{final}
	if g.Clear = value.BlankParts(&final); g.Clear {
		g.Values, c.Overwrite = nil, true
	}
	c.Fields = append(c.Fields, g)
}

func (c *Change) differ(f *value.Field, file, attio []value.Value) {
	c.Differences = append(c.Differences,
		Difference{f.Attr.Slug, value.AppendFlat(nil, f.Attr, file), value.AppendFlat(nil, f.Attr, attio)})
}
