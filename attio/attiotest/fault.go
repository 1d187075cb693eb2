package attiotest

import (
	"cmp"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Fault is a rule by which requests go wrong. Its first fields say which requests, the others what becomes of them;
// what stands at zero asks for nothing.
type Fault struct {
	Method string // "POST"; "read" and "write" stand for all of a kind; "": any
	Path   string // a part of the path, "/query"; "": any
	// Match narrows it further by the whole request; nil: any. It must not keep the request.
	Match func(r *http.Request, body []byte) bool
	// Pages narrows it to some queries. A rule with Pages or a Lie speaks of queries only.
	Pages Pages

	// N selects only the Nth request that fits, counted from 1; Every selects every Every-th. Burst extends either to
	// that many in a row, and without them selects the first Burst requests. All zero: every request that fits.
	N, Every, Burst int
	// Times is how often the rule acts at most; 0: no end.
	Times int
	// Chance is the probability with which it acts on a request that is left; 0: certainly.
	Chance float64

	// After lets the work be done first: the answer lies about it, or is lost.
	After bool

	Status  int    // an error answer instead of the right one
	Code    string // its code; "" for the usual one of the status
	Message string // its message; "" for the usual one of the code
	// RetryAfter is the form of a 429's header: "" or "date" (the next second), "seconds", "past", "far", "garbage",
	// "none", or any other text as it stands.
	RetryAfter string
	Text       string // a body that is not JSON, with Status, or with 200 where that is zero

	Drop     bool // the connection breaks before a byte of the answer
	Refuse   bool // there is no connection: in process a dial error, on a port the same as Drop
	HalfRead bool // the connection breaks while the request is half read; Match sees no body
	Truncate bool // the connection breaks in the middle of the answer's body; the work is done

	Latency time.Duration // more of it
	Skew    time.Duration // added to the answer's Date
	Lag     time.Duration // more until this write is visible to queries
	Lie     Lie           // which rows a query's answer has

	Before    func() // called before the work; it may hold the request
	Committed func() // called after the work, before the answer
}

// rule is a fault with its counters.
type rule struct {
	Fault
	seen, done int
}

// faults are the rules of a server that runs.
type faults struct {
	mu    sync.Mutex
	rules []*rule
}

// AddFault adds a rule to a server that runs. Its requests are counted from now on.
func (s *Server) AddFault(f Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.rules = append(s.faults.rules, &rule{Fault: f})
}

// ClearFaults removes all rules.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.rules = nil
}

// effects are what the rules together do to one request.
type effects struct {
	instead           func(*Server) *answer
	after             bool
	cut               cut
	latency           time.Duration
	skew              time.Duration
	lag               time.Duration
	lies              []Lie
	before, committed []func()
}

// half reports whether a request is to break off half read. Such a rule is asked before there is a body.
func (x *faults) half(r *http.Request, chance *source) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, f := range x.rules {
		if f.HalfRead && f.fits(r, nil) && f.due(chance.unit()) {
			return true
		}
	}
	return false
}

// pick asks all other rules; the first one that gives an answer of its own decides that.
func (x *faults) pick(r *http.Request, body []byte, chance *source) (e effects) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, f := range x.rules {
		if f.HalfRead || !f.fits(r, body) || !f.due(chance.unit()) {
			continue
		}
		e.latency += f.Latency
		e.skew += f.Skew
		e.lag += f.Lag
		e.lies = append(e.lies, f.Lie)
		if f.Before != nil {
			e.before = append(e.before, f.Before)
		}
		if f.Committed != nil {
			e.committed = append(e.committed, f.Committed)
		}
		if e.instead != nil || e.cut != cutNothing {
			continue
		}
		e.after = f.After
		switch {
		case f.Refuse:
			e.cut, e.after = cutDial, false
		case f.Drop:
			e.cut = cutAll
		case f.Truncate:
			e.cut, e.after = cutBody, true
		}
		if f.Status != 0 || f.Text != "" {
			e.instead = f.answer
		}
	}
	return e
}

