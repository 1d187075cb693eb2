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
			// What was accepted, and what earlier requests took of the window, fits.
			b.good = max(1, min(w.level-w.refused, w.sent-w.refused+w.level-w.budget))
			b.change(b.good, second)
			b.step = 1
		}
	}
}

// cleared takes a window that was used up without a refusal.
func (b *budget) cleared(w *window, second int64) {
	b.row = 0
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
	lagStep      = 20 * time.Millisecond
	longestLag   = 200 * time.Millisecond
)

// weigh takes a window that is over. It returns true when its refusals were explained by the limiter's clock being behind.
func (d *doubt) weigh(w *window, r rtt) bool {
	if w.refused == 0 {
		return false
	}
	accepted := w.canary == canaryAccepted || w.canary == canarySure
	if w.early > 0 && w.last < max(1, w.budget/4) && d.lag < longestLag && w.canary != canaryRefused && (accepted || w.sent > w.last+w.budget/4) {
		d.lag += lagStep // only the first were refused: they came before the tick
		return true
	}
	d.left = doubtWindows
	if w.early == 0 {
		return false
	}
	switch {
	case w.canary == canarySure:
		d.points += 3
	case accepted && r.shortest > 250*time.Millisecond:
		d.points += 2 // Date cannot tell
	case accepted:
		d.points++
	case w.canary == canaryRefused:
		d.points = max(0, d.points-2)
	}
	return false
}

// unexplained says that the server does not count by the clock second that was learnt.
func (d *doubt) unexplained() bool { return d.points >= doubtEnough }
