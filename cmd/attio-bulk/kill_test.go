//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// The kill matrix: the real binary, built with its crash points, imports against a sandbox and is killed (SIGKILL,
// which nothing can catch) at a place or a time that the seed chooses, again and again, and resumed until it is
// done. However it went, the records are the distinct rows of the file, once each, and the reports say so. The first
// session of each seed is surely killed, and the seeds take turns at the places, so that no place goes untried; what
// comes of the later sessions is left to chance. ATTIO_BULK_TORTURE runs a thousand seeds, else fifty.

// killPlace is where a session is killed. A name with a colon is a crash point of the program, another a moment of the
// sandbox.
type killPlace struct {
	name string
	sure int // how often a first session comes there, whatever it does and however fast the machine is
}

var killPlaces = []killPlace{
	{"before-intent:", 9}, {"after-intent:", 9}, {"before-outcome:", 9}, {"during-flush:", 2}, {"during-rename:", 1},
	{"half sent", 9}, {"not yet committed", 9}, {"committed", 9}, {"half answered", 9}, {"at random", 9},
}

// nowhere lets a session live.
var nowhere = killPlace{}

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
	var mu sync.Mutex
	kills, total := make(map[string]int), 0
	t.Run("seed", func(t *testing.T) {
		for seed := range seeds {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				k := newKillRun(t, binary, uint64(seed), shapes(uint64(seed)))
				play(k)
				mu.Lock()
				defer mu.Unlock()
				for place, n := range k.kills {
					kills[place] += n
					total += n
				}
			})
		}
	})
	require.Len(t, kills, len(killPlaces), "places that killed: a matrix that kills nobody proves nothing")
	t.Logf("%d kills in %d runs: %v", total, seeds, kills)
}

// killRun is one file imported under fire.
type killRun struct {
	t      *testing.T
	seed   uint64
	rng    *rand.Rand
	binary string
	dir    string
	server *attiotest.Server
	base   string
	shape  killShape

	mu    sync.Mutex
	child *os.Process
	kills map[string]int // by place
}

func newKillRun(t *testing.T, binary string, seed uint64, shape killShape) *killRun {
	k := &killRun{t: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 7)), binary: binary, dir: t.TempDir(), shape: shape,
		kills: make(map[string]int)}
	k.server = attiotest.New(
		attiotest.Options{WriteLimit: -1, ReadLimit: -1, Latency: 2 * time.Millisecond, RandSeed: seed})
	require.NoError(t, k.server.Listen("127.0.0.1:0"))
	t.Cleanup(k.server.Close)
	k.base = k.server.URL
	if strings.Contains(strings.Join(k.shape.args, " "), "upsert") {
		for i := range killRows / 2 {
			_, err := k.server.Insert(
				"users", map[string]any{"user_id": fmt.Sprintf("u%d", i),
					"primary_email_address": fmt.Sprintf("old%d@example.com", i)})
			require.NoError(t, err)
		}
	}
	k.files()
	return k
}

// play imports, kills, resumes, and looks at what is there.
func (k *killRun) play() {
	args := k.importArgs()
	for session := 0; ; session++ {
		require.Less(k.t, session, 60, "the run must get somewhere between kills")
		code := k.session(args, session)
		lines, err := os.ReadFile(filepath.Join(k.dir, "run", "journal.jsonl"))
		if err == nil && strings.Contains(string(lines), "\n") { // else it never began, and its folder counts as empty
			args = []string{"resume", "run"}
			k.checkJournal(code != -1)
		}
		if code == journal.ExitDone || (k.shape.blind && code == journal.ExitUnknown) {
			break
		}
		require.Equal(k.t, -1, code, "a session ends whole or by a kill")
	}
	_, sum, err := journal.Load(filepath.Join(k.dir, "run"))
	require.NoError(k.t, err)
	require.True(k.t, sum.Finished)
	require.Equal(k.t, killRows, sum.Rows.Read)
	there := k.server.Count(k.shape.object)
	if k.shape.blind {
		require.Equal(k.t, killRows, sum.Rows.Created+sum.Rows.Unknown, "%+v", sum.Rows)
		require.GreaterOrEqual(k.t, there, sum.Rows.Created)
		require.LessOrEqual(k.t, there, killRows, "no row twice, though none can be looked up")
	} else {
		require.Equal(k.t, killRows, there, "records after these kills: %v", k.kills)
		require.Equal(k.t, killRows, sum.Rows.Created+sum.Rows.Updated+sum.Rows.Unchanged, "%+v", sum.Rows)
	}
	k.checkResults(sum)
	if k.shape.makes {
		k.checkMade(sum)
		k.takeBack()
	}
	require.Empty(k.t, k.server.Unhandled())
}

// undo undoes the run, again after every kill until it is done, and returns its exit code. session is the first
// one's number.
func (k *killRun) undo(session int) int {
	for last := session + 60; ; session++ {
		require.Less(k.t, session, last, "the undo must get somewhere between kills")
		if code := k.session([]string{"undo", "run", "--yes"}, session); code != -1 {
			return code
		}
	}
}

// place says where the session is killed, and at the which time: the first where the seed's turn is, some more
// anywhere, and then no more.
func (k *killRun) place(session int) (killPlace, int) {
	switch {
	case session == 0:
		n := uint64(len(killPlaces))
		p := killPlaces[(k.seed+k.seed/n)%n]
		return p, 1 + k.rng.IntN(p.sure)
	case session < 12:
		return killPlaces[k.rng.IntN(len(killPlaces))], 1 + k.rng.IntN(9)
	}
	return nowhere, 0
}

// calm is the number of a session that is not killed.
const calm = 1000

// session runs the program once. The code is -1 after a kill.
func (k *killRun) session(args []string, session int) int {
	place, n := k.place(session)
	cmd := exec.Command(k.binary, append(args, "--quiet", "--write-rate", "400", "--read-rate", "1000")...)
	if args[0] == "import" {
		cmd.Args = append(cmd.Args, "--workers", fmt.Sprint(k.shape.workers))
	}
	cmd.Dir = k.dir
	cmd.Env = append(os.Environ(), keyVariable+"="+sandboxKey, baseVariable+"="+k.base, "ATTIO_BULK_SETTLE=1")
	var text strings.Builder
	cmd.Stderr = &text
	k.server.ClearFaults()
	if strings.HasSuffix(place.name, ":") {
		cmd.Env = append(cmd.Env, fmt.Sprintf("ATTIO_BULK_CRASH=%s%d", place.name, n))
	} else if place != nowhere {
		k.server.AddFault(k.fault(place.name, n))
	}
	require.NoError(k.t, cmd.Start())
	k.mu.Lock()
	k.child = cmd.Process
	k.mu.Unlock()
	if place.name == "at random" {
		timer := time.AfterFunc(time.Duration(k.rng.IntN(250))*time.Millisecond, k.kill)
		defer timer.Stop()
	}
	err := cmd.Wait()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		k.kills[place.name]++
		return -1
	}
	require.NotZero(k.t, session, "%v lived through %s %d: %s", args, place.name, n, text.String())
	if code := cmd.ProcessState.ExitCode(); k.shape.blind && code == journal.ExitUnknown || args[0] == "undo" &&
		code == journal.ExitReports {
		return code
	}
	require.NoError(k.t, err, "%v (%s): %s", args, place.name, text.String())
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
	default: // at random: should the time be later than the session is done, it ends here
		f.N, f.Before = 30, k.kill
	}
	return f
}

func (k *killRun) kill() {
	k.mu.Lock()
	defer k.mu.Unlock()
	_ = k.child.Kill() // it may have ended
}
