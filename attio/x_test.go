package attio

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{begin: time.Now(), offset: 1214 * time.Millisecond, latency: 150 * time.Millisecond,
			spread: 150/4 * time.Millisecond, jitter: [2]time.Duration{5 * time.Millisecond, 200 * time.Millisecond}, seed: 4,
			accepted: map[string][]int{}, refused: map[string][]int{}}
		s.limiter = &sliding{limit: 25}
		var p *pacer
		p = newPacer(25, false, func(e Event) {
			fmt.Println("   ", time.Since(s.begin), e.Kind, e.Wait, e.Text, p.even.rate)
		})
		drive(s, "a", p, 128, 180*time.Second).Wait()
		fmt.Println(s.accepted["a"])
		fmt.Println(s.refused["a"])
	})
}
