package mapping

import (
	"fmt"
	"strings"
)

// Problems are all the reasons why a mapping cannot be bound.
type Problems []Problem

// Problem is one of them.
type Problem struct {
	Where string   // "users.yaml:7:3", or `users.csv: column "E-mail"`
	Text  string   // "no attribute of users is called \"emial\""
	Hint  []string // lines to add or change in the mapping file, ready to paste
	// Open: the mapping file itself asks, at Where, and nobody has answered. Hint are the lines to choose from, each behind its place; to take
	// the "# " off one is the answer.
	Open bool
}

// Error is the problems, a line each, without their hints.
func (p Problems) Error() string {
	var b strings.Builder
	for i, one := range p {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(one.String())
	}
	return b.String()
}

// String is where the problem stands and what it is.
func (p Problem) String() string {
	if p.Where == "" {
		return p.Text
	}
	return p.Where + ": " + p.Text
}

// CellError is a refused cell.
type CellError struct {
	Code     string // stable, such as VAL021; Codes explains each
	Line     int
	Column   int    // position in the line, as in Cell
	Index    int    // the input's column, from 0; -1 for a constant, and for an attribute that no column fills
	Header   string // the column's header; the attribute's slug where Index is -1
	Value    string // the cell as it is
	From, To int    // the offending bytes of Value; both 0 for the whole cell
	Message  string // "\"ada@\" is not an e-mail address"
	Accepted string // what would be accepted: "an address such as ada@example.com"
	Fix      string // the one mapping line to add or change; "" where there is none
}

// Error says where and what: `41:7: column "E-mail": "ada@" is not an e-mail address`. The file's name is the caller's to put in front.
func (e *CellError) Error() string {
	return fmt.Sprintf("%d:%d: column %q: %s", e.Line, e.Column, e.Header, e.Message)
}

// refusal is why a value is not taken, before anybody has said where it stands.
type refusal struct {
	code     string
	message  string
	accepted string
	fix      string
	from, to int  // in the text that was parsed
	leave    bool // the mapping says to leave such a value out: it is no error
}

// The codes of refused cells. They are stable: scripts count them, the README explains them.
const (
	codeBlank         = "VAL001"
	codeRequired      = "VAL002"
	codeLong          = "VAL003"
	codeSeveral       = "VAL004"
	codeShape         = "VAL005"
	codeEncoding      = "VAL006"
	codeTransform     = "VAL007"
	codeOdd           = "VAL008"
	codeNumber        = "VAL010"
	codeDecimals      = "VAL011"
	codeInexact       = "VAL012"
	codeSeparator     = "VAL013"
	codeSymbol        = "VAL014"
	codeCurrency      = "VAL015"
	codeRating        = "VAL016"
	codeCheckbox      = "VAL017"
	codeDate          = "VAL020"
	codeDateFormat    = "VAL021"
	codeNoSuchDay     = "VAL022"
	codeDateRange     = "VAL023"
	codeSerial        = "VAL024"
	codeClockChange   = "VAL025"
	codeScientific    = "VAL030"
	codeEmail         = "VAL040"
	codeReservedTLD   = "VAL041"
	codeDomain        = "VAL042"
	codeTLD           = "VAL043"
	codePhone         = "VAL045"
	codePhoneCountry  = "VAL046"
	codeExtension     = "VAL047"
	codeOtherCountry  = "VAL048"
	codeOption        = "VAL050"
	codeArchived      = "VAL051"
	codeOptionTwice   = "VAL052"
	codeOptionComma   = "VAL053"
	codeReference     = "VAL060"
	codeTargetObject  = "VAL061"
	codeFillSeveral   = "VAL062"
	codeRecordID      = "VAL063"
	codeMember        = "VAL065"
	codeMemberTwice   = "VAL066"
	codeActor         = "VAL067"
	codeLocation      = "VAL070"
	codeLocationTwice = "VAL071"
	codeCountry       = "VAL072"
	codeLatitude      = "VAL073"
	codeLongitude     = "VAL074"
)

// Code is a code of CellError with its explanation in one line.
type Code struct{ Code, Text string }

// Codes explains every code that a CellError can have, in ascending order.
var Codes = []Code{
	{codeBlank, "the cell is blank, and the mapping says blank: reject"},
	{codeRequired, "a new record needs this attribute, and the row has no value for it"},
	{codeLong, "the text is longer than the 10 MB that Attio stores"},
	{codeSeveral, "several values for an attribute that holds one"},
	{codeShape, "a JSON object or nested array where a plain value belongs"},
	{codeEncoding, "bytes that are not UTF-8"},
	{codeTransform, "a transform of the mapping cannot be applied to the cell"},
	{codeOdd, "the record holds a value in a form that this version does not know, and the write would remove it"},
	{codeNumber, "not a number"},
	{codeDecimals, "more than the four decimals that Attio stores"},
	{codeInexact, "a number that Attio's 64-bit float cannot hold exactly"},
	{codeSeparator, "a decimal or grouping separator that the mapping does not name, or in the wrong place"},
	{codeSymbol, "a currency symbol, percent sign or unit beside a number"},
	{codeCurrency, "a currency code other than the attribute's"},
	{codeRating, "a rating that is not a whole number from 0 to 5"},
	{codeCheckbox, "not a checkbox value"},
	{codeDate, "not a date or time"},
	{codeDateFormat, "a date in another form than the mapping's"},
	{codeNoSuchDay, "a day or time that does not exist, such as 30 February"},
	{codeDateRange, "a date outside the years 1 to 9999"},
	{codeSerial, "a number in a date column: probably a spreadsheet's serial number"},
	{codeClockChange, "a local time that a clock change skips or repeats"},
	{codeScientific, "a number that a spreadsheet rounded and wrote as 1.23E+11"},
	{codeEmail, "not an e-mail address"},
	{codeReservedTLD, "an e-mail address under a reserved name such as .test or .example, which Attio refuses"},
	{codeDomain, "not a domain"},
	{codeTLD, "a domain whose last part is no known top-level domain"},
	{codePhone, "not a valid phone number"},
	{codePhoneCountry, "a phone number without a country"},
	{codeExtension, "a phone number with an extension, which Attio does not keep"},
	{codeOtherCountry, "a phone number that is not of the country beside it"},
	{codeOption, "no such option or status"},
	{codeArchived, "an option or status that is archived, where it would have to be written: a record that holds it already may keep it"},
	{codeOptionTwice, "a title that fits several options"},
	{codeOptionComma, "no such option, but the cell holds commas: probably several options"},
	{codeReference, "not a reference to a record"},
	{codeTargetObject, "a reference to an object that the attribute does not allow"},
	{codeFillSeveral, "columns that fill the created target beside a cell of several references"},
	{codeRecordID, "not a record id"},
	{codeMember, "no such workspace member"},
	{codeMemberTwice, "a name that fits several workspace members"},
	{codeActor, "an actor that cannot be written: only workspace members can"},
	{codeLocation, "not a location of one to three parts"},
	{codeLocationTwice, "a location that can be read in two ways"},
	{codeCountry, "not a country that Attio knows"},
	{codeLatitude, "not a latitude from -90 to 90"},
	{codeLongitude, "not a longitude from -180 to 180"},
}
