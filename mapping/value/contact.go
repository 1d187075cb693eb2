package value

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/value/phone"
)

// reservedTLDs are names that Attio refuses in e-mail addresses; example.com is taken.
var reservedTLDs = set("test invalid example localhost")

// parseEmail checks an address as strictly as Attio does. Attio keeps what was written and compares in lower case.
// https://docs.attio.com/docs/attribute-types/attribute-types-email-address
func parseEmail(r *Reader, _ Kind, text string, v *Value) *Refusal {
	at := strings.LastIndexByte(text, '@')
	dot := strings.LastIndexByte(text, '.')
	if at <= 0 || at > 64 || len(text) > 254 || !isLocalPart(text[:at]) {
		return notEmail(r, text, 0, 0)
	}
	if !isHost(text[at+1:]) || dot < at {
		return notEmail(r, text, at+1, len(text))
	}
	low := strings.ToLower(text)
	tld := low[dot+1:]
	if reservedTLDs[tld] {
		return r.refuse(CodeReservedTLD, "%q is under .%s, which Attio refuses", text, tld).at(dot+1, len(text))
	}
	if !isTLD(tld) {
		return notEmail(r, text, dot+1, len(text))
	}
	v.Text, v.Orig = low, text
	return nil
}

func notEmail(r *Reader, text string, from, to int) *Refusal {
	bad := r.refuse(CodeEmail, "%q is not an e-mail address", text).at(from, to)
	if open := strings.IndexByte(text, '<'); open >= 0 && strings.HasSuffix(text, ">") {
		bad.Setting = transformBy("regex", "find", ".*<(.*)>", "replace", "$1")
	} else if strings.Count(text, "@") > 1 {
		bad.Setting = r.splitting(text)
	}
	return bad
}

// splitting names the separator that several values in one cell have: one that divides the text into values that are
// all good. Where the attribute holds one, the setting takes the first.
func (r *Reader) splitting(text string) *Setting {
	if r.quiet {
		return nil
	}
	for _, sep := range []string{",", "|", "/", "\n", " "} {
		if sep != r.Split && strings.Contains(text, sep) &&
			!slices.ContainsFunc(strings.Split(text, sep), func(one string) bool {
				return r.Read(TextCell, Trim(one), &Value{}) != nil
			}) {
			if r.Attr.Multi {
				return setKey("split", sep)
			}
			return transformBy("split", "at", sep, "part", "1")
		}
	}
	return nil
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
	for label := range strings.SplitSeq(s, ".") {
		n := len(label)
		if n == 0 || n > 63 || label[0] == '-' || label[n-1] == '-' {
			return false
		}
		for i := range n {
			if !isAlnum(label[i]) && label[i] != '-' {
				return false
			}
		}
	}
	return len(s) <= 253
}

// isTLD checks the form of a last label: two letters at least, or an encoded international one.
func isTLD(tld string) bool {
	other := func(r rune) bool { return r < 'a' || r > 'z' }
	return strings.HasPrefix(tld, "xn--") || len(tld) >= 2 && !strings.ContainsFunc(tld, other)
}

// encodeEmail sends the address as written, since Attio keeps that beside the lower-case one.
func encodeEmail(dst []byte, v *Value) []byte {
	dst = append(dst, `{"email_address":`...)
	return append(Quote(dst, formatWritten(nil, v)), '}')
}

func decodeEmail(_ *attio.Attribute, raw []byte, v *Value) bool {
	v.Orig, v.Text = memberText(raw, "original_email_address"), strings.ToLower(memberText(raw, "email_address"))
	if v.Orig == "" || !strings.EqualFold(v.Orig, v.Text) {
		v.Orig = v.Text
	}
	return v.Text != ""
}

var webSchemes = []string{"http", "https"}

