package check

// Codes explains the codes of a check that are not reasons to refuse a row: values that stand twice, and cells that a
// spreadsheet has probably damaged. Such cells are imported as they are, since only a person can tell.
var Codes = map[string]string{
	"DUP001": "an earlier row of the file has the same unique value: the row would be a conflict",
	"ROW001": "a row at the end of the file that looks like a total or a note: it is read as a row",
	"ROW002": "another table begins below the rows: it is not read, and an import asks which one is meant",
	"SHT001": "a number that a spreadsheet rounded: written as 1.23E+11, or longer than the 15 digits that it keeps",
	"SHT002": "a number among dates: probably a date that a spreadsheet turned into days since 1900",
	"SHT003": "a code shorter than the others of its column: a spreadsheet took it for a number and cut its " +
		"leading zeros off",
	"SHT004": "an error value of a spreadsheet, such as #REF! or #N/A, instead of a value",
	"SHT005": "text that was read in a wrong encoding before, such as MÃ¼ller for Müller",
	"SHT006": "a text of exactly 255 characters: probably cut off where it came from",
	"SHT007": "a text of exactly 32,767 characters, the most that a cell of Excel holds: probably cut off",
	"SHT008": "a cell of # signs: a column that was too narrow when a spreadsheet wrote it as text",
}
