package problem

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Options such as "51-250" and "$1M-$10M" are ranges of numbers. What a cell means by 120 or 51-200 is told by the
// numbers, never by how the titles are spelled.

// span is a range of numbers, both ends included.
type span struct{ low, high float64 }

const (
	spanNumber = `\p{Sc}?\s?(\d[\d.,'’\x{00A0}\x{202F}]*?)([kmb]|bn)?`
	spanWords  = `(?:\s*\p{Sc}|\s+\p{L}[\p{L} ]*)?`
)

var (
	spanBetween = regexp.MustCompile(`^` + spanNumber + `\s*(?:-|–|—|\.\.|to|bis)\s*` + spanNumber + spanWords + `$`)
	spanAbove   = regexp.MustCompile(`^(?:>=?|≥|over|above|more than)\s*` + spanNumber + spanWords + `$`)
	spanFrom    = regexp.MustCompile(`^` + spanNumber + `\s*(?:\+|or more|and more|and above)` + spanWords + `$`)
	spanBelow   = regexp.MustCompile(`^(?:<=?|≤|under|below|less than|up to)\s*` + spanNumber + spanWords + `$`)
	numberWords = regexp.MustCompile(`\d\s+(?:thousand|tausend|mill|mio|bill|mrd)`) // millions and billions in words
	spanOne     = regexp.MustCompile(`^` + spanNumber + spanWords + `$`)
)

// spanOf reads a number or a range as people write it: 120, 1,001-5,000, $1M–$10M, 10001+, < 10. ok is false for
// anything else.
func spanOf(text string) (s span, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if !strings.ContainsAny(text, "0123456789") || len(text) > 60 || numberWords.MatchString(text) {
		return s, false
	}
	if m := spanBetween.FindStringSubmatch(text); m != nil {
		if m[2] == "" { // 1-10M
			m[2] = m[4]
		}
		s.low, ok = spanEnd(m[1], m[2])
		high, both := spanEnd(m[3], m[4])
		s.high = high
		return s, ok && both && s.low < s.high
	}
	for _, open := range []struct {
		form      *regexp.Regexp
		low, high float64
	}{{spanAbove, 0, math.Inf(1)}, {spanFrom, 0, math.Inf(1)}, {spanBelow, math.Inf(-1), 0}, {spanOne, 0, 0}} {
		if m := open.form.FindStringSubmatch(text); m != nil {
			n, ok := spanEnd(m[1], m[2])
			s = span{n + open.low, n + open.high}
			return s, ok
		}
	}
	return s, false
}

// spanEnd reads one number of a range: 1,001 and 1.001 are grouped, 1.5 is not.
func spanEnd(digits, unit string) (float64, bool) {
	for _, mark := range []string{",", ".", "'", "’", "\u00a0", "\u202f"} {
		if groups := strings.Split(digits, mark); len(groups) > 1 && len(groups[0]) <= 3 &&
			!slices.ContainsFunc(groups[1:], func(g string) bool { return len(g) != 3 }) {
			digits = strings.Join(groups, "")
		}
	}
	n, err := strconv.ParseFloat(strings.Replace(digits, ",", ".", 1), 64)
	return n * map[string]float64{"": 1, "k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9}[unit], err == nil
}

// Within finds the one title whose range holds the number or range that a text names; none where several or no titles
// do. ranges is false where less than half of the titles are ranges: then numbers say nothing.
func Within(text string, titles []string) (found []string, ranges bool) {
	spans, n := make([]span, len(titles)), 0
	for i, title := range titles {
		if s, ok := spanOf(title); ok && s.low < s.high {
			spans[i] = s
			n++
		}
	}
	if n < 2 || n*2 < len(titles) {
		return nil, false
	}
	s, ok := spanOf(text)
	for i, one := range spans {
		if ok && one.low <= s.low && s.high <= one.high && one.low < one.high {
			found = append(found, titles[i])
		}
	}
	if len(found) != 1 {
		found = nil
	}
	return found, true
}
