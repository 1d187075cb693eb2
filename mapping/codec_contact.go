package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"github.com/attio-bulk/attio-bulk/attio"
)

// reservedTLDs are names that Attio refuses in e-mail addresses; example.com is taken.
var reservedTLDs = set("test invalid example localhost")

// parseEmail checks an address as strictly as Attio does. Attio keeps what was written and compares in lower case.
// https://docs.attio.com/docs/attribute-types/attribute-types-email-address
func parseEmail(s *source, _ Kind, text string, v *Value) *refusal {
	at := strings.LastIndexByte(text, '@')
	dot := strings.LastIndexByte(text, '.')
	if at <= 0 || at > 64 || len(text) > 254 || !isLocalPart(text[:at]) {
		return notEmail(s, text, 0, 0)
	}
	if !isHost(text[at+1:]) || dot < at {
		return notEmail(s, text, at+1, len(text))
	}
	low := strings.ToLower(text)
	tld := low[dot+1:]
	if reservedTLDs[tld] {
		return &refusal{code: codeReservedTLD, message: fmt.Sprintf("%q is under .%s, which Attio refuses", text, tld), accepted: s.form(), from: dot + 1, to: len(text)}
	}
	if !isTLD(tld) {
		return notEmail(s, text, dot+1, len(text))
	}
	v.Text, v.Orig = low, text
	return nil
}

func notEmail(s *source, text string, from, to int) *refusal {
	bad := &refusal{code: codeEmail, message: fmt.Sprintf("%q is not an e-mail address", text), accepted: s.form(), from: from, to: to}
	if open := strings.IndexByte(text, '<'); open >= 0 && strings.HasSuffix(text, ">") {
		bad.fix = `transform: [regex: {find: ".*<(.*)>", replace: "$1"}]`
	} else if strings.Count(text, "@") > 1 {
		bad.fix = splitFix(s, text)
	}
	return bad
}

// splitFix names the separator that several values in one cell have: one that divides the text into values that are all good.
// Where the attribute holds one, the line takes the first.
func splitFix(s *source, text string) string {
	if s.attr == nil {
		return ""
	}
	for _, sep := range []string{",", "|", "/", "\n", " "} {
		if sep != s.split && strings.Contains(text, sep) && !slices.ContainsFunc(strings.Split(text, sep), func(one string) bool {
			return s.codec.parse(s, TextCell, trim(one), &Value{}) != nil
		}) {
			if s.attr.Multi {
				return "split: " + quoteYAML(sep)
			}
			return fmt.Sprintf("transform: [split: {at: %s, part: 1}]", quoteYAML(sep))
		}
	}
	return ""
}

// isLocalPart checks what stands before the @: unquoted, ASCII, without dots at the ends or side by side.
func isLocalPart(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case isAlnum(c), strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0:
		case c == '.' && i > 0 && i < len(s)-1 && s[i-1] != '.':
		default:
			return false
		}
	}
	return true
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// isHost checks the syntax of an ASCII host name: labels of 1 to 63 letters, digits and inner hyphens.
func isHost(s string) bool {
	if len(s) == 0 || len(s) > 253 {
		return false
	}
	start := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] != '.' {
			if !isAlnum(s[i]) && s[i] != '-' {
				return false
			}
			continue
		}
		if n := i - start; n == 0 || n > 63 || s[start] == '-' || s[i-1] == '-' {
			return false
		}
		start = i + 1
	}
	return true
}

// isTLD checks the form of a last label: two letters at least, or an encoded international one.
func isTLD(tld string) bool {
	if strings.HasPrefix(tld, "xn--") {
		return true
	}
	for i := 0; i < len(tld); i++ {
		if tld[i] < 'a' || tld[i] > 'z' {
			return false
		}
	}
	return len(tld) >= 2
}

// encodeEmail sends the address as written, since Attio keeps that beside the lower-case one.
func encodeEmail(dst []byte, v *Value) []byte {
	dst = append(dst, `{"email_address":`...)
	return append(quote(dst, formatWritten(nil, v)), '}')
}

func decodeEmail(_ *attio.Attribute, raw []byte, v *Value) bool {
	v.Orig, v.Text = memberText(raw, "original_email_address"), strings.ToLower(memberText(raw, "email_address"))
	if v.Orig == "" || !strings.EqualFold(v.Orig, v.Text) {
		v.Orig = v.Text
	}
	return v.Text != ""
}

