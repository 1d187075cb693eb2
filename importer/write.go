package importer

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// writer sends rows' writes and sees each through to a fate that is known, or known to be unknown. Several goroutines
// use it, each with a row of its own.
type writer struct {
	*session
	finder *finder
	actor  atomic.Pointer[string] // type:id of the actor that our key is; nil until a create was acknowledged
}

const (
	// comparedFor is how long a record that was read may be compared with before it is read again.
	comparedFor = 50 * time.Second
	// maxSends is how often one row's create is sent at most: once, and again three times. Refusals for the rate do not
	// count.
	maxSends = 4
)

func newWriter(s *session, v *resolver) *writer {
	w := &writer{session: s, finder: v.finder}
	if s.past.Actor != "" {
		w.actor.Store(&s.past.Actor)
	}
	return w
}

// learnActor learns who we are from a record that we made.
func (w *writer) learnActor(rec *attio.Record) error {
	actor := journal.Creator(rec)
	if actor == "" || w.actor.Load() != nil {
		return nil
	}
	w.actor.Store(&actor)
	return w.journal.Record(&journal.Actor{Actor: actor})
}

// send writes one row; it runs in a worker.
func (w *writer) send(it *item) fate {
	switch {
	case it.open() && it.sent.Write == writeCreate:
		return w.settle(it, it.sent.At)
	case it.open():
		return w.settleUpdate(it)
	case it.create:
		return w.sendCreate(it)
	}
	return w.sendUpdate(it)
}

// sendCreate sends a create, finds out what became of it where the answer was lost, and sends again what was not
// done, at most maxSends times.
func (w *writer) sendCreate(it *item) (f fate) {
	sends, earlier, attempts := 0, 0, 0
	var first time.Time // the server's time of the first intent: a record of ours is no older
	if it.sent != nil { // by earlier sessions, however often: to resume is somebody's decision, and begins the count anew
		sends, earlier, first = 1, it.sent.Sends-1, it.sent.At
	}
	var began time.Time
	var latency time.Duration // of the last sending
	defer func() { f.attempts, f.took = attempts, latency }()
	for settled := it.settled; ; settled = false {
		if sends > 0 && !settled {
			if f := w.settle(it, first); f.kind != notSent {
				return f
			}
			if sends >= maxSends {
				return fate{kind: unknown, lost: true, why: fmt.Sprintf(
					"sent %d times, and neither an answer nor the record was seen", earlier+sends)}
			}
		}
		sends++
		in := &journal.Intent{Row: it.row.Number, Write: writeCreate, Send: earlier + sends, At: w.Client.Now().UTC()}
		written, err := w.Client.CreateRecord(w.Abort, w.Plan.Object.Slug, w.Plan.Encode(nil, it.full.Fields),
			w.announcing(in, nil, &began))
		attempts, latency = attempts+written.Attempts, took(began, written)
		if first.IsZero() {
			first = in.At
		}
		switch {
		case err == nil:
			return fate{kind: created, record: &written.Record}
		case attio.ClassOf(err) == attio.Unknown && w.Abort.Err() == nil:
			continue
		case attio.ClassOf(err) == attio.Unknown:
			return fate{kind: abandoned, why: "given up while in flight"}
		case sends == 1: // nothing was processed by this sending, and there was none before it
			if jerr := w.journal.Record(&journal.Aborted{Row: it.row.Number}); jerr != nil {
				return fate{kind: failed, err: jerr}
			}
		case isTaken(err): // perhaps by this row's own earlier sending, which arrived after all
			if f := w.takenBy(it, err, first); f.kind != conflict {
				return f
			}
		}
		return fateOf(err)
	}
}

// sendUpdate sends what differs. A record read too long ago is read and compared again first.
func (w *writer) sendUpdate(it *item) fate {
	if time.Since(it.foundAt) > comparedFor {
		cur, err := w.Client.Record(w.stop, w.Plan.Object.Slug, it.cur.ID)
		if err != nil {
			return fateOf(err)
		}
		it.cur, it.change = &cur, w.Plan.Change(&it.full, &cur)
		switch {
		case len(it.change.Refused) > 0:
			return fate{kind: refused, cells: it.change.Refused}
		case len(it.change.Fields) == 0:
			return fate{kind: agrees, record: &cur}
		}
	}
	update, verb := w.Client.UpdateRecord, writePatch
	if it.change.Overwrite {
		update, verb = w.Client.ReplaceRecord, writePut
	}
	in := &journal.Intent{Row: it.row.Number, Write: verb, Record: it.cur.ID, Send: 1}
	var began time.Time
	written, err := update(w.Abort, w.Plan.Object.Slug, it.cur.ID, w.Plan.Encode(nil, it.change.Fields),
		w.announcing(in, journal.BeforeImageOf(it.row.Number, it.cur, it.change), &began))
	var f fate
	switch {
	case err == nil:
		f = fate{kind: updated, record: &written.Record}
	case w.Abort.Err() != nil && attio.ClassOf(err) == attio.Unknown:
		f = fate{kind: abandoned, why: "given up while in flight"}
	default:
		f = fateOf(err)
	}
	f.attempts, f.took = written.Attempts, took(began, written)
	return f
}

// announcing puts an intent on disk right before its write leaves, with what its update overwrites.
func (w *writer) announcing(in *journal.Intent, before *journal.BeforeImage, began *time.Time) *attio.WriteOptions {
	return &attio.WriteOptions{Stop: w.stop, Sending: func() error {
		in.At = w.Client.Now().UTC()
		durable.Crash("before-intent")
		err := w.journal.Announce(before, in)
		durable.Crash("after-intent")
		*began = time.Now()
		return err
	}}
}

// took is how long a write took that began to leave then; 0 of one that did not leave, or was refused for the rate and
// sent again: that is longer than its latency.
func took(began time.Time, written attio.Written) time.Duration {
	if began.IsZero() || written.Attempts != 1 {
		return 0
	}
	return time.Since(began)
}

// fateOf is the fate of a write that is known not to have been done, or of an update, which may be sent again.
func fateOf(err error) fate {
	if api, ok := errors.AsType[*attio.Error](err); ok { // else our own disk
		switch api.Class {
		case attio.Refused:
			return fate{kind: refused, err: err}
		case attio.Stopped:
			return fate{kind: notSent}
		case attio.Unknown: // an update that was repeated as often as is worth it
			return fate{kind: abandoned, err: err, why: "no answer to its update"}
		}
	}
	return fate{kind: failed, err: err}
}
