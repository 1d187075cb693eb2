package importer

import (
	"context"
	"path/filepath"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Common is what each session of a run is told, its first and those that resume it. Client and Dir are required.
type Common struct {
	Client  *attio.Client
	Dir     *journal.Dir // where the run's files go, open and locked
	Workers int          // calls in flight at most; 0 for as many as the latency needs
	Limit   int          // rows to import, of the whole file; 0 for all
	// MaxRejects is where the run stops for its rejects. Resume takes the run's own where it is not set.
	MaxRejects journal.MaxRejects
	// Abort gives up the requests in flight; nil for never. The context of the call itself only stops new rows.
	Abort context.Context
	// Progress is called now and then, from the recording loop; nil for nobody. It must not block.
	Progress func(Progress)
	// Notice gets decisions and what a person should know, a line each; nil for nobody.
	Notice func(string)
}

// Options say what to import and how. Plan, Input and Survey are required.
type Options struct {
	Common
	Plan   *mapping.Plan
	Input  *source.File
	Survey source.Survey

	DryRun      bool // send no write
	NoPreflight bool // with mapping.Create only: look nothing up before writing
	// ImportKey is a unique text attribute that gets a fingerprint of run and row, so that every row can be found; ""
	// for none.
	ImportKey string
	// Version is the program's version, as run.json names it; "" where nobody asks.
	Version string
	// Rejected gets each rejected row, from the recording loop; nil for nobody. It may keep the outcome, but not the
	// row.
	Rejected func(*journal.Outcome)
}

// rows is how many rows the run is about.
func (o *Options) rows() int {
	if o.Limit > 0 {
		return min(o.Survey.Rows, o.Limit)
	}
	return o.Survey.Rows
}

// newRunInfo is what run.json says of a new run. The input is hashed already.
func newRunInfo(o *Options) (info journal.Info, err error) {
	info = journal.NewInfo()
	in, text, self := o.Input.Options(), o.Plan.File.YAML(), o.Plan.Schema.Self
	info.Version = o.Version
	info.Input = journal.InputIdentity{Path: in.Path, SHA256: o.Survey.SHA256, Bytes: o.Survey.Bytes}
	info.Mapping, info.MappingSHA256 = string(text), sha256Hex(text)
	info.Object, info.Mode = o.Plan.Object.Slug, o.Plan.Mode
	info.WorkspaceID, info.WorkspaceSlug = self.WorkspaceID, self.WorkspaceSlug
	info.DryRun, info.NoPreflight, info.Limit, info.Workers = o.DryRun, o.NoPreflight, o.Limit, o.Workers
	info.MaxRejects, info.ImportKey = o.MaxRejects, o.ImportKey
	if o.Plan.Match != nil {
		info.Match = o.Plan.Match.Slug
	}
	info.Dialect = in.Dialect
	if in.Path != "-" {
		info.InputAbsolute, err = filepath.Abs(in.Path)
	}
	return info, err
}

// Progress is the state of a run.
type Progress struct {
	Total   int // rows of the file, or the limit
	Counts  journal.Counts
	Writes  int64         // accepted writes of this session
	Planned int           // writes that the rows looked at so far still need
	Rate    float64       // finished rows a second, of late
	ETA     time.Duration // 0 when unknown
	Phase   string        // "looking up", "writing", "finishing"; of Verify "verifying"
}

// Interrupted is the cause to cancel Run's context with when a signal asks it to stop.
type Interrupted struct {
	Signal   string // SIGINT
	ExitCode int    // 130
}

func (i *Interrupted) Error() string { return "interrupted by " + i.Signal }

// Stop is why a run ended early by its own decision: resumable, exit code 1.
type Stop struct {
	Reason     string
	MaxRejects bool // it was Common.MaxRejects that was passed
	OneReason  bool // the first rows that were sent were all refused for one reason
}

func (s *Stop) Error() string { return s.Reason }
