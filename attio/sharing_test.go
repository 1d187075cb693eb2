package attio_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

// create has a client make companies with 32 goroutines until the time is over, and returns how many there are.
func create(t *testing.T, c *attio.Client, d time.Duration) (n int64) {
	_, err := c.Self(t.Context())
	require.NoError(t, err)
	for range 20 { // as an import reads first
		_, err := c.Objects(t.Context())
		require.NoError(t, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var made atomic.Int64
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for {
				if _, err := c.CreateRecord(ctx, "companies", json.RawMessage(`{"name":"A"}`), nil); err != nil {
					require.Error(t, ctx.Err(), "%v", err)
					return
				}
				made.Add(1)
			}
		})
	}
	all.Wait()
	return made.Load()
}

// TestTwoClientsShareAWorkspace, although the server's clock is not the machine's.
func TestTwoClientsShareAWorkspace(t *testing.T) {
	for _, skew := range []time.Duration{0, -90*time.Second - 300*time.Millisecond, time.Hour} {
		folder := filepath.Join(t.TempDir(), "pace")
		synctest.Test(t, func(t *testing.T) {
			const seconds = 60
			server := attiotest.New(attiotest.Options{
				Latency: 100 * time.Millisecond, Jitter: 60 * time.Millisecond, ClockSkew: skew, RandSeed: 7,
			})
			var all sync.WaitGroup
			var made, refused [2]int64
			for i := range made {
				c, err := attio.New(attio.Options{Key: key, Transport: server.Transport(), ShareFolder: folder})
				require.NoError(t, err)
				all.Go(func() {
					made[i] = create(t, c, seconds*time.Second)
					refused[i] = c.Stats().RateLimited
				})
			}
			all.Wait()
			sum := made[0] + made[1]
			require.GreaterOrEqual(t, float64(sum), 0.98*25*seconds, "%v", made)
			require.GreaterOrEqual(t, float64(min(made[0], made[1])), 0.4*float64(sum), "%v", made)
			require.LessOrEqual(t, float64(refused[0]+refused[1]), 0.001*float64(sum), "%v of %v", refused, made)
		})
		files, err := os.ReadDir(folder)
		require.NoError(t, err)
		require.Len(t, files, 1, "one file for the workspace")
	}
}

// TestAFolderThatCannotBeUsed: the client works as without it, and says so once.
func TestAFolderThatCannotBeUsed(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "pace")
	require.NoError(t, os.WriteFile(folder, nil, 0o600))
	synctest.Test(t, func(t *testing.T) {
		server := attiotest.New(attiotest.Options{Latency: 20 * time.Millisecond})
		var told atomic.Int64
		c, err := attio.New(attio.Options{
			Key: key, Transport: server.Transport(), ShareFolder: folder,
			Observe: func(e attio.Event) {
				if e.Kind == "pacing" {
					require.Contains(t, e.Text, "not shared")
					told.Add(1)
				}
			},
		})
		require.NoError(t, err)
		require.Greater(t, create(t, c, 20*time.Second), int64(450))
		require.EqualValues(t, 1, told.Load())
	})
}