// fits reports whether the rule speaks of a request.
func (f *Fault) fits(r *http.Request, body []byte) bool {
	switch f.Method {
	case "", r.Method:
	case "read", "write":
		found, _ := findRoute(r.Method, r.URL.EscapedPath())
		if found == nil || found.write != (f.Method == "write") {
			return false
		}
	default:
		return false
	}
	if (f.Pages != Pages{} || f.Lie != Lie{}) && !(strings.HasSuffix(r.URL.Path, "/query") && f.Pages.fit(body)) {
		return false
	}
	return strings.Contains(r.URL.Path, f.Path) && (f.Match == nil || f.Match(r, body))
}

// due counts a request that fits and reports whether the rule acts on it.
func (f *rule) due(chance float64) bool {
	f.seen++
	burst := max(f.Burst, 1)
	switch {
	case f.N > 0 && (f.seen < f.N || f.seen >= f.N+burst),
		f.N == 0 && f.Every > 0 && (f.seen < f.Every || f.seen%f.Every >= burst),
		f.N == 0 && f.Every == 0 && f.Burst > 0 && f.seen > f.Burst,
		f.Times > 0 && f.done >= f.Times,
		f.Chance > 0 && chance >= f.Chance:
		return false
	}
	f.done++
	return true
}

// usual are the code and message that an answer of a status has where the rule names none.
var usual = map[int][3]string{
	400: {invalidRequest, "merge_in_progress", "The record is being merged. Please try again later."},
	401: {authError, "unauthorized", "The API Key provided could not be found. This is most commonly caused by the " +
		"token having been revoked."},
	403: {authError, "unauthorized", "You do not have the necessary permissions to create this record."},
	404: {invalidRequest, "not_found", "Not found."},
	409: {invalidRequest, "concurrent_write_conflict",
		"The record was modified by another request while this write was being validated. Please try again."},
	429: {"rate_limit_error", "rate_limit_exceeded", "Rate limit exceeded, please try again later"},
}

// byCode are the messages of codes that share a status with others.
var byCode = map[string]string{
	"quota_exceeded":          "You have met your plan's object limit.",
	"billing_error":           "Your plan does not include this feature.",
	"particle_gate_violation": "This workspace may not use this feature.",
}

// answer is the error that the rule makes. From 500 on it is plain text, as what stands in front of Attio gives.
func (f *rule) answer(s *Server) *answer {
	u, known := usual[f.Status]
	text := f.Text
	if text == "" && !known && f.Code == "" {
		text = http.StatusText(f.Status)
	}
	if text != "" {
		a := s.answer(cmp.Or(f.Status, http.StatusOK), []byte(text))
		a.header.Set("Content-Type", "text/plain; charset=utf-8")
		return a
	}
	a := s.refused(&refusal{Status: f.Status, Type: cmp.Or(u[0], invalidRequest), Code: cmp.Or(f.Code, u[1]),
		Message: cmp.Or(f.Message, byCode[f.Code], u[2])})
	if v := f.retryAfter(s.now()); v != "" && f.Status == http.StatusTooManyRequests {
		a.header.Set("Retry-After", v)
	}
	return a
}

// retryAfter is the header in the form that the rule asks for. Attio's own is a date of whole seconds, mostly the next.
func (f *rule) retryAfter(now time.Time) string {
	ahead := map[string]time.Duration{"": time.Second, "date": time.Second, "past": -time.Minute, "far": time.Hour}
	if d, known := ahead[f.RetryAfter]; known {
		return now.Add(d).UTC().Format(http.TimeFormat)
	}
	if text, known := map[string]string{"seconds": "1", "garbage": "soon, perhaps", "none": ""}[f.RetryAfter]; known {
		return text
	}
	return f.RetryAfter
}
