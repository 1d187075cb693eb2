package attiotest

// tooManyValues refuses a filter that compares with more values than Attio takes.
func (s *Server) tooManyValues(filter any) *refusal {
	all, longest := filterValues(filter)
	n := all
	if s.o.Readings.ValuesPerIn {
		n = longest
	}
	if s.o.FilterValues < 0 || n <= s.o.FilterValues {
		return nil
	}
	return refuse(400, "filter_error", "Error in filter: too many constraint values used.")
}

// filterValues counts the values that a filter compares with: all of them, and those of the longest list. The steps
// of a path are names, not values.
func filterValues(v any) (all, longest int) {
	switch x := v.(type) {
	case fields:
		for _, m := range x {
			if _, list := m.value.([]any); m.name == "path" && list {
				continue
			}
			n, l := filterValues(m.value)
			all, longest = all+n, max(longest, l)
			if list, ok := m.value.([]any); ok && m.name == "$in" {
				longest = max(longest, len(list))
			}
		}
	case []any:
		for _, el := range x {
			n, l := filterValues(el)
			all, longest = all+n, max(longest, l)
		}
	default:
		all = 1
	}
	return all, longest
}
