package phone

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers"
)

// plan is the numbering plan of a country.
type plan struct {
	region       string
	code         string // its calling code
	abroad       string // the expression for what is dialled before a calling code
	dialsAbroad  *digitTable
	trunk        string // the expression for what is dialled before a number within the country, such as "0"
	trunkIsPlain bool   // it is digits, and nothing is put in its place
	dialsTrunk   *digitTable
	leading      *digitTable // what numbers of this country begin with, where others share its calling code
	regions      []string    // all that share the calling code, the main one first
	general      kind
	local        []int32 // lengths of numbers without their area code
	kinds        []kind  // landlines, mobiles and so on
}

// kind is what numbers of a kind look like.
type kind struct {
	lengths []int32 // none: any that the expression takes
	digits  *digitTable
}

func (k kind) has(digits []byte) bool {
	return (len(k.lengths) == 0 || slices.Contains(k.lengths, int32(len(digits)))) && k.digits.takes(digits)
}

// plans has those that were asked for, by region. A region that cannot be read by tables has nil.
var plans sync.Map

// planOf is the plan of a region, or nil where there is none that tables can stand for.
func planOf(region string) *plan {
	if region == "" {
		return nil
	}
	if p, ok := plans.Load(region); ok {
		return p.(*plan)
	}
	all, err := phonenumbers.MetadataCollection()
	if err != nil || region == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY {
		return nil
	}
	for _, m := range all.GetMetadata() {
		if m.GetId() == region {
			p := newPlan(m)
			plans.Store(region, p)
			return p
		}
	}
	return nil
}

func newPlan(m *phonenumbers.PhoneMetadata) *plan {
	var failed error
	table := func(expression string) *digitTable {
		t, err := newDigitTable(expression)
		failed = errors.Join(failed, err)
		return t
	}
	kindOf := func(d *phonenumbers.PhoneNumberDesc) kind {
		return kind{d.GetPossibleLength(), table(d.GetNationalNumberPattern())}
	}
	p := &plan{
		region:       m.GetId(),
		code:         strconv.Itoa(int(m.GetCountryCode())),
		abroad:       m.GetInternationalPrefix(),
		dialsAbroad:  table(m.GetInternationalPrefix()),
		trunk:        m.GetNationalPrefixForParsing(),
		trunkIsPlain: m.GetNationalPrefixTransformRule() == "" && isDigits(m.GetNationalPrefixForParsing()),
		regions:      phonenumbers.GetRegionCodesForCountryCode(int(m.GetCountryCode())),
		general:      kindOf(m.GetGeneralDesc()),
		local:        m.GetGeneralDesc().GetPossibleLengthLocalOnly(),
	}
	p.dialsTrunk, _ = newDigitTable(p.trunk) // some look at the end of the number: those go to the library
	if m.GetLeadingDigits() != "" {
		p.leading = table(m.GetLeadingDigits())
	}
	for _, d := range []*phonenumbers.PhoneNumberDesc{m.GetFixedLine(), m.GetPremiumRate(), m.GetTollFree(),
		m.GetSharedCost(), m.GetVoip(), m.GetPersonalNumber(), m.GetPager(), m.GetUan(), m.GetVoicemail()} {
		p.kinds = append(p.kinds, kindOf(d))
	}
	if !m.GetSameMobileAndFixedLinePattern() {
		p.kinds = append(p.kinds, kindOf(m.GetMobile()))
	}
	if failed != nil || len(p.general.lengths) == 0 {
		return nil
	}
	return p
}

func isDigits(text string) bool { return strings.Trim(text, "0123456789") == "" }

// has reports whether the plan has a number, given without calling code and trunk prefix.
func (p *plan) has(digits []byte) bool {
	return p.general.has(digits) && slices.ContainsFunc(p.kinds, func(k kind) bool { return k.has(digits) })
}

// country is the plan of the region that a number of this calling code belongs to, nil for none, as the library's
// GetRegionCodeForNumber finds it. It has no answer where one of the regions has no tables.
func (p *plan) country(digits []byte) (found *plan, ok bool) {
	for _, region := range p.regions {
		r := planOf(region)
		switch {
		case r == nil:
			return nil, false
		case len(p.regions) == 1, r.leading != nil && r.leading.begins(digits), r.leading == nil && r.has(digits):
			return r, true
		}
	}
	return nil, true
}

// withoutTrunk takes the trunk prefix off, as the library does: not where a number is good with it and would not be
// without, nor where the rest is of no length that the plan has. It has no answer for prefixes that are more than
// digits.
func (p *plan) withoutTrunk(digits []byte) (rest []byte, ok bool) {
	switch {
	case p.dialsTrunk == nil:
		return nil, false
	case p.trunk == "" || !p.dialsTrunk.begins(digits):
		return digits, true
	case !p.trunkIsPlain:
		return nil, false
	}
	rest = digits[len(p.trunk):]
	if p.general.digits.takes(digits) && !p.general.digits.takes(rest) {
		return digits, true
	}
	n := int32(len(rest))
	longest := p.general.lengths[len(p.general.lengths)-1]
	if slices.Contains(p.local, n) || n <= longest && !slices.Contains(p.general.lengths, n) {
		return digits, true
	}
	return rest, true
}
