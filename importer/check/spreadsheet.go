package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/importer/source/workbook"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// damage looks for what spreadsheets do to data on its way: rounding, turning dates into numbers, cutting leading
// zeros, breaking letters. What it finds is a warning. A cell that is refused anyway is not looked at, nor a column
// that the mapping ignores.
type damage struct {
	check   *checker
	columns []columnDamage
	typed   bool // numbers are those of a workbook, which keeps fifteen digits; JSON's are as they are written
}

// columnDamage is what one column has shown so far; two kinds of damage show only against the rest of their column.
type columnDamage struct {
	name    string
	ignored bool
	dates   int          // cells written like a date
	serials Finding      // cells that could be days since 1900
	widths  *[17]Finding // of a column of codes, by the number of digits; nil for other columns
	zeros   bool         // some code begins with a zero: nobody has cut them
}

func newDamage(c *checker, s *source.Survey, ignored func(column int) bool) *damage {
	d := &damage{check: c, columns: make([]columnDamage, len(s.Columns)), typed: !s.JSON}
	for i, header := range s.Columns {
		col := &d.columns[i]
		number := fmt.Sprintf("#%d", i+1)
		if col.name = header; header == "" {
			col.name = number
		}
		col.ignored = ignored(i)
		if isCode(header) {
			col.widths = new([17]Finding)
		}
	}
	return d
}

// codeWords are words of headers whose columns hold codes of digits, of one length mostly.
var codeWords = []string{"zip", "postal", "postcode", "plz", "postleitzahl", "ean", "gtin", "upc", "isbn", "sku",
	"account number", "customer number", "kundennummer", "article number", "artikelnummer"}

func isCode(header string) bool {
	words := strings.FieldsFunc(strings.ToLower(header), func(r rune) bool { return strings.ContainsRune(" _-./", r) })
	low := " " + strings.Join(words, " ") + " "
	return slices.ContainsFunc(codeWords, func(w string) bool {
		return strings.Contains(low, " "+w+" ") || len(w) > 5 && strings.Contains(low, w)
	})
}

// row looks at the cells of a row.
func (d *damage) row(row *mapping.Row, errs []*mapping.CellError) {
	for i := range row.Cells {
		cell := &row.Cells[i]
		if i >= len(d.columns) || d.columns[i].ignored || cell.Text == "" ||
			cell.Kind != value.TextCell && cell.Kind != value.NumberCell ||
			slices.ContainsFunc(errs, func(e *mapping.CellError) bool { return e.Index == i }) {
			continue
		}
		d.cell(row, i)
	}
}

func (d *damage) cell(row *mapping.Row, i int) {
	cell := &row.Cells[i]
	text := cell.Text
	digits := strings.TrimPrefix(text, "-")
	if cell.Kind == value.NumberCell && d.typed && len(digits) > workbook.Digits && leadingDigits(digits) == len(digits) {
		d.warn("SHT001", row, i, "%q has %d digits, and a spreadsheet keeps %d: the last ones may be lost", text, len(digits),
			workbook.Digits)
	}
	switch first := text[0]; {
	case first >= '0' && first <= '9':
		d.number(row, i)
	case first == '#' && len(text) >= 3 && strings.Trim(text, "#") == "":
		d.warn("SHT008", row, i, "%q is an error of a spreadsheet", shorten(text))
	case first == '#' && slices.Contains(sheetErrors, strings.ToUpper(strings.TrimSpace(text))):
		d.warn("SHT004", row, i, "%q is an error of a spreadsheet", shorten(text))
	case first == '-' && isRounded(text):
		d.warn("SHT001", row, i, "%q was rounded by a spreadsheet", text)
	}
	if at := mojibake(text); at != nil {
		d.check.find(&d.check.out.Warnings, "SHT005", d.columns[i].name, "", func() Example {
			bad := text[at[0]:at[1]]
			e := exampleOf(row, i, fmt.Sprintf("%q stands for a letter that was read in a wrong encoding", bad))
			e.From, e.To = at[0], at[1]
			return e
		})
	}
	// Texts of exactly the lengths at which programs cut.
	if len(text) >= 255 && len(text) <= 4*255 && utf8.RuneCountInString(text) == 255 {
		d.warn("SHT006", row, i, "the text has exactly 255 characters")
	}
	if len(text) >= 32767 && len(text) <= 4*32767 {
		units := len(utf16.Encode([]rune(text)))                   // as Excel counts
		if units == 32767 || units == 32766 && len(text) > 32767 { // a pair is not cut in half
			d.warn("SHT007", row, i, "the text has exactly 32,767 characters")
		}
	}
}

