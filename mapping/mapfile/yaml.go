package mapfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// YAML writes the file in its canonical form, from which Parse makes the same plan again. Its hash identifies a run's
// mapping.
func (f *File) YAML() []byte {
	var b strings.Builder
	b.WriteString("version: 1\n")
	Line(&b, "object", f.Object)
	Line(&b, "match", f.Match)
	if len(f.Columns) > 0 {
		b.WriteString("columns:\n")
	}
	for i := range f.Columns {
		b.WriteString(f.Columns[i].YAML())
	}
	if len(f.Constants) > 0 {
		b.WriteString("constants:\n")
	}
	for _, c := range f.Constants {
		value := quoteList(c.Values)
		if !c.List {
			value = Quote(c.Values[0])
		}
		fmt.Fprintf(&b, "  %s: %s\n", Quote(c.Attribute), value)
	}
	if len(f.Ignore) > 0 {
		b.WriteString("ignore: " + quoteList(f.Ignore) + "\n")
	}
	if f.IgnoreRest {
		b.WriteString(IgnoreRest + "\n")
	}
	f.Table.write(&b)
	return []byte(b.String())
}

// Line writes `key: value`, and nothing for a value that is the default.
func Line(b *strings.Builder, key, value string) {
	if value != "" {
		fmt.Fprintf(b, "%s: %s\n", key, Quote(value))
	}
}

func quoteList(all []string) string {
	quoted := make([]string, len(all))
	for i, s := range all {
		quoted[i] = Quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// plainYAML are texts that need no quotes; yamlWords are those among them that YAML takes for something else.
var (
	plainYAML = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$`)
	yamlWords = strings.Fields("true false yes no on off null y n nan inf infinity")
)

// Quote writes a text as YAML: plain where that is safe, else in double quotes.
func Quote(s string) string {
	if plainYAML.MatchString(s) && !slices.Contains(yamlWords, strings.ToLower(s)) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch i := strings.IndexRune("\"\\\n\t\r", r); {
		case i >= 0:
			b.WriteString(`\` + `"\ntr`[i:i+1])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02X`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			fmt.Fprintf(&b, `\U%08X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
