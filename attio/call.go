package attio

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"
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

	read    func(reply) error // takes in a success; its error makes the answer an unreadable one
	stop    context.Context   // see Write.Stop
	sending func() error      // see Write.Sending
}

// reply is an answer with its body read.
type reply struct {
	status int
	header http.Header
	body   []byte
	date   time.Time // the server's clock; zero when it did not say
}

// result is what came of all attempts of a request.
type result struct {
	reply
	attempts int
	doubt    bool // an attempt before the last may have been processed
}

var errTimeout = fmt.Errorf("no complete answer within %s", callTimeout)

// do paces, sends and classifies, in that order, until the request has succeeded, has failed for good, or must not be
// repeated.
func (c *Client) do(ctx context.Context, r *request) (result, error) {
	var res result
	retry := patience{once: r.create, search: r.search}
	for {
		t, err := c.pace(ctx, r, res)
		if err != nil {
			return res, c.settle(res, c.stopped(r, err))
		}
		if r.sending != nil && res.attempts == 0 {
			if err := r.sending(); err != nil {
				c.pacer(r).done(t, answer{})
				return res, err
			}
		}
		rep, failure := c.send(ctx, r, t, res.attempts)
		res.attempts++
		if failure == nil {
			res.reply = rep
			return res, nil
		}
		wait, again := retry.after(failure, rep, c.answered.Load())
		if !again {
			return res, c.settle(res, failure)
		}
		res.doubt = res.doubt || failure.Class == Unknown
		c.observe(Event{Kind: "retry", Write: r.write, Wait: wait, Text: failure.Brief()})
		if err := c.rest(ctx, r, res, wait); err != nil {
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

// stopped is the error of a caller who gave up waiting.
func (c *Client) stopped(r *request, cause error) *Error {
	return &Error{Class: Stopped, Method: r.method, Path: r.path, Err: c.cleanError(cause)}
}

func (c *Client) pacer(r *request) *pacer {
	if r.write {
		return c.writes
	}
	return c.reads
}

// pace waits for the request's turn; one that goes again stands in front. The error is the cause of the context that
// ended, the caller's or Stop.
func (c *Client) pace(ctx context.Context, r *request, res result) (turn, error) {
	ctx, free := r.waiting(ctx, res)
	defer free()
	if ctx.Err() != nil {
		return turn{}, context.Cause(ctx)
	}
	began := time.Now()
	t, err := c.pacer(r).wait(ctx, res.attempts > 0)
	if r.write {
		c.counts.writeWait.Add(int64(time.Since(began)))
	}
	if err == nil && ctx.Err() != nil {
		c.pacer(r).done(t, answer{})
		err = context.Cause(ctx)
	}
	return t, err
}

// rest sleeps before a request goes again.
func (c *Client) rest(ctx context.Context, r *request, res result, d time.Duration) error {
	ctx, free := r.waiting(ctx, res)
	defer free()
	return sleep(ctx, d)
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

// send makes one attempt and classifies what came of it. It ends the turn.
func (c *Client) send(ctx context.Context, r *request, t turn, before int) (reply, *Error) {
	c.count(r, before)
	bounded, cancel := context.WithTimeoutCause(ctx, callTimeout, errTimeout)
	defer cancel()
	var way sentTrace
	req, err := c.newRequest(httptrace.WithClientTrace(bounded, way.hooks()), r)
	if err != nil {
		c.pacer(r).done(t, answer{})
		return reply{}, &Error{Class: Refused, Method: r.method, Path: r.path, Err: c.cleanError(err)}
	}
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		c.pacer(r).done(t, answer{query: r.search})
		return reply{}, c.lost(ctx, bounded, r, err, way.unsent(err))
	}
	defer resp.Body.Close()
	received := time.Now()
	rep := reply{status: resp.StatusCode, header: resp.Header, date: dateOf(resp.Header)}
	c.answered.Store(true)
	c.clock.learn(rep.date, received)
	a := answer{received: received, date: rep.date, status: rep.status, query: r.search, score: scoreOf(rep.header)}
	if a.limited = rep.status == http.StatusTooManyRequests; a.limited {
		c.counts.limited.Add(1)
		a.retryAfter = retryAfter(rep.header, c.clock.now())
	}
	c.pacer(r).done(t, a)

	rep.body, err = readBody(resp)
	if rep.status < 200 || rep.status > 299 {
		e := c.readError(r, rep)
		if err != nil && e.Class == Refused { // nothing was stored, but the reason is lost: it may be one to wait for
			e.Class, e.Err = NotProcessed, c.cleanError(err)
		}
		return rep, e
	}
	if err != nil {
		return rep, c.lost(ctx, bounded, r, err, false)
	}
	if err := r.read(rep); err != nil {
		return rep, c.unreadable(r, rep, err)
	}
	return rep, nil
}

// count books an attempt.
func (c *Client) count(r *request, before int) {
	if r.write {
		c.counts.writes.Add(1)
	} else {
		c.counts.reads.Add(1)
	}
	if before > 0 {
		c.counts.retries.Add(1)
	}
}

// newRequest never sets an Idempotency-Key: Attio knows none, and Go's transport would take it as leave to send a
// POST a second time by itself.
func (c *Client) newRequest(ctx context.Context, r *request) (*http.Request, error) {
	address := c.base + r.path
	if r.query != "" {
		address += "?" + r.query
	}
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, address, body)
	if err != nil {
		return nil, errors.New("the address cannot be asked for") // the error itself would show the query
	}
	c.authorize(req.Header)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.agent)
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// readBody reads an answer's body, up to maxBody.
func readBody(resp *http.Response) ([]byte, error) {
	var b bytes.Buffer
	if n := resp.ContentLength; n > 0 && n <= maxBody {
		b.Grow(int(n) + bytes.MinRead)
	}
	_, err := b.ReadFrom(io.LimitReader(resp.Body, maxBody+1))
	if err == nil && b.Len() > maxBody {
		err = fmt.Errorf("the answer is larger than %d bytes", maxBody)
	}
	return b.Bytes(), err
}

// lost is the error of a request that got no answer, or only a part of one. ctx is the caller's, bounded has the
// limit for a whole request too.
func (c *Client) lost(ctx, bounded context.Context, r *request, err error, unsent bool) *Error {
	e := &Error{Class: Unknown, Method: r.method, Path: r.path}
	var wrongCertificate *tls.CertificateVerificationError
	switch {
	case ctx.Err() != nil:
		err = context.Cause(ctx)
		if unsent || !r.write {
			e.Class = Stopped
		}
	case errors.As(err, &wrongCertificate):
		e.Class = Fatal
	case unsent:
		e.Class = NotSent
	}
	if ctx.Err() == nil && bounded.Err() != nil {
		err = errTimeout
	}
	e.Err = c.cleanError(err)
	return e
}

// unreadable is the error of a success whose body is not what Attio answers: cut off, a captive portal's page.
func (c *Client) unreadable(r *request, rep reply, err error) *Error {
	return &Error{
		Class: Unknown, Method: r.method, Path: r.path, Status: rep.status,
		ExecutionID: c.clean(rep.header.Get("X-Attio-Execution-Id"), maxName),
		Err:         c.cleanError(fmt.Errorf("unreadable answer: %w", err)),
	}
}

// scoreOf is what a query cost; 0 where the answer does not say.
func scoreOf(h http.Header) int {
	score, err := strconv.ParseFloat(h.Get("X-Attio-Record-Query-Score"), 64)
	if err != nil || !(score > 0) || score > 1e9 {
		return 0
	}
	return int(score + 0.5)
}

// sentTrace follows a request through http.Transport, to tell whether a byte of it can have left.
type sentTrace struct {
	asked, got atomic.Bool // for a connection; a connection
}

// hooks forget an earlier connection when the transport asks for another: it does so for a write only where nothing was
// written to the first (net/http, Transport: "network error while the request has not been written").
func (s *sentTrace) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { s.got.Store(false); s.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { s.got.Store(true) },
	}
}

// unsent reports whether surely nothing was sent. A transport that does not tell of its connections gets no benefit of
// the doubt: its word counts only where it says that it could not connect.
func (s *sentTrace) unsent(err error) bool {
	if s.asked.Load() {
		return !s.got.Load()
	}
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &dns)
}
