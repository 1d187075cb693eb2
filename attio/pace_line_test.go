package attio

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// ok is an answer that came at once.
func ok() answer {
	return answer{received: time.Now(), date: time.Now().Truncate(time.Second), status: 200}
}

// refusal is a 429 that came at once.
func refusal(after time.Duration) answer {
	a := ok()
	a.status, a.limited, a.retryAfter = 429, true, after
	return a
}

func TestLineServesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(10, true, nil)
		var mu sync.Mutex
		var order []int
		join := func(i int, again bool) {
			go func() {
				_, err := p.wait(t.Context(), again)
				mu.Lock()
				defer mu.Unlock()
				order = append(order, i)
				require.NoError(t, err)
			}()
			synctest.Wait()
		}
		for i := range 4 {
			join(i, false) // 0 goes at once
		}
		join(10, true)
		join(11, true)
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, []int{0, 10, 11, 1, 2, 3}, order)
	})
}

func TestLineLetsOneGoEveryInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(25, true, nil)
		begin := time.Now()
		for range 51 {
			_, err := p.wait(t.Context(), false)
			require.NoError(t, err)
		}
		require.InDelta(t, 2*time.Second, time.Since(begin), float64(time.Millisecond))
		require.InDelta(t, 2*time.Second, p.stats().limit, float64(time.Millisecond))
	})
}

func TestLineLeftByACancelledCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(1, true, nil)
		_, err := p.wait(t.Context(), false)
		require.NoError(t, err)
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		failed := make(chan error, 1)
		go func() {
			_, err := p.wait(ctx, false)
			failed <- err
		}()
		synctest.Wait()
		begin := time.Now()
		served := make(chan time.Duration, 1)
		go func() {
			_, err := p.wait(t.Context(), false)
			served <- time.Since(begin)
			require.NoError(t, err)
		}()
		synctest.Wait()
		cancel(cause)
		require.ErrorIs(t, <-failed, cause)
		require.InDelta(t, time.Second, <-served, float64(time.Millisecond), "the one that left has taken no turn")
		_, err = p.wait(ctx, true)
		require.ErrorIs(t, err, cause)
	})
}

func TestGateClosesForAll(t *testing.T) {
	for _, c := range []struct {
		name  string
		after time.Duration
		want  time.Duration
	}{
		{"what the server asked", 3 * time.Second, 3 * time.Second},
		{"nothing asked", 0, 250 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var events []Event
				p := newPacer(25, true, func(e Event) { events = append(events, e) })
				first, err := p.wait(t.Context(), false)
				require.NoError(t, err)
				begin := time.Now()
				p.done(first, refusal(c.after))
				var mu sync.Mutex
				var at []time.Duration
				for range 128 {
					go func() {
						_, err := p.wait(t.Context(), false)
						mu.Lock()
						defer mu.Unlock()
						at = append(at, time.Since(begin))
						require.NoError(t, err)
					}()
				}
				time.Sleep(c.after + 10*time.Second)
				synctest.Wait()
				require.Len(t, at, 128)
				require.InDelta(t, c.want, at[0], float64(time.Millisecond))
				for i := 1; i < len(at); i++ {
					require.GreaterOrEqual(t, at[i]-at[i-1], 39*time.Millisecond, "no stampede when the gate opens")
				}
				require.Len(t, events, 1)
				require.Equal(t, "paused", events[0].Kind)
				require.InDelta(t, c.want, events[0].Wait, float64(time.Millisecond))
			})
		})
	}
}
