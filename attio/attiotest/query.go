package attiotest

import (
	"bytes"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"sync"
)

// queryRecords answers POST …/records/query.
func (s *Server) queryRecords(c *call) (reply, *refusal) {
	o := s.ws.object(c.segs[0])
	if o == nil {
		return reply{}, s.noObject(c.segs[0])
	}
	return s.query(c, o)
}

// query answers a query of an object or a list.
func (s *Server) query(c *call, o *object) (reply, *refusal) {
	q, r := s.readQuery(c, o)
	if r != nil {
		return reply{}, r
	}
	for _, l := range c.lies {
		l.bend(&q)
	}
	page, matching := s.run(o, q, c.now)
	score := 0
	if len(q.sorts) > 0 {
		n := matching
		if s.o.Readings.ScoreByRows {
			n = len(page)
		}
		score = queryScore(n)
	}
	b := make([]byte, 0, 64+len(page)*o.typical(page, c.now))
	b = append(b, `{"data":[`...)
	for i, rec := range page {
		if i > 0 {
			b = append(b, ',')
		}
		b = rec.appendSeen(b, c.now)
	}
	return reply{body: append(b, "]}"...), accurate: true, scored: true, score: score}, nil
}

// noObject refuses a query of an object that is not there. One of Attio's own that is switched off was seen to give a
// 400, of which neither code nor words are on record.
func (s *Server) noObject(slug string) *refusal {
	r := notFound("The referenced object was not found.")
	if slices.Contains([]string{"deals", "users", "workspaces"}, slug) && !s.o.Readings.AbsentNotFound {
		r.Status, r.Code, r.Message = http.StatusBadRequest, "validation_type", "The object is not enabled in this workspace."
	}
	return r
}

// typical guesses a record's size in JSON from the first one, so that a page grows its buffer once or not at all.
func (o *object) typical(page []*record, now int64) int {
	if len(page) == 0 {
		return 0
	}
	n := len(page[0].appendSeen(nil, now))
	return n + n/8
}

// queryScore follows the scores on record, 84, 108 and 125 for 5, 8 and 11 records of a sorted query.
func queryScore(n int) int {
	if n < 2 {
		return 0
	}
	return int(math.Round(36 * math.Log2(float64(n))))
}

// query is a query's body, read and compiled.
type query struct {
	filter        node
	all           bool // no filter
	sorts         []sorting
	limit, offset int
	key           string // what it shares with the queries for its other pages
}

// readQuery compiles a query's body; what it does not know it refuses, a misspelt "filters" above all.
func (s *Server) readQuery(c *call, o *object) (q query, r *refusal) {
	body, ok := c.body.(fields)
	if !ok {
		return q, badBody(wrongType(nil, "object", kindOf(c.body)))
	}
	q = query{limit: min(500, s.o.Readings.MaxQueryLimit), all: true}
	f := &compiler{object: o, now: c.now}
	for _, m := range body {
		switch m.name {
		case "filter":
			if q.filter, r = f.filter(m.value, nil); r == nil {
				r = s.tooManyValues(m.value)
			}
			obj, _ := m.value.(fields)
			q.all = len(obj) == 0
			q.key += fmt.Sprintf("%#v;", m.value)
		case "sorts":
			q.sorts, r = f.sorts(m.value)
			q.key += fmt.Sprintf("%#v;", m.value)
		case "limit":
			q.limit, r = s.count(m, 1)
			if r == nil && q.limit > s.o.Readings.MaxQueryLimit {
				if !s.o.Readings.ClampQueryLimit {
					return q, badBody(invalidItem(fmt.Sprintf("Number must be less than or equal to %d", s.o.Readings.MaxQueryLimit),
						"limit"))
				}
				q.limit = s.o.Readings.MaxQueryLimit
			}
		case "offset":
			q.offset, r = s.count(m, 0)
		case "filter_view_id":
			if _, both := body.get("filter"); both {
				r = badBody(invalidItem("Expected one of filter and filter_view_id", m.name))
			} else {
				r = notModelled(m.name)
			}
		default:
			r = badBody(unknownKey(m.name))
		}
		if r != nil {
			return q, r
		}
	}
	return q, nil
}

// count reads a limit or an offset.
func (s *Server) count(m field, least int) (int, *refusal) {
	n, ok := m.value.(number)
	if !ok {
		return 0, badBody(wrongType([]any{m.name}, "number", kindOf(m.value)))
	}
	v, err := strconv.Atoi(string(n))
	if err != nil || v < least {
		return 0, badBody(invalidItem(fmt.Sprintf("Number must be an integer greater than or equal to %d", least), m.name))
	}
	return v, nil
}

// run finds a query's page and how many records match in all.
func (s *Server) run(o *object, q query, now int64) (page []*record, matching int) {
	late := len(s.ws.lagging) > 0
	if q.all && len(q.sorts) == 0 && !late && s.o.Readings.Order == ByRecordID {
		return o.order.page(q.offset, q.limit), o.order.n
	}
	all := s.results.get(o, q.key, s.ws.writes, !late, func() ([]*record, bool) { return s.find(o, q, now) })
	from := min(q.offset, len(all))
	return all[from:min(from+q.limit, len(all))], len(all)
}

// find evaluates a query wholly. keep says that the result cost enough to be worth keeping for the next page.
func (s *Server) find(o *object, q query, now int64) (found []*record, keep bool) {
	take := func(rec *record) bool {
		if slots, there := rec.seen(now); there && (q.all || q.filter.match(rec, slots)) {
			found = append(found, rec)
		}
		return true
	}
	if q.filter.pick == nil {
		o.order.all(take)
		keep = q.key != "" && s.o.Readings.Ties != TiesUnstable && s.o.Readings.Order != Unordered
	} else {
		candidates := q.filter.pick()
		for rec := range s.ws.lagging { // their old values stand in no index any more
			if rec.object == o {
				candidates = append(candidates, rec)
			}
		}
		slices.SortFunc(candidates, func(a, b *record) int { return bytes.Compare(a.id[:], b.id[:]) })
		for _, rec := range slices.Compact(candidates) {
			take(rec)
		}
	}
	s.arrange(found, q.sorts, now)
	return found, keep
}

// results keeps the last few whole results, so that paging through a sorted object does not sort it for every page.
type results struct {
	mu   sync.Mutex
	kept []result
}

// result is good for as long as nothing is written.
type result struct {
	object *object
	key    string
	writes int64
	found  []*record
}

// get gives a kept result, or finds and keeps it.
func (x *results) get(o *object, key string, writes int64, usable bool, find func() ([]*record, bool)) []*record {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, r := range x.kept {
		if usable && r.object == o && r.key == key && r.writes == writes {
			return r.found
		}
	}
	found, keep := find()
	if keep && usable {
		x.kept = append(x.kept, result{o, key, writes, found})
		if len(x.kept) > 4 {
			x.kept = slices.Clone(x.kept[1:])
		}
	}
	return found
}
