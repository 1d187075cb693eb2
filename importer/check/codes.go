package check

// Codes explains the codes of a check that are not reasons to refuse a row: values that stand twice, and cells that a
// spreadsheet has probably damaged. Such cells are imported as they are, since only a person can tell.
var Codes = map[string]string{
	codeInFile:      "an earlier row of the file has the same unique value: the row would be a conflict",
	codeRounded:     "a number that a spreadsheet rounded: written as 1.23E+11, or longer than the 15 digits that it keeps",
	codeDateSerial:  "a number among dates: probably a date that a spreadsheet turned into days since 1900",
	codeLostZeros:   "a code shorter than the others of its column: a spreadsheet took it for a number and cut its leading zeros off",
	codeSheetError:  "an error value of a spreadsheet, such as #REF! or #N/A, instead of a value",
	codeMojibake:    "text that was read in a wrong encoding before, such as MÃ¼ller for Müller",
	codeCutAt255:    "a text of exactly 255 characters: probably cut off where it came from",
	codeCutAt32767:  "a text of exactly 32,767 characters, the most that a cell of Excel holds: probably cut off",
	codeHashFilling: "a cell of # signs: a column that was too narrow when a spreadsheet wrote it as text",
}

const (
	codeInFile      = "DUP001"
	codeRounded     = "SHT001"
	codeDateSerial  = "SHT002"
	codeLostZeros   = "SHT003"
	codeSheetError  = "SHT004"
	codeMojibake    = "SHT005"
	codeCutAt255    = "SHT006"
	codeCutAt32767  = "SHT007"
	codeHashFilling = "SHT008"
)
