package importer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// 40,000 rows that are there already pass in ten seconds; what is left goes at 25 a second, and so must the promise.
func TestSpeedForgetsRowsThatCostNothing(t *testing.T) {
	begin := time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)
	var s speed
	require.Zero(t, s.rate(begin, 0))
	done := 0
	for second := 1; second <= 60; second++ {
		if done += 25; second <= 10 {
			done += 3975
		}
		got := s.rate(begin.Add(time.Duration(second)*time.Second), done)
		switch {
		case second <= 10:
			require.InDelta(t, 4000, got, 0.001)
		case second > 30:
			require.InDelta(t, 25, got, 0.001)
		}
	}
	for second := 61; second <= 100; second++ { // nothing moves any more
		s.rate(begin.Add(time.Duration(second)*time.Second), done)
	}
	require.Zero(t, s.rate(begin.Add(101*time.Second), done))
}
