package importer

import (
	"context"
	"fmt"
	"slices"

	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Items are used again once their rows are done: a row of a CSV file costs no memory but its text.

// read hands over the rows in the file's order, converted.
func (r *run) read(ctx context.Context, out chan<- []*item) error {
	next := func() (*item, *mapping.Row) {
		it := r.item()
		it.row = &it.storage
		return it, it.row
	}
	for items, err := range source.Convert(ctx, r.Input, next, r.convert) {
		if err != nil {
			return err
		}
		last := false
		if r.Limit > 0 && items[len(items)-1].row.Number >= r.Limit {
			last = true
			items = slices.DeleteFunc(items, func(it *item) bool { return it.row.Number > r.Limit })
		}
		select {
		case out <- items:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if last {
			break
		}
	}
	return context.Cause(ctx)
}

// item is one that an earlier row left, or a new one.
func (r *run) item() *item {
	if it, ok := r.spare.Get().(*item); ok {
		return it
	}
	return &item{}
}

// convert makes a row's record and the hashes of its keys.
func (r *run) convert(it *item) {
	if it.row.Bad != nil {
		return
	}
	it.refused = r.Plan.Values(it.row, &it.rec)
	r.importKey(it)
	it.keys = keysOf(r.Plan, it.keys[:0], &it.rec)
	for _, k := range it.keys {
		it.hashes = append(it.hashes, r.claims.Key(k))
	}
}

// importKey puts the fingerprint of run and row into the record, by which the row can be found whatever happens.
func (r *run) importKey(it *item) {
	if r.ImportKey == "" || len(it.rec.Fields) == 0 {
		return
	}
	a := r.Plan.Object.Attribute(r.ImportKey)
	it.fingerprint = fmt.Sprintf("%s:%d", r.info.ID, it.row.Number)
	it.rec.Fields = append(it.rec.Fields, value.Field{Attr: a, Values: []value.Value{{Text: it.fingerprint}}})
}
