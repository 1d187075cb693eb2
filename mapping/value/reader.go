package value

import (
	"cmp"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
)

// Reader reads text as values of one attribute. The zero value of every field but Attr is the default. It is safe for
// several goroutines as long as nobody changes it.
type Reader struct {
	Attr      *attio.Attribute
	Decimal   string         // decimal separator of numbers; "" is "."
	Thousands string         // grouping separator of numbers; "" refuses any
	Country   string         // two letters: of phone numbers and locations that name none; "" refuses those numbers
	Countries string         // the column of the file that seems to hold the rows' countries, for advice; "" for none
	Format    DateFormat     // of dates and times; nil for ISO
	Zone      *time.Location // of times that name none; nil is UTC
	Split     string         // the separator of several values that was chosen, for advice; "" where none was
	Missing   Missing        // what becomes of an option or target that does not exist; "" refuses it
	New       bool           // the value is for a new record, which cannot hold an archived option already
	Options   *Options       // of a select or status
	Members   *Members       // of an actor reference
	Target    *Target        // of a record reference

	quiet bool // nobody reads what is advised
}

// Read reads one value that is not blank, trimmed unless it is of a text attribute, and fills v, which must be zero.
// It returns why the text is not taken; nil where it is.
func (r *Reader) Read(kind Kind, text string, v *Value) *Refusal {
	return codecs[r.Attr.Type].parse(r, kind, text, v)
}

// ReadPart reads the text of one part of a name or location, not blank and trimmed, into its normal form. part is its
// place in Parts.
func (r *Reader) ReadPart(part int, text string) (string, *Refusal) {
	if r.Attr.Type == attio.TypeLocation {
		return parseLocationPart(part, text)
	}
	return text, CheckUTF8(text)
}

// Point is the decimal separator.
func (r *Reader) Point() string { return cmp.Or(r.Decimal, ".") }
