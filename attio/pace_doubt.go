package attio

import "time"

// doubt weighs whether refusals are what a limit by clock seconds explains. Another client that uses up part of each second does not look
// like another way of counting: the requests that it crowds out are the last of their second, the canary among them.
// With a sliding second it is different: a request is refused because of what the window before sent, and a later one of the same window
// goes through. So the last request of a window is held back as a canary, which costs nothing, and only what cannot have been overtaken
// on the way is taken as evidence.
type doubt struct {
	left   int           // windows that go on with a canary
	lag    time.Duration // by which the limiter's clock is behind the Date clock
	points int           // for another way of counting
	bad    int           // windows with refusals
}

// canary is one request of a window's budget that is held back until the stretch has surely arrived. By clock second a server that has
// refused one request of a second refuses all that come after it in that second: a canary that is accepted shows that it counts otherwise.
type canary int

const (
	noCanary canary = iota
	canaryDue
	canaryGone
	canaryRefused
	canaryAccepted // stamped in the second after: it may have arrived late
	canarySure     // stamped in its own second
)

const (
	doubtWindows = 60
	doubtEnough  = 6
	doubtHaste   = 3                      // bad windows within which to find out quickly
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
