package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/samples"
)

// The demo runs the commands that a person would type, as they would be typed, against a sandbox of its own, and then
// compares what they report with what the sandbox holds. It knows no expected number by heart: every fact is counted in
// the sandbox.

type demoFlags struct {
	keep string
	rate float64
}

func newDemoCommand(a *app) *cobra.Command {
	var f demoFlags
	cmd := a.command("demo", cobra.NoArgs, f.run)
	cmd.Flags().StringVar(&f.keep, "keep", "", "")
	cmd.Flags().Float64Var(&f.rate, "write-rate", 0, "")
	return cmd
}

// demo is one showing.
type demo struct {
	*app
	*demoFlags
	server *attiotest.Server
	failed int   // checks that did not hold
	ended  error // what ended it: the rest is passed over
}

func (f *demoFlags) run(ctx context.Context, a *app, _ []string) error {
	folder, leave, err := f.folder()
	if err != nil {
		return refused(err)
	}
	defer leave()
	d := &demo{app: a, demoFlags: f}
	stop, err := d.open(folder)
	if err != nil {
		return err
	}
	defer stop()
	if d.play(ctx); d.ended != nil {
		return d.ended
	}
	if d.failed > 0 {
		return fmt.Errorf("%s did not hold", count(d.failed, "check"))
	}
	a.say("\nall came out as it should")
	return nil
}

// folder makes the folder to work in and goes there; leave comes back and, where it was a temporary one, removes it.
func (f *demoFlags) folder() (folder string, leave func(), err error) {
	home, err := os.Getwd()
	if err != nil {
		return "", nil, err
	}
	remove := func() {}
	if folder = f.keep; folder != "" {
		err = emptyFolder(folder)
	} else if folder, err = os.MkdirTemp("", "attio-bulk-demo-*"); err == nil {
		remove = func() { _ = os.RemoveAll(folder) }
	}
	if err == nil {
		err = os.Chdir(folder)
	}
	if err != nil {
		remove()
		return "", nil, err
	}
	return folder, func() {
		_ = os.Chdir(home)
		remove()
	}, nil
}

func emptyFolder(name string) error {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(name)
	if err == nil && len(entries) > 0 {
		err = fmt.Errorf("--keep %s: the folder is not empty", name)
	}
	return err
}

// open unpacks the samples, starts the sandbox and points the commands to it, and their state to the folder, outside of
// which nothing is left.
func (d *demo) open(folder string) (stop func(), err error) {
	names, _ := fs.Glob(samples.Files, "*.*")
	for _, name := range names {
		text, _ := samples.Files.ReadFile(name) // which is in memory
		if err := os.WriteFile(name, text, 0o600); err != nil {
			return nil, err
		}
	}
	here, err := os.Getwd() // --keep may name it by a path that is not absolute
	if err != nil {
		return nil, err
	}
	sandbox := sandboxFlags{seed: "workspace.json", window: "clock", filterCount: "whole",
		o: attiotest.Options{WriteLimit: int(d.rate)}}
	o, err := sandbox.options()
	if err != nil {
		return nil, err
	}
	d.server = attiotest.New(o)
	if err := d.server.Listen("127.0.0.1:0"); err != nil {
		return nil, err
	}
	d.say("in %s, with a sandbox at %s:", folder, d.server.URL)
	return d.server.Close, errors.Join(os.Setenv("XDG_STATE_HOME", here), os.Setenv(baseVariable, d.server.URL),
		os.Setenv(keyVariable, sandboxKey))
}

// play shows both halves: users.csv becomes users; then these become a file, which has nothing to change when it is
// imported.
func (d *demo) play(ctx context.Context) {
	was := usersOf(d.server.Workspace())
	code := d.command(ctx, "import", "users.csv", "--mapping", "users.yaml", "--run-dir", "run")
	is := usersOf(d.server.Workspace())
	d.show(filepath.Join("run", "conflicts.csv"), "row", "kind", "attribute", "value", "first_row", "differences")
	d.show(filepath.Join("run", "rejects.csv"), "attio_row", "attio_column", "attio_error")
	d.checkImport(was, is, code)
	code = d.command(ctx, "export", "--out", "exported.csv")
	again := d.command(ctx, "import", "exported.csv", "--mode", "update", "--run-dir", "again")
	d.checkExport(usersOf(d.server.Workspace()), code, again)
}

// command shows and runs a command as a person would type it, and returns its exit code.
func (d *demo) command(ctx context.Context, args ...string) int {
	if d.ended != nil {
		return exitStopped
	}
	d.say("\n$ %s", quoted(append([]string{"attio-bulk"}, args...)...))
	if d.rate > 0 && args[0] == "import" {
		args = append(args, "--write-rate", strconv.FormatFloat(d.rate, 'f', -1, 64))
	}
	sub := &app{ui: &ui{out: d.out, err: d.err, live: d.live, color: d.color}, abort: d.abort}
	root := newRoot(sub)
	root.SetArgs(args)
	code := sub.end(root.ExecuteContext(ctx))
	d.ended = context.Cause(ctx)
	return code
}
