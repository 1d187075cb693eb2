// Package mapping turns rows into Attio values and Attio values into rows: a mapping file bound to a schema makes a Plan, and one table of
// codecs, one for each attribute type, serves both directions. It does no I/O.
package mapping

import (
	"github.com/attio-bulk/attio-bulk/attio"
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
}

// Plan is a bound mapping. It is read-only after Bind and safe for several goroutines.
type Plan struct {
	File   *File // what was bound, also where it was made from the headers
	Object *attio.Object
	Schema *attio.Schema
	Mode   Mode
	Match  *attio.Attribute   // for upsert and update by attribute; nil where rows are found by record_id alone
	Unique []*attio.Attribute // the unique attributes that the plan fills, in schema order
	Notes  []string           // decisions to print once: columns left out, the zone of times

	id       *source  // the record_id column; nil where there is none or it is left out
	entries  []*entry // what fills each attribute, in the mapping file's order
	required []*attio.Attribute
	columns  []string
	sheet    bool // cells carry the prefix of an export for spreadsheets
}

// Record is a row's content as values of attributes.
type Record struct {
	Row    *Row
	ID     string  // of the record_id cell; "" where there is none
	Fields []Field // the attributes that the row speaks of, in the plan's order; empty: the row is skipped
	// Dropped are the cells that were refused and left out because the mapping says on_error: drop, or missing: blank of options.
	Dropped []*CellError
}

// Field is what a row says of one attribute.
type Field struct {
	Attr    *attio.Attribute
	Columns []int   // the input's columns that it came from, from 0; none for a constant. Shared by all rows: not to be changed
	Values  []Value // in the order of the row, without repeats; empty only with Clear
	Clear   bool    // the attribute is to be emptied
	Replace bool    // on update, several values replace those that are there; else they are added
	Parts   uint16  // of a name or a location: bit i is set when the row fills part i; 0 elsewhere
}

// Value is one value in the normal form of its attribute's type: two values are the same to Attio when Same says so.
type Value struct {
	Text  string   // the normal form: text, exact decimal, ISO date, lower-case e-mail, E.164 number, option title, member id, …
	Orig  string   // as written in the cell, for e-mail, domain, phone and number; "" where it is the same as Text
	ID    string   // of an option or status; "" where it is to be created first
	Code  string   // the currency of an amount, the country of a phone number
	Parts []string // of a personal name, a location or an interaction, in the order of its parts
	Ref   *Ref     // of a record reference
	// Missing: the option or status Text does not exist, and the mapping says missing: create. Make it, and read the row again with
	// the plan that WithOptions answers.
	Missing bool
	// Raw is the JSON of a record's value in a form that this version does not know, without its envelope; else "". Nothing else is known of
	// such a value: it is the same as no other, and cannot be written.
	Raw string
}

// Missing is what becomes of a target or option that does not exist.
type Missing string

// What a mapping can say of what is missing.
const (
	MissingReject Missing = "reject" // the row is rejected; also the meaning of ""
	MissingCreate Missing = "create" // it is created first
	MissingBlank  Missing = "blank"  // the value is left out
)

// Ref is a reference to a record, by id or by a unique attribute of the target.
type Ref struct {
	Object string // the target object's slug
	ID     string // record id; "" until somebody looked the key up
	Attr   string // unique attribute of the target that Key belongs to; "" when the cell held the id
	Key    string // its value in normal form
	// OrAttr and OrKey are Attr and Key for a cell that reads as a record id, where no record has that id: keys of users and of workspaces often
	// look like ids. "" where the cell can only be an id.
	OrAttr, OrKey string
	Column        int // the input's column it came from, for messages; -1 for a constant
	// Missing says what to do where no record has the key. Never "" for a reference read from a row.
	Missing Missing
	// Fill are further values of a target that has to be created, from columns such as company.description. TargetFields adds the key.
	Fill []Field
}

// Same says whether two values of an attribute are the same to Attio: e-mail addresses and domains without regard to case, numbers by
// value, times by instant, options and targets by id, text exactly.
func Same(a *attio.Attribute, x, y *Value) bool {
	c := codecs[a.Type]
	if x.Raw != "" || y.Raw != "" {
		return x.Raw == y.Raw
	}
	if c == nil || c.same == nil {
		return x.Text == y.Text
	}
	return c.same(x, y)
}
