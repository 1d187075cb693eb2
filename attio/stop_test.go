package attio

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	errInterrupted = errors.New("interrupted")
	errAborted     = errors.New("interrupted twice")
)

// slow answers after d, unless the request is given up before.
func slow(d time.Duration, then step) step {
	return func(r *http.Request) (*http.Response, error) {
		if err := sleep(r.Context(), d); err != nil {
			return nil, err
		}
		return then(r)
	}
}

// TestStopAndAbort: stop ends waits and nothing else; abort ends what is in flight too. Both come 3 seconds after the
// beginning.
func TestStopAndAbort(t *testing.T) {
	pause := answering(429, limited, "Retry-After", "50")
	for name, tc := range map[string]struct {
		answers []step
		abort   bool   // else stop
		update  bool   // else create
		want    string // class, or "" for success
		sent    int
		cause   error
	}{
		"stop lets a create in flight finish": {answers: []step{slow(10*time.Second, answering(200, oneRecord))},
			sent: 1},
		"abort cancels a create in flight": {answers: []step{slow(10*time.Second, answering(200, oneRecord))},
			abort: true, want: "outcome unknown", sent: 1, cause: errAborted},
		"stop ends the wait for the gate": {answers: []step{pause}, want: "stopped", sent: 1,
			cause: errInterrupted},
		"abort ends the wait for the gate": {answers: []step{pause}, abort: true, want: "stopped", sent: 1,
			cause: errAborted},
		"stop ends the rest before a repeat": {answers: []step{answering(409, concurrent)}, want: "stopped",
			cause: errInterrupted},
		"stop does not end an update half done": {answers: []step{failing(errReset),
			slow(20*time.Second, answering(200, oneRecord))}, update: true, sent: 2},
		"nor its wait for the gate": {answers: []step{failing(errReset), pause, answering(200, oneRecord)},
			update: true, sent: 3},
		"abort does, and its outcome stays unknown": {answers: []step{failing(errReset), pause}, update: true, abort: true,
			want: "outcome unknown", sent: 2, cause: errAborted},
		"abort cancels an update in flight": {answers: []step{slow(10*time.Second, answering(200, oneRecord))},
			update: true, abort: true, want: "outcome unknown", sent: 1, cause: errAborted},
		"stop finds an answer of 503 after it: once": {answers: []step{slow(10*time.Second, answering(503, ""))},
			want: "outcome unknown", sent: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := playing(tc.answers...)
				c := newTestClient(t, s)
				stop, interrupt := context.WithCancelCause(t.Context())
				ctx, abort := context.WithCancelCause(t.Context())
				defer interrupt(nil)
				defer abort(nil)
				time.AfterFunc(3*time.Second, func() {
					interrupt(errInterrupted)
					if tc.abort {
						abort(errAborted)
					}
				})
				if tc.abort { // abort alone, so that it is its cause that is seen
					stop = nil
				}
				began := time.Now()
				call := "create"
				if tc.update {
					call = "update"
				}
				w, err := calls(c)[call](ctx, &WriteOptions{Stop: stop})
				if tc.sent > 0 {
					require.Len(t, s.got, tc.sent)
				}
				require.Equal(t, len(s.got), w.Attempts)
				if tc.want == "" {
					require.NoError(t, err)
					require.Greater(t, time.Since(began), 3*time.Second, "it went on after the stop")
					return
				}
				var e *Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, tc.want, e.Class.String())
				if tc.cause != nil {
					require.ErrorIs(t, err, tc.cause)
					require.Equal(t, 3*time.Second, time.Since(began), "at once")
				}
			})
		})
	}
}

func TestNothingIsSentOnceStopped(t *testing.T) {
	ended, end := context.WithCancelCause(context.Background())
	end(errInterrupted)
	for name, tc := range map[string]struct{ ctx, stop context.Context }{
		"by stop": {context.Background(), ended}, "by abort": {ended, nil}, "by both": {ended, ended},
	} {
		t.Run(name, func(t *testing.T) {
			s := playing(answering(200, oneRecord))
			sending := false
			w, err := newTestClient(t, s).CreateRecord(
				tc.ctx, "users", nil, &WriteOptions{Stop: tc.stop, Sending: func() error { sending = true; return nil }})
			e := asError(t, err, Stopped)
			require.ErrorIs(t, e, errInterrupted)
			require.Zero(t, w.Attempts)
			require.Empty(t, s.got)
			require.False(t, sending, "no intent for what does not go")
		})
	}
}

// TestReadsThatAreGivenUp are Stopped wherever they were, after a failure too: nothing hangs on them.
func TestReadsThatAreGivenUp(t *testing.T) {
	for name, answers := range map[string][]step{
		"in flight":                     {hanging},
		"in flight, after a 503":        {answering(503, ""), hanging},
		"between attempts, after a 503": {answering(503, "", "Retry-After", "30")},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Second, func() { cancel(errAborted) })
				_, err := newTestClient(t, playing(answers...)).Record(ctx, "users", "r1")
				requireClass(t, err, Stopped)
				require.ErrorIs(t, err, errAborted)
			})
		})
	}
}

func TestSendingComesBetweenTurnAndRequest(t *testing.T) {
	t.Run("its error keeps the request from leaving", func(t *testing.T) {
		s := playing(answering(200, oneRecord))
		full := errors.New("disk full")
		w, err := newTestClient(t, s).CreateRecord(
			t.Context(), "users", nil, &WriteOptions{Sending: func() error { return full }})
		require.Equal(t, full, err, "as it is")
		require.Empty(t, s.got)
		require.Zero(t, w.Attempts)
	})
	t.Run("all of them are told before they go", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			told, went := 0, 0
			c := newTestClient(t, roundTrip(func(*http.Request) (*http.Response, error) {
				mu.Lock()
				defer mu.Unlock()
				if went++; went > told {
					return nil, errors.New("a request that nobody was told of")
				}
				return respond(200, oneRecord), nil
			}))
			var all sync.WaitGroup
			for range 40 {
				all.Go(func() {
					_, err := c.CreateRecord(t.Context(), "users", nil, &WriteOptions{Sending: func() error {
						mu.Lock()
						defer mu.Unlock()
						told++
						return nil
					}})
					if err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			require.Equal(t, 40, told)
			require.Equal(t, 40, went)
		})
	})
}

// TestTimeoutSaysSo: the limit of a whole request is the client's own, and not taken for the caller's.
func TestTimeoutSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, err := newTestClient(t, playing(hanging)).CreateRecord(t.Context(), "users", nil, nil)
		requireClass(t, err, Unknown)
		require.ErrorIs(t, err, errTimeout)
		require.Equal(t, callTimeout, time.Since(began))
	})
}

// TestALongPauseEndsEveryCall: what is asked side by side with the request that was told to wait for an hour, or after
// it, fails as that did.
func TestALongPauseEndsEveryCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, playing(slow(50*time.Millisecond, answering(429, limited, "Retry-After", "3600"))))
		began := time.Now()
		_, err := c.Schema(t.Context(), "users", "people", "companies")
		requireClass(t, err, Fatal)
		require.ErrorIs(t, err, ErrRateLimited)
		for range 3 {
			err = c.ReadPage(t.Context(), "users", Query{}, new(Page))
			requireClass(t, err, Fatal)
			require.ErrorIs(t, err, ErrRateLimited)
		}
		require.Less(t, time.Since(began), time.Minute)
		_, err = c.CreateRecord(t.Context(), "users", nil, nil)
		requireClass(t, err, Fatal)
	})
}
