package flat

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// The rules of the flat form, which import reads back unchanged:
//
//   - The columns come from the schema, never from the data: record_id, created_at and web_url, then each attribute's
//     in the schema's order (that an attribute is read only is no reason to leave it out; archived ones are).
//     record_id and created_at appear once, in front, and are the record's own.
//   - Several values share a cell, joined by ";", with \; and \\ inside them; only cells of several-valued attributes
//     are escaped.
//   - JSONL has the same names as keys: numbers and booleans as such, several values as an array, null for a single
//     value that is not set.
//   - A checkbox is never unset: false.
//   - A value of a kind that this version does not know stands in its cell as the JSON that came, without the
//     envelope.

// References says how references are written in an export.
type References string

// The forms of a reference.
const (
	ByID   References = "id"   // the record id
	ByKey  References = "key"  // the unique attribute of the target, which imports into any workspace
	ByName References = "name" // the id, and a readable column beside it
)

// Options shape the flat form of records.
type Options struct {
	// names of the header, "name.first_name"; an attribute of parts alone names all its parts; nil for all columns
	Columns     []string
	References  References
	Spreadsheet bool // make text cells that a spreadsheet would run as a formula harmless
}

// Flat flattens records of one object. It is safe for several goroutines.
type Flat struct {
	columns []flatColumn
	header  []string
	refs    References
	sheet   bool
	warned  sync.Map // of what warn was told already
}

// What a flatColumn holds of its attribute, where it is not a part.
const (
	wholeValue = -1 - iota
	besideName // the readable name beside a reference
)

type flatColumn struct {
	name string
	key  []byte // "name": as JSON
	attr *attio.Attribute
	part int
	own  func(*attio.Record) string // the record's own id, time or address, of no attribute
}

// New compiles the columns. The error is Problems, with the nearest names of unknown columns.
func New(s *attio.Schema, object string, o Options) (*Flat, error) {
	f := &Flat{refs: cmp.Or(o.References, ByID), sheet: o.Spreadsheet}
	obj, bad := problem.FindObject(s, object, "--object")
	if bad != nil {
		return nil, bad
	}
	all := flatColumns(obj)
	if o.Columns == nil {
		for _, c := range all {
			if c.part != besideName || f.refs == ByName {
				f.columns = append(f.columns, c)
			}
		}
	} else if err := f.choose(obj, all, o.Columns); err != nil {
		return nil, err
	}
	for i := range f.columns {
		c := &f.columns[i]
		c.key = append(rawjson.AppendString(nil, c.name), ':')
		f.header = append(f.header, c.name)
	}
	return f, nil
}

// flatColumns are all columns that an object has.
func flatColumns(o *attio.Object) []flatColumn {
	all := []flatColumn{{name: "record_id", own: func(r *attio.Record) string { return r.ID }},
		{name: "created_at", own: func(r *attio.Record) string { return r.CreatedAt }},
		{name: "web_url", own: func(r *attio.Record) string { return r.WebURL }}}
	for i := range o.Attributes {
		a := &o.Attributes[i]
		if a.Archived || a.Slug == "record_id" || a.Slug == "created_at" {
			continue
		}
		if value.HasWhole(a.Type) {
			all = append(all, flatColumn{name: a.Slug, attr: a, part: wholeValue})
		}
		if a.Type == attio.TypeRecordReference || a.Type == attio.TypeActorReference {
			all = append(all, flatColumn{name: a.Slug + ".name", attr: a, part: besideName})
		}
		for n, part := range value.Parts(a.Type) {
			all = append(all, flatColumn{name: a.Slug + "." + part, attr: a, part: n})
		}
	}
	return all
}

// choose takes the columns that were asked for, in this order.
func (f *Flat) choose(o *attio.Object, all []flatColumn, names []string) error {
	var problems problem.Problems
	known := make([]string, len(all))
	for i, c := range all {
		known[i] = c.name
	}
	for _, name := range names {
		var found []flatColumn
		for _, c := range all {
			if c.name == name || c.attr != nil && c.attr.Slug == name && c.part >= 0 && !value.HasWhole(c.attr.Type) {
				found = append(found, c)
			}
		}
		text := fmt.Sprintf("the column %q stands twice", name)
		switch {
		case len(found) == 0:
			end, _ := problem.Meant(name, known)
			text = fmt.Sprintf("%s has no column %q%s", o.Slug, name, end)
		case !slices.ContainsFunc(f.columns, func(c flatColumn) bool { return c.name == found[0].name }):
			f.columns = append(f.columns, found...)
			continue
		}
		problems = append(problems, problem.Problem{Where: "--columns", Text: text})
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// Header is the columns' names: record_id, created_at, web_url first. It is not to be changed.
func (f *Flat) Header() []string { return f.header }

// Lookup returns what stands for a record or member: key for ByKey, readable name for ByName; ok false when it cannot
// be known.
type Lookup func(object, id string) (text string, ok bool)

// Targets appends the references of a record that a Lookup will be asked for: object slug (or "workspace-member") and
// id. Nothing with ByID, unless a column such as company.name was asked for.
func (f *Flat) Targets(dst []value.Ref, r *attio.Record) []value.Ref {
	for i := range f.columns {
		c := &f.columns[i]
		if c.attr == nil || !f.looks(c) {
			continue
		}
		for _, v := range value.Decode(c.attr, r.Values[c.attr.Slug]) {
			if object, id := lookedUp(c.attr, &v); id != "" {
				dst = append(dst, value.Ref{Object: object, ID: id, Column: -1})
			}
		}
	}
	return dst
}

// looks reports whether a column's cells need a Lookup.
func (f *Flat) looks(c *flatColumn) bool {
	refers := c.attr.Type == attio.TypeRecordReference || c.attr.Type == attio.TypeActorReference
	return refers && (c.part == besideName || f.refs == ByKey)
}

// lookedUp is the object and id of a reference; no id for an actor that is not a workspace member.
func lookedUp(a *attio.Attribute, v *value.Value) (object, id string) {
	if a.Type == attio.TypeRecordReference && v.Ref != nil {
		return v.Ref.Object, v.Ref.ID
	}
	if value.IsUUID(v.Text) {
		return value.MemberType, v.Text
	}
	return "", ""
}
