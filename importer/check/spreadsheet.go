package check

import (
	"fmt"
	"strings"
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
	typed   bool  // numbers are those of a workbook, which keeps fifteen digits; JSON's are as they are written
	refused []int // columns of the row at hand with a refused cell
}

// columnDamage is what one column has shown so far; two kinds of damage show only against the rest of their column.
type columnDamage struct {
	name    string
	ignored bool
	dates   int            // cells written like a date
	serials *Finding       // cells that could be days since 1900
	widths  *[17]codeWidth // of a column of codes, by the number of digits; nil for other columns
	zeros   bool           // some code begins with a zero: nobody has cut them
}

// codeWidth is the codes of one number of digits.
type codeWidth struct {
	rows     int
	examples []Example
}

func newDamage(c *checker, s *source.Survey, ignore []string) *damage {
	d := &damage{check: c, columns: make([]columnDamage, len(s.Columns)), typed: !s.JSON}
	for i, header := range s.Columns {
		col := &d.columns[i]
		col.name = header
		if header == "" {
			col.name = fmt.Sprintf("#%d", i+1)
		}
		for _, name := range ignore {
			col.ignored = col.ignored || strings.EqualFold(name, header) || name == fmt.Sprintf("#%d", i+1)
		}
		if isCode(header) {
			col.widths = new([17]codeWidth)
		}
	}
	return d
}

// codeWords are words of headers whose columns hold codes of digits, of one length mostly.
var codeWords = []string{"zip", "postal", "postcode", "plz", "postleitzahl", "ean", "gtin", "upc", "isbn", "sku", "account number",
	"customer number", "kundennummer", "article number", "artikelnummer"}

func isCode(header string) bool {
	low := " " + strings.ToLower(strings.Join(strings.FieldsFunc(header, func(r rune) bool { return strings.ContainsRune(" _-./", r) }), " ")) + " "
	for _, w := range codeWords {
		if strings.Contains(low, " "+w+" ") || len(w) > 5 && strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// row looks at the cells of a row.
func (d *damage) row(row *mapping.Row, errs []*mapping.CellError) {
	d.refused = d.refused[:0]
	for _, e := range errs {
		d.refused = append(d.refused, e.Index)
	}
	for i := range row.Cells {
		if i < len(d.columns) && !d.columns[i].ignored && row.Cells[i].Text != "" && !d.wasRefused(i) {
			d.cell(row, i)
		}
	}
}

func (d *damage) wasRefused(i int) bool {
	for _, n := range d.refused {
		if n == i {
			return true
		}
	}
	return false
}

func (d *damage) cell(row *mapping.Row, i int) {
	cell, col := &row.Cells[i], &d.columns[i]
	text := cell.Text
	if cell.Kind != value.TextCell && cell.Kind != value.NumberCell {
		return
	}
	first := text[0]
	if cell.Kind == value.NumberCell && d.typed {
		d.typedNumber(row, i)
	}
	switch {
	case first >= '0' && first <= '9':
		d.number(row, i, col)
	case first == '#':
		if code := sheetError(text); code != "" {
			d.warn(code, row, i, fmt.Sprintf("%q is an error of a spreadsheet", shorten(text)))
		}
	case first == '-' && isRounded(text):
		d.warn(codeRounded, row, i, fmt.Sprintf("%q was rounded by a spreadsheet", text))
	}
	if strings.IndexByte(text, 0xC3) >= 0 || strings.IndexByte(text, 0xEF) >= 0 {
		if bad := mojibake(text); bad != "" {
			d.check.find(warningFinding, codeMojibake, d.columns[i].name, "", func() Example {
				e := d.example(row, i, fmt.Sprintf("%q stands for a letter that was read in a wrong encoding", bad))
				e.From = strings.Index(text, bad)
				e.To = e.From + len(bad)
				return e
			})
		}
	}
	if len(text) >= 255 {
		d.long(row, i)
	}
}

// typedNumber warns of a whole number that has more digits than a workbook keeps: an id, most likely.
func (d *damage) typedNumber(row *mapping.Row, i int) {
	text := row.Cells[i].Text
	digits := strings.TrimPrefix(text, "-")
	if len(digits) > workbook.Digits && strings.Trim(digits, "0123456789") == "" {
		d.warn(codeRounded, row, i, fmt.Sprintf("%q has %d digits, and a spreadsheet keeps %d: the last ones may be lost",
			text, len(digits), workbook.Digits))
	}
}

// long warns of texts of exactly the lengths at which programs cut.
func (d *damage) long(row *mapping.Row, i int) {
	text := row.Cells[i].Text
	if len(text) <= 4*255 && utf8.RuneCountInString(text) == 255 {
		d.warn(codeCutAt255, row, i, "the text has exactly 255 characters")
	}
	if len(text) < 32767 || len(text) > 4*32767 {
		return
	}
	units := 0 // Excel counts UTF-16 units
	for _, r := range text {
		if units++; r > 0xFFFF {
			units++
		}
	}
	if units == 32767 || units == 32766 && len(text) > 32767 { // a pair is not cut in half
		d.warn(codeCutAt32767, row, i, "the text has exactly 32,767 characters")
	}
}

// number looks at a cell that begins with a digit.
func (d *damage) number(row *mapping.Row, i int, col *columnDamage) {
	text := row.Cells[i].Text
	digits := 0
	for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		digits++
	}
	switch {
	case digits == len(text) && digits == 5 && text >= "20000" && text < "60000":
		if col.serials == nil {
			col.serials = &Finding{}
		}
		col.serials.note(func() Example {
			return d.example(row, i, fmt.Sprintf("%q stands among dates: a spreadsheet's day number", text))
		})
	case digits < len(text) && digits <= 4 && isDateLike(text, digits):
		col.dates++
	case digits < len(text) && isRounded(text):
		d.warn(codeRounded, row, i, fmt.Sprintf("%q was rounded by a spreadsheet", text))
	}
	if col.widths != nil && digits == len(text) && digits < len(col.widths) {
		w := &col.widths[digits]
		col.zeros = col.zeros || text[0] == '0'
		if w.rows++; len(w.examples) < maxExamples {
			w.examples = append(w.examples, d.example(row, i, fmt.Sprintf("%q has %d digits, most others have more", text, digits)))
		}
	}
}

// isDateLike reports whether a text that begins with some digits goes on like a date: 14/07/2024, 2024-07-14.
func isDateLike(text string, digits int) bool {
	sep := text[digits]
	if sep != '/' && sep != '-' && sep != '.' {
		return false
	}
	rest := text[digits+1:]
	n := 0
	for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
		n++
	}
	return n > 0 && n <= 2 && n < len(rest) && rest[n] == sep
}

