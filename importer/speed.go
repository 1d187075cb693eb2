package importer

import "time"

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
