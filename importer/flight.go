package importer

import (
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// A row's way: taken in, claimed, looked up, decided, written, finished. Each step either finishes the row or puts it
// into the next queue. A row whose value is claimed by a row under way waits for that row's fate, so that the result
// does not depend on the order in which the writers finish.

// item is a row under way.
type item struct {
	row     *mapping.Row
	storage mapping.Row // what row points to
	outcome Outcome     // of a row that is nothing but created, in a dry run
	rec     mapping.Record
	targets []target       // of its references, in their order
	full    mapping.Record // rec with the ids of what it refers to
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
	sent        *journal.OpenIntent // an earlier session's intent without an outcome
	settled     bool                // it was looked for, and not found
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
	if r.onlySettle == nil {
		r.taken = it.row.Number
	}
	if done := r.past.Action(it.row.Number); done != "" {
		r.restore(it, done)
		r.spare.Put(it.reset())
		return
	}
	it.sent = r.past.Intent(it.row.Number)
	if r.onlySettle != nil && it.sent == nil {
		r.spare.Put(it.reset())
		return
	}
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
	case it.open(): // whatever is wrong with the row by now
		r.claimFree(it)
		if r.needsLookup(it) {
			r.keep(it, &r.toLook)
			return
		}
		r.decide(it)
		return
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

// open reports whether a write of the row was sent by an earlier session and nothing is known of it.
func (it *item) open() bool { return it.sent != nil && !it.settled }

// leave leaves a row to a later session: what was sent for it was not done.
func (r *run) leave(it *item) {
	r.fail(r.rec.journal.Record(&journal.Aborted{Row: it.row.Number}))
	r.counts.Read--
	r.counts.Pending--
	delete(r.flights, it.row.Number)
	r.spare.Put(it.reset())
}

// claimFree takes those of the row's unique values that no other row has.
func (r *run) claimFree(it *item) {
	for _, ck := range it.hashes {
		if r.claims.Owner(ck) == 0 {
			r.claims.Claim(ck, it.row.Number)
		}
	}
}

// claim takes the row's unique values. It returns false when the row has to wait for an earlier one.
func (r *run) claim(it *item) bool {
	it.inFile = it.inFile[:0]
	for i, k := range it.keys {
		holder := r.claims.Owner(it.hashes[i])
		if holder == 0 || holder == it.row.Number {
			continue
		}
		switch first := r.flights[holder]; {
		case first != nil && slices.Contains(it.waiting, first): // for the record of this one, which was sent before
			continue
		case first != nil:
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
	out.Row, out.Attempts = it.row, it.attempts+r.past.Attempts(it.row.Number)
	r.counts.Pending--
	r.counts.Add(out.Action, 1)
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
	*it = item{rec: rec, storage: storage, keys: it.keys[:0], hashes: it.hashes[:0], found: it.found[:0], asked: it.asked[:0], targets: it.targets[:0]}
	return it
}

// dispatch starts lookups and writers for what waits.
func (r *run) dispatch(g *errgroup.Group) {
	if r.halt != nil {
		return
	}
	if r.attempts.doubtful {
		r.readSchema(g)
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
	if len(r.toWrite) > 0 && r.workers <= r.writing && r.workers < r.workerLimit() {
		r.workers++
		g.Go(func() error {
			for it := range r.writes {
				r.events <- event{wrote: r.send(it)}
			}
			return nil
		})
	}
}

// workerLimit is how many writes may be in flight: by Little's law the rate times the time that a call takes, with a
// second more since a whole window's calls go out together.
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
