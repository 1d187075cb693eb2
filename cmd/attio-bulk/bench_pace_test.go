//go:build unix

package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

// scriptThreads is how many connections the scripts use: what is enough for 25 a second at 150 ms, and some more.
const scriptThreads = "16"

// paceTime is how long a pacing run is measured, in whole seconds of the server's clock: PACE, else a minute.
func paceTime(b *testing.B) time.Duration {
	text := os.Getenv("PACE")
	if text == "" {
		return time.Minute
	}
	d, err := time.ParseDuration(text)
	require.NoError(b, err)
	return d
}

// Each pacing run lets an import of more rows than there is time for go, and counts what its server accepted and
// refused, from the first whole second of its clock in which it took a write. The program and the scripts run at the
// same time, each against a server of its own that is like the others: at 25 writes a second none is in the way of
// another.
//
// "of-25" is what was accepted a second, divided by 25, "first-of-25" the same over the first 15 seconds;
// "429-per-1000" counts the refused among 1,000 writes sent; "cpu-us/row" is processor time for each created row, start
// included.

func BenchmarkPace(b *testing.B) {
	for _, latency := range []time.Duration{5, 150, 400, 800} {
		b.Run(fmt.Sprintf("server=%dms", latency), func(b *testing.B) {
			paceAll(b, attiotest.Options{Latency: latency * time.Millisecond, Jitter: 200 * time.Millisecond}, paceTime(b), 0,
				"import.py", "import.mjs")
		})
	}
}

// BenchmarkPaceSliding: the server counts any second instead of the clock's. Refusals are counted after the first half
// minute.
func BenchmarkPaceSliding(b *testing.B) {
	o := attiotest.Options{Latency: 150 * time.Millisecond, Jitter: 200 * time.Millisecond, Window: attiotest.Sliding}
	paceAll(b, o, 30*time.Second+paceTime(b), 30*time.Second, "import.py")
}

// BenchmarkPaceShared: two imports at once into one workspace, with the file of claims in one state folder, and each
// with a state folder of its own, as on two machines.
func BenchmarkPaceShared(b *testing.B) {
	for name, folders := range map[string][2]string{
		"claims=file": {"one", "one"},
		"claims=none": {"one", "other"},
	} {
		b.Run(name, func(b *testing.B) {
			o := attiotest.Options{Latency: 150 * time.Millisecond, Jitter: 200 * time.Millisecond}
			t := newPaceRun(b, o, paceTime(b), 0)
			most, state := t.rows(), b.TempDir()
			for i, folder := range folders {
				path, _ := benchFile(b, i*most, (i+1)*most)
				b.Setenv("XDG_STATE_HOME", filepath.Join(state, folder))
				t.start(importOf(b, path)...)
			}
			got := t.finish()
			least := most
			for _, p := range t.processes {
				least = min(least, rowsOf(b, p.out.Bytes()).Created)
			}
			got["least-share"] = float64(least) / float64(t.server.Count("users"))
			compare(b, 1, contender{"", func() map[string]float64 { return got }})
		})
	}
}

// BenchmarkPaceBeside: another client, which knows nothing of limits, writes ten companies a second into the workspace.
// "of-left" is what was accepted of the import, divided by what that client left of 25.
func BenchmarkPaceBeside(b *testing.B) {
	o := attiotest.Options{Latency: 150 * time.Millisecond, Jitter: 200 * time.Millisecond}
	t := newPaceRun(b, o, paceTime(b), 0)
	ctx, cancel := context.WithCancel(b.Context())
	var other sync.WaitGroup
	other.Go(func() { writeCompanies(ctx, t.base, 100*time.Millisecond) })
	path, _ := benchFile(b, 0, t.rows())
	t.start(importOf(b, path)...)
	got := t.finish()
	cancel()
	other.Wait()
	got["of-left"] = got["of-25"] * 25 / (25 - t.perSecond("/companies/records", t.length))
	compare(b, 1, contender{"", func() map[string]float64 { return got }})
}

// writeCompanies creates a company at each tick until ctx ends, whatever the server says of it.
func writeCompanies(ctx context.Context, base string, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			go func() {
				body := fmt.Sprintf(`{"data":{"values":{"name":"Company %d"}}}`, n)
				r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/v2/objects/companies/records",
					strings.NewReader(body))
				if err != nil {
					return
				}
				r.Header.Set("Authorization", "Bearer "+sandboxKey)
				r.Header.Set("Content-Type", "application/json")
				if answer, err := http.DefaultClient.Do(r); err == nil {
					_ = answer.Body.Close()
				}
			}()
		}
	}
}

