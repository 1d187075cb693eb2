package pace

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

const ms = time.Millisecond

// scenario is a way in which a server may count, and what a pacer has to reach there, whatever the seed.
type scenario struct {
	name    string
	n       int // requests a second that the pacer is told; 0 for 25
	limiter func() limiter
	change  func(*server)
	beside  func(s *server, end time.Time) // another client, "b"

	mean     float64 // accepted, of all clients, as a share of n, in the mean over latencies and seeds
	atLeast  float64 // the same of each run
	later    float64 // the same after the first half minute
	ours     float64 // accepted of client "a", the same share
	refused  float64 // 429s of "a", and of "b" where it is one of us, at most, as a share of what was accepted
	settled  float64 // the same after the first half minute
	bIsOurs  bool
	shared   bool    // through the file of claims
	warm     bool    // the clock is known beforehand, by the answers to reads
	few      float64 // 429s in the mean over latencies and seeds, the same share; 0 for no matter
	advance  float64 // accepted of each, as a share of n, while both run; 0 for no matter
	told     string  // the pacer says that it changed its ways; "" that it must not
	mayTell  bool    // it may say so or not
	jitter   time.Duration
	duration time.Duration // 0 for three minutes
}

// outcome is what came of a scenario.
type outcome struct {
	s     *server
	p     *Gate
	told  []string
	total int // seconds
}

func (sc scenario) run(t *testing.T, latency time.Duration, seed uint64) outcome {
	o := outcome{total: 180}
	if sc.duration > 0 {
		o.total = int(sc.duration / time.Second)
	}
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := &server{
			begin: time.Now(), limiter: sc.limiter(), offset: time.Duration(370+211*seed) * ms, latency: latency,
			spread: latency / 4,
			jitter: [2]time.Duration{5 * ms, 200 * ms}, seed: seed, accepted: map[string][]int{}, refused: map[string][]int{},
		}
		if sc.jitter > 0 {
			s.jitter[1] = sc.jitter
		}
		if sc.change != nil {
			sc.change(s)
		}
		n := 25
		if sc.n > 0 {
			n = sc.n
		}
		if sc.warm {
			s.read()
		}
		if sc.shared {
			s.folder = folder
		}
		p := s.gate(Options{Rate: float64(n), Observe: func(e Event) {
			if e.Pause == 0 {
				o.told = append(o.told, fmt.Sprintf("%.1f s: %s", time.Since(s.begin).Seconds(), e.Text))
			}
		}})
		d := time.Duration(o.total) * time.Second
		var all sync.WaitGroup
		if sc.beside != nil {
			all.Go(func() { sc.beside(s, time.Now().Add(d)) })
		}
		drive(s, "a", p, 128, d).Wait()
		all.Wait()
		time.Sleep(10 * time.Second) // what a client without pacer has in flight
		o.s, o.p = s, p
	})
	return o
}

func (sc scenario) check(t *testing.T, o outcome) (accepted, no float64) {
	n := 25.0
	if sc.n > 0 {
		n = float64(sc.n)
	}
	share := func(who string, from int) float64 {
		return float64(sum(o.s.accepted[who], from, o.total)) / float64(o.total-from) / n
	}
	refused := func(from int) float64 {
		no, yes := sum(o.s.refused["a"], from, o.total+9), sum(o.s.accepted["a"], from, o.total+9)
		if sc.bIsOurs {
			no, yes = no+sum(o.s.refused["b"], from, o.total+9), yes+sum(o.s.accepted["b"], from, o.total+9)
		}
		return float64(no) / float64(yes)
	}
	t.Logf("a %.3f (%.3f later), b %.3f (%.3f), 429s %.2f %% (%.2f %%), evenly %v, level %.2f of %.2f, %v", share("a", 0),
		share("a", 30), share("b", 0),
		share("b", 30), 100*refused(0), 100*refused(30), o.p.spread.evenly, o.p.budget.level, o.p.budget.most, o.told)
	require.GreaterOrEqual(t, share("a", 0)+share("b", 0), sc.atLeast, "accepted in all")
	require.GreaterOrEqual(t, share("a", 30)+share("b", 30), sc.later, "accepted after the first half minute")
	require.GreaterOrEqual(t, share("a", 0), sc.ours, "accepted of ours")
	require.LessOrEqual(t, refused(0), sc.refused, "refused")
	require.LessOrEqual(t, refused(30), sc.settled, "refused after the first half minute")
	if sc.advance > 0 {
		require.GreaterOrEqual(t, share("a", o.total/2), sc.advance, "a advances")
		require.GreaterOrEqual(t, share("b", o.total/2), sc.advance, "b advances")
	}
	if sc.told == "" && !sc.mayTell {
		require.Empty(t, o.told)
	}
	if sc.told != "" {
		require.Len(t, o.told, 1, "it says so once")
		require.Contains(t, o.told[0], sc.told)
	}
	return share("a", 0) + share("b", 0), refused(0)
}

