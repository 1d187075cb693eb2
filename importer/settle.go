package importer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
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

var errNotSeen = errors.New("no record holds the value")

// await calls look until it returns something else than errNotSeen, or has had the time that a write takes to become
// visible. When ctx ends it returns its cause.
func await[T any](ctx context.Context, look func() (T, error)) (found T, err error) {
	for _, wait := range settleAfter {
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return found, context.Cause(ctx)
		}
		if found, err = look(); !errors.Is(err, errNotSeen) {
			break
		}
	}
	return found, err
}

// settleUpdate finds out what became of an update that an earlier session sent.
func (w *writer) settleUpdate(it *item) fate {
	cur, err := w.Client.Record(w.Abort, w.Plan.Object.Slug, it.sent.Record)
	switch {
	case w.isGone(err):
		return fate{kind: notSent}
	case err != nil:
		return w.notSettled(err)
	}
	if c := w.Plan.Change(&it.full, &cur); len(c.Fields)+len(c.Refused) == 0 {
		return fate{kind: agrees, record: &cur}
	}
	return fate{kind: notSent}
}

// isGone reports whether a record could not be read since there is none.
func (w *writer) isGone(err error) bool {
	return err != nil && w.Abort.Err() == nil && attio.ClassOf(err) == attio.Refused
}

// notSettled is the fate of a write that was sent and could not be looked up. Only where somebody gave it up the run is
// not stopped by err.
func (w *writer) notSettled(err error) fate {
	if w.Abort.Err() != nil {
		return fate{kind: abandoned, why: "given up while its outcome was being looked up"}
	}
	err = fmt.Errorf("look a lost answer up: %w", err)
	return fate{kind: abandoned, err: err, why: "its outcome could not be looked up"}
}

// settle finds out what became of a create that was sent at the server's time at. The reads are under Abort, since a
// write that was sent is seen through.
func (w *writer) settle(it *item, at time.Time) fate {
	keys := it.keys
	if it.fingerprint != "" {
		a := w.Plan.Object.Attribute(w.ImportKey)
		keys = append(keys[:len(keys):len(keys)], mapping.Key{Attr: a, Norm: it.fingerprint, Text: it.fingerprint})
	}
	if len(keys) == 0 {
		return fate{kind: unknown, why: fmt.Sprintf("the answer was lost, and the row has no unique value to look its "+
			`record up by; look for it with the filter {"created_at":{"$gte":"%s"}} on %s, or import with an import key`,
			at.UTC().Add(-clockMargin).Format("2006-01-02T15:04:05.000000000Z"), w.Plan.Object.Slug)}
	}
	found, err := await(w.Abort, func() (found []hit, err error) {
		records, err := w.finder.find(w.Abort, w.Plan.Object.Slug, keys, true)
		for i := range records {
			for _, k := range keys {
				if holdsKey(&records[i], k) {
					found = append(found, hit{k, &records[i]})
				}
			}
		}
		if err == nil && len(found) == 0 {
			err = errNotSeen
		}
		return found, err
	})
	switch {
	case errors.Is(err, errNotSeen):
		return fate{kind: notSent}
	case err != nil:
		return w.notSettled(err)
	}
	for _, h := range found {
		if w.isOurs(it, h.record, at) {
			return fate{kind: created, record: h.record}
		}
	}
	return fate{kind: conflict, lines: w.existing(it, found,
		"a record in Attio holds this value, and it is not the one that this row sent")}
}

// takenBy finds out who holds what a create was refused for that had been sent before: we ourselves, should the
// earlier sending have arrived. A record that no query shows by then is read by the ids that the refusal names, if it
// names any.
func (w *writer) takenBy(it *item, err error, at time.Time) fate {
	f := w.settle(it, at)
	api, ok := errors.AsType[*attio.Error](err)
	if f.kind != notSent || !ok {
		return f
	}
	f = fate{kind: unknown, why: "sent again and refused, since a record holds its value; " +
		"that may be the one of its own earlier sending, and it was not seen"}
	for _, id := range api.ConflictingRecords {
		rec, err := w.Client.Record(w.Abort, w.Plan.Object.Slug, id)
		switch {
		case err == nil && w.isOurs(it, &rec, at):
			return fate{kind: created, record: &rec}
		case err == nil:
			f.kind = conflict
		case !w.isGone(err):
			return w.notSettled(err)
		}
	}
	return f
}

// isOurs reports whether a record is the one that this row's create made: after the intent, by our key, with our
// values.
func (w *writer) isOurs(it *item, rec *attio.Record, at time.Time) bool {
	actor := ""
	if known := w.actor.Load(); known != nil {
		actor = *known
	}
	return madeBy(rec, actor, at) && len(w.Plan.Change(&it.full, rec).Differences) == 0
}

// madeBy reports whether a record is no older than a moment of the server's clock, and not known to be of another
// actor; "" is nobody in particular.
func madeBy(rec *attio.Record, actor string, at time.Time) bool {
	made, err := time.Parse(time.RFC3339Nano, rec.CreatedAt)
	creator := journal.Creator(rec)
	return err == nil && !made.Before(at.Add(-clockMargin)) && (actor == "" || creator == "" || creator == actor)
}
