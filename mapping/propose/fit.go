package propose

import (
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// fits reports whether a column's cells are what an attribute takes, in some form: nine of ten, or all but one, since a
// few slips are what a check is for.
func fits(s *attio.Schema, g guess, p *Profile) bool {
	if p.lists > 0 {
		return g.Attr.Multi && g.Part == "" && (p.elements == nil || fits(s, g, p.elements))
	}
	if p.Filled == 0 {
		return false
	}
	n := fitting(s, g, p)
	return n*10 >= p.Filled*9 || p.Filled >= 4 && n == p.Filled-1
}

// fitting counts the cells that an attribute takes in some form.
func fitting(s *attio.Schema, g guess, p *Profile) int {
	switch g.Attr.Type {
	case attio.TypeEmailAddress:
		return p.fit(emails) + p.mixed + p.named
	case attio.TypeDomain: // the last parts of addresses would pass for domains
		n, _ := p.divided(domains)
		return p.fit(domains) + n - min(p.fit(emails), p.fit(domains))
	case attio.TypePhoneNumber:
		return p.phones()
	case attio.TypeDate, attio.TypeTimestamp:
		return p.native + p.fit(p.most(dates))
	case attio.TypeNumber, attio.TypeCurrency, attio.TypeRating:
		return p.numeric + p.fit(p.most(numbers))
	case attio.TypeCheckbox:
		return p.among(isCheckbox)
	case attio.TypeActorReference:
		return max(p.among(value.NewMembers(s.Members).Has), p.fit(emails))
	case attio.TypeRecordReference:
		if g.Part != "" {
			inner := s.Object("companies").Attribute(g.Part)
			return fitting(s, guess{Path: mapping.Path{Attr: inner}}, p)
		}
		return referring(s, g, p)
	case attio.TypePersonalName, attio.TypeLocation:
		return p.among(func(text string) bool { return !emails.fits(text) && !domains.fits(text) && !ids.fits(text) })
	case attio.TypeInteraction:
		return 0
	}
	return p.Filled // text takes everything, and options are a matter of their own
}

// phones counts the cells that hold one number or several.
func (p *Profile) phones() int {
	n, _ := p.divided(phones)
	local := 0
	for _, valid := range p.plans {
		local = max(local, valid)
	}
	if p.local >= maxLocal { // the first ones stand for all
		local = local * p.among(isLocal) / p.local
	}
	return p.fit(phones) + n + local
}

// referring counts the cells that a reference takes: ids, or the key that the target is found by.
func referring(s *attio.Schema, g guess, p *Profile) int {
	switch _, key := referenceKey(s, g, p); {
	case key == nil:
		return p.fit(ids)
	case key.Type == attio.TypeEmailAddress:
		return p.fit(emails) + p.mixed
	case key.Type == attio.TypeDomain:
		n, _ := p.divided(domains)
		return p.fit(domains) + n
	case key.Type == attio.TypeText && g.rank == exactHeader:
		return p.Filled
	}
	return 0
}

// referenceKey is the object that a column's cells refer to and the attribute by which they find its records; nil for
// record ids and for nothing.
func referenceKey(s *attio.Schema, g guess, p *Profile) (*attio.Object, *attio.Attribute) {
	slug, _, named := strings.Cut(g.reference, ".")
	switch {
	case p.fit(ids) > p.Filled/2:
		return nil, nil
	case !named && len(g.Attr.AllowedObjects) != 1:
		return nil, nil
	case !named:
		slug = g.Attr.AllowedObjects[0]
	}
	o := s.Object(slug)
	if o == nil || o.Attributes == nil {
		return nil, nil
	}
	return o, value.KeyAttribute(o)
}

func isCheckbox(text string) bool {
	_, known := value.CheckboxWord(text)
	return known
}
