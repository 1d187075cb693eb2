package propose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// joinable are the types whose values are often found in several columns.
var joinable = []attio.Type{attio.TypeEmailAddress, attio.TypePhoneNumber, attio.TypeDomain}

// kindWords are words that a header of a kind has.
var kindWords = map[string][]string{
	"#email":  {"email", "mail", "correo", "courriel"},
	"#phone":  {"phone", "tel", "telephone", "telefon", "mobile", "mobil", "cell", "handy", "telefono", "téléphone"},
	"#domain": {"domain", "domains", "website", "url", "web", "homepage", "site", "webseite"},
}

// plainWords may stand beside a word of a kind without saying that it is somebody else's: an assistant's e-mail address
// is not the person's.
var plainWords = strings.Fields(
	"business work private personal home office other primary secondary main direct company " +
		"person contact value address addresses number numbers no nr digits canonical alternate alternative additional " +
		"second third adresse nummer geschäftlich privat a")

// wordsOf are the words of a header in lower case, without numbers: E-mail is one word.
func wordsOf(header string) []string {
	text := strings.ReplaceAll(strings.ToLower(header), "e-mail", "email")
	return strings.FieldsFunc(text, func(r rune) bool {
		return !('a' <= r && r <= 'z') && r < 0x80
	})
}

// kindOf says what kind of column a header names, "#email" say; plain where nothing else in it says whose it is.
func kindOf(header string) (kind string, plain bool) {
	plain = true
	for _, word := range wordsOf(header) {
		known := slices.Contains(plainWords, word)
		for role, words := range kindWords {
			if slices.Contains(words, word) {
				kind, known = role, true
			}
		}
		plain = plain && known
	}
	return kind, plain && kind != ""
}

// byValues offers columns whose header names no attribute for those that their cells fit. Where the header has a word
// of the kind and nothing that says otherwise, the column joins others of its kind.
func (f *finder) byValues(columns []*Suggestion) {
	for _, sg := range columns {
		if sg.Ask == "" && sg.doubt == "" || len(sg.Answers) > 0 || sg.profile.Filled == 0 {
			continue
		}
		kind, plain := kindOf(sg.Header)
		for _, role := range []string{"#email", "#phone", "#domain", "#company"} {
			g, ok := f.role(role)
			if !ok || !fits(f.schema, g, sg.profile) || g.Part != "" {
				continue
			}
			taken := slices.ContainsFunc(columns, func(other *Suggestion) bool {
				return other != sg && other.guess.Path == g.Path && other.profile.Filled > 0
			})
			said := kind == role || role == "#company" && kind == "#domain"
			if taken && !(said && plain && g.Attr.Multi) {
				continue
			}
			sg.guess, sg.Ask, sg.doubt = g, "", ""
			if sg.guess.rank = likelyHeader; said && (plain || role == "#company") {
				sg.guess.why = "its header and its cells say " + g.Attr.Title
			} else {
				sg.doubt = fmt.Sprintf("the header does not say it, but the cells fit %s", g.Path)
			}
			break
		}
	}
}

// standing orders columns that may fill the same: the surer header first, one that is blank last. A column that is
// filled in less than half as many rows as another of the same name gives way to it, and a whole name to its parts.
func (p *Proposal) standing(sg *Suggestion) int {
	const gives, blank = 10, 20
	place := int(sg.guess.rank)
	switch {
	case sg.profile.Filled == 0:
		return place + blank
	case sg.guess.Attr == nil || sg.guess.rank > knownHeader:
		return place
	case p.hasParts(sg.guess):
		return place + gives
	}
	fuller := func(other *Suggestion) bool {
		return other.guess.Path == sg.guess.Path && other.guess.rank <= knownHeader &&
			other.profile.Filled > 2*sg.profile.Filled
	}
	if slices.ContainsFunc(p.Columns, fuller) {
		return place + gives
	}
	return place
}

// hasParts reports whether other columns fill the first and the last name that a column would fill whole.
func (p *Proposal) hasParts(g guess) bool {
	if g.Attr.Type != attio.TypePersonalName || g.Part != "" {
		return false
	}
	parts := value.Parts(g.Attr.Type)
	has := func(part int) bool {
		return slices.ContainsFunc(p.Columns, func(sg *Suggestion) bool {
			return sg.guess.Attr == g.Attr && sg.guess.Part == parts[part] && sg.profile.Filled > 0
		})
	}
	return has(value.FirstName) && has(value.LastName)
}

// telling orders columns whose values are joined: Attio takes the first value for the main one.
func telling(a, b *Suggestion) int {
	rank := func(s *Suggestion) int {
		words := wordsOf(s.Header)
		has := func(list ...string) bool {
			return slices.ContainsFunc(list, func(w string) bool { return slices.Contains(words, w) })
		}
		switch {
		case has("primary", "main"):
			return 0
		case has("private", "personal", "home", "other", "secondary", "additional", "alternate", "privat"):
			return 2
		}
		return 1
	}
	return cmp.Or(rank(a)-rank(b), b.profile.Filled-a.profile.Filled)
}

