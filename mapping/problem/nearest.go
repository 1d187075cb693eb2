package problem

import (
	"slices"
	"strings"
	"unicode"
)

// Nearest returns up to three of the names that are most like a misspelt one, best first; none that differ in more
// than a third.
func Nearest(name string, names []string) []string {
	type near struct {
		name string
		far  int
	}
	var all []near
	plain := Plain(name)
	for _, n := range names {
		other := Plain(n)
		far := distance(plain, other)
		if len(plain) >= 3 && len(other) >= 3 && (strings.Contains(other, plain) || strings.Contains(plain, other)) {
			far = min(far, 2)
		} else if begin := commonStart(plain, other); begin >= 4 && 2*begin > len(plain) {
			far = min(far, 3)
		}
		if limit := max(1, max(len(plain), len(other))/3); far <= limit {
			all = append(all, near{n, far})
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return a.far - b.far })
	var out []string
	for _, one := range all[:min(len(all), 3)] {
		out = append(out, one.name)
	}
	return out
}

// commonStart counts the bytes that two names begin with alike.
func commonStart(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// Plain is a name without regard to case, blanks and punctuation: letters and digits alone.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// distance counts the letters to add, leave out, change or swap to make one word of the other.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}

// Meant is the end of a message about an unknown name, `; the nearest is "users"`, and the nearest name; both are ""
// where none is like it.
func Meant(name string, names []string) (end, nearest string) {
	near := Nearest(name, names)
	if len(near) == 0 {
		return "", ""
	}
	return Listing("; the nearest is ", "; the nearest are ", near), near[0]
}

// Listing begins a list of names with the words for one or for many; "" without names.
func Listing(one, many string, names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return one + List(names)
	}
	return many + List(names)
}

// List lists names for a message: "a", "b" or "c".
func List(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = `"` + n + `"`
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
	}
	return strings.Join(quoted, "")
}
