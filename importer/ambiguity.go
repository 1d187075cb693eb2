package importer

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// A create whose answer was lost may have been done. Attio knows no idempotency key, so it is looked up by the row's
// unique values, several times, since a write may take some seconds to become visible. Found and ours (made after the
// intent by the server's clock, by our actor, with our values): created. Found and not ours: a conflict. Not found:
// it is sent again; should the first sending arrive after all, Attio's own uniqueness refuses one of the two. A row
// without a unique value cannot be found, and is never sent again: its outcome is unknown.

// settleAfter are the waits before each read, seven seconds in all: a write becomes visible well within that.
var settleAfter = []time.Duration{200 * time.Millisecond, 800 * time.Millisecond, 2 * time.Second, 4 * time.Second}

// clockMargin is how much earlier than its intent a record of ours may seem to be: Date has whole seconds, and times
// are stamped on several machines.
const clockMargin = 3 * time.Second

const lookupGivenUp = "given up while its outcome was being looked up"

type verdictKind int

const (
	none       verdictKind = iota
	ours                   // the record is there and ours
	theirs                 // somebody else's record holds a value
	notThere               // looked for and not found
	unknowable             // cannot be found out
	abandoned              // given up by a second signal
	unread                 // the lookup itself failed: the run stops
	agrees                 // an update that is no longer needed
	unfit                  // an update that cannot be written any more
)

// verdict is what a lookup after a lost answer says.
type verdict struct {
	kind   verdictKind
	record *attio.Record
	lines  []Conflict
	why    string
	lost   bool // every answer to it was lost, as when the server is in trouble
	err    error
}

// settleOpen finds out what became of a write that an earlier session sent.
func (r *run) settleOpen(it *item) verdict {
	if it.sent.Write == string(writeCreate) {
		return r.settle(it, it.sent.At)
	}
	cur, err := r.Client.Record(r.Abort, r.Plan.Object.Slug, it.sent.Record)
	switch {
	case err == nil:
		if c := r.Plan.Change(&it.full, &cur); len(c.Fields)+len(c.Refused) == 0 {
			return verdict{kind: agrees, record: &cur}
		}
		return verdict{kind: notThere}
	case r.Abort.Err() != nil:
		return verdict{kind: abandoned, why: lookupGivenUp}
	case attio.ClassOf(err) == attio.Refused: // the record is gone
		return verdict{kind: notThere}
	}
	return verdict{kind: unread, err: fmt.Errorf("look a lost answer up: %w", err)}
}

// settle finds out what became of a create that was sent at the server's time at.
func (r *run) settle(it *item, at time.Time) verdict {
	keys := r.findable(it)
	if len(keys) == 0 {
		return verdict{kind: unknowable, why: unfindable(r.Plan.Object.Slug, at)}
	}
	for _, wait := range settleAfter {
		if pause(r.Abort, wait) != nil {
			return verdict{kind: abandoned, why: lookupGivenUp}
		}
		found, err := r.findAll(keys)
		if err != nil {
			if r.Abort.Err() != nil {
				return verdict{kind: abandoned, why: lookupGivenUp}
			}
			return verdict{kind: unread, err: err}
		}
		if len(found) > 0 {
			return r.judge(it, found, at)
		}
	}
	return verdict{kind: notThere}
}

// takenBy finds out who holds what a create was refused for that had been sent before: we ourselves, should the
// earlier sending have arrived. A record that no query shows by then is read by the ids that the refusal names, if it
// names any.
func (r *run) takenBy(it *item, refused error, at time.Time) verdict {
	v := r.settle(it, at)
	var api *attio.Error
	if v.kind != notThere || !errors.As(refused, &api) {
		return v
	}
	v = verdict{kind: unknowable, why: "sent again and refused, since a record holds its value; that may be the one of its own earlier sending, and it was not seen"}
	for _, id := range api.ConflictingRecords {
		rec, err := r.Client.Record(r.Abort, r.Plan.Object.Slug, id)
		switch {
		case err == nil && r.isOurs(it, &rec, at):
			return verdict{kind: ours, record: &rec}
		case err == nil:
			v.kind = theirs
		case r.Abort.Err() != nil:
			return verdict{kind: abandoned, why: lookupGivenUp}
		case attio.ClassOf(err) != attio.Refused:
			return verdict{kind: unread, err: fmt.Errorf("look a lost answer up: %w", err)}
		}
	}
	return v
}

// stillThere drops the attributes that the object no longer has: what is left can be compared.
func (r *run) stillThere(rec mapping.Record) mapping.Record {
	if r.onlySettle != nil {
		rec.Fields = slices.DeleteFunc(slices.Clone(rec.Fields), func(f value.Field) bool {
			return r.onlySettle.Attribute(f.Attr.Slug) == nil
		})
	}
	return rec
}

// findable are the keys by which a row's record can be found: its unique values and its import key.
func (r *run) findable(it *item) []mapping.Key {
	keys := it.keys
	if r.onlySettle != nil {
		keys = slices.DeleteFunc(slices.Clone(keys), func(k mapping.Key) bool {
			return k.Attr != idAttribute && r.onlySettle.Attribute(k.Attr.Slug) == nil
		})
	}
	if it.fingerprint != "" {
		a := r.Plan.Object.Attribute(r.ImportKey)
		keys = append(keys[:len(keys):len(keys)], mapping.Key{Attr: a, Norm: it.fingerprint, Text: it.fingerprint})
	}
	return keys
}

// findAll reads the records that hold any of these keys; under Abort, since a write that was sent is seen through.
func (r *run) findAll(keys []mapping.Key) ([]hit, error) {
	records, err := r.find.findNow(r.Abort, r.Plan.Object.Slug, keys)
	if err != nil {
		return nil, fmt.Errorf("look a lost answer up: %w", err)
	}
	var out []hit
	for i := range records {
		for _, k := range keys {
			for _, n := range value.KeysOf(nil, k.Attr, &records[i]) {
				if n == k.Norm {
					out = append(out, hit{k, &records[i]})
				}
			}
		}
	}
	return out, nil
}

// judge says whose the records are that were found.
func (r *run) judge(it *item, found []hit, at time.Time) verdict {
	for _, h := range found {
		if r.isOurs(it, h.record, at) {
			return verdict{kind: ours, record: h.record}
		}
	}
	lines := make([]Conflict, len(found))
	for i, h := range found {
		lines[i] = r.existingLine(it, h, "a record in Attio holds this value, and it is not the one that this row sent")
	}
	return verdict{kind: theirs, lines: lines}
}

// isOurs says that a record is the one that this row's create made: after the intent, by our key, with our values.
func (r *run) isOurs(it *item, rec *attio.Record, at time.Time) bool {
	made, err := time.Parse(time.RFC3339Nano, rec.CreatedAt)
	if err != nil || made.Before(at.Add(-clockMargin)) {
		return false
	}
	if actor := r.actor.Load(); actor != nil && journal.Creator(rec) != "" && journal.Creator(rec) != *actor {
		return false
	}
	return len(r.Plan.Change(&it.full, rec).Differences) == 0
}

// unfindable tells a person how to look for a record that no unique value finds.
func unfindable(object string, at time.Time) string {
	return fmt.Sprintf(`the answer was lost, and the row has no unique value to look its record up by; look for it with the filter {"created_at":{"$gte":"%s"}} on %s, or import with --import-key`,
		at.UTC().Add(-clockMargin).Format("2006-01-02T15:04:05.000000000Z"), object)
}
