package mapping

import (
	"cmp"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Standing is one attribute of a record as a write of its row leaves it, for people: texts as an export has them, and
// several values joined by "; ".
type Standing struct {
	Attribute string
	Value     string // "" where it is emptied
	Old       string // of an update; "" where there was nothing
}

// Preview is a row as it will stand in Attio: for a screen, never for a log, since it holds cells.
type Preview struct {
	Row, Line int
	Update    bool // of a record that is there; else a new one
	Record    []Standing
}

// Stand says how a record will stand in Attio: as a new one, each attribute that the row fills; or else, of the record
// as it is now, each one that changes.
func (p *Plan) Stand(rec *Record, cur *attio.Record) (out []Standing) {
	if cur == nil {
		for i := range rec.Fields {
			f := &rec.Fields[i]
			out = append(out, Standing{Attribute: f.Attr.Slug, Value: formatAll(f.Attr, f.Values)})
		}
		return out
	}
	for _, f := range p.Change(rec, cur).Fields {
		had := value.Decode(f.Attr, cur.Values[f.Attr.Slug])
		now := f.Values
		if adds(&f) {
			now = slices.Concat(had, missing(&f, f.Values, had))
		}
		out = append(out, Standing{f.Attr.Slug, formatAll(f.Attr, now), formatAll(f.Attr, had)})
	}
	return out
}

// formatAll is what an attribute holds, in words: of a reference the key that the row has for it, of a location what is
// known of it.
func formatAll(a *attio.Attribute, values []value.Value) string {
	texts := make([]string, len(values))
	for i := range values {
		switch v := &values[i]; {
		case v.Ref != nil && v.Ref.Key != "":
			texts[i] = v.Ref.Key
		case a.Type == attio.TypeLocation:
			texts[i] = strings.Join(slices.DeleteFunc(slices.Clone(v.Parts), func(s string) bool { return s == "" }), ", ")
		default:
			texts[i] = cmp.Or(v.Raw, value.Format(a, v))
		}
	}
	return strings.Join(texts, "; ")
}
