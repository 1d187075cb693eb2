package mapping

import (
	"github.com/attio-bulk/attio-bulk/attio"
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
	sheet    bool // cells carry the prefix of an export for spreadsheets
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