// settleClashes gives each attribute to the column that names it best. Others join it where several addresses or
// numbers may stand, or where the name stands whole in some rows and in parts in others. What is left over is asked
// about.
func (f *finder) settleClashes(p *Proposal) {
	order := slices.Clone(p.Columns)
	places := map[*Suggestion]int{}
	for _, sg := range p.Columns {
		places[sg] = p.standing(sg)
	}
	slices.SortStableFunc(order, func(a, b *Suggestion) int { return places[a] - places[b] })
	for _, sg := range order {
		other := p.clash(sg.guess.Path)
		switch a := sg.guess.Attr; {
		case a == nil || sg.Ask != "":
		case other == nil:
			sg.fills = true
		case sg.profile.Filled == 0:
			sg.leaveOut(blankColumn)
		case joins(sg, other):
			p.join(sg, other)
		case sg.doubt != "" || sg.guess.rank == likelyHeader:
			sg.guess, sg.doubt, sg.Ask = guess{}, "", f.unlike()
		case p.wholeName(sg, a):
			sg.leaveOut("first and last name say the same")
		default:
			sg.Ask = fmt.Sprintf("%s is filled by %q already", sg.guess, other.Header)
		}
	}
	p.eitherName()
}

// joins reports whether a column's values may stand beside another's.
func joins(sg, other *Suggestion) bool {
	a := sg.guess.Attr
	return a.Multi && slices.Contains(joinable, a.Type) && other.guess.Path == sg.guess.Path && sg.doubt == "" &&
		!sg.inside && !other.inside && sg.profile.lists == 0 && other.profile.lists == 0
}

// join has a column's values join those of another; the more telling of the two is the one that is mapped.
func (p *Proposal) join(sg, main *Suggestion) {
	if telling(sg, main) < 0 {
		sg.guess.join, sg.guess.joined = main.guess.join, main.guess.joined
		main.guess.join, main.guess.joined = nil, nil
		sg.fills, main.fills = true, false
		sg, main = main, sg
	}
	main.guess.join = append(main.guess.join, sg.Header)
	main.guess.joined = append(main.guess.joined, sg.profile)
	sg.guess = guess{}
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

// nameParts are the columns that fill the first and the last name; nil for none.
func (p *Proposal) nameParts(a *attio.Attribute) (first, last *Suggestion) {
	parts := value.Parts(a.Type)
	if a.Type != attio.TypePersonalName {
		return nil, nil
	}
	for _, sg := range p.Columns {
		if sg.fills && sg.guess.Attr == a && sg.guess.Part == parts[value.FirstName] {
			first = sg
		}
		if sg.fills && sg.guess.Attr == a && sg.guess.Part == parts[value.LastName] {
			last = sg
		}
	}
	return first, last
}

// wholeName reports whether a column of whole names says in each row what the columns of first and last names say.
func (p *Proposal) wholeName(sg *Suggestion, a *attio.Attribute) bool {
	first, last := p.nameParts(a)
	if first == nil || last == nil || sg.guess.Part != "" {
		return false
	}
	for i, cell := range sg.profile.head {
		name := value.Trim(cell.Text)
		if i >= len(first.profile.head) || i >= len(last.profile.head) {
			return false
		}
		one, two := value.Trim(first.profile.head[i].Text), value.Trim(last.profile.head[i].Text)
		if name != "" && name != value.JoinName(one, two) && name != two+", "+one && name != value.JoinName(two, one) {
			return false
		}
	}
	return true
}

// eitherName reads a name that some rows have whole and others in parts from whichever is filled.
func (p *Proposal) eitherName() {
	for _, sg := range p.Columns {
		if sg.Ask == "" || sg.guess.Attr == nil || sg.guess.Part != "" {
			continue
		}
		first, last := p.nameParts(sg.guess.Attr)
		if first == nil || last == nil || !apart(sg.profile, first.profile) || !apart(sg.profile, last.profile) {
			continue
		}
		sg.guess.join, sg.guess.with, sg.fills, sg.Ask = []string{first.Header, last.Header}, " ", true, ""
		sg.guess.why = "some rows have the whole name, others its parts"
		for _, part := range []*Suggestion{first, last} {
			part.guess, part.fills = guess{}, false
		}
	}
}

// apart reports whether no row fills both of two columns, as far as rows were kept.
func apart(a, b *Profile) bool {
	for i := range min(len(a.head), len(b.head)) {
		if value.Trim(a.head[i].Text) != "" && value.Trim(b.head[i].Text) != "" {
			return false
		}
	}
	return a.Filled > 0 && b.Filled > 0 && a.Filled+b.Filled <= a.Rows
}
