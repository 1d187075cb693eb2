package attiotest

import (
	"errors"
	"maps"
	"net"
	"net/http"
	"sync"
	"time"
)

// Server is an Attio in memory, and an http.Handler. It is safe for use by several goroutines; it has none of its own
// but the one that Listen starts.
type Server struct {
	URL   string // where Listen serves; "" before
	close func()

	o       Options
	mu      sync.RWMutex // guards ws
	ws      *state
	ids     *source
	limits  limits
	faults  faults
	log     log
	results results
	due     []enrichment
	actors  sync.Map // *actor by key
}

// New makes a server that is reached through Transport, Client or ServeHTTP, and on a port after Listen. A seed that
// Check refuses panics: the command checks its file first, and a test wants to know.
func New(o Options) *Server {
	o.fill()
	s := &Server{o: o, ids: newSource(o.RandSeed)}
	s.log.keep = o.KeepRequests
	s.SetLimits(o.WriteLimit, o.ReadLimit)
	for _, f := range o.Faults {
		s.AddFault(f)
	}
	ws, problems := load(o.Seed, &s.o, s.now().UnixMilli())
	if len(problems) > 0 {
		panic(errors.Join(problems...))
	}
	s.ws = ws
	return s
}

// now is the server's clock.
func (s *Server) now() time.Time { return time.Now().Add(s.o.ClockSkew) }

// TB is the part of testing.TB that NewServer needs.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// NewServer makes a server for a test and serves it at URL, on a loopback port. When the test ends the server is
// closed, and the test fails if a client asked for what no Attio answers; see Unhandled. Inside a testing/synctest
// bubble, where sockets do not work, use New and Transport.
func NewServer(t TB, o Options) *Server {
	t.Helper()
	s := New(o)
	if err := s.Listen("127.0.0.1:0"); err != nil {
		t.Fatalf("attiotest: %v", err)
	}
	t.Cleanup(func() {
		t.Helper()
		s.Close()
		if strange := s.Unhandled(); len(strange) > 0 {
			t.Errorf("attiotest: requests that Attio does not know, or that are not modelled: %q", strange)
		}
	})
	return s
}

// Listen serves on an address such as "127.0.0.1:8787" and sets URL. Port 0 is any that is free.
func (s *Server) Listen(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: s, ReadHeaderTimeout: 30 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(l) // it only ever ends by Close
	}()
	s.URL = "http://" + l.Addr().String()
	s.close = sync.OnceFunc(func() {
		_ = srv.Close()
		<-done
	})
	return nil
}

// Close ends what Listen began, and every connection. What was written stays and can be looked at.
func (s *Server) Close() {
	if s.close != nil {
		s.close()
	}
}

// Client returns a client that reaches the server in process, whatever host a request names.
func (s *Server) Client() *http.Client { return &http.Client{Transport: s.Transport()} }

// ServeHTTP answers a request that came through a socket. Work that has begun is finished though the client goes away,
// as Attio's would be.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := transport{s}.read(r)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	a := s.exchange(r, body, func(d time.Duration) bool { time.Sleep(d); return true })
	if a.cut == cutAll || a.cut == cutDial { // a listening port cannot refuse
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	if a.cut == cutBody {
		_, _ = w.Write(a.body[:len(a.body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(a.body)
}
