package importer

import (
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// A row's outcome has remarks: which of its values were left out, and in a dry run how it will stand in Attio.
//
// A mapping can leave values out: cells that are refused (on_error: drop), and options and targets that are missing
// (missing: blank). The journal keeps which they are. So a rebuilt report lists them even where Attio would take them
// today.

// remark notes what is said of a row beside what became of it.
func (r *run) remark(it *item, out *journal.Outcome) {
	if out.Action != journal.Rejected {
		out.Dropped = journal.Drops(it.dropped())
	}
	if out.Action == journal.Created && len(it.keys) == 0 {
		r.accounts.withoutUnique++
	}
	r.previews.add(it, out)
}

// dropped are the values of a row that are left out.
func (it *item) dropped() []*mapping.CellError {
	if it.full.Row != nil { // it was resolved
		return it.full.Dropped
	}
	return it.rec.Dropped
}

// mayBeDropped are the values of a row that can have been left out of what was written.
func (s *session) mayBeDropped(done *journal.Result, rec *mapping.Record) []*mapping.CellError {
	if len(done.Dropped) == 0 {
		return nil
	}
	out := s.Plan.MayDrop(rec)
	for i := range rec.Fields {
		f := &rec.Fields[i]
		for j := range f.Values {
			ref := f.Values[j].Ref
			if ref == nil || ref.Missing != value.MissingBlank {
				continue
			}
			out = append(out, s.noTarget(rec.Row, f.Attr, ref, keyOf(ref)))
			if ref.OrAttr != "" {
				out = append(out, s.noTarget(rec.Row, f.Attr, ref, targetKey{ref.Object, ref.OrAttr, ref.OrKey}))
			}
		}
	}
	return out
}

// explain gives each value that the input no longer explains the message of its code.
func (s *session) explain(dropped []journal.Drop) {
	for _, d := range dropped {
		if d.Cell.Message != "" {
			continue
		}
		d.Cell.Header, d.Cell.Message = s.header(d.Column-1), Codes[d.Code]
		for _, c := range value.Codes {
			if c.Code == d.Code {
				d.Cell.Message = c.Text
			}
		}
	}
}

// leaveOut takes the values off a record that were left out when its row was written, also where what they lacked is
// there by now: as many of an attribute as were left out, and none that the record in Attio holds.
func leaveOut(rec *mapping.Record, dropped []journal.Drop, cur *attio.Record) {
	if len(dropped) == 0 {
		return
	}
	fields := make([]value.Field, 0, len(rec.Fields))
	for _, f := range rec.Fields {
		n := 0
		for _, d := range dropped {
			if d.Attribute == f.Attr.Slug {
				n++
			}
		}
		if n > 0 {
			had := value.Decode(f.Attr, cur.Values[f.Attr.Slug])
			f.Values = slices.DeleteFunc(slices.Clone(f.Values), func(v value.Value) bool {
				gone := n > 0 && !value.Has(&f, had, &v)
				if gone {
					n--
				}
				return gone
			})
			if len(f.Values) == 0 {
				continue
			}
		}
		fields = append(fields, f)
	}
	rec.Fields = fields
}

// previews keeps the first rows of the file that would be written, in whichever order they end.
type previews struct {
	most int
	plan *mapping.Plan
	rows []mapping.Preview // by their numbers
}

// add takes in a row that would be written.
func (p *previews) add(it *item, out *journal.Outcome) {
	if p.most == 0 || out.Action != journal.Created && out.Action != journal.Updated {
		return
	}
	n := it.row.Number
	if len(p.rows) == p.most && p.rows[p.most-1].Row < n {
		return
	}
	row := mapping.Preview{Row: n, Line: it.row.Line, Update: out.Action == journal.Updated}
	cur := it.cur
	if !row.Update {
		cur = nil
	}
	row.Record = p.plan.Stand(&it.full, cur)
	at, _ := slices.BinarySearchFunc(p.rows, n, func(r mapping.Preview, n int) int { return r.Row - n })
	p.rows = slices.Insert(p.rows, at, row)
	p.rows = p.rows[:min(len(p.rows), p.most)]
}

// each hands them over, in the order of the file.
func (p *previews) each(take func(mapping.Preview)) {
	for _, row := range p.rows {
		take(row)
	}
}
