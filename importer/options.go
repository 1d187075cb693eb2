package importer

import (
	"context"
	"fmt"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Options say what to import and how. Client, Plan, Input, Survey and Dir are required.
type Options struct {
	Client *attio.Client
	Plan   *mapping.Plan
	Input  *source.File
	Survey source.Survey
	Dir    *RunDir // where the run's files go, open and locked

	DryRun      bool // send no write
	NoPreflight bool // with mapping.Create only: look nothing up before writing
	Limit       int  // rows to import; 0 for all
	Workers     int  // calls in flight at most; 0 for as many as the latency needs
	MaxRejects  MaxRejects
	// Retry has rows of an earlier leg that ended so tried again; nil for none.
	Retry []Action
	// ImportKey is a unique text attribute that gets a fingerprint of run and row, so that every row can be found; "" for none.
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
	// Rejected is told of each rejected row, from the recording loop; nil for nobody. It may keep what it is told, but not the row.
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

// MaxRejects is the number or share of rejected rows that a run bears. The zero value is no limit.
type MaxRejects struct {
	Set     bool    `json:"set"`
	Rows    int     `json:"rows"`    // more than this many stop the run
	Percent float64 `json:"percent"` // with Share: more than this share of the finished rows, from the 100th finished row on
	Share   bool    `json:"share"`
}

// Progress is the state of a run.
type Progress struct {
	Total   int // rows of the file, or the limit
	Counts  Counts
	Writes  int64         // accepted writes of this leg
	Planned int           // writes that the rows looked at so far still need
	Rate    float64       // finished rows a second, of late
	ETA     time.Duration // 0 when unknown
	Phase   string        // "looking up", "writing", "finishing"
}

// Counts are the accounts of a run: Read is always the sum of the others.
type Counts struct {
	Read      int `json:"read"`
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Skipped   int `json:"skipped"`
	Conflict  int `json:"conflict"`
	Rejected  int `json:"rejected"`
	Unknown   int `json:"unknown"`
	Pending   int `json:"pending"`
}

// Requests counts what was sent, retries included.
type Requests struct {
	Reads       int64 `json:"reads"`
	Writes      int64 `json:"writes"`
	Retries     int64 `json:"retries"`
	RateLimited int64 `json:"rate_limited"`
}

// Summary is summary.json.
type Summary struct {
	Schema      int            `json:"schema"` // 1
	Command     string         `json:"command"`
	Object      string         `json:"object"`
	Mode        mapping.Mode   `json:"mode"`
	DryRun      bool           `json:"dry_run"`
	RunDir      string         `json:"run_dir"` // as it was named
	Input       InputIdentity  `json:"input"`
	Rows        Counts         `json:"rows"`
	BlankRows   int            `json:"blank_rows"`
	AlsoCreated map[string]int `json:"also_created,omitempty"`
	Requests    Requests       `json:"requests"`
	StartedAt   time.Time      `json:"started_at"`
	FinishedAt  time.Time      `json:"finished_at"`
	Seconds     float64        `json:"seconds"`
	Finished    bool           `json:"finished"`          // every row of the file has an outcome
	Reason      string         `json:"reason,omitempty"`  // why the run stopped early
	Bounded     string         `json:"bounded,omitempty"` // what limited the speed
	ExitCode    int            `json:"exit_code"`
}

// InputIdentity is which bytes were imported.
type InputIdentity struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
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

// count adds one row's action.
func (c *Counts) count(a Action, by int) {
	switch a {
	case Created:
		c.Created += by
	case Updated:
		c.Updated += by
	case Unchanged:
		c.Unchanged += by
	case Skipped:
		c.Skipped += by
	case Conflicts:
		c.Conflict += by
	case Rejected:
		c.Rejected += by
	case Unknown:
		c.Unknown += by
	case Pending:
		c.Pending += by
	default:
		panic(fmt.Sprintf("importer: no action %q", a))
	}
}

// finished is the number of rows that have an outcome.
func (c Counts) finished() int { return c.Read - c.Pending }
