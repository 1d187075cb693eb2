package propose

import (
	"fmt"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// settleCompanies asks about columns that fill a target's attributes where nothing names the target, and has targets
// made where some do.
func (f *finder) settleCompanies(p *Proposal) {
	for _, sg := range p.Columns {
		g := sg.guess
		if g.Attr == nil || g.Attr.Type != attio.TypeRecordReference || g.Part == "" || sg.Column == nil {
			continue
		}
		main := p.clash(mapping.Path{Attr: g.Attr})
		if main != nil && main.Ask != "" && main.byKey(g.reference) {
			continue
		}
		if main == nil || main.Column == nil || main.Column.Reference != g.reference {
			f.byName(sg, main)
			continue
		}
		if main.Column.Missing == "" {
			main.Column.Missing = value.MissingCreate
			main.Notes = append(slices.DeleteFunc(main.Notes, func(n string) bool { return n == missingNote }),
				"companies that do not exist yet are made, as Attio's own import does")
		}
	}
}

// byKey has each answer to a question find its target by a key, and make it where it is not there. It reports whether
// all answers do.
func (s *Suggestion) byKey(reference string) bool {
	for i := range s.Answers {
		if s.Answers[i].Column.Reference != reference {
			return false
		}
	}
	for i := range s.Answers {
		if c := &s.Answers[i].Column; c.Missing == "" {
			c.Missing = value.MissingCreate
		}
	}
	return len(s.Answers) > 0
}

// byName asks about a column of names where no other column says which record is meant. main is the column that may
// come to say it, by an answer; nil for none.
func (f *finder) byName(sg, main *Suggestion) {
	g := sg.guess
	sg.Column, sg.Likely = nil, ""
	switch {
	case main != nil && main.Ask != "":
		sg.Ask = fmt.Sprintf("%s is found by %s, and the column %q is not decided", g.Attr.Title, g.reference, main.Header)
	case main != nil:
		sg.Ask = fmt.Sprintf("%s is filled by %q already", g.Attr.Title, main.Header)
	default:
		sg.Ask = fmt.Sprintf("no column holds %s, by which %s is found", g.reference, g.Attr.Title)
	}
	if main == nil && g.Part == "name" {
		f.offerName(sg, mapfile.Column{Column: sg.Header, Attribute: g.Attr.Slug}, f.schema.Object(roles["company"].to))
	}
}

// offerName offers to find records by their name: each name that exactly one record has. It is never taken unasked.
func (f *finder) offerName(sg *Suggestion, c mapfile.Column, o *attio.Object) {
	name := o.Attribute("name")
	if name == nil || name.Type != attio.TypeText || name.Archived {
		return
	}
	c.Reference = o.Slug + ".name"
	left := c
	left.Missing = value.MissingBlank
	sg.Answers = append(sg.Answers,
		Answer{Column: left, Text: fmt.Sprintf(
			"finds %s by name where exactly one has it; without one it stays blank", o.Slug)},
		Answer{Column: c, Text: "the same; without one the row is rejected"})
}
