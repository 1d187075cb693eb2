package importer

import (
	"math"
	"slices"
	"time"
)

// latencies are how long the latest writes took, from the first byte to the answer.
type latencies struct {
	ring [100]time.Duration
	n    int
}

func (l *latencies) add(d time.Duration) {
	if d > 0 {
		l.ring[l.n%len(l.ring)] = d
		l.n++
	}
}

// workers is how many calls have to be in flight to keep up a rate, by Little's law: rate × (the 99th of a hundred
// latencies + 1 s), since a window's calls go out together. Until twenty were measured as many as may be.
func (l *latencies) workers(rate float64) int {
	if l.n < 20 {
		return maxWorkers
	}
	seen := slices.Clone(l.ring[:min(l.n, len(l.ring))])
	slices.Sort(seen)
	p99 := seen[len(seen)*99/100]
	return min(maxWorkers, int(math.Ceil(rate*(p99+time.Second).Seconds())))
}
