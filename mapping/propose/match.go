package propose

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// guess is what a column may fill, and why.
type guess struct {
	mapping.Path
	reference string // for a reference and the parts of its target
	rank      headerRank
	why       string     // for a guess that the header alone does not settle
	with      string     // what stands between the joined values; "" for ";"
	join      []string   // further columns whose values belong to the same attribute
	joined    []*Profile // beside join
}

// headerRank is how surely a header names an attribute.
type headerRank int

const (
	exactHeader headerRank = iota
	knownHeader
	likelyHeader
)

// finder finds attributes by what headers mean and cells hold.
type finder struct {
	tester
	object  *attio.Object
	headers *mapping.Headers
	preset  *preset
	country *Suggestion // the column of the rows' countries; nil for none
}

func newFinder(in mapping.Input, profiles []*Profile, s *attio.Schema, o *attio.Object, p *preset) *finder {
	headers := mapping.NewHeaders(o)
	headers.SetInput(in)
	return &finder{tester: tester{in, s, o.Slug, profiles}, object: o, headers: headers, preset: p}
}

// titles are what a misspelt header can be meant for.
func (f *finder) titles() []string {
	var all []string
	for i := range f.object.Attributes {
		if a := &f.object.Attributes[i]; a.Writable && !a.Archived {
			all = append(all, a.Slug, a.Title)
		}
	}
	return all
}

// headerWords are well-known headers by what they mean; the file says how.
//
//go:embed headers.txt
var headerWords string

// meanings are what each well-known header may stand for: first the object's own, then roles, then slugs of any object.
var meanings = sync.OnceValue(func() map[string][]string { return readMeanings(headerWords, problem.Plain) })

// readMeanings reads a table of meanings and headers; key is what a header is looked up by.
func readMeanings(table string, key func(string) string) map[string][]string {
	m := map[string][]string{}
	meaning := ""
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "//") {
			continue
		}
		if before, headers, begins := strings.Cut(line, ": "); begins {
			meaning, line = before, headers
		}
		for _, header := range strings.Split(line, "|") {
			if name := key(header); name != "" && !slices.Contains(m[name], meaning) {
				m[name] = append(m[name], meaning)
			}
		}
	}
	rank := func(meaning string) int {
		switch {
		case strings.Contains(meaning, "/"):
			return 0
		case meaning[0] == '#':
			return 1
		}
		return 2
	}
	for _, all := range m {
		slices.SortFunc(all, func(a, b string) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a, b)) })
	}
	return m
}

// bookkeeping is the meaning of columns in which another CRM numbers and dates its own records.
const bookkeeping = "-"

// alias finds what a well-known header means for the object: the first of its meanings that the column's cells fit.
func (f *finder) alias(name string, p *Profile) (guess, bool) {
	for _, meaning := range f.preset.meanings(name, meanings()[name]) {
		find := f.attribute
		if object, slug, own := strings.Cut(meaning, "/"); own {
			if meaning = slug; object != f.object.Slug {
				continue
			}
		} else if meaning[0] == '#' {
			find = f.role
		}
		if g, ok := find(meaning); ok && (p.Filled == 0 || fits(f.schema, g, p)) {
			return g, true
		}
	}
	return guess{}, false
}

func (f *finder) attribute(slug string) (guess, bool) {
	a := f.object.Attribute(slug)
	return guess{Path: mapping.Path{Attr: a}, rank: knownHeader}, a != nil && a.Writable && !a.Archived
}

// roles are the types of the attributes that a role looks for, and the slugs that are meant where there are several.
var roles = map[string]struct {
	typ   attio.Type
	slugs []string
	to    string // what a reference points to
	key   string
}{
	"email":    {typ: attio.TypeEmailAddress, slugs: []string{"email_addresses", "primary_email_address"}},
	"phone":    {typ: attio.TypePhoneNumber, slugs: []string{"phone_numbers", "phone"}},
	"name":     {typ: attio.TypePersonalName, slugs: []string{"name", "full_name"}},
	"location": {typ: attio.TypeLocation, slugs: []string{"primary_location"}},
	"domain":   {typ: attio.TypeDomain, slugs: []string{"domains"}},
	"owner":    {typ: attio.TypeActorReference, slugs: []string{"owner"}},
	"company": {typ: attio.TypeRecordReference, slugs: []string{"company", "associated_company"},
		to: "companies", key: "domains"},
	"people": {typ: attio.TypeRecordReference, slugs: []string{"associated_people", "person"},
		to: "people", key: "email_addresses"},
}

// role finds the object's attribute for a role such as #email or #name.first_name: the one with the first of the
// role's slugs, else the only one.
func (f *finder) role(meaning string) (guess, bool) {
	name, part, _ := strings.Cut(meaning[1:], ".")
	r := roles[name]
	g := guess{Path: mapping.Path{Part: part}, rank: knownHeader}
	target := &attio.Object{}
	if r.to != "" {
		if target = f.schema.Object(r.to); target == nil || target.Attribute(r.key) == nil ||
			part != "" && target.Attribute(part) == nil {
			return guess{}, false
		}
		g.reference = r.to + "." + r.key
	}
	var found []*attio.Attribute
	for i := range f.object.Attributes {
		a := &f.object.Attributes[i]
		if a.Type == r.typ && a.Writable && !a.Archived && (r.to == "" || slices.Contains(a.AllowedObjects, target.ID)) {
			found = append(found, a)
		}
	}
	for _, slug := range r.slugs {
		if i := slices.IndexFunc(found, func(a *attio.Attribute) bool { return a.Slug == slug }); i >= 0 {
			found = found[i : i+1]
		}
	}
	if len(found) != 1 {
		return guess{}, false
	}
	g.Attr = found[0]
	return g, true
}
