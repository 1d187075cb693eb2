package importer

import (
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// A row's way: taken in, claimed, looked up, decided, written, finished. Each step either finishes the row or puts it into the
// next queue. A row whose value is claimed by a row under way waits for that row's fate, so that the result does not depend on
// the order in which the writers finish.

// item is a row under way.
type item struct {
	row     *mapping.Row
	storage mapping.Row // what row points to, where the format reads into it
	outcome Outcome     // of a row that is nothing but created, in a dry run
	rec     mapping.Record
	refused []*mapping.CellError
	keys    []mapping.Key
	hashes  []claim.Key // of the keys
	waiting []*item     // rows that hold a value this one claims
	inFile  []Conflict  // the values that earlier rows hold

	fingerprint string        // of --import-key
	asked       []mapping.Key // whose holders its lookup asks for
	askedAll    bool          // nothing is left to be asked for
	found       []hit         // records that hold one of its keys
	byID        *attio.Record
	foundAt     time.Time
	write       writeKind
	target      string        // record id of an update
	cur         *attio.Record // that record, as it was compared
	change      mapping.Change
	sent        *pastIntent // an earlier leg's intent without an outcome
	attempts    int
	again       int // times it was looked up because Attio refused it for a conflict that we had not foreseen
}

// hit is a record that holds one of a row's keys.
type hit struct {
	key    mapping.Key
	record *attio.Record
}

// nth is which of the row's values of its attribute a key is, from 0.
func (it *item) nth(key mapping.Key) int {
	n := 0
	for _, k := range it.keys {
		if k == key {
			return n
		}
		if k.Attr == key.Attr {
			n++
		}
	}
	return 0
}

// take brings a row in.
func (r *run) take(it *item) {
	r.taken = it.row.Number
	if done := r.past.action(it.row.Number); done != "" {
		r.restore(it, done)
		r.spare.Put(it.reset())
		return
	}
	it.sent = r.past.intent(it.row.Number)
	r.counts.Read++
	r.counts.Pending++
	r.admit(it)
}

// lookAgain has a row looked up once more, whatever was known of it.
func (r *run) lookAgain(it *item) {
	it.again++
	r.askFirst(it)
	r.keep(it, &r.toLook)
}

// keep notes that a row is under way: it waits for a lookup, a writer or another row.
func (r *run) keep(it *item, queue *[]*item) {
	r.flights[it.row.Number] = it
	*queue = append(*queue, it)
}

// restore gives a row that an earlier leg finished its claims back.
func (r *run) restore(it *item, done Action) {
	if !holds(done) || it.row.Bad != nil {
		return
	}
	for _, ck := range it.hashes {
		if r.claims.Owner(ck) == 0 {
			r.claims.Claim(ck, it.row.Number)
		}
	}
}

// holds says whether a row that ended so keeps its claims: it is a record now, or may be one.
func holds(a Action) bool {
	return a == Created || a == Updated || a == Unchanged || a == Unknown
}

// admit checks and claims, and passes the row on to the lookups.
func (r *run) admit(it *item) {
	switch {
	case it.row.Bad != nil:
		r.done(it, &Outcome{Action: Rejected, Errors: []Reject{{Code: it.row.Bad.Code, Message: it.row.Bad.Message}}})
		return
	case len(it.refused) > 0:
		r.done(it, &Outcome{Action: Rejected, Errors: rejectsOf(it.refused)})
		return
	case len(it.rec.Fields) == 0:
		r.done(it, &Outcome{Action: Skipped, Message: "nothing that is mapped is in this row"})
		return
	}
	if !r.claim(it) {
		return
	}
	if r.needsLookup(it) {
		r.keep(it, &r.toLook)
		return
	}
	r.decide(it)
}

// claim takes the row's unique values. It returns false when the row has to wait for an earlier one.
func (r *run) claim(it *item) bool {
	it.inFile = it.inFile[:0]
	for i, k := range it.keys {
		holder := r.claims.Owner(it.hashes[i])
		if holder == 0 || holder == it.row.Number {
			continue
		}
		if first := r.flights[holder]; first != nil {
			r.keep(it, &first.waiting)
			return false
		}
		it.inFile = append(it.inFile, Conflict{
			Kind: InFile, Attribute: k.Attr.Slug, Value: k.Text, Nth: it.nth(k), FirstRow: holder,
			Message: fmt.Sprintf("row %d of this file holds the same value", holder),
		})
	}
	if len(it.inFile) > 0 {
		return true // not to be sent, so it claims nothing
	}
	for _, ck := range it.hashes {
		r.claims.Claim(ck, it.row.Number)
	}
	return true
}

// done finishes a row: its outcome is recorded, its claims kept or given up, and the rows that waited for it go on.
func (r *run) done(it *item, out *Outcome) {
	out.Row, out.Attempts = it.row, it.attempts+r.past.attempts(it.row.Number)
	r.counts.Pending--
	r.counts.count(out.Action, 1)
	delete(r.flights, it.row.Number)
	if !holds(out.Action) {
		r.claims.Release(it.hashes, it.row.Number)
	}
	r.fail(r.rec.record(out))
	r.fail(r.rejectsBudget(out))
	if out.Action == Rejected && r.Rejected != nil {
		r.Rejected(out)
	}
	if out.Open {
		return // what waits for it waits for resume
	}
	waiting := it.waiting
	it.waiting = nil
	slices.SortFunc(waiting, func(a, b *item) int { return a.row.Number - b.row.Number })
	for _, w := range waiting {
		r.admit(w)
	}
	r.spare.Put(it.reset())
}

// reset empties an item, but for the storage that the next row can use.
func (it *item) reset() *item {
	rec, storage := mapping.Record{Fields: it.rec.Fields[:0]}, mapping.Row{Cells: it.storage.Cells[:0]}
	*it = item{rec: rec, storage: storage, keys: it.keys[:0], hashes: it.hashes[:0], found: it.found[:0], asked: it.asked[:0]}
	return it
}

// rejectsBudget stops the run when too many rows were rejected, or when the first rows that were sent were all refused for one reason.
func (r *run) rejectsBudget(out *Outcome) error {
	if out.Action == Unknown && !out.Lost {
		return nil
	}
	if out.Lost {
		if r.attempts.lost++; r.attempts.lost >= lostLimit {
			return &Stop{Reason: fmt.Sprintf("every answer to %d rows in a row was lost: Attio, or the way to it, is in trouble", r.attempts.lost)}
		}
		return nil
	}
	if out.Action != Rejected {
		if holds(out.Action) && out.Attempts > 0 {
			r.attempts.accepted, r.attempts.lost = true, 0
		}
		return nil
	}
	if n := r.attempts.refused(out); n >= sameReasonLimit {
		return &Stop{OneReason: true, Reason: fmt.Sprintf("the first %d rows that were sent were all refused for one reason: %s", n, out.Errors[0].Message)}
	}
	m := r.MaxRejects
	switch {
	case !m.Set:
		return nil
	case m.Share && r.counts.finished() >= 100 && float64(r.counts.Rejected)*100 > m.Percent*float64(r.counts.finished()):
		return &Stop{MaxRejects: true, Reason: fmt.Sprintf("%d of %d rows were rejected, more than --max-rejects %g%% allows", r.counts.Rejected, r.counts.finished(), m.Percent)}
	case !m.Share && r.counts.Rejected > m.Rows:
		return &Stop{MaxRejects: true, Reason: fmt.Sprintf("%s rejected, more than --max-rejects %d allows", plural(r.counts.Rejected, "row"), m.Rows)}
	}
	return nil
}

// lostLimit is how many rows in a row may end as unknown before it is no use to go on.
const lostLimit = 10

// sameReasonLimit is how many first refusals for one reason show that the fault is not in the rows.
const sameReasonLimit = 50

// attemptLog watches the first rows that were sent, and remembers who we are.
type attemptLog struct {
	accepted bool   // some row was accepted, so the refusals are the rows' own
	reason   string // the reason that all refusals so far share
	count    int
	lost     int    // rows of unknown outcome since the last that was accepted
	actor    string // type:id of the actor that our key is; "" until a create was acknowledged
}

// refused counts a refusal by Attio; 0 once rows were accepted or the reasons differ.
func (l *attemptLog) refused(out *Outcome) int {
	if l.accepted || out.Reason == "" {
		return 0
	}
	if l.count == 0 {
		l.reason = out.Reason
	}
	if l.reason != out.Reason {
		l.accepted = true
		return 0
	}
	l.count++
	return l.count
}

// dispatch starts lookups and writers for what waits.
func (r *run) dispatch(g *errgroup.Group) {
	if r.halt != nil {
		return
	}
	for len(r.toLook) > 0 && r.looking < lookupsInFlight {
		n, full := r.nextLookup()
		if !full && r.looking > 0 {
			break // a lookup is under way: let the batch fill up meanwhile
		}
		job := r.lookupJob(slices.Clone(r.toLook[:n]))
		r.toLook = r.toLook[n:]
		r.looking++
		g.Go(func() error {
			r.events <- event{looked: r.lookup(job)}
			return nil
		})
	}
	if limit := r.workerLimit(); len(r.toWrite) > 0 && r.workers < limit && r.workers <= r.writing {
		r.workers++
		g.Go(func() error {
			for it := range r.writes {
				r.events <- event{wrote: r.send(it)}
			}
			return nil
		})
	}
}

// workerLimit is how many writes may be in flight: by Little's law the rate times the time that a call takes, with a second more since a
// whole window's calls go out together.
func (r *run) workerLimit() int {
	if r.Workers > 0 {
		return r.Workers
	}
	return r.latency.workers(r.Client.WriteRate())
}

func rejectsOf(cells []*mapping.CellError) []Reject {
	out := make([]Reject, len(cells))
	for i, c := range cells {
		out[i] = Reject{Column: c.Header, Code: c.Code, Message: c.Message, Cell: c}
	}
	return out
}
