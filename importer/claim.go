package importer

import (
	"fmt"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Rules of claims: a row that is to be sent claims each of its unique values; the first row of the file to claim a
// value has it. A later row that holds it is an in_file conflict. A row that turns out not to be sent (rejected, or a
// conflict itself) gives its claims up, and the next row in the file's order takes its place.

// idAttribute stands for the record id as a unique value of a row.
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

// claimTarget takes the record that a row is to update: two rows can mean one record without a value in common, by
// its id or by two of its addresses, and would overwrite each other. It returns false where another row has it: that
// row is waited for, and once it is written this one is a conflict.
func (r *run) claimTarget(it *item, rec *attio.Record) bool {
	ck := r.claims.Key(idKey(rec.ID))
	holder := r.claims.Owner(ck)
	if holder == it.row.Number {
		return true
	}
	r.claims.Release(it.hashes[len(it.keys):], it.row.Number) // of another record, before it was looked up again
	it.hashes = it.hashes[:len(it.keys)]
	if first := r.flights[holder]; first != nil {
		r.keep(it, &first.waiting)
		return false
	}
	if holder != 0 {
		line := Conflict{Kind: InFile, Attribute: recordID, FirstRow: holder, Message: fmt.Sprintf("row %d of this file is for the same record", holder)}
		for _, k := range it.keys {
			if r.Plan.Match != nil && k.Attr.Slug == r.Plan.Match.Slug {
				line.Attribute, line.Value, line.Nth = k.Attr.Slug, k.Text, it.nth(k)
				break
			}
		}
		r.conflict(it, []Conflict{line})
		return false
	}
	r.claims.Claim(ck, it.row.Number)
	it.hashes = append(it.hashes, ck)
	return true
}
