package importer

import (
	"fmt"
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
	text := fmt.Sprintf("--import-key %s: %s", e.Attribute, e.Reason)
	if len(e.Fit) > 0 {
		text += "; these could: " + strings.Join(e.Fit, ", ")
	}
	return text
}

// CheckImportKey says whether an attribute can hold the fingerprint: a writable, unique text attribute that no column
// fills. Anything else would let two rows have one key, or none.
func CheckImportKey(p *mapping.Plan, slug string) error {
	e := &ImportKeyError{Attribute: slug}
	for _, a := range p.Object.Attributes {
		if fitsImportKey(&a) {
			e.Fit = append(e.Fit, a.Slug)
		}
	}
	a := p.Object.Attribute(slug)
	switch {
	case a == nil:
		e.Reason = p.Object.Slug + " has no such attribute"
	case a.Type != attio.TypeText:
		e.Reason = fmt.Sprintf("it is of type %s, and the key is a text", a.Type)
	case !a.Unique:
		e.Reason = "it is not unique, so that a row could not be found by it"
	case !a.Writable:
		e.Reason = "it cannot be written"
	case fills(p, a):
		e.Reason = "a column fills it already, and by it each row can be found"
	default:
		return nil
	}
	return e
}

func fitsImportKey(a *attio.Attribute) bool {
	return a.Type == attio.TypeText && a.Unique && a.Writable && !a.Archived
}

func fills(p *mapping.Plan, a *attio.Attribute) bool {
	for _, u := range p.Unique {
		if u.Slug == a.Slug {
			return true
		}
	}
	return false
}
