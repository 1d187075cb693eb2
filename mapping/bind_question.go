package mapping

import (
	"fmt"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// undecided reports a column that waits for an answer in the file; false where nothing is asked about it.
func (b *binder) undecided(header string, i int) bool {
	q := b.file.Undecided(header, i+1)
	if q == nil {
		return false
	}
	b.waiting = append(b.waiting, q)
	b.problems = append(b.problems, q.Problem(fmt.Sprintf("column %q is not decided: %s", header, q.Text)))
	return true
}

// unfilled is undecided for an attribute that new records need and no column fills.
func (b *binder) unfilled(slug string) bool {
	q := b.file.Lacking(b.plan.Object.Slug, slug)
	if q == nil {
		return false
	}
	b.problems = append(b.problems, q.Problem("not decided: "+q.Text))
	return true
}

// mayFill reports whether an answer that is waited for may fill an attribute, so that its being missing is no problem
// of its own yet.
func (b *binder) mayFill(a *attio.Attribute) bool {
	return slices.ContainsFunc(b.waiting, func(q *mapfile.Question) bool { return q.Fills(a.Slug) })
}
