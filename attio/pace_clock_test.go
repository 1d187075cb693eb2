package attio

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestClockLearnsTheTick(t *testing.T) {
	const ahead = 5*time.Hour + 370*ms
	type sample struct{ sent, stamped, received time.Duration } // local times
	at := func(i int) sample {
		d := time.Duration(i) * 53 * ms
		return sample{d, d + 60*ms, d + 60*ms + time.Duration(5+i*37%40)*ms}
	}
	hear := func(c *clock, x sample, off time.Duration) bool {
		return c.hear(x.sent, x.received, time.Unix(0, 0).Add(x.stamped+ahead+off).Truncate(time.Second))
	}
	t.Run("from twenty answers over a second", func(t *testing.T) {
		var c clock
		for i := range 60 {
			if i < 20 || i > 22 {
				require.Equal(t, i > 22, c.known(), "%d", i)
			}
			require.True(t, hear(&c, at(i), 0))
		}
		local := at(60).received
		require.LessOrEqual(t, c.bound(local), ahead)
		require.InDelta(t, ahead, c.bound(local), float64(60*ms))
		second := c.second(local)
		tick := c.tick(second+1, local)
		require.InDelta(t, time.Duration(second+1)*time.Second-ahead, tick, float64(60*ms))
		require.GreaterOrEqual(t, tick, time.Duration(second+1)*time.Second-ahead, "never too early")
	})
	for _, c := range []struct {
		name   string
		off    func(i int) time.Duration
		within int // answers after the change until it is noticed; 0 for never
	}{
		{"steady", func(int) time.Duration { return 0 }, 0},
		{"one answer of another clock", func(i int) time.Duration {
			if i%40 == 0 {
				return time.Hour
			}
			return 0
		}, 0},
		{"a stale one in ten", func(i int) time.Duration {
			if i%10 == 0 {
				return -time.Hour
			}
			return 0
		}, 0},
		{"set ahead", func(int) time.Duration { return 3 * time.Second }, 5},
		{"set back", func(int) time.Duration { return -2 * time.Second }, 5},
		{"set back by less than a second", func(int) time.Duration { return -500 * ms }, 40},
	} {
		t.Run(c.name, func(t *testing.T) {
			var k clock
			for i := 1; i < 100; i++ {
				require.True(t, hear(&k, at(i), 0))
			}
			noticed := 0
			for i := 100; i < 300 && noticed == 0; i++ {
				if !hear(&k, at(i), c.off(i)) {
					noticed = i - 99
				}
			}
			if c.within == 0 {
				require.Zero(t, noticed)
				return
			}
			require.NotZero(t, noticed)
			require.LessOrEqual(t, noticed, c.within)
		})
	}
	t.Run("absent", func(t *testing.T) {
		var c clock
		for i := range 20 {
			require.False(t, c.absent(), "%d", i)
			require.True(t, c.hear(at(i).sent, at(i).received, time.Time{}))
		}
		require.True(t, c.absent())
		require.False(t, c.known())
	})
}
