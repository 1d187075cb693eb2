package attio

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
	first    bool  // no whole window has gone through yet, and none was refused
}

const (
	longestPatience = 64
	cutPatience     = 12
	longestStep     = 8
	surelyFree      = 4    // a probe of that step shows that the limit is no longer shared; a smaller one may have crowded out another client
	firstShare      = 0.64 // of what is allowed: two that begin together are refused a little, and split the second by that
	manyRefusals    = 3    // in one window: no accident
)

// newBudget begins with level, which even pacing has gone through with. Where nothing has been sent yet (untried), the first windows get
// less than all: an import that begins beside another has half as many refusals, and one that is alone loses a third of a second.
func newBudget(full, level int, untried bool) budget {
	b := budget{full: full, level: level, step: 1, patience: 1, first: untried && level == full}
	if b.first {
		b.level = max(1, int(firstShare*float64(full)))
	}
	return b
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
		switch {
		case b.first && w.sent >= w.level && !w.late:
			b.level, b.first = b.full, false
		case !b.first && w.sent >= w.budget && w.second >= b.since:
			b.cleared()
		}
		return
	}
	b.clean, b.first = 0, false
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
		if w.refused >= manyRefusals {
			b.patience /= 2 // it may be too much that was cut
		}
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
		if b.step >= surelyFree {
			b.patience = min(b.patience, cutPatience)
		}
		b.step = min(2*b.step, longestStep)
		b.probe()
	}
}

// halve begins again with care, after a pause.
func (b *budget) halve() {
	b.level, b.clean, b.step = max(1, b.level/2), 0, 1
	b.patience = min(b.patience, 1)
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
