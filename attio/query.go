package attio

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"sync"
)

// defaultLimit is Attio's own default for a query's page; its maximum is not documented.
const defaultLimit = 500

// Query is the body of a record query. The zero value asks for everything in Attio's own order.
type Query struct {
	Filter json.RawMessage // Attio's filter object; nil for none
	Sorts  json.RawMessage // Attio's array of sorts; nil for none
	Limit  int             // records a page; 0 for 500, Attio's default
	Offset int
	// KeepRaw keeps each record's own bytes in Record.Raw.
	KeepRaw bool
}

// Page is one answer to a Query.
type Page struct {
	Records []Record
	Offset  int // of the first record
	Score   int // x-attio-record-query-score: what the query cost of the workspace's budget of ten seconds

	room *room
}

// room is the memory of a page: the answer's body, the records whose values are parts of it, and their maps. A page has some 2 MB of it, most of
// what an export would otherwise have to allocate and collect.
type room struct {
	body    []byte
	records []Record
}

var rooms = sync.Pool{New: func() any { return new(room) }}

// Release gives the page's memory back, for pages to come. Its records must not be touched afterwards, nor their Values and Raw; their ID,
// CreatedAt and WebURL may be kept. A page that is never released is left to the garbage collector.
func (p *Page) Release() {
	if p.room != nil {
		rooms.Put(p.room)
	}
	p.room, p.Records = nil, nil
}

// QueryPage reads one page. A query that Attio keeps refusing for its rate, eight times in a row, is returned as an
// *Error of class NotProcessed with code rate_limit_exceeded: it may be too costly for the ten-second budget of scores
// (docs.attio.com/rest-api/guides/rate-limiting), and a smaller one may pass.
func (c *Client) QueryPage(ctx context.Context, object string, q Query) (Page, error) {
	if err := checkNames(object); err != nil {
		return Page{}, err
	}
	page := Page{Offset: q.Offset, room: rooms.Get().(*room)}
	_, err := c.do(ctx, &request{
		method: "POST", path: "/v2/objects/" + url.PathEscape(object) + "/records/query", body: q.body(), search: true, room: page.room,
		read: func(rep reply) (err error) {
			page.Score = scoreOf(rep.header)
			page.Records, err = decodePage(rep.body, q.KeepRaw, page.room)
			return err
		},
	})
	if err != nil {
		page.Release()
		return Page{}, err
	}
	return page, nil
}

func (q Query) body() []byte {
	b := []byte{'{'}
	if q.Filter != nil {
		b = append(append(append(b, `"filter":`...), q.Filter...), ',')
	}
	if q.Sorts != nil {
		b = append(append(append(b, `"sorts":`...), q.Sorts...), ',')
	}
	limit := q.Limit
	if limit == 0 {
		limit = defaultLimit
	}
	b = strconv.AppendInt(append(b, `"limit":`...), int64(limit), 10)
	b = strconv.AppendInt(append(b, `,"offset":`...), int64(q.Offset), 10)
	return append(b, '}')
}

// Query iterates over pages of q.Limit from q.Offset on, one after the other, until an empty one. A page that is shorter
// than asked for does not end it, and the next one begins where it ended: a server may have a limit of its own. It
// does not notice records that move while it reads; package exporter does. An error is the last thing it yields, one
// of a server that answers the same page again included.
func (c *Client) Query(ctx context.Context, object string, q Query) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		var before Page
		for {
			page, err := c.QueryPage(ctx, object, q)
			if err != nil {
				yield(Page{}, err)
				return
			}
			n := len(page.Records)
			if n == 0 {
				return
			}
			if n == len(before.Records) && page.Records[0].ID == before.Records[0].ID &&
				page.Records[n-1].ID == before.Records[n-1].ID {
				yield(Page{}, fmt.Errorf("the query of %s answers the same page at offset %d as before it: the server does not keep to offsets", object, q.Offset))
				return
			}
			if !yield(page, nil) {
				return
			}
			q.Offset += n
			before = page
		}
	}
}
