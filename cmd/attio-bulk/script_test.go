package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
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

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/pflag"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

// The scripts in testdata/script are the specification of what a user sees. Each runs the real binary as a process, in
// a folder of its own with the samples in samples/, against sandboxes that it starts:
//
//	sandbox [--scopes A,B] [--key K] [--users N] [flags of attio-bulk sandbox]
//	                               start one, with N users more than its workspace has, and point the commands to it
//	stop-sandbox [FILE]            end it; write what it holds to FILE
//	requests reads|writes N        so many requests have come, none of a kind that Attio
//	                               does not know (reads: GET and queries)
//	exits CODE command…            run a command that must end with this exit code; exec is for code 0
//	await N                        wait until N writes have come
//	signal NAME [N]                the same, then send SIGINT, SIGTERM or SIGHUP to the command in the background
//	exited CODE                    with which that command ended; after wait
//	summary DIR key=value…         numbers and texts of DIR/summary.json; that its rows add up and its files are
//	                               private is checked every time
//	point FILE                     wait until attio-bulk sandbox has written its two lines to FILE, and do what they say
//	answer FILE TEXT…              take the "# " off the line of a proposed mapping that holds TEXT; there must be one
//	workbook FILE SHEET=CSV…       make a workbook of CSV files; a sheet whose name begins with "_" is hidden
//	rows FILE N                    a CSV file has N rows below its header
//
// Whatever a command does, it leaves all on disk as it was but for what it names (script_tree_test.go).

func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){"attio-bulk": mainInTree})
}

// tests runs the tests with a state folder of their own: what they import is not remembered as the user's.
type tests struct{ *testing.M }

func (m tests) Run() int {
	dir, err := os.MkdirTemp("", "attio-bulk-state-*")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Setenv("XDG_STATE_HOME", dir); err != nil {
		panic(err)
	}
	return m.M.Run()
}

func TestScripts(t *testing.T) { testscript.Run(t, scriptParams("script")) }

// scriptParams run the scripts of a folder of testdata.
func scriptParams(folder string) testscript.Params {
	return testscript.Params{
		Dir:                 filepath.Join("testdata", folder),
		Setup:               setupScript,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"sandbox":      scriptSandbox,
			"stop-sandbox": scriptStopSandbox,
			"requests":     scriptRequests,
			"exits":        scriptExits,
			"await":        scriptAwait,
			"signal":       scriptSignal,
			"point":        scriptPoint,
			"exited":       scriptExited,
			"summary":      scriptSummary,
			"rows":         scriptRows,
			"answer":       scriptAnswer,
			"workbook":     scriptWorkbook,
		},
	}
}

// scene is what the commands of one script share.
type scene struct {
	mu       sync.Mutex
	server   *attiotest.Server
	stop     func()
	signaled *exec.Cmd
}

type sceneKey struct{}

func sceneOf(ts *testscript.TestScript) *scene { return ts.Value(sceneKey{}).(*scene) }

func setupScript(env *testscript.Env) error {
	s := &scene{}
	env.Values[sceneKey{}] = s
	env.Defer(s.end)
	named, err := os.MkdirTemp("", "attio-bulk-named-*")
	if err != nil {
		return err
	}
	env.Defer(func() { checkTree(env, named) })
	state, err := os.MkdirTemp("", "attio-bulk-state-*") // what one script imports is not remembered in another
	if err != nil {
		return err
	}
	env.Defer(func() { os.RemoveAll(state) })
	env.Setenv("XDG_STATE_HOME", state)
	env.Setenv(treeVariable, named)
	env.Setenv(keyVariable, "")
	env.Setenv(baseVariable, "http://127.0.0.1:1") // a script without a sandbox reaches nobody
	return unpackSamples(filepath.Join(env.WorkDir, "samples"))
}

func (s *scene) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
}

func scriptSandbox(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("! sandbox means nothing")
	}
	var f sandboxFlags
	var key string
	var scopes []string
	var users int
	flags := pflag.NewFlagSet("sandbox", pflag.ContinueOnError)
	f.add(flags)
	flags.StringVar(&key, "key", "", "")
	flags.StringSliceVar(&scopes, "scopes", nil, "")
	flags.IntVar(&users, "users", 0, "")
	ts.Check(flags.Parse(args))
	if f.seed != "" {
		f.seed = ts.MkAbs(f.seed)
	}
	o, err := f.options()
	ts.Check(err)
	o.Key, o.Scopes = key, scopes
	addUsers(&o, users)
	s := sceneOf(ts)
	s.end()
	server := attiotest.New(o)
	ts.Check(server.Listen("127.0.0.1:0"))
	s.server, s.stop = server, server.Close
	ts.Setenv(baseVariable, server.URL)
	ts.Setenv(keyVariable, sandboxKey)
}

// addUsers adds users of the year 2024 to a sandbox's workspace.
func addUsers(o *attiotest.Options, n int) {
	if o.Seed == nil {
		o.Seed = attiotest.Standard()
	}
	i := slices.IndexFunc(o.Seed.Objects, func(o attiotest.Object) bool { return o.Slug == "users" })
	for k := range n {
		o.Seed.Objects[i].Records = append(o.Seed.Objects[i].Records, attiotest.Record{
			CreatedAt: time.Date(2024, 1, 1, k, 0, 0, 0, time.UTC).Format(time.RFC3339),
			Values: map[string]json.RawMessage{
				"user_id":               json.RawMessage(fmt.Sprintf(`"n-%d"`, k)),
				"primary_email_address": json.RawMessage(fmt.Sprintf(`"n%d@fernhill.example.net"`, k)),
			},
		})
	}
}

