package mapfile

import "strings"

// SchemaLine tells editors where the form of a mapping file is described. It stands on the first line of a proposal.
const SchemaLine = "# yaml-language-server: $schema=" +
	"https://raw.githubusercontent.com/attio-bulk/attio-bulk/main/samples/mapping.schema.json"

// IgnoreRest is the line that leaves out every column that stands nowhere in the file.
const IgnoreRest = "ignore_rest: true"

// IsPattern reports whether an entry under ignore may stand for several columns. A header that is the entry to the
// letter is that column, whatever stars it has.
func IsPattern(entry string) bool { return strings.Contains(entry, "*") }

// Match reports whether a text has the form of a pattern, in which each * stands for anything, also for nothing.
func Match(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	first, rest := parts[0], parts[1:]
	if len(rest) == 0 {
		return text == first
	}
	text, begins := strings.CutPrefix(text, first)
	if !begins {
		return false
	}
	last := len(rest) - 1
	for _, part := range rest[:last] {
		_, behind, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = behind
	}
	return strings.HasSuffix(text, rest[last])
}
