package importer

import (
	"fmt"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// writeKind is the write that a row needs.
type writeKind string

const (
	writeCreate writeKind = "create" // POST
	writePatch  writeKind = "patch"  // PATCH: values are only set or added
	writePut    writeKind = "put"    // PUT of the final values
)

// decide chooses what is to be done with a row, once everything that it needs was looked up.
func (r *run) decide(it *item) {
	reasons := r.resolve(it)
	if it.open() {
		it.full = r.stillThere(knownPart(it.full))
		r.keep(it, &r.toWrite) // the worker finds out what became of it
		return
	}
	if len(reasons) > 0 {
		r.done(it, &Outcome{Action: Rejected, Errors: reasons})
		return
	}
	if len(it.full.Fields) == 0 {
		r.done(it, &Outcome{Action: Skipped, Message: "what is mapped in this row refers to nothing that is there"})
		return
	}
	if it.sent != nil && it.sent.Write == string(writeCreate) {
		it.write = writeCreate // sent before and not found: should it show by now, Attio refuses its double
		r.keep(it, &r.toWrite)
		return
	}
	if r.Plan.Mode == mapping.Create {
		if len(it.inFile)+len(it.found) > 0 {
			r.conflict(it, r.existing(it))
			return
		}
		r.create(it)
		return
	}
	r.decideUpdate(it)
}

// create queues a row for a create call, or finishes it in a dry run.
func (r *run) create(it *item) {
	if r.DryRun {
		it.outcome = Outcome{Action: Created}
		r.done(it, &it.outcome)
		return
	}
	it.write = writeCreate
	r.keep(it, &r.toWrite)
}

// decideUpdate finds the record that a row of the modes upsert and update means.
func (r *run) decideUpdate(it *item) {
	if len(it.inFile) > 0 {
		r.conflict(it, nil)
		return
	}
	target, reason := r.targetOf(it)
	if reason != nil {
		r.done(it, &Outcome{Action: Rejected, Errors: []Reject{*reason}})
		return
	}
	var others []Conflict
	for _, h := range it.found {
		if target != nil && h.record.ID != target.ID || target == nil {
			others = append(others, r.existingLine(it, h, "another record holds this value"))
		}
	}
	switch {
	case len(others) > 0:
		r.conflict(it, others)
	case target != nil:
		if r.claimTarget(it, target) {
			r.update(it, target)
		}
	case r.Plan.Mode == mapping.Update:
		r.done(it, &Outcome{Action: Rejected, Errors: []Reject{{Column: r.matchHeader(it), Code: "REC001", Message: "no such record in Attio, and mode update creates none"}}})
	default:
		if refused := r.Plan.Required(nil, &it.full); len(refused) > 0 {
			r.done(it, &Outcome{Action: Rejected, Errors: rejectsOf(refused)})
			return
		}
		r.create(it)
	}
}

// targetOf is the record that a row means: by its record_id cell where one is filled, else by the matching attribute.
// nil without a reason: there is none.
func (r *run) targetOf(it *item) (*attio.Record, *Reject) {
	if it.rec.ID != "" {
		if it.byID == nil {
			return nil, &Reject{Column: recordID, Code: "REC002", Message: fmt.Sprintf("no record of %s has the id %s", r.Plan.Object.Slug, it.rec.ID)}
		}
		return it.byID, nil
	}
	if r.Plan.Match == nil {
		return nil, &Reject{Code: "REC003", Message: "the row has no record_id, and no attribute to find its record by was chosen"}
	}
	has := false
	for _, k := range it.keys {
		has = has || k.Attr.Slug == r.Plan.Match.Slug
	}
	if !has {
		return nil, &Reject{Column: r.matchHeader(it), Code: "REC004", Message: fmt.Sprintf("no value of %s in this row to find its record by", r.Plan.Match.Slug)}
	}
	for _, h := range it.found {
		if h.key.Attr.Slug == r.Plan.Match.Slug {
			return h.record, nil
		}
	}
	return nil, nil
}

// matchHeader is the header of the column that fills the matching attribute; "" when that is not one column.
func (r *run) matchHeader(it *item) string {
	if r.Plan.Match == nil {
		return ""
	}
	for _, f := range it.rec.Fields {
		if f.Attr.Slug == r.Plan.Match.Slug && len(f.Columns) > 0 {
			return r.header(f.Columns[0])
		}
	}
	return ""
}

// update compares a row with its record and queues what differs.
func (r *run) update(it *item, cur *attio.Record) {
	it.target, it.cur = cur.ID, cur
	it.change = r.Plan.Change(&it.full, cur)
	if len(it.change.Refused) > 0 {
		r.done(it, &Outcome{Action: Rejected, Errors: rejectsOf(it.change.Refused)})
		return
	}
	if len(it.change.Fields) == 0 {
		r.agreed(it, cur)
		return
	}
	if r.DryRun {
		r.done(it, &Outcome{Action: Updated, RecordID: cur.ID, WebURL: cur.WebURL})
		return
	}
	it.write = writeOf(it.change)
	r.keep(it, &r.toWrite)
}

// agreed finishes a row that its record agrees with: by the write that an earlier session sent and saw no answer of, if
// there was one; the record as it is stands for the answer then.
func (r *run) agreed(it *item, rec *attio.Record) {
	out := &Outcome{Action: Unchanged, RecordID: rec.ID, WebURL: rec.WebURL}
	if it.sent != nil && it.sent.Write != string(writeCreate) {
		out.Action, out.Answer = Updated, journal.Fingerprint(rec)
	}
	r.done(it, out)
}

// existing are the conflict lines of the records that hold a row's values.
func (r *run) existing(it *item) []Conflict {
	out := make([]Conflict, len(it.found))
	for i, h := range it.found {
		out[i] = r.existingLine(it, h, "a record in Attio holds this value")
	}
	return out
}

func (r *run) existingLine(it *item, h hit, message string) Conflict {
	ds := r.Plan.Change(&it.full, h.record).Differences
	if ds == nil {
		ds = []mapping.Difference{}
	}
	return Conflict{
		Kind: Existing, Attribute: h.key.Attr.Slug, Value: h.key.Text, Nth: it.nth(h.key),
		RecordID: h.record.ID, WebURL: h.record.WebURL, Message: message, Differences: ds,
	}
}

// conflict finishes a row with these lines and those of the file.
func (r *run) conflict(it *item, lines []Conflict) {
	lines = append(it.inFile, lines...)
	out := &Outcome{Action: Conflicts, Conflicts: lines, Message: lines[0].Message}
	for _, c := range lines {
		if c.RecordID != "" {
			out.RecordID, out.WebURL = c.RecordID, c.WebURL
			break
		}
	}
	r.done(it, out)
}

func writeOf(c mapping.Change) writeKind {
	if c.Overwrite {
		return writePut
	}
	return writePatch
}
