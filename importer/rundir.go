package importer

import (
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
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Rules of a run directory: folder 0700, files 0600; run.json and summary.json are replaced whole, the journal is
// only ever appended to, and the reports can be rebuilt from it. One process holds the directory at a time. It holds
// personal data, so the folder above it gets a .gitignore.

// RunsFolder is where run directories are made when none is named.
const RunsFolder = "attio-runs"

// The files of a run directory.
const (
	runFile       = "run.json"
	journalFile   = "journal.jsonl"
	summaryFile   = "summary.json"
	resultsFile   = "results.csv"
	conflictsFile = "conflicts.csv"
	spoolFile     = "input.zst"
	lockFile      = "lock"
	schemaFile    = "schema.json" // what the run was bound to, so that reports can be made anew without the API
)

// RunDir is a run's directory, locked by this process.
type RunDir struct {
	path string
	lock *flock.Flock
}

// RunInfo is run.json: what the run is. No key, no cell's value.
type RunInfo struct {
	Schema        int           `json:"schema"` // 1
	ID            string        `json:"id"`     // 16 random hex digits
	Version       string        `json:"version"`
	CreatedAt     time.Time     `json:"created_at"`
	Input         InputIdentity `json:"input"`
	InputAbsolute string        `json:"input_absolute"` // "" for standard input, which is spooled here
	Format        string        `json:"format,omitempty"`
	Delimiter     string        `json:"delimiter,omitempty"`
	Encoding      string        `json:"encoding,omitempty"`
	Sheet         string        `json:"sheet,omitempty"`
	Spreadsheet   bool          `json:"for_spreadsheet,omitempty"` // the input has apostrophes before its formulas
	Columns       []string      `json:"columns,omitempty"`         // of an input without a row
	Mapping       string        `json:"mapping"`                   // the mapping file in its canonical form, also where it was made from the headers
	MappingSHA256 string        `json:"mapping_sha256"`
	Object        string        `json:"object"`
	Mode          mapping.Mode  `json:"mode"`
	Match         string        `json:"match,omitempty"`
	WorkspaceID   string        `json:"workspace_id"`
	WorkspaceSlug string        `json:"workspace_slug"`
	DryRun        bool          `json:"dry_run"`
	NoPreflight   bool          `json:"no_preflight,omitempty"`
	Limit         int           `json:"limit,omitempty"`
	Workers       int           `json:"workers,omitempty"`
	MaxRejects    MaxRejects    `json:"max_rejects"`
	ImportKey     string        `json:"import_key,omitempty"`
}

// Busy says that another process holds the run directory.
type Busy struct{ Path string }

func (b *Busy) Error() string { return b.Path + " is in use by another process" }

// DirError says why a folder cannot be a run's directory.
type DirError struct{ Path, Reason string }

func (e *DirError) Error() string { return e.Path + ": " + e.Reason }

// CheckNewDir reports why dir cannot be a new run's directory: *Busy, *DirError, an I/O error. It makes nothing. "" always can.
func CheckNewDir(dir string) error {
	if dir == "" {
		return nil
	}
	_, err := leftovers(dir)
	var taken *DirError
	if errors.As(err, &taken) && Held(dir) {
		return &Busy{dir}
	}
	return err
}

// NewRunDir makes and locks a run directory, which must be new or empty; one whose run never began counts as empty.
// dir "" makes attio-runs/<UTC time>-<object>-<hex>. Errors: *Busy, *DirError, an I/O error.
func NewRunDir(dir, object string) (*RunDir, error) {
	if err := CheckNewDir(dir); err != nil {
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
	var info RunInfo
	begun := readJSON(filepath.Join(dir, runFile), &info) == nil && info.Schema == 1 && info.ID != ""
	var names []string
	for _, e := range entries {
		own := false
		switch name := e.Name(); {
		case !e.Type().IsRegular():
		case name == lockFile:
			st, err := e.Info()
			own = err == nil && st.Size() == 0
		case durable.IsTemp(name):
			own = true
		default:
			own = begun && (name == runFile || name == schemaFile || name == spoolFile)
		}
		if !own {
			return nil, &DirError{dir, "a new run's directory must be new or empty, and this one holds " + e.Name()}
		}
		names = append(names, e.Name())
	}
	return names, nil
}

// OpenRunDir locks an existing run directory to resume, check or undo its run. Errors: *Busy; *DirError when it holds no
// run, a run that never began, or a symbolic link: none is followed.
func OpenRunDir(dir string) (*RunDir, error) {
	if _, err := os.Stat(filepath.Join(dir, runFile)); err != nil {
		return nil, &DirError{dir, "is not a run directory: it has no " + runFile}
	}
	if _, err := os.Stat(filepath.Join(dir, journalFile)); errors.Is(err, fs.ErrNotExist) { // killed between the two
		return nil, &DirError{dir, "is of a run that never began: it has no " + journalFile + ", so nothing was sent; import again"}
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

func lockDir(dir string) (*RunDir, error) {
	l := flock.New(filepath.Join(dir, lockFile), flock.SetPermissions(0o600))
	for range lookers {
		ok, err := l.TryLock()
		if err != nil {
			return nil, fmt.Errorf("lock run directory: %w", err)
		}
		if ok {
			return &RunDir{path: dir, lock: l}, nil
		}
		if Held(dir) {
			break
		}
		time.Sleep(time.Millisecond) // whoever had it only looked
	}
	return nil, errors.Join(&Busy{dir}, l.Close())
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
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	return os.WriteFile(name, []byte("*\n"), 0o600)
}

// Path is the directory.
func (d *RunDir) Path() string { return d.path }

// File is the path of one of its files.
func (d *RunDir) File(name string) string { return filepath.Join(d.path, name) }

// Spool is where a run keeps what it read from standard input, to be resumed from it.
func (d *RunDir) Spool() string { return d.File(spoolFile) }

// keepInput copies a spool of standard input into the directory, whole on disk, so that the run can be resumed.
func (d *RunDir) keepInput(in source.Options) error {
	if in.Path != "-" || in.Spool == d.Spool() {
		return nil
	}
	f, err := os.Open(in.Spool)
	if err == nil {
		err = errors.Join(durable.Replace(d.Spool(), f), f.Close())
	}
	if err != nil {
		return fmt.Errorf("keep standard input: %w", err)
	}
	return nil
}

// Close unlocks the directory.
func (d *RunDir) Close() error { return d.lock.Close() }

// LoadRun reads run.json and, where it exists, summary.json of a run directory without locking it.
func LoadRun(dir string) (RunInfo, *Summary, error) {
	var info RunInfo
	if err := readJSON(filepath.Join(dir, runFile), &info); errors.Is(err, fs.ErrNotExist) {
		return info, nil, &DirError{dir, "is not a run directory: it has no " + runFile}
	} else if err != nil {
		return info, nil, err
	}
	if info.Schema != 1 {
		return info, nil, &DirError{dir, fmt.Sprintf("was made by another version of this tool (format %d)", info.Schema)}
	}
	var s Summary
	if err := readJSON(filepath.Join(dir, summaryFile), &s); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return info, nil, nil
		}
		return info, nil, err
	}
	return info, &s, nil
}

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