// clockSecond counts by clock second, as Attio's guide says.
func clockSecond() limiter { return &bySecond{limit: func(time.Duration) int { return 25 }} }

func phase(d time.Duration) func() limiter {
	return func() limiter { return &bySecond{limit: func(time.Duration) int { return 25 }, phase: d} }
}

// stepped sets the server's clock, and its limiter's, after a minute.
func stepped(d time.Duration) func(*server) {
	return func(s *server) {
		s.clock = func(since time.Duration) time.Duration {
			if since > time.Minute {
				return d
			}
			return 0
		}
	}
}

func drifting(ppm time.Duration) func(*server) {
	return func(s *server) { s.clock = func(since time.Duration) time.Duration { return since * ppm / 1_000_000 } }
}

// naive is a client that sends so many a second whatever comes of it, evenly or in one go.
func naive(perSecond int, atOnce bool) func(*server, time.Time) {
	return func(s *server, end time.Time) {
		for i := 1; time.Now().Before(end); i++ {
			go s.call("b")
			switch {
			case !atOnce:
				time.Sleep(time.Second / time.Duration(perSecond))
			case i%perSecond == 0:
				time.Sleep(time.Second)
			}
		}
	}
}

// twin is another import with a pacer of its own.
func twin(after time.Duration) func(*server, time.Time) {
	return func(s *server, end time.Time) {
		time.Sleep(after)
		drive(s, "b", s.gate(Options{Rate: 25}), 128, time.Until(end)).Wait()
	}
}

// besides are other imports, each in a process of its own.
func besides(gates ...Options) func(*server, time.Time) {
	return func(s *server, end time.Time) {
		var all sync.WaitGroup
		for _, o := range gates {
			all.Go(func() { drive(s, "b", s.gate(o), 128, time.Until(end)).Wait() })
		}
		all.Wait()
	}
}

