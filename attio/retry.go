package attio

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	firstRest   = 500 * time.Millisecond
	longestRest = 15 * time.Second
	// attempts of a repeatable write with an unknown outcome, and of a read while nothing has worked yet
	maxLost      = 5
	maxPatience  = 2 * time.Minute // for failures of which the request took no harm
	maxFirstDial = 4               // attempts to reach a server that has never answered: it may not be one
	maxQueryRate = 8               // 429s in a row after which a query is too costly as it is
)

// patience decides how long one request is repeated.
type patience struct {
	once   bool // a create
	search bool // a query
	read   bool // can be repeated without harm

	lost    int       // unknown outcomes
	unsent  int       // attempts that did not leave
	limited int       // 429s in a row
	rests   int       // in a row, for the backoff
	since   time.Time // of the first of a row of failures without harm
}

// after reports whether the request goes again after a failure, and when. answered says that the server has answered
// before, worked that a request has succeeded: then what does not get through is a matter of time.
func (p *patience) after(e *Error, rep reply, answered, worked bool) (time.Duration, bool) {
	if e.limited() && e.Class == NotProcessed {
		p.limited++
		p.since, p.rests = time.Time{}, 0
		return 0, !p.search || p.limited < maxQueryRate // the pacer's gate is the wait
	}
	p.limited = 0
	switch e.Class {
	case NotProcessed:
		return p.harmless()
	case NotSent:
		if p.unsent++; !answered && p.unsent >= maxFirstDial {
			return 0, false
		}
		return p.harmless()
	case Unknown:
		var wait time.Duration
		if p.read && worked {
			rest, again := p.harmless()
			if !again {
				return 0, false
			}
			wait = rest
		} else {
			if p.lost++; p.once || p.lost >= maxLost {
				return 0, false
			}
			p.since = time.Time{}
			wait = p.rest()
		}
		if rep.header.Get("Retry-After") != "" { // of a 503
			wait = max(wait, min(retryAfter(rep.header, rep.date), maxPause))
		}
		return wait, true
	}
	return 0, false
}

// harmless bounds a row of failures by its time: what lasts for two minutes is told to the caller.
func (p *patience) harmless() (time.Duration, bool) {
	if p.since.IsZero() {
		p.since = time.Now()
	}
	wait := p.rest()
	return wait, time.Since(p.since)+wait <= maxPatience
}

// rest is the next wait: it doubles, and is scattered by a quarter up and down, so that workers that failed together do
// not come again together.
func (p *patience) rest() time.Duration {
	d := longestRest
	if p.rests < 5 {
		d = firstRest << p.rests
	}
	p.rests++
	return d*3/4 + rand.N(d/2)
}

const (
	minPause     = 250 * time.Millisecond
	defaultPause = time.Second
	maxPause     = time.Minute         // a longer one stops the run, which can be resumed
	longestPause = 30 * 24 * time.Hour // more than anybody means; keeps arithmetic sane
)

// retryAfter is how long the server asks to wait: Attio gives the date at which its limit resets, usually the next
// second (docs.attio.com/rest-api/guides/rate-limiting); seconds are read too. A date is measured against the same
// answer's Date, since the local clock may be wrong by minutes; without a Date against now, the server's clock as
// known, where it is. What is absent, unreadable or past counts as a second; 250 ms is the least.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseInt(v, 10, 64); err == nil {
		if seconds < 0 {
			return defaultPause
		}
		return max(minPause, time.Duration(min(seconds, int64(longestPause/time.Second)))*time.Second)
	}
	until, err := http.ParseTime(v)
	if err != nil {
		return defaultPause
	}
	if date := dateOf(h); !date.IsZero() {
		now = date
	}
	if now.IsZero() || until.Before(now) {
		return defaultPause
	}
	return min(max(minPause, until.Sub(now)), longestPause)
}

// dateOf is the answer's Date; the zero time where it is absent or unreadable.
func dateOf(h http.Header) time.Time {
	t, _ := http.ParseTime(h.Get("Date")) // the zero time with an error
	return t
}
