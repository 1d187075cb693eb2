package importer

import (
	"fmt"
	"strconv"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Before a large import it is cheaper to read the whole object once than to look every row's keys up. One request tells which: if
// there is no record as far in as the sweep may go, the sweep is the cheaper plan. What it finds is an index of keys that
// exist; rows that hold one of them are looked up as ever, all others are known to be new. The index only foresees, so that a record
// that moved between two pages does no harm: Attio refuses its double.

// sweepPage is how many records a page of a sweep has.
const sweepPage = 500

// index is the set of keys that a sweep saw, 16 bytes each. A nil index knows nothing: every key may exist.
type index struct{ keys map[claim.Key]struct{} }

func (x *index) has(k claim.Key) bool {
	if x == nil {
		return true
	}
	_, ok := x.keys[k]
	return ok
}

// plan chooses between lookups and a sweep, and says what it will cost.
func (r *run) plan() error {
	rows := r.total() - r.past.Counts.Finished()
	if r.NoPreflight || len(r.Plan.Unique) == 0 || rows <= 0 {
		return nil
	}
	size := r.Client.Filters().Of(r.Plan.Object.Slug)
	values := rows
	if r.Plan.Mode == mapping.Create {
		values *= len(r.Plan.Unique) // else one finds the record
	}
	lookups := (values + size - 1) / size
	pages := lookups / 2 // rows that the sweep finds are looked up all the same
	if pages < 1 || r.Plan.Mode == mapping.Update {
		r.Notice(fmt.Sprintf("looking up %s: %s", plural(rows, "row"), plural(lookups, "read")))
		return nil
	}
	var probe attio.Page
	q := attio.Query{Limit: 1, Offset: pages * sweepPage}
	if err := r.Client.ReadPage(r.stop, r.Plan.Object.Slug, q, &probe); err != nil {
		return fmt.Errorf("look up %s: %w", r.Plan.Object.Slug, err)
	}
	if len(probe.Records) > 0 {
		r.Notice(fmt.Sprintf("looking up %s: %s", plural(rows, "row"), plural(lookups, "read")))
		return nil
	}
	return r.sweep(pages, lookups)
}

// sweep reads the whole object, some pages at a time, and keeps the keys.
func (r *run) sweep(pages, lookups int) error {
	r.known = &index{keys: make(map[claim.Key]struct{})}
	records, reads := 0, 0
	for first, n := 0, 1; first < pages; first, n = first+n, min(lookupsInFlight, pages-first-n) {
		got, err := readPages(r.stop, r.Client, r.Plan.Object.Slug, first, n) // most sweeps are of one page; the rest go some at a time
		if err != nil {
			return fmt.Errorf("read %s: %w", r.Plan.Object.Slug, err)
		}
		reads += n
		whole := true
		for i := range got {
			page := &got[i]
			r.note(page)
			records += len(page.Records)
			whole = whole && len(page.Records) == sweepPage
		}
		if !whole {
			break
		}
	}
	r.Notice(fmt.Sprintf("read all %s of %s once: %s instead of %s", plural(records, "record"), r.Plan.Object.Slug, plural(reads, "read"), plural(lookups, "look-up")))
	return nil
}

// note puts a page's keys into the index.
func (r *run) note(page *attio.Page) {
	var norms []string
	for i := range page.Records {
		for _, a := range r.Plan.Unique {
			norms = value.KeysOf(norms[:0], a, &page.Records[i])
			for _, n := range norms {
				r.known.keys[r.claims.Key(mapping.Key{Attr: a, Norm: n})] = struct{}{}
			}
		}
	}
}

// plural writes "1 read", "20,000 reads".
func plural(n int, noun string) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	if n != 1 {
		noun += "s"
	}
	return text + " " + noun
}
