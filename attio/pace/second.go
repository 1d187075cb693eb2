package pace

import (
	"math"
	"slices"
	"sort"
	"time"
)

// second is one second of requests: the server's, where its clock is known.
type second struct {
	start, end time.Time
	manner     *manner       // how its requests are spread
	level      float64       // requests a second that it was meant for
	unit       float64       // the smallest change of that
	budget     int           // how many may leave in it
	gap        time.Duration // between two requests
	group      int           // evenly: how many leave together
	rest       bool          // it began late and is paced evenly to its end
	part       bool          // it shows nothing of what fits in a whole one
	probe      bool          // its level is higher than what is known to be good
	carried    int           // how many left shortly before it, and may arrive in it; with rest, since its second began
	asked      time.Time     // until then the gate waits to hear what its share is; zero once it has

	sent, answered, refused int
}

const (
	lead    = 40 * time.Millisecond  // behind the tick: Date and the limiter may not share a clock to the millisecond
	stretch = 340 * time.Millisecond // over which a ticked second's requests leave
	onWay   = 250 * time.Millisecond // what left so shortly before a tick may arrive behind it

	evenShare  = 0.90 // of the rate, evenly: more straddles each tick, and jitter moves some over it
	learnShare = 0.80 // while the clock is being learned
	groups     = 5    // evenly, in a second: whole groups fit any second, and the time between two takes up what is late
	groupGap   = 8 * time.Millisecond

	leastTicked = 2               // the lowest rate whose seconds have budgets
	overdue     = 2 * time.Second // an answer that is later is not waited for
)

func later(a, b time.Time) time.Time {
	return slices.MaxFunc([]time.Time{a, b}, time.Time.Compare)
}

// full reports whether as many left as were meant to.
func (s *second) full() bool {
	return s.sent >= int(s.level*s.end.Sub(s.start).Seconds())
}

// begin begins the second of now.
func (g *Gate) begin(now time.Time) {
	if g.now != nil {
		g.past = append(g.past, g.now)
	}
	g.judge(now)
	s := &second{start: now, end: now.Add(g.period()), manner: g.manner(now), group: 1}
	if s.manner == &evenly && !g.o.Fixed {
		s.group, s.gap = max(1, int(g.o.Rate/groups)), groupGap
	}
	s.unit = max(s.manner.leastUnit, s.manner.unit*g.budget.level)
	g.now = s
	no := g.clock.read().second(now.Add(time.Second / 2)) // while it is being learned, it is up to a second late
	if s.manner == &ticked {
		no = g.clock.read().second(now.Add(time.Millisecond - lead))
		s.start, s.end = g.clock.read().tick(no, now).Add(lead), g.clock.read().tick(no+1, now).Add(lead)
		s.rest = now.Sub(s.start) > stretch/2
	}
	if s.rest {
		s.carried = g.sentSince(s.start.Add(-lead))
		s.part, s.start = true, now
		s.fill(g, g.budget.level)
	} else {
		b, level := &g.budget, g.budget.level
		b.tried = b.tried || s.manner != &ticked
		switch {
		case !b.tried:
			level = max(1, firstShare*level)
		case b.trial > 0:
			level, b.trial, s.probe = b.trial, trying, true
		}
		if s.manner == &ticked {
			s.carried = g.sentSince(s.start.Add(-onWay))
			s.part = s.carried > 0
		}
		s.fill(g, level)
	}
	g.claim(no, now)
}

// fill gives a second its level.
func (s *second) fill(g *Gate, level float64) {
	s.level = level
	switch {
	case s.rest:
		s.gap = time.Duration(float64(time.Second) / level)
		s.budget = min(int(level*s.end.Sub(s.start).Seconds()), int(level)-s.carried)
	case s.manner == &ticked:
		// The gap is that of a full second: of two clients that share, the one that takes more sends last and is refused
		// first.
		s.gap = time.Duration(float64(stretch) / g.o.Rate)
		s.budget = max(1, int(level)-s.carried)
	default:
		s.budget = math.MaxInt
	}
}

// manner is how requests are spread now.
func (g *Gate) manner(now time.Time) *manner {
	switch {
	case g.next != nil:
		return &queries
	case g.ticked(now):
		return &ticked
	}
	return &evenly
}

// period is the time over which the server counts.
func (g *Gate) period() time.Duration {
	switch {
	case g.next == nil:
		return time.Second
	case g.budget.guess:
		return guessPeriod
	}
	return queryPeriod
}

func (g *Gate) sentSince(from time.Time) int {
	return len(g.sends) - sort.Search(len(g.sends), func(i int) bool { return g.sends[i].After(from) })
}

// judge learns from the seconds that are over and answered, or long over.
func (g *Gate) judge(now time.Time) {
	most := g.most(now)
	if g.budget.level >= g.budget.most || g.budget.level > most { // a level that nothing has lowered goes with it
		g.budget.level = most
	}
	g.budget.most = most
	kept := g.past[:0]
	for _, s := range g.past {
		if s.answered < s.sent && now.Sub(s.end) < overdue && s.refused < manyRefusals {
			kept = append(kept, s)
			continue
		}
		fits := s.level - float64(s.refused)*s.unit // as far as the refusals say
		if g.next != nil {
			g.through = since(g.through, now.Add(-queryPeriod))
			fits = queryShare * float64(len(g.through)) / queryPeriod.Seconds()
		}
		if s.sent > 0 && !g.o.Fixed && s.manner == g.manner(now) {
			g.budget.learn(now, s, fits)
		} else {
			g.budget.drop(s)
		}
	}
	g.past = kept
	g.trySpread(now)
}
