package attio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/attio-bulk/attio-bulk/attio/pace"
)

// request is one call of the API, which may take several attempts.
type request struct {
	method string
	path   string // escaped, as it is shown in errors
	query  string // encoded; never shown
	body   []byte // JSON; nil for none

	write  bool // paced as a write
	create bool // must never be done twice: an unknown outcome is not repeated
	search bool // a record query, which has a score budget too: a 429 that persists is returned
	record bool // names one record: a 404 is the record's

	into    *Page             // of a search: whose memory the answer is read to
	read    func(reply) error // takes in a success; its error makes the answer an unreadable one
	stop    context.Context   // see WriteOptions
	sending func() error      // see WriteOptions
}

// take takes in the options of a write.
func (r *request) take(o *WriteOptions) {
	if o != nil {
		r.stop, r.sending = o.Stop, o.Sending
	}
}

// route is the path of an endpoint, its parts escaped.
func route(parts ...string) string {
	path := "/v2"
	for _, p := range parts {
		path += "/" + url.PathEscape(p)
	}
	return path
}

// checkPath refuses a path that would lead to another host or another route, or that holds a query: without a record id
// an update would be an assert of anything, and a dot is a step up.
func checkPath(path string) error {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok || strings.ContainsAny(path, "?#\\") {
		return &Error{Class: Refused, Err: fmt.Errorf("%q is no path of the API", path)}
	}
	for part := range strings.SplitSeq(rest, "/") {
		if part == "" || part == "." || part == ".." {
			return &Error{Class: Refused, Err: fmt.Errorf("%q names no object, record or attribute", part)}
		}
	}
	return nil
}

// checkQuery refuses a query of which a part is empty: Attio would answer of all records.
func checkQuery(query url.Values) error {
	for name, v := range query {
		if v[0] == "" {
			return &Error{Class: Refused, Err: fmt.Errorf("%s: %q names no object, record or attribute", name, v[0])}
		}
	}
	return nil
}

// result is what came of all attempts of a request.
type result struct {
	reply
	attempts int
	doubt    bool // of a write: an attempt before the last may have been processed
}

// do paces, sends and classifies, in that order, until the request has succeeded, has failed for good, or must not be
// repeated.
func (c *Client) do(ctx context.Context, r *request) (result, error) {
	var res result
	if err := checkPath(r.path); err != nil {
		return res, err
	}
	retry := patience{once: r.create, search: r.search, read: !r.write}
	for {
		t, err := c.pace(ctx, r, res)
		if err != nil {
			return res, c.settle(res, c.stopped(r, err))
		}
		if r.sending != nil && res.attempts == 0 {
			if err := r.sending(); err != nil {
				c.gate(r).Done(t, pace.Answer{})
				return res, err
			}
		}
		rep, failure := c.send(ctx, r, t, res.attempts)
		res.attempts++
		if failure == nil {
			c.worked.Store(true)
			res.reply = rep
			return res, nil
		}
		wait, again := retry.after(failure, rep, c.answered.Load(), c.worked.Load())
		if !again {
			return res, c.settle(res, failure)
		}
		res.doubt = res.doubt || r.write && failure.Class == Unknown
		c.observe(Event{Kind: "retry", Write: r.write, Wait: wait, Text: failure.Brief()})
		waiting, free := r.waiting(ctx, res)
		err = sleep(waiting, wait)
		if free(); err != nil {
			return res, c.settle(res, c.stopped(r, err))
		}
	}
}

// settle is the error of a request whose last attempt failed thus. Where an earlier attempt may have been processed,
// a last one that was not says nothing about it.
func (c *Client) settle(res result, last *Error) *Error {
	if res.doubt && last.Class != Refused {
		last.Class = Unknown
	}
	return last
}

// stopped is the error of a caller who gave up waiting, or who would have to wait too long.
func (c *Client) stopped(r *request, cause error) *Error {
	if long, ok := errors.AsType[*pace.LongPauseError](cause); ok {
		return &Error{Class: Fatal, Method: r.method, Path: r.path, Status: http.StatusTooManyRequests,
			Code: CodeRateLimited, RetryAfter: time.Until(long.Until), Err: cause}
	}
	return &Error{Class: Stopped, Method: r.method, Path: r.path, Err: c.cleanError(cause)}
}

// gate is what the request has to pass.
func (c *Client) gate(r *request) *pace.Gate {
	switch {
	case r.write:
		return c.writes
	case r.search:
		return c.queries
	}
	return c.reads
}

// pace waits for the request's turn; one that goes again stands in front. The error is the cause of the context that
// ended, the caller's or Stop.
func (c *Client) pace(ctx context.Context, r *request, res result) (pace.Turn, error) {
	ctx, free := r.waiting(ctx, res)
	defer free()
	if ctx.Err() != nil {
		return pace.Turn{}, context.Cause(ctx)
	}
	t, err := c.gate(r).Wait(ctx, res.attempts > 0)
	if err == nil && ctx.Err() != nil {
		c.gate(r).Done(t, pace.Answer{})
		err = context.Cause(ctx)
	}
	return t, err
}

// waiting is the context for waits: the caller's, ended by Stop too, unless an attempt may have been processed already:
// what may be half done is seen through.
func (r *request) waiting(ctx context.Context, res result) (context.Context, func()) {
	if r.stop == nil || res.doubt {
		return ctx, func() {}
	}
	both, cancel := context.WithCancelCause(ctx)
	if r.stop.Err() != nil {
		cancel(context.Cause(r.stop))
	}
	unhook := context.AfterFunc(r.stop, func() { cancel(context.Cause(r.stop)) })
	return both, func() { unhook(); cancel(nil) }
}

// sleep waits for d or until the context ends; the error is its cause.
func sleep(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
