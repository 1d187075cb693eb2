package importer

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Look-ups only foresee: what Attio answers to a write is what counts. One query asks for the keys of many rows at
// once, and reads whole records, so that conflicts can be shown with their differences and unchanged rows cost no
// write.
//
// Before a large import it is cheaper to read the whole object once than to look every row's keys up. One request
// tells which: if there is no record as far in as the sweep may go, the sweep is the cheaper plan. It tells which
// values exist; rows that hold one of them are looked up as ever, all others are known to be new. A record that moved
// between two pages does no harm: Attio refuses its double.

// foresee chooses between look-ups and a sweep, and says what it will cost.
func (v *resolver) foresee() error {
	rows, object := v.Rows()-v.past.Counts.Finished(), v.Plan.Object.Slug
	if v.NoPreflight || len(v.Plan.Unique) == 0 || rows <= 0 {
		return nil
	}
	values := rows
	if v.Plan.Mode == mapping.Create {
		values *= len(v.Plan.Unique) // else one finds the record
	}
	size := v.Client.Filters().Of(object)
	lookups := (values + size - 1) / size
	pages := lookups / 2 // rows that the sweep finds are looked up all the same
	var probe attio.Page
	if pages > 0 && v.Plan.Mode != mapping.Update {
		q := attio.Query{Limit: 1, Offset: pages * sweepPage}
		if err := v.Client.ReadPage(v.stop, object, q, &probe); err != nil {
			return fmt.Errorf("look up %s: %w", object, err)
		}
	}
	if pages < 1 || v.Plan.Mode == mapping.Update || len(probe.Records) > 0 {
		v.Notice(fmt.Sprintf("looking up %s: %s", plural(rows, "row"), plural(lookups, "read")))
		return nil
	}
	v.known = claim.New(0)
	records, reads := 0, 0
	for page, err := range sweep(v.stop, v.Client, object) {
		if err != nil {
			return fmt.Errorf("read %s: %w", object, err)
		}
		for i := range page.Records {
			for k := range heldKeys(v.Plan.Unique, &page.Records[i]) {
				v.known.Claim(v.known.Key(k), 1)
			}
		}
		reads++
		records += len(page.Records)
	}
	v.Notice(fmt.Sprintf("read all %s of %s once: %s instead of %s", plural(records, "record"), object,
		plural(reads, "read"), plural(lookups, "look-up")))
	return nil
}

// needed reports whether anything has to be read before a row can be decided. Nothing is known of it yet, or no longer.
func (v *resolver) needed(it *item) bool {
	it.found, it.byID, it.foundAt, it.round = it.found[:0], nil, time.Time{}, 0
	return v.ask(it) || it.retries > 0 || len(v.fill(it)) > 0
}

// ask chooses the values that a row is looked up by next, in two rounds: where one value finds its record, that one is
// asked for first, and then the others that the record does not hold. It reports whether there are any.
func (v *resolver) ask(it *item) bool {
	for it.asked = it.asked[:0]; len(it.asked) == 0 && it.round < 2; it.round++ {
		for _, k := range it.keys {
			if v.roundOf(it, k) == it.round && v.mayExist(it, k) && !it.holdsInFile(k) && !it.hit(k) {
				it.asked = append(it.asked, k)
			}
		}
	}
	return len(it.asked) > 0
}

// roundOf is the round in which a value is asked for; -1 for none.
func (v *resolver) roundOf(it *item, k mapping.Key) int {
	switch {
	case v.Plan.Mode == mapping.Create && v.NoPreflight && it.retries == 0:
		return -1
	case v.Plan.Mode == mapping.Create, it.rec.ID != "" && k.Attr == idAttribute, it.rec.ID == "" && v.matches(k):
		return 0
	}
	return 1
}

// mayExist reports whether a record may hold a value. A sweep knows no ids.
func (v *resolver) mayExist(it *item, k mapping.Key) bool {
	return v.known == nil || it.retries > 0 || k.Attr == idAttribute || v.known.Owner(v.known.Key(k)) > 0
}

// hit reports whether a record was found that holds a value.
func (it *item) hit(k mapping.Key) bool {
	return slices.ContainsFunc(it.found, func(h hit) bool { return h.key == k })
}

// lookup is what is asked for some rows: the holders of their own keys first, then the targets of their references. The
// loop makes it, and a worker asks.
type lookup struct {
	items []*item
	asks  []*ask
	at    time.Time
}

// nextLookup is how many of the rows that wait go into one look-up: as many as one filter has room for. full reports
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

// jobFor gathers what these rows need.
func (v *resolver) jobFor(items []*item) *lookup {
	own := &ask{object: v.Plan.Object.Slug}
	for _, it := range items {
		own.keys = append(own.keys, it.asked...)
	}
	return &lookup{items: slices.Clone(items), asks: append([]*ask{own}, v.targetAsks(items)...)}
}

// lookUp asks; it runs in a worker.
func (v *resolver) lookUp(job *lookup) (err error) {
	job.at = time.Now()
	for _, a := range job.asks {
		if a.records, err = v.finder.find(v.stop, a.object, a.keys, false); err != nil {
			return err
		}
	}
	return nil
}

// looked takes the answer to a look-up in, and moves its rows on.
func (r *run) looked(job *lookup, err error) {
	if err != nil {
		r.fail(err)
		return
	}
	r.resolver.noticeSizes(job.asks)
	r.resolver.learn(job.asks[1:])
	own := job.asks[0].records
	holder := make(map[claim.Key]*attio.Record, len(own))
	byID := make(map[string]*attio.Record, len(own))
	for i := range own {
		byID[own[i].ID] = &own[i]
		for k := range heldKeys(r.Plan.Unique, &own[i]) {
			holder[r.claims.Key(k)] = &own[i]
		}
	}
	for _, it := range job.items {
		r.resolver.fill(it)
		if it.foundAt.IsZero() {
			it.foundAt = job.at
		}
		it.byID = cmp.Or(byID[it.rec.ID], it.byID)
		for i, k := range it.keys {
			if rec := holder[it.hashes[i]]; rec != nil && !it.holdsInFile(k) && !it.hit(k) {
				it.found = append(it.found, hit{k, rec})
			}
		}
		switch {
		case r.halt != nil:
		case r.resolver.ask(it):
			r.advance(it, next{step: look})
		default:
			r.advance(it, next{step: decide})
		}
	}
}

// noticeSizes says where filters hold fewer values than before.
func (v *resolver) noticeSizes(asks []*ask) {
	for _, a := range asks {
		n := v.Client.Filters().Of(a.object)
		if n < cmp.Or(v.sizes[a.object], attio.MaxFilterValues) {
			v.Notice(fmt.Sprintf("Attio refuses larger look-ups of %s; asking for %s at a time from here on",
				a.object, plural(n, "value")))
		}
		v.sizes[a.object] = n
	}
}
