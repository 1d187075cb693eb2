package attio

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestTwinTrace(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		lat, seed, delay time.Duration
	}{{5, 0, 0}, {800, 0, 0}, {800, 1, 40}, {5, 1, 0}, {5, 0, 40}, {150, 1, 40}, {800, 1, 0}} {
		synctest.Test(t, func(t *testing.T) {
			s := &server{begin: time.Now(), offset: time.Duration(370+c.seed*211) * ms, latency: c.lat * ms,
				spread: c.lat * ms / 4, jitter: [2]time.Duration{5 * ms, 200 * ms}, seed: uint64(c.seed),
				accepted: map[string][]int{}, refused: map[string][]int{}}
			s.limiter = &bySecond{limit: func(time.Duration) int { return 25 }}
			p := newPacer(25, false, nil)
			q := newPacer(25, false, nil)
			go func() {
				time.Sleep(c.delay * time.Second)
				drive(s, "b", q, 128, (180-c.delay)*time.Second)
			}()
			drive(s, "a", p, 128, 180*time.Second).Wait()
			time.Sleep(5 * time.Second)
			for i := 0; i < 180; i += 10 {
				fmt.Printf("%d: %d-%d,%d-%d | ", i, sum(s.accepted["a"], i, i+10), sum(s.refused["a"], i, i+10), sum(s.accepted["b"], i, i+10), sum(s.refused["b"], i, i+10))
			}
			fmt.Println()
			fmt.Println()
		})
	}
}
