package propose

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// YAML writes the proposal as a mapping file. Where nothing is asked it is ready to be used.
func (p *Proposal) YAML() []byte {
	var b strings.Builder
	b.WriteString(mapfile.SchemaLine + "\n")
	fmt.Fprintf(&b, "# Proposed for %s, %s, as records of %s%s.\n", oneLine(p.name), plural(p.rows, "row"), p.Object.Slug,
		p.reason())
	if n := p.Questions(); n > 0 {
		fmt.Fprintf(&b, "# %s to decide: take the \"# \" off one of the lines under each \"decide\".\n",
			plural(n, "question"))
		b.WriteString("# Until then nothing is imported.\n")
	}
	b.WriteString("version: 1\n")
	mapfile.Line(&b, "object", p.Object.Slug)
	for _, line := range p.Table {
		b.WriteString(oneLine(line) + "\n")
	}
	if len(p.match) > 1 {
		fmt.Fprintf(&b, "# match: %s   # for --mode upsert and update; or %s\n", p.match[0], strings.Join(p.match[1:], ", "))
	}
	b.WriteString("columns:\n")
	for _, s := range p.Columns {
		if !p.inRest(s) {
			s.write(&b)
		}
	}
	for _, s := range append(slices.Clone(p.given), p.Lacks...) {
		if s.Ask != "" {
			s.writeAsk(&b, oneLine(s.Ask))
		} else if s.Column != nil {
			b.WriteString(s.Column.YAML())
		}
	}
	p.writeConstants(&b)
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
		s.writeAsk(b, mapfile.Quote(s.Header)+": "+oneLine(s.Ask)+s.sampled())
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

// writeAsk writes a question and the entries to choose from.
func (s *Suggestion) writeAsk(b *strings.Builder, text string) {
	fmt.Fprintf(b, "  %s%s\n", mapfile.DecideMark, text)
	for _, n := range s.Notes {
		fmt.Fprintf(b, "  #   %s\n", oneLine(n))
	}
	for _, a := range s.Answers {
		if a.Constant == nil {
			fmt.Fprintf(b, "  # - %s%s\n", a.Column.Flow(), comment(a.Text))
		}
	}
}

// writeConstants offers values for every row, each as a line to take the "# " off.
func (p *Proposal) writeConstants(b *strings.Builder) {
	var lines []string
	for _, s := range append(slices.Clone(p.given), p.Lacks...) {
		if s.constant != nil {
			lines = append(lines, "  "+s.constant.Line()+"\n")
		}
		for _, a := range s.Answers {
			if a.Constant != nil {
				lines = append(lines, "  # "+a.Line()+mapfile.ConstantMark+oneLine(a.Text)+"\n")
			}
		}
	}
	if len(lines) > 0 {
		b.WriteString("constants:\n" + strings.Join(lines, ""))
	}
}

// reason says why the file is taken for records of the object, where nobody said so.
func (p *Proposal) reason() string {
	text := ""
	if p.Preset != "" {
		text = ", an export of " + p.Preset
	}
	if p.Guessed {
		text += " (guessed from the columns: --object names another)"
	}
	return text
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
