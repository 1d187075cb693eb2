package attiotest

import (
	"net/http"
	"sync"
	"time"
)

// limits counts requests and query scores. Only what is let through counts; a refused request costs nothing.
type limits struct {
	mu            sync.Mutex
	writes, reads limiter
	scores        []spent
}

// limiter is one of the two limits.
type limiter struct {
	most   int // negative: no limit
	second int64
	n      int
	recent []time.Time // of the sliding window
}

// spent is the score of a query that was let through.
type spent struct {
	at    time.Time
	score int
}

// SetLimits changes the limits while the server runs, as Attio may during incidents; negative: no limit.
func (s *Server) SetLimits(writes, reads int) {
	s.limits.mu.Lock()
	defer s.limits.mu.Unlock()
	s.limits.writes.most, s.limits.reads.most = writes, reads
}

// limited counts a request and refuses it where it is one too many. Requests to unknown routes count as reads.
func (s *Server) limited(found *route) *answer {
	l := &s.limits
	l.mu.Lock()
	defer l.mu.Unlock()
	of := &l.reads
	if found != nil && (found.write || s.o.Readings.QueriesAreWrites && found.method == http.MethodPost) {
		of = &l.writes
	}
	until, ok := of.take(s.now().Add(s.o.LimitSkew), s.o.Window)
	if ok {
		return nil
	}
	return s.tooMany(until.Add(-s.o.LimitSkew))
}

// take lets one through, or says from when on it may.
func (l *limiter) take(now time.Time, w Window) (until time.Time, ok bool) {
	if l.most < 0 {
		return now, true
	}
	if w == Sliding {
		for len(l.recent) > 0 && now.Sub(l.recent[0]) >= time.Second {
			l.recent = l.recent[1:]
		}
		if len(l.recent) < l.most {
			l.recent = append(l.recent, now)
			return now, true
		}
		if l.most == 0 {
			return now.Add(time.Second), false
		}
		return l.recent[len(l.recent)-l.most].Add(time.Second), false
	}
	if second := now.Unix(); second != l.second {
		l.second, l.n = second, 0
	}
	if l.n < l.most {
		l.n++
		return now, true
	}
	return now.Truncate(time.Second).Add(time.Second), false
}

// score adds a query's score to the budget of ten seconds, or says from when on the query will fit.
func (l *limits) score(now time.Time, score, most int) *time.Time {
	if most <= 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.scores) > 0 && now.Sub(l.scores[0].at) >= 10*time.Second {
		l.scores = l.scores[1:]
	}
	sum := score
	for _, s := range l.scores {
		sum += s.score
	}
	if sum <= most {
		l.scores = append(l.scores, spent{now, score})
		return nil
	}
	until := now.Add(10 * time.Second) // of a query that never fits
	for _, s := range l.scores {
		if sum -= s.score; sum <= most {
			until = s.at.Add(10 * time.Second)
			break
		}
	}
	return &until
}

// tooMany is the 429: not processed, with the HTTP date from which on a request may pass.
func (s *Server) tooMany(until time.Time) *answer {
	a := (&rule{Fault: Fault{Status: http.StatusTooManyRequests, RetryAfter: "none"}}).answer(s)
	a.header.Set("Retry-After", until.Add(time.Second-1).UTC().Format(http.TimeFormat)) // the next whole second
	return a
}
