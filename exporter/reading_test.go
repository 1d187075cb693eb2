package exporter

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// TestPagesAreReadWhileTheSchemaIs: the first page is asked for before the schema is there, and the file is the same.
func TestPagesAreReadWhileTheSchemaIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newSandbox(t, 30, attiotest.Options{})
		_, err := b.run(t.Context(), Options{Out: "known.csv"})
		require.NoError(t, err)
		asked := make(chan struct{})
		b.server.AddFault(attiotest.Fault{
			Match: func(r *http.Request, _ []byte) bool {
				return strings.HasSuffix(r.URL.Path,
					"/query")
			}, Times: 1, Before: func() { close(asked) },
		})
		m, err := Run(t.Context(), b.client, Options{
			Out: b.path("read.csv"), PageSize: 7,
			ReadSchema: func(context.Context) (*attio.Schema, error) {
				<-asked
				time.Sleep(time.Minute)
				return b.schema, nil
			},
		})
		require.NoError(t, err)
		require.Equal(t, []any{30, Complete}, []any{m.Records, m.Verdict})
		known, err := os.ReadFile(b.path("known.csv"))
		require.NoError(t, err)
		read, err := os.ReadFile(b.path("read.csv"))
		require.NoError(t, err)
		require.Equal(t, string(known), string(read))
	})
}

// TestWhatTheSchemaShowsComesFirst: whatever the pages bring meanwhile, and no file is left.
func TestWhatTheSchemaShowsComesFirst(t *testing.T) {
	wrongKey := errors.New("wrong key")
	for name, tc := range map[string]struct {
		o     Options
		fails error
		want  any
	}{
		"a schema that cannot be read": {Options{}, wrongKey, &wrongKey},
		"an unknown column":            {Options{Columns: []string{"nothing"}}, nil, new(problem.Problems)},
		"an unknown object":            {Options{Object: "nothing"}, nil, new(*OptionError)},
	} {
		for _, failing := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					b := newSandbox(t, 30, attiotest.Options{})
					if failing {
						b.server.AddFault(attiotest.Fault{Status: 403, Code: "unauthorized"})
					}
					tc.o.Out = b.path("out.csv")
					tc.o.ReadSchema = func(context.Context) (*attio.Schema, error) {
						time.Sleep(time.Second)
						return b.schema, tc.fails
					}
					_, err := Run(t.Context(), b.client, tc.o)
					require.ErrorAs(t, err, tc.want)
					if tc.fails != nil {
						require.ErrorIs(t, err, tc.fails)
					}
					left, err := os.ReadDir(b.dir)
					require.NoError(t, err)
					require.Empty(t, left)
				})
			})
		}
	}
}

// TestRefusedForAWhile: queries that are refused for their rate longer than the client waits cost an export time and
// nothing else, up to two minutes.
func TestRefusedForAWhile(t *testing.T) {
	for _, lasting := range []time.Duration{90 * time.Second, time.Hour} {
		t.Run(lasting.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newSandbox(t, 30, attiotest.Options{})
				begin := time.Now()
				b.server.AddFault(attiotest.Fault{Status: 429, Match: func(r *http.Request, _ []byte) bool {
					return strings.HasSuffix(r.URL.Path, "/query") && time.Since(begin) < lasting
				}})
				m, err := b.run(t.Context(), Options{Out: "out.csv", PageSize: 7})
				if lasting < retryFor {
					require.NoError(t, err)
					require.Equal(t, []any{30, Complete}, []any{m.Records, m.Verdict})
					return
				}
				var api *attio.Error
				require.ErrorAs(t, err, &api)
				require.Equal(t, http.StatusTooManyRequests, api.Status)
				require.InDelta(t, retryFor, time.Since(begin), float64(30*time.Second))
			})
		})
	}
}

// TestBothTimesAreTheServers: the local clock may be wrong by hours, and nothing of the server's is known at the start.
func TestBothTimesAreTheServers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newSandbox(t, 3, attiotest.Options{Latency: time.Second})
		b.server.AddFault(attiotest.Fault{Skew: -5 * time.Hour})
		fresh, err := attio.New(attio.Options{Key: attio.Secret(sandboxKey), Transport: b.server.Transport()})
		require.NoError(t, err)
		began := time.Now().Add(-5 * time.Hour)
		m, err := Run(t.Context(), fresh, Options{
			Out:        b.path("users.csv"),
			ReadSchema: func(context.Context) (*attio.Schema, error) { return b.schema, nil },
		})
		require.NoError(t, err)
		started, err := time.Parse(time.RFC3339, m.StartedAt)
		require.NoError(t, err)
		require.InDelta(t, 0, started.Sub(began), float64(2*time.Second))
	})
}

// TestNothingGoesOnWhenTheExportHasEnded: the attributes that are read again at the end are not waited for after an
// error.
func TestNothingGoesOnWhenTheExportHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which would wait for a goroutine that is left
		b := newSandbox(t, 3, attiotest.Options{})
		b.server.AddFault(attiotest.Fault{Latency: time.Hour, Match: func(r *http.Request, _ []byte) bool {
			return strings.HasSuffix(r.URL.Path, "/attributes")
		}})
		began := time.Now()
		_, err := b.run(t.Context(), Options{Out: "users.csv", MinRecords: "100"})
		var few *TooFewError
		require.ErrorAs(t, err, &few)
		require.Less(t, time.Since(began), time.Minute)
	})
}
