package flat

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// formulaStarts: a spreadsheet runs a cell that begins with one of these, even behind blanks, as a formula. Plain
// numbers and E.164 phone numbers it leaves alone.
const formulaStarts = "=+-@\t\r＝＋－＠"

var plainNumber = regexp.MustCompile(`^[+-][0-9]+(\.[0-9]+)?$`)

// formula reports whether a spreadsheet might run a cell.
func formula(cell string) bool {
	first, size := utf8.DecodeRuneInString(strings.TrimLeft(cell, " \u00a0\u3000\ufeff\u200b\n\v\f"))
	return size > 0 && strings.ContainsRune(formulaStarts, first) && !plainNumber.MatchString(cell)
}

// Neutral makes a cell that a spreadsheet would run harmless, by an apostrophe in front. A cell that has apostrophes
// before a formula already gets one more, so that Plain finds back exactly what was there.
func Neutral(cell string) string {
	if formula(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// Plain takes the apostrophe off that Neutral put there.
func Plain(cell string) string {
	if strings.HasPrefix(cell, "'") && formula(strings.TrimLeft(cell, "'")) {
		return cell[1:]
	}
	return cell
}
