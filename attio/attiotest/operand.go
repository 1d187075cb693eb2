package attiotest

import (
	"cmp"
	"strings"
	"time"
)

// operand reads what a filter compares with, in the form that values have. Strings come in lower case, since $eq and
// the others ignore case.
func (f *compiler) operand(a *attribute, spec filterField, v any, op string, path []string) (any, *refusal) {
	s, isString := v.(string)
	switch spec.kind {
	case aNumber:
		if n, ok := v.(number); ok {
			x, _, ok := decimal(string(n))
			if ok {
				return x, nil
			}
		}
	case aBool:
		if b, ok := v.(bool); ok {
			return b, nil
		}
	case aMoment:
		t, whole, ok := moment(s)
		times := f.object.ws.o.Readings.TimeFilters
		ok = ok && (times == TimesWithOffsets || times == TimesInUTC && strings.HasSuffix(s, "Z"))
		if !isString || !ok || !whole { // date and time are wanted in full
			return nil, f.refuse(path, "filter_error", "Invalid timestamp value")
		}
		return strings.ToLower(t.Format(nanoForm)), nil
	case aDate:
		if t, _, ok := moment(s); isString && ok && len(s) >= len(time.DateOnly) {
			return t.Format(time.DateOnly), nil
		}
	case anOption:
		if o := a.findOption(s, f.object.ws.o.Readings.FoldOptionTitles, true); isString && o != nil {
			return o.id.String(), nil
		}
		if isString {
			r := a.noOption(s)
			r.Path = path
			return nil, r
		}
	case anID:
		if _, ok := uuidOf(s); isString && ok {
			return strings.ToLower(s), nil
		}
	case anObject:
		if o := f.object.ws.object(s); isString && o != nil {
			return o.slug, nil
		}
	case aPhone:
		if isString && s != "" {
			return phoneOperand(s, op), nil
		}
	default:
		if isString {
			return strings.ToLower(s), nil
		}
	}
	return nil, f.fail(path)
}

// phoneOperand makes the leading + optional. A number in its national form matches nothing.
func phoneOperand(s, op string) string {
	if op == "$eq" || op == "$starts_with" {
		return "+" + strings.TrimPrefix(s, "+")
	}
	return s
}

// keyOf is what an index files an operand under.
func operandKey(x any) string {
	if n, ok := x.(float64); ok {
		return keyOf(numberBody(n))
	}
	s, _ := x.(string)
	return s
}

// lowered is a part of a value as filters see it: without case.
func lowered(x any) any {
	if s, ok := x.(string); ok {
		return strings.ToLower(s)
	}
	return x
}

// equalTo is $eq, or $in with several operands.
func equalTo(get func(value) any, wanted []any) test {
	if len(wanted) == 1 {
		return func(v value) bool { return lowered(get(v)) == wanted[0] }
	}
	set := make(map[any]bool, len(wanted))
	for _, x := range wanted {
		set[x] = true
	}
	return func(v value) bool { return set[lowered(get(v))] }
}

// compared compiles the operators that order values or look into strings.
func compared(get func(value) any, op string, want any) test {
	switch op {
	case "$contains":
		return inString(get, want, strings.Contains)
	case "$starts_with":
		return inString(get, want, strings.HasPrefix)
	case "$ends_with":
		return inString(get, want, strings.HasSuffix)
	}
	return func(v value) bool {
		x := lowered(get(v))
		if x == nil {
			return false
		}
		c := compareAny(x, want)
		switch op {
		case "$lt":
			return c < 0
		case "$lte":
			return c <= 0
		case "$gt":
			return c > 0
		default:
			return c >= 0
		}
	}
}

// inString is an operator that looks for a part of a string.
func inString(get func(value) any, want any, holds func(s, part string) bool) test {
	part, _ := want.(string)
	return func(v value) bool {
		s, ok := lowered(get(v)).(string)
		return ok && holds(s, part)
	}
}

// compareAny orders two values of one kind: numbers, booleans, or strings (dates and times order as strings).
func compareAny(a, b any) int {
	switch x := a.(type) {
	case float64:
		return cmp.Compare(x, b.(float64))
	case bool:
		y := b.(bool)
		switch {
		case x == y:
			return 0
		case y:
			return -1
		}
		return 1
	case string:
		return strings.Compare(x, b.(string))
	}
	return 0
}