// parseDomain keeps the host of a domain or web address, in lower case and international names in their ASCII form, which every
// validator takes. "www." stays: whether Attio strips it is not documented.
// https://docs.attio.com/docs/attribute-types/attribute-types-domain
func parseDomain(s *source, _ Kind, text string, v *Value) *refusal {
	host := text
	if i := strings.Index(host, "://"); i >= 0 && (strings.EqualFold(host[:i], "http") || strings.EqualFold(host[:i], "https")) {
		host = host[i+3:]
	}
	if i := strings.IndexAny(host, "/?#"); i >= 0 {
		host = host[:i]
	}
	if i := strings.LastIndexByte(host, ':'); i >= 0 && i < len(host)-1 && digitsOnly(host[i+1:]) {
		host = host[:i]
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	bad := &refusal{code: codeDomain, message: fmt.Sprintf("%q is not a domain", text), accepted: s.form()}
	if !isHost(host) {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil || !isHost(ascii) {
			bad.fix = splitFix(s, text)
			return bad
		}
		host = ascii
	}
	dot := strings.LastIndexByte(host, '.')
	if dot < 0 || digitsOnly(host[dot+1:]) {
		return bad
	}
	if suffix, icann := publicsuffix.PublicSuffix(host); !icann && strings.IndexByte(suffix, '.') < 0 {
		bad.code, bad.message = codeTLD, fmt.Sprintf("%q: there is no top-level domain .%s", text, suffix)
		if i := strings.LastIndex(strings.ToLower(text), "."+suffix); i >= 0 {
			bad.from, bad.to = i+1, i+1+len(suffix)
		}
		return bad
	}
	v.Text, v.Orig = host, text
	return nil
}

func encodeDomain(dst []byte, v *Value) []byte {
	dst = append(dst, `{"domain":`...)
	return append(quote(dst, v.Text), '}')
}

func decodeDomain(_ *attio.Attribute, raw []byte, v *Value) bool {
	v.Orig = memberText(raw, "domain")
	v.Text = strings.ToLower(v.Orig)
	if !isHost(v.Text) {
		if ascii, err := idna.Lookup.ToASCII(v.Text); err == nil {
			v.Text = ascii
		}
	}
	return v.Text != ""
}

// parsePhone checks a number against the numbering plan of its country. Its normal form is E.164, which is also what is sent: local
// forms could be read differently there. https://docs.attio.com/docs/attribute-types/attribute-types-phone-number
func parsePhone(s *source, _ Kind, text string, v *Value) *refusal {
	return parsePhoneIn(s, s.country, text, v)
}

// parsePhoneIn reads a number whose country, where it names none, is the one given ("" for none).
func parsePhoneIn(s *source, country, text string, v *Value) *refusal {
	if isScientific(text) && strings.ContainsAny(text, "eE") {
		return &refusal{code: codeScientific, message: fmt.Sprintf("%q is a number that a spreadsheet has rounded", text), accepted: s.form()}
	}
	number, err := phonenumbers.Parse(text, country)
	if err != nil {
		bad := noPhone(s, text)
		if !strings.HasPrefix(text, "+") && country == "" && strings.ContainsAny(text, "0123456789") {
			bad.code, bad.message, bad.fix = codePhoneCountry, fmt.Sprintf("%q names no country", text), "country: GB"
		} else {
			bad.fix = splitFix(s, text)
		}
		return bad
	}
	// This is phonenumbers.IsValidNumber, with the region kept: to find it is half of the work.
	region := phonenumbers.GetRegionCodeForNumber(number)
	if !phonenumbers.IsValidNumberForRegion(number, region) {
		return noPhone(s, text)
	}
	if number.GetExtension() != "" {
		bad := noPhone(s, text)
		bad.code, bad.message = codeExtension, fmt.Sprintf("%q has an extension, which Attio does not keep", text)
		bad.fix = `transform: [regex: {find: " *(x|ext).*", replace: ""}]`
		return bad
	}
	v.Text, v.Orig = phonenumbers.Format(number, phonenumbers.E164), text
	v.Code = region
	if country != "" && country != v.Code && int(number.GetCountryCode()) == phonenumbers.GetCountryCodeForRegion(country) && sharedPlan(number, country) {
		v.Code = country
	}
	if !countryCodes[v.Code] {
		v.Code = ""
	}
	return nil
}

func noPhone(s *source, text string) *refusal {
	return &refusal{code: codePhone, message: fmt.Sprintf("%q is not a valid phone number", text), accepted: s.form()}
}

// sharedPlan says whether a number is good in a country that shares its calling code with others, such as +1.
func sharedPlan(n *phonenumbers.PhoneNumber, country string) bool {
	return phonenumbers.IsValidNumberForRegion(n, country)
}

// encodePhone sends both keys: a number whose country is not known to Attio goes with null.
func encodePhone(dst []byte, v *Value) []byte {
	dst = append(dst, `{"original_phone_number":`...)
	dst = append(quote(dst, v.Text), `,"country_code":`...)
	return append(quoteOrNull(dst, v.Code), '}')
}

func decodePhone(_ *attio.Attribute, raw []byte, v *Value) bool {
	v.Text, v.Code, v.Orig = memberText(raw, "phone_number"), memberText(raw, "country_code"), memberText(raw, "original_phone_number")
	if v.Text == "" {
		v.Text = v.Orig
	}
	return v.Text != ""
}
