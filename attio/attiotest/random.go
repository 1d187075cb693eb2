package attiotest

import (
	"math/rand/v2"
	"sync"

	"github.com/google/uuid"
)

// source makes random numbers and version 4 ids that a seed repeats.
type source struct {
	mu  sync.Mutex
	rng *rand.Rand
}

// newSource starts from the seed.
func newSource(seed uint64) *source {
	return &source{rng: rand.New(rand.NewPCG(seed, 0x61747469))}
}

// number is uniform in all 64 bits.
func (x *source) number() uint64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.rng.Uint64()
}

// unit is uniform in [0, 1).
func (x *source) unit() float64 { return float64(x.number()>>11) / (1 << 53) }

// next is a version 4 id, as records made by POST have.
func (x *source) next() uuid.UUID {
	x.mu.Lock()
	defer x.mu.Unlock()
	var id uuid.UUID
	for i := 0; i < 16; i += 8 {
		for j, v := 0, x.rng.Uint64(); j < 8; j++ {
			id[i+j] = byte(v >> (8 * j))
		}
	}
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id
}
