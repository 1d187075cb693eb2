package walk

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"github.com/google/uuid"
)

// idSet holds record ids in 16 bytes each and little more: sorted lists, one for each last byte. Ids that come in
// ascending order, as they mostly do, are appended; a map would take up to twice the room.
type idSet struct {
	lists [256][][16]byte
}

// add returns whether the id is new.
func (s *idSet) add(id string) bool {
	k := compact(id)
	list := &s.lists[k[15]]
	at, found := find(*list, k)
	if !found {
		*list = slices.Insert(*list, at, k)
	}
	return !found
}

func (s *idSet) has(id string) bool {
	k := compact(id)
	_, found := find(s.lists[k[15]], k)
	return found
}

func find(list [][16]byte, k [16]byte) (int, bool) {
	if n := len(list); n == 0 || bytes.Compare(list[n-1][:], k[:]) < 0 {
		return n, false
	}
	return slices.BinarySearchFunc(list, k, func(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) })
}

// compact is the id's own bits; of an id that is no UUID, a hash's.
func compact(id string) [16]byte {
	if len(id) == 36 {
		if u, err := uuid.Parse(id); err == nil {
			return u
		}
	}
	sum := sha256.Sum256([]byte(id))
	return [16]byte(sum[:16])
}
