package attio

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBudgetFollowsRefusals(t *testing.T) {
	// Each step is the refusals of one window that was used up, judged when the next begins; then what the next window gets.
	type step struct{ refused, want int }
	for _, c := range []struct {
		name  string
		from  int
		steps []step
	}{
		{"an accident cuts nothing", 25, []step{{0, 25}, {1, 25}, {0, 25}, {1, 25}, {0, 25}}},
		{"two in a row cut", 25, []step{{1, 25}, {1, 24}}},
		{"many cut at once", 25, []step{{5, 20}}},
		{"no lower than one", 1, []step{{1, 1}, {1, 1}}},
		{"the way back by 1, 2, 4, 8", 9, []step{{0, 10}, {0, 12}, {0, 16}, {0, 24}, {0, 25}, {0, 25}}},
		{"a failed probe goes back and waits twice as long", 24, []step{{0, 25}, {1, 24}, {0, 24}, {0, 25}, {1, 24}, {0, 24}, {0, 24}, {0, 24}, {0, 25}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBudget(25, c.from, false)
			level, probe := b.next()
			for i, s := range c.steps {
				w := &window{second: int64(i), level: level, budget: level, probe: probe, sent: level, answered: level, refused: s.refused}
				b.learn(w, w.second)
				level, probe = b.next()
				require.Equal(t, s.want, level, "step %d", i)
			}
		})
	}
}

func TestBudgetPatienceIsBounded(t *testing.T) {
	b := newBudget(25, 10, false)
	longest, since := 0, 0
	level, probe := b.next()
	for i := range 2000 {
		w := &window{second: int64(i), level: level, budget: level, probe: probe, sent: level}
		if w.refused = max(0, level-10); probe {
			longest, since = max(longest, since), 0
		}
		b.learn(w, w.second)
		level, probe = b.next()
		since++
	}
	require.Equal(t, longestPatience+1, longest)
	require.Equal(t, 10, b.level)
}

func TestUnusedWindowsProveNothing(t *testing.T) {
	b := newBudget(25, 10, false)
	for i := range 100 {
		b.learn(&window{second: int64(i), level: 10, budget: 10, sent: 3}, int64(i))
		level, probe := b.next()
		require.Equal(t, 10, level)
		require.False(t, probe)
	}
}

func TestBudgetBeginsWithLessThanAllUntilThatWentThrough(t *testing.T) {
	whole := func(b *budget, w window) int {
		level, _ := b.next()
		w.level, w.budget, w.sent = level, level, level
		b.learn(&w, w.second)
		level, _ = b.next()
		return level
	}
	b := newBudget(25, 25, true)
	require.Equal(t, 16, whole(&b, window{late: true}), "part of a second shows nothing")
	require.Equal(t, 25, whole(&b, window{second: 1}))
	b = newBudget(25, 25, true)
	require.Equal(t, 12, whole(&b, window{refused: 4}), "another import began at the same time")
	require.Less(t, whole(&b, window{second: 2}), 16, "and from there it is the way back of any other cut")
	b = newBudget(25, 20, true)
	require.Equal(t, 20, b.level, "refusals have been seen")
	b = newBudget(25, 25, false)
	require.Equal(t, 25, b.level, "even pacing went through")
}
