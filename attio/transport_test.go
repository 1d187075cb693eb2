package attio

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/pace"
)

// wire is a server below HTTP. It reads each request to its end and lets handle answer it, or drop the connection by
// returning false.
type wire struct {
	listener net.Listener
	requests atomic.Int64
	dials    atomic.Int64
	handle   func(n int64, c net.Conn, r *http.Request) bool
	open     sync.WaitGroup
}

func newWire(t *testing.T, handle func(n int64, c net.Conn, r *http.Request) bool) (*wire, *Client) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &wire{listener: l, handle: handle}
	w.open.Go(w.serve)
	t.Cleanup(func() { _ = l.Close(); w.open.Wait() })
	transport := newTransport(4)
	t.Cleanup(transport.CloseIdleConnections) // first of all, since the server waits for its connections to end
	c, err := New(Options{Key: testKey, BaseURL: "http://" + l.Addr().String(), Transport: transport})
	require.NoError(t, err)
	return w, c
}

func (w *wire) serve() {
	for {
		c, err := w.listener.Accept()
		if err != nil {
			return
		}
		w.dials.Add(1)
		w.open.Go(func() {
			defer func() { _ = c.Close() }()
			in := bufio.NewReader(c)
			for {
				r, err := http.ReadRequest(in)
				if err != nil {
					return
				}
				if _, err := io.Copy(io.Discard, r.Body); err != nil {
					return
				}
				if !w.handle(w.requests.Add(1), c, r) {
					return
				}
			}
		})
	}
}

func answerOn(c net.Conn, body string) bool {
	_, err := fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		len(body), body)
	return err == nil
}

// TestCreateIsNeverSentTwice: the server has read the whole POST when the connection goes. Go's transport would send it
// again, on a connection that was used before, if it took the request for one that may be repeated.
func TestCreateIsNeverSentTwice(t *testing.T) {
	t.Run("on a new connection", func(t *testing.T) {
		w, c := newWire(t, func(int64, net.Conn, *http.Request) bool { return false })
		got, err := c.CreateRecord(context.Background(), "users", []byte(`{"name":"Ada"}`), nil)
		e := asError(t, err, Unknown)
		require.Error(t, e.Err)
		require.Equal(t, 1, got.Attempts)
		require.EqualValues(t, 1, w.requests.Load())
	})
	t.Run("on a connection that was used before", func(t *testing.T) {
		w, c := newWire(t, func(n int64, conn net.Conn, _ *http.Request) bool {
			return n == 1 && answerOn(conn, oneRecord)
		})
		_, err := c.CreateRecord(context.Background(), "users", nil, nil)
		require.NoError(t, err)
		_, err = c.CreateRecord(context.Background(), "users", []byte(`{"name":"Ada"}`), nil)
		requireClass(t, err, Unknown)
		require.EqualValues(t, 2, w.requests.Load(), "each create once")
		require.EqualValues(t, 1, w.dials.Load(), "the second went over the first's connection")
	})
	t.Run("cut off in the answer's header", func(t *testing.T) {
		w, c := newWire(t, func(_ int64, conn net.Conn, _ *http.Request) bool {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Le")
			return false
		})
		_, err := c.CreateRecord(context.Background(), "users", nil, nil)
		requireClass(t, err, Unknown)
		require.EqualValues(t, 1, w.requests.Load())
	})
	t.Run("cut off in the answer's body", func(t *testing.T) {
		w, c := newWire(t, func(_ int64, conn net.Conn, _ *http.Request) bool {
			_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(oneRecord), oneRecord[:50])
			return false
		})
		_, err := c.CreateRecord(context.Background(), "users", nil, nil)
		requireClass(t, err, Unknown)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.EqualValues(t, 1, w.requests.Load())
	})
	t.Run("not HTTP at all", func(t *testing.T) {
		w, c := newWire(t, func(_ int64, conn net.Conn, _ *http.Request) bool {
			_, _ = io.WriteString(conn, "SSH-2.0-OpenSSH_9.6\r\n")
			return false
		})
		_, err := c.CreateRecord(context.Background(), "users", nil, nil)
		requireClass(t, err, Unknown)
		require.EqualValues(t, 1, w.requests.Load())
	})
}

// TestAbortWhileTheServerHoldsTheCreate: it has the request, so nobody knows.
func TestAbortWhileTheServerHoldsTheCreate(t *testing.T) {
	ctx, abort := context.WithCancelCause(context.Background())
	w, c := newWire(t, func(_ int64, conn net.Conn, _ *http.Request) bool {
		abort(errAborted)
		_, _ = io.Copy(io.Discard, conn) // until the client hangs up
		return false
	})
	_, err := c.CreateRecord(ctx, "users", nil, nil)
	requireClass(t, err, Unknown)
	require.ErrorIs(t, err, errAborted)
	require.EqualValues(t, 1, w.requests.Load())
}

