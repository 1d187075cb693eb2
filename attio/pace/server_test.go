package pace

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/attio-bulk/attio-bulk/attio/share"
)

// limiter is a model of how a server may count; at is the server's time of arrival. It says when to come again if it
// refuses.
type limiter interface {
	accept(at time.Duration) bool
}

// bySecond counts by windows of a second that begin phase after the server's clock second.
type bySecond struct {
	limit func(at time.Duration) int
	phase time.Duration
	now   int64
	count int
}

func (l *bySecond) accept(at time.Duration) bool {
	if second := int64((at - l.phase + 1000*time.Second) / time.Second); second != l.now {
		l.now, l.count = second, 0
	}
	if l.count >= l.limit(at) {
		return false
	}
	l.count++
	return true
}

// sliding is a log of the accepted requests of the last second.
type sliding struct {
	limit int
	log   []time.Duration
	// all makes it log refused ones too.
	all bool
}

func (l *sliding) accept(at time.Duration) bool {
	for len(l.log) > 0 && l.log[0] <= at-time.Second {
		l.log = l.log[1:]
	}
	fits := len(l.log) < l.limit
	if fits || l.all {
		l.log = append(l.log, at)
	}
	return fits
}

// bucket holds tokens.
type bucket struct {
	rate, cap, tokens float64
	last              time.Duration
}

func (l *bucket) accept(at time.Duration) bool {
	l.tokens = min(l.cap, l.tokens+l.rate*(at-l.last).Seconds())
	l.last = at
	if l.tokens < 1 {
		return false
	}
	l.tokens--
	return true
}

// server is a model of Attio, as seen through a network, under a fake clock.
type server struct {
	mu      sync.Mutex
	begin   time.Time
	limiter limiter
	offset  time.Duration                           // of the server's clock
	clock   func(since time.Duration) time.Duration // what its clock has gained since the beginning; nil for nothing
	date    func(at time.Time, n int64) time.Time   // the Date header; nil for the server's clock
	latency time.Duration
	spread  time.Duration // of the latency, each way
	jitter  [2]time.Duration
	seed    uint64
	sent    int64
	reads   []exchange                  // before the writes
	folder  string                      // of the file of claims; "" for none
	frozen  map[string][2]time.Duration // clients whose machine sends nothing from then until then
	stalls  []int                       // seconds in whose first half nothing leaves the client's machine

	accepted, refused map[string][]int // by client: of each second
}

func (s *server) now() time.Time {
	since := time.Since(s.begin)
	at := s.begin.Add(since + s.offset)
	if s.clock != nil {
		at = at.Add(s.clock(since))
	}
	return at
}

func count(m map[string][]int, who string, second int) {
	for len(m[who]) <= second {
		m[who] = append(m[who], 0)
	}
	m[who][second]++
}

// arrive counts a request that arrives now.
func (s *server) arrive(who string) (ok bool, reset time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	ok = s.limiter.accept(now.Sub(s.begin))
	second := int(time.Since(s.begin) / time.Second)
	if ok {
		count(s.accepted, who, second)
	} else {
		count(s.refused, who, second)
	}
	return ok, now.Truncate(time.Second).Add(time.Second)
}

// call sends one request over the network and returns its answer.
func (s *server) call(who string) Answer {
	s.mu.Lock()
	s.sent++
	n := s.sent
	s.mu.Unlock()
	r := rand.New(rand.NewPCG(s.seed, uint64(n)))
	since := time.Since(s.begin)
	if slices.Contains(s.stalls, int(since/time.Second)) {
		time.Sleep(max(0, 500*time.Millisecond-since%time.Second))
	}
	if f := s.frozen[who]; since >= f[0] && since < f[1] {
		time.Sleep(f[1] - since)
	}
	way := func() time.Duration { return s.jitter[0] + time.Duration(r.Int64N(int64(s.jitter[1]-s.jitter[0])+1)) }
	time.Sleep(way())
	ok, reset := s.arrive(who)
	time.Sleep(s.latency - s.spread + time.Duration(r.Int64N(int64(2*s.spread)+1)))
	date := s.now().Truncate(time.Second)
	if s.date != nil && ok {
		date = s.date(s.now(), n)
	}
	time.Sleep(way())
	a := Answer{Received: time.Now(), Date: date}
	if !ok {
		a.Limited = true
		a.RetryAfter = max(reset.Sub(date), 250*time.Millisecond)
		if date.IsZero() {
			a.RetryAfter = time.Second
		}
	}
	return a
}

// gate is the gate of another process, which shares the seconds where there is a folder for the claims.
func (s *server) gate(o Options) *Gate {
	if s.folder != "" {
		file := share.Open(s.folder, "workspace")
		o.Share = func(second int64, wanted int) (int, bool) {
			n, err := file.Claim("writes", second, wanted, 25)
			return n, err == nil
		}
	}
	g := New(o)
	s.overhear(g)
	return g
}

// drive has workers send all they can through a pacer for a while, and waits until the last has its answer.
func drive(s *server, who string, g *Gate, workers int, d time.Duration) *sync.WaitGroup {
	var all sync.WaitGroup
	end := time.Now().Add(d)
	for range workers {
		all.Go(func() {
			again := false
			for {
				ctx, cancel := context.WithDeadline(context.Background(), end)
				t, err := g.Wait(ctx, again)
				cancel()
				if err != nil {
					return
				}
				a := s.call(who)
				g.Done(t, a)
				again = a.Limited
			}
		})
	}
	return &all
}

func sum(counts []int, from, to int) int {
	total := 0
	for i := from; i < min(to, len(counts)); i++ {
		total += counts[i]
	}
	return total
}

// read answers reads for a while, which it counts elsewhere, and starts its account anew.
func (s *server) read() {
	reads := &server{begin: s.begin, limiter: &sliding{limit: 100}, offset: s.offset, clock: s.clock, date: s.date,
		latency: s.latency, spread: s.spread,
		jitter: s.jitter, seed: s.seed + 1000, accepted: map[string][]int{}, refused: map[string][]int{}}
	var all sync.WaitGroup
	for range 30 {
		all.Go(func() {
			sent := time.Now()
			a := reads.call("")
			s.mu.Lock()
			defer s.mu.Unlock()
			s.reads = append(s.reads, exchange{sent, a})
		})
		time.Sleep(50 * time.Millisecond)
	}
	all.Wait()
	time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second)))
	s.begin = time.Now()
}

// exchange is a request and its answer.
type exchange struct {
	sent   time.Time
	answer Answer
}

// overhear has a gate learn the clock from the reads before, if there were any.
func (s *server) overhear(g *Gate) {
	for _, x := range s.reads {
		g.clock.Hear(x.sent, x.answer.Received, x.answer.Date)
	}
}
