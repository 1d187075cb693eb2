package attiotest

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// readName reads a personal name: an object of all three parts, or "Last, First". Text without a comma is all first
// name; further commas belong to the first name.
func readName(a *attribute, v any, _ bool) body {
	if s, ok := v.(string); ok {
		last, first, comma := strings.Cut(s, ",")
		switch {
		case s == "":
			panic(a.bad(invalidItem("String must contain at least 1 character(s)")))
		case !comma:
			return parts{s, "", s}
		}
		last, first = strings.TrimSpace(last), strings.TrimSpace(first)
		return parts{first, last, strings.TrimSpace(first + " " + last)}
	}
	return a.texts(v, nameKeys, false)
}

// texts reads an object of texts, all of which must be there, and nothing beside them.
func (a *attribute) texts(v any, keys []string, nullable bool) parts {
	obj, ok := v.(fields)
	if !ok {
		panic(a.bad(wrongType("object", kindOf(v))))
	}
	var items []item
	list := make(parts, len(keys))
	for i, key := range keys {
		v, there := obj.get(key)
		s, isString := v.(string)
		switch {
		case isString:
			list[i] = s
		case there && v == nil && nullable:
			list[i] = null
		default:
			items = append(items, wrongType("string", obj.typeAt(key), key))
		}
	}
	if len(items) > 0 {
		panic(a.bad(items...))
	}
	a.onlyKeys(obj, keys...)
	return list
}

// coordinates are the forms of the last two parts of a location.
var coordinates = []*regexp.Regexp{
	regexp.MustCompile(`^[-+]?([1-8]?\d(\.\d+)?|90(\.0+)?)$`),
	regexp.MustCompile(`^[-+]?(180(\.0+)?|((1[0-7]\d)|([1-9]?\d))(\.\d+)?)$`),
}

// readPlace reads a location: an object of all ten keys. What Attio makes of a bare text is not known, so it is
// refused here unless Readings.LocationText asks for it to become the first line.
func readPlace(a *attribute, v any, _ bool) body {
	if s, ok := v.(string); ok && a.readings().LocationText && s != "" {
		return parts{s, null, null, null, null, null, null, null, null, null}
	}
	p := a.texts(v, placeKeys, true)
	if p[7] != null && !slices.Contains(countryCodes, p[7]) {
		panic(a.bad(invalidItem("Invalid enum value", "country_code")))
	}
	for i, s := range p[8:] {
		if s == null {
			continue
		}
		if !coordinates[i].MatchString(s) {
			panic(a.bad(invalidItem("Invalid", placeKeys[8+i])))
		}
		p[8+i] = nineDecimals(s)
	}
	return p
}

// nineDecimals cuts a coordinate to the precision that Attio stores.
func nineDecimals(s string) string {
	if _, fraction, _ := strings.Cut(s, "."); len(fraction) > 9 {
		exact, _ := new(big.Rat).SetString(s)
		s = strings.TrimRight(strings.TrimRight(exact.FloatString(9), "0"), ".")
	}
	return s
}

// readInteraction reads what only Attio itself writes: it comes from seeds.
func readInteraction(a *attribute, v any, _ bool) body {
	owner := parts{"system", ""}
	obj, _ := v.(fields)
	if who, there := obj.get("owner_actor"); there {
		owner = a.texts(who, []string{"type", "id"}, true)
		obj = slices.DeleteFunc(slices.Clone(obj), func(f field) bool { return f.name == "owner_actor" })
		v = obj
	}
	if owner[0] == null {
		panic(a.bad(invalidItem("Invalid input", "owner_actor")))
	}
	p := a.texts(v, []string{"interaction_type", "interacted_at"}, false)
	t, _, ok := moment(p[1])
	if !ok {
		panic(a.bad(invalidItem("Invalid timestamp value", "value")))
	}
	return parts{p[0], t.Format(nanoForm), owner[0], strings.TrimPrefix(owner[1], null)}
}
