package importer

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
)

// speedSpan is how far back a speed looks, at least; at most twice as far.
const speedSpan = 10 * time.Second

// speed says how fast rows are finished now. The mean since the beginning would promise hours too little once
// thousands of rows that are there already, and cost no write, lie behind.
type speed struct {
	from, next point
}

type point struct {
	at   time.Time
	done int
}

// rate is the rows a second of late, 0 where none was finished; done is how many are by now.
func (s *speed) rate(now time.Time, done int) float64 {
	here := point{now, done}
	switch {
	case s.from.at.IsZero():
		s.from, s.next = here, here
	case now.Sub(s.next.at) >= speedSpan:
		s.from, s.next = s.next, here
	}
	if passed := now.Sub(s.from.at); passed > 0 {
		return float64(done-s.from.done) / passed.Seconds()
	}
	return 0
}

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

// bottleneck is what limited the speed of a session, with its share of the time: the largest cause, when it is worth a
// word. before is what had held the client up when the session began.
func bottleneck(s, before attio.Stats, elapsed time.Duration, writes bool) string {
	other := s.WritesHeld.Other + s.ReadsHeld.Other - before.WritesHeld.Other - before.ReadsHeld.Other
	most, name := time.Duration(0), ""
	for _, cause := range []struct {
		held time.Duration
		name string
	}{
		{s.WritesHeld.Limit - before.WritesHeld.Limit, "Attio's limit of writes"},
		{other, "another client of the workspace, or limits that Attio lowered"},
		{s.ReadsHeld.Limit - before.ReadsHeld.Limit, "Attio's limit of reads"},
		{s.ReadsHeld.Score - before.ReadsHeld.Score, "Attio's score budget for queries"},
	} {
		if cause.held > most {
			most, name = cause.held, cause.name
		}
	}
	switch share := float64(most) / float64(elapsed); {
	case elapsed <= 0:
		return ""
	case share >= 0.5:
		return fmt.Sprintf("%s, %.0f %% of the time", name, min(share, 1)*100)
	case writes:
		return "the latency of the calls"
	}
	return "this machine: reading and checking the file"
}