// paceAll measures the program, and beside it the scripts.
func paceAll(b *testing.B, o attiotest.Options, length, quiet time.Duration, scripts ...string) {
	ours := newPaceRun(b, o, length, quiet)
	path, _ := benchFile(b, 0, ours.rows())
	ours.start(importOf(b, path)...)
	runs := []*paceRun{ours}
	contenders := []contender{{"", ours.finish}}
	for _, name := range scripts {
		if args, ok := script(b, name); ok {
			t := newPaceRun(b, o, length, quiet)
			t.start(append(args, path, scriptThreads)...)
			runs = append(runs, t)
			contenders = append(contenders, contender{language(name), t.finish})
		}
	}
	for _, t := range runs {
		t.await()
	}
	compare(b, 1, contenders...)
}

// paceRun is one server under one or several imports.
type paceRun struct {
	b             *testing.B
	server        *attiotest.Server
	base          string
	latency       time.Duration
	length, quiet time.Duration // how long it is measured, and from when on refusals count
	processes     []*process
	from          int64 // the first second that counts
}

func newPaceRun(b *testing.B, o attiotest.Options, length, quiet time.Duration) *paceRun {
	o.KeepRequests = 1 << 20
	server, base := sandboxOf(b, o, 0)
	return &paceRun{b: b, server: server, base: base, latency: o.Latency, length: length, quiet: quiet}
}

// rows is more than can be created in time.
func (t *paceRun) rows() int { return 25 * (int(t.length.Seconds()) + 15) }

func (t *paceRun) start(args ...string) {
	t.processes = append(t.processes, start(t.b, t.base, args...))
}

// await returns once the time is over. Seconds are those in which the limit was counted.
func (t *paceRun) await() {
	for t.from == 0 {
		time.Sleep(20 * time.Millisecond)
		for _, r := range t.server.Requests() {
			if isImport(r) && r.Status == 200 {
				t.from = r.At.Add(-t.latency).Unix() + 1
				break
			}
		}
		for _, p := range t.processes {
			require.NoError(t.b, p.cmd.Process.Signal(syscall.Signal(0)), "%s", &p.err)
		}
	}
	time.Sleep(time.Until(time.Unix(t.from, 0).Add(t.length + t.latency + time.Second)))
}

// finish ends the imports and counts.
func (t *paceRun) finish() map[string]float64 {
	t.await()
	cpu, rss := time.Duration(0), 0.0
	for _, p := range t.processes {
		signal := os.Interrupt
		if !strings.HasPrefix(filepath.Base(p.cmd.Path), "attio-bulk") {
			signal = os.Kill
		}
		require.NoError(t.b, p.cmd.Process.Signal(signal))
	}
	for _, p := range t.processes {
		u := p.wait(t.b)
		cpu, rss = cpu+u.cpu, max(rss, u.rss)
	}
	sent, refused := 0, 0
	for _, r := range t.server.Requests() {
		second := t.second(r)
		if isImport(r) && second >= t.quiet && second < t.length {
			sent++
			if r.Status == 429 {
				refused++
			}
		}
	}
	return map[string]float64{
		"of-25":        t.perSecond(imports, t.length) / 25,
		"first-of-25":  t.perSecond(imports, 15*time.Second) / 25,
		"429-per-1000": float64(refused) / float64(sent) * 1000,
		"cpu-us/row":   float64(cpu.Microseconds()) / float64(t.server.Count("users")),
		"rss-MB":       rss,
	}
}

// second is in which second of the run's time the server counted a request.
func (t *paceRun) second(r attiotest.Request) time.Duration {
	return time.Duration(r.At.Add(-t.latency).Unix()-t.from) * time.Second
}

// perSecond is how many creates to this path were accepted a second over the first so much time.
func (t *paceRun) perSecond(path string, length time.Duration) float64 {
	accepted := 0
	for _, r := range t.server.Requests() {
		if at := t.second(r); isCreate(r, path) && r.Status == 200 && at >= 0 && at < length {
			accepted++
		}
	}
	return float64(accepted) / length.Seconds()
}

// imports is where the rows of a pacing run go.
const imports = "/users/records"

func isImport(r attiotest.Request) bool { return isCreate(r, imports) }

func isCreate(r attiotest.Request, path string) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.Path, path)
}
