package attio

import "time"

// budget decides how many requests go in a server second. The limit is the whole workspace's and Attio lowers it during incidents, so that
// it may be less than what is allowed: refusals that persist cut it, and after clean windows it probes its way back by 1, 2, 4, 8. A probe
// is one window; those that follow go on as before until it is judged.
type budget struct {
	full     int   // what is allowed
	level    int   // what windows get
	since    int64 // the first window that got it, after a cut
	trial    int   // what the next window gets as a probe; 0 for none
	probing  bool  // a probe is not judged yet
	step     int   // of the next probe
	patience int   // clean windows before the next probe
	clean    int   // clean windows since the last probe or cut
	hasty    bool  // what the refusals mean is not decided: probe at once
	row      int   // bad windows in a row
	inRow    int   // windows of all that is allowed, clean and one after the other
	proven   int   // the most of those
}

const (
	longestPatience = 64
	cutPatience     = 8
	longestStep     = 8
	manyRefusals    = 3 // in one window: no accident
)

func newBudget(full, level int) budget {
	return budget{full: full, level: level, step: 1, patience: 1}
}

// next is what the window that begins gets, and whether that is a probe.
func (b *budget) next() (level int, probe bool) {
	if b.trial == 0 {
		return b.level, false
	}
	level, b.trial = b.trial, 0
	return level, true
}

// learn takes a window that is over; second is the one that goes on.
func (b *budget) learn(w *window, second int64) {
	if w.refused > 0 || w.budget < b.full {
		b.inRow = 0
	}
	if w.probe {
		b.probed(w)
		return
	}
	if w.refused == 0 {
		b.row = 0
		if w.sent >= w.budget && w.second >= b.since {
			b.cleared()
		}
		return
	}
	b.clean = 0
	if w.second >= b.since {
		b.row++
	}
	// Windows that began before the last cut were too large for the same reason. Only if they say that it was too little do they count.
	if fits := w.fits(); w.refused >= manyRefusals && fits < b.level || b.row >= 2 {
		b.level, b.since = min(b.level, fits), second+1
		b.row = 0
		if b.trial != 0 {
			b.trial, b.probing = 0, false
		}
		b.step = 1
		if b.patience = max(b.patience, cutPatience); b.hasty {
			b.patience = 1
		}
	}
}

// skip takes a window that is over and teaches nothing.
func (b *budget) skip(w *window) {
	if w.probe {
		b.probing, b.clean = false, 0
	}
}

// probed takes a probe. It does not count when there were too few requests to fill it.
func (b *budget) probed(w *window) {
	b.probing, b.clean = false, 0
	switch {
	case w.second < b.since:
	case w.refused > 0:
		b.step = 1
		if b.patience = min(2*b.patience, longestPatience); b.hasty {
			b.patience = 1
		}
	case w.sent >= w.budget:
		b.level = max(b.level, w.level)
		b.patience, b.step = min(b.patience, cutPatience), min(2*b.step, longestStep)
		b.probe()
	}
}

// cleared takes a window that was used up without a refusal.
func (b *budget) cleared() {
	b.inRow++
	b.proven = max(b.proven, b.inRow)
	if b.clean++; b.clean >= b.patience {
		b.probe()
	}
}

func (b *budget) probe() {
	if b.level < b.full && !b.probing {
		b.trial, b.probing = min(b.full, b.level+b.step), true
	}
}

// fits is how many requests would have gone through: those that were accepted, with what earlier ones took of the window. Where the gate
// closed early that says little, and half is as far as it goes.
func (w *window) fits() int {
	return max(1, min(w.level-w.refused, max(w.sent-w.refused+w.level-w.budget, w.level/2)))
}

// doubt weighs whether refusals are what a limit by clock seconds explains. Another client that uses up part of each second does not look
// like another way of counting: the requests that it crowds out are the last of their second, the canary among them.
type doubt struct {
	left   int           // windows that go on with a canary
	lag    time.Duration // by which the limiter's clock is behind the Date clock
	points int
	bad    int // windows with refusals
}

const (
	doubtWindows = 60
	doubtEnough  = 6
	doubtHaste   = 3
	doubtGap     = 300 * time.Millisecond // packets hardly overtake each other by that much
	lagStep      = 20 * time.Millisecond
	longestLag   = 200 * time.Millisecond
)

// weigh takes a window that is over. It returns true when its refusals were explained by the limiter's clock being behind.
func (d *doubt) weigh(w *window, r rtt) bool {
	if w.refused == 0 {
		return false
	}
	accepted := w.canary == canaryAccepted || w.canary == canarySure
	if w.refusedBack > 0 && w.last < max(1, w.budget/4) && d.lag < longestLag && w.canary != canaryRefused && (accepted || w.sent > w.last+w.budget/4) {
		d.lag = min(2*d.lag+lagStep, longestLag) // only the first were refused: they came before the tick
		return true
	}
	d.left = doubtWindows
	d.bad++
	if w.refusedBack == 0 {
		return false
	}
	after := w.refusedBack < w.canarySent // it cannot have arrived before the one that was refused
	if !after && w.canarySent-w.refusedSent < doubtGap {
		return false
	}
	switch {
	case w.canary == canaryRefused:
		d.points = max(-doubtEnough, d.points-2)
	case !accepted:
	case w.canary == canarySure && after:
		d.points += doubtEnough // proof, if the limiter and Date share a clock
	case w.canary == canarySure, r.shortest > 250*time.Millisecond: // Date cannot tell where answers take so long
		d.points += 3
	default:
		d.points++
	}
	return false
}

// unexplained says that the server does not count by the clock second that was learnt.
func (d *doubt) unexplained() bool { return d.points >= doubtEnough }
