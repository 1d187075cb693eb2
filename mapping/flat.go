package mapping

import "github.com/attio-bulk/attio-bulk/attio"

// References says how references are written in an export.
type References string

const (
	ByID   References = "id"   // the record id
	ByKey  References = "key"  // the unique attribute of the target, which imports into any workspace
	ByName References = "name" // the id, and a readable column beside it
)

// FlatOptions shape the flat form of records.
type FlatOptions struct {
	Columns     []string // "" parts allowed: "name.first_name"; nil for all, in the schema's order
	References  References
	Spreadsheet bool // make text cells that a spreadsheet would run as a formula harmless
}

// Flat flattens records of one object: the columns come from the schema, never from the data.
type Flat struct{}

// NewFlat compiles the columns. The error is Problems, with the nearest names of unknown columns.
func NewFlat(s *attio.Schema, object string, o FlatOptions) (*Flat, error) { panic("contract") }

// Header is the columns' names: record_id, created_at, web_url first.
func (f *Flat) Header() []string { panic("contract") }

// Lookup answers what stands for a record or member: key for ByKey, readable name for ByName; ok false when it cannot be known.
type Lookup func(object, id string) (text string, ok bool)

// Targets appends the references of a record that a Lookup will be asked for: object slug (or "workspace-member") and id. Nothing with ByID.
func (f *Flat) Targets(dst []Ref, r *attio.Record) []Ref { panic("contract") }

// Cells appends the row of a CSV file. warn is told once a kind of value that this version does not know (written as JSON) or that cannot be looked up.
func (f *Flat) Cells(dst []string, r *attio.Record, look Lookup, warn func(string)) []string {
	panic("contract")
}

// AppendJSON appends the record as one JSON object of the same names, without a line end.
func (f *Flat) AppendJSON(dst []byte, r *attio.Record, look Lookup, warn func(string)) []byte {
	panic("contract")
}
