package walk

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWindow(t *testing.T) {
	w := window{size: firstWindow}
	// most is how many pages it lets be in flight at once.
	most := func(w *window) (n int) {
		for w.open(n, int64(n*w.weight)) {
			n++
		}
		return n
	}
	small := reading{}
	for range 10 {
		w.learn(true, 0, small)
	}
	require.Equal(t, mostWindow, most(&w), "it grows while the network is waited for")
	w.learn(false, 1, small)
	require.Equal(t, mostWindow/2, most(&w), "a 429 halves it")
	w.learn(true, 1, small)
	require.Equal(t, mostWindow/2, most(&w), "and it rests")
	for range 200 {
		w.learn(true, 1, small)
	}
	require.Equal(t, mostWindow/2+9, most(&w), "then grows by one for every window taken")
	heavy := reading{weight: windowBytes/4 + 1}
	w.learn(true, 1, heavy)
	require.Equal(t, 3, most(&w), "heavy pages are held few at a time")
	require.True(t, w.open(5, int64(2*w.weight+1000)), "those whose lines are made weigh what these do")
	require.False(t, w.open(5, int64(2*w.weight+windowBytes/4)))
	w.learn(true, 1, reading{weight: 2 * windowBytes})
	require.Equal(t, 2, most(&w), "but never less than two")
	w.size = 1
	require.Equal(t, 1, most(&w), "unless it is to feel its way")
	require.Equal(t, 5, most(&window{fixed: 5, size: 1}))
}
