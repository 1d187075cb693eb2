package mapping

import (
	"cmp"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Mode is which records a row may become.
type Mode string

// The modes.
const (
	Create Mode = "create"
	Upsert Mode = "upsert"
	Update Mode = "update"
)

// BindOptions are what the command line adds to a mapping file.
type BindOptions struct {
	Object string // "" for the mapping's, else users
	Match  string // "" for the mapping's, else the only unique attribute mapped
	Mode   Mode   // "" for create
	// IgnoreRest leaves out the columns that are neither mapped nor asked about, as ignore_rest: true does.
	IgnoreRest bool
}

// Plan is a bound mapping. It is read-only after Bind and safe for several goroutines.
type Plan struct {
	File   *mapfile.File // what was bound, also where it was made from the headers
	Object *attio.Object
	Schema *attio.Schema
	Mode   Mode
	Match  *attio.Attribute   // for upsert and update by attribute; nil where rows are found by record_id alone
	Unique []*attio.Attribute // the unique attributes that the plan fills, in schema order
	Notes  []string           // decisions to print once: columns left out, the zone of times

	id       *column  // the record_id column; nil where there is none or it is left out
	entries  []*entry // what fills each attribute, in the mapping file's order
	required []*attio.Attribute
	columns  []string
	ignored  []bool // by column: it is left out on purpose
	sheet    bool   // cells carry the prefix of an export for spreadsheets
}

// Record is a row's content as values of attributes.
type Record struct {
	Row    *Row
	ID     string        // of the record_id cell; "" where there is none
	Fields []value.Field // the attributes that the row speaks of, in the plan's order; empty: the row is skipped
	// Dropped are the cells that were refused and left out because the mapping says on_error: drop, or missing: blank of
	// options.
	Dropped []*CellError
}

// WithOptions returns a plan that knows further options or statuses of an attribute (one of the plan's object, or of
// a target that the plan may create), after they were created for `missing: create`. The plan itself stays as it is.
// Rows that had a value with Missing are to be read again with the new plan, which then finds it.
func (p *Plan) WithOptions(a *attio.Attribute, options ...attio.Option) *Plan {
	q := *p
	q.entries = withOptions(p.entries, a, options)
	return &q
}

func withOptions(entries []*entry, a *attio.Attribute, options []attio.Option) []*entry {
	out := make([]*entry, len(entries))
	for i, e := range entries {
		changed := *e
		changed.fill = withOptions(e.fill, a, options)
		if e.attr == a && e.whole != nil && e.whole.Options != nil {
			whole := *e.whole
			whole.Options = e.whole.Options.With(options)
			changed.whole = &whole
		}
		out[i] = &changed
	}
	return out
}

// NearestOptions are up to three titles of options most like one that does not exist, best first.
func NearestOptions(a *attio.Attribute, title string) []string {
	return value.NewOptions(a.Options).Nearest(title)
}

// Creates reports whether some column has what is missing created: a target or an option.
func (p *Plan) Creates() bool {
	return slices.ContainsFunc(
		p.entries, func(e *entry) bool { return e.whole != nil && e.whole.Missing == value.MissingCreate })
}

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

// Ignored reports whether a column, from 0, is left out on purpose.
func (p *Plan) Ignored(column int) bool { return column < len(p.ignored) && p.ignored[column] }
