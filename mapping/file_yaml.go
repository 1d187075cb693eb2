package mapping

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// YAML writes the file in its canonical form, from which Parse makes the same plan again. Its hash identifies a run's mapping.
func (f *File) YAML() []byte {
	var b strings.Builder
	b.WriteString("version: 1\n")
	line(&b, "object", f.Object)
	line(&b, "match", f.Match)
	if len(f.Columns) > 0 {
		b.WriteString("columns:\n")
	}
	for i := range f.Columns {
		f.Columns[i].write(&b)
	}
	if len(f.Constants) > 0 {
		b.WriteString("constants:\n")
	}
	for _, c := range f.Constants {
		value := quoteList(c.Values)
		if !c.List {
			value = quoteYAML(c.Values[0])
		}
		fmt.Fprintf(&b, "  %s: %s\n", quoteYAML(c.Attribute), value)
	}
	if len(f.Ignore) > 0 {
		b.WriteString("ignore: " + quoteList(f.Ignore) + "\n")
	}
	return []byte(b.String())
}

// line writes `key: value`, and nothing for a value that is the default.
func line(b *strings.Builder, key, value string) {
	if value != "" {
		fmt.Fprintf(b, "%s: %s\n", key, quoteYAML(value))
	}
}

func (c *Column) write(b *strings.Builder) {
	line(b, "  - column", c.Column)
	line(b, "    attribute", c.Attribute)
	line(b, "    reference", c.Reference)
	line(b, "    split", c.Split)
	line(b, "    several", c.Several)
	line(b, "    missing", string(c.Missing))
	line(b, "    format", c.Format)
	line(b, "    timezone", c.Timezone)
	line(b, "    decimal", c.Decimal)
	line(b, "    thousands", c.Thousands)
	line(b, "    country", c.Country)
	if len(c.Values) > 0 {
		var pairs []string
		for _, p := range c.Values {
			pairs = append(pairs, quoteYAML(p.Cell)+": "+quoteYAML(p.Value))
		}
		b.WriteString("    values: {" + strings.Join(pairs, ", ") + "}\n")
	}
	line(b, "    blank", c.Blank)
	line(b, "    on_error", c.OnError)
	if len(c.Transform) > 0 {
		var all []string
		for _, t := range c.Transform {
			all = append(all, t.String())
		}
		b.WriteString("    transform: [" + strings.Join(all, ", ") + "]\n")
	}
}

// String is the transform as an entry of the list in a mapping file.
func (t Transform) String() string {
	switch t.Name {
	case "regex":
		return fmt.Sprintf("regex: {find: %s, replace: %s}", quoteYAML(t.Find), quoteYAML(t.Replace))
	case "split":
		return fmt.Sprintf("split: {at: %s, part: %d}", quoteYAML(t.At), t.Part)
	case "join":
		return fmt.Sprintf("join: {columns: %s, with: %s}", quoteList(t.Columns), quoteYAML(t.With))
	case "default":
		return "default: " + quoteYAML(t.Text)
	}
	return t.Name
}

func quoteList(all []string) string {
	quoted := make([]string, len(all))
	for i, s := range all {
		quoted[i] = quoteYAML(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// plainYAML are texts that need no quotes; yamlWords are those among them that YAML takes for something else.
var (
	plainYAML = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$`)
	yamlWords = set("true false yes no on off null y n nan inf infinity")
)

// quoteYAML writes a text as YAML: plain where that is safe, else in double quotes.
func quoteYAML(s string) string {
	if plainYAML.MatchString(s) && !yamlWords[strings.ToLower(s)] {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case unicode.IsPrint(r) && r < 0x10000:
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
