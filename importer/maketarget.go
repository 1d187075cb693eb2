package importer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// madeAtOnce is how many targets are made side by side: about what a second allows.
const madeAtOnce = 32

// madeTarget is what came of making a target.
type madeTarget struct {
	record *attio.Record
	ours   bool  // made by us, now or by a leg that did not live to say so
	reason error // Attio refused it: the rows that want it are rejected
	void   bool  // nothing was made: no sending can have been processed
}

// makeTargets creates the targets that are missing.
func (r *run) makeTargets(targets []*wantedTarget) error {
	for batch := range slices.Chunk(targets, madeAtOnce) {
		wants := make([]*journal.Planned, len(batch))
		for i, t := range batch {
			wants[i] = &journal.Planned{Key: wantHash(&t.ref), Object: t.ref.Object}
		}
		if err := r.want(wants...); err != nil {
			return err
		}
		made := make([]madeTarget, len(batch))
		g, _ := errgroup.WithContext(r.stop)
		for i, t := range batch {
			g.Go(func() (err error) {
				made[i], err = r.makeTarget(t)
				return err
			})
		}
		failed := g.Wait()
		durable.Crash("before-outcome")
		for i, t := range batch {
			if err := r.madeOne(t, made[i]); err != nil {
				return err
			}
		}
		if err := errors.Join(failed, r.rec.journal.Sync()); err != nil {
			return err
		}
	}
	return nil
}

// madeOne takes one target in: the rows find it, or their reason, from now on.
func (r *run) madeOne(t *wantedTarget, m madeTarget) error {
	hash := wantHash(&t.ref)
	switch {
	case m.reason != nil:
		r.refs.refused[keyOf(&t.ref)] = m.reason.Error()
	case m.record != nil:
		r.refs.ids[keyOf(&t.ref)] = m.record.ID
		if m.ours {
			r.also[t.ref.Object]++
			return r.rec.journal.Record(&journal.Made{Object: t.ref.Object, Record: m.record.ID, Key: hash, Answer: journal.Fingerprint(m.record)})
		}
	case !m.void:
		return nil // it may have been made: resume looks
	}
	return r.rec.journal.Record(&journal.Aborted{Key: hash})
}

// makeTarget creates one target. A lost answer is looked up by the key, and sent again where nothing is found.
func (r *run) makeTarget(t *wantedTarget) (madeTarget, error) {
	values := r.Plan.Encode(nil, r.Plan.TargetFields(&t.ref))
	began, sent := r.Client.Now(), false // whether a sending may have been done whose answer nobody saw
	if want := r.past.Planned[wantHash(&t.ref)]; want != nil {
		began, sent = want.At, true
	}
	var last error
	for range maxSends {
		written, err := r.Client.CreateRecord(r.Abort, t.ref.Object, values, &attio.WriteOptions{Stop: r.stop})
		switch {
		case err == nil:
			return madeTarget{record: &written.Record, ours: true}, nil
		case isTaken(err) || attio.ClassOf(err) == attio.Unknown:
			sent = sent || attio.ClassOf(err) == attio.Unknown
			found, ferr := r.awaitTarget(t)
			if ferr != nil {
				return madeTarget{}, ferr
			}
			if found != nil {
				return madeTarget{record: found, ours: sent && madeSince(found, began)}, nil
			}
			last = err
		case attio.ClassOf(err) == attio.Refused:
			var api *attio.Error
			errors.As(err, &api)
			return madeTarget{reason: errors.New(api.Refusal())}, nil
		default:
			return madeTarget{void: !sent}, err
		}
	}
	return madeTarget{}, fmt.Errorf("make a record of %s: %w", t.ref.Object, last)
}

// awaitTarget looks a target up by its key until it is seen or has had time to be.
func (r *run) awaitTarget(t *wantedTarget) (*attio.Record, error) {
	k := keyOf(&t.ref)
	a := targetAttribute(r.Plan.Schema, k)
	for _, wait := range settleAfter {
		if err := pause(r.Abort, wait); err != nil {
			return nil, err
		}
		found, err := r.find.findNow(r.Abort, k.object, []mapping.Key{{Attr: a, Norm: k.key}})
		if err != nil {
			return nil, err
		}
		for i := range found {
			if slices.Contains(value.KeysOf(nil, a, &found[i]), k.key) {
				return &found[i], nil
			}
		}
	}
	return nil, nil
}

// madeSince says that a record is no older than a moment of the server's clock.
func madeSince(rec *attio.Record, at time.Time) bool {
	made, err := time.Parse(time.RFC3339Nano, rec.CreatedAt)
	return err == nil && !made.Before(at.Add(-clockMargin))
}

// wantHash names a target in the journal without its key, which may be personal.
func wantHash(ref *value.Ref) string { return hashOf(ref.Object, ref.Attr, ref.Key) }

func hashOf(parts ...string) string { return sha256Hex([]byte(strings.Join(parts, "\x00")))[:32] }

// adopt finds targets that an earlier leg made and did not live to say so, and journals them as made by the run.
func (r *run) adopt(t *wantedTarget, id string) error {
	want := r.past.Planned[wantHash(&t.ref)]
	if want == nil {
		return nil
	}
	rec, err := r.Client.Record(r.stop, t.ref.Object, id)
	if err != nil {
		return err
	}
	ours := madeSince(&rec, want.At) && (r.past.Actor == "" || journal.Creator(&rec) == r.past.Actor)
	return r.madeOne(t, madeTarget{record: &rec, ours: ours})
}
