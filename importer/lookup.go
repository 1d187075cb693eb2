package importer

import (
	"fmt"
	"slices"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Lookups only foresee: what Attio answers to a write is what counts. One query asks for the keys of many rows at
// once, and reads whole records, so that conflicts can be shown with their differences and unchanged rows cost no
// write.

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
	r.askFirst(it)
	return it.again > 0 || len(it.asked) > 0 || it.refers() && len(r.refs.fill(it)) > 0
}

// askFirst chooses the values that a row is looked up by. Where one value finds its record, that one is asked for, and
// the others only if the record does not hold them.
func (r *run) askFirst(it *item) {
	it.found, it.byID, it.foundAt, it.askedAll = it.found[:0], nil, time.Time{}, false
	if r.Plan.Mode == mapping.Create {
		it.asked = r.unasked(it, func(mapping.Key) bool { return !r.NoPreflight || it.again > 0 })
		return
	}
	if it.asked = r.unasked(it, it.findsRecord(r.Plan)); len(it.asked) == 0 {
		r.askRest(it)
	}
}

// askRest chooses the values that are still to be asked for once the row's own record was looked up.
func (r *run) askRest(it *item) {
	it.asked = it.asked[:0]
	if r.Plan.Mode == mapping.Create || it.askedAll {
		return
	}
	finds := it.findsRecord(r.Plan)
	it.asked, it.askedAll = r.unasked(it, func(k mapping.Key) bool { return !finds(k) }), true
}

// findsRecord tells the keys by which the row's record is found: its id, or else the matching attribute.
func (it *item) findsRecord(p *mapping.Plan) func(mapping.Key) bool {
	return func(k mapping.Key) bool {
		if it.rec.ID != "" {
			return k.Attr == idAttribute
		}
		return p.Match != nil && k.Attr.Slug == p.Match.Slug
	}
}

// unasked are those of a row's values for which want holds and which a record in Attio may hold that is not known yet:
// not those of an earlier row, and not those that a sweep did not see. A sweep knows no ids.
func (r *run) unasked(it *item, want func(mapping.Key) bool) []mapping.Key {
	out := it.asked[:0]
	for i, k := range it.keys {
		mayExist := it.again > 0 || k.Attr == idAttribute || r.known.has(it.hashes[i])
		if mayExist && want(k) && !it.holdsInFile(k) && !it.hit(k) {
			out = append(out, k)
		}
	}
	return out
}

// hit reports whether a record was found that holds a value.
func (it *item) hit(k mapping.Key) bool {
	return slices.ContainsFunc(it.found, func(h hit) bool { return h.key == k })
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
		r.refs.fill(it)
		if it.foundAt.IsZero() {
			it.foundAt = done.at
		}
		if rec := byID[it.rec.ID]; rec != nil {
			it.byID = rec
		}
		for i, k := range it.keys {
			if rec := holder[it.hashes[i]]; rec != nil && !it.holdsInFile(k) && !it.hit(k) {
				it.found = append(it.found, hit{k, rec})
			}
		}
		if r.halt != nil {
			continue
		}
		if r.askRest(it); len(it.asked) > 0 {
			r.keep(it, &r.toLook)
			continue
		}
		r.decide(it)
	}
}

// noticeSizes says where filters hold fewer values than before.
func (r *run) noticeSizes() {
	for object, before := range r.sizes {
		if n := r.Client.Filters().Of(object); n < before {
			r.Notice(fmt.Sprintf("Attio refuses larger look-ups of %s; asking for %s at a time from here on",
				object, plural(n, "value")))
			r.sizes[object] = n
		}
	}
}
