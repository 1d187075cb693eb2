package mapfile

import (
	"cmp"
	"fmt"

	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// File is a mapping file, or what takes its place when headers are matched without one.
type File struct {
	Name      string // for messages; "" where it was made from headers
	Object    string // "" for the command line's, else users
	Match     string // the default of --match; "" for none
	Columns   []Column
	Constants []Constant
	// Ignore are headers, "#3", and patterns in which * stands for anything, which never reach a mapped column.
	Ignore     []string
	IgnoreRest bool // columns that stand nowhere in the file are left out
	Table      Table

	at        map[string]place // of "match", "object" and "ignore.0"
	questions []Question       // that its comments ask
	ignorable map[string]answer
}

// Table says where in its file the table of rows stands and how it is written, as far as the mapping says so. The zero
// value of each field has the file tell.
type Table struct {
	Sheet      string // of a workbook, by name or number
	HeaderRow  string // a line, 3-4 or none
	SkipFooter *int   // rows at the end that are left out; nil where nothing is said
	Delimiter  string
	Encoding   string
	Quote      string // ", ' or none
	Escape     string // double or backslash
}

// Column says which attribute a column fills, and how its cells are read. The zero value of every field but the first
// two is the default.
type Column struct {
	Column    string // header, or "#3" for the third column
	Attribute string // slug, or a part of a value: name.first_name; company.description with Reference
	Reference string // people.email_addresses: the unique attribute of the target that the cell holds
	Split     string // separator of several values; "" for ";", "none" for a cell that always is one value
	Several   Several
	Missing   value.Missing
	Format    string // of dates: see the README's table
	Timezone  string // of times that name none; "" is UTC
	Decimal   string // decimal separator; "" is "."
	Thousands string // grouping separator; "" refuses any
	Country   string // two letters: of phone numbers and locations that name none
	// CountryColumn is the header of the column that holds the country of each row's phone numbers, by name or code. It
	// goes before Country.
	CountryColumn string
	Values        []Pair // cell → value, before anything else
	Blank         Blank
	OnError       OnError
	Transform     []Transform

	at map[string]place // by key; "" is the entry itself
}

// Several is what becomes of several values that a record has already, on update; "" and "add" keep them.
type Several string

// Replace puts the row's values in their place.
const Replace Several = "replace"

// Blank is what a blank cell does; "" and "skip": it says nothing.
type Blank string

// What else blank cells do.
const (
	BlankClear  Blank = "clear"  // it empties the attribute
	BlankReject Blank = "reject" // its row is rejected
)

// OnError is what a refused cell does; "" and "reject": its row is rejected.
type OnError string

// DropValue leaves the value out.
const DropValue OnError = "drop"

// Pair is one line of a value table.
type Pair struct{ Cell, Value string }

// Constant is a value for every row. Several hold the elements of a list.
type Constant struct {
	Attribute string
	Values    []string
	List      bool // written as a list: the values are not split
	at        place
}

// place is a position in the mapping file, from 1; zero where there is none.
type place struct{ line, column int }

// String is "7:3"; "" for none.
func (p place) String() string {
	if p.line == 0 {
		return ""
	}
	return fmt.Sprintf("%d:%d", p.line, p.column)
}

// Place is where the value of one of the file's keys stands, "7:3"; "" where it stands nowhere, as in a file made by
// a program. The n-th entry under ignore, from 0, is "ignore.n".
func (f *File) Place(key string) string { return f.at[key].String() }

// Place is where a key of the entry stands, or the entry where it lacks the key; "" where that is not in a file.
func (c *Column) Place(key string) string { return cmp.Or(c.at[key], c.at[""]).String() }

// Place is where the constant stands; "" where that is not in a file.
func (c *Constant) Place() string { return c.at.String() }

// Column is the constant as an entry, without what it holds.
func (c *Constant) Column() *Column {
	return &Column{Column: "constants." + c.Attribute, Attribute: c.Attribute, at: map[string]place{"": c.at}}
}
