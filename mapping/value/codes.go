package value

// The codes of refused cells. They are stable: scripts count them, the README explains them.
const (
	CodeBlank         = "VAL001"
	CodeRequired      = "VAL002"
	codeLong          = "VAL003"
	CodeSeveral       = "VAL004"
	CodeShape         = "VAL005"
	CodeEncoding      = "VAL006"
	CodeTransform     = "VAL007"
	CodeOdd           = "VAL008"
	CodeNumber        = "VAL010"
	CodeDecimals      = "VAL011"
	CodeInexact       = "VAL012"
	CodeSeparator     = "VAL013"
	CodeSymbol        = "VAL014"
	CodeCurrency      = "VAL015"
	CodeRating        = "VAL016"
	CodeCheckbox      = "VAL017"
	CodeDate          = "VAL020"
	CodeDateFormat    = "VAL021"
	CodeNoSuchDay     = "VAL022"
	CodeDateRange     = "VAL023"
	CodeSerial        = "VAL024"
	CodeClockChange   = "VAL025"
	CodeScientific    = "VAL030"
	CodeEmail         = "VAL040"
	CodeReservedTLD   = "VAL041"
	CodeDomain        = "VAL042"
	CodeTLD           = "VAL043"
	CodePhone         = "VAL045"
	CodePhoneCountry  = "VAL046"
	CodeExtension     = "VAL047"
	CodeOtherCountry  = "VAL048"
	CodeOption        = "VAL050"
	CodeArchived      = "VAL051"
	codeOptionTwice   = "VAL052"
	CodeOptionComma   = "VAL053"
	CodeReference     = "VAL060"
	CodeTargetObject  = "VAL061"
	CodeFillSeveral   = "VAL062"
	CodeRecordID      = "VAL063"
	CodeMember        = "VAL065"
	CodeMemberTwice   = "VAL066"
	CodeActor         = "VAL067"
	CodeLocation      = "VAL070"
	CodeLocationTwice = "VAL071"
	CodeCountry       = "VAL072"
	CodeLatitude      = "VAL073"
	CodeLongitude     = "VAL074"
)

// Code is a code of CellError with its explanation in one line.
type Code struct{ Code, Text string }

// Codes explains every code that a CellError can have, in ascending order.
var Codes = []Code{
	{CodeBlank, "the cell is blank, and the mapping says blank: reject"},
	{CodeRequired, "a new record needs this attribute, and the row has no value for it"},
	{codeLong, "the text is longer than the 10 MB that Attio stores"},
	{CodeSeveral, "several values for an attribute that holds one"},
	{CodeShape, "a JSON object or nested array where a plain value belongs"},
	{CodeEncoding, "bytes that are not UTF-8"},
	{CodeTransform, "a transform of the mapping cannot be applied to the cell"},
	{CodeOdd, "the record holds a value in a form that this version does not know, and the write would remove it"},
	{CodeNumber, "not a number"},
	{CodeDecimals, "more than the four decimals that Attio stores"},
	{CodeInexact, "a number that Attio's 64-bit float cannot hold exactly"},
	{CodeSeparator, "a decimal or grouping separator that the mapping does not name, or in the wrong place"},
	{CodeSymbol, "a currency symbol, percent sign or unit beside a number"},
	{CodeCurrency, "a currency code other than the attribute's"},
	{CodeRating, "a rating that is not a whole number from 0 to 5"},
	{CodeCheckbox, "not a checkbox value"},
	{CodeDate, "not a date or time"},
	{CodeDateFormat, "a date in another form than the mapping's"},
	{CodeNoSuchDay, "a day or time that does not exist, such as 30 February"},
	{CodeDateRange, "a date outside the years 1 to 9999"},
	{CodeSerial, "a number in a date column: probably a spreadsheet's serial number"},
	{CodeClockChange, "a local time that a clock change skips or repeats"},
	{CodeScientific, "a number that a spreadsheet rounded and wrote as 1.23E+11"},
	{CodeEmail, "not an e-mail address"},
	{CodeReservedTLD, "an e-mail address under a reserved name such as .test or .example, which Attio refuses"},
	{CodeDomain, "not a domain"},
	{CodeTLD, "a domain whose last part is no known top-level domain"},
	{CodePhone, "not a valid phone number"},
	{CodePhoneCountry, "a phone number without a country"},
	{CodeExtension, "a phone number with an extension, which Attio does not keep"},
	{CodeOtherCountry, "a phone number that is not of the country beside it"},
	{CodeOption, "no such option or status"},
	{CodeArchived, "an option or status that is archived, where it would have to be written: a record that holds it already may keep it"},
	{codeOptionTwice, "a title that fits several options"},
	{CodeOptionComma, "no such option, but the cell holds commas: probably several options"},
	{CodeReference, "not a reference to a record"},
	{CodeTargetObject, "a reference to an object that the attribute does not allow"},
	{CodeFillSeveral, "columns that fill the created target beside a cell of several references"},
	{CodeRecordID, "not a record id"},
	{CodeMember, "no such workspace member"},
	{CodeMemberTwice, "a name that fits several workspace members"},
	{CodeActor, "an actor that cannot be written: only workspace members can"},
	{CodeLocation, "not a location of one to three parts"},
	{CodeLocationTwice, "a location that can be read in two ways"},
	{CodeCountry, "not a country that Attio knows"},
	{CodeLatitude, "not a latitude from -90 to 90"},
	{CodeLongitude, "not a longitude from -180 to 180"},
}
