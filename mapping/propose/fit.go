package propose

import (
	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// fits says whether a column's cells are what an attribute takes, in some form: nine of ten, or all but one, since a
// few slips are what a check is for.
func fits(s *attio.Schema, g guess, p *Profile) bool {
	if p.Filled == 0 || p.lists > 0 {
		return p.lists > 0 && g.Attr.Multi && g.Part == ""
	}
	n := fitting(s, g, p)
	return n*10 >= p.Filled*9 || p.Filled >= 4 && n == p.Filled-1
}

// fitting counts the cells that an attribute takes in some form.
func fitting(s *attio.Schema, g guess, p *Profile) int {
	a := g.Attr
	if a.Type == attio.TypeRecordReference && g.Part != "" {
		inner := s.Object("companies").Attribute(g.Part)
		return fitting(s, guess{Path: mapping.Path{Attr: inner}}, p)
	}
	switch a.Type {
	case attio.TypeEmailAddress:
		return p.fit("email") + p.mixed + p.named
	case attio.TypeDomain:
		n, _ := p.best(func(s *separated) int { return s.domains })
		return p.fit("domain") + n - p.emailsAsDomains()
	case attio.TypePhoneNumber:
		return phones(p)
	case attio.TypeDate, attio.TypeTimestamp:
		most := p.native
		for _, list := range [][]string{dayFirst, monthFirst, yearFirst} {
			for _, format := range list {
				most = max(most, p.native+p.fit(format))
			}
		}
		return most
	case attio.TypeNumber, attio.TypeCurrency, attio.TypeRating:
		most := 0
		for _, f := range numberForms {
			most = max(most, p.fit(f.name()))
		}
		return most
	case attio.TypeCheckbox:
		return p.among(func(text string) bool { return checkboxWord(text) != "" })
	case attio.TypeActorReference:
		members := value.NewMembers(s.Members)
		return max(p.among(func(text string) bool { return members.Has(text) }), p.fit("email"))
	case attio.TypeRecordReference:
		return referring(s, g, p)
	case attio.TypePersonalName, attio.TypeLocation:
		return p.among(func(text string) bool { return !value.IsEmail(text) && !value.IsDomain(text) && !value.IsUUID(text) })
	case attio.TypeInteraction:
		return 0
	}
	return p.Filled // text takes everything, and options are a matter of their own
}

// emailsAsDomains is 0 but for columns of addresses, whose last parts would pass for domains.
func (p *Profile) emailsAsDomains() int { return min(p.fit("email"), p.fit("domain")) }

// among counts the cells of which something holds, as far as the different ones are known.
func (p *Profile) among(holds func(string) bool) int {
	n, seen := 0, 0
	for text, times := range p.values {
		seen += times
		if holds(text) {
			n += times
		}
	}
	if p.many && seen > 0 {
		return n * p.Filled / seen
	}
	return n
}

// best is the separator that divides most cells well, and how many.
func (p *Profile) best(well func(*separated) int) (n int, sep string) {
	for _, one := range separators {
		if s := p.seps[one]; s != nil && well(s) > n {
			n, sep = well(s), one
		}
	}
	return n, sep
}

func phones(p *Profile) int {
	n, _ := p.best(func(s *separated) int { return s.phones })
	local := 0
	for _, valid := range p.plans {
		local = max(local, valid)
	}
	if p.local >= maxLocal { // the first ones stand for all
		local = local * p.among(func(text string) bool { return value.PhoneLike(text) && !value.IsPhone(text, "") }) / p.local
	}
	return p.fit("phone") + n + local
}

// referring counts the cells that a reference takes: ids, or the key that the target is found by.
func referring(s *attio.Schema, g guess, p *Profile) int {
	switch key := referenceKey(s, g, p); {
	case key == nil:
		return p.fit("uuid")
	case key.Type == attio.TypeEmailAddress:
		return p.fit("email") + p.mixed
	case key.Type == attio.TypeDomain:
		n, _ := p.best(func(s *separated) int { return s.domains })
		return p.fit("domain") + n
	case key.Type == attio.TypeText && g.rank == exactHeader:
		return p.Filled
	}
	return 0
}

// referenceKey is the attribute of the target by which a column's cells find it; nil for record ids and for nothing.
func referenceKey(s *attio.Schema, g guess, p *Profile) *attio.Attribute {
	if p.fit("uuid") > p.Filled/2 || len(g.Attr.AllowedObjects) != 1 && g.reference == "" {
		return nil
	}
	o := referenceObject(s, g)
	if o == nil || o.Attributes == nil {
		return nil
	}
	return value.KeyAttribute(o)
}

func referenceObject(s *attio.Schema, g guess) *attio.Object {
	if g.reference != "" {
		object, _ := path2(g.reference)
		return s.Object(object)
	}
	return s.Object(g.Attr.AllowedObjects[0])
}

// checkboxWords are words for yes and no beside those that a checkbox takes by itself.
var checkboxWords = map[string]string{"true": "", "false": "", "1": "", "0": "", "#t": "", "#f": "",
	"yes": "true", "y": "true", "x": "true", "✓": "true", "✔": "true", "on": "true", "ja": "true", "wahr": "true", "oui": "true", "vrai": "true", "si": "true",
	"sí": "true", "no": "false", "n": "false", "off": "false", "-": "false", "nein": "false", "falsch": "false", "non": "false", "faux": "false"}

// checkboxWord is "true" or "false" for a word that has to be translated, "as it is" for one that is taken, and ""
// for every other.
func checkboxWord(text string) string {
	to, ok := checkboxWords[lower(text)]
	switch {
	case !ok:
		return ""
	case to == "":
		return "as it is"
	}
	return to
}
