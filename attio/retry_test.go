package attio

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	errReset   = &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
	errRefused = &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	limited    = attioError(429, CodeRateLimited, "Rate limit exceeded, please try again later")
	concurrent = attioError(
		409, CodeConcurrentWrite,
		"The record was modified by another request while this write was being validated. Please try again.")
	merging = attioError(400, CodeMergeInProgress, "A merge is in progress.")
)

// hanging answers when the request's own context ends.
func hanging(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, context.Cause(r.Context())
}

// cutOff answers with a body that breaks off.
func cutOff(status int, body string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) {
		resp := respond(status, body)
		resp.Body = http.NoBody
		resp.Body = brokenBody{}
		return resp, nil
	}
}

type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, errReset }
func (brokenBody) Close() error             { return nil }

type step = func(*http.Request) (*http.Response, error)

// calls are all calls that name one record or one object, with what a write may be told.
func calls(c *Client) map[string]func(context.Context, *WriteOptions) (Written, error) {
	return map[string]func(context.Context, *WriteOptions) (Written, error){
		"create": func(ctx context.Context, o *WriteOptions) (Written, error) {
			return c.CreateRecord(ctx, "users", nil, o)
		},
		"update": func(ctx context.Context, o *WriteOptions) (Written, error) {
			return c.UpdateRecord(ctx, "users", "r1", nil, o)
		},
		"replace": func(ctx context.Context, o *WriteOptions) (Written, error) {
			return c.ReplaceRecord(ctx, "users", "r1", nil, o)
		},
		"assert": func(ctx context.Context, o *WriteOptions) (Written, error) {
			return c.AssertRecord(ctx, "users", "user_id", nil, o)
		},
		"delete": func(ctx context.Context, o *WriteOptions) (Written, error) {
			return c.DeleteRecord(ctx, "users", "r1", o)
		},
		"get": func(ctx context.Context, _ *WriteOptions) (Written, error) {
			r, err := c.Record(ctx, "users", "r1")
			return Written{Record: r}, err
		},
		"query": func(ctx context.Context, _ *WriteOptions) (Written, error) {
			return Written{}, c.ReadPage(ctx, "users", Query{Limit: 1}, new(Page))
		},
		"any post": func(ctx context.Context, o *WriteOptions) (Written, error) {
			return done(c.Do(ctx, Call{Method: "POST", Path: "/v2/notes", WriteOptions: *orZero(o)}, nil))
		},
		"any put": func(ctx context.Context, o *WriteOptions) (Written, error) {
			return done(c.Do(ctx, Call{Method: "PUT", Path: "/v2/lists/l1/entries", WriteOptions: *orZero(o)}, nil))
		},
		"any repeatable post": func(ctx context.Context, o *WriteOptions) (Written, error) {
			return done(c.Do(ctx, Call{Method: "POST", Path: "/v2/x", Repeatable: true, WriteOptions: *orZero(o)}, nil))
		},
		"any query": func(ctx context.Context, _ *WriteOptions) (Written, error) {
			return done(c.Do(ctx, Call{Method: "POST", Path: "/v2/lists/l1/entries/query", Read: true}, nil))
		},
	}
}

func done(a Answer, err error) (Written, error) { return Written{Attempts: a.Attempts}, err }

func orZero(o *WriteOptions) *WriteOptions {
	if o == nil {
		return new(WriteOptions)
	}
	return o
}