func TestNotSentIsToldFromUnknown(t *testing.T) {
	t.Run("nobody listens", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		require.NoError(t, l.Close())
		c, err := New(Options{Key: testKey, BaseURL: "http://" + l.Addr().String()})
		require.NoError(t, err)
		_, e := c.send(context.Background(), &request{method: "POST", path: "/v2/x", write: true, create: true}, pace.Turn{},
			0)
		require.Equal(t, NotSent, e.Class, e.Error())
	})
	t.Run("a connection that is given up while it is made", func(t *testing.T) {
		ctx, abort := context.WithCancelCause(context.Background())
		transport := newTransport(1)
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			abort(errAborted)
			<-ctx.Done()
			return nil, ctx.Err()
		}
		c, err := New(Options{Key: testKey, BaseURL: "http://127.0.0.1:1", Transport: transport})
		require.NoError(t, err)
		_, err = c.CreateRecord(ctx, "users", nil, nil)
		requireClass(t, err, Stopped)
		require.ErrorIs(t, err, errAborted)
	})
	t.Run("a certificate of somebody else", func(t *testing.T) {
		s := httptest.NewUnstartedServer(http.NotFoundHandler())
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.StartTLS()
		defer s.Close()
		c, err := New(Options{Key: testKey, BaseURL: s.URL})
		require.NoError(t, err)
		_, err = c.CreateRecord(context.Background(), "users", nil, nil)
		requireClass(t, err, Fatal)
		require.ErrorContains(t, err, "certificate")
	})
	t.Run("a transport that tells nothing of its connections", func(t *testing.T) {
		var s sentTrace
		require.False(t, s.unsent(io.ErrUnexpectedEOF), "no benefit of the doubt")
		require.False(t, s.unsent(errReset))
		require.True(t, s.unsent(errRefused))
		require.True(t, s.unsent(&net.DNSError{Name: "api.attio.com", IsNotFound: true}))
	})
}

// TestRedirectsAreNotFollowed: neither with the key nor without, whatever the method, to whatever host.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var followed atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		var asked atomic.Int64
		here := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			http.Redirect(w, r, elsewhere.URL+r.URL.Path, status)
		}))
		c, err := New(Options{Key: testKey, BaseURL: here.URL})
		require.NoError(t, err)
		_, err = c.Self(context.Background())
		e := asError(t, err, Fatal)
		require.Equal(t, status, e.Status)
		_, err = c.CreateRecord(context.Background(), "users", nil, nil)
		requireClass(t, err, Fatal)
		require.EqualValues(t, 2, asked.Load())
		here.Close()
	}
	require.Zero(t, followed.Load())
}

func TestPackedAnswers(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if want := map[string]string{"GET": "gzip", "POST": "identity"}[r.Method]; r.Header.Get("Accept-Encoding") != want {
			http.Error(w, "want "+want, http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, oneRecord)
		_ = z.Close()
	}))
	defer s.Close()
	c, err := New(Options{Key: testKey, BaseURL: s.URL})
	require.NoError(t, err)
	r, err := c.Record(context.Background(), "people", "r1")
	require.NoError(t, err)
	require.Equal(t, "r1", r.ID)
	made, err := c.CreateRecord(context.Background(), "people", nil, nil)
	require.NoError(t, err, "packed though not asked to")
	require.Equal(t, "r1", made.Record.ID)
}

// zeros is a body of n blanks.
type zeros struct{ n int64 }

func (z *zeros) Read(b []byte) (int, error) {
	if z.n <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(b)), z.n)
	for i := range b[:n] {
		b[i] = ' '
	}
	z.n -= n
	return int(n), nil
}

func TestBodiesAreCapped(t *testing.T) {
	_, err := readBody(&http.Response{ContentLength: -1, Body: io.NopCloser(&zeros{1 << 40})}, nil, 0)
	require.ErrorContains(t, err, "larger than 67108864 bytes")
	b, err := readBody(&http.Response{ContentLength: 1 << 40, Body: io.NopCloser(&zeros{1000})}, nil, 1<<40)
	require.NoError(t, err, "a length is only announced")
	require.Len(t, b, 1000)
}

// TestTransportLimitsEveryPhase: a phase without a limit can hang for ever. Connections are kept for all in flight.
func TestTransportLimitsEveryPhase(t *testing.T) {
	tr := newTransport(7)
	require.Equal(t, tlsTimeout, tr.TLSHandshakeTimeout)
	require.Equal(t, headerTimeout, tr.ResponseHeaderTimeout)
	require.Equal(t, idleTimeout, tr.IdleConnTimeout)
	require.NotNil(t, tr.DialContext)
	require.Equal(t, []int{7, 7, 7}, []int{tr.MaxIdleConns, tr.MaxIdleConnsPerHost, tr.MaxConnsPerHost})
	require.False(t, tr.Protocols.HTTP2())
	require.Less(t, dialTimeout+tlsTimeout, callTimeout)
	require.Less(t, headerTimeout, callTimeout)
}
