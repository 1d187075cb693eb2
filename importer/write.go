package importer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// A worker sends one row's write and sees it through to a fate that is known, or known to be unknown. It touches its
// item and nothing else of the run but the client and the channel to the loop.

// comparedFor is how long a record that was read may be compared with before it is read again.
const comparedFor = 50 * time.Second

// writeDone is what came of a row's write.
type writeDone struct {
	it       *item
	written  attio.Written
	attempts int
	err      error
	verdict  verdict       // set when an outcome had to be looked up
	took     time.Duration // from the first byte of the last sending to its answer; 0 when nothing was sent
	void     bool          // err says that nothing was processed, by this sending or any before it
}

// send writes one row; it runs in a worker.
func (r *run) send(it *item) *writeDone {
	switch {
	case it.open():
		return &writeDone{it: it, verdict: r.settleOpen(it)}
	case it.write == writeCreate:
		return r.sendCreate(it)
	}
	return r.sendUpdate(it)
}

// sendCreate sends a create, finds out what became of it where the answer was lost, and sends again what was not
// done, at most maxSends times.
func (r *run) sendCreate(it *item) *writeDone {
	done := &writeDone{it: it}
	sends, earlier := 0, 0
	var first time.Time // the server's time of the first intent: a record of ours is no older
	if it.sent != nil { // by earlier legs, however often: to resume is somebody's decision, and begins the count anew
		sends, earlier, first = 1, it.sent.Sends-1, it.sent.At
	}
	for settled := it.settled; ; settled = false {
		if sends > 0 && !settled {
			done.verdict = r.settle(it, first)
			if done.verdict.kind != notThere {
				return done
			}
			if sends >= maxSends {
				done.verdict = verdict{kind: unknowable, lost: true, why: fmt.Sprintf("sent %d times, and neither an answer nor the record was seen", earlier+sends)}
				return done
			}
		}
		sends++
		at, err := r.create1(it, done, earlier+sends)
		if first.IsZero() {
			first = at
		}
		if err == nil || attio.ClassOf(err) != attio.Unknown {
			done.verdict, done.err = verdict{}, err
			done.void = err != nil && sends == 1
			if sends > 1 && isTaken(err) { // perhaps by this row's own earlier sending, which arrived after all
				if v := r.takenBy(it, err, first); v.kind != theirs {
					done.verdict, done.err = v, nil
				}
			}
			return done
		}
		if r.Abort.Err() != nil {
			done.verdict = verdict{kind: abandoned, why: "given up while in flight"}
			return done
		}
	}
}

// isTaken says that Attio refused a value because a record holds it.
func isTaken(err error) bool {
	var api *attio.Error
	return errors.As(err, &api) && api.Class == attio.Refused && api.Code == attio.CodeUniquenessConflict
}

// maxSends is how often one row's create is sent at most: once, and again three times. Refusals for the rate do not
// count.
const maxSends = 4

// create1 sends a create once. at is the server's time of the intent.
func (r *run) create1(it *item, done *writeDone, send int) (at time.Time, err error) {
	at = r.Client.Now()
	var began time.Time
	done.written, err = r.Client.CreateRecord(r.Abort, r.Plan.Object.Slug, r.Plan.Encode(nil, it.full.Fields), &attio.WriteOptions{
		Stop: r.stop,
		Sending: func() error {
			at = r.Client.Now()
			defer func() { began = time.Now() }()
			return r.announce(&journal.Intent{Row: it.row.Number, Write: string(writeCreate), Send: send, At: at.UTC()}, nil)
		},
	})
	done.attempts += done.written.Attempts
	done.since(began)
	return at, err
}

// sendUpdate sends what differs. A record read too long ago is read and compared again first.
func (r *run) sendUpdate(it *item) *writeDone {
	done := &writeDone{it: it}
	if time.Since(it.foundAt) > comparedFor {
		cur, err := r.Client.Record(r.stop, r.Plan.Object.Slug, it.target)
		if err != nil {
			done.err = err
			return done
		}
		it.cur = &cur
		it.change = r.Plan.Change(&it.full, &cur)
		switch {
		case len(it.change.Refused) > 0:
			done.verdict = verdict{kind: unfit}
			return done
		case len(it.change.Fields) == 0:
			done.verdict = verdict{kind: agrees, record: &cur}
			return done
		}
	}
	var began time.Time
	update := r.Client.UpdateRecord
	if it.change.Overwrite {
		update = r.Client.ReplaceRecord
	}
	values := r.Plan.Encode(nil, it.change.Fields)
	done.written, done.err = update(r.Abort, r.Plan.Object.Slug, it.target, values, &attio.WriteOptions{
		Stop: r.stop,
		Sending: func() error {
			defer func() { began = time.Now() }()
			return r.announce(&journal.Intent{
				Row: it.row.Number, Write: string(writeOf(it.change)), Record: it.target, Send: 1, At: r.Client.Now().UTC(),
			}, journal.BeforeImageOf(it.row.Number, it.cur, it.change))
		},
	})
	done.attempts = done.written.Attempts
	done.since(began)
	if r.Abort.Err() != nil && attio.ClassOf(done.err) == attio.Unknown {
		done.verdict, done.err = verdict{kind: abandoned, why: "given up while in flight"}, nil
	}
	return done
}

