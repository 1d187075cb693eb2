package attio

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestScen(t *testing.T) {
	const ms = time.Millisecond
	type mod func(s *server)
	run := func(name string, n float64, d time.Duration, lim func() limiter, m mod, others ...func(s *server, end time.Time)) {
		for _, latency := range []time.Duration{5, 150, 800} {
			for seed := range uint64(2) {
				synctest.Test(t, func(t *testing.T) {
					s := &server{begin: time.Now(), offset: time.Duration(370+seed*211) * ms, latency: latency * ms,
						spread: latency * ms / 4, jitter: [2]time.Duration{5 * ms, 200 * ms}, seed: seed,
						accepted: map[string][]int{}, refused: map[string][]int{}}
					s.limiter = lim()
					if m != nil {
						m(s)
					}
					told := ""
					p := newPacer(n, false, func(e Event) {
						if e.Kind == "pacing" {
							told += fmt.Sprintf("  [%.1f %s]", time.Since(s.begin).Seconds(), e.Text[:30])
						}
					})
					end := time.Now().Add(d)
					for _, o := range others {
						go o(s, end)
					}
					drive(s, "a", p, 128, d).Wait()
					time.Sleep(5 * time.Second)
					synctest.Wait()
					sec := int(d / time.Second)
					fmt.Printf("%s %d/%d: a %.2f/s 429 %d | b %.2f/s 429 %d | way %d lvl %d lag %v pts %d %s\n", name, latency, seed, float64(sum(s.accepted["a"], 0, sec))/float64(sec),
						sum(s.refused["a"], 0, sec+9), float64(sum(s.accepted["b"], 0, sec))/float64(sec), sum(s.refused["b"], 0, sec+9), p.way, p.windows.budget.level, p.windows.doubt.lag, p.windows.doubt.points, told)
				})
			}
		}
	}
	bs := func(n int, phase time.Duration) func() limiter {
		return func() limiter { return &bySecond{limit: func(time.Duration) int { return n }, phase: phase} }
	}
	run("bucket", 25, 180*time.Second, func() limiter { return &bucket{rate: 25, cap: 25, tokens: 25} }, nil)
	for _, ph := range []time.Duration{-200, -50, 50, 200, 300, 500, 700} {
		run(fmt.Sprint("phase", int(ph)), 25, 180*time.Second, bs(25, ph*ms), nil)
	}
	run("lowered", 25, 180*time.Second, func() limiter {
		return &bySecond{limit: func(at time.Duration) int {
			if at > 60*time.Second && at < 90*time.Second {
				return 10
			}
			return 25
		}}
	}, nil)
	naive := func(rate float64, burst bool) func(s *server, end time.Time) {
		return func(s *server, end time.Time) {
			i := 0
			for time.Now().Before(end) {
				go s.call("b")
				if i++; burst && i%10 != 0 {
					continue
				}
				if burst {
					time.Sleep(time.Second)
				} else {
					time.Sleep(time.Duration(float64(time.Second) / rate))
				}
			}
		}
	}
	run("naive10", 25, 180*time.Second, bs(25, 0), nil, naive(10, false))
	run("naiveburst10", 25, 180*time.Second, bs(25, 0), nil, naive(10, true))
	run("naive25", 25, 180*time.Second, bs(25, 0), nil, naive(25, false))
	twin := func(delay time.Duration) func(s *server, end time.Time) {
		return func(s *server, end time.Time) {
			time.Sleep(delay)
			drive(s, "b", newPacer(25, false, func(e Event) {
				if e.Kind == "pacing" {
					fmt.Println("  b:", time.Since(s.begin), e.Text)
				}
			}), 128, time.Until(end))
		}
	}
	run("twin0", 25, 180*time.Second, bs(25, 0), nil, twin(0))
	run("twin40", 25, 180*time.Second, bs(25, 0), nil, twin(40*time.Second))
	for _, st := range []time.Duration{-3000, -500, 500, 3000} {
		run(fmt.Sprint("step", int(st)), 25, 180*time.Second, bs(25, 0), func(s *server) {
			s.clock = func(d time.Duration) time.Duration {
				if d > 60*time.Second {
					return st * ms
				}
				return 0
			}
		})
	}
	run("nodate", 25, 180*time.Second, bs(25, 0), func(s *server) { s.date = func(time.Time, int64) time.Time { return time.Time{} } })
	run("stale", 25, 180*time.Second, bs(25, 0), func(s *server) { s.date = func(time.Time, int64) time.Time { return s.begin } })
	run("stale10%", 25, 180*time.Second, bs(25, 0), func(s *server) {
		s.date = func(at time.Time, n int64) time.Time {
			if n%10 == 3 {
				return at.Truncate(time.Second).Add(-20 * time.Second)
			}
			return at.Truncate(time.Second)
		}
	})
	run("slideall", 25, 180*time.Second, func() limiter { return &sliding{limit: 25, all: true} }, nil)
	run("reads", 100, 60*time.Second, bs(100, 0), nil)
}
