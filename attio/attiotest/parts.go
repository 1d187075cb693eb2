package attiotest

import (
	"math/big"
	"regexp"
	"strings"
)

// parseName reads a personal name: an object of all three parts, or "Last, First". Text without a comma is all first
// name; further commas belong to the first name.
func parseName(a *attribute, rd *reader, v any) (body, *refusal) {
	if s, ok := v.(string); ok {
		if s == "" {
			return nil, badValue(a.slug, invalidItem("String must contain at least 1 character(s)"))
		}
		last, first, comma := strings.Cut(s, ",")
		if !comma {
			return nameBody{first: s, full: s}, nil
		}
		last, first = strings.TrimSpace(last), strings.TrimSpace(first)
		return nameBody{first, last, strings.TrimSpace(first + " " + last)}, nil
	}
	obj, ok := v.(fields)
	if !ok {
		return nil, badValue(a.slug, wrongType(nil, "object", kindOf(v)))
	}
	keys := []string{"first_name", "last_name", "full_name"}
	parts, items := stringParts(obj, keys, false)
	if len(items) > 0 {
		return nil, badValue(a.slug, items...)
	}
	if r := onlyKeys(a, rd, obj, keys...); r != nil {
		return nil, r
	}
	return nameBody{*parts[0], *parts[1], *parts[2]}, nil
}

// stringParts reads the named keys of an object, all of which must be there.
func stringParts(obj fields, keys []string, nullable bool) ([]*string, []item) {
	var items []item
	parts := make([]*string, len(keys))
	for i, key := range keys {
		v, there := obj.get(key)
		s, isString := v.(string)
		switch {
		case isString:
			parts[i] = &s
		case !there:
			items = append(items, wrongType([]any{key}, "string", "undefined"))
		case v != nil || !nullable:
			items = append(items, wrongType([]any{key}, "string", kindOf(v)))
		}
	}
	return parts, items
}

var (
	latitude  = regexp.MustCompile(`^[-+]?([1-8]?\d(\.\d+)?|90(\.0+)?)$`)
	longitude = regexp.MustCompile(`^[-+]?(180(\.0+)?|((1[0-7]\d)|([1-9]?\d))(\.\d+)?)$`)
)

// parsePlace reads a location: an object of all ten keys. What Attio makes of a bare text cannot be foretold, so it is
// refused here unless Options.LocationText asks for it to become the first line.
func parsePlace(a *attribute, rd *reader, v any) (body, *refusal) {
	if s, ok := v.(string); ok && rd.o.Readings.LocationText && s != "" {
		return &placeBody{&s}, nil
	}
	obj, ok := v.(fields)
	if !ok {
		return nil, badValue(a.slug, wrongType(nil, "object", kindOf(v)))
	}
	parts, items := stringParts(obj, placeKeys[:], true)
	if len(items) > 0 {
		return nil, badValue(a.slug, items...)
	}
	if r := onlyKeys(a, rd, obj, placeKeys[:]...); r != nil {
		return nil, r
	}
	p := placeBody(parts)
	if c := p[7]; c != nil && !countryCodes[*c] {
		return nil, badValue(a.slug, invalidItem("Invalid enum value", "country_code"))
	}
	for i, form := range map[int]*regexp.Regexp{8: latitude, 9: longitude} {
		if p[i] == nil {
			continue
		}
		if !form.MatchString(*p[i]) {
			return nil, badValue(a.slug, invalidItem("Invalid", placeKeys[i]))
		}
		p[i] = nineDecimals(*p[i])
	}
	return &p, nil
}

// nineDecimals cuts a coordinate to the precision that Attio stores.
func nineDecimals(s string) *string {
	if _, fraction, _ := strings.Cut(s, "."); len(fraction) > 9 {
		exact, _ := new(big.Rat).SetString(s)
		s = strings.TrimRight(strings.TrimRight(exact.FloatString(9), "0"), ".")
	}
	return &s
}

// parseInteraction reads what only Attio itself writes: it comes from seeds.
func parseInteraction(a *attribute, v any) (body, *refusal) {
	obj, ok := v.(fields)
	if !ok {
		return nil, badValue(a.slug, wrongType(nil, "object", kindOf(v)))
	}
	parts, items := stringParts(obj, []string{"interaction_type", "interacted_at"}, false)
	if len(items) > 0 {
		return nil, badValue(a.slug, items...)
	}
	at, r := parseStamp(a, *parts[1])
	if r != nil {
		return nil, r
	}
	b := interactionBody{typ: *parts[0], at: string(at.(textBody)), ownerType: "system"}
	if owner, ok := obj.get("owner_actor"); ok {
		o, _ := owner.(fields)
		who, items := stringParts(o, []string{"type", "id"}, true)
		if len(items) > 0 || who[0] == nil {
			return nil, badValue(a.slug, invalidItem("Invalid input", "owner_actor"))
		}
		b.ownerType = *who[0]
		if who[1] != nil {
			b.ownerID = *who[1]
		}
	}
	return b, nil
}
