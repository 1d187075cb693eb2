package importer

import (
	"context"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// RunDir is a run's directory, locked by this process.
type RunDir struct{}

// RunInfo is run.json.
type RunInfo struct{}

// NewRunDir makes and locks a run directory, which must be new or empty. dir "" makes attio-runs/<UTC time>-<object>-<hex>.
// A directory held by another process is *Busy (exit 5).
func NewRunDir(dir, object string) (*RunDir, error) { panic("contract") }

// OpenRunDir locks an existing run directory to go on with it.
func OpenRunDir(dir string) (*RunDir, error) { panic("contract") }

// Path is the directory.
func (d *RunDir) Path() string { panic("contract") }

// Close unlocks the directory.
func (d *RunDir) Close() error { panic("contract") }

// Busy says that another process holds the run directory.
type Busy struct{ Path string }

func (b *Busy) Error() string { return b.Path + " is in use by another process" }

// Run imports. ctx stops it (no new rows; requests in flight are seen through), Options.Abort gives those up. The Summary is
// that of the whole run and is written to summary.json also when there is an error; the error says why the run stopped early: *Interrupted, *Stop, *attio.Error, an I/O error.
func Run(ctx context.Context, o Options) (Summary, error) { panic("contract") }

// ResumeOptions say how to go on.
type ResumeOptions struct {
	Client   *attio.Client
	Dir      *RunDir
	Input    string // where the file is now; "" for where it was
	Retry    []Action
	Abort    context.Context
	Progress func(Progress)
	Notice   func(string)
}

// Resume goes on with a run. One that is finished sends nothing.
func Resume(ctx context.Context, o ResumeOptions) (Summary, error) { panic("contract") }

// LoadRun reads run.json and summary.json of a run directory without locking it.
func LoadRun(dir string) (RunInfo, *Summary, error) { panic("contract") }

// Mode of a run.
var _ mapping.Mode
