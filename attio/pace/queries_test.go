package pace

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// scoring is a model of the score budget: a sum over ten seconds, that refuses what would exceed it.
type scoring struct {
	limit int
	log   []spent
}

type spent struct {
	at    time.Time
	score int
}

func (l *scoring) accept(at time.Time, score int) bool {
	for len(l.log) > 0 && at.Sub(l.log[0].at) >= 10*time.Second {
		l.log = l.log[1:]
	}
	total := score
	for _, x := range l.log {
		total += x.score
	}
	if total > l.limit {
		return false
	}
	l.log = append(l.log, spent{at, score})
	return true
}

func TestScoreBudget(t *testing.T) {
	for _, c := range []struct {
		name    string
		score   int // of a query; 0 costs nothing but counts as one in the model
		limit   int // score in ten seconds
		readers int
		want    [2]float64 // queries a second, at least and at most
		refused float64    // of the queries, at most
		other   float64    // reads a second beside them, at least
	}{
		{"dear queries", 100, 3000, 0, [2]float64{2.2, 3}, 0.05, 0},
		{"dear queries beside many reads", 570, 20_000, 64, [2]float64{2.3, 3.6}, 0.05, 90},
		{"queries that cost nothing are held back by nothing", 0, 1 << 30, 0, [2]float64{95, 100}, 0, 0},
		{"a budget that is not reached", 10, 1 << 30, 0, [2]float64{95, 100}, 0, 0},
		{"no score is told, and yet it is refused", 0, 40, 0, [2]float64{2.9, 4}, 0.05, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const seconds = 180
				var mu sync.Mutex
				var yes, no, others int
				model := &scoring{limit: c.limit}
				plain := &bySecond{limit: func(time.Duration) int { return 100 }}
				reads := New(Options{Rate: 100})
				queries := Queries(reads)
				begin := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), seconds*time.Second)
				defer cancel()
				for i := range 16 + c.readers {
					query := i < 16
					go func() {
						time.Sleep(time.Duration(i) * time.Microsecond)
						again := false
						for {
							g := reads
							if query {
								g = queries
							}
							turn, err := g.Wait(ctx, again)
							if err != nil {
								return
							}
							// No two arrive in the same instant, so that the order in which goroutines run decides nothing.
							time.Sleep(40*ms + time.Duration(i)*11*time.Microsecond)
							mu.Lock()
							a := Answer{}
							refused := !plain.accept(time.Since(begin))
							if !refused && query {
								refused = !model.accept(time.Now(), max(c.score, 1))
								a.Score = c.score
							}
							switch {
							case refused:
								a = Answer{Limited: true, RetryAfter: time.Second}
								if query {
									no++
								}
							case query:
								yes++
							default:
								others++
							}
							mu.Unlock()
							a.Date = time.Now().Truncate(time.Second)
							time.Sleep(10*ms + time.Duration(i)*17*time.Microsecond)
							a.Received = time.Now()
							again = refused
							g.Done(turn, a)
						}
					}()
				}
				time.Sleep((seconds + 5) * time.Second)
				synctest.Wait()
				t.Logf("%.2f queries a second, %d refused, %.2f reads, level %.1f", float64(yes)/seconds, no,
					float64(others)/seconds, queries.budget.level)
				require.GreaterOrEqual(t, float64(yes)/seconds, c.want[0])
				require.LessOrEqual(t, float64(yes)/seconds, c.want[1])
				require.LessOrEqual(t, float64(no), c.refused*float64(yes))
				require.GreaterOrEqual(t, float64(others)/seconds, c.other, "other reads are not held back")
				require.Equal(t, no > 0, queries.Stats() != Stats{})
			})
		})
	}
}

// TestRefusalsWithoutABudget: a few refusals of queries, or many that have nothing to do with how much was asked,
// slow queries down for a while only: never to a standstill.
func TestRefusalsWithoutABudget(t *testing.T) {
	for _, c := range []struct {
		name   string
		refuse func(n int, since time.Duration) bool // the n-th query, from 1
		least  [2]float64                            // queries a second in the first minute, and from the third to the fifth
	}{
		{"three at the start", func(n int, _ time.Duration) bool { return n >= 2 && n <= 4 }, [2]float64{60, 95}},
		{"all for twenty seconds", func(_ int, since time.Duration) bool { return since < 20*time.Second },
			[2]float64{2, 95}},
		{"one in three", func(n int, _ time.Duration) bool { return n%3 == 0 }, [2]float64{0.6, 0.6}},
		{"one in a hundred", func(n int, _ time.Duration) bool { return n%100 == 0 }, [2]float64{5, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				var asked, early, late int
				plain := &bySecond{limit: func(time.Duration) int { return 100 }}
				reads := New(Options{Rate: 100})
				queries := Queries(reads)
				begin := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
				defer cancel()
				for range 16 {
					go func() {
						for again := false; ; {
							turn, err := queries.Wait(ctx, again)
							if err != nil {
								return
							}
							time.Sleep(40 * ms)
							mu.Lock()
							since := time.Since(begin)
							asked++
							again = c.refuse(asked, since) || !plain.accept(since)
							a := Answer{Date: time.Now().Truncate(time.Second)}
							switch {
							case again:
								a = Answer{Limited: true, RetryAfter: time.Second, Date: a.Date}
							case since < time.Minute:
								early++
							case since >= 3*time.Minute:
								late++
							}
							mu.Unlock()
							time.Sleep(10 * ms)
							a.Received = time.Now()
							queries.Done(turn, a)
						}
					}()
				}
				time.Sleep(5*time.Minute + 5*time.Second)
				synctest.Wait()
				t.Logf("%.2f queries a second at first, %.2f later", float64(early)/60, float64(late)/120)
				require.GreaterOrEqual(t, float64(early)/60, c.least[0])
				require.GreaterOrEqual(t, float64(late)/120, c.least[1])
			})
		})
	}
}
