package attiotest

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
)

// maxBody is how much of a request is read. Attio's limit is not known; a text may have 10 MB.
const maxBody = 12 << 20

// answer is what goes back on the wire.
type answer struct {
	status int
	header http.Header
	body   []byte
	cut    cut
}

// cut says where a connection breaks.
type cut int

const (
	cutNothing cut = iota
	cutAll         // no byte of the answer arrives
	cutBody        // half the body does
	cutDial        // there never was a connection
)

// exchange takes one request through: on the wire, the limits, the faults, the work, and back. pause sleeps; where it
// says that the client has gone, the work is done all the same, without further delay.
func (s *Server) exchange(r *http.Request, body []byte, pause func(time.Duration) bool) answer {
	if !pause(s.jitter()) {
		return answer{cut: cutAll} // it never arrived
	}
	f := s.faults.pick(r, body, s.ids)
	a := s.arrived(r, body, f, pause)
	s.log.add(Request{At: s.now(), Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Body: body, Status: a.status,
		Lost: a.cut != cutNothing})
	pause(s.jitter())
	if a.header != nil {
		a.pack(r)
	}
	return a
}

// jitter is one draw of it: requests on their way overtake each other, which is what breaks even pacing.
func (s *Server) jitter() time.Duration {
	if s.o.Jitter <= 0 {
		return 0
	}
	return time.Duration(s.ids.unit() * float64(s.o.Jitter))
}

// arrived handles a request from its arrival to its answer.
func (s *Server) arrived(r *http.Request, body []byte, f effects, pause func(time.Duration) bool) answer {
	if f.cut == cutDial {
		return answer{cut: cutDial}
	}
	found, segs := findRoute(r.Method, r.URL.EscapedPath())
	key, a := s.authorise(r, found)
	if a == nil {
		a = s.limited(found)
	}
	if a == nil && f.instead != nil && !f.after {
		a = f.instead(s)
	}
	pause(s.o.Latency + f.latency)
	if a == nil && f.cut == cutAll && !f.after {
		return answer{cut: cutAll}
	}
	for _, hook := range f.before {
		hook()
	}
	if a == nil {
		a = s.handle(r, body, found, segs, key, f)
		for _, hook := range f.committed {
			hook()
		}
	}
	if f.instead != nil && f.after {
		a = f.instead(s)
	}
	if f.cut != cutNothing {
		a.cut = f.cut
	}
	// Date is when the answer starts on its way, also of a refusal that was decided at the arrival.
	a.header.Set("Date", s.now().Add(f.skew).UTC().Format(http.TimeFormat))
	return *a
}

// handle does the work.
func (s *Server) handle(r *http.Request, body []byte, found *route, segs []string, key string, f effects) *answer {
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if r.Header.Get(name) != "" {
			// Attio knows none, and Go's transport takes it as leave to send a POST again by itself.
			s.log.unhandled(r.Method + " " + r.URL.Path + ": " + name)
			return s.refused(refuse(http.StatusInternalServerError, "idempotency_key", "attiotest: never send %s", name))
		}
	}
	if found == nil {
		s.log.unhandled(r.Method + " " + r.URL.Path)
		return s.refused(nowhere(r.Method, r.URL.EscapedPath(), r.URL.Path))
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return s.refused(invalid("Query params validation error."))
	}
	c := &call{s: s, ws: s.ws, route: found, segs: segs, query: query, key: key, lag: f.lag, lies: f.lies}
	var out reply
	if no := attempt(func() {
		c.body = requestBody(r, body, found.body)
		out = s.work(c)
	}); no != nil {
		if no.Status == http.StatusNotImplemented {
			s.log.unhandled(r.Method + " " + r.URL.Path)
		}
		return s.refused(no)
	}
	return s.accepted(c, out)
}