func scriptStopSandbox(ts *testscript.TestScript, neg bool, args []string) {
	s := sceneOf(ts)
	if neg || s.stop == nil || len(args) > 1 {
		ts.Fatalf("usage: stop-sandbox [FILE], after sandbox")
	}
	s.end()
	if len(args) == 1 {
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), s.server.Dump(), 0o600))
	}
}

// isWrite says what counts against Attio's writes.
func isWrite(r attiotest.Request) bool {
	return r.Method != http.MethodGet && !strings.HasSuffix(r.Path, "/query")
}

func countWrites(s *attiotest.Server) int {
	n := 0
	for _, r := range s.Requests() {
		if isWrite(r) {
			n++
		}
	}
	return n
}

func scriptRequests(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || (args[0] != "reads" && args[0] != "writes") {
		ts.Fatalf("usage: requests reads|writes N")
	}
	server := sceneOf(ts).server
	got := countWrites(server)
	if args[0] == "reads" {
		got = len(server.Requests()) - got
	}
	if strconv.Itoa(got) != args[1] {
		ts.Fatalf("%d %s came, want %s", got, args[0], args[1])
	}
	if strange := server.Unhandled(); len(strange) > 0 {
		ts.Fatalf("requests that Attio does not know: %q", strange)
	}
}

func scriptExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE command…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exited *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exited) {
		got = exited.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// scriptPatience is how long a script waits for something that must come.
const scriptPatience = 30 * time.Second

// until waits for something that must come.
func until(ts *testscript.TestScript, what string, holds func() bool) {
	for end := time.Now().Add(scriptPatience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			ts.Fatalf("waited in vain for %s", what)
		}
	}
}

func scriptAwait(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await WRITES")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	s := sceneOf(ts)
	until(ts, args[0]+" writes", func() bool { return countWrites(s.server) >= n })
}

func scriptSignal(ts *testscript.TestScript, neg bool, args []string) {
	background := ts.BackgroundCmds()
	if neg || len(args) == 0 || len(background) == 0 {
		ts.Fatalf("usage: signal SIGINT|SIGTERM|SIGHUP [WRITES], with a command in the background")
	}
	signal, ok := map[string]os.Signal{"SIGINT": os.Interrupt, "SIGTERM": syscall.SIGTERM,
		"SIGHUP": syscall.SIGHUP}[args[0]]
	if !ok {
		ts.Fatalf("no signal %s", args[0])
	}
	if len(args) > 1 {
		scriptAwait(ts, false, args[1:])
	} else {
		time.Sleep(200 * time.Millisecond) // two signals in one instant are one to the system
	}
	s := sceneOf(ts)
	s.signaled = background[len(background)-1]
	ts.Check(s.signaled.Process.Signal(signal))
}

func scriptPoint(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: point FILE")
	}
	var text []byte
	until(ts, "two lines in "+args[0], func() bool {
		text, _ = os.ReadFile(ts.MkAbs(args[0]))
		return strings.Count(string(text), "\n") == 2
	})
	for line := range strings.Lines(string(text)) {
		name, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		if !ok {
			ts.Fatalf("%q is no line to paste", line)
		}
		ts.Setenv(name, value)
	}
}

func scriptExited(ts *testscript.TestScript, neg bool, args []string) {
	s := sceneOf(ts)
	if neg || len(args) != 1 || s.signaled == nil || s.signaled.ProcessState == nil {
		ts.Fatalf("usage: exited CODE, after signal and wait")
	}
	if got := strconv.Itoa(s.signaled.ProcessState.ExitCode()); got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

func scriptSummary(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: summary DIR key=value…")
	}
	var sum map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(filepath.Join(args[0], "summary.json"))), &sum))
	rows, ok := sum["rows"].(map[string]any)
	if !ok {
		ts.Fatalf("summary.json has no rows")
	}
	total := 0.0
	for name, n := range rows {
		if name != "read" {
			total += n.(float64)
		}
	}
	if rows["read"] != total {
		ts.Fatalf("the rows do not add up: %v", rows)
	}
	for _, pair := range args[1:] {
		path, want, _ := strings.Cut(pair, "=")
		var at any = sum
		for key := range strings.SplitSeq(path, ".") {
			inner, ok := at.(map[string]any)
			if !ok {
				ts.Fatalf("summary.json has no %s", path)
			}
			at = inner[key]
		}
		if got := fmt.Sprint(at); got != want {
			ts.Fatalf("summary.json: %s is %s, want %s", path, got, want)
		}
	}
	checkPrivate(ts, ts.MkAbs(args[0]))
}

// checkPrivate fails where anybody else may read a run's files. Windows has no such bits.
func checkPrivate(ts *testscript.TestScript, dir string) {
	if runtime.GOOS == "windows" {
		return
	}
	ts.Check(filepath.Walk(dir, func(name string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			err = fmt.Errorf("%s has mode %v", name, info.Mode())
		}
		return err
	}))
}

func scriptRows(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: rows FILE N")
	}
	rows, err := readTable(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := strconv.Itoa(len(rows)); got != args[1] {
		ts.Fatalf("%s has %s rows, want %s", args[0], got, args[1])
	}
}
