// Package mapping turns rows into Attio values and Attio values into rows: a mapping file bound to a schema makes a Plan, and one table of
// codecs, one for each attribute type, serves both directions. It does no I/O.
package mapping

import (
	"encoding/json"

	"github.com/attio-bulk/attio-bulk/attio"
)

// Mode is which records a row may become.
type Mode string

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

// File is a mapping file, or what takes its place when headers are matched without one.
type File struct{}

// Parse reads a mapping file strictly; name is for messages. The error shows the offending lines.
func Parse(name string, text []byte) (*File, error) { panic("contract") }

// YAML writes the file in its canonical form, from which Parse makes the same plan again. Its hash identifies a run's mapping.
func (f *File) YAML() []byte { panic("contract") }

// Bind checks a mapping file against the input's columns and the schema, and compiles it. f may be nil: then headers are matched to attributes.
// The error is Problems: everything that is wrong, at once, each with where it stands and the nearest names.
func Bind(f *File, in Input, s *attio.Schema, o BindOptions) (*Plan, error) { panic("contract") }

// Problems are all the reasons why a mapping cannot be bound.
type Problems []Problem

// Problem is one of them.
type Problem struct {
	Where string   // "users.yaml:7:3", or `users.csv: column "E-mail"`
	Text  string   // "no attribute of users is called \"emial\""
	Hint  []string // lines to add or change in the mapping file, ready to paste
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
}

// Record is a row's content as values of attributes.
type Record struct {
	Row    *Row
	ID     string  // of the record_id cell; "" where there is none
	Fields []Field // the attributes that the row speaks of, in the plan's order; empty: the row is skipped
}

// Field is what a row says of one attribute.
type Field struct {
	Attr    *attio.Attribute
	Columns []int   // the input's columns that it came from, from 0; none for a constant
	Values  []Value // in the order of the row, without repeats; empty only with Clear
	Clear   bool    // the attribute is to be emptied
	Replace bool    // on update, several values replace those that are there; else they are added
	Parts   uint16  // of a name or a location: bit i is set when the row fills part i; 0 elsewhere
}

// Value is one value in the normal form of its attribute's type: two values are the same to Attio when Same says so.
type Value struct {
	Text  string   // the normal form: text, exact decimal, ISO date, lower-case e-mail, E.164 number, option title, member id, …
	Orig  string   // as written, where Attio keeps that beside it (e-mail, phone)
	Parts []string // of a personal name or a location, in the order of its parts
	Ref   *Ref     // of a record reference
}

// Ref is a reference to a record, by id or by a unique attribute of the target.
type Ref struct {
	Object string // the target object's slug
	ID     string // record id; "" until somebody looked the key up
	Attr   string // unique attribute of the target that Key belongs to; "" when the cell held the id
	Key    string // its value in normal form
	Column int    // the input's column it came from, for messages; -1 for a constant
}

// Key is a value of a unique attribute, in the form in which Attio compares it.
type Key struct {
	Attr *attio.Attribute
	Norm string // equal for values that Attio takes for the same: e-mail and domain in lower case, text exactly
	Text string // as in the file, for reports
}

// Values converts a row into rec, whose storage it reuses. Every cell that is refused gives a CellError; the record is then not to be sent.
func (p *Plan) Values(row *Row, rec *Record) []*CellError { panic("contract") }

// CellError is a refused cell.
type CellError struct {
	Code     string // stable, such as VAL021
	Line     int
	Column   int    // position in the line, as in Cell
	Index    int    // the input's column, from 0
	Header   string // the column's header
	Value    string // the cell as it is
	From, To int    // the offending bytes of Value; both 0 for the whole cell
	Message  string // "\"ada@\" is not an e-mail address"
	Accepted string // what would be accepted: "an address such as ada@example.com"
	Fix      string // the one mapping line to add or change; "" where there is none
}

// Encode appends the JSON object of values that a write of these fields sends: {"slug":…}. References must have their ids.
func (p *Plan) Encode(dst []byte, fields []Field) []byte { panic("contract") }

// Keys appends the record's values of unique attributes.
func (p *Plan) Keys(dst []Key, rec *Record) []Key { panic("contract") }

// KeysOf appends the values of a unique attribute that an existing record has, in the form of Key.Norm.
func KeysOf(dst []string, a *attio.Attribute, r *attio.Record) []string { panic("contract") }

// KeyFilter is the query filter that finds the records holding any of these keys of one attribute ($in where Attio knows it for the type, else $or).
// It may find more: texts are compared by Attio without regard to case, so compare again with KeysOf.
func KeyFilter(a *attio.Attribute, norms []string) json.RawMessage { panic("contract") }

// Change compares a record's fields with the record as it is in Attio. References must have their ids.
// What the row does not speak of, and the parts of a name or location that it does not fill, are not compared.
func (p *Plan) Change(rec *Record, cur *attio.Record) Change { panic("contract") }

// Change is what has to be sent, if anything, to make an existing record agree with a row.
type Change struct {
	// Fields are the attributes that differ with what a write must send: the values to add, or with Overwrite the final values of each
	// attribute named (parts that the file does not fill taken from the record). Empty: the record agrees already.
	Fields []Field
	// Overwrite: some field is to be cleared or replaced, so PUT of the final values is needed; else PATCH.
	Overwrite bool
	// Differences are the mapped attributes in which row and record differ, also where nothing would be removed.
	Differences []Difference
}

// Difference is one attribute in which a row and a record differ, both sides as JSON in the flat form of an export.
type Difference struct {
	Slug  string
	File  json.RawMessage
	Attio json.RawMessage
}
