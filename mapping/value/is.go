package value

import (
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
)

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