var scenarios = []scenario{
	{name: "clock second", limiter: clockSecond,
		mean: 0.994, atLeast: 0.979, later: 0.983, refused: 0.0016, settled: 0.0006},
	{name: "clock second, after reads", limiter: clockSecond, warm: true,
		mean: 0.994, atLeast: 0.98, later: 0.982, refused: 0.0004, settled: 0.0006},
	{name: "clock second, 100", n: 100,
		limiter:  func() limiter { return &bySecond{limit: func(time.Duration) int { return 100 }} },
		duration: 60 * time.Second,
		mean:     0.991, atLeast: 0.975, later: 0.984, refused: 0.0004, settled: 0.0006},
	{name: "clock second, no jitter", limiter: clockSecond, jitter: 6 * ms,
		mean: 0.995, atLeast: 0.981, later: 0.983, refused: 0.0007, settled: 0.0006},
	{name: "clock second, jitter 400 ms", limiter: clockSecond, jitter: 400 * ms,
		mean: 0.987, atLeast: 0.949, later: 0.983, refused: 0.0056, settled: 0.001},
	{name: "sliding second", limiter: func() limiter { return &sliding{limit: 25} }, told: "clock second",
		mean: 0.835, atLeast: 0.752, later: 0.767, refused: 0.029, settled: 0.0187, few: 0.0115},
	{name: "sliding second, after reads", limiter: func() limiter { return &sliding{limit: 25} }, told: "clock second",
		warm: true,
		mean: 0.825, atLeast: 0.682, later: 0.687, refused: 0.0374, settled: 0.0194, few: 0.0117},
	{name: "sliding second that counts refusals", limiter: func() limiter { return &sliding{limit: 25, all: true} },
		told: "clock second",
		mean: 0.793, atLeast: 0.546, later: 0.535, refused: 0.0529, settled: 0.0452},
	{name: "sliding second, a machine that stalls", limiter: func() limiter { return &sliding{limit: 25} },
		told:   "clock second",
		change: func(s *server) { s.stalls = []int{26, 32, 36, 40, 46} },
		mean:   0.798, atLeast: 0.644, later: 0.626, refused: 0.0408, settled: 0.0325},
	{name: "sliding second, no jitter", limiter: func() limiter { return &sliding{limit: 25} }, jitter: 6 * ms,
		mayTell: true,
		mean:    0.849, atLeast: 0.586, later: 0.586, refused: 0.0508, settled: 0.0417},
	{name: "token bucket", limiter: func() limiter { return &bucket{rate: 25, cap: 25, tokens: 25} },
		mean: 0.994, atLeast: 0.982, later: 0.983, refused: 0.0004, settled: 0.0006},
	{name: "windows 50 ms early", limiter: phase(-50 * ms),
		mean: 0.993, atLeast: 0.975, later: 0.983, refused: 0.0021, settled: 0.0006},
	{name: "windows 50 ms late", limiter: phase(50 * ms),
		mean: 0.994, atLeast: 0.982, later: 0.983, refused: 0.0007, settled: 0.0006},
	{name: "windows 200 ms late", limiter: phase(200 * ms), mayTell: true,
		mean: 0.902, atLeast: 0.862, later: 0.868, refused: 0.0138, settled: 0.0132},
	{name: "windows at half", limiter: phase(500 * ms), mayTell: true,
		mean: 0.864, atLeast: 0.745, later: 0.737, refused: 0.037, settled: 0.0371},
	{name: "windows 700 ms late", limiter: phase(700 * ms), mayTell: true,
		mean: 0.98, atLeast: 0.925, later: 0.93, refused: 0.011, settled: 0.011},
	{name: "lowered limit for 30 s", mean: 0.86, atLeast: 0.814, later: 0.78, refused: 0.0254, settled: 0.0329,
		limiter: func() limiter {
			return &bySecond{limit: func(at time.Duration) int {
				if at > 60*time.Second && at < 90*time.Second {
					return 10
				}
				return 25
			}}
		}},
	{name: "another client, 10 evenly", limiter: clockSecond, beside: naive(10, false),
		mean: 0.996, atLeast: 0.981, later: 0.982, ours: 0.67, refused: 0.0192, settled: 0.0133},
	{name: "another client, 10 at once", limiter: clockSecond, beside: naive(10, true),
		mean: 0.996, atLeast: 0.981, later: 0.983, ours: 0.56, refused: 0.0251, settled: 0.0136},
	{name: "another client, 25", limiter: clockSecond, beside: naive(25, false),
		mean: 0.998, atLeast: 0.985, later: 0.984, ours: 0.25, refused: 0.0703, settled: 0.0314},
	{name: "two imports", limiter: clockSecond, beside: twin(0), bIsOurs: true,
		mean: 0.991, atLeast: 0.963, later: 0.958, refused: 0.039, settled: 0.0127, advance: 0.19},
	{name: "two imports, after reads", limiter: clockSecond, beside: twin(0), bIsOurs: true, warm: true,
		mean: 0.994, atLeast: 0.973, later: 0.969, refused: 0.0272, settled: 0.0149, few: 0.0163, advance: 0.33},
	{name: "two imports, 40 s apart", limiter: clockSecond, beside: twin(40 * time.Second), bIsOurs: true,
		mean: 0.99, atLeast: 0.975, later: 0.973, refused: 0.0364, settled: 0.0454, advance: 0.26},
	{name: "two imports that share", limiter: clockSecond, beside: twin(0), bIsOurs: true, shared: true,
		mean: 0.994, atLeast: 0.985, later: 0.99, refused: 0.004, settled: 0.0006, few: 0.001, advance: 0.45},
	{name: "two imports that share, after reads", limiter: clockSecond, beside: twin(0), bIsOurs: true, warm: true,
		shared: true,
		mean:   0.998, atLeast: 0.99, later: 0.99, refused: 0.001, settled: 0.0006, few: 0.0003, advance: 0.45},
	{name: "two imports that share, 40 s apart", limiter: clockSecond, beside: twin(40 * time.Second), bIsOurs: true,
		shared: true,
		mean:   0.99, atLeast: 0.98, later: 0.98, refused: 0.005, settled: 0.006, few: 0.002, advance: 0.37},
	{name: "three imports that share", limiter: clockSecond, bIsOurs: true, warm: true, shared: true,
		beside: besides(Options{Rate: 25}, Options{Rate: 25}),
		mean:   0.998, atLeast: 0.99, later: 0.99, refused: 0.002, settled: 0.0006, few: 0.001, advance: 0.31},
	{name: "sharing with one that has a rate of its own", limiter: clockSecond, bIsOurs: true, warm: true, shared: true,
		beside: besides(Options{Rate: 5, Fixed: true}),
		mean:   0.99, atLeast: 0.98, later: 0.98, ours: 0.77, refused: 0.012, settled: 0.012, few: 0.006, advance: 0.18},
	{name: "sharing with one that is frozen for a while", limiter: clockSecond, bIsOurs: true, warm: true, shared: true,
		beside: func(s *server, end time.Time) {
			drive(s, "b", s.gate(Options{Rate: 25}), 12, time.Until(end)).Wait()
		},
		change: func(s *server) {
			s.frozen = map[string][2]time.Duration{"b": {30*time.Second + 500*ms, 50*time.Second + 500*ms}}
		},
		mean: 0.98, atLeast: 0.955, later: 0.95, ours: 0.53, refused: 0.005, settled: 0.006},
	{name: "sharing with one that is killed", limiter: clockSecond, bIsOurs: true, warm: true, shared: true,
		beside: func(s *server, _ time.Time) { besides(Options{Rate: 25})(s, time.Now().Add(20500*ms)) },
		mean:   0.99, atLeast: 0.985, later: 0.99, ours: 0.92, refused: 0.001, settled: 0.0006},
	{name: "clock set back 3 s", limiter: clockSecond, change: stepped(-3 * time.Second),
		mean: 0.987, atLeast: 0.965, later: 0.963, refused: 0.0033, settled: 0.0042},
	{name: "clock set back half a second", limiter: clockSecond, change: stepped(-500 * ms), mayTell: true,
		mean: 0.961, atLeast: 0.896, later: 0.878, refused: 0.0151, settled: 0.0192},
	{name: "clock set ahead half a second", limiter: clockSecond, change: stepped(500 * ms),
		mean: 0.992, atLeast: 0.971, later: 0.967, refused: 0.0019, settled: 0.0024},
	{name: "clock set ahead 3 s", limiter: clockSecond, change: stepped(3 * time.Second),
		mean: 0.987, atLeast: 0.965, later: 0.963, refused: 0.0033, settled: 0.0042},
	{name: "clock drifts ahead", limiter: clockSecond, change: drifting(200),
		mean: 0.994, atLeast: 0.981, later: 0.983, refused: 0.0016, settled: 0.0006},
	{name: "clock drifts back", limiter: clockSecond, change: drifting(-200),
		mean: 0.994, atLeast: 0.979, later: 0.983, refused: 0.0016, settled: 0.0006},
	{name: "no Date", limiter: clockSecond,
		change: func(s *server) { s.date = func(time.Time, int64) time.Time { return time.Time{} } }, told: "no Date",
		mean: 0.893, atLeast: 0.875, later: 0.874, refused: 0.0008, settled: 0.001},
	{name: "stale Date", limiter: clockSecond,
		change: func(s *server) { s.date = func(time.Time, int64) time.Time { return s.begin } }, told: "Date",
		mean: 0.884, atLeast: 0.853, later: 0.877, refused: 0.0065, settled: 0.0018},
	{name: "one Date in ten stale", mean: 0.994, atLeast: 0.979, later: 0.983, refused: 0.0016, settled: 0.0006,
		limiter: clockSecond, change: func(s *server) {
			s.date = func(at time.Time, n int64) time.Time {
				if n%10 == 3 {
					at = at.Add(-20 * time.Second)
				}
				return at.Truncate(time.Second)
			}
		}},
}

// The figures are for 5 to 200 ms of jitter each way. They are bounds for every seed: more seeds than the two that
// run here were tried to find them.
func TestPacerAgainstServers(t *testing.T) {
	for _, sc := range scenarios {
		t.Run(sc.name, func(t *testing.T) {
			var all, no, runs float64
			for _, latency := range []time.Duration{5 * ms, 150 * ms, 400 * ms, 800 * ms} {
				for seed := range uint64(2) {
					t.Run(fmt.Sprintf("%v seed %d", latency, seed), func(t *testing.T) {
						accepted, refused := sc.check(t, sc.run(t, latency, seed))
						all, no = all+accepted, no+refused
						runs++
					})
				}
			}
			require.GreaterOrEqual(t, all/runs, sc.mean)
			if sc.few > 0 {
				require.LessOrEqual(t, no/runs, sc.few)
			}
		})
	}
}
