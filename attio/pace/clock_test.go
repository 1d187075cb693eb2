package pace

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestClockLearnsTheTick(t *testing.T) {
	const ahead = 5*time.Hour + 370*ms
	base := time.Now()
	server := func(local time.Duration) time.Time { return time.Unix(0, 0).Add(local + ahead) }
	type sample struct{ sent, stamped, received time.Duration } // local times
	at := func(i int) sample {
		d := time.Duration(i) * 53 * ms
		return sample{d, d + 60*ms, d + 60*ms + time.Duration(5+i*37%40)*ms}
	}
	// hear reports whether the clock still believes what it knows.
	hear := func(c *Clock, x sample, off time.Duration) bool {
		resets := c.knows.resets
		c.Hear(base.Add(x.sent), base.Add(x.received), server(x.stamped+off).Truncate(time.Second))
		return c.knows.resets == resets
	}
	t.Run("from twenty answers over a second", func(t *testing.T) {
		c := NewClock()
		for i := range 60 {
			if i < 20 || i > 22 {
				require.Equal(t, i > 22, c.knows.known(base.Add(at(i).received)), "%d", i)
			}
			require.True(t, hear(c, at(i), 0))
		}
		local := at(60).received
		got := c.knows.server(base.Add(local))
		require.False(t, got.After(server(local)))
		require.WithinDuration(t, server(local), got, 60*ms)
		second := c.knows.second(base.Add(local))
		tick := c.knows.tick(second+1, base.Add(local)).Sub(base)
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
			k := NewClock()
			for i := 1; i < 100; i++ {
				require.True(t, hear(k, at(i), 0))
			}
			noticed := 0
			for i := 100; i < 300 && noticed == 0; i++ {
				if !hear(k, at(i), c.off(i)) {
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
		c := NewClock()
		for i := range 20 {
			require.Empty(t, c.knows.absent(base.Add(at(i).received)), "%d", i)
			c.Hear(base.Add(at(i).sent), base.Add(at(i).received), time.Time{})
		}
		require.Equal(t, "answers carry no Date", c.knows.absent(base.Add(at(20).received)))
		require.False(t, c.knows.known(base.Add(at(20).received)))
	})
}

func TestClockThatDoesNotRunIsNotBelieved(t *testing.T) {
	c, base := NewClock(), time.Now()
	at := func(i int) time.Time { return base.Add(time.Duration(i) * 100 * ms) }
	for i := range 200 { // stamped alike for twenty seconds
		c.Hear(at(i), at(i), time.Unix(1000, 0))
	}
	require.Equal(t, "the server's Date does not run like a clock", c.knows.absent(at(200)))
	require.False(t, c.knows.known(at(200)))
	require.Empty(t, c.knows.absent(at(200).Add(clockPause)), "it is tried again")
}

func TestNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock()
		require.True(t, c.Now().IsZero())
		c.Hear(time.Now(), time.Now(), time.Time{})
		require.True(t, c.Now().IsZero(), "an answer without a Date teaches nothing")
		date := time.Now().Add(-90 * time.Second).Truncate(time.Second)
		c.Hear(time.Now(), time.Now(), date)
		require.Equal(t, date.UTC(), c.Now())
		time.Sleep(1900 * ms)
		c.Hear(time.Now(), time.Now(), date.Add(time.Second)) // 0.9 s late on its way: no news
		require.Equal(t, date.Add(1900*ms).UTC(), c.Now())
		c.Hear(time.Now(), time.Now(), date.Add(3*time.Second)) // just after a tick: the best so far
		require.Equal(t, date.Add(3*time.Second).UTC(), c.Now())
	})
}
