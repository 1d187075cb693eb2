package propose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Rules of a proposal. A header that names an attribute, or that Attio's templates and the exports of HubSpot and
// Salesforce use for one, is mapped where its cells fit. A header that is only like an attribute's is mapped where
// its cells say the same, with the reason beside it. Whatever can be read in two ways, and a column that fits
// nothing, is asked about: it stands in the file as lines to take the # off, one line for each answer. Until then the
// column is unmapped, so that Bind refuses the file and names the column.

// Proposal is the mapping that a file of rows and a schema suggest.
type Proposal struct {
	Object  *attio.Object
	Columns []*Suggestion
	// Lacking are attributes that a new record must have and no column fills.
	Lacking []string
	// Rest are the columns that fit no attribute, where they are many: one question stands for all of them.
	Rest []*Suggestion
	// IgnoreRest is the answer to it, that they are left out.
	IgnoreRest bool

	name  string
	match []string // unique attributes that are filled, where several are
}

// Suggestion is what is proposed for one column.
type Suggestion struct {
	Header string
	Column *mapfile.Column // what it fills; nil where that has to be decided, or where it is left out
	Ignore bool            // listed under ignore
	Likely string          // why it was taken for the attribute, where its header does not say so exactly
	Notes  []string        // what else is worth a comment
	Ask    string          // what has to be decided; "" for nothing
	// Answers are the entries to choose from; to leave the column out is one more.
	Answers []Answer

	guess   guess
	fills   bool   // it is the column that fills what was guessed
	doubt   string // why the guess is not to be used without being confirmed; "" for no doubt
	profile *Profile
}

// Answer is one entry that would settle what is asked.
type Answer struct {
	Column mapfile.Column
	Text   string // what it means for a cell of the file
}

// Asks are the suggestions with something to decide of their own.
func (p *Proposal) Asks() []*Suggestion {
	return slices.DeleteFunc(slices.Clone(p.Columns), func(s *Suggestion) bool { return s.Ask == "" || p.inRest(s) })
}

// Propose suggests a mapping for the rows of a file; profiles are in the order of in.Columns. The error is Problems.
func Propose(in mapping.Input, profiles []*Profile, s *attio.Schema, object string) (*Proposal, error) {
	o, bad := problem.FindObject(s, cmp.Or(object, mapping.DefaultObject), "--object")
	if bad != nil {
		return nil, bad
	}
	p := &Proposal{Object: o, name: in.Name}
	f := &finder{schema: s, object: p.Object, headers: mapping.NewHeaders(p.Object)}
	for i, header := range in.Columns {
		p.Columns = append(p.Columns, f.suggest(header, i, profiles[i]))
	}
	f.byValues(p.Columns)
	f.settleClashes(p)
	for _, sg := range p.Columns {
		if sg.guess.Attr != nil && sg.Ask == "" && !sg.Ignore {
			settle(s, sg)
		}
	}
	p.clearCompany()
	p.doubts()
	p.gather(severalUnlike)
	p.lacking()
	return p, nil
}

// leaveOut lists a column under ignore, for a reason.
func (s *Suggestion) leaveOut(why string) { s.Ignore, s.Notes = true, []string{why} }

// Why a column is left out without a question.
const (
	blankColumn = "blank in every row"
	ownBooks    = "the other program's own bookkeeping"
)

// suggest finds what the header says.
func (f *finder) suggest(header string, i int, p *Profile) *Suggestion {
	sg := &Suggestion{Header: cmp.Or(header, fmt.Sprintf("#%d", i+1)), profile: p}
	found := f.headers.Find(header)
	switch {
	case mapping.LeftOver(header, found):
		// needs no line
	case len(found) == 1 && !named(found[0]):
		sg.guess = guess{Path: found[0], rank: exactHeader}
	case len(found) > 1:
		sg.Ask = "the header fits " + mapping.QuotePaths(found)
		for _, path := range found {
			sg.Answers = append(sg.Answers, Answer{Column: mapfile.Column{Column: sg.Header, Attribute: path.String()}})
		}
	default:
		f.other(header, sg)
	}
	return sg
}

// named reports whether a path is the readable name beside a reference, which stands for nothing but in a program's own
// export.
func named(p mapping.Path) bool { return p.Part == "name" && p.Attr.Type != attio.TypePersonalName }

// other finds what a header means that is no attribute's own.
func (f *finder) other(header string, sg *Suggestion) {
	name := problem.Plain(header)
	if g, ok := f.alias(name, sg.profile); ok {
		sg.guess = g
		return
	}
	switch {
	case sg.profile.Filled == 0:
		sg.leaveOut(blankColumn)
		return
	case slices.Contains(meanings()[name], bookkeeping):
		sg.leaveOut(ownBooks)
		return
	}
	near := problem.Nearest(header, f.titles())
	if len(near) == 0 {
		sg.Ask = f.unlike()
		return
	}
	path := f.headers.Find(near[0])[0]
	g := guess{Path: path, rank: likelyHeader, why: fmt.Sprintf("the header is like %q", near[0])}
	sg.guess = g
	if path.Attr.Type == attio.TypeText || !path.Attr.Writable || !fits(f.schema, g, sg.profile) {
		sg.doubt = "the nearest attribute is " + path.String()
	}
}

