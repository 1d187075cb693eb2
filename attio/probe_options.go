package attio

import (
	"net/http"
	"net/url"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// The probes of choices: what is listed is held against what records hold.

// heldOption is a choice as a record holds it.
type heldOption struct {
	attribute *Attribute
	id        string
	archived  bool
}

// held returns the choices that the records of the first page hold.
func (p *prober) held() ([]heldOption, error) {
	records, err := p.records()
	var all []heldOption
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
				all = append(all, heldOption{a, text, string(rawjson.Member(choice, "is_archived")) == "true"})
			}
		}
	}
	return all, err
}

// lists reports whether the attribute has the choice.
func (h heldOption) lists() bool {
	for i := range h.attribute.Options {
		if h.attribute.Options[i].ID == h.id {
			return true
		}
	}
	return false
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
	p.requests++
	_, err := p.c.Do(p.ctx, Call{
		Method: http.MethodGet, Path: optionsPath(p.object.Slug, *attribute), Query: url.Values{"show_archived": {"true"}},
	}, nil)
	if isRefused(err) {
		return different("asking for them is refused")
	} else if err != nil {
		return Finding{}, err
	}
	if listed {
		return asAssumed()
	}
	held, err := p.held()
	if err != nil {
		return Finding{}, err
	}
	for _, h := range held {
		if h.archived && !h.lists() {
			return different("an archived option of %s is not listed, though records hold it", h.attribute.Slug)
		}
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
	if err != nil {
		return Finding{}, err
	}
	if len(more) > 0 {
		return different("they come in pages of %d", len(first))
	}
	held, err := p.held()
	if err != nil {
		return Finding{}, err
	}
	for _, h := range held {
		if !h.archived && !h.lists() {
			return different("an option of %s is not listed, though records hold it", h.attribute.Slug)
		}
	}
	if len(first) < manyOptions {
		return cannotTell("no attribute of %s has more than %d", p.object.Slug, len(first)), nil
	}
	return asAssumed()
}
