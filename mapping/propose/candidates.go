package propose

import (
	"cmp"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// maxCandidates is how many attributes a question offers at most.
const maxCandidates = 4

// candidates are the attributes that a column may be meant for, the likeliest first: those that nothing fills, and that
// its cells fit or its header is like.
func (f *finder) candidates(p *Proposal, sg *Suggestion) (all []guess) {
	if sg.profile.Filled == 0 {
		return nil
	}
	type scored struct {
		guess
		score int
	}
	var found []scored
	for i := range f.object.Attributes {
		a := &f.object.Attributes[i]
		if !a.Writable || a.Archived || !value.Writable(a.Type) {
			continue
		}
		for _, g := range f.ways(a) {
			score := f.score(g, sg)
			if score > 0 && p.clash(g.Path) == nil {
				found = append(found, scored{g, score})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	for _, s := range found[:min(len(found), maxCandidates)] {
		all = append(all, s.guess)
	}
	return all
}

// ways are how a column may fill an attribute: a place also by its country alone.
func (f *finder) ways(a *attio.Attribute) []guess {
	whole := guess{Path: mapping.Path{Attr: a}, rank: likelyHeader}
	switch a.Type {
	case attio.TypeLocation:
		return []guess{{Path: mapping.Path{Attr: a, Part: "country_code"}, rank: likelyHeader}}
	case attio.TypePersonalName:
		return nil
	case attio.TypeRecordReference:
		if len(a.AllowedObjects) == 1 {
			if o := f.schema.Object(a.AllowedObjects[0]); o != nil && o.Attributes != nil {
				if key := value.KeyAttribute(o); key != nil && key.Type != attio.TypeText {
					whole.reference = o.Slug + "." + key.Slug
				}
			}
		}
	}
	return []guess{whole}
}

// score says how well an attribute suits a column; 0: not at all.
func (f *finder) score(g guess, sg *Suggestion) int {
	p, a := sg.profile, g.Attr
	if p.lists > 0 && p.elements != nil {
		p = p.elements
	}
	like := 0
	if len(problem.Nearest(sg.Header, []string{a.Slug, a.Title})) > 0 {
		like = 40
	}
	fit := fits(f.schema, g, p) && (sg.profile.lists == 0 || a.Multi)
	share := func(of func(string) bool) bool { return p.among(of)*2 >= p.Filled }
	points := 0
	switch a.Type {
	case attio.TypeEmailAddress, attio.TypePhoneNumber, attio.TypeDomain:
		points = 100
	case attio.TypeDate, attio.TypeTimestamp:
		points = 90
	case attio.TypeActorReference:
		fit, points = share(value.NewMembers(f.schema.Members).Has), 85
	case attio.TypeSelect, attio.TypeStatus:
		table := value.NewOptions(a.Options)
		fit, points = share(func(text string) bool {
			o, _ := table.Find(text)
			return o != nil || len(table.Nearest(text)) > 0
		}), 80
	case attio.TypeRecordReference:
		points = 75
	case attio.TypeLocation:
		fit, points = share(func(text string) bool { return value.Country(text) != "" }), 65
	case attio.TypeCheckbox:
		fit, points = fit && len(p.values) <= 2 && !p.many, 60
	case attio.TypeNumber, attio.TypeCurrency, attio.TypeRating:
		points = 20 // a number alone says little
		if p.symbols > 0 && a.Type == attio.TypeCurrency {
			points = 70
		}
	}
	if !fit {
		return 0
	}
	if points+like < 40 {
		return 0
	}
	return points + like
}

// offer has a question name its candidates, each with the settings that the cells need.
func (f *finder) offer(p *Proposal, sg *Suggestion) {
	for _, g := range f.candidates(p, sg) {
		if slices.ContainsFunc(sg.Answers, func(a Answer) bool { return a.Column.Attribute == g.String() }) {
			continue
		}
		try := &Suggestion{Header: sg.Header, profile: sg.profile, guess: g, inside: sg.inside}
		f.settle(try)
		if try.Column != nil {
			sg.Answers = append(sg.Answers, Answer{Column: *try.Column})
		}
		sg.Answers = append(sg.Answers, try.Answers...)
	}
}

// doubts asks about what was guessed without reason enough, and offers candidates where there is nothing to guess.
func (f *finder) doubts(p *Proposal) {
	for _, sg := range p.Columns {
		if sg.doubt != "" && sg.Column != nil {
			sg.Ask, sg.Answers, sg.Column, sg.Likely = sg.doubt, []Answer{{Column: *sg.Column}}, nil, ""
			sg.Notes, sg.Weak = nil, f.isKey(sg.Answers[0])
		}
		if sg.Ask == "" {
			continue
		}
		if before := len(sg.Answers); before == 0 || sg.guess.Attr == nil {
			f.offer(p, sg)
			sg.Answers = append(sg.Answers[:before], slices.DeleteFunc(sg.Answers[before:], f.isKey)...)
			if sg.Ask == f.unlike() && len(sg.Answers) > before {
				if a := f.object.Attribute(sg.Answers[before].Column.Attribute); a != nil && a.Type == attio.TypeText {
					sg.Ask = "the nearest attribute is " + a.Slug
				} else {
					sg.Weak = true
					sg.Ask = "its header names no attribute of " + f.object.Slug + ", but its cells fit " +
						sg.Answers[before].Column.Attribute
				}
			}
		}
		f.prove(sg)
	}
}

// isKey reports whether an answer fills a unique text or number. That is a key, which a header has to name: years or
// counts that came to be one would be conflicts with strangers in the next file.
func (f *finder) isKey(a Answer) bool {
	attr := f.object.Attribute(a.Column.Attribute)
	return attr != nil && attr.Unique && (attr.Type == attio.TypeText || attr.Type == attio.TypeNumber)
}

// unlike asks about a column whose header is like no attribute's.
func (f *finder) unlike() string { return "no attribute of " + f.object.Slug + " is like it" }
