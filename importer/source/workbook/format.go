package workbook

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// numberFormat is what matters of a spreadsheet's number format: whether it shows a date, a time of day, or leading
// zeros.
type numberFormat struct {
	date  bool
	clock bool // shows hours
	zeros int  // digits shown at least, of a format of zeros only: "00000"
}

// builtinFormat knows the formats that workbooks refer to by number alone (ECMA-376 part 1, 18.8.30); 27 to 36 and 50
// to 58 are dates in East Asian versions.
func builtinFormat(id int) numberFormat {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return numberFormat{date: true}
	case id == 22:
		return numberFormat{date: true, clock: true}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return numberFormat{clock: true}
	}
	return numberFormat{}
}

var (
	formatNoise   = regexp.MustCompile(`"[^"]*"|\\.|[_*].|(?i:AM/PM|A/P|General)`)
	formatElapsed = regexp.MustCompile(`(?i)\[(h+|m+|s+)\]`)
	formatBracket = regexp.MustCompile(`\[[^\]]*\]`)
	formatZeros   = regexp.MustCompile(`^0{2,}$`)
)

// parseFormat reads a format code such as dd/mm/yyyy hh:mm;@. Elapsed time ([h]:mm) is a number: it is no time of day.
func parseFormat(code string) numberFormat {
	code = formatNoise.ReplaceAllString(code, "")
	code, _, _ = strings.Cut(code, ";")
	if formatElapsed.MatchString(code) {
		return numberFormat{}
	}
	code = strings.ToLower(formatBracket.ReplaceAllString(code, ""))
	if formatZeros.MatchString(code) {
		return numberFormat{zeros: len(code)}
	}
	f := numberFormat{clock: strings.ContainsAny(code, "hs")}
	f.date = strings.ContainsAny(code, "yd") || strings.Contains(code, "m") && !f.clock
	return f
}

var integer = regexp.MustCompile(`^-?[0-9]+$`)

// text gives a number cell as what it shows: a date, a time of day, digits with their zeros, or the number.
func (f numberFormat) text(v string, date1904 bool) (string, value.Kind) {
	n, err := strconv.ParseFloat(v, 64)
	if err != nil {
		return v, value.TextCell
	}
	switch {
	case f.date || f.clock && n >= 1:
		if s := serialDate(n, date1904, f.clock); s != "" {
			return s, value.DateCell
		}
	case f.clock && n >= 0:
		return time.UnixMilli(int64(math.Round(n * 86_400_000))).UTC().Format("15:04:05"), value.TextCell
	case f.zeros > 0 && integer.MatchString(v) && v[0] != '-':
		return strings.Repeat("0", max(0, f.zeros-len(v))) + v, value.TextCell
	}
	// Integers are taken as they are written, since other programs write more digits than a binary number holds.
	switch a := math.Abs(n); {
	case integer.MatchString(v) || a >= 1e21 || a < 1e-9 && n != 0:
		return v, value.NumberCell
	case a < 1e15:
		n = shown(n)
	}
	return strconv.FormatFloat(n, 'f', -1, 64), value.NumberCell
}

// Digits is how many digits of a number a spreadsheet keeps and shows: of a longer one, typed or computed, the rest is
// lost.
const Digits = 15

// shown is a number in the digits that a spreadsheet shows. A workbook holds two more: 1.1000000000000001 for 1.1, and
// 0.30000000000000004 for a sum that everybody sees as 0.3.
func shown(n float64) float64 {
	s, err := strconv.ParseFloat(strconv.FormatFloat(n, 'e', Digits-1, 64), 64)
	if err != nil { // too large to be rounded up
		return n
	}
	return s
}

// serialDate turns days since the epoch into ISO; "" where no calendar has them. The usual system counts 1900-02-29,
// which never was, as day 60 (Lotus 1-2-3 did): it comes out as such, and is refused as a date later.
func serialDate(n float64, date1904, clock bool) string {
	if n < 0 || n >= 2958466 {
		return ""
	}
	day := math.Floor(n)
	ms := int64(math.Round((n - day) * 86_400_000))
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day == 60:
		return "1900-02-29"
	case day < 60:
		epoch = epoch.AddDate(0, 0, 1)
	}
	layout := "2006-01-02"
	if ms > 0 || clock {
		layout += "T15:04:05"
	}
	if ms%1000 != 0 {
		layout += ".000"
	}
	return epoch.AddDate(0, 0, int(day)).Add(time.Duration(ms) * time.Millisecond).Format(layout)
}
