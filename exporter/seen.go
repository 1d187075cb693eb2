package exporter

import (
	"crypto/sha256"

	"github.com/google/uuid"
)

// idSet holds record ids in 16 bytes each, with the table's own room about 30.
type idSet map[[16]byte]struct{}

// add answers whether the id is new.
func (s idSet) add(id string) bool {
	k := compact(id)
	if _, ok := s[k]; ok {
		return false
	}
	s[k] = struct{}{}
	return true
}

func (s idSet) has(id string) bool {
	_, ok := s[compact(id)]
	return ok
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
