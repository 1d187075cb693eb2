package attio

import (
	"sort"
	"time"
)

// window is one server second as this pacer used it.
type window struct {
	second int64
	start  time.Duration // local time from which requests go
	budget int           // how many may go
	level  int           // the controller's budget, of which late arrivals of earlier requests were taken off
	gap    time.Duration // between two requests
	probe  bool          // level was higher than what is known to be good

	sent     int
	answered int
	refused  int
	last     int  // the place of the last refused one, the canary not counted
	late     bool // its first request went when the second was well under way: it shows nothing of what fits in a whole one
	shut     bool // a request was refused: the rest of the second is closed
	canary   canary

	// The first refused request, the canary not counted: when it was sent, and when the first refusal was back. 0 for none.
	refusedSent, refusedBack time.Duration
	canarySent               time.Duration
}

const (
	windowLead    = 10 * time.Millisecond  // between the tick and the first request
	windowStretch = 340 * time.Millisecond // over which a window's requests are spread
	windowCanary  = 110 * time.Millisecond // after the rest of the window
	windowCarry   = 500 * time.Millisecond // a request arrives within this time
	windowKept    = 3                      // windows to wait for answers before one is judged
)

// slot is when the next request of the window may go; ok is false when none may.
func (w *window) slot(last time.Duration) (at time.Duration, ok bool) {
	if w.canaryNext() {
		return w.start + time.Duration(w.budget)*w.gap + windowCanary, true
	}
	if w.shut || w.sent >= w.budget {
		return 0, false
	}
	return max(w.start+time.Duration(w.sent)*w.gap, last+w.gap), true
}

// canaryNext says that the next request is the window's canary, which goes also where one was refused.
func (w *window) canaryNext() bool {
	return w.canary == canaryDue && w.sent > 0 && (w.shut || w.sent == w.budget-1)
}

// windows sends each server second's budget early in that second, which leaves the rest of the second for packets that are late. A
// window's budget is decided when the window begins.
type windows struct {
	clock  *clock
	budget budget
	doubt  doubt

	now    *window
	before []*window // not judged yet
	sends  []time.Duration
	rtt    rtt
}

// begin locks on, with the window that is due.
func (ws *windows) begin(local time.Duration) {
	ws.now = &window{second: ws.clock.second(local-windowLead-ws.doubt.lag) - 1, shut: true}
	ws.before = nil
}

// opening is the local time at which a server second's window begins.
func (ws *windows) opening(second int64, local time.Duration) time.Duration {
	return ws.clock.tick(second, local) + windowLead + ws.doubt.lag
}

// roll begins the window of the local time if it is a new one.
func (ws *windows) roll(local time.Duration) {
	second := ws.clock.second(local - windowLead - ws.doubt.lag)
	if second <= ws.now.second {
		return
	}
	ws.before = append(ws.before, ws.now)
	ws.judge(second)
	w := &window{second: second, start: ws.opening(second, local)}
	w.level, w.probe = ws.budget.next()
	// The gap is that of a full window: of two clients that share, the one that takes more sends last and is refused first.
	w.gap = windowStretch / time.Duration(ws.budget.full)
	w.budget = max(1, w.level-ws.carried(w.start))
	if ws.doubt.left > 0 {
		ws.doubt.left--
		w.canary = canaryDue
	}
	ws.now = w
}

// carried counts the requests sent before a window that may arrive in it.
func (ws *windows) carried(start time.Duration) int {
	from := start - windowCarry
	if ws.rtt.longest > 0 {
		from = max(from, start-ws.rtt.longest-20*time.Millisecond)
	}
	first := sort.Search(len(ws.sends), func(i int) bool { return ws.sends[i] > from })
	return len(ws.sends) - first
}

// next is the local time at which the next request may go.
func (ws *windows) next(local time.Duration) time.Duration {
	ws.roll(local)
	var last time.Duration
	if len(ws.sends) > 0 {
		last = ws.sends[len(ws.sends)-1]
	}
	end := ws.opening(ws.now.second+1, local)
	if at, ok := ws.now.slot(last); ok && at < end {
		return at
	}
	return end
}

// take counts a request into the window; place is its place there, -1 for the canary.
func (ws *windows) take(local time.Duration) (w *window, place int) {
	w = ws.now
	place = w.sent
	if w.canaryNext() {
		w.canary = noCanary
		if local < w.start+time.Duration(w.budget)*w.gap+windowCanary+50*time.Millisecond {
			w.canary, w.canarySent, place = canaryGone, local, -1
		}
		w.shut = true // nothing goes after it
	}
	if w.sent == 0 {
		w.late = local-w.start > windowStretch/2
	}
	w.sent++
	return w, place
}

// left notes that a request went, in any way of pacing, and returns how many went in the second before.
func (ws *windows) left(local time.Duration) int {
	first := sort.Search(len(ws.sends), func(i int) bool { return ws.sends[i] > local-time.Second })
	ws.sends = append(ws.sends[:0], ws.sends[first:]...)
	ws.sends = append(ws.sends, local)
	return len(ws.sends)
}

// landed counts an answer into its window.
func (ws *windows) landed(w *window, place int, sent, received time.Duration, a answer) {
	w.answered++
	if a.limited {
		w.refused++
		w.shut = true
	}
	switch {
	case place < 0 && a.limited:
		w.canary = canaryRefused
	case place < 0 && a.status != 0 && a.date.Unix() == w.second:
		w.canary = canarySure
	case place < 0 && a.status != 0:
		w.canary = canaryAccepted
	case a.limited:
		if w.refusedBack == 0 {
			w.refusedSent, w.refusedBack = sent, received
		}
		w.refusedSent = min(w.refusedSent, sent)
		w.last = max(w.last, place)
	}
	ws.judge(ws.now.second)
}

// judge learns from the windows that are over and answered, or that are long over.
func (ws *windows) judge(second int64) {
	kept := ws.before[:0]
	for _, w := range ws.before {
		if w.answered < w.sent && second-w.second < windowKept {
			if w.refused >= manyRefusals && !w.probe && w.second >= ws.budget.since {
				ws.budget.learn(w, second) // no need to wait for the rest
			}
			kept = append(kept, w)
			continue
		}
		if w.sent == 0 || ws.doubt.weigh(w, ws.rtt) {
			ws.budget.skip(w)
			continue
		}
		if ws.budget.first && w.refused > 0 {
			ws.doubt.bad = doubtHaste + 1 // so few are refused in any way of counting: somebody else is there
		}
		ws.budget.hasty = ws.doubt.points >= 0 && ws.doubt.bad <= doubtHaste
		ws.budget.learn(w, second)
	}
	ws.before = kept
}

// rtt is the span of answer times, lately.
type rtt struct{ shortest, longest time.Duration }

// hear takes one answer's time. Both ends creep inwards so that they follow a network that changes.
func (r *rtt) hear(d time.Duration) {
	if r.longest == 0 {
		r.shortest, r.longest = d, windowCarry
	}
	r.shortest = min(d, r.shortest+r.shortest/500)
	r.longest = max(d, r.longest-r.longest/500)
}
