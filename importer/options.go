package importer

import (
	"context"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// Common is what each session of a run is told, its first and those that resume it. The zero value does all rows, as
// fast as Attio takes them.
type Common struct {
	Workers int // calls in flight at most; 0 for as many as the latency needs
	Limit   int // rows to import, of the whole file; 0 for all
	// MaxRejects is where the run stops for its rejects. Resume takes the run's own where it is not set.
	MaxRejects journal.MaxRejects
	// Abort gives up the requests in flight; nil for never. The context of the call itself only stops new rows.
	Abort context.Context
	// Progress is called now and then, from the recording loop; nil for nobody. It must not block.
	Progress func(Progress)
	// Notice gets decisions and what a person should know, a line each; nil for nobody.
	Notice func(string)
	// NotSent gets each row that is a conflict or rejected, from the recording loop; nil for nobody. It may keep the
	// outcome, but not the row.
	NotSent func(*journal.Outcome)
}

// Options are what to import, and how. In is required: the zero values of all others create a user of each row.
type Options struct {
	Common
	In source.Options // the file, or rows in memory, and how they are read; its Mapping is set to the one below

	Mapping *mapfile.File // which attribute each column fills; nil for mapping.Headers: by slug or title
	Object  string        // slug or id; "" for the mapping's, else users
	Mode    mapping.Mode  // which records a row may become; "" for mapping.Create
	Match   string        // slug of the attribute that finds records to update; "" for the mapping's, or the one unique
	// IgnoreRest leaves out the columns that match nothing, with or without a Mapping.
	IgnoreRest bool
	// ReadSchema reads the schema of an object; nil for attio.Client.Schema.
	ReadSchema func(ctx context.Context, objects ...string) (*attio.Schema, error)
	// RunDir is the folder of the run's files, which is made, or is there and empty; "" for
	// attio-runs/<UTC time>-<object>-<hex> in the working directory.
	RunDir string

	DryRun      bool // send no write
	NoPreflight bool // with mapping.Create only: look nothing up before writing
	// ImportKey is a unique text attribute that gets a fingerprint of run and row, so that every row can be found; ""
	// for none.
	ImportKey string
	// Version is the program's version, as run.json names it; "" where nobody asks.
	Version string
	// RequireUnique has a row without any unique value rejected. Nothing would find it again: a second import would
	// create its record once more. Where no unique attribute is mapped, that is a *[NothingUniqueError].
	RequireUnique bool
	// Preview is how many rows of a dry run Previewed is called for, in the order of the file, when it went through: the
	// first that would be created or updated.
	Preview   int
	Previewed func(mapping.Preview)
}

// Progress is the state of a run.
type Progress struct {
	Total  int // rows of the file, or the limit
	Counts journal.Counts
	Rate   float64       // finished rows a second, of late
	ETA    time.Duration // 0 when unknown
	Phase  string        // "looking up", "writing", "finishing"; of Verify "verifying"
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
