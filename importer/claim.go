package importer

import (
	"hash/maphash"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// Rules of claims: a row that is to be sent claims each of its unique values; the first row of the file to claim a value has it. A later
// row that holds it is an in_file conflict. A row that turns out not to be sent (rejected, or a conflict itself) gives its
// claims up, and the next row in the file's order takes its place. A value is known by a keyed hash, in a table of 16 bytes a value
// (holders.go), so that a million rows with two keys each take 40 MB.

// claimKey stands for a value of a unique attribute: 128 bits of a keyed hash.
type claimKey [2]uint64

// claims says which row holds which unique value.
type claims struct {
	seeds [2]maphash.Seed
	rows  *holders
}

// newClaims makes room for so many values; there may be more.
func newClaims(values int) *claims {
	return &claims{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, rows: newHolders(values)}
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
func (c *claims) holder(k claimKey) int { return c.rows.of(k) }

func (c *claims) take(k claimKey, row int) { c.rows.set(k, row) }

// release gives a row's claims up.
func (c *claims) release(keys []claimKey, row int) {
	for _, k := range keys {
		if c.rows.of(k) == row {
			c.rows.set(k, 0)
		}
	}
}
