package phone

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/nyaruka/phonenumbers"
)

// Number is a valid phone number.
type Number struct {
	// E164 is the international form, such as "+442079460958".
	E164 string
	// Region is the country whose plan the number fits, ISO 3166-1 alpha-2, or "001" for numbers of no country. Of
	// several that share a calling code it is the one that was asked for, where the number is valid there.
	Region string
	// Extension is what was written behind the number, such as "12" in "x12".
	Extension string
}

var (
	// ErrSyntax is the error for a text that cannot be read as a number: without a country's calling code where no
	// country was given, too short, without digits.
	ErrSyntax = errors.New("not a phone number")
	// ErrInvalid is the error for a number that no numbering plan has.
	ErrInvalid = errors.New("not a valid phone number")
)

// Parse reads a number in its international form, or in the national one of a country ("GB", "" for none).
func Parse(text, country string) (Number, error) {
	if digits, international, ok := plain(text); ok {
		if n, ok, err := read(digits, international, country); ok {
			return n, err
		}
	}
	return parse(text, country)
}

// parse lets the library read a number.
func parse(text, country string) (Number, error) {
	number, err := phonenumbers.Parse(text, country)
	if err != nil {
		return Number{}, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	// This is phonenumbers.IsValidNumber, with the region kept: to find it is half of the work.
	region := phonenumbers.GetRegionCodeForNumber(number)
	if !phonenumbers.IsValidNumberForRegion(number, region) {
		return Number{}, ErrInvalid
	}
	if country != region && int(number.GetCountryCode()) == phonenumbers.GetCountryCodeForRegion(country) &&
		phonenumbers.IsValidNumberForRegion(number, country) {
		region = country
	}
	return Number{phonenumbers.Format(number, phonenumbers.E164), region, number.GetExtension()}, nil
}

// plain takes the digits out of a text that holds nothing but them, an opening "+" and separators that mean nothing.
func plain(text string) (digits []byte, international, ok bool) {
	digits = make([]byte, 0, 20)
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits = append(digits, c)
		case c == '+' && i == 0:
			international = true
		case c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/':
		default:
			return nil, false, false
		}
	}
	return digits, international, len(digits) >= 6 && len(digits) <= 17
}

// read follows the library's parseHelper. It has no answer where that would take one of its rarer steps.
func read(digits []byte, international bool, country string) (n Number, ok bool, err error) {
	home := planOf(country)
	if country != "" && home == nil {
		return Number{}, false, nil
	}
	if !international {
		if home == nil {
			return Number{}, false, nil
		}
		if home.abroad == "00" && digits[0] == '0' && digits[1] == '0' && digits[2] != '0' {
			international, digits = true, digits[2:]
		}
	}
	plan := home
	if international {
		if plan, digits = callingCode(digits); plan == nil {
			return Number{}, false, nil
		}
	} else if home.dialsAbroad.begins(digits) || hasPrefix(digits, home.code) {
		return Number{}, false, nil
	}
	digits, ok = plan.withoutTrunk(digits)
	if !ok || len(digits) < 2 || digits[0] == '0' && digits[1] == '0' {
		return Number{}, false, nil
	}
	where, ok := plan.country(digits)
	switch {
	case !ok:
		return Number{}, false, nil
	case where == nil || !where.has(digits):
		return Number{}, true, ErrInvalid
	case home != nil && home.code == plan.code && home.has(digits):
		where = home
	}
	return Number{E164: "+" + plan.code + string(digits), Region: where.region}, true, nil
}

// callingCode cuts the calling code off an international number and finds the plan of its main country.
func callingCode(digits []byte) (*plan, []byte) {
	for n := 1; n <= phonenumbers.MAX_LENGTH_COUNTRY_CODE && digits[0] != '0'; n++ {
		code, _ := strconv.Atoi(string(digits[:n]))
		if region := phonenumbers.GetRegionCodeForCountryCode(code); region != phonenumbers.UNKNOWN_REGION {
			return planOf(region), digits[n:]
		}
	}
	return nil, nil
}

func hasPrefix(digits []byte, prefix string) bool {
	return len(digits) >= len(prefix) && string(digits[:len(prefix)]) == prefix
}
