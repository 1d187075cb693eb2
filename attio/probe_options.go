package attio

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// The probes of choices: what is listed is held against what records hold.

// unlisted returns the slug of an attribute of which a record of the first page holds a choice that is not among its
// options; "" where there is none. It looks at archived choices alone, or at the others.
func (p *prober) unlisted(archived bool) (string, error) {
	records, err := p.records()
	for i := range p.object.Attributes {
		a := &p.object.Attributes[i]
		part, id := "option", "option_id"
		if a.Type == TypeStatus {
			part, id = "status", "status_id"
		} else if a.Type != TypeSelect {
			continue
		}
		for j := range records {
			for v := range rawjson.Elements(records[j].Values[a.Slug]) {
				choice := rawjson.Member(v, part)
				text, _ := rawjson.Unquote(rawjson.Member(rawjson.Member(choice, "id"), id))
				listed := slices.ContainsFunc(a.Options, func(o Option) bool { return o.ID == text })
				if !listed && archived == (string(rawjson.Member(choice, "is_archived")) == "true") {
					return a.Slug, nil
				}
			}
		}
	}
	return "", err
}

func probeShowArchived(p *prober) (Finding, error) {
	var attribute *Attribute // one that has choices
	listed := false
	for i := range p.object.Attributes {
		if a := &p.object.Attributes[i]; a.Type == TypeSelect || a.Type == TypeStatus {
			attribute = a
			for _, o := range a.Options {
				listed = listed || o.Archived
			}
		}
	}
	if attribute == nil {
		return cannotTell("%s has no attribute with options", p.object.Slug), nil
	}
	refused, err := p.call(Call{Method: http.MethodGet, Path: optionsPath(p.object.Slug, *attribute),
		Query: url.Values{"show_archived": {"true"}}})
	if err != nil || refused || listed {
		return judge(!refused, err, "asking for them is refused")
	}
	if slug, err := p.unlisted(true); err != nil || slug != "" {
		return judge(false, err, "an archived option of %s is not listed, though records hold it", slug)
	}
	return cannotTell("no archived option of %s was met", p.object.Slug), nil
}

// manyOptions have been seen in one answer.
const manyOptions = 152

func probeOptionsPage(p *prober) (Finding, error) {
	var longest *Attribute
	for i := range p.object.Attributes {
		if a := &p.object.Attributes[i]; len(a.Options) > 0 && (longest == nil || len(a.Options) > len(longest.Options)) {
			longest = a
		}
	}
	if longest == nil {
		return cannotTell("%s has no attribute with options", p.object.Slug), nil
	}
	p.requests++
	first, err := p.c.optionsFrom(p.ctx, p.object.Slug, *longest, 0)
	if err != nil {
		return Finding{}, err
	}
	if len(first) < len(longest.Options) { // the client has read on
		return different("they come in pages of %d", len(first))
	}
	p.requests++
	more, err := p.c.optionsBehind(p.ctx, p.object.Slug, *longest, first)
	if err != nil || len(more) > 0 {
		return judge(false, err, "they come in pages of %d", len(first))
	}
	if slug, err := p.unlisted(false); err != nil || slug != "" {
		return judge(false, err, "an option of %s is not listed, though records hold it", slug)
	}
	if len(first) < manyOptions {
		return cannotTell("no attribute of %s has more than %d", p.object.Slug, len(first)), nil
	}
	return asAssumed()
}
