package pace

import "time"

// budget is how many requests leave in a second. The rate is the whole workspace's and the server lowers it during
// incidents, so that it may be less than what is allowed: refusals lower the level, and after clean seconds a probe
// tries a little more. A probe is one second; those that follow go on as before until it is judged.
type budget struct {
	most     float64   // the highest level
	level    float64   // requests a second
	since    time.Time // the last change: seconds that began before it teach nothing
	trial    float64   // what the next second gets as a probe; 0 for none, trying while one is not judged yet
	step     float64   // of the next probe, in units
	patience int       // clean seconds before the next probe
	clean    int       // clean seconds since the last probe or cut
	bad      float64   // bad seconds, lately
	good     float64   // the level before it was raised; 0 where that has proved right
	failed   int       // cuts, and raises that were refused, since the level was last the highest
	tried    bool      // a whole second has gone through, or was refused
	guess    bool      // next to nothing went through, which says little of the rate
}

// manner is how a budget follows refusals, by how requests are spread.
type manner struct {
	unit            float64 // the smallest change of the level, as a share of it
	leastUnit       float64 // the same in requests
	badEnough       float64 // bad seconds that lower the level
	mostCut         float64 // the level falls to no less than this share of it at once
	cutPatience     int     // clean seconds after a cut
	longestPatience float64 // at the highest level; less below it
	longestStep     float64
}

var (
	// Early in the second: a refusal closes the rest of it, so that one says little.
	ticked = manner{unit: 0.04, leastUnit: 1, badEnough: 2, mostCut: 0.7, cutPatience: 4, longestPatience: 64,
		longestStep: 8}
	// Evenly: found by simulation, so that two or three refusals in a minute remain where the limit is a sliding second.
	evenly = manner{unit: 0.01, badEnough: 1, mostCut: 0.7, cutPatience: 4, longestPatience: 64, longestStep: 8}
	// Queries: a second is ten seconds long, and the level may be any share of the rate. The longest step doubles it.
	queries = manner{unit: 0.05, badEnough: 2, cutPatience: 1, longestPatience: 8, longestStep: 20}
)

const (
	trying       = -1
	manyRefusals = 3    // in one second: no accident
	badFades     = 0.25 // a clean second makes up for so much of a bad one
	firstShare   = 0.8  // of the level, in the first second: two that begin together split the rate by the few refusals
	// A probe of that step shows that the rate is no longer shared; a smaller one may have crowded out another client.
	surelyFree    = 4
	calmPatience  = 12 // after that
	leastPatience = 8  // that the longest can be
)

func newBudget(most float64) budget {
	return budget{most: most, level: most, step: 1, patience: 1}
}

// learn takes a second that is over. Where it was too much, fits would have gone through.
func (b *budget) learn(now time.Time, s *second, fits float64) {
	if s.start.Before(b.since) || s.part && s.refused < manyRefusals {
		b.drop(s)
		return
	}
	b.tried = true
	switch {
	case s.probe:
		b.probed(s)
	case s.refused == 0:
		b.bad = max(0, b.bad-badFades)
		if s.full() {
			b.cleared(s)
		}
	default:
		b.clean = 0
		if b.bad++; s.refused >= manyRefusals || b.bad >= s.manner.badEnough {
			b.cut(now, s, fits)
		}
	}
	// Of two clients that share, the one with less tries more often, so that they draw level.
	b.patience = min(b.patience, max(leastPatience, int(s.manner.longestPatience*b.level/b.most)))
}

// cleared takes a second that was used up without a refusal.
func (b *budget) cleared(s *second) {
	if b.clean++; b.clean < b.patience {
		return
	}
	if b.good = 0; b.level >= b.most {
		b.failed, b.guess = 0, false
	}
	b.probe(s)
}

// cut lowers the level to what went through.
func (b *budget) cut(now time.Time, s *second, fits float64) {
	b.patience = max(b.patience, s.manner.cutPatience)
	if b.good > 0 {
		fits = min(fits, b.good)
		b.overdone()
	}
	b.failed++
	b.lower(now, min(b.level-s.unit, max(fits, s.manner.mostCut*b.level)))
	if b.guess = fits < 1; b.guess {
		b.step, b.patience = s.manner.longestStep, 1
	}
}

// lower sets a lower level, and forgets what was to be tried above the one before.
func (b *budget) lower(now time.Time, level float64) {
	b.level, b.since = max(1, level), now
	b.step, b.clean, b.bad, b.good, b.trial = 1, 0, 0, 0, 0
}

// probed takes a probe. It does not count where there were too few requests to fill it.
func (b *budget) probed(s *second) {
	b.trial, b.clean = 0, 0
	switch {
	case s.refused > 0:
		b.step = 1
		b.overdone()
	case s.full():
		if s.level > b.level {
			b.good, b.level = b.level, s.level
		}
		if b.step >= surelyFree {
			b.patience = min(b.patience, calmPatience)
		}
		b.step = min(2*b.step, s.manner.longestStep)
		b.probe(s)
	}
}

// overdone notes that a raise was too much.
func (b *budget) overdone() {
	b.patience *= 2
	b.failed++
}

func (b *budget) probe(s *second) {
	if b.level < b.most && b.trial == 0 {
		b.trial = min(b.most, b.level+b.step*s.unit)
	}
}

// drop makes of a probe a second like any other: it is tried again later.
func (b *budget) drop(s *second) {
	if s.probe && b.trial == trying {
		b.trial = 0
	}
	s.probe = false
}
