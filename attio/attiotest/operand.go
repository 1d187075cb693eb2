package attiotest

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// operand reads what a filter compares with, in the form that values have. Strings come in lower case, since $eq and
// the others ignore case.
func (f *compiler) operand(a *attribute, kind operandKind, v any, op string, path []string) any {
	s, isString := v.(string)
	_, isID := uuidOf(s)
	t, whole, isMoment := moment(s)
	switch {
	case kind == aNumber:
		n, _ := v.(number)
		if x, _, ok := decimal(string(n)); ok {
			return x
		}
	case kind == aBool && (v == true || v == false):
		return v
	case kind == aMoment:
		times := a.readings().TimeFilters
		allowed := times == TimesWithOffsets || times == TimesInUTC && strings.HasSuffix(s, "Z")
		if !isMoment || !allowed || !whole { // date and time are wanted in full
			panic(badFilter(path, "filter_error", "Invalid timestamp value"))
		}
		return strings.ToLower(t.Format(nanoForm))
	case kind == aDate && isMoment && len(s) >= len(time.DateOnly):
		return t.Format(time.DateOnly)
	case kind == anOption && isString:
		o := a.findOption(s, a.readings().FoldOptionTitles, true)
		if o == nil {
			r := a.noOption(s)
			r.Path = path
			panic(r)
		}
		return o.id.String()
	case kind == anObject && isString:
		if o := f.object.ws.object(s); o != nil {
			return o.slug
		}
	case kind == aPhone && s != "" && (op == "$eq" || op == "$starts_with"):
		return "+" + strings.TrimPrefix(s, "+") // the leading + is optional; a national form matches nothing
	case kind == aPhone && s != "":
		return s
	case kind == anID && isID, kind == aString && isString:
		return strings.ToLower(s)
	}
	panic(fail(path))
}

// lowered is a part of a value as filters see it: without case.
func lowered(x any) any {
	if s, ok := x.(string); ok {
		return strings.ToLower(s)
	}
	return x
}

// compared compiles the operators that order values or look into strings.
func compared(get func(value) any, op string, want any) test {
	holds := map[string]func(s, part string) bool{"$contains": strings.Contains, "$starts_with": strings.HasPrefix,
		"$ends_with": strings.HasSuffix}[op]
	part, _ := want.(string)
	return func(v value) bool {
		x := lowered(get(v))
		if holds != nil {
			s, ok := x.(string)
			return ok && holds(s, part)
		}
		if x == nil {
			return false
		}
		c := compareAny(x, want)
		return c < 0 && op[1] == 'l' || c > 0 && op[1] == 'g' || c == 0 && strings.HasSuffix(op, "e")
	}
}

// compareAny orders two values of one kind: numbers, booleans, or strings (dates and times order as strings).
func compareAny(a, b any) int {
	switch x := a.(type) {
	case float64:
		return cmp.Compare(x, b.(float64))
	case string:
		return strings.Compare(x, b.(string))
	}
	return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) // "false" stands before "true"
}
