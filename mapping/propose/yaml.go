package propose

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// YAML writes the proposal as a mapping file. Where nothing is asked it is ready to be used.
func (p *Proposal) YAML() []byte {
	var b strings.Builder
	rows := 0
	if len(p.Columns) > 0 {
		rows = p.Columns[0].profile.Rows
	}
	b.WriteString(mapfile.SchemaLine + "\n")
	fmt.Fprintf(&b, "# Proposed for %s, %s, as records of %s.\n", oneLine(p.name), plural(rows, "row"), p.Object.Slug)
	if n := p.Questions(); n > 0 {
		fmt.Fprintf(&b, "# %s to decide: take the \"# \" off one of the lines under each \"decide\".\n",
			plural(n, "question"))
		b.WriteString("# Until then nothing is imported.\n")
	}
	b.WriteString("version: 1\n")
	mapfile.Line(&b, "object", p.Object.Slug)
	if len(p.match) > 1 {
		fmt.Fprintf(&b, "# match: %s   # for --mode upsert and update; or %s\n", p.match[0], strings.Join(p.match[1:], ", "))
	}
	b.WriteString("columns:\n")
	for _, s := range p.Columns {
		if !p.inRest(s) {
			s.write(&b)
		}
	}
	for _, slug := range p.Lacking {
		fmt.Fprintf(&b, "  "+mapfile.DecideMark+mapfile.LackMark+"%s needs %s, and no column seems to hold it\n",
			p.Object.Slug, slug)
		fmt.Fprintf(&b, "  # - {column: HEADER, attribute: %s}   # or below: constants: {%s: VALUE}\n", slug, slug)
	}
	p.writeIgnored(&b)
	p.writeRest(&b)
	return []byte(b.String())
}

// Questions is how many answers the proposal waits for.
func (p *Proposal) Questions() int {
	n := len(p.Asks()) + len(p.Lacking)
	if p.RestAsk() != "" {
		n++
	}
	return n
}

// writeIgnored lists the columns that are left out, and those that may be.
func (p *Proposal) writeIgnored(b *strings.Builder) {
	var lines []string
	for _, s := range p.Columns {
		switch {
		case p.inRest(s):
		case s.Ignore:
			lines = append(lines, "  - "+mapfile.Quote(s.Header)+comment(strings.Join(s.Notes, "; ")))
		case s.Ask != "":
			lines = append(lines, "  # - "+mapfile.Quote(s.Header)+mapfile.IgnoreMark)
		}
	}
	if len(lines) > 0 {
		b.WriteString("ignore:\n" + strings.Join(lines, "\n") + "\n")
	}
}

// write writes a column's entry, or what it could be.
func (s *Suggestion) write(b *strings.Builder) {
	if s.Ask != "" {
		fmt.Fprintf(b, "  "+mapfile.DecideMark+"%s: %s%s\n", mapfile.Quote(s.Header), oneLine(s.Ask), s.sampled())
		for _, n := range s.Notes {
			fmt.Fprintf(b, "  #   %s\n", oneLine(n))
		}
		for _, a := range s.Answers {
			fmt.Fprintf(b, "  # - %s%s\n", a.Column.Flow(), comment(a.Text))
		}
		return
	}
	if s.Column == nil {
		return
	}
	b.WriteString(s.Column.YAML())
	if s.Likely != "" {
		fmt.Fprintf(b, "    # likely: %s%s\n", oneLine(s.Likely), s.sampled())
	}
	for _, n := range s.Notes {
		fmt.Fprintf(b, "    # %s\n", oneLine(n))
	}
}

// sampled shows a cell, where what is asked shows none.
func (s *Suggestion) sampled() string {
	one := s.profile.first
	if one.text == "" || strings.Contains(s.Ask, "such as") {
		return ""
	}
	return fmt.Sprintf("; line %d holds %s", one.line, oneLine(fmt.Sprintf("%q", shortText(one.text))))
}

func comment(text string) string {
	if text == "" {
		return ""
	}
	return "   # " + oneLine(text)
}

// oneLine keeps a text inside its comment, and out of it what YAML does not take.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == 0x2028 || r == 0x2029 || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, s)
}
