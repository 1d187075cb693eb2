package value

import "github.com/attio-bulk/attio-bulk/attio"

// Value is one value in the normal form of its attribute's type: two values are the same to Attio when Same says so.
type Value struct {
	// the normal form: text, exact decimal, ISO date, lower-case e-mail, E.164 number, option title, member id, …
	Text  string
	Orig  string   // as written in the cell, for e-mail, domain, phone and number; "" for others
	ID    string   // of an option or status; "" where it is to be created first
	Code  string   // the currency of an amount, the country of a phone number
	Parts []string // of a personal name, a location or an interaction, in the order of its parts
	Ref   *Ref     // of a record reference
	// Missing: the option or status Text does not exist, and the mapping says missing: create. Make it, and read the row
	// again with the plan that WithOptions answers.
	Missing bool
	// Raw is the JSON of a record's value in a form that this version does not know, without its envelope; else "".
	// Nothing else is known of such a value: it is the same as no other, and cannot be written.
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
	// OrAttr and OrKey are Attr and Key for a cell that reads as a record id, where no record has that id: keys of users
	// and of workspaces often look like ids. "" where the cell can only be an id.
	OrAttr, OrKey string
	Column        int // the input's column it came from, for messages; -1 for a constant
	// Missing says what to do where no record has the key. Never "" for a reference read from a row.
	Missing Missing
	// Fill are further values of a target that has to be created, from columns such as company.description. TargetFields
	// adds the key.
	Fill []Field
}

// Same reports whether two values of an attribute are the same to Attio: e-mail addresses and domains without regard to
// case, numbers by value, times by instant, options and targets by id, text exactly.
func Same(a *attio.Attribute, x, y *Value) bool {
	if x.Raw != "" || y.Raw != "" {
		return x.Raw == y.Raw
	}
	if same := codecOf(a.Type).same; same != nil {
		return same(x, y)
	}
	return x.Text == y.Text
}

// Kind says how a cell came.
type Kind uint8

// The kinds.
const (
	TextCell   Kind = iota // a CSV cell or a JSON string; Text is its text
	NumberCell             // a JSON or spreadsheet number; Text is its exact decimal text
	BoolCell               // Text is "true" or "false"
	NullCell               // a JSON null, or a key that this object lacks; Text is ""
	JSONCell               // a JSON array, or an object that no column addresses the parts of; Text is its JSON
	DateCell               // a spreadsheet's date; Text is ISO: 2024-07-14 or 2024-07-14T10:00:00 (no zone)
)
