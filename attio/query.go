package attio

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
)

// Query is the body of a record query. The zero value asks for everything in Attio's own order.
type Query struct {
	Filter json.RawMessage // Attio's filter object; nil for none
	Sorts  json.RawMessage // Attio's array of sorts; nil for none
	Limit  int             // records a page; 0 for 500, Attio's default
	Offset int
	// KeepRaw keeps each record's own bytes in Record.Raw.
	KeepRaw bool
}

// Page is one answer to a Query. The caller owns it and may read into it again, in the memory of the answer before: the
// zero value is an empty page. A copy of a Page shares its memory.
type Page struct {
	Records []Record
	Offset  int // of the first record
	Limit   int // records that were asked for: fewer than the Query's where Attio refuses so many
	Score   int // x-attio-record-query-score: what the query cost of the workspace's budget of ten seconds

	body    []byte   // the answer, of which the records' values are parts
	records []Record // with maps for values
}

// ReadPage reads one page into a Page, in place of what it held: the Values and Raw of earlier records must not be used
// any more, but their ID, CreatedAt and WebURL may. After an error the page has no records.
//
// Where Attio refuses so many records a page, half as many are asked for, and so on; what it takes then is the limit of
// all later queries of this client. A page that is shorter than its Limit is not the end: a server may give fewer.
//
// A query that Attio keeps refusing for its rate, eight times in a row, is returned as an *Error of class NotProcessed
// with code rate_limit_exceeded: it may be too costly for the ten-second budget of scores
// (docs.attio.com/rest-api/guides/rate-limiting), and a smaller one may pass.
func (c *Client) ReadPage(ctx context.Context, object string, q Query, into *Page) error {
	asked := cmp.Or(q.Limit, MaxPageRecords)
	for q.Limit = c.pageLimit(asked); ; q.Limit = min(q.Limit/2, c.pageLimit(asked)) {
		err := c.readPage(ctx, object, q, into)
		if err == nil && q.Limit < asked {
			c.limitPages(q.Limit)
		}
		if !q.tooLong(err) {
			return err
		}
	}
}

// readPage is ReadPage without another attempt.
func (c *Client) readPage(ctx context.Context, object string, q Query, into *Page) error {
	into.Records, into.Offset, into.Limit, into.Score = nil, q.Offset, q.Limit, 0
	_, err := c.do(ctx, &request{
		method: "POST", path: route("objects", object, "records", "query"), body: q.body(), search: true, into: into,
		read: func(rep reply) (err error) {
			into.Score = scoreOf(rep.header)
			into.Records, err = into.decode(rep.body, q.KeepRaw)
			return err
		},
	})
	return err
}

// pageLimit is how many of these records a page may be asked for.
func (c *Client) pageLimit(records int) int {
	if most := int(c.pageRecords.Load()); most > 0 {
		return min(records, most)
	}
	return records
}

// limitPages takes over a limit that Attio took in place of a larger one.
func (c *Client) limitPages(records int) {
	for {
		most := c.pageRecords.Load()
		if most > 0 && most <= int64(records) || c.pageRecords.CompareAndSwap(most, int64(records)) {
			return
		}
	}
}

// tooLong reports whether fewer records may be had where this query was refused: the 400 names the limit, or nothing
// else that could be meant was asked for. Attio's words for it are not documented.
func (q Query) tooLong(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if q.Limit <= 1 || !ok || e.Status != http.StatusBadRequest || e.Class != Refused {
		return false
	}
	named := slices.ContainsFunc(e.Validation, func(v Validation) bool { return v.where() == "limit" })
	return named || q.Filter == nil && q.Sorts == nil
}

func (q Query) body() []byte {
	b := []byte{'{'}
	if q.Filter != nil {
		b = append(append(append(b, `"filter":`...), q.Filter...), ',')
	}
	if q.Sorts != nil {
		b = append(append(append(b, `"sorts":`...), q.Sorts...), ',')
	}
	b = strconv.AppendInt(append(b, `"limit":`...), int64(q.Limit), 10)
	b = strconv.AppendInt(append(b, `,"offset":`...), int64(q.Offset), 10)
	return append(b, '}')
}

// Records iterates over the records that a query finds, from q.Offset on, in pages of q.Limit that are read one after
// the other. A page that is shorter than asked for is not the end: a server may have a limit of its own. Records does
// not notice records that move while it reads; package exporter does. An error is the last thing that it yields. A
// server that returns the same page for another offset is an error too. The records may be kept.
func (c *Client) Records(ctx context.Context, object string, q Query) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		var first, last string
		for {
			var page Page
			if err := c.ReadPage(ctx, object, q, &page); err != nil {
				yield(nil, err)
				return
			}
			n := len(page.Records)
			if n == 0 {
				return
			}
			if page.Records[0].ID == first && page.Records[n-1].ID == last {
				yield(nil, fmt.Errorf("query of %s: the server returns the same page at offset %d as before it", object, q.Offset))
				return
			}
			first, last = page.Records[0].ID, page.Records[n-1].ID
			for i := range page.Records {
				if !yield(&page.Records[i], nil) {
					return
				}
			}
			q.Offset += n
		}
	}
}
