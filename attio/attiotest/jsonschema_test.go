package attiotest

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Where the document is known to be wrong or to say less than there is, so that answers are not held to it.
var (
	// The document knows one code for each status of a route; there are more.
	moreCodes = map[string]bool{"validation_type": true, "value_not_found": true, "missing_value": true,
		"uniqueness_conflict":                      true,
		"matching_attribute_definition_not_unique": true, "multiple_match_results": true,
		"unknown_filter_attribute_slug": true,
		"invalid_filter_operator":       true, "invalid_filter_field": true, "missing_sort_field": true, "filter_error": true,
		"system_edit_unauthorized": true, "merge_in_progress": true, "quota_exceeded": true}
	// A timestamp's value has "format": "date" there, and is a moment.
	wrongFormats = map[string]bool{"date": true}
)

// problems holds a value against a schema and says where they differ.
func (d document) problems(schema, v any, at string) []string {
	s, _ := schema.(map[string]any)
	if ref, ok := s["$ref"].(string); ok {
		return d.problems(d.Components.Schemas[ref[strings.LastIndex(ref, "/")+1:]], v, at)
	}
	var found []string
	bad := func(format string, args ...any) { found = append(found, at+": "+fmt.Sprintf(format, args...)) }
	for _, key := range []string{"anyOf", "oneOf"} {
		if list, ok := s[key].([]any); ok {
			found = append(found, d.alternatives(list, v, at)...)
		}
	}
	if want, ok := s["type"]; ok && !hasType(want, v) && (v != nil || s["nullable"] != true) {
		bad("%v is not of type %v", v, want)
		return found
	}
	if list, ok := s["enum"].([]any); ok && !slices.Contains(list, v) && v != nil {
		code, _ := v.(string)
		if !strings.HasSuffix(at, ".code") || !moreCodes[code] {
			bad("%v is none of %v", v, list)
		}
	}
	switch x := v.(type) {
	case map[string]any:
		found = append(found, d.members(s, x, at)...)
	case []any:
		for i, el := range x {
			found = append(found, d.problems(s["items"], el, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case string:
		if pattern, ok := s["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(x) {
			bad("%q does not match %s", x, pattern)
		}
		if n, ok := s["minLength"].(float64); ok && len(x) < int(n) {
			bad("%q is too short", x)
		}
		if format, _ := s["format"].(string); !formatted(format, x) {
			bad("%q is no %s", x, format)
		}
	}
	return found
}

func (d document) alternatives(list []any, v any, at string) []string {
	var nearest []string
	for i, alt := range list {
		found := d.problems(alt, v, at)
		if len(found) == 0 {
			return nil
		}
		if i == 0 || len(found) < len(nearest) {
			nearest = found
		}
	}
	return nearest
}

func (d document) members(s, x map[string]any, at string) []string {
	var found []string
	required, _ := s["required"].([]any)
	for _, name := range required {
		if _, ok := x[name.(string)]; !ok {
			found = append(found, at+": "+name.(string)+" is missing")
		}
	}
	properties, _ := s["properties"].(map[string]any)
	for name, el := range x {
		if p, ok := properties[name]; ok {
			found = append(found, d.problems(p, el, at+"."+name)...)
		} else if s["additionalProperties"] == false {
			found = append(found, at+": "+name+" is not known")
		} else if more, ok := s["additionalProperties"].(map[string]any); ok {
			found = append(found, d.problems(more, el, at+"."+name)...)
		}
	}
	return found
}

func hasType(want, v any) bool {
	if list, ok := want.([]any); ok {
		return slices.ContainsFunc(list, func(w any) bool { return hasType(w, v) })
	}
	kind := map[string]bool{}
	switch x := v.(type) {
	case nil:
		kind["null"] = true
	case bool:
		kind["boolean"] = true
	case float64:
		kind["number"] = true
		kind["integer"] = x == math.Trunc(x)
	case string:
		kind["string"] = true
	case []any:
		kind["array"] = true
	default:
		kind["object"] = true
	}
	return kind[want.(string)]
}

func formatted(format, s string) bool {
	switch format {
	case "uuid":
		_, ok := uuidOf(s)
		return ok
	case "date-time":
		_, err := time.Parse(time.RFC3339Nano, s)
		return err == nil && strings.HasSuffix(s, "Z")
	case "email":
		return strings.Contains(s, "@")
	case "uri":
		return strings.Contains(s, "://")
	}
	return format == "" || wrongFormats[format]
}
