package value

// Code is a code of CellError with its explanation in one line.
type Code struct{ Code, Text string }

// Codes explains every code that a CellError can have, in ascending order.
var Codes []Code

// The codes of refused cells. They are stable: scripts count them, the README explains them.
var (
	CodeBlank     = explained("VAL001", "the cell is blank, and the mapping says blank: reject")
	CodeRequired  = explained("VAL002", "a new record needs this attribute, and the row has no value for it")
	codeLong      = explained("VAL003", "the text is longer than the 10 MB that Attio stores")
	CodeSeveral   = explained("VAL004", "several values for an attribute that holds one")
	CodeShape     = explained("VAL005", "a JSON object or nested array where a plain value belongs")
	CodeEncoding  = explained("VAL006", "bytes that are not UTF-8")
	CodeTransform = explained("VAL007", "a transform of the mapping cannot be applied to the cell")
	CodeOdd       = explained(
		"VAL008", "the record holds a value in a form that this version does not know, and the write would remove it")
	CodeNumber    = explained("VAL010", "not a number")
	CodeDecimals  = explained("VAL011", "more than the four decimals that Attio stores")
	CodeInexact   = explained("VAL012", "a number that Attio's 64-bit float cannot hold exactly")
	CodeSeparator = explained(
		"VAL013", "a decimal or grouping separator that the mapping does not name, or in the wrong place")
	CodeSymbol      = explained("VAL014", "a currency symbol, percent sign or unit beside a number")
	CodeCurrency    = explained("VAL015", "a currency code other than the attribute's")
	CodeRating      = explained("VAL016", "a rating that is not a whole number from 0 to 5")
	CodeCheckbox    = explained("VAL017", "not a checkbox value")
	CodeDate        = explained("VAL020", "not a date or time")
	CodeDateFormat  = explained("VAL021", "a date in another form than the mapping's")
	CodeNoSuchDay   = explained("VAL022", "a day or time that does not exist, such as 30 February")
	CodeDateRange   = explained("VAL023", "a date outside the years 1 to 9999")
	CodeSerial      = explained("VAL024", "a number in a date column: probably a spreadsheet's serial number")
	CodeClockChange = explained("VAL025", "a local time that a clock change skips or repeats")
	CodeScientific  = explained("VAL030", "a number that a spreadsheet rounded and wrote as 1.23E+11")
	CodeEmail       = explained("VAL040", "not an e-mail address")
	CodeReservedTLD = explained(
		"VAL041", "an e-mail address under a reserved name such as .test or .example, which Attio refuses")
	CodeDomain       = explained("VAL042", "not a domain")
	CodeTLD          = explained("VAL043", "a domain whose last part is no known top-level domain")
	CodePhone        = explained("VAL045", "not a valid phone number")
	CodePhoneCountry = explained("VAL046", "a phone number without a country")
	CodeExtension    = explained("VAL047", "a phone number with an extension, which Attio does not keep")
	CodeOtherCountry = explained("VAL048", "a phone number that is not of the country beside it")
	CodeOption       = explained("VAL050", "no such option or status")
	CodeArchived     = explained(
		"VAL051", "an option or status that is archived, where it would have to be written: a record that holds it "+
			"already may keep it")
	codeOptionTwice   = explained("VAL052", "a title that fits several options")
	CodeOptionComma   = explained("VAL053", "no such option, but the cell holds commas: probably several options")
	CodeReference     = explained("VAL060", "not a reference to a record")
	CodeTargetObject  = explained("VAL061", "a reference to an object that the attribute does not allow")
	CodeFillSeveral   = explained("VAL062", "columns that fill the created target beside a cell of several references")
	CodeRecordID      = explained("VAL063", "not a record id")
	CodeFillNone      = explained("VAL064", "a value of a target that the row does not name: it is left out")
	CodeMember        = explained("VAL065", "no such workspace member")
	CodeMemberTwice   = explained("VAL066", "a name that fits several workspace members")
	CodeActor         = explained("VAL067", "an actor that cannot be written: only workspace members can")
	CodeLocation      = explained("VAL070", "not a location of one to three parts")
	CodeLocationTwice = explained("VAL071", "a location that can be read in two ways")
	CodeCountry       = explained("VAL072", "not a country that Attio knows")
	CodeLatitude      = explained("VAL073", "not a latitude from -90 to 90")
	CodeLongitude     = explained("VAL074", "not a longitude from -180 to 180")
)

// explained is a code, which Codes explains from now on.
func explained(code, text string) string {
	Codes = append(Codes, Code{code, text})
	return code
}
