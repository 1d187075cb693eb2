package pace

import "time"

// spread is how requests are spread over a second, and the trial of the other way: early in each of the server's
// seconds, where its clock is known, or evenly. A server that does not count by its clock second lets more through
// evenly.
type spread struct {
	evenly bool
	trial  bool
	before budget        // the other way's
	since  time.Time     // when the trial began, or since when the level has been low
	after  time.Duration // how long it has to be low
	place  float64       // of the requests that were refused, in the mean, lately
	told   bool
}

const (
	spreadWait = 10 * time.Second // of a low level, at first, and of a trial
	spreadLong = time.Hour
	spreadRest = 5 * time.Minute
	leastShare = 0.66 // so much goes through whatever way a server counts: less is somebody else's doing
	lastPlaces = 0.7  // where another client takes a part of each second, the last of it are refused
	lowShare   = 0.93 // a level below it may be the fault of the spread
)

// trySpread tries the other spread where the level stays low, and keeps it if it lets more through.
func (g *Gate) trySpread(now time.Time) {
	s := &g.spread
	if g.o.Fixed || g.next != nil || g.o.Rate < leastTicked {
		return
	}
	if why := g.clock.read().absent(now); why != "" {
		g.tell(why)
	}
	if !g.clock.read().known(now) {
		return
	}
	if s.trial {
		switch {
		case g.budget.level <= s.before.level: // it was refused
			s.evenly, s.trial, s.since = !s.evenly, false, now
			g.budget = s.before
			g.budget.since = now
			s.after = min(2*s.after, spreadLong)
		case now.Sub(s.since) >= spreadWait:
			s.trial, s.since = false, now
			s.after = min(max(2*s.after, spreadRest), spreadLong)
			if s.evenly {
				g.tell("refusals do not follow the server's clock second")
			}
		}
		return
	}
	share := g.budget.level / g.o.Rate
	if s.evenly && share < leastShare { // that is another client: seconds share better
		s.evenly, s.since = false, now
		s.after = min(2*s.after, spreadLong)
		g.budget.most, g.budget.since, g.budget.patience = g.o.Rate, now, 1
		return
	}
	if share >= lowShare || share < leastShare || !s.evenly && (g.budget.failed < 2 || s.place > lastPlaces) {
		s.since = now
		return
	}
	if now.Sub(s.since) < s.after {
		return
	}
	s.trial, s.since, s.before = true, now, g.budget
	s.evenly = !s.evenly
	level := g.budget.level
	g.budget = newBudget(g.most(now))
	g.budget.level = min(g.budget.most, level+g.o.Rate/25)
	g.budget.since = now.Add(time.Second) // what left just before counts for the other way
}

// tell says once why requests leave evenly.
func (g *Gate) tell(why string) {
	if !g.spread.told {
		g.spread.told = true
		g.events = append(g.events, Event{Text: why + ": pacing evenly"})
	}
}
