package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Lookups only foresee: what Attio answers to a write is what counts. One query asks for the keys of many rows at once, and reads whole
// records, so that conflicts can be shown with their differences and unchanged rows cost no write.

// lookupPage is the page size of a lookup: more than the records that a batch can match, so that one page is all.
const lookupPage = 500

// lookupJob is what one lookup asks for. It is made by the loop and read by a worker.
type lookupJob struct {
	items   []*item
	filter  json.RawMessage // nil when no row's own record is asked for
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

// needsLookup says whether anything has to be read before a row can be decided.
func (r *run) needsLookup(it *item) bool {
	if it.again > 0 || (it.refers() && len(r.refs.unknown(it)) > 0) {
		return true
	}
	if r.Plan.Mode != mapping.Create && it.rec.ID != "" && it.byID == nil {
		return true
	}
	return !(r.NoPreflight && r.Plan.Mode == mapping.Create) && len(r.ownKeys(it)) > 0
}

// ownKeys are a row's keys that a record in Attio may hold: not those of an earlier row, and not those that a sweep did not see.
func (r *run) ownKeys(it *item) []mapping.Key {
	var out []mapping.Key
	for i, k := range it.keys {
		if !it.holdsInFile(k) && (it.again > 0 || r.known.has(it.hashes[i])) {
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
	byAttr := make(map[string][]string)
	var ids []string
	for _, it := range items {
		if it.rec.ID != "" && r.Plan.Mode != mapping.Create {
			ids = append(ids, it.rec.ID)
		}
		if r.NoPreflight && r.Plan.Mode == mapping.Create && it.again == 0 {
			continue
		}
		for _, k := range r.ownKeys(it) {
			byAttr[k.Attr.Slug] = append(byAttr[k.Attr.Slug], k.Norm)
		}
	}
	var filters []json.RawMessage
	for _, a := range r.Plan.Unique {
		if norms := byAttr[a.Slug]; len(norms) > 0 {
			filters = append(filters, mapping.KeyFilter(a, norms))
		}
	}
	if len(ids) > 0 {
		filters = append(filters, idFilter(ids))
	}
	job.filter = anyOf(filters)
	job.targets = r.refs.queries(items, r.Plan.Schema)
	return job
}

// idFilter finds records by id.
func idFilter(ids []string) json.RawMessage {
	list, _ := json.Marshal(ids) // strings always marshal
	return json.RawMessage(`{"record_id":{"$in":` + string(list) + `}}`)
}

func anyOf(filters []json.RawMessage) json.RawMessage {
	switch len(filters) {
	case 0:
		return nil
	case 1:
		return filters[0]
	}
	var b bytes.Buffer
	b.WriteString(`{"$or":[`)
	for i, f := range filters {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(f)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

// lookup asks; it runs in a worker.
func (r *run) lookup(job *lookupJob) *lookupDone {
	done := &lookupDone{job: job, at: time.Now()}
	if job.filter != nil {
		done.records, done.err = r.all(r.Plan.Object.Slug, job.filter)
	}
	for _, q := range job.targets {
		for more := true; more; {
			if done.err != nil {
				return done
			}
			var records []attio.Record
			records, done.err = r.all(q.object, q.filter)
			done.found = append(done.found, targetFound{targetQuery: q, records: records})
			q, more = q.byKey(records)
		}
	}
	return done
}

// all reads every record that a filter fits.
func (r *run) all(object string, filter json.RawMessage) ([]attio.Record, error) {
	q := attio.Query{Filter: filter, Limit: lookupPage}
	var out []attio.Record
	for {
		var page attio.Page // of its own: its records are kept
		if err := r.Client.ReadPage(r.stop, object, q, &page); err != nil {
			return nil, fmt.Errorf("look up %s: %w", object, err)
		}
		out = append(out, page.Records...)
		if len(page.Records) < lookupPage {
			return out, nil
		}
		q.Offset += len(page.Records)
	}
}

// looked takes a lookup's answer in and decides its rows.
func (r *run) looked(done *lookupDone) {
	if done.err != nil {
		r.lookupFailed(done)
		return
	}
	r.refs.learn(done.found)
	holder := make(map[claimKey]*attio.Record, len(done.records))
	byID := make(map[string]*attio.Record, len(done.records))
	var norms []string
	for i := range done.records {
		rec := &done.records[i]
		byID[rec.ID] = rec
		for _, a := range r.Plan.Unique {
			norms = mapping.KeysOf(norms[:0], a, rec)
			for _, n := range norms {
				holder[r.claims.key(mapping.Key{Attr: a, Norm: n})] = rec
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

// lookupFailed asks again with fewer rows when Attio found the query too costly, and stops the run for any other failure.
func (r *run) lookupFailed(done *lookupDone) {
	var api *attio.Error
	if errors.As(done.err, &api) && api.Class == attio.NotProcessed && r.batch > 5 {
		r.batch /= 2
		r.Notice(fmt.Sprintf("Attio finds the look-ups too costly; asking for %d rows at a time from here on", r.batch))
		r.toLook = append(done.job.items, r.toLook...)
		return
	}
	r.fail(done.err)
}
