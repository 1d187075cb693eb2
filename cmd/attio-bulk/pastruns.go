package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/undo"
)

// Runs can lie anywhere, so that the user's state folder has a pointer to each of the last month: a file that holds
// nothing but the path of a run directory. A file a run needs no lock between processes. All else is read from the run
// itself, and a pointer to what is no longer there is passed over. Where the folder cannot be written only attio-runs
// is looked at: the warning is lost, and never the run.

const (
	// warnedFor is how long after an import the same file is warned of.
	warnedFor = 24 * time.Hour
	// rememberedFor is how long it is known where a run lies.
	rememberedFor = 30 * 24 * time.Hour
)

// stateFolder is one of the folders in which the program keeps what it remembers for this user: runs has the pointers,
// pace the claims of processes that share a workspace's seconds.
func stateFolder(name string) (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "attio-bulk", name), nil
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		dir, err := os.UserConfigDir()
		return filepath.Join(dir, "attio-bulk", name), err
	}
	home, err := os.UserHomeDir()
	if err == nil && home == "" {
		err = errors.New("no home folder")
	}
	return filepath.Join(home, ".local", "state", "attio-bulk", name), err
}

// pointTo remembers where a run is, and forgets those older than rememberedFor.
func pointTo(dir string, now time.Time) {
	folder, err := stateFolder("runs")
	if err != nil {
		return
	}
	path, err := filepath.Abs(dir)
	if err != nil || os.MkdirAll(folder, 0o700) != nil {
		return
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > rememberedFor {
			_ = os.Remove(filepath.Join(folder, e.Name())) // another process may have been first
		}
	}
	sum := sha256.Sum256([]byte(path))
	_ = os.WriteFile(filepath.Join(folder, hex.EncodeToString(sum[:8])), []byte(path+"\n"), 0o600) // a warning less
}

// runsIn are the folders in a folder of runs, the newest first.
func runsIn(folder string) (runs []string, err error) {
	entries, err := os.ReadDir(folder)
	for _, e := range slices.Backward(entries) { // names begin with the time
		if e.IsDir() {
			runs = append(runs, filepath.Join(folder, e.Name()))
		}
	}
	return runs, err
}

// knownRuns are the directories in which runs may be: those in attio-runs, and those that the pointers name.
func knownRuns() []string {
	dirs, _ := runsIn(journal.RunsFolder) // none: nothing to look at
	folder, err := stateFolder("runs")
	if err != nil {
		return dirs
	}
	var seen []string
	for _, dir := range dirs {
		if path, err := filepath.Abs(dir); err == nil {
			seen = append(seen, path)
		}
	}
	here, _ := os.Getwd()
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		path := strings.TrimSpace(string(text))
		if err != nil || !filepath.IsAbs(path) || slices.Contains(seen, path) {
			continue
		}
		if below, err := filepath.Rel(here, path); err == nil && filepath.IsLocal(below) {
			path = below
		}
		if _, err := os.Stat(path); err == nil {
			dirs = append(dirs, path)
		}
	}
	return dirs
}

// earlierRun is the newest run of the last day that imported the same bytes into the same object of the same workspace;
// "" for none. One that left nothing there is forgotten.
func earlierRun(sha256, object, workspace string, now time.Time) string {
	found, at := "", now.Add(-warnedFor)
	for _, dir := range knownRuns() {
		info, _, err := journal.Load(dir)
		if err == nil && !info.DryRun && info.Input.SHA256 == sha256 && info.Object == object &&
			info.WorkspaceID == workspace && info.CreatedAt.After(at) && !leftNothing(dir) {
			found, at = dir, info.CreatedAt
		}
	}
	return found
}

// leftNothing reports whether nothing of a run is left in Attio: it was undone, or had changed nothing.
func leftNothing(dir string) bool {
	p, err := undo.PlanOf(dir)
	kept := p.Earlier.Counts[journal.UndoKept] + p.Earlier.Counts[journal.UndoFailed]
	return err == nil && p.Left() == 0 && kept == 0 && !journal.Held(dir)
}
