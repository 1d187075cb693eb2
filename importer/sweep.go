package importer

import (
	"context"
	"fmt"
	"iter"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Before a large import it is cheaper to read the whole object once than to look every row's keys up. One request
// tells which: if there is no record as far in as the sweep may go, the sweep is the cheaper plan. What it finds is
// an index of keys that exist; rows that hold one of them are looked up as ever, all others are known to be new. The
// index only foresees, so that a record that moved between two pages does no harm: Attio refuses its double.

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
	return r.sweep(lookups)
}

// sweep reads the whole object and keeps the keys.
func (r *run) sweep(lookups int) error {
	r.known = &index{keys: make(map[claim.Key]struct{})}
	records, reads := 0, 0
	for page, err := range sweep(r.stop, r.Client, r.Plan.Object.Slug) {
		if err != nil {
			return fmt.Errorf("read %s: %w", r.Plan.Object.Slug, err)
		}
		r.note(page)
		reads++
		records += len(page.Records)
	}
	r.Notice(fmt.Sprintf("read all %s of %s once: %s instead of %s", plural(records, "record"), r.Plan.Object.Slug,
		plural(reads, "read"), plural(lookups, "look-up")))
	return nil
}

// sweep yields all pages of an object, several of which are read at the same time. Only an empty page is the end: one
// that is shorter than asked for may be as long as the server makes them. Then the longest so far is the size to ask
// for.
func sweep(ctx context.Context, c *attio.Client, object string) iter.Seq2[*attio.Page, error] {
	return func(yield func(*attio.Page, error) bool) {
		for offset, size, longest, n := 0, sweepPage, 0, 1; ; {
			pages, err := readPages(ctx, c, object, offset, size, n)
			if err != nil {
				yield(nil, err)
				return
			}
			next := min(2*n, lookupsInFlight)
			for i := range pages {
				got := len(pages[i].Records)
				if got == 0 || !yield(&pages[i], nil) {
					return
				}
				offset, longest = offset+got, max(longest, got)
				if got < size {
					size, next = longest, 1 // the pages behind it are not where they were expected
					break
				}
			}
			n = next
		}
	}
}

// readPages reads n pages of an object side by side, each of size records, from an offset on.
func readPages(ctx context.Context, c *attio.Client, object string, offset, size, n int) ([]attio.Page, error) {
	got := make([]attio.Page, n)
	g, ctx := errgroup.WithContext(ctx)
	for i := range n {
		g.Go(func() error {
			return c.ReadPage(ctx, object, attio.Query{Limit: size, Offset: offset + i*size}, &got[i])
		})
	}
	return got, g.Wait()
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