// unlike asks about a column whose header is like no attribute's.
func (f *finder) unlike() string { return "no attribute of " + f.object.Slug + " is like it" }

// joinable are the types whose values are often found in several columns.
var joinable = []attio.Type{attio.TypeEmailAddress, attio.TypePhoneNumber, attio.TypeDomain}

// byValues offers columns whose header says nothing for the attributes that their cells fit and no other column fills.
func (f *finder) byValues(columns []*Suggestion) {
	for _, sg := range columns {
		if sg.Ask == "" || len(sg.Answers) > 0 || sg.profile.Filled == 0 {
			continue
		}
		for _, role := range []string{"#email", "#phone", "#domain"} {
			g, ok := f.role(role)
			taken := func(other *Suggestion) bool { return other.guess.Attr == g.Attr }
			if ok && !slices.ContainsFunc(columns, taken) && fits(f.schema, g, sg.profile) {
				sg.guess, sg.doubt = g, fmt.Sprintf("its header says nothing, its cells fit %s", g.Path)
				sg.guess.rank, sg.Ask = likelyHeader, ""
				break
			}
		}
	}
}

// settleClashes gives each attribute to the column that names it best. A further column joins it where several
// addresses or numbers may stand, and is asked about elsewhere.
func (f *finder) settleClashes(p *Proposal) {
	order := slices.Clone(p.Columns)
	slices.SortStableFunc(order, func(a, b *Suggestion) int { return int(a.guess.rank - b.guess.rank) })
	for _, sg := range order {
		other := p.clash(sg.guess.Path)
		switch a := sg.guess.Attr; {
		case a == nil || sg.Ask != "":
		case other == nil:
			sg.fills = true
		case sg.profile.Filled == 0:
			sg.leaveOut(blankColumn)
		case a.Multi && slices.Contains(joinable, a.Type) && other.guess.Path == sg.guess.Path:
			other.guess.join = append(other.guess.join, sg.Header)
			other.guess.joined = append(other.guess.joined, sg.profile)
			sg.guess = guess{}
		case sg.doubt != "":
			sg.guess, sg.doubt, sg.Ask = guess{}, "", f.unlike()
		case value.Divided(a.Type):
			sg.leaveOut(fmt.Sprintf("%s is filled by %q", a.Slug, other.Header))
		default:
			sg.Ask = fmt.Sprintf("%s is filled by %q already", sg.guess, other.Header)
		}
	}
}

// clash finds the column that fills an attribute already: the same, or a whole beside its parts; nil where none does.
func (p *Proposal) clash(to mapping.Path) *Suggestion {
	for _, sg := range p.Columns {
		had := sg.guess.Path
		if sg.fills && had.Attr == to.Attr &&
			(had.Part == to.Part || value.Divided(to.Attr.Type) && (had.Part == "" || to.Part == "")) {
			return sg
		}
	}
	return nil
}

// clearCompany drops columns that fill a target's attributes where nothing names the target, and has targets made
// where some do.
func (p *Proposal) clearCompany() {
	for _, sg := range p.Columns {
		g := &sg.guess
		if g.Attr == nil || g.Attr.Type != attio.TypeRecordReference || g.Part == "" || sg.Column == nil {
			continue
		}
		main := p.clash(mapping.Path{Attr: g.Attr})
		if main == nil || main.Column == nil || main.Column.Reference != g.reference {
			sg.Column, sg.Likely = nil, ""
			sg.Ask = fmt.Sprintf("%s is found by %s, and no column holds that; names find nothing", g.Attr.Title, g.reference)
			continue
		}
		if main.Column.Missing == "" {
			main.Column.Missing = value.MissingCreate
			main.Notes = append(slices.DeleteFunc(main.Notes, func(n string) bool { return n == missingNote }),
				"companies that do not exist yet are made, as Attio's own import does")
		}
	}
}

// doubts asks about what was guessed without reason enough, and offers a line to fill in where there is nothing to
// guess.
func (p *Proposal) doubts() {
	for _, sg := range p.Columns {
		if sg.doubt != "" && sg.Column != nil {
			sg.Ask, sg.Answers, sg.Column, sg.Likely = sg.doubt, []Answer{{Column: *sg.Column}}, nil, ""
		}
		if sg.Ask != "" && len(sg.Answers) == 0 {
			sg.Answers = []Answer{{mapfile.Column{Column: sg.Header, Attribute: anyAttribute},
				"or leave it out, at the end of this file"}}
		}
	}
}

// lacking finds the attributes that a new record needs and nothing fills, and those that could identify records.
func (p *Proposal) lacking() {
	for i := range p.Object.Attributes {
		a := &p.Object.Attributes[i]
		answers := func(o Answer) bool {
			slug, _, _ := strings.Cut(o.Column.Attribute, ".")
			return slug == a.Slug
		}
		filled := slices.ContainsFunc(p.Columns, func(sg *Suggestion) bool {
			return sg.guess.Attr == a && !sg.Ignore || slices.ContainsFunc(sg.Answers, answers)
		})
		if mapping.Needed(a) && !filled {
			p.Lacking = append(p.Lacking, a.Slug)
		}
		if filled && a.Unique && a.Writable {
			p.match = append(p.match, a.Slug)
		}
	}
}
