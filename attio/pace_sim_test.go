package attio

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func contextUntil(end time.Time) (context.Context, context.CancelFunc) {
	return context.WithDeadline(context.Background(), end)
}

func TestExplore(t *testing.T) {
	for _, kind := range []string{"second", "sliding"} {
		for _, latency := range []time.Duration{5, 150, 400, 800} {
			for seed := range uint64(6) {
				synctest.Test(t, func(t *testing.T) {
					s := &server{begin: time.Now(), offset: time.Duration(370+seed*211) * time.Millisecond, latency: latency * time.Millisecond,
						spread: latency * time.Millisecond / 4, jitter: [2]time.Duration{5 * time.Millisecond, 200 * time.Millisecond}, seed: seed,
						accepted: map[string][]int{}, refused: map[string][]int{}}
					switch kind {
					case "second":
						s.limiter = &bySecond{limit: func(time.Duration) int { return 25 }}
					case "sliding":
						s.limiter = &sliding{limit: 25}
					}
					p := newPacer(25, false, func(e Event) {
						if e.Kind == "pacing" {
							fmt.Println("   ", time.Since(s.begin), e.Text)
						}
					})
					drive(s, "a", p, 128, 180*time.Second).Wait()
					fmt.Printf("%s %d seed %d: %.3f  429s %d, after 30 s %d of %d; first 30 s %d\n", kind, latency, seed, float64(sum(s.accepted["a"], 0, 180))/180/25,
						sum(s.refused["a"], 0, 200), sum(s.refused["a"], 30, 200), sum(s.accepted["a"], 30, 200), sum(s.accepted["a"], 0, 30))
				})
			}
		}
	}
}
