package attiotest

import (
	"bytes"

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

// place finds where id stands or would stand.
func (r *roll) place(id []byte) (chunk, at int) {
	lo, hi := 0, len(r.chunks)
	for lo < hi {
		mid := (lo + hi) / 2
		c := r.chunks[mid]
		if bytes.Compare(c[len(c)-1].id[:], id) < 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(r.chunks) {
		return lo, 0
	}
	c := r.chunks[lo]
	i, j := 0, len(c)
	for i < j {
		mid := (i + j) / 2
		if bytes.Compare(c[mid].id[:], id) < 0 {
			i = mid + 1
		} else {
			j = mid
		}
	}
	return lo, i
}

// has tells whether an id stands here, be its record deleted or not.
func (r *roll) has(id uuid.UUID) bool {
	chunk, at := r.place(id[:])
	return chunk < len(r.chunks) && at < len(r.chunks[chunk]) && r.chunks[chunk][at].id == id
}

// add puts a record in its place; a full chunk becomes two.
func (r *roll) add(rec *record) {
	chunk, at := r.place(rec.id[:])
	r.n++
	if chunk == len(r.chunks) {
		if chunk == 0 {
			r.chunks = append(r.chunks, append(make([]*record, 0, chunkSize), rec))
			return
		}
		chunk--
		at = len(r.chunks[chunk])
	}
	c := append(r.chunks[chunk], nil)
	copy(c[at+1:], c[at:])
	c[at] = rec
	r.chunks[chunk] = c
	if len(c) < chunkSize {
		return
	}
	right := append(make([]*record, 0, chunkSize), c[chunkSize/2:]...)
	clear(c[chunkSize/2:])
	r.chunks[chunk] = c[:chunkSize/2]
	r.chunks = append(r.chunks, nil)
	copy(r.chunks[chunk+2:], r.chunks[chunk+1:])
	r.chunks[chunk+1] = right
}

// remove takes that very record out; one that is not there is no error.
func (r *roll) remove(rec *record) {
	chunk, at := r.place(rec.id[:])
	if chunk == len(r.chunks) || at == len(r.chunks[chunk]) || r.chunks[chunk][at] != rec {
		return
	}
	r.n--
	c := r.chunks[chunk]
	c = append(c[:at], c[at+1:]...)
	r.chunks[chunk] = c
	if len(c) == 0 {
		r.chunks = append(r.chunks[:chunk], r.chunks[chunk+1:]...)
	}
}

// page returns up to limit records from offset on.
func (r *roll) page(offset, limit int) []*record {
	if offset >= r.n || limit <= 0 {
		return nil
	}
	out := make([]*record, 0, min(limit, r.n-offset))
	for _, c := range r.chunks {
		if offset >= len(c) {
			offset -= len(c)
			continue
		}
		c = c[offset:]
		offset = 0
		out = append(out, c[:min(len(c), limit-len(out))]...)
		if len(out) == limit {
			break
		}
	}
	return out
}

// all calls yield for every record, in order.
func (r *roll) all(yield func(*record) bool) {
	for _, c := range r.chunks {
		for _, rec := range c {
			if !yield(rec) {
				return
			}
		}
	}
}
