package attiotest

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Request is a line of the log.
type Request struct {
	At     time.Time // by the server's clock, when the answer was ready
	Method string
	Path   string // without the query string
	Query  string
	Body   []byte
	Status int
	Lost   bool // the client did not get the whole answer
}

// Counts sum up what was asked of a server.
type Counts struct {
	Requests    int // all that arrived
	Accepted    int // answered with a 2xx
	Refused     int // all others
	RateLimited int // of those, with a 429
	Lost        int // whose answer did not arrive
}

// log is what tests look at afterwards. It has a lock of its own, so that it never waits for a write.
type log struct {
	mu      sync.Mutex
	keep    int
	lines   []Request
	counts  Counts
	strange []string
}

// add notes a request once its answer is ready, in the order of answers.
func (l *log) add(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts.Requests++
	switch {
	case r.Status >= 200 && r.Status < 300:
		l.counts.Accepted++
	case r.Status != 0:
		l.counts.Refused++
	}
	if r.Status == 429 {
		l.counts.RateLimited++
	}
	if r.Lost {
		l.counts.Lost++
	}
	if l.keep <= 0 {
		return
	}
	if len(l.lines) >= 2*l.keep { // now and then, not at every line
		l.lines = append(l.lines[:0:0], l.lines[len(l.lines)-l.keep:]...)
	}
	l.lines = append(l.lines, r)
}

// unhandled remembers what a client should never have sent.
func (l *log) unhandled(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.strange = append(l.strange, what)
}

// Requests returns the log, oldest first, no more than Options.KeepRequests of it.
func (s *Server) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Clone(s.log.lines[max(0, len(s.log.lines)-max(s.log.keep, 0)):])
}

// Counts returns the sums since the start.
func (s *Server) Counts() Counts {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return s.log.counts
}

// Unhandled returns what no Attio answers: "GET /v2/objects/people/records", and requests with an Idempotency-Key. A
// test should require it to be empty.
func (s *Server) Unhandled() []string {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Clone(s.log.strange)
}

// Count is how many records an object has; -1 where there is no such object.
func (s *Server) Count(object string) int {
	done := s.reading()
	defer done()
	if o := s.ws.object(object); o != nil {
		return len(o.records)
	}
	return -1
}

// Records returns an object's records, ascending record_id, in the form that seeds have.
func (s *Server) Records(object string) []Record { return s.Find(object, "", "") }

// Find returns the records that hold a value: the address of an e-mail, the id of a reference, the text or number as
// text, the title of an option. An empty slug finds all.
func (s *Server) Find(object, slug, want string) []Record {
	done := s.reading()
	defer done()
	list := []Record{}
	o := s.ws.object(object)
	if o == nil {
		return list
	}
	a := o.attribute(slug)
	for rec := range o.order.all() {
		fits := slug == "" || a != nil && slices.ContainsFunc(rec.view(rec.slots, a), func(v value) bool {
			chosen, isOption := v.body.(*option)
			return a.keyOf(v.body) == want || isOption && chosen.title == want
		})
		if fits && !rec.gone {
			list = append(list, rec.dump())
		}
	}
	return list
}

// Insert makes a record behind the clients' back, as a member of the workspace would. The values are in write form and
// are checked as the API checks them, except that read-only attributes may be given; limits and faults do not apply.
func (s *Server) Insert(slug string, values map[string]any) (id string, err error) {
	err = s.edit(slug, func(w *write) error {
		rec := &record{object: w.object, id: s.ids.next(), created: w.at, by: w.by}
		id = rec.id.String()
		w.create = true
		return w.applyMap(rec, values)
	})
	return id, err
}

// Set changes a record behind the clients' back; several values become exactly those given.
func (s *Server) Set(slug, id string, values map[string]any) error {
	return s.edit(slug, func(w *write) error {
		w.replace = true
		return w.applyMap(w.object.find(id), values)
	})
}

// Remove deletes a record behind the clients' back.
func (s *Server) Remove(slug, id string) error {
	return s.edit(slug, func(w *write) error {
		w.remove(w.object.find(id))
		return nil
	})
}

// edit runs a change under the write lock, as the first member of the workspace: seen by the clients, it is somebody
// else's.
func (s *Server) edit(slug string, do func(*write) error) (err error) {
	s.settle()
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.ws.object(slug)
	if o == nil {
		return fmt.Errorf("there is no object %q", slug)
	}
	by := newActor("workspace-member", s.ws.members[0].ID)
	w := &write{trusted: true, object: o, by: by, at: s.now().UnixMilli(), lag: s.o.Lag}
	if r := attempt(func() { err = do(w) }); r != nil {
		return fmt.Errorf("%s: %s", r.Message, encode(r.Items))
	}
	return err
}

// applyMap takes values as Go maps. They go through JSON, so that they are read just as a request's are.
func (w *write) applyMap(rec *record, values map[string]any) error {
	data, err := json.Marshal(values) // keys in order, so that runs repeat
	if err != nil {
		return err
	}
	tree, err := parseJSON(data)
	if err != nil {
		return err
	}
	obj, _ := tree.(fields) // nil values: none
	w.apply(rec, obj)
	return nil
}
