package claim

import (
	"hash/maphash"
	"math/bits"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// Key stands for a value of a unique attribute: 128 bits of a keyed hash, of which a table keeps 96. Keys of one table
// mean nothing in another.
type Key [2]uint64

// Table says which row has which unique value. Among ten million values the chance that any two are taken for one is
// below 10⁻¹⁴. A map with the same content takes half as much again, and twice that while it grows.
type Table struct {
	seeds [2]maphash.Seed
	slots []slot // at most seven eighths of them taken
	taken int
}

// slot is a value's place; a free one is zeros. A value that nobody has any more keeps its place, with row 0.
type slot struct{ first, rest uint64 }

// rowBits are the bits of slot.rest that hold the row.
const rowBits = 1<<32 - 1

// New makes room for so many values. A table grows where there are more.
func New(values int) *Table {
	return &Table{
		seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
		slots: make([]slot, max(values+values/6, 1<<10)),
	}
}

// Key hashes a value with its attribute.
func (t *Table) Key(k mapping.Key) Key {
	var out Key
	for i, seed := range t.seeds {
		var h maphash.Hash
		h.SetSeed(seed)
		_, _ = h.WriteString(k.Attr.Slug)
		_ = h.WriteByte(0)
		_, _ = h.WriteString(k.Norm)
		out[i] = h.Sum64()
	}
	return out
}

// Owner is the row that has a value; 0 when none does.
func (t *Table) Owner(k Key) int {
	s := find(t.slots, slotOf(k))
	return int(s.rest & rowBits) //nolint:gosec // 32 bits
}

// Claim gives a row a value, whoever had it before.
func (t *Table) Claim(k Key, row int) {
	want := slotOf(k)
	s := find(t.slots, want)
	if s.first == 0 {
		if t.taken++; t.taken > len(t.slots)/8*7 {
			t.grow()
			s = find(t.slots, want)
		}
	}
	*s = slot{want.first, want.rest | uint64(uint32(row))} //nolint:gosec // rows are counted in 32 bits: four billion
}

// ClaimFree gives a row those of the values that no row has.
func (t *Table) ClaimFree(keys []Key, row int) {
	for _, k := range keys {
		if t.Owner(k) == 0 {
			t.Claim(k, row)
		}
	}
}

// Release gives up those of the values that a row has.
func (t *Table) Release(keys []Key, row int) {
	for _, k := range keys {
		if t.Owner(k) == row {
			t.Claim(k, 0)
		}
	}
}

func (t *Table) grow() {
	bigger := make([]slot, len(t.slots)/2*3)
	for _, s := range t.slots {
		if s.first != 0 {
			*find(bigger, s) = s
		}
	}
	t.slots = bigger
}

// slotOf is a value's slot with row 0. The lowest bit is set, so that no slot that is taken is all zeros.
func slotOf(k Key) slot { return slot{k[0] | 1, k[1] &^ rowBits} }

// find is the place of a value among slots, or the free one where it belongs.
func find(slots []slot, want slot) *slot {
	i, _ := bits.Mul64(want.first, uint64(len(slots))) // spread over all of them, however many there are
	for {
		s := &slots[i]
		if s.first == 0 || s.first == want.first && s.rest&^rowBits == want.rest&^rowBits {
			return s
		}
		if i++; i == uint64(len(slots)) {
			i = 0
		}
	}
}