// parseDomain keeps the host of a domain or web address, in lower case and international names in their ASCII form,
// which every validator takes. "www." stays: whether Attio strips it is not documented.
// https://docs.attio.com/docs/attribute-types/attribute-types-domain
func parseDomain(r *Reader, _ Kind, text string, v *Value) *Refusal {
	host := text
	if scheme, rest, ok := strings.Cut(host, "://"); ok && slices.Contains(webSchemes, strings.ToLower(scheme)) {
		host = rest
	}
	if i := strings.IndexAny(host, "/?#"); i >= 0 {
		host = host[:i]
	}
	if i := strings.LastIndexByte(host, ':'); i >= 0 && i < len(host)-1 && IsDigits(host[i+1:]) {
		host = host[:i]
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if !isHost(host) {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil || !isHost(ascii) {
			return r.refuse(CodeDomain, "%q is not a domain", text).set(r.splitting(text))
		}
		host = ascii
	}
	dot := strings.LastIndexByte(host, '.')
	if dot < 0 || IsDigits(host[dot+1:]) {
		return r.refuse(CodeDomain, "%q is not a domain", text)
	}
	if suffix, icann := publicsuffix.PublicSuffix(host); !icann && strings.IndexByte(suffix, '.') < 0 {
		bad := r.refuse(CodeTLD, "%q: there is no top-level domain .%s", text, suffix)
		if i := strings.LastIndex(strings.ToLower(text), "."+suffix); i >= 0 {
			bad.at(i+1, i+1+len(suffix))
		}
		return bad
	}
	v.Text, v.Orig = host, text
	return nil
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

// parsePhone checks a number against the numbering plan of its country. Its normal form is E.164, which is also what
// is sent: local forms could be read differently there.
// https://docs.attio.com/docs/attribute-types/attribute-types-phone-number
func parsePhone(r *Reader, _ Kind, text string, v *Value) *Refusal {
	if isScientific(text) && strings.ContainsAny(text, "eE") {
		return r.refuse(CodeScientific, "%q is a number that a spreadsheet has rounded", text)
	}
	number, err := phone.Parse(text, r.Country)
	switch {
	case err == nil:
	case !errors.Is(err, phone.ErrSyntax):
		return noPhone(r, text)
	case !strings.HasPrefix(text, "+") && r.Country == "" && strings.ContainsAny(text, "0123456789"):
		return r.refuse(CodePhoneCountry, "%q names no country", text).set(r.countrySetting())
	default:
		return noPhone(r, text).set(r.splitting(text))
	}
	if number.Extension != "" {
		return r.refuse(CodeExtension, "%q has an extension, which Attio does not keep", text).
			set(transformBy("regex", "find", " *(x|ext).*", "replace", ""))
	}
	v.Text, v.Orig = number.E164, text
	if v.Code = number.Region; !countryCodes[v.Code] {
		v.Code = ""
	}
	return nil
}

// countrySetting says where the country of a number that names none may come from: the file's column of countries, or
// what a person has to write, which is no country as it stands.
func (r *Reader) countrySetting() *Setting {
	if r.Countries != "" {
		return setKey("country_column", r.Countries)
	}
	return setKey("country", "TWO LETTERS")
}

func noPhone(r *Reader, text string) *Refusal {
	return r.refuse(CodePhone, "%q is not a valid phone number", text)
}

// encodePhone sends both keys: a number whose country is not known to Attio goes with null.
func encodePhone(dst []byte, v *Value) []byte {
	dst = append(dst, `{"original_phone_number":`...)
	dst = append(Quote(dst, v.Text), `,"country_code":`...)
	return append(AppendOrNull(dst, v.Code), '}')
}

func decodePhone(_ *attio.Attribute, raw []byte, v *Value) bool {
	v.Code, v.Orig = memberText(raw, "country_code"), memberText(raw, "original_phone_number")
	v.Text = cmp.Or(memberText(raw, "phone_number"), v.Orig)
	return v.Text != ""
}

// The readers behind the tests of a text's form.
var (
	emailReader  = &Reader{Attr: &attio.Attribute{Type: attio.TypeEmailAddress}, quiet: true}
	domainReader = &Reader{Attr: &attio.Attribute{Type: attio.TypeDomain}, quiet: true}
	phoneReader  = Reader{Attr: &attio.Attribute{Type: attio.TypePhoneNumber}, quiet: true}
)

// IsEmail reports whether Attio takes a text as an e-mail address.
func IsEmail(text string) bool {
	return strings.IndexByte(text, '@') > 0 && parseEmail(emailReader, TextCell, text, &Value{}) == nil
}

// IsDomain reports whether Attio takes a text as a domain; a web address counts as its domain.
func IsDomain(text string) bool {
	return strings.IndexByte(text, '.') > 0 && parseDomain(domainReader, TextCell, text, &Value{}) == nil
}

// IsPhone reports whether a text is a phone number, of a country where it names none; "" for no country.
func IsPhone(text, country string) bool {
	there := phoneReader
	there.Country = country
	return PhoneLike(text) && parsePhone(&there, TextCell, text, &Value{}) == nil
}

// PhoneLike reports whether a text could be a phone number: digits, and what stands between them.
func PhoneLike(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+()-./ ", r) && !IsBlank(r):
			return false
		}
	}
	return digits >= 6 && digits <= 15
}
