package attiotest

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

const ask1 = "/v2/objects/specimens/records"

// TestLimits asks faster than the limit and counts what each second lets through.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		name    string
		o       Options
		method  string
		path    string
		every   time.Duration
		n       int
		allowed int
	}{
		{"25 writes a second", Options{}, "POST", ask1, 10 * time.Millisecond, 100, 25},
		{"100 reads a second", Options{}, "GET", "/v2/objects", 5 * time.Millisecond, 200, 100},
		{"queries are reads", Options{}, "POST", ask1 + "/query", 5 * time.Millisecond, 200, 100},
		{"or writes", Options{Readings: Readings{QueriesAreWrites: true}}, "POST", ask1 + "/query", 5 * time.Millisecond,
			200, 25},
		{"another limit", Options{WriteLimit: 7}, "POST", ask1, 10 * time.Millisecond, 100, 7},
		{"none", Options{WriteLimit: -1}, "POST", ask1, 10 * time.Millisecond, 100, 100},
		{"sliding", Options{Window: Sliding}, "POST", ask1, 10 * time.Millisecond, 100, 25},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // it begins on a full second
				s := New(c.o)
				a := &api{t, s, s.Transport()}
				passed := 0
				for range c.n {
					body := ""
					if c.method == "POST" {
						body = `{}`
						if c.path == ask1 {
							body = wrap(`{}`)
						}
					}
					if r := a.do(c.method, c.path, body); r.status == 200 {
						passed++
					} else {
						require.Equal(t, 429, r.status, r.text)
					}
					time.Sleep(c.every)
				}
				require.Equal(t, c.allowed, passed)
				require.Equal(t, c.n-c.allowed, s.Counts().RateLimited)
			})
		})
	}
}

func TestA429(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{WriteLimit: 1, ClockSkew: 90*time.Second + 300*time.Millisecond})
		a := &api{t, s, s.Transport()}
		a.create("specimens", `{}`)
		r := a.do("POST", ask1, wrap(`{}`))
		require.Equal(t, `{"status_code":429,"type":"rate_limit_error","code":"rate_limit_exceeded",`+
			`"message":"Rate limit exceeded, please try again later"}`, r.text)
		now := time.Now().Add(90*time.Second + 300*time.Millisecond).UTC()
		require.Equal(t, now.Format(http.TimeFormat), r.header.Get("Date"))
		require.Equal(t, now.Add(time.Second).Format(http.TimeFormat), r.header.Get("Retry-After"),
			"the next second of the server's clock")
		require.NotEmpty(t, r.header.Get("X-Attio-Execution-Id"))
		require.Equal(t, 1, s.Count("specimens"), "not processed")
		time.Sleep(699 * time.Millisecond)
		require.Equal(t, 429, a.do("POST", ask1, wrap(`{}`)).status)
		time.Sleep(time.Millisecond)
		a.create("specimens", `{}`)
	})
}

func TestLimiterClocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{WriteLimit: 1, LimitSkew: 200 * time.Millisecond})
		a := &api{t, s, s.Transport()}
		a.create("specimens", `{}`)
		time.Sleep(799 * time.Millisecond)
		require.Equal(t, 429, a.do("POST", ask1, wrap(`{}`)).status)
		time.Sleep(time.Millisecond)
		a.create("specimens", `{}`)
		s.SetLimits(0, 100)
		time.Sleep(5 * time.Second)
		require.Equal(t, 429, a.do("POST", ask1, wrap(`{}`)).status, "lowered while it runs")
	})
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{WriteLimit: 2, Window: Sliding})
		a := &api{t, s, s.Transport()}
		time.Sleep(500 * time.Millisecond)
		a.create("specimens", `{}`)
		time.Sleep(400 * time.Millisecond)
		a.create("specimens", `{}`)
		time.Sleep(200 * time.Millisecond) // a new clock second
		r := a.do("POST", ask1, wrap(`{}`))
		require.Equal(t, 429, r.status)
		require.Equal(t, s.now().Truncate(time.Second).Add(time.Second).UTC().Format(http.TimeFormat),
			r.header.Get("Retry-After"), "rounded up")
		time.Sleep(400 * time.Millisecond)
		a.create("specimens", `{}`)
	})
}

func TestScoreBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := unlimited(t, Options{Readings: Readings{ScoreLimit: 300}})
		for i := range 11 {
			a.create("specimens", fmt.Sprintf(`{"serial":%d}`, i))
		}
		sorted := func(limit int) response {
			return a.query("specimens", fmt.Sprintf(`{"sorts":[{"attribute":"created_at","direction":"asc"}],"limit":%d}`,
				limit))
		}
		r := sorted(5)
		require.Equal(t, "125", r.header.Get("X-Attio-Record-Query-Score"), "it counts all that match")
		time.Sleep(4 * time.Second)
		require.Equal(t, 200, sorted(5).status)
		r = sorted(5)
		require.Equal(t, 429, r.status)
		require.Empty(t, r.header.Get("X-Attio-Record-Query-Score"))
		require.Equal(t, time.Now().Add(6*time.Second).UTC().Format(http.TimeFormat), r.header.Get("Retry-After"))
		require.Equal(t, 200, a.query("specimens", `{}`).status, "an unsorted query costs nothing")
		time.Sleep(6 * time.Second)
		require.Equal(t, 200, sorted(5).status)

		a = unlimited(t, Options{Readings: Readings{ScoreByRows: true}})
		for range 20 {
			a.create("specimens", `{}`)
		}
		require.Equal(t, "84", sorted(5).header.Get("X-Attio-Record-Query-Score"), "as recorded of 5 rows")
	})
}

func TestLatencyAndJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{WriteLimit: -1, Latency: 150 * time.Millisecond, Jitter: 50 * time.Millisecond})
		a := &api{t, s, s.Transport()}
		var mu sync.Mutex
		var took []time.Duration
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				begin := time.Now()
				a.create("specimens", `{}`)
				mu.Lock()
				defer mu.Unlock()
				took = append(took, time.Since(begin))
			})
		}
		all.Wait()
		different := map[time.Duration]bool{}
		for _, d := range took {
			require.GreaterOrEqual(t, d, 150*time.Millisecond)
			require.LessOrEqual(t, d, 250*time.Millisecond)
			different[d] = true
		}
		require.Greater(t, len(different), 25)
	})
}
