package importer

import (
	"hash/maphash"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// Rules of claims: a row that is to be sent claims each of its unique values; the first row of the file to claim a value has it. A later
// row that holds it is an in_file conflict. A row that turns out not to be sent (rejected, or a conflict itself) gives its
// claims up, and the next row in the file's order takes its place. A value is known by 128 bits of a keyed hash, so
// that a million rows with two keys each take some 60 MB and no two values are ever taken for one.

// claimKey stands for a value of a unique attribute.
type claimKey [2]uint64

// claims says which row holds which unique value.
type claims struct {
	seeds [2]maphash.Seed
	rows  map[claimKey]int32 // row number
}

func newClaims() *claims {
	return &claims{
		seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
		rows:  make(map[claimKey]int32),
	}
}

// key hashes a value with its attribute.
func (c *claims) key(k mapping.Key) claimKey {
	var out claimKey
	for i, seed := range c.seeds {
		var h maphash.Hash
		h.SetSeed(seed)
		_, _ = h.WriteString(k.Attr.Slug)
		_ = h.WriteByte(0)
		_, _ = h.WriteString(k.Norm)
		out[i] = h.Sum64()
	}
	return out
}

// holder is the row that claims a value; 0 when none does.
func (c *claims) holder(k claimKey) int { return int(c.rows[k]) }

func (c *claims) take(k claimKey, row int) { c.rows[k] = int32(row) }

// release gives a row's claims up.
func (c *claims) release(keys []claimKey, row int) {
	for _, k := range keys {
		if c.rows[k] == int32(row) {
			delete(c.rows, k)
		}
	}
}
