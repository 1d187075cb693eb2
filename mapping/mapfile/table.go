package mapfile

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// headerRow is what header_row may say.
var headerRow = regexp.MustCompile(`^(none|[1-9][0-9]{0,6}(-[1-9][0-9]{0,6})?)$`)

// quotes are what quote may say.
var quotes = []string{`"`, "'", "none", "double", "single"}

// setting is a key of a table that holds a text.
type setting struct {
	key  string
	into *string
}

// settings are the keys of a table and what they hold, in the order of the file.
func (t *Table) settings() []setting {
	return []setting{{"sheet", &t.Sheet}, {"header_row", &t.HeaderRow}, {"delimiter", &t.Delimiter},
		{"encoding", &t.Encoding}, {"quote", &t.Quote}, {"escape", &t.Escape}}
}

// read reads one of the keys that say how the file is written.
func (t *Table) read(key string, v *yaml.Node) *Error {
	s, ok := scalar(v)
	switch {
	case !ok || s == "":
		return bad(v, "%s must be text", key)
	case key == "skip_footer":
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 || v.ShortTag() != "!!int" {
			return bad(v, "skip_footer must be a number of rows: 0, 1 or more")
		}
		t.SkipFooter = &n
		return nil
	case key != "sheet" && key != "header_row" && v.ShortTag() != "!!str":
		return bad(v, "%s must be text: write %q in quotes", key, s)
	case key == "quote" && !slices.Contains(quotes, s):
		return bad(v, `quote must be one of ", ', none`)
	case key == "escape" && s != "double" && s != "backslash":
		return bad(v, "escape must be double or backslash")
	case key == "header_row" && !headerRow.MatchString(s):
		return bad(v, "header_row must be the number of a line, such as 3, or 3-4 for two lines, or none")
	}
	for _, one := range t.settings() {
		if one.key == key {
			*one.into = s
		}
	}
	return nil
}

// YAML is the keys that say something, a line each.
func (t *Table) YAML() string {
	var b strings.Builder
	t.write(&b)
	return b.String()
}

// write writes the keys that say something.
func (t *Table) write(b *strings.Builder) {
	for _, one := range t.settings() {
		if one.key == "header_row" && *one.into != "" {
			b.WriteString("header_row: " + *one.into + "\n")
		} else {
			Line(b, one.key, *one.into)
		}
	}
	if t.SkipFooter != nil {
		b.WriteString("skip_footer: " + strconv.Itoa(*t.SkipFooter) + "\n")
	}
}
