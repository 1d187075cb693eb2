package value

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
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
	bad := refuse(CodeCountry, "two letters of ISO 3166 such as GB, or an English name", "%q is not a country", text)
	if near := problem.Nearest(text, sortedCountries()); len(near) == 1 && len(text) > 3 {
		bad.Setting = insteadOf(text, countryNames()[near[0]])
	}
	return bad.at(at, at+len(text))
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

// countryCodes are the codes that Attio takes for locations and phone numbers: ISO 3166-1 alpha-2 with a few that
// have been withdrawn or are reserved. From the document at https://api.attio.com/openapi/api.
var countryCodes = set("AC AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN " +
	"BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG " +
	"EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE " +
	"IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD " +
	"ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG " +
	"PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ " +
	"TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW")

// countryNames finds the code of a country by its English name in lower case or by its three letters.
var countryNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	english := display.English.Regions()
	for code := range countryCodes {
		region, err := language.ParseRegion(code)
		if err != nil {
			continue
		}
		name := strings.ToLower(english.Name(region))
		if name == "" {
			continue
		}
		names[name], names[strings.ReplaceAll(name, "&", "and")] = code, code
		if three := strings.ToLower(region.ISO3()); len(three) == 3 && three != "zzz" && names[three] == "" {
			names[three] = code // a name is never hidden by letters
		}
	}
	maps.Copy(names, otherCountryNames)
	return names
})

// sortedCountries are the names by which a country is found, those of three letters aside.
var sortedCountries = sync.OnceValue(func() []string {
	names := slices.Sorted(maps.Keys(countryNames()))
	return slices.DeleteFunc(names, func(name string) bool { return len(name) <= 3 })
})

// otherCountryNames are names in common use beside those of the Unicode tables.
var otherCountryNames = map[string]string{
	"u.s.a.": "US", "u.s.": "US", "united states of america": "US", "america": "US", "uk": "GB",
	"u.k.": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
	"northern ireland": "GB", "holland": "NL", "the netherlands": "NL", "czech republic": "CZ",
	"korea": "KR", "republic of korea": "KR", "turkey": "TR", "uae": "AE", "russian federation": "RU",
	"viet nam": "VN", "hong kong": "HK", "macau": "MO", "burma": "MM", "ivory coast": "CI",
	"swaziland": "SZ", "macedonia": "MK", "vatican": "VA", "taiwan": "TW", "palestine": "PS",
	"deutschland": "DE", "österreich": "AT", "schweiz": "CH", "españa": "ES", "italia": "IT",
}

// regionCodes are the states of the USA and the provinces of Canada by their two letters.
var regionCodes = set("AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ " +
	"NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC AB BC MB NB NL NS NT NU ON PE QC SK YT")

// Country finds the code of a country by its two or three letters or its English name, in any case; "" when Attio
// knows none such.
func Country(text string) string {
	if len(text) == 2 {
		if code := strings.ToUpper(text); countryCodes[code] {
			return code
		}
	}
	return countryNames()[strings.ToLower(text)]
}

// IsCountryCode reports whether Attio knows a country by these two letters, in upper case.
func IsCountryCode(code string) bool { return countryCodes[code] }
