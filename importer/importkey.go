package importer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// ImportKeyError says why an attribute cannot hold the fingerprint of run and row.
type ImportKeyError struct {
	Attribute, Reason string
	Fit               []string // attributes that could
}

func (e *ImportKeyError) Error() string {
	text := fmt.Sprintf("import key %s: %s", e.Attribute, e.Reason)
	if len(e.Fit) > 0 {
		text += "; these could: " + strings.Join(e.Fit, ", ")
	}
	return text
}

// checkImportKey returns an *ImportKeyError where an attribute cannot hold the fingerprint: that takes a writable,
// unique text attribute that no column fills. Anything else would let two rows have one key, or none.
func checkImportKey(p *mapping.Plan, slug string) error {
	e := &ImportKeyError{Attribute: slug, Reason: p.Object.Slug + " has no such attribute"}
	named := p.Object.Attribute(slug)
	for i := range p.Object.Attributes {
		a := &p.Object.Attributes[i]
		reason := unfitImportKey(p, a)
		switch {
		case a == named && reason == "":
			return nil
		case a == named:
			e.Reason = reason
		case reason == "" && !a.Archived:
			e.Fit = append(e.Fit, a.Slug)
		}
	}
	return e
}

// unfitImportKey is why an attribute cannot hold the fingerprint; "" where it can.
func unfitImportKey(p *mapping.Plan, a *attio.Attribute) string {
	switch {
	case a.Type != attio.TypeText:
		return fmt.Sprintf("it is of type %s, and the key is a text", a.Type)
	case !a.Unique:
		return "it is not unique, so that a row could not be found by it"
	case !a.Writable:
		return "it cannot be written"
	case slices.ContainsFunc(p.Unique, func(u *attio.Attribute) bool { return u.Slug == a.Slug }):
		return "a column fills it already, and by it each row can be found"
	}
	return ""
}

// NothingUniqueError says that no unique attribute is filled where each row is to have one.
type NothingUniqueError struct {
	Object string
	Fit    []string // unique attributes that could be filled
}

func (e *NothingUniqueError) Error() string {
	return "no unique attribute of " + e.Object + " is mapped"
}

// checkUnique returns a *NothingUniqueError where no column fills a unique attribute of records to be created.
func checkUnique(p *mapping.Plan) error {
	if p.Mode != mapping.Create || len(p.Unique) > 0 {
		return nil
	}
	e := &NothingUniqueError{Object: p.Object.Slug}
	for i := range p.Object.Attributes {
		if a := &p.Object.Attributes[i]; a.Unique && a.Writable && !a.Archived {
			e.Fit = append(e.Fit, a.Slug)
		}
	}
	return e
}
