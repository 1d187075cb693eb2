package value

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// parseNumber reads a number or an amount of money. Its normal form is the exact decimal without needless zeros:
// "1234.5", "-0.25", "0". Numbers are stored with at most four decimals as 64-bit floats, so a fifth decimal that is
// not zero and digits that a float would change are refused.
func parseNumber(r *Reader, kind Kind, text string, v *Value) *Refusal {
	plain := text
	if kind != NumberCell {
		var bad *Refusal
		if plain, bad = plainNumber(r, text); bad != nil {
			return bad
		}
	}
	number, ok := decimal(plain)
	if !ok {
		return r.refuse(CodeNumber, "%q is not a number", text)
	}
	if dot := strings.IndexByte(number, '.'); dot >= 0 && len(number)-dot-1 > 4 {
		return refuse(CodeDecimals, "at most four decimals, which is what Attio stores", "%s has more than four decimals",
			text)
	}
	if !exact(number) {
		return refuse(CodeInexact, "about 15 digits; keep longer numbers in a text attribute",
			"%s would be changed: Attio stores numbers as 64-bit floats", text)
	}
	v.Text, v.Orig = number, text
	return nil
}

// plainNumber checks the separators of a number as people write it and answers it with a point and without grouping.
func plainNumber(r *Reader, text string) (string, *Refusal) {
	dec, group := r.Point(), r.Thousands
	if dec == "." && group != "." && strings.Trim(strings.TrimPrefix(text, "-"), "0123456789.") == "" {
		return text, nil
	}
	if bad := notNumber(r, text); bad != nil {
		r.together(text, bad)
		return "", bad
	}
	whole, fraction, hasFraction := strings.Cut(text, dec)
	signed := whole
	whole = strings.TrimLeft(whole, "+-")
	sign := signed[:len(signed)-len(whole)]
	if group != "" {
		var ok bool
		if whole, ok = ungroup(whole, group); !ok {
			return "", refuse(CodeSeparator, fmt.Sprintf("groups such as 1%s234%[1]s567", group),
				"%q: %q does not stand between groups of three digits", text, group)
		}
	}
	if !hasFraction {
		return sign + whole, nil
	}
	if fraction == "" {
		return "", r.refuse(CodeNumber, "%q has no digits behind the %q", text, dec)
	}
	return sign + whole + "." + fraction, nil
}

// notNumber refuses text with characters that no number of the column has, and says which mapping line would take them.
func notNumber(r *Reader, text string) *Refusal {
	for i, c := range text {
		at := string(c)
		if c >= '0' && c <= '9' || at == r.Point() || r.isGroup(at) || i == 0 && (c == '-' || c == '+') {
			continue
		}
		_, width := utf8.DecodeRuneInString(text[i:])
		bad := r.refuse(CodeNumber, "%q is not a number", text)
		switch {
		case (c == 'E' || c == 'e') && i > 0 && isScientific(text):
			bad = refuse(CodeScientific, "all digits; export the column as text from where it came",
				"%q is a number that a spreadsheet has rounded", text)
		case hasSymbol(text) && (IsBlank(c) || !isAlnum(text[i]) && c != ',' && c != '.' ||
			isCurrency(letters(text)) && c >= 'A' && c <= 'Z'):
			if bad := r.CheckCurrency(text); bad != nil {
				return bad
			}
			bad = r.refuse(CodeSymbol, "%q holds a symbol beside the number", text)
			if !strings.Contains(text, "%") {
				bad.Setting = transformBy("strip-currency")
			}
		case c == ',' || c == '.' || c == '\'' || c == '’' || IsBlank(c):
			bad = r.refuse(CodeSeparator, "%q: the mapping does not name %q as a separator", text, at).set(r.separator(text, at))
		}
		return bad.at(i, i+width)
	}
	return nil
}

// together completes the setting of a refusal: with one mark named, the next of the same text would be refused. Where
// no settings would have the text taken, the first one stays.
func (r *Reader) together(text string, first *Refusal) {
	if r.quiet {
		return
	}
	there, bad := *r, first
	there.quiet = true
	var all []*Setting
	for n := 0; n < 3 && bad != nil; n++ {
		set := bad.Setting
		switch {
		case set == nil:
			return
		case set.Key == "decimal":
			there.Decimal = set.Value
		case set.Key == "thousands":
			there.Thousands = set.Value
		case set.Value == "strip-currency":
			text = StripCurrency(text)
		}
		all = append(all, set)
		_, bad = plainNumber(&there, text)
	}
	if bad == nil && len(all) > 1 {
		set := *all[0]
		set.And = all[1:]
		first.Setting = &set
	}
}

// isGroup reports whether a character is the column's grouping separator; a blank stands for every kind of blank.
func (r *Reader) isGroup(at string) bool {
	return r.Thousands != "" && (at == r.Thousands || r.Thousands == " " && strings.TrimFunc(at, IsBlank) == "")
}

