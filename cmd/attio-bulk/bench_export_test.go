//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/exporter"
)

// flights is a server in front of a sandbox that notes how many pages were asked for at once.
type flights struct {
	server    *attiotest.Server
	now, most atomic.Int64
}

func (f *flights) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		n := f.now.Add(1)
		defer f.now.Add(-1)
		for most := f.most.Load(); n > most && !f.most.CompareAndSwap(most, n); most = f.most.Load() {
		}
	}
	f.server.ServeHTTP(w, r)
}

// BenchmarkExport writes 60,000 records, 50 ms a page, with Attio's limit of reads. Beside it: bare paging, which asks
// for the same pages with the same client, as many in flight as the export had at most, and throws them away;
// "x-bare-rec/s" is what the export keeps of its speed. The script asks for one page after the other.
func BenchmarkExport(b *testing.B) {
	const records = 60_000
	// the server's collector took a third of its processor time, which is the exporter's here
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	f := &flights{server: attiotest.New(attiotest.Options{Latency: 50 * time.Millisecond, KeepRequests: -1})}
	for i := range records {
		_, err := f.server.Insert("users", userOf(i).values())
		require.NoError(b, err)
	}
	listener := httptest.NewServer(f)
	b.Cleanup(listener.Close)
	speed := func(u usage) map[string]float64 {
		return map[string]float64{"rec/s": records / u.wall.Seconds(), "cpu-us/rec": u.micros(records), "rss-MB": u.rss}
	}
	ours := contender{"", func() map[string]float64 {
		f.most.Store(0)
		p := start(b, listener.URL, program(b), "export", "--out", "users.csv", "--quiet")
		u := p.wait(b, 0)
		text, err := os.ReadFile(filepath.Join(p.cmd.Dir, "users.csv.manifest.json"))
		require.NoError(b, err)
		var m exporter.Manifest
		require.NoError(b, json.Unmarshal(text, &m))
		require.Equal(b, []any{records, exporter.Complete}, []any{m.Records, m.Verdict})
		require.NoError(b, os.RemoveAll(p.cmd.Dir))
		got := speed(u)
		got["in-flight"] = float64(f.most.Load())
		return got
	}}
	bare := contender{"bare", func() map[string]float64 {
		return map[string]float64{"rec/s": records / pageThrough(b, listener.URL, records, int(f.most.Load())).Seconds()}
	}}
	scripts := baselines(b, func(args []string) map[string]float64 {
		u := start(b, listener.URL, append(args, "users.csv")...).wait(b, 0)
		require.Equal(b, fmt.Sprintln(records), string(u.out))
		return speed(u)
	}, "export.py")
	compare(b, rounds(b, 5), append([]contender{ours, bare}, scripts...)...)
}

// pageThrough reads all pages of users, so many at once, and says how long it took.
func pageThrough(b *testing.B, base string, records, inFlight int) time.Duration {
	began := time.Now()
	c, err := attio.New(attio.Options{Key: attio.Secret(sandboxKey), BaseURL: base})
	require.NoError(b, err)
	var next, got atomic.Int64
	var pagers sync.WaitGroup
	for range inFlight {
		pagers.Go(func() {
			for {
				offset := int(next.Add(500)) - 500
				if offset >= records {
					return
				}
				var page attio.Page
				if err := c.ReadPage(b.Context(), "users", attio.Query{Limit: 500, Offset: offset}, &page); err != nil {
					b.Error(err)
					return
				}
				got.Add(int64(len(page.Records)))
			}
		})
	}
	pagers.Wait()
	require.EqualValues(b, records, got.Load())
	return time.Since(began)
}
