package importer

import (
	"errors"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// fate is what came of a row's write.
type fate struct {
	kind fateKind
	// record is Attio's: the one that was created or updated, or that agrees.
	record *attio.Record
	lines  []journal.Conflict   // of a conflict
	cells  []*mapping.CellError // refused: an update that cannot be written any more
	err    error                // refused: Attio's answer; failed and abandoned: why the run stops
	why    string               // unknown and abandoned
	lost   bool                 // unknown, and every answer was lost, as when the server is in trouble

	attempts int           // requests that were sent for it
	took     time.Duration // from the first byte of the last sending to its answer; 0 when nothing was sent
}

type fateKind int

const (
	notSent   fateKind = iota // nothing was done; the row stays pending, or is looked at again where it was settled
	created                   // the record is there and ours
	updated                   //
	agrees                    // an update that is no longer needed
	conflict                  // somebody else's record holds a value
	refused                   // by Attio, or an update that cannot be written any more
	unknown                   // cannot be found out
	abandoned                 // sent, and given up: resume finds out
	failed                    // nothing was done, and the run stops
)

// wrote turns what came of a write into what comes next for its row.
func (r *run) wrote(it *item, f fate) next {
	durable.Crash("before-outcome")
	r.latency.add(f.took)
	it.attempts += f.attempts
	switch f.kind {
	case created:
		r.fail(r.writer.learnActor(f.record))
		return answered(journal.Created, f.record)
	case updated:
		return answered(journal.Updated, f.record)
	case agrees:
		return it.agreed(f.record)
	case conflict:
		return it.conflict(f.lines...)
	case refused:
		if len(f.cells) > 0 {
			return refusedCells(f.cells)
		}
		return r.refused(it, f.err)
	case unknown:
		return finished(journal.Outcome{Action: journal.Unknown, Message: f.why, Lost: f.lost})
	case abandoned: // not pending, but unknown until resume has looked
		r.fail(f.err)
		return finished(journal.Outcome{
			Action: journal.Unknown, Open: true, Message: f.why + "; resume finds out what became of it",
		})
	case failed:
		r.fail(f.err)
	case notSent:
		if it.open() && r.settling != nil {
			return next{step: leave}
		}
		if it.open() { // it was looked for, and not found
			it.settled = true
			return next{step: admit}
		}
	}
	return next{}
}

// refused decides what Attio's refusal means for a row. A conflict that the look-ups did not foresee, since somebody
// made the record meanwhile, has the row looked up once more: for the differences in mode create and for an update in
// mode upsert. So does the record of an update that was deleted since.
func (r *run) refused(it *item, err error) next {
	api, _ := errors.AsType[*attio.Error](err)
	gone := api.Code == attio.CodeNotFound && !it.create && it.rec.ID == ""
	switch taken := isTaken(err); {
	case (taken || gone) && it.retries < 2:
		if it.retries++; taken {
			it.sent = nil
		}
		r.resolver.needed(it)
		return next{step: look}
	case !taken:
		return finished(journal.Outcome{
			Action: journal.Rejected, Reason: api.Code + " " + api.Attribute + " " + api.Message,
			Errors: []journal.Reject{{Column: r.columnOf(it, api.Attribute), Code: api.Code, Message: api.Refusal()}},
		})
	}
	line := journal.Conflict{
		Kind: journal.Existing, Attribute: r.slugOf(api.Attribute), Message: api.Refusal(),
		Differences: []mapping.Difference{},
	}
	for _, k := range it.keys {
		if k.Attr.Slug == line.Attribute {
			line.Value = k.Text
			break
		}
	}
	if len(api.ConflictingRecords) > 0 {
		line.RecordID = api.ConflictingRecords[0]
	}
	return it.conflict(line)
}

// isTaken reports whether Attio refused a value because a record holds it.
func isTaken(err error) bool {
	api, ok := errors.AsType[*attio.Error](err)
	return ok && api.Class == attio.Refused && api.Code == attio.CodeUniquenessConflict
}