// requestBody reads a JSON body. What Attio answers to another content type, to what is no JSON and to a body where
// none belongs is not on record: here it is no body, with the words for one.
func requestBody(r *http.Request, body []byte, wanted bool) any {
	contentType := r.Header.Get("Content-Type")
	switch {
	case len(body) > maxBody:
		panic(refuse(http.StatusRequestEntityTooLarge, "content_too_large", "The request body is too large."))
	case !wanted && len(body) == 0:
		return nil
	case !wanted:
		panic(badBody(wrongType("undefined", "object")))
	case contentType != "application/json" && contentType != "application/json; charset=utf-8":
		panic(badBody(wrongType("object", "undefined")))
	}
	tree, err := parseJSON(body)
	if err != nil {
		panic(badBody(invalidItem("Invalid JSON")))
	}
	return tree
}

// work runs a handler under the lock that it needs.
func (s *Server) work(c *call) reply {
	s.settle()
	if c.route.write {
		s.mu.Lock()
		defer s.mu.Unlock()
	} else {
		s.mu.RLock()
		defer s.mu.RUnlock()
	}
	c.now = s.now().UnixNano() // under the lock, so that no write is stamped before one that it follows
	c.by = s.actor(c.key)
	return c.route.handle(c)
}

// accepted is a reply on the wire.
func (s *Server) accepted(c *call, out reply) *answer {
	if out.scored {
		if late := s.limits.score(s.now(), out.score, s.o.Readings.ScoreLimit); late != nil {
			return s.tooMany(*late)
		}
	}
	at := time.Unix(0, c.now).UTC().Truncate(time.Microsecond)
	a := s.answer(http.StatusOK, out.body)
	if out.scored {
		at = at.Truncate(time.Millisecond) // as was seen
		a.header.Set("X-Attio-Record-Query-Score", strconv.Itoa(out.score))
	}
	if out.accurate {
		a.header.Set("X-Accurate-At", at.Format(nanoForm))
	}
	return a
}

// settle does what has fallen due: versions that are no longer seen, and Attio's own enrichment.
func (s *Server) settle() {
	s.mu.RLock()
	idle := len(s.ws.lagging) == 0 && len(s.due) == 0
	s.mu.RUnlock()
	if idle {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now().UnixNano()
	s.enrich(now)
	s.ws.settle(now)
}

// answer gives a body the headers that every answer has.
func (s *Server) answer(status int, body []byte) *answer {
	return &answer{status: status, body: body, header: http.Header{
		"Content-Type":                {"application/json; charset=utf-8"},
		"X-Attio-Execution-Id":        {s.ids.next().String()},
		"Access-Control-Allow-Origin": {"*"},
		"Vary":                        {"Origin"},
		"Via":                         {"1.1 google"},
		"Server":                      {"cloudflare"},
		"Cf-Cache-Status":             {"DYNAMIC"},
	}}
}

// refused is a refusal on the wire.
func (s *Server) refused(r *refusal) *answer { return s.answer(r.Status, encode(r)) }

// reading takes the lock for looking at what the server holds now; the caller defers what it returns.
func (s *Server) reading() (done func()) {
	s.settle()
	s.mu.RLock()
	return s.mu.RUnlock
}

// smallest is the body size from which Attio compresses ("from about 140–236 bytes up").
const smallest = 200

// writers saves making a compressor, which is large, for each answer.
var writers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	return w
}}

// pack gives an answer its length on the wire, and compresses it where the client asked for that, as Go's transport
// does unless told otherwise: quick rather than small, since the sandbox shares its machine with the client.
func (a *answer) pack(r *http.Request) {
	if len(a.body) >= smallest && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		var out bytes.Buffer
		w := writers.Get().(*gzip.Writer)
		defer writers.Put(w)
		w.Reset(&out)
		_, _ = w.Write(a.body) // a buffer takes everything
		_ = w.Close()
		a.body = out.Bytes()
		a.header.Set("Content-Encoding", "gzip")
	}
	a.header.Set("Content-Length", strconv.Itoa(len(a.body)))
}
