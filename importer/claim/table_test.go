package claim

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
)

func TestEachValueIsFoundAndNoOther(t *testing.T) {
	for _, room := range []int{0, 1_000, 100_000} {
		c, a, b := New(room), &attio.Attribute{Slug: "a"}, &attio.Attribute{Slug: "b"}
		key := func(attr *attio.Attribute, i int) Key {
			return c.Key(mapping.Key{Attr: attr, Norm: fmt.Sprint(i)})
		}
		for i := range 50_000 {
			require.Zero(t, c.Owner(key(a, i)))
			c.Claim(key(a, i), i+1)
		}
		for i := range 50_000 {
			require.Equal(t, i+1, c.Owner(key(a, i)))
			require.Zero(t, c.Owner(key(b, i)))
		}
		require.Equal(t, 50_000, c.taken)
		require.LessOrEqual(t, len(c.slots), max(100_000, room*7/6))
		c.Release([]Key{key(a, 7)}, 9)
		require.Equal(t, 8, c.Owner(key(a, 7)), "given up by a row that does not have it")
		c.Release([]Key{key(a, 7)}, 8)
		require.Zero(t, c.Owner(key(a, 7)))
		c.Claim(key(a, 7), 9)
		require.Equal(t, 9, c.Owner(key(a, 7)))
		require.Equal(t, 50_000, c.taken, "a value taken again has its old place")
	}
}

// A row that is read again takes what it had, and leaves to others what they have taken since.
func TestClaimFree(t *testing.T) {
	c, a := New(0), &attio.Attribute{Slug: "a"}
	free, taken := c.Key(mapping.Key{Attr: a, Norm: "free"}), c.Key(mapping.Key{Attr: a, Norm: "taken"})
	c.Claim(taken, 3)
	c.ClaimFree([]Key{free, taken}, 5)
	require.Equal(t, []int{5, 3}, []int{c.Owner(free), c.Owner(taken)})
}
