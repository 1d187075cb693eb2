package importer

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// reader converts rows. Items are used again once their rows are done: a row of a CSV file costs no memory but its
// text.
type reader struct {
	*session
	claims *claim.Table // hashes keys
	spare  sync.Pool    // items whose rows are done
}

// recordID is the attribute by which a reference is found whose cell holds the id itself, and idAttribute stands for it
// as a unique value of a row.
const recordID = "record_id"

var idAttribute = &attio.Attribute{Slug: recordID, Type: attio.TypeText, Unique: true}

// idKey is a record's id as a key.
func idKey(id string) mapping.Key { return mapping.Key{Attr: idAttribute, Norm: id, Text: id} }

// keysOf are a row's unique values; where a record_id cell says which record is meant, that is one of them.
func keysOf(p *mapping.Plan, out []mapping.Key, rec *mapping.Record) []mapping.Key {
	out = p.Keys(out, rec)
	if rec.ID != "" && p.Mode != mapping.Create {
		out = append(out, idKey(rec.ID))
	}
	return out
}

// read hands over the rows in the file's order, converted.
func (d *reader) read(ctx context.Context, out chan<- []*item) error {
	storage := func() (*item, *mapping.Row) {
		it, ok := d.spare.Get().(*item)
		if !ok {
			it = &item{}
		}
		it.row = &it.storage
		return it, it.row
	}
	for items, err := range source.Convert(ctx, d.Input, storage, d.convert) {
		if err != nil {
			return err
		}
		last := d.Limit > 0 && items[len(items)-1].row.Number >= d.Limit
		if last {
			items = slices.DeleteFunc(items, func(it *item) bool { return it.row.Number > d.Limit })
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

// convert makes a row's record and the hashes of its keys. The import key, a fingerprint of run and row, is part of the
// record: by it the row can be found whatever happens.
func (d *reader) convert(it *item) {
	if it.row.Bad != nil {
		return
	}
	it.refused = d.Plan.Values(it.row, &it.rec)
	if d.ImportKey != "" && len(it.rec.Fields) > 0 {
		it.fingerprint = fmt.Sprintf("%s:%d", d.info.ID, it.row.Number)
		it.rec.Fields = append(it.rec.Fields, value.Field{
			Attr: d.Plan.Object.Attribute(d.ImportKey), Values: []value.Value{{Text: it.fingerprint}},
		})
	}
	if d.settling != nil { // what the object has no longer cannot be compared
		it.rec.Fields = slices.DeleteFunc(it.rec.Fields, func(f value.Field) bool {
			return d.settling.Attribute(f.Attr.Slug) == nil
		})
	}
	it.keys = keysOf(d.Plan, it.keys[:0], &it.rec)
	for _, k := range it.keys {
		it.hashes = append(it.hashes, d.claims.Key(k))
	}
}
