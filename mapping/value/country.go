package value

import (
	"maps"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

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
		names[name], names[strings.ReplaceAll(name, "&", "and")] = code, code
		if three := strings.ToLower(region.ISO3()); len(three) == 3 && three != "zzz" && names[three] == "" {
			names[three] = code // a name is never hidden by letters
		}
	}
	maps.Copy(names, otherCountryNames)
	return names
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
