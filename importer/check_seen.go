package importer

import "github.com/attio-bulk/attio-bulk/mapping"

// seenKeys remembers unique values in 16 bytes each: 96 bits of a keyed hash and the row that had the value first. Among ten million values
// the chance that any two are taken for one is below 10⁻¹⁴. A slot of zeros is free.
type seenKeys struct {
	keys  *claims     // hashes values
	slots [][2]uint64 // a power of two of them, at most seven eighths taken
	taken int
}

func newSeenKeys() *seenKeys {
	return &seenKeys{keys: newClaims(), slots: make([][2]uint64, 1<<10)}
}

// hash is the slot of a value, its row left 0. The lowest bit of the first word is set, so that no slot is all zeros.
func (s *seenKeys) hash(k mapping.Key) [2]uint64 {
	h := s.keys.key(k)
	return [2]uint64{h[0] | 1, h[1] &^ (1<<32 - 1)}
}

// holder is the row that took a value; 0 when none did.
func (s *seenKeys) holder(h [2]uint64) int { return int(uint32(s.slots[s.find(s.slots, h)][1])) } //nolint:gosec // the low half is the row

// take notes that a row has a value that no row before it had.
func (s *seenKeys) take(h [2]uint64, row int) {
	if s.taken >= len(s.slots)/8*7 {
		bigger := make([][2]uint64, 2*len(s.slots))
		for _, slot := range s.slots {
			if slot[0] != 0 {
				bigger[s.find(bigger, slot)] = slot
			}
		}
		s.slots = bigger
	}
	i := s.find(s.slots, h)
	if s.slots[i][0] == 0 {
		s.taken++
		s.slots[i] = [2]uint64{h[0], h[1] | uint64(uint32(row))} //nolint:gosec // rows are counted in 32 bits: four billion
	}
}

// find is the place of a value among slots, or the free one where it belongs.
func (s *seenKeys) find(slots [][2]uint64, h [2]uint64) int {
	mask := uint64(len(slots) - 1)
	for i := (h[0] >> 1) & mask; ; i = (i + 1) & mask {
		if slot := slots[i]; slot[0] == 0 || slot[0] == h[0] && slot[1]>>32 == h[1]>>32 {
			return int(i) //nolint:gosec // an index of slots
		}
	}
}
