package importer

import (
	"fmt"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Lookups only foresee: what Attio answers to a write is what counts. One query asks for the keys of many rows at once, and reads whole
// records, so that conflicts can be shown with their differences and unchanged rows cost no write.

// lookupPage is the page size of a lookup: more than the records that a batch can match, so that one page is all.
const lookupPage = 500

// lookupJob is what one lookup asks for. It is made by the loop and read by a worker.
type lookupJob struct {
	items   []*item
	keys    []mapping.Key // whose holders are asked for
	targets []targetQuery
}

// lookupDone is what came of it.
type lookupDone struct {
	job     *lookupJob
	records []attio.Record
	found   []targetFound
	at      time.Time
	err     error
}

// needsLookup reports whether anything has to be read before a row can be decided.
func (r *run) needsLookup(it *item) bool {
	it.asked = r.asked(it)
	return it.again > 0 || len(it.asked) > 0 || it.refers() && len(r.refs.unknown(it)) > 0
}

// asked are a row's values that a record in Attio may hold: not those of an earlier row, and not those that a sweep
// did not see. A sweep knows no ids.
func (r *run) asked(it *item) []mapping.Key {
	out := it.asked[:0]
	if r.NoPreflight && r.Plan.Mode == mapping.Create && it.again == 0 {
		return out
	}
	for i, k := range it.keys {
		if !it.holdsInFile(k) && (it.again > 0 || k.Attr == idAttribute || r.known.has(it.hashes[i])) {
			out = append(out, k)
		}
	}
	return out
}

func (it *item) holdsInFile(k mapping.Key) bool {
	for _, c := range it.inFile {
		if c.Attribute == k.Attr.Slug && c.Value == k.Text {
			return true
		}
	}
	return false
}

// lookupJob gathers what these rows need.
func (r *run) lookupJob(items []*item) *lookupJob {
	job := &lookupJob{items: items}
	for _, it := range items {
		job.keys = append(job.keys, it.asked...)
	}
	job.targets = r.refs.queries(items, r.Plan.Schema)
	r.rememberSize(r.Plan.Object.Slug)
	for _, q := range job.targets {
		r.rememberSize(q.object)
	}
	return job
}

// rememberSize notes how many values a filter of an object may hold before it is asked.
func (r *run) rememberSize(object string) {
	if r.sizes[object] == 0 {
		r.sizes[object] = r.Client.Filters().Of(object)
	}
}

// nextLookup is how many of the rows that wait go into one lookup: as many as one filter has room for. full reports
// whether no more would fit.
func (r *run) nextLookup() (n int, full bool) {
	room := r.Client.Filters().Of(r.Plan.Object.Slug)
	for _, it := range r.toLook {
		if room -= len(it.asked); n > 0 && room < 0 || n == lookupBatch {
			return n, true
		}
		n++
	}
	return n, room == 0 || n == lookupBatch
}

// lookup asks; it runs in a worker.
func (r *run) lookup(job *lookupJob) *lookupDone {
	done := &lookupDone{job: job, at: time.Now()}
	done.records, done.err = r.find.find(r.stop, r.Plan.Object.Slug, job.keys)
	for _, q := range job.targets {
		for more := true; more; {
			if done.err != nil {
				return done
			}
			var records []attio.Record
			records, done.err = r.find.find(r.stop, q.object, q.asked())
			done.found = append(done.found, targetFound{targetQuery: q, records: records})
			q, more = q.byKey(records)
		}
	}
	return done
}

// looked takes a lookup's answer in and decides its rows.
func (r *run) looked(done *lookupDone) {
	if done.err != nil {
		r.fail(done.err)
		return
	}
	r.noticeSizes()
	r.refs.learn(done.found)
	holder := make(map[claim.Key]*attio.Record, len(done.records))
	byID := make(map[string]*attio.Record, len(done.records))
	var norms []string
	for i := range done.records {
		rec := &done.records[i]
		byID[rec.ID] = rec
		for _, a := range r.Plan.Unique {
			norms = value.KeysOf(norms[:0], a, rec)
			for _, n := range norms {
				holder[r.claims.Key(mapping.Key{Attr: a, Norm: n})] = rec
			}
		}
	}
	for _, it := range done.job.items {
		it.found, it.foundAt, it.byID = it.found[:0], done.at, byID[it.rec.ID]
		for i, k := range it.keys {
			if rec := holder[it.hashes[i]]; rec != nil && !it.holdsInFile(k) {
				it.found = append(it.found, hit{k, rec})
			}
		}
		if r.halt == nil {
			r.decide(it)
		}
	}
}

// noticeSizes says where filters hold fewer values than before.
func (r *run) noticeSizes() {
	for object, before := range r.sizes {
		if n := r.Client.Filters().Of(object); n < before {
			r.Notice(fmt.Sprintf("Attio refuses larger look-ups of %s; asking for %s at a time from here on", object, plural(n, "value")))
			r.sizes[object] = n
		}
	}
}
