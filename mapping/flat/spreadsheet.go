package flat

import (
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// A spreadsheet runs a cell that begins with one of these, even behind blanks, as a formula.
const formulaStarts = "=+-@\t\r＝＋－＠"

// formula says whether a spreadsheet might run a cell: plain numbers and E.164 phone numbers it leaves alone.
func formula(cell string) bool {
	start := strings.TrimLeft(cell, " \u00a0\u3000\ufeff\u200b\n\v\f")
	if start == "" || !strings.ContainsAny(firstRune(start), formulaStarts) {
		return false
	}
	number := strings.TrimPrefix(start, "-")
	if number == start {
		number = strings.TrimPrefix(start, "+")
	}
	if number == start || number == "" || len(start) != len(cell) {
		return true
	}
	whole, fraction, dotted := strings.Cut(number, ".")
	return !value.IsDigits(whole) || !value.IsDigits(fraction) || whole == "" || dotted && fraction == ""
}

func firstRune(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}

// Neutral makes a cell that a spreadsheet would run harmless, by an apostrophe in front. A cell that has apostrophes
// before a formula already gets one more, so that plain finds back exactly what was there.
func Neutral(cell string) string {
	if formula(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// Plain takes the apostrophe off that neutral put there.
func Plain(cell string) string {
	if strings.HasPrefix(cell, "'") && formula(strings.TrimLeft(cell, "'")) {
		return cell[1:]
	}
	return cell
}