// since notes how long a sending took. One that was refused for the rate and sent again took longer than its latency,
// and is left out.
func (d *writeDone) since(began time.Time) {
	if !began.IsZero() && d.written.Attempts == 1 {
		d.took = time.Since(began)
	}
}

// announce puts an intent on disk, with what its update overwrites.
func (r *run) announce(in *journal.Intent, before *journal.BeforeImage) error {
	durable.Crash("before-intent")
	err := r.rec.journal.Announce(before, in)
	durable.Crash("after-intent")
	return err
}

// wrote turns what came of a write into the row's outcome.
func (r *run) wrote(d *writeDone) {
	durable.Crash("before-outcome")
	it := d.it
	r.latency.add(d.took)
	it.attempts += d.attempts
	switch d.verdict.kind {
	case none:
	case ours:
		r.created(it, *d.verdict.record)
		return
	case theirs:
		r.conflict(it, d.verdict.lines)
		return
	case agrees:
		r.agreed(it, d.verdict.record)
		return
	case unfit:
		r.done(it, &Outcome{Action: Rejected, Errors: rejectsOf(it.change.Refused)})
		return
	case notThere:
		if it.settled = true; r.onlySettle != nil {
			r.leave(it)
		} else {
			r.admit(it)
		}
		return
	case unknowable:
		r.done(it, &Outcome{Action: Unknown, Message: d.verdict.why, Lost: d.verdict.lost})
		return
	case abandoned:
		r.abandon(it, d.verdict.why)
		return
	case unread: // it was sent: not pending, but unknown until resume has looked
		r.fail(d.verdict.err)
		r.abandon(it, "its outcome could not be looked up")
		return
	}
	if d.err != nil {
		if d.void {
			r.fail(r.rec.journal.Record(&journal.Aborted{Row: it.row.Number}))
		}
		r.refusedWrite(it, d.err)
		return
	}
	if it.write == writeCreate {
		r.created(it, d.written.Record)
		return
	}
	r.done(it, &Outcome{Action: Updated, RecordID: d.written.Record.ID, WebURL: d.written.Record.WebURL, Answer: journal.Fingerprint(&d.written.Record)})
}

// created finishes a row whose record is there now, and learns who we are from it.
func (r *run) created(it *item, rec attio.Record) {
	if actor := journal.Creator(&rec); actor != "" && r.attempts.actor == "" {
		r.attempts.actor = actor
		r.actor.Store(&actor)
		r.fail(r.rec.journal.Record(&journal.Actor{Actor: actor}))
	}
	r.done(it, &Outcome{Action: Created, RecordID: rec.ID, WebURL: rec.WebURL, Answer: journal.Fingerprint(&rec)})
}

// abandon leaves a row whose write was given up: journalled as unknown, and looked up first by resume.
func (r *run) abandon(it *item, why string) {
	r.done(it, &Outcome{Action: Unknown, Open: true, Message: why + "; resume finds out what became of it"})
}

// refusedWrite decides what a failed write means for its row, or for the run.
func (r *run) refusedWrite(it *item, err error) {
	var api *attio.Error
	if !errors.As(err, &api) {
		r.fail(err) // our own disk: the row stays pending
		return
	}
	switch api.Class {
	case attio.Refused:
	case attio.Stopped:
		return // nothing was sent: the row stays pending
	case attio.Unknown: // an update that was repeated as often as is worth it
		r.fail(err)
		r.abandon(it, "no answer to its update")
		return
	default:
		r.fail(err)
		return
	}
	switch {
	case isTaken(err):
		r.unforeseen(it, api)
	case api.Code == attio.CodeNotFound && it.write != writeCreate && it.rec.ID == "" && it.again < 2:
		r.lookAgain(it) // deleted since it was looked up
	default:
		r.done(it, &Outcome{
			Action: Rejected, Reason: api.Code + " " + api.Attribute + " " + api.Message,
			Errors: []Reject{{Column: r.columnOf(it, api.Attribute), Code: api.Code, Message: api.Refusal()}},
		})
	}
}

// unforeseen handles a conflict that the lookups did not foresee: somebody made the record since. The row is looked
// up once more, for the differences in mode create and for an update in mode upsert.
func (r *run) unforeseen(it *item, api *attio.Error) {
	if it.again < 2 {
		it.sent = nil
		r.lookAgain(it)
		return
	}
	line := Conflict{Kind: Existing, Attribute: r.slugOf(api.Attribute), Message: api.Refusal(), Differences: []mapping.Difference{}}
	for _, k := range it.keys {
		if k.Attr.Slug == line.Attribute {
			line.Value = k.Text
			break
		}
	}
	if len(api.ConflictingRecords) > 0 {
		line.RecordID = api.ConflictingRecords[0]
	}
	r.conflict(it, []Conflict{line})
}

// slugOf turns the attribute that a message names, by slug or id, into its slug.
func (r *run) slugOf(attribute string) string {
	if a := r.Plan.Object.Attribute(attribute); a != nil {
		return a.Slug
	}
	return attribute
}

// columnOf is the header of the column that fills an attribute; "" when it is not known.
func (r *run) columnOf(it *item, attribute string) string {
	slug := r.slugOf(attribute)
	for _, f := range it.rec.Fields {
		if f.Attr.Slug == slug && len(f.Columns) > 0 {
			return r.header(f.Columns[0])
		}
	}
	return ""
}

var errStopped = errors.New("stopped")

// pause waits, unless the run is aborted.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return errStopped
	}
}