// number looks at a cell that begins with a digit.
func (d *damage) number(row *mapping.Row, i int) {
	text, col := row.Cells[i].Text, &d.columns[i]
	digits := leadingDigits(text)
	switch whole := digits == len(text); {
	case whole && digits == 5 && text >= "20000" && text < "60000":
		col.serials.note(func() Example {
			return exampleOf(row, i, fmt.Sprintf("%q stands among dates: a spreadsheet's day number", text))
		})
	case !whole && digits <= 4 && isDateLike(text, digits):
		col.dates++
	case !whole && isRounded(text):
		d.warn("SHT001", row, i, "%q was rounded by a spreadsheet", text)
	}
	if col.widths != nil && digits == len(text) && digits < len(col.widths) {
		col.zeros = col.zeros || text[0] == '0'
		col.widths[digits].note(func() Example {
			return exampleOf(row, i, fmt.Sprintf("%q has %d digits, most others have more", text, digits))
		})
	}
}

func leadingDigits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

// isDateLike reports whether a text that begins with some digits goes on like a date: 14/07/2024, 2024-07-14.
func isDateLike(text string, digits int) bool {
	sep, rest := text[digits], text[digits+1:]
	n := leadingDigits(rest)
	return strings.IndexByte("/-.", sep) >= 0 && n > 0 && n <= 2 && n < len(rest) && rest[n] == sep
}

var rounded = regexp.MustCompile(`^-?[0-9.,]*[Ee]\+[0-9.,]+$`)

// isRounded recognises numbers such as 1.23E+11 and 4,915E+10.
func isRounded(text string) bool { return strings.ContainsAny(text, "Ee") && rounded.MatchString(text) }

// sheetErrors are the error values of Excel, LibreOffice and Google Sheets, in English, German, French and Spanish.
var sheetErrors = []string{"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
	"#ERROR!", "#BEZUG!", "#WERT!", "#NV", "#ZAHL!", "#VALEUR!", "#NOM?", "#NOMBRE!", "#NOMBRE?", "#¡REF!", "#¡VALOR!",
	"#¡DIV/0!", "#¿NOMBRE?"}

var brokenLetter = regexp.MustCompile(
	"\uFFFD|â€(?s:.)|[ÃÂ][\u0080-\u00BF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")

// mojibake finds what a letter of UTF-8 looks like after it was read as Windows-1252, or the mark of a letter that was
// lost: "Ã¼" of ü, "â€™" of an apostrophe, U+FFFD. nil where there is none.
func mojibake(text string) []int {
	if strings.IndexByte(text, "Ã"[0]) < 0 && strings.IndexByte(text, "\uFFFD"[0]) < 0 {
		return nil // mostly, and found faster than by the expression
	}
	for _, begin := range []string{"Ã", "Â", "â€", "\uFFFD"} {
		if strings.Contains(text, begin) {
			return brokenLetter.FindStringIndex(text)
		}
	}
	return nil
}

func (d *damage) warn(code string, row *mapping.Row, i int, format string, args ...any) {
	d.check.find(&d.check.out.Warnings, code, d.columns[i].name, "", func() Example {
		return exampleOf(row, i, fmt.Sprintf(format, args...))
	})
}

// shorten keeps a message short.
func shorten(s string) string {
	if len(s) > 20 {
		return s[:20] + "…"
	}
	return s
}

// finish decides about the damage that shows only against the whole column.
func (d *damage) finish() {
	for i := range d.columns {
		col := &d.columns[i]
		if col.serials.Rows > 0 && col.dates > 0 {
			d.check.add(&d.check.out.Warnings, "SHT002", col.name, col.serials)
		}
		if col.widths != nil && !col.zeros {
			d.cutZeros(col)
		}
	}
}

// cutZeros compares a column's codes: where most have one length, and none begins with a zero, the shorter ones have
// probably lost theirs.
func (d *damage) cutZeros(col *columnDamage) {
	total, usual := 0, 0
	for n := range col.widths {
		total += col.widths[n].Rows
		if col.widths[n].Rows > col.widths[usual].Rows {
			usual = n
		}
	}
	if usual < 4 || col.widths[usual].Rows*2 <= total {
		return
	}
	var f Finding
	for n := max(1, usual-2); n < usual; n++ {
		f.Rows += col.widths[n].Rows
		f.Examples = append(f.Examples, col.widths[n].Examples...)
	}
	if f.Rows > 0 {
		f.Examples = f.Examples[:min(len(f.Examples), maxExamples)]
		d.check.add(&d.check.out.Warnings, "SHT003", col.name, f)
	}
}
