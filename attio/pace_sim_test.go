package attio

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
	warm     bool    // the clock is known beforehand, by the answers to reads
	few      float64 // 429s in the mean over latencies and seeds, the same share; 0 for no matter
	advance  float64 // accepted of each, as a share of n, while both run; 0 for no matter
	told     string  // the pacer says that it changed its ways; "" that it must not
	mayTell  bool    // it may say so or not
	lockOff  bool
	jitter   time.Duration
	duration time.Duration // 0 for three minutes
}

// outcome is what came of a scenario.
type outcome struct {
	s     *server
	p     *pacer
	told  []string
	total int // seconds
}

func (sc scenario) run(t *testing.T, latency time.Duration, seed uint64) outcome {
	o := outcome{total: 180}
	if sc.duration > 0 {
		o.total = int(sc.duration / time.Second)
	}
	synctest.Test(t, func(t *testing.T) {
		s := &server{
			begin: time.Now(), limiter: sc.limiter(), offset: time.Duration(370+211*seed) * ms, latency: latency, spread: latency / 4,
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
		p := newPacer(float64(n), false, func(e Event) {
			if e.Kind == "pacing" {
				o.told = append(o.told, fmt.Sprintf("%.1f s: %s", time.Since(s.begin).Seconds(), e.Text))
			}
		})
		if sc.lockOff {
			p.lockOff()
		}
		if sc.warm {
			s.read()
			s.overhear(p)
		}
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
	t.Logf("a %.3f (%.3f later), b %.3f (%.3f), 429s %.2f %% (%.2f %%), way %d, level %d, lag %v, %v", share("a", 0), share("a", 30), share("b", 0),
		share("b", 30), 100*refused(0), 100*refused(30), o.p.way, o.p.windows.budget.level, o.p.windows.doubt.lag, o.told)
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
		p := newPacer(25, false, nil)
		s.overhear(p)
		drive(s, "b", p, 128, time.Until(end)).Wait()
	}
}

var scenarios = []scenario{
	{name: "clock second", limiter: clockSecond,
		mean: 0.99, atLeast: 0.99, later: 0.997, refused: 0.0005, settled: 0.0005},
	{name: "clock second, after reads", limiter: clockSecond, warm: true,
		mean: 0.994, atLeast: 0.99, later: 0.997, refused: 0.0005, settled: 0.0005},
	{name: "clock second, 100", n: 100, limiter: func() limiter { return &bySecond{limit: func(time.Duration) int { return 100 }} }, duration: 60 * time.Second,
		atLeast: 0.975, later: 0.995, refused: 0.0005, settled: 0.0005},
	{name: "clock second, no jitter", limiter: clockSecond, jitter: 6 * ms,
		atLeast: 0.99, later: 0.997, refused: 0.0005, settled: 0.0005},
	{name: "clock second, jitter 400 ms", limiter: clockSecond, jitter: 400 * ms,
		atLeast: 0.99, later: 0.997, refused: 0.002, settled: 0.0015},
	{name: "sliding second", limiter: func() limiter { return &sliding{limit: 25} }, told: "clock second",
		mean: 0.86, atLeast: 0.835, later: 0.85, refused: 0.01, settled: 0.007, few: 0.006},
	{name: "sliding second, after reads", limiter: func() limiter { return &sliding{limit: 25} }, told: "clock second", warm: true,
		mean: 0.86, atLeast: 0.78, later: 0.845, refused: 0.012, settled: 0.007, few: 0.006},
	{name: "sliding second that counts refusals", limiter: func() limiter { return &sliding{limit: 25, all: true} }, told: "clock second",
		mean: 0.78, atLeast: 0.58, later: 0.64, refused: 0.04, settled: 0.02},
	{name: "sliding second, a machine that stalls", limiter: func() limiter { return &sliding{limit: 25} }, told: "clock second",
		change: func(s *server) { s.stalls = []int{26, 32, 36, 40, 46} },
		mean:   0.83, atLeast: 0.74, later: 0.74, refused: 0.02, settled: 0.016},
	{name: "sliding second, no jitter", limiter: func() limiter { return &sliding{limit: 25} }, jitter: 6 * ms, mayTell: true,
		atLeast: 0.865, later: 0.87, refused: 0.01, settled: 0.006},
	{name: "token bucket", limiter: func() limiter { return &bucket{rate: 25, cap: 25, tokens: 25} },
		atLeast: 0.99, later: 0.997, refused: 0.0005, settled: 0.0005},
	{name: "windows 50 ms early", limiter: phase(-50 * ms),
		atLeast: 0.99, later: 0.997, refused: 0.0005, settled: 0.0005},
	{name: "windows 50 ms late", limiter: phase(50 * ms),
		atLeast: 0.99, later: 0.997, refused: 0.001, settled: 0.001},
	{name: "windows 200 ms late", limiter: phase(200 * ms), mayTell: true,
		mean: 0.95, atLeast: 0.85, later: 0.85, refused: 0.008, settled: 0.002},
	{name: "windows at half", limiter: phase(500 * ms), mayTell: true,
		atLeast: 0.85, later: 0.85, refused: 0.018, settled: 0.018},
	{name: "windows 700 ms late", limiter: phase(700 * ms), mayTell: true,
		atLeast: 0.97, later: 0.975, refused: 0.012, settled: 0.012},
	{name: "lowered limit for 30 s", atLeast: 0.83, later: 0.805, refused: 0.01, settled: 0.012, limiter: func() limiter {
		return &bySecond{limit: func(at time.Duration) int {
			if at > 60*time.Second && at < 90*time.Second {
				return 10
			}
			return 25
		}}
	}},
	{name: "another client, 10 evenly", limiter: clockSecond, beside: naive(10, false),
		atLeast: 0.99, later: 0.995, ours: 0.59, refused: 0.018, settled: 0.013},
	{name: "another client, 10 at once", limiter: clockSecond, beside: naive(10, true),
		atLeast: 0.975, later: 0.995, ours: 0.56, refused: 0.02, settled: 0.016},
	{name: "another client, 25", limiter: clockSecond, beside: naive(25, false),
		atLeast: 0.99, later: 0.995, ours: 0.3, refused: 0.036, settled: 0.028},
	{name: "two imports", limiter: clockSecond, beside: twin(0), bIsOurs: true,
		mean: 0.97, atLeast: 0.97, later: 0.97, refused: 0.02, settled: 0.0125, advance: 0.1},
	{name: "two imports, after reads", limiter: clockSecond, beside: twin(0), bIsOurs: true, warm: true,
		mean: 0.985, atLeast: 0.97, later: 0.97, refused: 0.016, settled: 0.011, few: 0.0095, advance: 0.2},
	{name: "two imports, 40 s apart", limiter: clockSecond, beside: twin(40 * time.Second), bIsOurs: true,
		mean: 0.97, atLeast: 0.97, later: 0.97, refused: 0.021, settled: 0.025, advance: 0.1},
	{name: "clock set back 3 s", limiter: clockSecond, change: stepped(-3 * time.Second),
		atLeast: 0.96, later: 0.955, refused: 0.002, settled: 0.002},
	{name: "clock set back half a second", limiter: clockSecond, change: stepped(-500 * ms), mayTell: true,
		mean: 0.95, atLeast: 0.84, later: 0.82, refused: 0.015, settled: 0.018},
	{name: "clock set ahead half a second", limiter: clockSecond, change: stepped(500 * ms),
		atLeast: 0.985, later: 0.99, refused: 0.0005, settled: 0.0005},
	{name: "clock set ahead 3 s", limiter: clockSecond, change: stepped(3 * time.Second),
		atLeast: 0.96, later: 0.955, refused: 0.002, settled: 0.002},
	{name: "clock drifts ahead", limiter: clockSecond, change: drifting(200),
		atLeast: 0.99, later: 0.997, refused: 0.0005, settled: 0.0005},
	{name: "clock drifts back", limiter: clockSecond, change: drifting(-200),
		atLeast: 0.99, later: 0.997, refused: 0.0005, settled: 0.0005},
	{name: "lock switched off", limiter: clockSecond, lockOff: true,
		atLeast: 0.89, later: 0.89, refused: 0.005, settled: 0.005},
	{name: "no Date", limiter: clockSecond, change: func(s *server) { s.date = func(time.Time, int64) time.Time { return time.Time{} } }, told: "no Date",
		atLeast: 0.87, later: 0.87, refused: 0.003, settled: 0.003},
	{name: "stale Date", limiter: clockSecond, change: func(s *server) { s.date = func(time.Time, int64) time.Time { return s.begin } }, told: "Date",
		atLeast: 0.86, later: 0.875, refused: 0.005, settled: 0.003},
	{name: "one Date in ten stale", atLeast: 0.99, later: 0.997, refused: 0.0005, settled: 0.0005, limiter: clockSecond, change: func(s *server) {
		s.date = func(at time.Time, n int64) time.Time {
			if n%10 == 3 {
				at = at.Add(-20 * time.Second)
			}
			return at.Truncate(time.Second)
		}
	}},
}

// The figures are for 5 to 200 ms of jitter each way. They are bounds for every seed: seeds beyond the two that run here were tried to find
// them. Sharing costs most when both begin at once, or one in the middle of the other: hence its two bounds on refusals.
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
