package value

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/currency"
)

// isCurrency reports whether a word is the code of a currency: one of ISO 4217, or NTD, as Attio writes the Taiwan
// dollar. https://docs.attio.com/docs/attribute-types/attribute-types-currency
func isCurrency(word string) bool {
	_, err := currency.ParseISO(word)
	return err == nil || strings.EqualFold(word, "NTD")
}

var currencyWord = regexp.MustCompile(`\p{Sc}|\p{L}+`)

// isMark reports whether what currencyWord finds is a currency's: a symbol, or a code.
func isMark(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return !unicode.IsLetter(r) || isCurrency(word)
}

// StripCurrency leaves symbols of currencies and three-letter codes that are currencies out.
func StripCurrency(text string) string {
	return Trim(currencyWord.ReplaceAllStringFunc(text, func(word string) string {
		if isMark(word) {
			return ""
		}
		return word
	}))
}

// symbolCodes are the currencies of the symbols that stand for more than one or are worth telling apart.
var symbolCodes = map[string][]string{
	"€": {"EUR"}, "£": {"GBP", "EGP", "FKP", "GIP", "LBP", "SDG", "SHP", "SYP"}, "¥": {"JPY", "CNY"}, "₹": {"INR"},
	"₩": {"KRW"}, "₽": {"RUB"}, "₺": {"TRY"}, "₪": {"ILS"}, "฿": {"THB"}, "₫": {"VND"}, "₴": {"UAH"}, "₦": {"NGN"},
	"₱": {"PHP"}, "₡": {"CRC"}, "₸": {"KZT"}, "₾": {"GEL"}, "₵": {"GHS"}, "৳": {"BDT"}, "₲": {"PYG"},
	"$": {"USD", "AUD", "BBD", "BMD", "BND", "BSD", "BZD", "CAD", "CLP", "COP", "CVE", "DOP", "FJD", "GYD", "HKD", "JMD",
		"KYD", "LRD", "MXN", "NAD", "NTD", "NZD", "SBD", "SGD", "SRD", "TTD", "TWD", "UYU", "XCD"},
}

// OtherCurrency is the first mark beside an amount, a symbol or a code, that is of another currency than that of the
// code; "" where there is none, and where code is "".
func OtherCurrency(text, code string) string {
	if code == "" {
		return ""
	}
	if code == "NTD" {
		code = "TWD"
	}
	for _, word := range currencyWord.FindAllString(text, -1) {
		codes, known := symbolCodes[word]
		switch {
		case known && !slices.Contains(codes, code):
			return word
		case known || !isMark(word), strings.EqualFold(word, code), code == "TWD" && strings.EqualFold(word, "NTD"):
		case isCurrency(word):
			return word
		}
	}
	return ""
}

// CheckCurrency refuses an amount beside which the mark of another currency stands than the attribute's: without it the
// amount would be another.
func (r *Reader) CheckCurrency(text string) *Refusal {
	mark := OtherCurrency(text, r.Attr.CurrencyCode)
	if mark == "" {
		return nil
	}
	at := strings.Index(text, mark)
	return refuse(CodeCurrency, "an amount in "+r.Attr.CurrencyCode, "%q is an amount in %s, and %s is in %s", text, mark,
		r.Attr.Slug, r.Attr.CurrencyCode).at(at, at+len(mark))
}
