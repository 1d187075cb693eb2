package importer

import (
	"context"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Options say what to import and how. Client, Plan, Input, Survey and Dir are required.
type Options struct {
	Client *attio.Client
	Plan   *mapping.Plan
	Input  *source.File
	Survey source.Survey
	Dir    *journal.Dir // where the run's files go, open and locked

	DryRun      bool // send no write
	NoPreflight bool // with mapping.Create only: look nothing up before writing
	Limit       int  // rows to import; 0 for all
	Workers     int  // calls in flight at most; 0 for as many as the latency needs
	MaxRejects  MaxRejects
	// Retry has rows of an earlier leg that ended so tried again; nil for none.
	Retry []Action
	// ImportKey is a unique text attribute that gets a fingerprint of run and row, so that every row can be found; ""
	// for none.
	ImportKey string

	// onlySettle, where set, has the run find out what became of rows whose answers were lost, and send nothing: the
	// object as it is now, which the plan does not fit any more.
	onlySettle *attio.Object

	// Version is the program's version, as run.json names it; "" where nobody asks.
	Version string

	// Abort gives up the requests in flight; nil for never. The context of Run itself only stops new rows.
	Abort context.Context
	// Progress is called now and then, from the recording loop; nil for nobody. It must not block.
	Progress func(Progress)
	// Rejected is told of each rejected row, from the recording loop; nil for nobody. It may keep what it is told, but
	// not the row.
	Rejected func(*Outcome)
	// Notice is told of decisions and of what a person should know, a line each; nil for nobody.
	Notice func(string)
}

// rows is how many rows there are to import, and values how many unique values they have where each is filled.
func (o *Options) rows() int {
	if o.Limit > 0 {
		return min(o.Survey.Rows, o.Limit)
	}
	return o.Survey.Rows
}

func (o *Options) values() int { return o.rows() * len(o.Plan.Unique) }

// Progress is the state of a run.
type Progress struct {
	Total   int // rows of the file, or the limit
	Counts  Counts
	Writes  int64         // accepted writes of this leg
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
	MaxRejects bool // it was Options.MaxRejects that was passed
	OneReason  bool // the first rows that were sent were all refused for one reason
}

func (s *Stop) Error() string { return s.Reason }