// TestWhatIsRepeated: how often each call goes out for each failure, when the failure passes after one time and when it
// stays, and what is said in the end.
func TestWhatIsRepeated(t *testing.T) {
	good := map[string]step{
		"delete": answering(200, `{}`), "query": answering(200, `{"data":[]}`), "any query": answering(200, `{"data":[]}`),
	}
	repeatable := []string{"update", "replace", "assert", "delete", "get", "query", "any put", "any repeatable post",
		"any query"}
	all := append([]string{"create", "any post"}, repeatable...)
	for name, tc := range map[string]struct {
		failure step
		calls   []string
		passes  bool  // a second attempt is made, and counts
		class   Class // when it stays
		atMost  int   // requests when it stays
		within  time.Duration
	}{
		"reset, repeatable": {failing(errReset), repeatable, true, Unknown, 5, 30 * time.Second},
		"reset, create":     {failing(errReset), []string{"create"}, false, Unknown, 1, 0},
		"503, repeatable":   {answering(503, "Service Unavailable"), repeatable, true, Unknown, 5, 30 * time.Second},
		"503, create":       {answering(503, "Service Unavailable"), []string{"create"}, false, Unknown, 1, 0},
		"no JSON, repeatable": {answering(200, "<html>log in to the hotel's network</html>"), repeatable, true, Unknown,
			5, 30 * time.Second},
		"no JSON, create": {answering(200, "<html>log in to the hotel's network</html>"), []string{"create"}, false,
			Unknown, 1, 0},
		"an empty body, create":  {answering(200, ""), []string{"create"}, false, Unknown, 1, 0},
		"another's JSON, create": {answering(200, `{"data":{"ok":true}}`), []string{"create"}, false, Unknown, 1, 0},
		"half an answer, create": {answering(200, oneRecord[:len(oneRecord)-20]), []string{"create"}, false, Unknown, 1, 0},
		"broken off, create":     {cutOff(200, oneRecord), []string{"create"}, false, Unknown, 1, 0},
		"broken off, repeatable": {cutOff(200, oneRecord), repeatable, true, Unknown, 5, 30 * time.Second},
		"hangs, create":          {hanging, []string{"create"}, false, Unknown, 1, callTimeout},
		"hangs, repeatable":      {hanging, repeatable, true, Unknown, 5, 5*callTimeout + 30*time.Second},
		"refused to connect":     {failing(errRefused), all, true, NotSent, 4, 10 * time.Second},
		"no server behind":       {answering(521, "error code: 521"), all, true, NotSent, 30, maxPatience},
		"no TLS behind":          {answering(525, "error code: 525"), all, true, NotSent, 30, maxPatience},
		"concurrent write":       {answering(409, concurrent), all, true, NotProcessed, 30, maxPatience},
		"a merge":                {answering(400, merging), all, true, NotProcessed, 30, maxPatience},
		"a refusal broken off":   {cutOff(400, merging), all, true, NotProcessed, 30, maxPatience},
		"a key refused":          {answering(401, attioError(401, CodeUnauthorized, "No.")), all, false, Fatal, 1, 0},
		"an hour's pause":        {answering(429, limited, "Retry-After", "3600"), all, false, Fatal, 1, 0},
		"a validation":           {answering(400, attioError(400, "validation_type", "No.")), all, false, Refused, 1, 0},
		"a query of too much": {answering(429, limited, "Retry-After", "1"), []string{"query"}, true, NotProcessed,
			maxQueryRate, 30 * time.Second},
	} {
		for _, call := range tc.calls {
			t.Run(name+"/"+call, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := playing(tc.failure)
					began := time.Now()
					_, err := calls(newTestClient(t, s))[call](t.Context(), nil)
					e := asError(t, err, tc.class)
					if tc.atMost > 20 {
						require.Greater(t, len(s.got), 8)
						require.LessOrEqual(t, len(s.got), tc.atMost)
						require.Greater(t, time.Since(began), tc.within-longestRest*2)
					} else {
						require.Len(t, s.got, tc.atMost)
					}
					require.LessOrEqual(t, time.Since(began), tc.within+time.Second)
					require.NotEmpty(t, e.Error())

					then, ok := good[call]
					if !ok {
						then = answering(200, oneRecord)
					}
					s = playing(tc.failure, then)
					_, err = calls(newTestClient(t, s))[call](t.Context(), nil)
					if !tc.passes {
						requireClass(t, err, tc.class)
						require.Len(t, s.got, 1)
						return
					}
					require.NoError(t, err)
					require.Len(t, s.got, 2)
					require.Equal(t, s.got[0].body, s.got[1].body, "the same again")
				})
			})
		}
	}
}

// TestPatienceOnceTheServerHasAnswered: a network that goes away is waited for, for two minutes; an address that never
// answered is soon given up.
func TestPatienceOnceTheServerHasAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := playing(answering(200, oneRecord), failing(errRefused))
		c := newTestClient(t, s)
		_, err := c.CreateRecord(t.Context(), "users", nil, nil)
		require.NoError(t, err)
		began := time.Now()
		w, err := c.CreateRecord(t.Context(), "users", nil, nil)
		e := asError(t, err, NotSent)
		require.ErrorIs(t, e, errRefused)
		require.InDelta(t, maxPatience, time.Since(began), float64(2*longestRest))
		require.Equal(t, len(s.got)-1, w.Attempts)
	})
}

// TestReadsOutlastABlip: once the server has worked, a read is repeated for two minutes, whatever is wrong; a write
// whose outcome is unknown is not.
func TestReadsOutlastABlip(t *testing.T) {
	for name, failure := range map[string]step{"503": answering(503, "<html>"),
		"a connection that breaks": failing(errReset)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				down := func(r *http.Request) (*http.Response, error) {
					if since := time.Since(begin); since > time.Second && since < 100*time.Second || since > 200*time.Second {
						return failure(r)
					}
					return respond(200, oneRecord), nil
				}
				c := newTestClient(t, roundTrip(down))
				_, err := c.Record(t.Context(), "users", "r1")
				require.NoError(t, err)
				time.Sleep(2 * time.Second)
				_, err = c.Record(t.Context(), "users", "r1")
				require.NoError(t, err)
				time.Sleep(time.Until(begin.Add(201 * time.Second)))
				_, err = c.Record(t.Context(), "users", "r1")
				requireClass(t, err, Unknown)
				require.InDelta(t, maxPatience, time.Since(begin)-201*time.Second, float64(2*longestRest))
				again := time.Now()
				_, err = c.UpdateRecord(t.Context(), "users", "r1", nil, nil)
				requireClass(t, err, Unknown)
				require.Less(t, time.Since(again), 15*time.Second)
			})
		})
	}
}

