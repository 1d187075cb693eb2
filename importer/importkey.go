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
