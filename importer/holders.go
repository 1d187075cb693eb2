package importer

import "math/bits"

// holders says which row has which unique value, in 16 bytes each: 96 bits of a keyed hash and the row. Among ten million values the chance
// that any two are taken for one is below 10⁻¹⁴. A map with the same content takes half as much again, and twice that while it grows.
type holders struct {
	slots []slot // at most seven eighths of them taken
	taken int
}

// slot is a value's place; a free one is zeros. A value that nobody has any more keeps its place, with row 0.
type slot struct{ first, rest uint64 }

// rowBits are the bits of slot.rest that hold the row.
const rowBits = 1<<32 - 1

// newHolders makes room for so many values. It grows where there are more.
func newHolders(values int) *holders {
	return &holders{slots: make([]slot, max(values+values/6, 1<<10))}
}

// of is the row that has a value; 0 when none does.
func (h *holders) of(k claimKey) int {
	s := find(h.slots, slotOf(k))
	return int(s.rest & rowBits) //nolint:gosec // 32 bits
}

// set notes which row has a value; 0 for none.
func (h *holders) set(k claimKey, row int) {
	want := slotOf(k)
	s := find(h.slots, want)
	if s.first == 0 {
		if h.taken++; h.taken > len(h.slots)/8*7 {
			h.grow()
			s = find(h.slots, want)
		}
	}
	*s = slot{want.first, want.rest | uint64(uint32(row))} //nolint:gosec // rows are counted in 32 bits: four billion
}

func (h *holders) grow() {
	bigger := make([]slot, len(h.slots)/2*3)
	for _, s := range h.slots {
		if s.first != 0 {
			*find(bigger, s) = s
		}
	}
	h.slots = bigger
}

// slotOf is a value's slot with row 0. The lowest bit is set, so that no slot that is taken is all zeros.
func slotOf(k claimKey) slot { return slot{k[0] | 1, k[1] &^ rowBits} }

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
