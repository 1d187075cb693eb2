package layout

import (
	"slices"
	"strings"
)

// Join joins two lines of a header, column by column, with a blank. Where names would come twice, a blank cell of the
// upper line stands below the group at its left.
func Join(upper, lower []string) []string {
	if upper == nil {
		return slices.Clone(lower)
	}
	plain := join(upper, lower)
	if !twice(plain) {
		return plain
	}
	grouped := slices.Clone(upper)
	for i := 1; i < len(grouped) && i < len(lower); i++ {
		if strings.TrimSpace(grouped[i]) == "" && strings.TrimSpace(lower[i]) != "" {
			grouped[i] = grouped[i-1]
		}
	}
	if all := join(grouped, lower); !twice(all) {
		return all
	}
	return plain
}

func join(upper, lower []string) []string {
	out := make([]string, max(len(upper), len(lower)))
	for i := range out {
		var parts []string
		for _, line := range [][]string{upper, lower} {
			if i < len(line) && strings.TrimSpace(line[i]) != "" {
				parts = append(parts, strings.TrimSpace(line[i]))
			}
		}
		out[i] = strings.Join(parts, " ")
	}
	return out
}

// twice reports whether some name stands twice.
func twice(names []string) bool {
	seen := map[string]bool{}
	for _, n := range names {
		n = strings.ToLower(strings.TrimSpace(n))
		if n != "" && seen[n] {
			return true
		}
		seen[n] = true
	}
	return false
}