// TestRateLimitCostsNothing: a write is repeated for as long as Attio says 429, an hour if need be.
func TestRateLimitCostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events []Event
		refusals := 0
		rt := roundTrip(func(*http.Request) (*http.Response, error) {
			if refusals++; refusals <= 60 {
				return respond(429, limited, "Retry-After", "60"), nil
			}
			return respond(200, oneRecord), nil
		})
		c := newTestClient(t, rt, func(e Event) { events = append(events, e) })
		began := time.Now()
		sending := 0
		w, err := c.CreateRecord(t.Context(), "users", nil, &WriteOptions{Sending: func() error { sending++; return nil }})
		require.NoError(t, err)
		require.Equal(t, 61, w.Attempts)
		require.Equal(t, 1, sending, "once, not for repeats")
		require.Greater(t, time.Since(began), 59*time.Minute)
		require.EqualValues(t, 60, c.Stats().RateLimited)
		kinds := map[string]int{}
		for _, e := range events {
			kinds[e.Kind]++
			if e.Kind == "retry" {
				require.Equal(t, "POST /v2/objects/users/records: 429 rate_limit_exceeded", e.Text)
			}
			if e.Kind == "paused" {
				require.True(t, e.Write, "the writes' gate")
			}
		}
		require.Equal(t, 60, kinds["retry"])
		require.Positive(t, kinds["paused"])
	})
}

// TestHeavyQuery: what a caller needs to know to ask for less.
func TestHeavyQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, playing(answering(429, "slow down", "Retry-After", "2")))
		err := c.ReadPage(t.Context(), "users", Query{}, new(Page))
		e := asError(t, err, NotProcessed)
		require.Equal(t, CodeRateLimited, e.Code)
		require.Equal(t, 2*time.Second, e.RetryAfter)
		require.EqualValues(t, maxQueryRate, c.Stats().RateLimited)
	})
}

// TestBackoffGrowsAndScatters: workers that failed together must not come again together.
func TestBackoffGrowsAndScatters(t *testing.T) {
	firsts := map[time.Duration]bool{}
	for range 20 {
		p := patience{}
		var before time.Duration
		for i, want := range []time.Duration{500, 1000, 2000, 4000} {
			wait, again := p.after(&Error{Class: Unknown}, reply{}, true, true)
			require.True(t, again)
			require.InDelta(t, want*time.Millisecond, wait, float64(want*time.Millisecond)/4+1)
			require.Greater(t, wait, before)
			before = wait
			if i == 0 {
				firsts[wait] = true
			}
		}
		_, again := p.after(&Error{Class: Unknown}, reply{}, true, true)
		require.False(t, again, "five attempts in all")
	}
	require.Greater(t, len(firsts), 10)
}

// TestRetryAfterOfA503 is kept, but not beyond a minute.
func TestRetryAfterOfA503(t *testing.T) {
	for header, want := range map[string]time.Duration{"30": 30 * time.Second, "3600": time.Minute} {
		p := patience{}
		wait, again := p.after(&Error{Class: Unknown, Status: 503}, reply{header: http.Header{"Retry-After": {header}}},
			true, true)
		require.True(t, again)
		require.Equal(t, want, wait)
	}
}

// TestUnknownStaysUnknown: a later attempt that surely did nothing says nothing of an earlier one that may have.
func TestUnknownStaysUnknown(t *testing.T) {
	for name, last := range map[string]step{
		"not sent":                  failing(errRefused),
		"a key that is refused now": answering(401, attioError(401, CodeUnauthorized, "No.")),
		"a merge":                   answering(400, merging),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, err := newTestClient(t, playing(failing(errReset), last)).UpdateRecord(t.Context(), "users", "r1", nil, nil)
				requireClass(t, err, Unknown)
			})
		})
	}
	t.Run("a refusal is an answer", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := playing(failing(errReset), answering(404, attioError(404, CodeNotFound, "Record not found.")))
			_, err := newTestClient(t, s).UpdateRecord(t.Context(), "users", "r1", nil, nil)
			requireClass(t, err, Refused)
		})
	})
	t.Run("a deletion that is found done", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := playing(failing(errReset), answering(404, attioError(404, CodeNotFound, "Record not found.")))
			w, err := newTestClient(t, s).DeleteRecord(t.Context(), "users", "r1", nil)
			require.NoError(t, err)
			require.Equal(t, 2, w.Attempts)
		})
	})
}

// TestAReadFailsAsItsLastAttemptDid: an earlier attempt of a read changed nothing, so only the last one counts.
func TestAReadFailsAsItsLastAttemptDid(t *testing.T) {
	for name, tc := range map[string]struct {
		then  step
		class Class
	}{
		"a key refused":       {answering(401, attioError(401, CodeUnauthorized, "No.")), Fatal},
		"a query of too much": {answering(429, limited, "Retry-After", "1"), NotProcessed},
		"a validation":        {answering(400, attioError(400, "validation_type", "No.")), Refused},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newTestClient(t, playing(answering(503, ""), tc.then))
				err := c.ReadPage(t.Context(), "users", Query{}, new(Page))
				requireClass(t, err, tc.class)
			})
		})
	}
}
