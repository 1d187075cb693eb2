//go:build unix

package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer"
)

// The kill matrix: the real binary, built with its crash points, imports against a sandbox and is killed (SIGKILL, which nothing can
// catch) at a place or a time that the seed chooses, again and again, and resumed until it is done. However it went, the records are the
// distinct rows of the file, once each, and the reports say so. ATTIO_BULK_TORTURE runs a thousand seeds, else fifty.

// killPlaces are where a seed may kill. Those with a colon are crash points of the program; the others are moments of the sandbox.
var killPlaces = []string{
	"before-intent:", "after-intent:", "before-outcome:", "during-flush:", "during-rename:",
	"half sent", "not yet committed", "committed", "half answered", "at random",
}

func TestKillMatrix(t *testing.T) {
	killMatrix(t, torture(50, 1000), killShapes, (*killRun).play)
}

// torture chooses between the two forms of a test.
func torture(short, long int) int {
	if os.Getenv("ATTIO_BULK_TORTURE") != "" {
		return long
	}
	return short
}

// killMatrix plays a game of killing for each seed.
func killMatrix(t *testing.T, seeds int, shapes func(seed uint64) killShape, play func(*killRun)) {
	binary := filepath.Join(t.TempDir(), "attio-bulk")
	out, err := exec.Command("go", "build", "-tags", "crashpoints", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	var kills atomic.Int64
	t.Run("seed", func(t *testing.T) {
		for seed := range seeds {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				k := newKillRun(t, binary, uint64(seed), shapes(uint64(seed)))
				play(k)
				kills.Add(int64(k.kills))
			})
		}
	})
	require.Greater(t, kills.Load(), int64(2*seeds), "kills: a matrix that kills nobody proves nothing")
	t.Logf("%d kills in %d runs", kills.Load(), seeds)
}

// killRun is one file imported under fire.
type killRun struct {
	t      *testing.T
	rng    *rand.Rand
	binary string
	dir    string
	server *attiotest.Server
	base   string
	shape  killShape

	mu    sync.Mutex
	child *os.Process
	kills int
}

// killShape is what is imported.
type killShape struct {
	object  string
	header  string
	row     func(i int) string
	args    []string
	workers int
	blind   bool // nothing to look a row up by: a lost answer stays unknown
}

// killShapes: users have unique attributes of their own, specimens are found by an import key alone, upserts update half of their rows, and
// deals cannot be found at all.
func killShapes(seed uint64) killShape {
	workers := []int{1, 16}[seed%2]
	users := killShape{
		object: "users", header: "user_id,primary_email_address", workers: workers,
		row: func(i int) string { return fmt.Sprintf("u%d,user%d@example.com", i, i) },
	}
	switch seed / 2 % 4 {
	case 1:
		return killShape{
			object: "specimens", header: "label", workers: workers,
			row:  func(i int) string { return fmt.Sprintf("specimen %d", i) },
			args: []string{"--import-key", "code"},
		}
	case 3:
		return killShape{
			object: "deals", header: "name,stage,owner", workers: workers, blind: true,
			row: func(i int) string { return fmt.Sprintf("Deal %d,Lead,sam@example.com", i) },
		}
	case 2:
		users.args = []string{"--mode", "upsert", "--match", "user_id"}
	}
	return users
}

const killRows = 40

func newKillRun(t *testing.T, binary string, seed uint64, shape killShape) *killRun {
	k := &killRun{t: t, rng: rand.New(rand.NewPCG(seed, 7)), binary: binary, dir: t.TempDir(), shape: shape}
	k.server = attiotest.New(attiotest.Options{WriteLimit: -1, ReadLimit: -1, Latency: 2 * time.Millisecond, RandSeed: seed})
	base, stop, err := k.server.Start()
	require.NoError(t, err)
	t.Cleanup(stop)
	k.base = base
	if strings.Contains(strings.Join(k.shape.args, " "), "upsert") {
		for i := range killRows / 2 {
			_, err := k.server.Insert("users", map[string]any{"user_id": fmt.Sprintf("u%d", i), "primary_email_address": fmt.Sprintf("old%d@example.com", i)})
			require.NoError(t, err)
		}
	}
	var b strings.Builder
	b.WriteString(k.shape.header + "\n")
	for i := range killRows {
		b.WriteString(k.shape.row(i) + "\n")
	}
	require.NoError(t, os.WriteFile(filepath.Join(k.dir, "rows.csv"), []byte(b.String()), 0o600))
	return k
}

