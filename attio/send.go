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
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/attio-bulk/attio-bulk/attio/pace"
)

// reply is an answer with its body read.
type reply struct {
	status int
	header http.Header
	body   []byte
	date   time.Time // the server's clock; zero when it did not say
}

var errTimeout = fmt.Errorf("no complete answer within %s", callTimeout)

// send makes one attempt and classifies what came of it. It ends the turn.
func (c *Client) send(ctx context.Context, r *request, t pace.Turn, before int) (reply, *Error) {
	c.count(r, before)
	bounded, cancel := context.WithTimeoutCause(ctx, callTimeout, errTimeout)
	defer cancel()
	var way sentTrace
	req, err := c.newRequest(httptrace.WithClientTrace(bounded, way.hooks()), r)
	if err != nil {
		c.gate(r).Done(t, pace.Answer{})
		return reply{}, &Error{Class: Refused, Method: r.method, Path: r.path, Err: c.cleanError(err)}
	}
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		c.gate(r).Done(t, pace.Answer{})
		return reply{}, c.lost(ctx, bounded, r, err, way.unsent(err))
	}
	defer func() { _ = resp.Body.Close() }()
	received := time.Now()
	rep := reply{status: resp.StatusCode, header: resp.Header, date: dateOf(resp.Header)}
	c.answered.Store(true)
	a := pace.Answer{Received: received, Date: rep.date, Score: scoreOf(rep.header)}
	if a.Limited = rep.status == http.StatusTooManyRequests; a.Limited {
		c.counts.limited.Add(1)
		a.RetryAfter = retryAfter(rep.header, c.clock.Now())
	}
	c.gate(r).Done(t, a)

	if r.into == nil {
		rep.body, err = readBody(resp, nil, 0)
	} else {
		rep.body, err = readBody(resp, r.into.body, c.page.Load()/8*9)
		r.into.body = rep.body
		c.page.Store(int64(len(rep.body)))
	}
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
	// gzip is unpacked by readBody, with less than the transport would take for it. Of a write the answer is one record:
	// unpacking it was a tenth of a create's processor time, and saves a packet.
	req.Header.Set("Accept-Encoding", map[bool]string{true: "identity", false: "gzip"}[r.write])
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// readBody reads an answer's body, up to maxBody, to room where that is large enough. Where the answer does not say
// how long it is, likely bytes are made room for: a page is about as long as the one before, and a buffer that grows
// by doubling was most of what an export allocated.
func readBody(resp *http.Response, room []byte, likely int64) ([]byte, error) {
	b := bytes.NewBuffer(room[:0])
	content := io.Reader(resp.Body)
	if resp.Header.Get("Content-Encoding") == "gzip" {
		z := unpackers.Get().(*gzip.Reader)
		defer unpackers.Put(z)
		if err := z.Reset(content); err != nil {
			return nil, err
		}
		content = z
	} else if resp.ContentLength > 0 {
		likely = resp.ContentLength
	}
	if likely > 0 && likely <= maxBody {
		b.Grow(int(likely) + bytes.MinRead)
	}
	_, err := b.ReadFrom(io.LimitReader(content, maxBody+1))
	if err == nil && b.Len() > maxBody {
		err = fmt.Errorf("the answer is larger than %d bytes", maxBody)
	}
	return b.Bytes(), err
}

// unpackers are kept, since each has some 40 KB of tables.
var unpackers = sync.Pool{New: func() any { return new(gzip.Reader) }}

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
	return &Error{Class: Unknown, Method: r.method, Path: r.path, Status: rep.status,
		ExecutionID: c.clean(rep.header.Get("X-Attio-Execution-Id"), maxName),
		Err:         c.cleanError(fmt.Errorf("unreadable answer: %w", err))}
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
	return &httptrace.ClientTrace{GetConn: func(string) { s.got.Store(false); s.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { s.got.Store(true) }}
}

// unsent reports whether surely nothing was sent. A transport that does not tell of its connections gets no benefit of
// the doubt: its word counts only where it says that it could not connect.
func (s *sentTrace) unsent(err error) bool {
	if s.asked.Load() {
		return !s.got.Load()
	}
	op, failed := errors.AsType[*net.OpError](err)
	_, unknown := errors.AsType[*net.DNSError](err)
	return failed && op.Op == "dial" || unknown
}