// isRounded recognises numbers such as 1.23E+11 and 4,915E+10.
func isRounded(text string) bool {
	at := strings.IndexAny(text, "Ee")
	if at < 1 || at+2 >= len(text) || text[at+1] != '+' {
		return false
	}
	for i := 0; i < len(text); i++ {
		if c := text[i]; (c < '0' || c > '9') && c != '.' && c != ',' && i != at && i != at+1 && (i > 0 || c != '-') {
			return false
		}
	}
	return true
}

// sheetErrors are the error values of Excel, LibreOffice and Google Sheets, in English, German, French and Spanish.
var sheetErrors = []string{"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#ERROR!", "#BEZUG!", "#WERT!", "#NV",
	"#ZAHL!", "#VALEUR!", "#NOM?", "#NOMBRE!", "#NOMBRE?", "#¡REF!", "#¡VALOR!", "#¡DIV/0!", "#¿NOMBRE?"}

// sheetError is the code of a cell that begins with #; "" for a cell like any other.
func sheetError(text string) string {
	if len(text) >= 3 && strings.Trim(text, "#") == "" {
		return codeHashFilling
	}
	for _, e := range sheetErrors {
		if strings.EqualFold(strings.TrimSpace(text), e) {
			return codeSheetError
		}
	}
	return ""
}

// mojibake finds what a letter of UTF-8 looks like after it was read as Windows-1252, or the mark of a letter that was
// lost: "Ã¼" of ü, "â€™" of an apostrophe, U+FFFD. "" where there is none.
func mojibake(text string) string {
	for i := 0; i+2 < len(text); i++ {
		rest := text[i:]
		switch {
		case strings.HasPrefix(rest, "\uFFFD"):
			return "\uFFFD"
		case strings.HasPrefix(rest, "â€") && len(rest) > len("â€"):
			return rest[:len("â€")+runeLen(rest[len("â€"):])]
		case strings.HasPrefix(rest, "Ã") || strings.HasPrefix(rest, "Â"):
			next := rest[2:]
			if r, n := utf8.DecodeRuneInString(next); n > 0 && (r >= 0x80 && r <= 0xBF || strings.ContainsRune("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ", r)) {
				return rest[:2+n]
			}
		}
	}
	return ""
}

func runeLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

func (d *damage) warn(code string, row *mapping.Row, i int, text string) {
	d.check.find(warningFinding, code, d.columns[i].name, "", func() Example { return d.example(row, i, text) })
}

func (d *damage) example(row *mapping.Row, i int, text string) Example {
	cell := &row.Cells[i]
	return Example{Row: row.Number, Line: int(cell.Line), Column: int(cell.Column), Value: strings.Clone(cell.Text), Text: text}
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
		if col.serials != nil && col.dates > 0 {
			d.check.add(warningFinding, codeDateSerial, col.name, col.serials)
		}
		d.cutZeros(col)
	}
}

// cutZeros compares a column's codes: where most have one length, and none begins with a zero, the shorter ones have
// probably lost theirs.
func (d *damage) cutZeros(col *columnDamage) {
	if col.widths == nil || col.zeros {
		return
	}
	total, usual := 0, 0
	for n := range col.widths {
		total += col.widths[n].rows
		if col.widths[n].rows > col.widths[usual].rows {
			usual = n
		}
	}
	if usual < 4 || col.widths[usual].rows*2 <= total {
		return
	}
	var f Finding
	for n := max(1, usual-2); n < usual; n++ {
		f.Rows += col.widths[n].rows
		f.Examples = append(f.Examples, col.widths[n].examples...)
	}
	if f.Rows > 0 {
		f.Examples = f.Examples[:min(len(f.Examples), maxExamples)]
		d.check.add(warningFinding, codeLostZeros, col.name, &f)
	}
}
