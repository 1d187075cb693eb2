//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The benchmarks of the whole program: the stripped binary, built once, runs as a process of its own against a sandbox
// in this one, with Attio's limits on and jitter injected both ways where nothing else is said. Beside it runs what a
// person would write instead (testdata/baseline: Python's standard library, and Node where there is one), round by
// round in turn, since a machine has moods; a ratio is the median of the rounds' ratios. Metrics of ours have plain
// names, those of a script its name in front: "rss-MB", "python-rss-MB". "x-python-cpu" is our processor time divided
// by the script's.
//
// Nothing here asserts a time. What was created, found or exported is checked, so that no figure is of work that was
// not done.
//
//	make bench                                  all figures, about 15 minutes
//	make bench BENCH=DryRun                     those that match
//	PACE=3m make bench BENCH=Pace               with pacing runs of three minutes instead of one
//	ROUNDS=9 make bench BENCH=Version           with more rounds

// build makes the stripped binary once for all benchmarks, where make clean finds it.
var build = sync.OnceValues(func() (string, error) {
	binary, err := filepath.Abs(filepath.Join("..", "..", "bin", "attio-bulk-bench"))
	if err != nil {
		return "", err
	}
	out, err := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return binary, nil
})

func program(b *testing.B) string {
	binary, err := build()
	require.NoError(b, err)
	return binary
}

// usage is what a process took.
type usage struct {
	wall, cpu time.Duration
	rss       float64 // MB at most
	code      int
	out       []byte // standard output
}

// process is one that is running and being measured.
type process struct {
	cmd      *exec.Cmd
	started  time.Time
	out, err bytes.Buffer
	peak     chan float64
	ended    chan struct{}
}

// start begins a process in a folder of its own, pointed to a server.
func start(b *testing.B, base string, args ...string) *process {
	p := &process{cmd: exec.Command(args[0], args[1:]...), peak: make(chan float64, 1), ended: make(chan struct{})}
	p.cmd.Dir = b.TempDir()
	p.cmd.Env = append(os.Environ(), keyVariable+"="+sandboxKey, baseVariable+"="+base)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.err
	p.started = time.Now()
	require.NoError(b, p.cmd.Start())
	go p.watch()
	b.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

// watch follows the peak of resident memory. The kernel's own account of a child (ru_maxrss) starts at what the parent
// had when it forked, and this process holds a whole workspace, so that is used only where there is no /proc.
func (p *process) watch() {
	most := 0.0
	name := fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid)
	for {
		text, _ := os.ReadFile(name)
		if _, after, ok := bytes.Cut(text, []byte("VmHWM:")); ok {
			if kb, err := strconv.ParseFloat(string(bytes.Fields(after)[0]), 64); err == nil {
				most = max(most, kb*1024/1e6)
			}
		}
		select {
		case <-p.ended:
			p.peak <- most
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// wait sees a process to its end, which must have one of these exit codes; none given: any.
func (p *process) wait(b *testing.B, codes ...int) usage {
	b.Helper()
	_ = p.cmd.Wait()
	u := usage{wall: time.Since(p.started), code: p.cmd.ProcessState.ExitCode(), out: p.out.Bytes()}
	close(p.ended)
	u.rss = <-p.peak
	rusage := p.cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if u.rss == 0 {
		u.rss = float64(rusage.Maxrss) / 1e6
		if runtime.GOOS != "darwin" { // which counts bytes
			u.rss = float64(rusage.Maxrss) * 1024 / 1e6
		}
	}
	u.cpu = p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
	if len(codes) > 0 {
		require.Contains(b, codes, u.code, "%v\n%s", p.cmd.Args, p.err.String())
	}
	return u
}

// script is the command line of a baseline: the interpreter and its file. ok is false where there is no interpreter.
func script(b *testing.B, name string) (args []string, ok bool) {
	interpreter := map[string]string{".py": "python3", ".mjs": "node"}[filepath.Ext(name)]
	found, err := exec.LookPath(interpreter)
	if err != nil {
		return nil, false
	}
	path, err := filepath.Abs(filepath.Join("testdata", "baseline", name))
	require.NoError(b, err)
	return []string{found, path}, true
}

// language is what a baseline's metrics are called by.
func language(name string) string {
	return map[string]string{".py": "python", ".mjs": "node"}[filepath.Ext(name)]
}

// contender is one way to do a piece of work. The first of several is the program.
type contender struct {
	name string // "" for the program, else what its metrics are called by
	run  func() map[string]float64
}

// baselines makes a contender of each script whose interpreter is there.
func baselines(b *testing.B, run func(args []string) map[string]float64, names ...string) []contender {
	var out []contender
	for _, name := range names {
		if args, ok := script(b, name); ok {
			out = append(out, contender{language(name), func() map[string]float64 { return run(args) }})
		}
	}
	return out
}

// compare lets contenders work in turn, some rounds long, and reports the medians: of the program all metrics, of the
// others each metric under their name and as the program's share of it.
func compare(b *testing.B, rounds int, contenders ...contender) {
	values := make(map[string][]float64)
	for range rounds {
		var ours map[string]float64
		for i, c := range contenders {
			got := c.run()
			if i == 0 {
				ours = got
			}
			for metric, v := range got {
				if c.name == "" {
					values[metric] = append(values[metric], v)
					continue
				}
				values[c.name+"-"+metric] = append(values[c.name+"-"+metric], v)
				if mine, ok := ours[metric]; ok && v > 0 {
					name, _, _ := strings.Cut(metric, "-")
					values["x-"+c.name+"-"+name] = append(values["x-"+c.name+"-"+name], mine/v)
				}
			}
		}
	}
	b.ReportMetric(0, "ns/op") // of this process: says nothing
	for metric, v := range values {
		b.ReportMetric(median(v), metric)
	}
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return (v[len(v)/2] + v[(len(v)-1)/2]) / 2
}

// rounds is how often contenders take turns, unless ROUNDS says otherwise.
func rounds(b *testing.B, otherwise int) int {
	text := os.Getenv("ROUNDS")
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	require.NoError(b, err)
	return max(n, 1)
}

// micros is processor time for each of n rows.
func (u usage) micros(n int) float64 { return float64(u.cpu.Microseconds()) / float64(n) }
