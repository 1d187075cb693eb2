package attiotest

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// decimal reads a finite number and how many decimals it has, written-out exponents included (1.50e1 has none).
func decimal(s string) (f float64, decimals int, ok bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, 0, false
	}
	mantissa, exponent, _ := strings.Cut(strings.ToLower(s), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	exp := 0
	if exponent != "" {
		if exp, err = strconv.Atoi(exponent); err != nil {
			return 0, 0, false
		}
	}
	digits := strings.TrimRight(whole+fraction, "0")
	decimals = len(fraction) - (len(whole+fraction) - len(digits)) - exp
	if strings.Trim(digits, "-+0") == "" {
		decimals = 0
	}
	return f, max(decimals, 0), true
}

// isDecimal tells a plain decimal number, which is what a numeric string may be: "9.99", not "1e3", " 9" or "0x1p2".
func isDecimal(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, fraction, dotted := strings.Cut(s, ".")
	return whole != "" && strings.Trim(whole, "0123456789") == "" &&
		(!dotted || fraction != "" && strings.Trim(fraction, "0123456789") == "")
}

// fourDecimals holds a number to the four decimals that Attio documents.
func fourDecimals(a *attribute, rd *reader, s, key string) (float64, *refusal) {
	f, decimals, ok := decimal(s)
	if !ok {
		return 0, badValue(a.slug, invalidItem("Number must be finite", key))
	}
	if decimals <= 4 || rd.o.Readings.Decimals == DecimalsKept {
		return f, nil
	}
	if rd.o.Readings.Decimals == DecimalsRefused {
		return 0, badValue(a.slug, invalidItem("Number must have at most 4 decimal places", key))
	}
	exact, _ := new(big.Rat).SetString(s)
	rounded, _ := strconv.ParseFloat(exact.FloatString(4), 64)
	return rounded, nil
}

// parseNumber takes JSON numbers: docs.attio.com says at most four decimals.
func parseNumber(a *attribute, rd *reader, v any) (body, *refusal) {
	s, isString := v.(string)
	if isString && rd.o.Readings.NumericStrings && isDecimal(s) {
		v = number(s)
	}
	n, ok := v.(number)
	if !ok {
		return nil, badValue(a.slug, wrongType([]any{"value"}, "number", kindOf(v)))
	}
	f, r := fourDecimals(a, rd, string(n), "value")
	return numberBody(f), r
}

// parseMoney takes a number, or one as a string, which Attio's page on currencies documents. The code is the
// attribute's and cannot be written.
func parseMoney(a *attribute, rd *reader, v any) (body, *refusal) {
	s, isString := v.(string)
	if isString && isDecimal(s) { // documented: "9.99" beside 9.99
		v = number(s)
	}
	n, ok := v.(number)
	if !ok {
		return nil, badValue(a.slug, wrongType([]any{"currency_value"}, "number", kindOf(v)))
	}
	f, r := fourDecimals(a, rd, string(n), "currency_value")
	return moneyBody(f), r
}

// parseRating takes 0 to 5 in whole stars.
func parseRating(a *attribute, v any) (body, *refusal) {
	n, ok := v.(number)
	if !ok {
		return nil, badValue(a.slug, wrongType([]any{"value"}, "number", kindOf(v)))
	}
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || f != math.Trunc(f) || f < 0 || f > 5 {
		return nil, badValue(a.slug, invalidItem("Rating must be a whole number between 0 and 5", "value"))
	}
	return numberBody(f), nil
}
