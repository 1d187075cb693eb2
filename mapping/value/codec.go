package value

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/attio-bulk/attio-bulk/attio"
)

// The rules of the codecs, one for each attribute type:
//
//   - parse takes one cell (or one piece of a cell of several values, or one element of a JSON array) that is not
//     blank. Every text but that of a text attribute comes trimmed, no-break and zero-width spaces included. It fills
//     v with the normal form or says why not; what Attio would refuse is refused here, before anything is sent.
//   - encode appends what a write sends: https://docs.attio.com/docs/attribute-types. Envelope keys of the read shape
//     are never sent.
//   - decode reads one element of the array that a record holds for the attribute. false: a shape that this version
//     does not know.
//   - format is the cell of the column `slug` in the flat form, from which parse makes the same value again; nil for
//     Text.
//   - parts names the further columns, `slug.part`. With partsOnly, `slug` is no column of an export.
type codec struct {
	parse  func(r *Reader, kind Kind, text string, v *Value) *Refusal
	encode func(dst []byte, v *Value) []byte
	decode func(a *attio.Attribute, raw []byte, v *Value) bool
	format func(a *attio.Attribute, v *Value) string
	same   func(x, y *Value) bool // nil: Text decides
	parts  []string
	form   string

	partsOnly bool
	bare      bool // in JSON the flat value is Text as it stands: a number or a boolean
}

var (
	nameParts     = []string{"first_name", "last_name", "full_name"}
	locationParts = []string{"line_1", "line_2", "line_3", "line_4", "locality", "region", "postcode", "country_code",
		"latitude", "longitude"}
	interactionParts = []string{"interaction_type", "interacted_at", "owner"}
)

// codecs is the one table of attribute types. form says what a cell of the type may hold, for messages.
var codecs map[attio.Type]*codec

func init() {
	codecs = map[attio.Type]*codec{
		attio.TypeText: {parse: parseText, encode: encodeText, decode: decodeText, same: sameText, form: "any text"},
		attio.TypeNumber: {parse: parseNumber, encode: encodeBare, decode: decodeNumber, bare: true,
			form: "a number such as 1234.5"},
		attio.TypeCheckbox: {parse: parseCheckbox, encode: encodeBare, decode: decodeCheckbox, bare: true,
			form: "true or false"},
		attio.TypeCurrency: {parse: parseNumber, encode: encodeCurrency, decode: decodeCurrency,
			parts: []string{"currency_code"}, bare: true, form: "an amount such as 1234.5, without a currency symbol"},
		attio.TypeDate: {parse: parseDate, encode: encodeText, decode: decodeText, form: "a date such as 2024-07-14"},
		attio.TypeTimestamp: {parse: parseTimestamp, encode: encodeText, decode: decodeTimestamp,
			form: "a time such as 2024-07-14T10:00:00Z"},
		attio.TypeRating: {parse: parseRating, encode: encodeBare, decode: decodeNumber, bare: true,
			form: "a whole number from 0 to 5"},
		attio.TypeStatus: {parse: parseOption, encode: encodeMember("status"), decode: decodeOption("status"),
			same: sameOption, form: "the title of a status, or its id"},
		attio.TypeSelect: {parse: parseOption, encode: encodeMember("option"), decode: decodeOption("option"),
			same: sameOption, form: "the title of an option, or its id"},
		attio.TypeRecordReference: {parse: parseReference, encode: encodeReference, decode: decodeReference,
			format: formatReference, same: sameReference, form: "a record id"},
		attio.TypeActorReference: {parse: parseActor, encode: encodeActor, decode: decodeActor, format: formatActor,
			form: "a workspace member: the id, e-mail address, full name or first name"},
		attio.TypeLocation: {parse: parseLocation, encode: encodeLocation, decode: decodeLocation, same: sameParts,
			parts: locationParts, partsOnly: true, form: "City, State, Country"},
		attio.TypeDomain: {parse: parseDomain, encode: encodeMember("domain"), decode: decodeDomain, format: formatWritten,
			form: "a domain such as example.com"},
		attio.TypeEmailAddress: {parse: parseEmail, encode: encodeEmail, decode: decodeEmail, format: formatWritten,
			form: "an address such as ada@example.com"},
		attio.TypePhoneNumber: {parse: parsePhone, encode: encodePhone, decode: decodePhone,
			parts: []string{"country_code"}, form: "a number such as +44 20 7946 0958"},
		attio.TypePersonalName: {parse: parseName, encode: encodeName, decode: decodeName, same: sameParts,
			parts: nameParts, partsOnly: true, form: "a full name, or Last, First"},
		attio.TypeInteraction: {decode: decodeInteraction, same: sameParts, parts: interactionParts, partsOnly: true,
			form: "nothing: it is read only"},
	}
}

// codecOf is a type's codec; an empty one where this version does not know the type.
func codecOf(t attio.Type) *codec { return cmp.Or(codecs[t], &noCodec) }

var noCodec codec

// Known reports whether this version knows the type: values of any other are carried as their JSON.
func Known(t attio.Type) bool { return codecs[t] != nil }

// Writable reports whether text can be read as values of the type.
func Writable(t attio.Type) bool { return codecOf(t).parse != nil }

// Form says what a cell of the type may hold, for messages.
func Form(t attio.Type) string { return codecOf(t).form }

// Parts are the names of the type's further columns in the flat form, slug.part, in the order of Value.Parts where it
// has those. Callers must not modify them.
func Parts(t attio.Type) []string { return codecOf(t).parts }

// HasWhole reports whether the flat form has a column `slug` for the type, beside those of its parts.
func HasWhole(t attio.Type) bool { return !codecOf(t).partsOnly }

// Bare reports whether the flat form of the type is a number or boolean in JSON.
func Bare(t attio.Type) bool { return codecOf(t).bare }

// Divided reports whether the type's values are made of parts, so that parts of one value may come from several
// columns.
func Divided(t attio.Type) bool { return t == attio.TypePersonalName || t == attio.TypeLocation }

// Format is a value's cell in the column `slug` of the flat form, from which a Reader makes the same value again.
func Format(a *attio.Attribute, v *Value) string {
	if format := codecs[a.Type].format; format != nil {
		return format(a, v)
	}
	return v.Text
}

// formatWritten is the value as it was written, where that is kept.
func formatWritten(_ *attio.Attribute, v *Value) string { return cmp.Or(v.Orig, v.Text) }

// encodeBare writes a number or boolean, whose normal form is JSON.
func encodeBare(dst []byte, v *Value) []byte { return append(dst, v.Text...) }

func sameParts(x, y *Value) bool { return slices.Equal(x.Parts, y.Parts) }

// Trim cuts blanks at both ends: what Unicode calls white space (no-break spaces included), zero-width spaces and
// byte order marks.
func Trim(s string) string {
	if n := len(s); n > 0 && s[0] > ' ' && s[0] < 0x7F && s[n-1] > ' ' && s[n-1] < 0x7F {
		return s
	}
	return strings.TrimFunc(s, IsBlank)
}

// IsBlank reports whether Trim cuts a letter off.
func IsBlank(r rune) bool { return unicode.IsSpace(r) || r == 0x200B || r == 0xFEFF }
