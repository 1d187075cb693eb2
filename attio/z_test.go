package attio

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestTwinStart(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		lat, seed, delay time.Duration
	}{{800, 0, 0}, {150, 0, 0}} {
		synctest.Test(t, func(t *testing.T) {
			s := &server{begin: time.Now(), offset: time.Duration(370+c.seed*211) * ms, latency: c.lat * ms,
				spread: c.lat * ms / 4, jitter: [2]time.Duration{5 * ms, 200 * ms}, seed: uint64(c.seed),
				accepted: map[string][]int{}, refused: map[string][]int{}}
			s.limiter = &bySecond{limit: func(time.Duration) int { return 25 }}
			p := newPacer(25, false, nil)
			q := newPacer(25, false, nil)
			go drive(s, "b", q, 128, (180-c.delay)*time.Second)
			go drive(s, "a", p, 128, 180*time.Second).Wait()
			for range 90 {
				time.Sleep(100 * ms)
				for _, x := range []*pacer{p, q} {
					x.mu.Lock()
					fmt.Printf("%.1f way %d rate %.1f closed %.2f level %d", time.Since(s.begin).Seconds(), x.way, x.even.rate, x.closed.Sub(s.begin).Seconds(), x.windows.budget.level)
					if w := x.windows.now; w != nil {
						fmt.Printf(" win %d budget %d sent %d ref %d ans %d", w.second%100, w.budget, w.sent, w.refused, w.answered)
					}
					fmt.Printf("   |   ")
					x.mu.Unlock()
				}
				s.mu.Lock()
				fmt.Println(s.accepted["a"], s.refused["a"], s.accepted["b"], s.refused["b"])
				s.mu.Unlock()
			}
			time.Sleep(180 * time.Second)
		})
	}
}