// separator guesses what a separator was meant to be: with three digits behind each it groups, else it is the decimal
// one.
func (r *Reader) separator(text, at string) *Setting {
	last := text[strings.LastIndex(text, at)+len(at):]
	if strings.Count(text, at) > 1 || at != "," && at != "." || strings.Contains(last, ".") ||
		len(last) == 3 && at != r.Point() && r.Point() == "." {
		return setKey("thousands", at)
	}
	return setKey("decimal", at)
}

// ungroup takes grouping separators out: one to three digits, then groups of exactly three.
func ungroup(whole, group string) (string, bool) {
	if group == " " {
		whole = strings.Map(func(r rune) rune {
			if IsBlank(r) {
				return ' '
			}
			return r
		}, whole)
	}
	pieces := strings.Split(whole, group)
	for i, p := range pieces {
		if i > 0 && len(p) != 3 || i == 0 && len(pieces) > 1 && (len(p) == 0 || len(p) > 3) {
			return "", false
		}
	}
	return strings.Join(pieces, ""), true
}

// hasSymbol reports whether a currency's symbol or code, or a percent sign, stands in a text.
func hasSymbol(text string) bool {
	return strings.ContainsAny(text, "$€£¥₹₽₩₺₪฿%") || isCurrency(letters(text))
}

func letters(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < 'A' || r > 'Z' }), "")
}

func isScientific(text string) bool {
	_, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	return err == nil
}

// decimal brings JSON number text, exponents included, and plain decimals into the normal form. ok is false for what
// is no number and for exponents beyond what a float holds.
func decimal(text string) (string, bool) {
	if isNormal(text) {
		return text, true
	}
	sign, rest := "", text
	if rest != "" && (rest[0] == '-' || rest[0] == '+') {
		sign, rest = strings.Trim(rest[:1], "+"), rest[1:]
	}
	shift := 0
	if e := strings.IndexAny(rest, "eE"); e >= 0 {
		n, err := strconv.Atoi(rest[e+1:])
		if err != nil || n > 400 || n < -400 {
			return "", false
		}
		shift, rest = n, rest[:e]
	}
	whole, fraction, dotted := strings.Cut(rest, ".")
	if dotted && fraction == "" || !IsDigits(whole) || !IsDigits(fraction) || whole == "" && fraction == "" {
		return "", false
	}
	if shift != 0 {
		digits, point := whole+fraction, len(whole)+shift
		digits = strings.Repeat("0", max(0, -point)) + digits + strings.Repeat("0", max(0, point-len(digits)))
		whole, fraction = digits[:max(0, point)], digits[max(0, point):]
	}
	whole, fraction = cmp.Or(strings.TrimLeft(whole, "0"), "0"), strings.TrimRight(fraction, "0")
	if fraction != "" {
		return sign + whole + "." + fraction, true
	}
	if whole == "0" {
		sign = ""
	}
	return sign + whole, true
}

// isNormal recognises the commonest numbers, which are normal as they stand: without a sign, and without needless
// zeros.
func isNormal(text string) bool {
	whole, fraction, dotted := strings.Cut(text, ".")
	if dotted && (fraction == "" || fraction[len(fraction)-1] == '0' || !IsDigits(fraction)) {
		return false
	}
	return whole != "" && (whole[0] != '0' || len(whole) == 1) && IsDigits(whole)
}

// IsDigits reports whether a text has no other letters than 0 to 9.
func IsDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// exact reports whether a 64-bit float keeps every digit of a normal decimal.
func exact(number string) bool {
	if len(number) <= 15 || len(number) == 16 && strings.IndexByte(number, '.') >= 0 { // at most 15 digits
		return true
	}
	f, err := strconv.ParseFloat(number, 64)
	return err == nil && strconv.FormatFloat(f, 'f', -1, 64) == number
}

// decodeNumber reads numbers as Attio answers them: JSON numbers, and in the documentation's examples also text.
func decodeNumber(_ *attio.Attribute, raw []byte, v *Value) bool {
	return decodeDecimal(raw, "value", v)
}

func decodeDecimal(raw []byte, key string, v *Value) (ok bool) {
	value := rawjson.Member(raw, key)
	if value == nil {
		return false
	}
	text, quoted := rawjson.Unquote(value)
	if !quoted {
		text = string(value)
	}
	v.Text, ok = decimal(text)
	return ok
}

// encodeCurrency sends the amount alone: the currency is the attribute's and cannot be written.
func encodeCurrency(dst []byte, v *Value) []byte {
	dst = append(dst, `{"currency_value":`...)
	return append(append(dst, v.Text...), '}')
}

func decodeCurrency(_ *attio.Attribute, raw []byte, v *Value) bool {
	v.Code = memberText(raw, "currency_code")
	return decodeDecimal(raw, "currency_value", v)
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
