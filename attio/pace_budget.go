package attio

import "time"

// budget decides how many requests go in a server second. The limit is the whole workspace's and Attio lowers it during incidents, so that
// it may be less than what is allowed: refusals that persist cut it, and after clean windows it probes its way back by 1, 2, 4, 8.
type budget struct {
	full     int // what is allowed
	level    int // what windows get now
	good     int // the last that was seen to be clean
	step     int // of the next probe
	patience int // clean windows before the next probe
	clean    int // clean windows in a row
	row      int // bad windows in a row
	since    int64
	inRow    int // windows of all that is allowed, clean and one after the other
	proven   int // the most of those
}

const (
	longestPatience = 64
	longestStep     = 8
	manyRefusals    = 3 // in one window: no accident
)

func newBudget(full, level int) budget {
	return budget{full: full, level: level, good: level, step: 1, patience: 1}
}

// learn takes a window that is over; second is the one that goes on. Windows that began before the last change took effect teach nothing:
// their refusals were those that led to it.
func (b *budget) learn(w *window, second int64) {
	if w.refused > 0 {
		b.inRow = 0
	}
	if w.second < b.since {
		return
	}
	switch {
	case w.refused == 0 && (w.sent >= w.budget):
		b.cleared(w, second)
	case w.refused == 0:
	case w.probe:
		b.change(b.good, second)
		b.patience, b.step = min(2*b.patience, longestPatience), 1
	default:
		b.clean = 0
		if b.row++; b.row >= 2 || w.refused >= manyRefusals {
			// What was accepted fits, with what earlier requests took of the window; where the gate closed early that is little.
			fits := w.sent - w.refused + w.level - w.budget
			b.good = max(1, min(w.level-w.refused, max(fits, w.level/2)))
			b.change(b.good, second)
			b.step = 1
		}
	}
}

// cleared takes a window that was used up without a refusal.
func (b *budget) cleared(w *window, second int64) {
	b.row = 0
	if b.inRow++; w.budget < b.full {
		b.inRow = 0
	}
	b.proven = max(b.proven, b.inRow)
	if w.probe {
		b.good = w.level
		b.step = min(2*b.step, longestStep)
		b.patience = max(1, b.patience/2)
	} else if b.clean++; b.clean < b.patience {
		return
	}
	if b.good < b.full {
		b.change(min(b.full, b.good+b.step), second)
	}
}

// change sets the level from the next window on.
func (b *budget) change(level int, second int64) {
	b.level, b.since = level, second+1
	b.clean, b.row = 0, 0
}

// doubt weighs whether refusals are what a limit by clock seconds explains. Another client that uses up part of each second does not look
// like another way of counting: the requests that it crowds out are the last of their second, the canary among them.
type doubt struct {
	left   int           // windows that go on with a canary
	lag    time.Duration // by which the limiter's clock is behind the Date clock
	points int
}

const (
	doubtWindows = 60
	doubtEnough  = 6
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
	if w.refusedBack == 0 {
		return false
	}
	after := w.refusedBack < w.canarySent // it cannot have arrived before the one that was refused
	switch {
	case w.canary == canaryRefused:
		d.points = max(0, d.points-2)
	case !accepted || !after && w.canarySent-w.refusedSent < doubtGap:
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
