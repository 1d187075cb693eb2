package value

import (
	"strconv"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
)

// The parts of a location that have rules of their own, by their place in Value.Parts.
const (
	locality    = 4
	region      = 5
	countryPart = 7
	latitude    = 8
	longitude   = 9
)

// parseLocation reads one cell `City, State, Country` or some of it. Behind a city, two letters that are a state as
// well as a country ("Albany, GA"), and Georgia, are refused unless the mapping's `country` decides. Alone they are a
// country, or with `country` a state. https://docs.attio.com/docs/attribute-types/attribute-types-location
func parseLocation(r *Reader, _ Kind, text string, v *Value) *Refusal {
	if bad := CheckUTF8(text); bad != nil {
		return bad
	}
	pieces := strings.Split(text, ",")
	for i := range pieces {
		if pieces[i] = Trim(pieces[i]); pieces[i] == "" {
			return r.refuse(CodeLocation, "%q has an empty part", text)
		}
	}
	v.Parts = make([]string, len(locationParts))
	v.Parts[countryPart] = r.Country
	last := pieces[len(pieces)-1]
	switch len(pieces) {
	case 1:
		switch code := Country(last); {
		case r.Country != "" && isState(last):
			v.Parts[region] = last
		case code != "":
			v.Parts[countryPart] = code
		default:
			v.Parts[locality] = last
		}
	case 2:
		v.Parts[locality] = pieces[0]
		return lastOfTwo(r, text, last, v)
	case 3:
		v.Parts[locality], v.Parts[region] = pieces[0], pieces[1]
		code := Country(last)
		if code == "" {
			return NoCountry(last, strings.LastIndex(text, last))
		}
		v.Parts[countryPart] = code
	default:
		return r.refuse(CodeLocation, "%q has more parts than City, State, Country", text).
			set(setKey("attribute", r.Attr.Slug+".line_1"))
	}
	return nil
}

// lastOfTwo decides whether the second of two parts is a state or a country.
func lastOfTwo(r *Reader, text, last string, v *Value) *Refusal {
	code := Country(last)
	state := isState(last)
	switch {
	case r.Country != "" && (state || code == ""):
		v.Parts[region] = last
	case state && code != "":
		return r.refuse(CodeLocationTwice, "%q: %s is a state and a country", text, last).
			set(setKey("country", "US")).at(len(text)-len(last), len(text))
	case code != "":
		v.Parts[countryPart] = code
	default:
		v.Parts[region] = last
	}
	return nil
}

// isState reports whether a text is a state of the USA or a province of Canada by its two letters, or Georgia, which
// is a country as well.
func isState(text string) bool {
	return regionCodes[strings.ToUpper(text)] || strings.EqualFold(text, "Georgia")
}

// NoCountry refuses a text that is no country. at is where it begins in what was read.
func NoCountry(text string, at int) *Refusal {
	return refuse(CodeCountry, "two letters of ISO 3166 such as GB, or an English name", "%q is not a country", text).
		set(insteadOf(text, "GB")).at(at, at+len(text))
}

// parseLocationPart reads the cell of one of the ten parts.
func parseLocationPart(part int, text string) (string, *Refusal) {
	switch part {
	case countryPart:
		if code := Country(text); code != "" {
			return code, nil
		}
		return "", NoCountry(text, 0)
	case latitude:
		if n, ok := degrees(text, 90); ok {
			return n, nil
		}
		return "", refuse(CodeLatitude, "degrees from -90 to 90, such as 37.331741", "%q is not a latitude", text)
	case longitude:
		if n, ok := degrees(text, 180); ok {
			return n, nil
		}
		return "", refuse(CodeLongitude, "degrees from -180 to 180, such as -122.030333", "%q is not a longitude", text)
	}
	return text, CheckUTF8(text)
}

// degrees brings an angle into normal form: no sign +, no needless zeros, nine decimals at most, for Attio cuts finer
// ones off.
func degrees(text string, limit int) (string, bool) {
	n, ok := decimal(text)
	if !ok || strings.ContainsAny(text, "eE") {
		return "", false
	}
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(n, "-"), ".")
	if degree, err := strconv.Atoi(whole); err != nil || degree > limit || degree == limit && fraction != "" {
		return "", false
	}
	if len(fraction) > 9 {
		n, ok = decimal(n[:len(n)-len(fraction)+9])
	}
	return n, ok
}

// encodeLocation sends all ten keys, without which Attio refuses the value; coordinates are strings.
func encodeLocation(dst []byte, v *Value) []byte {
	dst = append(dst, '{')
	for i, name := range locationParts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(append(dst, '"'), name...), `":`...)
		dst = AppendOrNull(dst, v.Parts[i])
	}
	return append(dst, '}')
}

func decodeLocation(_ *attio.Attribute, raw []byte, v *Value) bool {
	if !decodeParts(locationParts, raw, v) {
		return false
	}
	for _, i := range []int{latitude, longitude} {
		if n, ok := degrees(v.Parts[i], 180); ok {
			v.Parts[i] = n
		}
	}
	return true
}
