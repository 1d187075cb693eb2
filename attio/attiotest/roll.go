package attiotest

import (
	"bytes"
	"iter"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// roll keeps an object's records in ascending order of their ids, in chunks, so that a page at any offset and an
// insertion at any place cost a walk over the chunks and not over the records.
type roll struct {
	chunks [][]*record
	n      int
}

// chunkSize makes an insertion move 4 KB at most.
const chunkSize = 512

// place finds where id stands or would stand. chunk is len(r.chunks) where that is behind all others.
func (r *roll) place(id uuid.UUID) (chunk, at int, found bool) {
	chunk, _ = slices.BinarySearchFunc(r.chunks, id, func(c []*record, id uuid.UUID) int {
		return bytes.Compare(c[len(c)-1].id[:], id[:])
	})
	if chunk == len(r.chunks) {
		return chunk, 0, false
	}
	at, found = slices.BinarySearchFunc(r.chunks[chunk], id, func(rec *record, id uuid.UUID) int {
		return bytes.Compare(rec.id[:], id[:])
	})
	return chunk, at, found
}

// has reports whether an id stands here, be its record deleted or not.
func (r *roll) has(id uuid.UUID) bool {
	_, _, found := r.place(id)
	return found
}

// add puts a record in its place; a full chunk becomes two.
func (r *roll) add(rec *record) {
	chunk, at, _ := r.place(rec.id)
	r.n++
	if len(r.chunks) == 0 {
		r.chunks = [][]*record{nil}
	} else if chunk == len(r.chunks) {
		chunk--
		at = len(r.chunks[chunk])
	}
	c := slices.Insert(r.chunks[chunk], at, rec)
	if len(c) >= chunkSize {
		r.chunks = slices.Insert(r.chunks, chunk+1, slices.Clone(c[chunkSize/2:]))
		c = slices.Delete(c, chunkSize/2, len(c))
	}
	r.chunks[chunk] = c
}

// remove takes that very record out; one that is not there is no error.
func (r *roll) remove(rec *record) {
	chunk, at, found := r.place(rec.id)
	if !found || r.chunks[chunk][at] != rec {
		return
	}
	r.n--
	r.chunks[chunk] = slices.Delete(r.chunks[chunk], at, at+1)
	if len(r.chunks[chunk]) == 0 {
		r.chunks = slices.Delete(r.chunks, chunk, chunk+1)
	}
}

// page returns up to limit records from offset on.
func (r *roll) page(offset, limit int) []*record {
	page := make([]*record, 0, max(0, min(limit, r.n-offset)))
	for _, c := range r.chunks {
		from := min(offset, len(c))
		page = append(page, c[from:min(from+limit-len(page), len(c))]...)
		offset -= from
	}
	return page
}

// all are the records, in order.
func (r *roll) all() iter.Seq[*record] {
	return func(yield func(*record) bool) {
		for _, c := range r.chunks {
			for _, rec := range c {
				if !yield(rec) {
					return
				}
			}
		}
	}
}

// index finds the records that hold a value of a unique attribute. Keys ignore case, since filters do; whether two
// values are the same for the unique rule is for same to say (a text's case counts there, an e-mail's does not).
type index map[string][]*record

// add files a record under a key; filing it twice is filing it once.
func (x index) add(key string, r *record) {
	key = strings.ToLower(key)
	if !slices.Contains(x[key], r) {
		x[key] = append(x[key], r)
	}
}

// remove takes a record from a key; one that is not there is no error.
func (x index) remove(key string, r *record) {
	key = strings.ToLower(key)
	rest := slices.DeleteFunc(x[key], func(other *record) bool { return other == r })
	if x[key] = rest; len(rest) == 0 {
		delete(x, key)
	}
}

// find returns the records under a key, for reading only.
func (x index) find(key string) []*record { return x[strings.ToLower(key)] }
