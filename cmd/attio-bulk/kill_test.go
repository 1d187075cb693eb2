//go:build unix

package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer"
)

// The kill matrix: the real binary is killed with SIGKILL, by itself at a named place or from outside when the sandbox reaches one or at
// a random time, and the run is resumed until it is done. Every time each row of the file is in the workspace exactly once, and the
// accounts say so. A seed decides the place, how often it is passed before, and how many calls are in flight.

// killRows are the rows of the file, of which killDistinct are not repetitions.
const (
	killRows     = 24
	killDistinct = 22
	// killSeeds is the number of runs; torture runs more.
	killSeeds, tortureSeeds = 50, 1000
	// killsAtOnce is the number of runs at a time: they wait for settled reads most of their time.
	killsAtOnce = 16
)

// killPlaces are where a run is killed: the first ones the program knows, those with a slash the sandbox or the clock.
var killPlaces = []string{
	"before-intent", "after-intent", "before-outcome", "during-flush", "during-rename",
	"server/half-sent", "server/committed", "server/half-answered", "clock/random",
}

// killed is one run of the matrix.
type killed struct {
	binary, dir, base string
	server            *attiotest.Server
	rng               *rand.Rand
	place             string
	workers           int
	pid               atomic.Int64 // of the leg that runs
	legs              int
}

func TestKilledAnywhereEachRowIsThereOnce(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "attio-bulk")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-tags", "crashpoints", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	seeds := killSeeds
	if os.Getenv("ATTIO_BULK_TORTURE") != "" {
		seeds = tortureSeeds
	}
	var kills atomic.Int64
	var g errgroup.Group
	g.SetLimit(killsAtOnce)
	root := t.TempDir()
	for seed := range seeds {
		g.Go(func() error {
			k := &killed{binary: binary, dir: filepath.Join(root, strconv.Itoa(seed)), rng: rand.New(rand.NewPCG(uint64(seed), 1)),
				place: killPlaces[seed%len(killPlaces)], workers: []int{1, 16}[seed/len(killPlaces)%2]}
			err := k.run()
			kills.Add(int64(k.legs - 1))
			if err != nil {
				return fmt.Errorf("seed %d, %s, %d in flight, leg %d: %w", seed, k.place, k.workers, k.legs, err)
			}
			return nil
		})
	}
	require.NoError(t, g.Wait())
	require.Greater(t, int(kills.Load()), seeds/2, "too few runs were killed to prove anything")
}

// run imports, is killed, resumes until the run is done, and checks.
func (k *killed) run() error {
	if err := os.Mkdir(k.dir, 0o700); err != nil {
		return err
	}
	var file strings.Builder
	file.WriteString("User ID,Primary email address\n")
	for i := range killRows {
		fmt.Fprintf(&file, "k-%d,k%d@fernhill.example.net\n", i%killDistinct, i%killDistinct)
	}
	if err := os.WriteFile(filepath.Join(k.dir, "rows.csv"), []byte(file.String()), 0o600); err != nil {
		return err
	}
	k.server = attiotest.New(attiotest.Options{WriteLimit: -1, ReadLimit: -1, Latency: 2 * time.Millisecond})
	base, stop, err := k.server.Start()
	if err != nil {
		return err
	}
	defer stop()
	k.base = base
	before := k.server.Count(defaultObject)
	code, err := k.leg(true, "import", "rows.csv", "--run-dir", "run")
	for code == -1 && err == nil && k.legs < 20 {
		if _, missing := os.Stat(filepath.Join(k.dir, "run", "run.json")); missing != nil { // killed before there was a run
			if err = os.RemoveAll(filepath.Join(k.dir, "run")); err == nil {
				code, err = k.leg(false, "import", "rows.csv", "--run-dir", "run")
			}
			continue
		}
		code, err = k.leg(k.legs < 3, "resume", "run")
	}
	if err != nil {
		return err
	}
	if code != exitRows {
		return fmt.Errorf("exit code %d", code)
	}
	if got := k.server.Count(defaultObject) - before; got != killDistinct {
		return fmt.Errorf("%d records of %d distinct rows", got, killDistinct)
	}
	return k.accounts()
}

// leg runs the program once. lethal: it is to be killed. The code is -1 where it was.
func (k *killed) leg(lethal bool, args ...string) (code int, err error) {
	k.legs++
	k.server.ClearFaults()
	args = append(args, "--workers", strconv.Itoa(k.workers), "--write-rate", "1000", "--read-rate", "1000")
	cmd := exec.Command(k.binary, args...)
	cmd.Dir = k.dir
	cmd.Env = append(os.Environ(), keyVariable+"="+sandboxKey, baseVariable+"="+k.base)
	var said strings.Builder
	cmd.Stderr = &said
	var timer *time.Timer
	if lethal {
		timer = k.arm(cmd)
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	k.pid.Store(int64(cmd.Process.Pid))
	err = cmd.Wait()
	k.pid.Store(0)
	if timer != nil {
		timer.Stop()
	}
	var exited *exec.ExitError
	switch {
	case err == nil:
		return 0, nil
	case !errors.As(err, &exited):
		return 0, err
	case exited.ExitCode() == -1 || exited.ExitCode() == exitRows:
		return exited.ExitCode(), nil
	}
	return exited.ExitCode(), fmt.Errorf("%v: %w\n%s", args, err, said.String())
}

// arm lays the trap: a place in the program, one in the sandbox, or a moment.
func (k *killed) arm(cmd *exec.Cmd) *time.Timer {
	times := 1 + k.rng.IntN(killRows)
	kill := func() {
		if pid := int(k.pid.Load()); pid != 0 {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended by itself
		}
	}
	trap := attiotest.Fault{Method: "write", N: times}
	switch k.place {
	case "server/half-sent":
		trap.HalfRead, trap.Before = true, kill
	case "server/committed":
		trap.Drop, trap.After, trap.Committed = true, true, kill
	case "server/half-answered":
		trap.Truncate, trap.Committed = true, kill
	case "clock/random":
		return time.AfterFunc(time.Duration(20+k.rng.IntN(250))*time.Millisecond, kill)
	default:
		if k.place == "during-rename" {
			times = 1 + times%2
		}
		cmd.Env = append(cmd.Env, fmt.Sprintf("ATTIO_BULK_CRASH=%s:%d", k.place, times))
		return nil
	}
	k.server.AddFault(trap)
	return nil
}

// accounts checks that summary and results agree with the file.
func (k *killed) accounts() error {
	_, s, err := importer.LoadRun(filepath.Join(k.dir, "run"))
	if err != nil {
		return err
	}
	c := s.Rows
	if c.Read != killRows || c.Created != killDistinct || c.Conflict != killRows-killDistinct || c.Unknown+c.Pending+c.Rejected != 0 {
		return fmt.Errorf("the summary says %+v", c)
	}
	results, err := readTable(filepath.Join(k.dir, "run", "results.csv"))
	if err != nil {
		return err
	}
	if got := rowNumbers(results); len(got) != killRows || got[0] != 1 || got[killRows-1] != killRows {
		return fmt.Errorf("results.csv has the rows %v", got)
	}
	ids := make(map[string]bool)
	for _, r := range results {
		if r["action"] == string(importer.Created) {
			ids[r["record_id"]] = true
		}
	}
	if len(ids) != killDistinct {
		return fmt.Errorf("results.csv names %d created records", len(ids))
	}
	return nil
}
