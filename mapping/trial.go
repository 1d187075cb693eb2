package mapping

import (
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Trial reads rows by one entry of a mapping file alone, as an import would: it shows what the entry makes of a file's
// cells before anything else is decided. It belongs to one goroutine.
type Trial struct {
	plan *Plan
	rec  Record
}

// NewTrial binds one entry to the columns of a file. An entry that fills an attribute of a reference's target, such as
// company.name, is tried on the target. The error is Problems.
func NewTrial(c mapfile.Column, in Input, s *attio.Schema, object string) (*Trial, error) {
	slug, part, inside := strings.Cut(c.Attribute, ".")
	if o := s.Object(object); o != nil && inside {
		if a := o.Attribute(slug); a != nil && a.Type == attio.TypeRecordReference {
			object, _, _ = strings.Cut(c.Reference, ".")
			c.Attribute, c.Reference = part, ""
		}
	}
	file := &mapfile.File{Object: object, Columns: []mapfile.Column{c}}
	b := newBinder(file, in, s, BindOptions{})
	if b.object() {
		b.headers = NewHeaders(b.plan.Object)
		b.bindColumn(&file.Columns[0])
	}
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	return &Trial{plan: b.plan}, nil
}

// Read is what a row's values would be in Attio, "; " between several, or why they are refused. Both are blank where
// the cell says nothing.
func (t *Trial) Read(row *Row) (text string, refused *CellError) {
	errs := t.plan.Values(row, &t.rec)
	if len(errs) == 0 {
		errs = t.rec.Dropped
	}
	if len(errs) > 0 {
		return "", errs[0]
	}
	var all []string
	for _, f := range t.rec.Fields {
		for i := range f.Values {
			all = append(all, t.shown(f.Attr, &f.Values[i]))
		}
	}
	return strings.Join(all, "; "), nil
}

// shown is a value in words that people know it by: a member by name, a target by its key, an amount with its currency.
func (t *Trial) shown(a *attio.Attribute, v *value.Value) string {
	switch a.Type {
	case attio.TypeActorReference:
		for _, m := range t.plan.Schema.Members {
			if m.ID == v.Text {
				return value.JoinName(m.FirstName, m.LastName)
			}
		}
	case attio.TypeRecordReference:
		if v.Ref.Key != "" {
			return v.Ref.Key
		}
	case attio.TypeCurrency:
		return strings.TrimSpace(fmt.Sprintf("%s %s", v.Text, a.CurrencyCode))
	case attio.TypeLocation:
		var parts []string
		for _, p := range v.Parts {
			if p != "" {
				parts = append(parts, p)
			}
		}
		return strings.Join(parts, ", ")
	}
	return value.Format(a, v)
}