// play imports, kills, resumes, and looks at what is there.
func (k *killRun) play() {
	args := append([]string{"import", "rows.csv", "--object", k.shape.object, "--run-dir", "run"}, k.shape.args...)
	for leg := 0; ; leg++ {
		require.Less(k.t, leg, 60, "the run must get somewhere between kills")
		code := k.leg(args, leg < 12)
		if _, err := os.Stat(filepath.Join(k.dir, "run", "journal.jsonl")); err == nil {
			args = []string{"resume", "run"}
			k.checkJournal(code != -1)
		} else {
			require.NoError(k.t, os.RemoveAll(filepath.Join(k.dir, "run"))) // killed before anything began
		}
		if code == importer.ExitDone || (k.shape.blind && code == importer.ExitUnknown) {
			break
		}
		require.Equal(k.t, -1, code, "a leg ends whole or by a kill")
	}
	_, sum, err := importer.LoadRun(filepath.Join(k.dir, "run"))
	require.NoError(k.t, err)
	require.True(k.t, sum.Finished)
	require.Equal(k.t, killRows, sum.Rows.Read)
	there := k.server.Count(k.shape.object)
	if k.shape.blind {
		require.Equal(k.t, killRows, sum.Rows.Created+sum.Rows.Unknown, "%+v", sum.Rows)
		require.GreaterOrEqual(k.t, there, sum.Rows.Created)
		require.LessOrEqual(k.t, there, killRows, "no row twice, though none can be looked up")
	} else {
		require.Equal(k.t, killRows, there, "records after %d kills", k.kills)
		require.Equal(k.t, killRows, sum.Rows.Created+sum.Rows.Updated+sum.Rows.Unchanged, "%+v", sum.Rows)
	}
	k.checkResults(sum)
	require.Empty(k.t, k.server.Unhandled())
}

// leg runs the program once, under fire or not. The code is -1 after a kill.
func (k *killRun) leg(args []string, fire bool) int {
	place := killPlaces[k.rng.IntN(len(killPlaces))]
	cmd := exec.Command(k.binary, append(args, "--quiet", "--write-rate", "400", "--read-rate", "1000")...)
	if args[0] == "import" {
		cmd.Args = append(cmd.Args, "--workers", fmt.Sprint(k.shape.workers))
	}
	cmd.Dir = k.dir
	cmd.Env = append(os.Environ(), keyVariable+"="+sandboxKey, baseVariable+"="+k.base, "ATTIO_BULK_SETTLE=1")
	var text strings.Builder
	cmd.Stderr = &text
	k.server.ClearFaults()
	n := 1 + k.rng.IntN(9)
	if fire {
		if strings.HasSuffix(place, ":") {
			cmd.Env = append(cmd.Env, fmt.Sprintf("ATTIO_BULK_CRASH=%s%d", place, n))
		} else {
			k.server.AddFault(k.fault(place, n))
		}
	}
	require.NoError(k.t, cmd.Start())
	k.mu.Lock()
	k.child = cmd.Process
	k.mu.Unlock()
	if fire && place == "at random" {
		timer := time.AfterFunc(time.Duration(k.rng.IntN(250))*time.Millisecond, k.kill)
		defer timer.Stop()
	}
	err := cmd.Wait()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		k.kills++
		return -1
	}
	if code := cmd.ProcessState.ExitCode(); k.shape.blind && code == importer.ExitUnknown || args[0] == "undo" && code == importer.ExitReports {
		return code
	}
	require.NoError(k.t, err, "%v (%s): %s", args, place, text.String())
	return 0
}

