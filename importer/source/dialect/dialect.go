// Package dialect holds what a person may say of how a file is written.
//
// It stands apart from what reads such a file, so that a run's own folder can keep a Dialect without a reader. Commands
// take it from flags, source.Options and run.json embed it: a new property is one more field here.
package dialect

// Dialect is how a file of rows is written. The zero value of each field has the file itself tell.
type Dialect struct {
	// csv, tsv, jsonl, json, xlsx; "" by name, then content. .gz and .zst are unpacked in any case
	Format    string `json:"format,omitempty"`
	Delimiter string `json:"delimiter,omitempty"` // one character, tab, blanks, wide-blanks
	Encoding  string `json:"encoding,omitempty"`  // a WHATWG label such as windows-1252
	Sheet     string `json:"sheet,omitempty"`     // of .xlsx, by name or by number from 1
	Quote     string `json:"quote,omitempty"`     // of CSV: " or ' or none
	Escape    string `json:"escape,omitempty"`    // of a quote within quotes: double or backslash
	// HeaderRow is the line of the header, in a sheet its row: 3, 3-4 for a header of two lines, none.
	HeaderRow string `json:"header_row,omitempty"`
	// SkipFooter is how many rows at the end are left out; nil: none, and nobody has said so.
	SkipFooter *int `json:"skip_footer,omitempty"`
	// Spreadsheet: the file was exported for a spreadsheet, so that apostrophes stand before its formulas.
	Spreadsheet bool `json:"for_spreadsheet,omitempty"`
	// Columns are those of JSON lines that are known to have no row, which cannot name them. nil: an empty file is an
	// error, since it may have been cut.
	Columns []string `json:"columns,omitempty"`
}
