package attiotest

import (
	"cmp"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The readers of single values are strict in Attio's way, by its pages on attribute types and the input-value schema of
// its OpenAPI document.

const maxText = 10 << 20 // "Values are limited to 10MB" (OpenAPI, text value)

// readText keeps a text as it is, blanks and line breaks included.
func readText(a *attribute, v any, _ bool) body {
	s := a.text(v, "value")
	switch {
	case s == "" && a.readings().EmptyText != EmptyStored:
		panic(a.bad(invalidItem("String must contain at least 1 character(s)", "value")))
	case len(s) > maxText:
		panic(a.bad(invalidItem("Value is too long", "value")))
	case strings.ContainsRune(s, 0):
		panic(a.bad(invalidItem("Invalid string", "value")))
	}
	return s
}

// readCheckbox takes booleans and the two strings that the OpenAPI document names, no other spelling.
func readCheckbox(a *attribute, v any, _ bool) body {
	switch v {
	case true, "true":
		return true
	case false, "false":
		return false
	}
	panic(a.bad(wrongType("boolean", kindOf(v), "value")))
}

// readOption finds an option or a status by title or id. None is ever made by a write.
func readOption(a *attribute, v any, trusted bool) body {
	s := a.text(v, a.kind.key)
	if s == "" {
		panic(a.bad(invalidItem("String must contain at least 1 character(s)", a.kind.key)))
	}
	o := a.findOption(s, a.readings().FoldOptionTitles, true)
	if o == nil || o.archived && !a.readings().ArchivedOptions && !trusted {
		panic(a.noOption(s))
	}
	return o
}

// noOption has two wordings, as reported; the OpenAPI document's example has a third.
func (a *attribute) noOption(title string) *refusal {
	what := map[string]string{"select": "select option", "status": "Status"}[a.typ]
	return valueNotFound("Cannot find %s with title %q.", what, title)
}

// decimal reads a finite number and how many decimals it has, written-out exponents included (1.50e1 has none).
func decimal(s string) (f float64, decimals int, ok bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, 0, false
	}
	mantissa, exponent, _ := strings.Cut(strings.ToLower(s), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	exp, err := strconv.Atoi(cmp.Or(exponent, "0"))
	if err != nil {
		return 0, 0, false
	}
	digits := strings.TrimRight(whole+fraction, "0")
	if strings.Trim(digits, "-+0") == "" {
		return f, 0, true
	}
	return f, max(0, len(fraction)-(len(whole+fraction)-len(digits))-exp), true
}

// plainDecimal is what a numeric string may be: "9.99", not "1e3", " 9" or "0x1p2".
var plainDecimal = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// readNumber takes JSON numbers with at most four decimals, as docs.attio.com says, and whole stars from 0 to 5 for a
// rating. A currency may come as a string too, "9.99" beside 9.99; its code is the attribute's and cannot be written.
func readNumber(a *attribute, v any, _ bool) body {
	s, isString := v.(string)
	if isString && (a.typ == "currency" || a.typ == "number" && a.readings().NumericStrings) &&
		plainDecimal.MatchString(s) {
		v = number(s)
	}
	n, ok := v.(number)
	if !ok {
		panic(a.bad(wrongType("number", kindOf(v), a.kind.key)))
	}
	f, decimals, ok := decimal(string(n))
	switch {
	case a.typ == "rating" && (!ok || f != math.Trunc(f) || f < 0 || f > 5):
		panic(a.bad(invalidItem("Rating must be a whole number between 0 and 5", "value")))
	case !ok:
		panic(a.bad(invalidItem("Number must be finite", a.kind.key)))
	case decimals <= 4 || a.readings().Decimals == DecimalsKept:
		return f
	case a.readings().Decimals == DecimalsRefused:
		panic(a.bad(invalidItem("Number must have at most 4 decimal places", a.kind.key)))
	}
	exact, _ := new(big.Rat).SetString(string(n))
	rounded, _ := strconv.ParseFloat(exact.FloatString(4), 64)
	return rounded
}

// isoForm is what Attio documents for dates and times: any prefix of an ISO 8601 moment, with or without a zone.
var isoForm = regexp.MustCompile(`^(\d{4})(?:-(\d{2})(?:-(\d{2})` +
	`(?:T(\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$`)

// moment reads such a form; what is missing is filled with the beginning, a missing zone with UTC. whole says that
// date, hour and minute are all there.
func moment(s string) (t time.Time, whole, ok bool) {
	m := isoForm.FindStringSubmatch(s)
	if m == nil {
		return t, false, false
	}
	full := m[1] + "-" + cmp.Or(m[2], "01") + "-" + cmp.Or(m[3], "01") + "T" + cmp.Or(m[4], "00:00") + ":" +
		cmp.Or(m[5], "00") + "." + (m[6] + strings.Repeat("0", 9))[:9] + cmp.Or(m[7], "Z")
	t, err := time.Parse("2006-01-02T15:04:05.000000000Z07:00", full)
	t = t.UTC()
	// "The maximum date is 9999-12-31": a zone may carry a moment over it, or below year 1.
	return t, m[4] != "", err == nil && t.Year() <= 9999 && t.Year() >= 1
}

// nanoForm is how every time is answered: UTC, nine fraction digits.
const nanoForm = "2006-01-02T15:04:05.000000000Z"

// readMoment cuts the time off a date, after a zone has moved it into UTC. A timestamp keeps nanoseconds; the OpenAPI
// document's example of a bare year is a slip: it is the year's first moment.
func readMoment(a *attribute, v any, _ bool) body {
	t, _, ok := moment(a.text(v, "value"))
	switch {
	case !ok:
		panic(a.bad(invalidItem("Invalid "+a.typ+" value", "value")))
	case a.typ == "date":
		return t.Format(time.DateOnly)
	}
	return t.Format(nanoForm)
}