// fault kills the program at a moment of the sandbox's work on the n-th write.
func (k *killRun) fault(place string, n int) attiotest.Fault {
	f := attiotest.Fault{Match: func(r *http.Request, _ []byte) bool {
		return r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/query")
	}, N: n}
	switch place {
	case "half sent":
		count, fits := 0, f.Match
		f.N, f.HalfRead = 0, true
		f.Match = func(r *http.Request, b []byte) bool {
			if !fits(r, b) {
				return false
			}
			if count++; count == n {
				k.kill()
			}
			return count == n
		}
	case "not yet committed":
		f.Before = func() { k.kill(); time.Sleep(20 * time.Millisecond) }
	case "committed":
		f.Committed = func() { k.kill(); time.Sleep(20 * time.Millisecond) }
	case "half answered":
		f.Truncate = true
		f.Committed = func() { time.AfterFunc(time.Millisecond, k.kill) }
	default: // at random: nothing is wrong with the server
		f.Latency = time.Millisecond
	}
	return f
}

func (k *killRun) kill() {
	k.mu.Lock()
	defer k.mu.Unlock()
	_ = k.child.Kill() // it may have ended
}

// checkJournal holds what the journal alone says, made into reports in a copy of the run directory, against the sandbox; of a leg that ended whole,
// against its own reports too.
func (k *killRun) checkJournal(whole bool) {
	run, again := filepath.Join(k.dir, "run"), k.t.TempDir()
	journal, err := os.ReadFile(filepath.Join(run, "journal.jsonl"))
	require.NoError(k.t, err)
	if !strings.Contains(string(journal), "\n") { // killed before its first line was whole
		require.Zero(k.t, strings.Count(string(journal), "intent"))
		return
	}
	require.NoError(k.t, os.CopyFS(again, os.DirFS(run)))
	for _, name := range []string{"results.csv", "summary.json"} {
		if err := os.Remove(filepath.Join(again, name)); err != nil {
			require.ErrorIs(k.t, err, fs.ErrNotExist)
		}
	}
	dir, err := importer.OpenRunDir(again)
	require.NoError(k.t, err)
	told, err := importer.Rebuild(k.t.Context(), importer.ResumeOptions{Dir: dir})
	require.NoError(k.t, errors.Join(err, dir.Close()))
	c := told.Rows
	require.Equal(k.t, c.Read, c.Created+c.Updated+c.Unchanged+c.Skipped+c.Conflict+c.Rejected+c.Unknown+c.Pending)
	old := 0 // records that were there before the run
	if strings.Contains(strings.Join(k.shape.args, " "), "upsert") {
		old = killRows / 2
	}
	there := k.server.Count(k.shape.object) - old
	require.LessOrEqual(k.t, c.Created, there, "what the journal calls created is there")
	require.LessOrEqual(k.t, there, c.Created+c.Unknown, "what is there, the journal knows of")
	if !whole {
		return
	}
	_, sum, err := importer.LoadRun(run)
	require.NoError(k.t, err)
	require.Equal(k.t, c, sum.Rows, "summary and journal")
	require.ElementsMatch(k.t, k.results(run), k.results(again), "results and journal")
}

// results are the lines of results.csv.
func (k *killRun) results(dir string) [][]string {
	text, err := os.ReadFile(filepath.Join(dir, "results.csv"))
	require.NoError(k.t, err)
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	require.NoError(k.t, err)
	return rows
}

// checkResults holds results.csv against the summary and the sandbox.
func (k *killRun) checkResults(sum *importer.Summary) {
	rows := k.results(filepath.Join(k.dir, "run"))
	require.Len(k.t, rows, killRows+1)
	seen, actions := make(map[string]bool), make(map[string]int)
	for _, row := range rows[1:] {
		require.False(k.t, seen[row[0]], "row %s has two results", row[0])
		seen[row[0]] = true
		actions[row[2]]++
		if row[2] == "unknown" {
			continue
		}
		require.Len(k.t, k.server.Find(k.shape.object, "record_id", row[3]), 1, "row %s", row[0])
	}
	require.Equal(k.t, sum.Rows.Created, actions["created"])
	require.Equal(k.t, sum.Rows.Updated, actions["updated"])
}
