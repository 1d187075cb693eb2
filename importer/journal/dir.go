package journal

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// RunsFolder is where run directories are made when none is named.
const RunsFolder = "attio-runs"

// The files of a run directory that others name.
const (
	ResultsFile   = "results.csv"
	ConflictsFile = "conflicts.csv"
	DroppedFile   = "dropped.csv"
	SchemaFile    = "schema.json" // what the run was bound to, so that reports can be made anew without the API
	SummaryFile   = "summary.json"
)

const (
	runFile     = "run.json"
	journalFile = "journal.jsonl"
	spoolFile   = "input.zst"
	lockFile    = "lock"
)

// Dir is a run's directory, locked by this process.
type Dir struct {
	path string
	lock *flock.Flock
}

// BusyError says that another process holds the run directory.
type BusyError struct{ Path string }

func (b *BusyError) Error() string { return b.Path + " is in use by another process" }

// DirError says why a folder cannot be a run's directory.
type DirError struct{ Path, Reason string }

func (e *DirError) Error() string { return e.Path + ": " + e.Reason }

// CheckNew reports why dir cannot be a new run's directory: *BusyError, *DirError, an I/O error. It makes nothing. ""
// always can.
func CheckNew(dir string) error {
	if dir == "" {
		return nil
	}
	_, err := leftovers(dir)
	var taken *DirError
	if errors.As(err, &taken) && Held(dir) {
		return &BusyError{dir}
	}
	return err
}

// Create makes and locks a run directory, which must be new or empty; one whose run never began counts as empty.
// dir "" makes attio-runs/<UTC time>-<object>-<hex>. Errors: *BusyError, *DirError, an I/O error.
func Create(dir, object string) (*Dir, error) {
	if err := CheckNew(dir); err != nil {
		return nil, err
	}
	if dir == "" {
		if err := ignoreRuns(RunsFolder); err != nil {
			return nil, err
		}
		dir = filepath.Join(RunsFolder, time.Now().UTC().Format("20060102T150405Z")+"-"+object+"-"+randomHex(2))
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("run directory: %w", err)
	}
	d, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	left, err := leftovers(dir) // again, since another process may have begun in it
	for _, name := range left {
		if name != lockFile && err == nil {
			err = os.Remove(d.File(name))
		}
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// leftovers are the files of a run that was killed before its journal began, so that nothing was sent: none in a new or
// empty folder. Anything else in it is a *DirError.
func leftovers(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("run directory: %w", err)
	}
	var info Info
	begun := readJSON(filepath.Join(dir, runFile), &info) == nil && info.Schema == 1 && info.ID != ""
	var names []string
	for _, e := range entries {
		name := e.Name()
		st, err := e.Info()
		own := err == nil && st.Mode().IsRegular() && (durable.IsTemp(name) || name == lockFile && st.Size() == 0 ||
			begun && (name == runFile || name == SchemaFile || name == spoolFile || name == journalFile && !began(dir)))
		if !own {
			return nil, &DirError{dir, "a new run's directory must be new or empty, and this one holds " + name}
		}
		names = append(names, name)
	}
	return names, nil
}

// began reports whether the journal has a whole line: only then was anything sent.
func began(dir string) bool {
	f, err := os.Open(filepath.Join(dir, journalFile))
	if err != nil {
		return false
	}
	defer f.Close()
	_, err = bufio.NewReader(f).ReadSlice('\n')
	return err == nil || errors.Is(err, bufio.ErrBufferFull)
}

// Open locks an existing run directory to resume, check or undo its run. Errors: *BusyError; *DirError when it holds no
// run, a run that never began, or a symbolic link: none is followed.
func Open(dir string) (*Dir, error) {
	if _, err := os.Stat(filepath.Join(dir, runFile)); err != nil {
		return nil, &DirError{dir, "is not a run directory: it has no " + runFile}
	}
	if !began(dir) {
		if _, err := leftovers(dir); err != nil {
			return nil, &Error{filepath.Join(dir, journalFile), 1,
				"holds nothing, and other files show that the run had begun; the file was damaged or edited"}
		}
		return nil, &DirError{dir,
			"is of a run that never began: its journal holds nothing, so nothing was sent; import again"}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("run directory: %w", err)
	}
	for _, e := range entries {
		if e.Type()&fs.ModeSymlink != 0 {
			return nil, &DirError{dir, e.Name() + " is a symbolic link, and none is followed in a run directory"}
		}
	}
	return lockDir(dir)
}

// lookers bounds how often a process that only looks (see Held) is waited for.
const lookers = 1000

func lockDir(dir string) (*Dir, error) {
	l := flock.New(filepath.Join(dir, lockFile), flock.SetPermissions(0o600))
	for range lookers {
		ok, err := l.TryLock()
		if err != nil {
			return nil, fmt.Errorf("lock run directory: %w", err)
		}
		if ok {
			return &Dir{path: dir, lock: l}, nil
		}
		if Held(dir) {
			break
		}
		time.Sleep(time.Millisecond) // whoever had it only looked
	}
	return nil, errors.Join(&BusyError{dir}, l.Close())
}

// Held reports whether a process works on the run in dir. It makes nothing, and keeps no process from taking the run.
func Held(dir string) bool {
	name := filepath.Join(dir, lockFile)
	if st, err := os.Lstat(name); err != nil || !st.Mode().IsRegular() {
		return false
	}
	l := flock.New(name, flock.SetFlag(os.O_RDONLY))
	ok, err := l.TryRLock()
	_ = l.Close() // it was opened for reading
	return err == nil && !ok
}

// ignoreRuns keeps version control from taking personal data in.
func ignoreRuns(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("run directory: %w", err)
	}
	name := filepath.Join(folder, ".gitignore")
	if _, err := os.Lstat(name); err == nil { // a link to nothing is somebody's too
		return nil
	}
	return os.WriteFile(name, []byte("*\n"), 0o600)
}

// Path is the directory.
func (d *Dir) Path() string { return d.path }

// File is the path of one of its files.
func (d *Dir) File(name string) string { return filepath.Join(d.path, name) }

// Spool is where a run keeps what it read from standard input, to be resumed from it.
func (d *Dir) Spool() string { return d.File(spoolFile) }

// KeepInput copies a spool of standard input into the directory, whole on disk, so that the run can be resumed.
func (d *Dir) KeepInput(spool string) error {
	if spool == d.Spool() {
		return nil
	}
	f, err := os.Open(spool)
	if err == nil {
		err = errors.Join(durable.Replace(d.Spool(), f), f.Close())
	}
	if err != nil {
		return fmt.Errorf("keep standard input: %w", err)
	}
	return nil
}

// Close unlocks the directory.
func (d *Dir) Close() error { return d.lock.Close() }

// Read reads a JSON file of the run.
func (d *Dir) Read(name string, into any) error { return readJSON(d.File(name), into) }

func readJSON(name string, into any) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails: crypto/rand
	return hex.EncodeToString(b)
}
