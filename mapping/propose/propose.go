package propose

import (
	"fmt"
	"slices"

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
	// Lacking are attributes that a new record must have and no column fills; Lacks asks about each, in this order.
	Lacking []string
	Lacks   []*Suggestion
	// Rest are the columns that fit no attribute, where they are many: one question stands for all of them.
	Rest []*Suggestion
	// IgnoreRest is the answer to it, that they are left out.
	IgnoreRest bool
	// Guessed is set where nobody named the object, and it was chosen for its columns.
	Guessed bool
	// Preset is the program whose export the columns are of, such as "HubSpot"; "" for none.
	Preset string

	finder *finder
	given  []*Suggestion // what fills an attribute that records lacked, as somebody answered

	name  string
	rows  int
	match []string // unique attributes that are filled, where several are
	// Table are lines about how the file is read, and what is to be decided about that, as they stand in a mapping file.
	Table []string
}

// Suggestion is what is proposed for one column, or asked about an attribute that records lack.
type Suggestion struct {
	Header string          // or "#3", or an address such as phones[].number; "" for what records lack
	Lacks  string          // the slug of an attribute that records lack; "" for a column
	Column *mapfile.Column // what it fills; nil where that has to be decided, or where it is left out
	Ignore bool            // listed under ignore
	Likely string          // why it was taken for the attribute, where its header does not say so exactly
	Notes  []string        // what else is worth a comment
	Ask    string          // what has to be decided; "" for nothing
	// Weak: the header does not say what is offered, so that leaving the column out is the likelier answer.
	Weak bool
	// Answers are the entries to choose from, the likeliest first; to leave the column out is one more.
	Answers  []Answer
	Readings []Reading // what the proposed entry makes of some cells, where some are refused

	constant *Answer // what records lack is this in every row
	guess    guess
	fills    bool   // it is the column that fills what was guessed
	doubt    string // why the guess is not to be used without being confirmed; "" for no doubt
	inside   bool   // it is a member of the objects in a column's arrays
	profile  *Profile
}

// Answer is one line of the file that would settle what is asked: an entry, or a constant.
type Answer struct {
	Column   mapfile.Column
	Constant *mapfile.Constant // a value for every row, in place of Column; nil for an entry
	Text     string            // what it means for a cell of the file
	Readings []Reading         // what it makes of some cells
}

// Line is the answer as it stands in a mapping file: an entry under columns, or a constant.
func (a *Answer) Line() string {
	if a.Constant != nil {
		return mapfile.Quote(a.Constant.Attribute) + ": " + mapfile.Quote(a.Constant.Values[0])
	}
	return a.Column.Flow()
}

// Asks are the suggestions with something to decide of their own.
func (p *Proposal) Asks() []*Suggestion {
	return slices.DeleteFunc(slices.Clone(p.Columns), func(s *Suggestion) bool { return s.Ask == "" || p.inRest(s) })
}

// Options say what to propose for.
type Options struct {
	Object string // slug; "" for the one that the columns fit best
	From   string // the name of a preset; "" for the one that the headers tell
}

// Propose suggests a mapping for the rows of a file; profiles are in the order of in.Columns. The error is Problems, or
// an *UnknownPresetError.
func Propose(in mapping.Input, profiles []*Profile, s *attio.Schema, o Options) (*Proposal, error) {
	preset, err := findPreset(o.From, in.Columns)
	if err != nil {
		return nil, err
	}
	slug, guessed := o.Object, false
	if slug == "" {
		slug, guessed = guessObject(in, profiles, s, preset)
	}
	object, bad := problem.FindObject(s, slug, "--object")
	if bad != nil {
		return nil, bad
	}
	p := &Proposal{Object: object, Guessed: guessed, name: in.Name}
	if preset != nil {
		p.Preset = preset.title
	}
	if len(profiles) > 0 {
		p.rows = profiles[0].Rows
	}
	f := newFinder(in, profiles, s, object, preset)
	for i := range in.Columns {
		for _, sg := range expand(in.ColumnName(i), profiles[i]) {
			f.suggest(sg)
			p.Columns = append(p.Columns, sg)
		}
	}
	f.byValues(p.Columns)
	f.settleClashes(p)
	f.country = countryColumn(p.Columns)
	for _, sg := range p.Columns {
		if sg.guess.Attr != nil && sg.Ask == "" && !sg.Ignore {
			f.settle(sg)
		}
	}
	f.settleCompanies(p)
	f.doubts(p)
	p.gather(severalUnlike)
	p.finder = f
	f.lacking(p)
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
func (f *finder) suggest(sg *Suggestion) {
	found := f.headers.Find(sg.Header)
	switch {
	case mapping.LeftOver(sg.Header, found) && !f.headers.Foreign(found):
		// needs no line
	case len(found) == 1 && !named(found[0]):
		sg.guess = guess{Path: found[0], rank: exactHeader}
		f.targetsName(sg)
	case len(found) > 1:
		sg.Ask = "the header fits " + mapping.QuotePaths(found)
		for _, path := range found {
			sg.Answers = append(sg.Answers, Answer{Column: mapfile.Column{Column: sg.Header, Attribute: path.String()}})
		}
	default:
		f.other(sg.Header, sg)
	}
}

// targetsName takes a column that is called as a reference is and holds names for the name of the target: companies are
// found by their domain.
func (f *finder) targetsName(sg *Suggestion) {
	g := sg.guess
	if g.Attr.Type != attio.TypeRecordReference || sg.profile.Filled == 0 || sg.profile.lists > 0 ||
		fits(f.schema, g, sg.profile) {
		return
	}
	if name, ok := f.role("#company.name"); ok && name.Attr == g.Attr {
		sg.guess = name
	}
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
	case slices.Contains(f.preset.meanings(name, meanings()[name]), bookkeeping):
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
	anyText := path.Attr.Type == attio.TypeText || value.Divided(path.Attr.Type)
	if anyText || !path.Attr.Writable || !fits(f.schema, g, sg.profile) {
		sg.doubt = "the nearest attribute is " + path.String()
	}
}
