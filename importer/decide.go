package importer

import (
	"fmt"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// The writes of an intent.
const (
	writeCreate = "create" // POST
	writePatch  = "patch"  // PATCH: values are only set or added
	writePut    = "put"    // PUT of the final values
)

// decide chooses what is to be done with a row, once everything that it needs was looked up.
func (r *run) decide(it *item) next {
	reasons := r.resolver.resolve(it)
	switch {
	case it.open():
		return next{step: send} // the worker finds out what became of it
	case len(reasons) > 0:
		return rejected(reasons...)
	case len(it.full.Fields) == 0:
		return skipped("what is mapped in this row refers to nothing that is there")
	case it.sent != nil && it.sent.Write == writeCreate:
		it.create = true // sent before and not found: should it show by now, Attio refuses its double
		return next{step: send}
	case r.Plan.Mode != mapping.Create:
		return r.decideUpdate(it)
	case len(it.inFile)+len(it.found) > 0:
		return it.conflict(r.existing(it, it.found, "a record in Attio holds this value")...)
	}
	return r.decideCreate(it)
}

// decideCreate has a row created, or finishes it in a dry run.
func (r *run) decideCreate(it *item) next {
	if r.DryRun {
		it.outcome = journal.Outcome{Action: journal.Created}
		return next{step: finish, outcome: &it.outcome}
	}
	it.create = true
	return next{step: send}
}

// decideUpdate finds the record that a row of the modes upsert and update means.
func (r *run) decideUpdate(it *item) next {
	if len(it.inFile) > 0 {
		return it.conflict()
	}
	cur, reason := r.recordOf(it)
	if reason != nil {
		return rejected(*reason)
	}
	others := slices.DeleteFunc(slices.Clone(it.found), func(h hit) bool { return cur != nil && h.record.ID == cur.ID })
	switch {
	case len(others) > 0:
		return it.conflict(r.existing(it, others, "another record holds this value")...)
	case cur != nil:
		if n := r.claimRecord(it, cur.ID); n != nil {
			return *n
		}
		return r.compare(it, cur)
	case r.Plan.Mode == mapping.Update:
		return rejected(journal.Reject{
			Column: r.columnOf(it, r.Plan.Match.Slug), Code: "REC001",
			Message: "no such record in Attio, and mode update creates none",
		})
	}
	if refused := r.Plan.Required(nil, &it.full); len(refused) > 0 {
		return refusedCells(refused)
	}
	return r.decideCreate(it)
}

// recordOf is the record that a row means: by its record_id cell where one is filled, else by the matching attribute.
// nil without a reason: there is none.
func (r *run) recordOf(it *item) (*attio.Record, *journal.Reject) {
	switch {
	case it.rec.ID != "" && it.byID == nil:
		return nil, &journal.Reject{
			Column: recordID, Code: "REC002",
			Message: fmt.Sprintf("no record of %s has the id %s", r.Plan.Object.Slug, it.rec.ID),
		}
	case it.rec.ID != "":
		return it.byID, nil
	case r.Plan.Match == nil:
		return nil, &journal.Reject{
			Code: "REC003", Message: "the row has no record_id, and no attribute to find its record by was chosen",
		}
	case !slices.ContainsFunc(it.keys, r.matches):
		return nil, &journal.Reject{
			Column: r.columnOf(it, r.Plan.Match.Slug), Code: "REC004",
			Message: fmt.Sprintf("no value of %s in this row to find its record by", r.Plan.Match.Slug),
		}
	}
	for _, h := range it.found {
		if r.matches(h.key) {
			return h.record, nil
		}
	}
	return nil, nil
}

// compare compares a row with its record and has what differs sent.
func (r *run) compare(it *item, cur *attio.Record) next {
	it.cur, it.create = cur, false
	it.change = r.Plan.Change(&it.full, cur)
	switch {
	case len(it.change.Refused) > 0:
		return refusedCells(it.change.Refused)
	case len(it.change.Fields) == 0:
		return it.agreed(cur)
	case r.DryRun:
		return finished(journal.Outcome{Action: journal.Updated, RecordID: cur.ID, WebURL: cur.WebURL})
	}
	return next{step: send}
}

// agreed finishes a row that its record agrees with: by the write that an earlier session sent and saw no answer of, if
// there was one; the record as it is stands for the answer then.
func (it *item) agreed(rec *attio.Record) next {
	if it.sent != nil && it.sent.Write != writeCreate {
		return answered(journal.Updated, rec)
	}
	return finished(journal.Outcome{Action: journal.Unchanged, RecordID: rec.ID, WebURL: rec.WebURL})
}

// answered finishes a row by the record that was made or updated.
func answered(a journal.Action, rec *attio.Record) next {
	return finished(journal.Outcome{
		Action: a, RecordID: rec.ID, WebURL: rec.WebURL, Answer: journal.Fingerprint(rec),
	})
}

// existing are the conflict lines of the records that hold a row's values.
func (s *session) existing(it *item, found []hit, message string) []journal.Conflict {
	out := make([]journal.Conflict, len(found))
	for i, h := range found {
		ds := s.Plan.Change(&it.full, h.record).Differences
		if ds == nil {
			ds = []mapping.Difference{}
		}
		out[i] = journal.Conflict{
			Kind: journal.Existing, Attribute: h.key.Attr.Slug, Value: h.key.Text, Nth: it.nth(h.key),
			RecordID: h.record.ID, WebURL: h.record.WebURL, Message: message, Differences: ds,
		}
	}
	return out
}

// conflict finishes a row with the lines of the file and these.
func (it *item) conflict(lines ...journal.Conflict) next {
	lines = append(it.inFile, lines...)
	out := journal.Outcome{Action: journal.Conflicts, Conflicts: lines, Message: lines[0].Message}
	if i := slices.IndexFunc(lines, func(c journal.Conflict) bool { return c.RecordID != "" }); i >= 0 {
		out.RecordID, out.WebURL = lines[i].RecordID, lines[i].WebURL
	}
	return finished(out)
}

// slugOf turns the attribute that a message names, by slug or id, into its slug.
func (r *run) slugOf(attribute string) string {
	if a := r.Plan.Object.Attribute(attribute); a != nil {
		return a.Slug
	}
	return attribute
}

// columnOf is the header of the column that fills an attribute, named by slug or id; "" where that is not one column.
func (r *run) columnOf(it *item, attribute string) string {
	for _, f := range it.rec.Fields {
		if f.Attr.Slug == r.slugOf(attribute) && len(f.Columns) > 0 {
			return r.header(f.Columns[0])
		}
	}
	return ""
}
