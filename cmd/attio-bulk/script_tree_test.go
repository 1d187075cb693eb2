package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// A command of a script changes nothing on disk but the run's own folder, the files and folders that its command line
// names to be written, and the user's state folder. Commands that run side by side may each change what the others
// name: what a command names lies in a folder that the commands of one script share.

// treeVariable names the folder in which the commands of one script say what they write to; not set outside of scripts.
const treeVariable = "ATTIO_BULK_TEST_NAMED"

// mainInTree is main, and leaves a note where the command changed what it did not name.
func mainInTree() {
	shared, root := os.Getenv(treeVariable), os.Getenv("WORK")
	if shared == "" || root == "" {
		main()
		return
	}
	began := time.Now()
	before := treeOf(root)
	note := filepath.Join(shared, fmt.Sprint(os.Getpid()))
	_ = os.WriteFile(note, []byte(strings.Join(writtenBy(os.Args[1:]), "\n")), 0o600)
	code := run(os.Args[1:])
	_ = os.WriteFile(note+".end", nil, 0o600)
	after, allowed := treeOf(root), writtenMeanwhile(shared, began)
	for _, name := range slices.Sorted(maps.Keys(merged(before, after))) {
		if before[name] != after[name] && !isWithin(name, allowed) {
			text := fmt.Sprintf("%q changed %s: it was %q and is %q\n", os.Args, name, before[name], after[name])
			_ = os.WriteFile(note+".changed", []byte(text), 0o600)
		}
	}
	os.Exit(code)
}

// checkTree fails a script of which a command changed what it did not name.
func checkTree(env *testscript.Env, shared string) {
	notes, _ := filepath.Glob(filepath.Join(shared, "*.changed"))
	for _, n := range notes {
		text, _ := os.ReadFile(n)
		env.T().Log(string(text))
	}
	_ = os.RemoveAll(shared)
	if len(notes) > 0 {
		env.T().FailNow()
	}
}

// treeOf is every file below a folder with its mode and a hash of its content.
func treeOf(root string) map[string]string {
	out := make(map[string]string)
	_ = filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // gone since its folder was read: another command's
		}
		if info, err := e.Info(); err == nil && (isOpen(info, os.Stdout) || isOpen(info, os.Stderr)) {
			return nil // the shell's own
		}
		out[name] = e.Type().String()
		if e.Type().IsRegular() {
			text, _ := os.ReadFile(name)
			out[name] = fmt.Sprintf("%d bytes, %x", len(text), sha256.Sum256(text))
		}
		return nil
	})
	return out
}

// isOpen reports whether a file is the one that a stream goes to.
func isOpen(info fs.FileInfo, stream *os.File) bool {
	open, err := stream.Stat()
	return err == nil && os.SameFile(info, open)
}

func merged(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// writtenBy are the paths that a command line names to be written. A path is its folder up to a pattern such as
// {object}.
func writtenBy(args []string) []string {
	var named []string
	runDir := false
	for i, arg := range args {
		flag, value, inOne := strings.Cut(arg, "=")
		if !inOne && i+1 < len(args) {
			value = args[i+1]
		}
		switch flag {
		case "--run-dir":
			runDir = true
			named = append(named, value)
		case "--out", "--save", "--keep", "--changes", "--dump", "--seed":
			value, _, _ = strings.Cut(value, "{")
			named = append(named, value)
		case "resume", "undo", "verify", "runs":
			if i == 0 && i+1 < len(args) {
				named = append(named, args[1])
			}
		}
	}
	if len(args) > 0 && args[0] == "import" && !runDir {
		named = append(named, "attio-runs")
	}
	if len(args) > 2 && args[0] == "mapping" && args[1] == "init" {
		named = append(named, mappingName(args[2]))
	}
	named = append(named, os.Getenv("XDG_STATE_HOME"), os.TempDir())
	for i, name := range named {
		if name != "" {
			named[i], _ = filepath.Abs(name)
		}
	}
	return slices.DeleteFunc(named, func(name string) bool { return name == "" })
}

// writtenMeanwhile are the paths that commands named which were at work after a time.
func writtenMeanwhile(shared string, began time.Time) []string {
	var out []string
	notes, _ := os.ReadDir(shared)
	for _, n := range notes {
		if filepath.Ext(n.Name()) != "" {
			continue
		}
		if st, err := os.Stat(filepath.Join(shared, n.Name()+".end")); err == nil && st.ModTime().Before(began) {
			continue
		}
		text, _ := os.ReadFile(filepath.Join(shared, n.Name()))
		out = append(out, strings.Split(string(text), "\n")...)
	}
	return out
}

// isWithin reports whether a path is one of those named, beneath one, a folder above one that it had to make, or a file
// that goes with one, such as a manifest.
func isWithin(name string, named []string) bool {
	const slash = string(filepath.Separator)
	return slices.ContainsFunc(named, func(n string) bool {
		beside := filepath.Ext(n) != "" && strings.HasPrefix(name, strings.TrimSuffix(n, filepath.Ext(n))+".")
		return name == n || beside || strings.HasPrefix(name, n+slash) || strings.HasPrefix(n, name+slash)
	})
}
