package mapfile

import (
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// SettingLine writes a setting as it stands in a mapping file, each key on a line; "" for none.
func SettingLine(s *value.Setting) string {
	if s == nil {
		return ""
	}
	var pairs []string
	for i := 0; i < len(s.Args); i += 2 {
		arg := Quote(s.Args[i+1])
		if s.Args[i] == "part" {
			arg = s.Args[i+1]
		}
		pairs = append(pairs, Quote(s.Args[i])+": "+arg)
	}
	text := "{" + strings.Join(pairs, ", ") + "}"
	switch {
	case s.Key == "transform" && len(pairs) == 0:
		text = "[" + s.Value + "]"
	case s.Key == "transform":
		text = "[" + s.Value + ": " + text + "]"
	case s.Key != "values":
		text = strings.Join(append([]string{Quote(s.Value)}, s.Or...), " # or ")
	}
	text = s.Key + ": " + text
	for _, more := range s.And {
		text += "\n" + SettingLine(more)
	}
	return text
}
