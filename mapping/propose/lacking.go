package propose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// lacking finds the attributes that a new record needs and nothing fills, and those that could identify records.
func (f *finder) lacking(p *Proposal) {
	for i := range p.Object.Attributes {
		a := &p.Object.Attributes[i]
		answers := func(o Answer) bool {
			slug, _, _ := strings.Cut(o.Column.Attribute, ".")
			return slug == a.Slug
		}
		filled := slices.ContainsFunc(p.Columns, func(sg *Suggestion) bool {
			return sg.guess.Attr == a && !sg.Ignore && (sg.Column != nil || sg.Ask != "") ||
				slices.ContainsFunc(sg.Answers, answers)
		})
		given := slices.ContainsFunc(p.given, func(s *Suggestion) bool { return s.Lacks == a.Slug })
		if mapping.Needed(a) && !filled && !given {
			p.Lacking = append(p.Lacking, a.Slug)
			p.Lacks = append(p.Lacks, f.lack(p, a))
		}
		if filled && a.Unique && a.Writable {
			p.match = append(p.match, a.Slug)
		}
	}
}

// maxConstants is how many values for all rows a question offers at most.
const maxConstants = 8

// lack asks what is to fill an attribute that new records must have: a column, or one value for every row, which no
// unique attribute can have.
func (f *finder) lack(p *Proposal, a *attio.Attribute) *Suggestion {
	lack := &Suggestion{Lacks: a.Slug, Ask: fmt.Sprintf("%s%s needs %s, and no column seems to hold it",
		mapfile.LackMark, p.Object.Slug, a.Slug)}
	for _, sg := range f.mayHold(p, a) {
		try := &Suggestion{Header: sg.Header, profile: sg.profile, guess: guess{Path: mapping.Path{Attr: a}}}
		f.settle(try)
		if try.Column != nil {
			text := fmt.Sprintf("such as %q", shortText(sg.profile.first.text))
			lack.Answers = append(lack.Answers, Answer{Column: *try.Column, Text: text})
		}
	}
	constant := func(text, means string) {
		if len(lack.Answers) < maxConstants && !a.Unique {
			lack.Answers = append(lack.Answers,
				Answer{Constant: &mapfile.Constant{Attribute: a.Slug, Values: []string{text}}, Text: means})
		}
	}
	for _, o := range a.Options {
		if !o.Archived {
			constant(o.Title, "")
		}
	}
	if a.Type == attio.TypeActorReference {
		for _, m := range f.schema.Members {
			constant(m.Email, ": "+value.JoinName(m.FirstName, m.LastName))
		}
	}
	return lack
}

// mayHold are the columns, three at most, whose cells an attribute takes: each row has one, and none comes twice where
// the attribute is unique. Those that nothing else is known of come first.
func (f *finder) mayHold(p *Proposal, a *attio.Attribute) []*Suggestion {
	var found []*Suggestion
	for _, sg := range p.Columns {
		c := sg.profile
		switch {
		case c == nil || c.Filled == 0 || c.Filled < c.Rows || c.lists > 0 || sg.inside:
		case a.Unique && c.repeats, !a.Unique && sg.Ask == "", !fits(f.schema, guess{Path: mapping.Path{Attr: a}}, c):
		case a.Options != nil && c.among(func(text string) bool {
			o, _ := value.NewOptions(a.Options).Find(text)
			return o != nil
		})*2 < c.Filled:
		case a.Type == attio.TypeText && !a.Unique:
		default:
			found = append(found, sg)
		}
	}
	free := func(sg *Suggestion) int { return map[bool]int{true: 1}[sg.Column != nil] }
	slices.SortStableFunc(found, func(a, b *Suggestion) int { return cmp.Compare(free(a), free(b)) })
	return found[:min(3, len(found))]
}
