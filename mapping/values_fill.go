package mapping

import (
	"fmt"

	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// readFill reads the further attributes of a target, in case it has to be created. They belong to one target: a cell
// of several is refused, and where the row names none they are left out.
func (r *reading) readFill(e *entry, f *value.Field) {
	if len(f.Values) == 0 {
		for _, inner := range e.fill {
			r.fillNone(e, inner)
		}
		return
	}
	sub := reading{rec: &Record{Row: r.rec.Row}}
	for _, inner := range e.fill {
		sub.read(inner)
	}
	r.errs = append(r.errs, sub.errs...)
	r.rec.Dropped = append(r.rec.Dropped, sub.rec.Dropped...)
	switch {
	case len(sub.rec.Fields) == 0:
	case len(f.Values) > 1:
		r.refuse(e.whole, -1, "", &value.Refusal{Code: value.CodeFillSeveral, Accepted: "one reference",
			Message: "other columns fill one target, and this cell names several"})
	default:
		f.Values[0].Ref.Fill = sub.rec.Fields
	}
}

// fillNone notes what the row says of a target that it does not name.
func (r *reading) fillNone(e, inner *entry) {
	sources := append([]*column{inner.whole, inner.code}, inner.parts...)
	for _, s := range sources {
		if s == nil || s.index < 0 {
			continue
		}
		text, _, _ := s.read(r.rec.Row)
		pieces := []value.Piece{{Text: text}}
		if s.split != "" {
			pieces = value.Split(nil, text, s.split)
		}
		for _, p := range pieces {
			if p.Text != "" {
				r.refuse(s, -1, p.Text, &value.Refusal{Code: value.CodeFillNone, Leave: true,
					Message: fmt.Sprintf("the row names no record for %s, so this is left out", e.attr.Slug)})
			}
		}
	}
}
