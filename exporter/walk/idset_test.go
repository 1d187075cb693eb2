package walk

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestIDSet(t *testing.T) {
	var s idSet
	require.True(t, s.add("97052eb9-e65e-443f-a297-f2d9a4a7f795"))
	require.False(t, s.add("97052eb9-e65e-443f-a297-f2d9a4a7f795"))
	require.True(t, s.add("no uuid"))
	require.False(t, s.add("no uuid"))
	require.True(t, s.has("no uuid"))
	require.False(t, s.has("97052eb9-e65e-443f-a297-f2d9a4a7f796"))

	rng := rand.New(rand.NewPCG(1, 1))
	known := map[string]bool{}
	for range 20_000 { // in no order, and some twice
		id := fmt.Sprintf("%08x-0000-4000-8000-0000%08x", rng.Uint32N(1000), rng.Uint32N(10))
		require.Equal(t, !known[id], s.add(id))
		known[id] = true
	}
}

// The ids of an export take no more than 40 bytes a record, the collector's room included.
func TestIDSetIsSmall(t *testing.T) {
	s, n := idSet{}, 0
	for i := range 200_000 {
		s.add(uuid.UUID{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i), 15: byte(i * 7)}.String())
	}
	for _, list := range s.lists {
		n += 16 * cap(list)
	}
	require.Less(t, n, 20*200_000, "and as much again until the next collection")
}
