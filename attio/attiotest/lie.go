package attiotest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Lie is how a pager goes wrong: the answer to a query is right in all but which rows it has. What stands at zero is
// answered truthfully. Where several lies are told of one query, each bends what the one before it left.
type Lie struct {
	IgnoreOffset bool // the first page, whatever the offset
	Repeat       bool // the page before the one that was asked for
	Empty        bool // no rows
	Clamp        int  // at most Clamp rows are answered, however many were asked for; 0: as many as were
	Stop         int  // rows after the Stop-th are withheld; 0 withholds none
}

// bend changes which rows are looked up for a query.
func (l Lie) bend(q *query) {
	if l.Repeat {
		q.offset = max(0, q.offset-q.limit)
	}
	if l.IgnoreOffset {
		q.offset = 0
	}
	if l.Clamp > 0 {
		q.limit = min(q.limit, l.Clamp)
	}
	if l.Stop > 0 {
		q.limit = max(0, min(q.limit, l.Stop-q.offset))
	}
	if l.Empty {
		q.limit = 0
	}
}

// Pages says of which queries a fault speaks, by their bodies. The zero value is all of them, and all other requests.
type Pages struct {
	Unsorted bool // without sorts
	From     int  // whose offset is this at least
	To       int  // and this at most; 0: no bound
}

// fit tells whether a request's body is of such a query.
func (p Pages) fit(body []byte) bool {
	if p == (Pages{}) {
		return true
	}
	var q struct {
		Sorts  json.RawMessage
		Offset int
	}
	if json.Unmarshal(body, &q) != nil {
		return false
	}
	return (!p.Unsorted || q.Sorts == nil) && q.Offset >= p.From && (p.To == 0 || q.Offset <= p.To)
}

// offsets reads A, A- or A-B.
func (p *Pages) offsets(text string) (err error) {
	from, to, ranged := strings.Cut(text, "-")
	if p.From, err = strconv.Atoi(from); err == nil && to != "" {
		p.To, err = strconv.Atoi(to)
	} else if !ranged {
		p.To = p.From
	}
	if err != nil || p.From < 0 || p.To < p.From && to != "" || p.From == 0 && p.To == 0 {
		return fmt.Errorf("offset wants a number from 1 on, or two such as 500-999 or 500-, not %q", text)
	}
	return nil
}
