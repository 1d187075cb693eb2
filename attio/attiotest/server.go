package attiotest

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/klauspost/compress/gzip"
)

// Server is an Attio in memory. It is safe for use by several goroutines and starts none of its own.
type Server struct {
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

// New makes a server. A seed that Check refuses panics: the command checks its file first, and a test wants to know.
func New(o Options) *Server {
	o.fill()
	s := &Server{o: o, ids: newSource(o.RandSeed)}
	s.log.keep = o.KeepRequests
	s.limits.configure(&s.o)
	s.faults.rules = append(s.faults.rules, rules(o.Faults)...)
	ws, problems := load(o.Seed, &s.o, s.now().UnixMilli())
	if len(problems) > 0 {
		panic(errors.Join(problems...))
	}
	s.ws = ws
	return s
}

// now is the server's clock.
func (s *Server) now() time.Time { return time.Now().Add(s.o.ClockSkew) }

// source makes random numbers and version 4 ids that a seed repeats.
type source struct {
	mu  sync.Mutex
	rng *rand.Rand
}

// newSource starts from the seed.
func newSource(seed uint64) *source {
	return &source{rng: rand.New(rand.NewPCG(seed, 0x61747469))}
}

// number is uniform in all 64 bits.
func (x *source) number() uint64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.rng.Uint64()
}

// unit is uniform in [0, 1).
func (x *source) unit() float64 { return float64(x.number()>>11) / (1 << 53) }

// next is a version 4 id, as records made by POST have.
func (x *source) next() uuid.UUID {
	x.mu.Lock()
	defer x.mu.Unlock()
	var id uuid.UUID
	for i := 0; i < 16; i += 8 {
		for j, v := 0, x.rng.Uint64(); j < 8; j++ {
			id[i+j] = byte(v >> (8 * j))
		}
	}
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id
}

// Start serves on a loopback port of the system's choice. close ends it and every connection.
func (s *Server) Start() (baseURL string, close func(), err error) { return s.Listen("127.0.0.1:0") }

// Listen serves on an address, "127.0.0.1:8787".
func (s *Server) Listen(addr string) (baseURL string, close func(), err error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return "", nil, err
	}
	srv := &http.Server{Handler: s, ReadHeaderTimeout: 30 * time.Second}
	done := make(chan struct{})
	go func() {
		defer func() { done <- struct{}{} }()
		_ = srv.Serve(l) // it only ever ends by Close
	}()
	return "http://" + l.Addr().String(), func() {
		_ = srv.Close()
		<-done
	}, nil
}

// ServeHTTP answers a request that came through a socket. Work that has begun is finished though the client goes away,
// as Attio's would be.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.faults.half(r, s.ids) {
		_, _ = io.CopyN(io.Discard, r.Body, max(r.ContentLength/2, 1))
		panic(http.ErrAbortHandler)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	a := s.exchange(r, body, func(d time.Duration) bool { time.Sleep(d); return true })
	if a.cut == cutAll || a.cut == cutDial { // a listening port cannot refuse
		panic(http.ErrAbortHandler)
	}
	out := a.body
	h := w.Header()
	for name, values := range a.header {
		h[name] = values
	}
	if len(out) >= smallest && acceptsGzip(r.Header) {
		out = compress(out)
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(out)))
	w.WriteHeader(a.status)
	if a.cut == cutBody {
		_, _ = w.Write(out[:len(out)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(out)
}

// smallest is the body size from which Attio compresses ("from about 140–236 bytes up").
const smallest = 200

// acceptsGzip tells whether the client asked for compression; Go's transport does so unless told otherwise.
func acceptsGzip(h http.Header) bool {
	return strings.Contains(h.Get("Accept-Encoding"), "gzip")
}

// writers saves making a compressor, which is large, for each answer.
var writers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	return w
}}

// compress is quick rather than small: the sandbox shares its machine with the client.
func compress(b []byte) []byte {
	var out writeBuffer
	w := writers.Get().(*gzip.Writer)
	defer writers.Put(w)
	w.Reset(&out)
	_, _ = w.Write(b) // a buffer takes everything
	_ = w.Close()
	return out
}

// writeBuffer is a slice to write to.
type writeBuffer []byte

func (b *writeBuffer) Write(p []byte) (int, error) { *b = append(*b, p...); return len(p), nil }
