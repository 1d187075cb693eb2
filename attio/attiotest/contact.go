package attiotest

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

var (
	hostLabel  = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	localPart  = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~.\x60-]{1,64}$`)
	phoneChars = regexp.MustCompile(`^\+?[0-9 ().\-/]+$`)
)

// registered finds the root domain of a lower-case host: the label below a public suffix that somebody really runs.
// Reserved and made-up endings (.test, .invalid, .example, .localhost, .corp) have none.
func registered(host string) (root string, ok bool) {
	labels := strings.Split(host, ".")
	if len(host) > 253 || len(labels) < 2 ||
		slices.ContainsFunc(labels, func(l string) bool { return !hostLabel.MatchString(l) }) {
		return "", false
	}
	suffix, managed := publicsuffix.PublicSuffix(host)
	if !managed && !strings.Contains(suffix, ".") {
		return "", false
	}
	root, err := publicsuffix.EffectiveTLDPlusOne(host)
	return root, err == nil
}

// readDomain keeps the host only: docs.attio.com, attribute type domain.
func readDomain(a *attribute, v any, _ bool) body {
	host := a.text(v, "domain")
	if a.readings().DomainSchemes {
		host = strings.TrimPrefix(strings.TrimPrefix(host, "https://"), "http://")
	}
	// Documented: app.attio.com/x?y is app.attio.com. A scheme is no host.
	if i := strings.IndexAny(host, "/?#"); i > 0 && host[i-1] != ':' {
		host = host[:i]
	}
	host = strings.ToLower(host)
	if a.readings().StripWWW {
		host = strings.TrimPrefix(host, "www.")
	}
	if a.readings().IDNDomains {
		if ascii, err := idna.Lookup.ToASCII(host); err == nil {
			host = ascii
		}
	}
	root, ok := registered(host)
	if !ok {
		panic(a.bad(invalidItem("Invalid domain", "domain")))
	}
	return parts{host, root}
}

// readEmail is as strict as Attio was seen to be: .test, .invalid, .example and .localhost are refused, example.com
// is not. The address is stored in lower case, beside what was written.
func readEmail(a *attribute, v any, _ bool) body {
	s := a.text(v, "email_address")
	address := strings.ToLower(s)
	local, domain, _ := strings.Cut(address, "@")
	root, ok := registered(domain)
	if !ok || !localPart.MatchString(local) || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") ||
		strings.Contains(local, "..") {
		panic(a.bad(invalidItem("Invalid email address", "email_address")))
	}
	return parts{s, address, domain, root, local}
}

// countryCodes are the 252 of the OpenAPI document: ISO 3166-1 alpha-2 with AC, AN, BQ, SX and XK.
var countryCodes = strings.Fields(`AF AX AL DZ AS AD AO AI AQ AG AR AM AW AU AT AZ BS BH BD BB BY BE BZ BJ BM BT BO
	BA BW BV BR IO BN BG BF BI KH CM CA CV KY CF TD CL CN CX CC CO KM CG CD CK CR CI HR CU CW CY CZ DK DJ DM DO EC EG
	SV GQ ER EE ET FK FO FJ FI FR GF PF TF GA GM GE DE GH GI GR GL GD GP GU GT GG GN GW GY HT HM VA HN HK HU IS IN ID
	IR IQ IE IM IL IT JM JP JE JO KZ KE KI KR KW KG LA LV LB LS LR LY LI LT LU MO MK MG MW MY MV ML MT MH MQ MR MU YT
	MX FM MD MC MN ME MS MA MZ MM NA NR NP NL AN NC NZ NI NE NG NU NF MP NO OM PK PW PS PA PG PY PE PH PN PL PT PR QA
	RE RO RU RW BL SH KN LC MF PM VC WS SM ST SA SN SS RS SC SL SG SK SI SB SO ZA GS ES LK SD SR SJ SZ SE CH SY TW TJ
	TZ TH TL TG TK TO TT TN TR TM TC TV UG UA AE GB US UM UY UZ VU VE VN VG VI WF EH YE ZM ZW BQ KP SX XK AC`)

// readPhone takes +-prefixed numbers, and local ones with a country. The key phone_number, which reads have, is
// refused.
func readPhone(a *attribute, v any, _ bool) body {
	const key = "original_phone_number"
	original, country := v, any(nil)
	if obj, ok := v.(fields); ok {
		if original, ok = obj.get(key); !ok {
			panic(a.bad(wrongType("string", "undefined", key)))
		}
		a.onlyKeys(obj, key, "country_code")
		country, _ = obj.get("country_code")
	}
	s, region := a.text(original, key), ""
	if country != nil {
		if region = a.text(country, "country_code"); !slices.Contains(countryCodes, region) {
			panic(a.bad(invalidItem("Invalid enum value", "country_code")))
		}
	}
	own, e164 := validPhone(s, region)
	if own == "" {
		panic(a.bad(invalidItem("Invalid phone number", key)))
	}
	return parts{s, own, e164}
}

// validPhone holds a number against the numbering plan of its country; "" where it does not fit. A country code that
// contradicts the number's own prefix is refused.
func validPhone(s, region string) (own, e164 string) {
	n, err := phonenumbers.Parse(s, region)
	if err != nil || !phoneChars.MatchString(s) || !phonenumbers.IsValidNumber(n) {
		return "", ""
	}
	own = phonenumbers.GetRegionCodeForNumber(n)
	if !slices.Contains(countryCodes, own) ||
		region != "" && phonenumbers.GetCountryCodeForRegion(region) != int(n.GetCountryCode()) {
		return "", ""
	}
	return own, phonenumbers.Format(n, phonenumbers.E164)
}
