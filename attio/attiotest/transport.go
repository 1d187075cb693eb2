package attiotest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// Transport reaches the server in process: no socket, no goroutine of its own, so that it works inside a
// testing/synctest bubble, where its delays take no time.
//
// What breaks looks as it does on a network: a *net.OpError. A context that ends while the request is on its way in
// keeps it from arriving; one that ends later finds the work done, and only the answer lost.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

// transport is the in-process side of a Server.
type transport struct{ s *Server }

// RoundTrip keeps http.RoundTripper's contract: the request's body is closed whatever happens.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	body, err := t.read(r)
	if err != nil {
		return nil, err
	}
	pause := func(d time.Duration) bool {
		if d <= 0 || ctx.Err() != nil {
			return d <= 0
		}
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return true
		case <-ctx.Done():
			return false
		}
	}
	a := t.s.exchange(r, body, pause)
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case a.cut == cutDial:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	case a.cut == cutAll:
		return nil, lost()
	}
	return t.response(r, a), nil
}

// lost is the error of a connection that was reset.
func lost() error { return &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET} }

// read takes the request's body, half of it where a fault says so.
func (t transport) read(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	if t.s.faults.half(r, t.s.ids) {
		_, _ = io.CopyN(io.Discard, r.Body, max(r.ContentLength/2, 1))
		return nil, &net.OpError{Op: "write", Net: "tcp", Err: syscall.ECONNRESET}
	}
	return io.ReadAll(io.LimitReader(r.Body, maxBody+1))
}

// response gives an answer the form that http.Transport would.
func (t transport) response(r *http.Request, a answer) *http.Response {
	var body io.Reader = bytes.NewReader(a.body)
	if a.cut == cutBody {
		body = io.MultiReader(bytes.NewReader(a.body[:len(a.body)/2]), broken{})
	}
	return &http.Response{
		Status: strconv.Itoa(a.status) + " " + http.StatusText(a.status), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(body), ContentLength: int64(len(a.body)), Request: r,
	}
}

// broken is the end of a connection inside a body.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.Join(io.ErrUnexpectedEOF, lost()) }
