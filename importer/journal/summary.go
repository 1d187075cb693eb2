package journal

import (
	"fmt"
	"slices"
	"time"

	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// The exit codes of a run.
const (
	ExitDone    = 0 // everything asked for was done
	ExitStopped = 1 // stopped by an error; can be resumed
	ExitReports = 3 // some rows are conflicts or rejects
	ExitUnknown = 4 // some rows' outcome could not be found out
)

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

// Add counts rows of an action, or takes them off.
func (c *Counts) Add(a Action, by int) { *c.of(a) += by }

// Of is the number of rows of an action.
func (c Counts) Of(a Action) int { return *c.of(a) }

func (c *Counts) of(a Action) *int {
	return [...]*int{&c.Created, &c.Updated, &c.Unchanged, &c.Skipped, &c.Conflict, &c.Rejected, &c.Unknown,
		&c.Pending}[slices.Index(Actions, a)]
}

// Finished is the number of rows that have an outcome.
func (c Counts) Finished() int { return c.Read - c.Pending }

// ExitCode is the code of a run that went through.
func (c Counts) ExitCode() int {
	switch {
	case c.Unknown > 0:
		return ExitUnknown
	case c.Conflict+c.Rejected > 0:
		return ExitReports
	}
	return ExitDone
}

// Dropped counts the values that were left out, as dropped.csv lists them, and the rows that lost some.
type Dropped struct {
	Values int `json:"values"`
	Rows   int `json:"rows"`
}

// Add counts the values of one row.
func (d *Dropped) Add(values int) {
	if d.Values += values; values > 0 {
		d.Rows++
	}
}

// Requests counts what was sent, retries included.
type Requests struct {
	Reads       int64 `json:"reads"`
	Writes      int64 `json:"writes"`
	Retries     int64 `json:"retries"`
	RateLimited int64 `json:"rate_limited"`
}

// Add adds the requests of another session.
func (r *Requests) Add(o Requests) {
	r.Reads += o.Reads
	r.Writes += o.Writes
	r.Retries += o.Retries
	r.RateLimited += o.RateLimited
}

// Summary is summary.json.
type Summary struct {
	Schema    int           `json:"schema"` // 1
	Command   string        `json:"command"`
	Object    string        `json:"object"`
	Mode      mapping.Mode  `json:"mode"`
	DryRun    bool          `json:"dry_run"`
	RunDir    string        `json:"run_dir"` // as it was named
	Input     InputIdentity `json:"input"`
	Rows      Counts        `json:"rows"`
	BlankRows int           `json:"blank_rows"`
	Dropped   Dropped       `json:"dropped"`
	// WithoutUnique counts the rows that were created, or would be, without a unique value: nothing finds them again, and
	// a second import creates them again.
	WithoutUnique int            `json:"without_unique,omitempty"`
	AlsoCreated   map[string]int `json:"also_created,omitempty"`
	Requests      Requests       `json:"requests"`
	StartedAt     time.Time      `json:"started_at"`
	FinishedAt    time.Time      `json:"finished_at"`
	Seconds       float64        `json:"seconds"`
	Finished      bool           `json:"finished"`          // every row of the file has an outcome
	Reason        string         `json:"reason,omitempty"`  // why the run stopped early
	Bounded       string         `json:"bounded,omitempty"` // what limited the speed
	ExitCode      int            `json:"exit_code"`
}

// InputIdentity is which bytes were imported.
type InputIdentity struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Write replaces summary.json of a run.
func (s Summary) Write(d *Dir) error {
	if err := durable.ReplaceJSON(d.File(SummaryFile), s); err != nil {
		return fmt.Errorf("summary: %w", err)
	}
	return nil
}
