package mapfile

import (
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// SettingLine writes a setting as it stands in a mapping file; "" for none.
func SettingLine(s *value.Setting) string {
	if s == nil {
		return ""
	}
	var pairs []string
	for i := 0; i < len(s.Args); i += 2 {
		value := Quote(s.Args[i+1])
		if s.Args[i] == "part" {
			value = s.Args[i+1]
		}
		pairs = append(pairs, Quote(s.Args[i])+": "+value)
	}
	args := "{" + strings.Join(pairs, ", ") + "}"
	switch {
	case s.Key == "values":
		return "values: " + args
	case s.Key == "transform" && len(pairs) > 0:
		return "transform: [" + s.Value + ": " + args + "]"
	case s.Key == "transform":
		return "transform: [" + s.Value + "]"
	}
	line := s.Key + ": " + Quote(s.Value)
	for _, other := range s.Or {
		line += " # or " + other
	}
	return line
}
