package importer

import (
	"iter"
	"slices"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// A row's way: taken in, claimed, looked up, decided, written, finished. Each step returns what comes next, and advance
// alone acts on it.
//
// A row that is to be sent claims each of its unique values; the first row of the file to claim a value has it. A later
// row that holds it waits for that row's fate, so that the result does not depend on the order in which the writers
// finish: it is an in_file conflict, or takes the place of a row that was not sent (rejected, or a conflict itself).

// item is a row in flight.
type item struct {
	row     *mapping.Row
	storage mapping.Row     // what row points to
	outcome journal.Outcome // of a row that is nothing but created, in a dry run
	rec     mapping.Record
	targets []target       // of its references, in their order
	full    mapping.Record // rec with the ids of what it refers to
	refused []*mapping.CellError
	keys    []mapping.Key
	hashes  []claim.Key        // of the keys; behind them that of the record which an update was found to mean
	waiting []*item            // rows that hold a value this one claims
	inFile  []journal.Conflict // the values that earlier rows hold

	fingerprint string        // of the import key
	asked       []mapping.Key // whose holders its look-up asks for
	round       int           // of its look-ups, see resolver.ask
	found       []hit         // records that hold one of its keys
	byID        *attio.Record
	foundAt     time.Time
	create      bool          // the write is a POST; else an update
	cur         *attio.Record // of an update: the record as it was compared
	change      mapping.Change
	sent        *journal.OpenIntent // an earlier session's intent without an outcome
	settled     bool                // it was looked for, and not found
	attempts    int
	retries     int // times it was looked up because Attio refused it for a conflict that we had not foreseen
}

// hit is a record that holds one of a row's keys.
type hit struct {
	key    mapping.Key
	record *attio.Record
}

// target is what a reference of a row points to, as it was known when the row was looked up.
type target struct {
	key targetKey
	id  string // "" where there is no such record
}

// reset empties an item, but for the storage that the next row can use.
func (it *item) reset() *item {
	*it = item{
		rec: mapping.Record{Fields: it.rec.Fields[:0]}, storage: mapping.Row{Cells: it.storage.Cells[:0]},
		keys: it.keys[:0], hashes: it.hashes[:0], found: it.found[:0], asked: it.asked[:0], targets: it.targets[:0],
	}
	return it
}

// nth is which of the row's values of its attribute a key is, from 0.
func (it *item) nth(key mapping.Key) (n int) {
	for _, k := range it.keys {
		if k == key {
			break
		}
		if k.Attr == key.Attr {
			n++
		}
	}
	return n
}

// refs yields every reference of a row.
func (it *item) refs() iter.Seq[*value.Ref] {
	return func(yield func(*value.Ref) bool) {
		for i := range it.rec.Fields {
			for j := range it.rec.Fields[i].Values {
				if ref := it.rec.Fields[i].Values[j].Ref; ref != nil && !yield(ref) {
					return
				}
			}
		}
	}
}

// open reports whether a write of the row was sent by an earlier session and nothing is known of it.
func (it *item) open() bool { return it.sent != nil && !it.settled }

// holdsInFile reports whether an earlier row of the file has one of the row's values.
func (it *item) holdsInFile(k mapping.Key) bool {
	return slices.ContainsFunc(it.inFile, func(c journal.Conflict) bool {
		return c.Attribute == k.Attr.Slug && c.Value == k.Text
	})
}

// next is what comes next for a row.
type next struct {
	step    step
	first   *item            // of waitFor
	outcome *journal.Outcome // of finish
}

type step int

const (
	stay   step = iota // pending: the run stops
	admit              // it, now that nothing stands in its way
	look               // up what is in Attio
	decide             // nothing is left to be looked up
	send
	waitFor // an earlier row
	finish
	leave // to a later session: what was sent for the row was not done
)

// finished is the end of a row's way.
func finished(out journal.Outcome) next { return next{step: finish, outcome: &out} }

func rejected(reasons ...journal.Reject) next {
	return finished(journal.Outcome{Action: journal.Rejected, Errors: reasons})
}

func refusedCells(cells []*mapping.CellError) next {
	out := make([]journal.Reject, len(cells))
	for i, c := range cells {
		out[i] = journal.Reject{Column: c.Header, Code: c.Code, Message: c.Message, Cell: c}
	}
	return rejected(out...)
}

func skipped(why string) next {
	return finished(journal.Outcome{Action: journal.Skipped, Message: why})
}

// take brings a row in.
func (r *run) take(it *item) {
	n := it.row.Number
	r.lines.Add(n, it.row.Line)
	if r.settling == nil {
		r.accounts.taken = n
	}
	it.sent = r.past.Intent(n)
	done := r.past.Action(n)
	if holds(done) && it.row.Bad == nil {
		r.claims.ClaimFree(it.hashes, n)
	}
	if done != "" || r.settling != nil && it.sent == nil {
		r.reader.spare.Put(it.reset())
		return
	}
	r.accounts.counts.Read++
	r.accounts.counts.Pending++
	r.advance(it, next{step: admit})
}

// advance moves a row on. It is the only place that does.
func (r *run) advance(it *item, n next) {
	switch r.inFlight[it.row.Number] = it; n.step {
	case admit:
		r.advance(it, r.admit(it))
	case look:
		r.toLook = append(r.toLook, it)
	case decide:
		r.advance(it, r.decide(it))
	case send:
		r.toWrite = append(r.toWrite, it)
	case waitFor:
		n.first.waiting = append(n.first.waiting, it)
	case finish:
		r.finish(it, n.outcome)
	case leave:
		r.fail(r.journal.Record(&journal.Aborted{Row: it.row.Number}))
		r.accounts.counts.Read--
		r.accounts.counts.Pending--
		delete(r.inFlight, it.row.Number)
		r.reader.spare.Put(it.reset())
	}
}

// finish records a row's outcome; its claims are kept or given up, and the rows that waited for it are admitted.
func (r *run) finish(it *item, out *journal.Outcome) {
	out.Row, out.Attempts = it.row, it.attempts+r.past.Attempts(it.row.Number)
	r.remark(it, out)
	delete(r.inFlight, it.row.Number)
	if !holds(out.Action) {
		r.claims.Release(it.hashes, it.row.Number)
	}
	r.fail(r.accounts.record(out))
	if out.Open {
		return // what waits for it waits for resume
	}
	waiting := it.waiting
	it.waiting = nil
	slices.SortFunc(waiting, func(a, b *item) int { return a.row.Number - b.row.Number })
	for _, w := range waiting {
		r.advance(w, next{step: admit})
	}
	r.reader.spare.Put(it.reset())
}

// holds reports whether a row that ended so keeps its claims: it is a record now, or may be one.
func holds(a journal.Action) bool {
	return a == journal.Created || a == journal.Updated || a == journal.Unchanged || a == journal.Unknown
}

// admit checks a row and claims its values.
func (r *run) admit(it *item) next {
	switch {
	case it.open(): // whatever is wrong with the row by now
		r.claims.ClaimFree(it.hashes, it.row.Number)
	case it.row.Bad != nil:
		return rejected(journal.Reject{Code: it.row.Bad.Code, Message: it.row.Bad.Message})
	case len(it.refused) > 0:
		return refusedCells(it.refused)
	case len(it.rec.Fields) == 0:
		return skipped("nothing that is mapped is in this row")
	case r.RequireUnique && r.Plan.Mode == mapping.Create && len(it.keys) == 0:
		return rejected(journal.Reject{
			Code: "REC005", Message: "the row has no unique value, so a second import would create its record again",
		})
	default:
		if first := r.claim(it); first != nil {
			return next{step: waitFor, first: first}
		}
	}
	if r.resolver.needed(it) {
		return next{step: look}
	}
	return next{step: decide}
}

// claim takes the row's unique values, unless an earlier row has one: it notes those that such a row holds for good,
// and returns a row in flight that has to be waited for.
func (r *run) claim(it *item) (first *item) {
	it.inFile = it.inFile[:0]
	for i, k := range it.keys {
		holder := r.claims.Owner(it.hashes[i])
		if holder == 0 || holder == it.row.Number {
			continue
		}
		if first := r.inFlight[holder]; first == nil {
			it.inFile = append(it.inFile, journal.Conflict{
				Kind: journal.InFile, Attribute: k.Attr.Slug, Value: k.Text, Nth: it.nth(k), FirstRow: holder,
				Message: r.lines.Place(holder) + " of this file holds the same value",
			})
		} else if !slices.Contains(it.waiting, first) { // else first waits for this row, which was sent before
			return first
		}
	}
	if len(it.inFile) == 0 { // else it is not to be sent, so it claims nothing
		for _, ck := range it.hashes {
			r.claims.Claim(ck, it.row.Number)
		}
	}
	return nil
}

// claimRecord takes the record that a row is to update: two rows can mean one record without a value in common, by
// its id or by two of its addresses, and would overwrite each other. A row that has it already is waited for, and once
// it is written this one is a conflict; nil where the record is claimed.
func (r *run) claimRecord(it *item, id string) *next {
	ck := r.claims.Key(idKey(id))
	holder := r.claims.Owner(ck)
	if holder == it.row.Number {
		return nil
	}
	r.claims.Release(it.hashes[len(it.keys):], it.row.Number) // of another record, before it was looked up again
	it.hashes = it.hashes[:len(it.keys)]
	if first := r.inFlight[holder]; first != nil {
		return &next{step: waitFor, first: first}
	}
	if holder == 0 {
		r.claims.Claim(ck, it.row.Number)
		it.hashes = append(it.hashes, ck)
		return nil
	}
	line := journal.Conflict{
		Kind: journal.InFile, Attribute: recordID, FirstRow: holder,
		Message: r.lines.Place(holder) + " of this file is for the same record",
	}
	if i := slices.IndexFunc(it.keys, r.matches); i >= 0 {
		line.Attribute, line.Value = it.keys[i].Attr.Slug, it.keys[i].Text
	}
	out := it.conflict(line)
	return &out
}
