package importer

import "github.com/attio-bulk/attio-bulk/importer/journal"

// The types of the journal in which a run is told, by their names at this package's door.
type (
	// Action is what came of a row.
	Action = journal.Action
	// Conflict is a line of the conflict report.
	Conflict = journal.Conflict
	// Counts are the rows of a run by what came of them.
	Counts = journal.Counts
	// InputIdentity is the file that a run reads.
	InputIdentity = journal.InputIdentity
	// MaxRejects is where a run stops for its rejects.
	MaxRejects = journal.MaxRejects
	// Outcome is what came of one row, with all that is known of it.
	Outcome = journal.Outcome
	// Reject is a reason why a row is refused.
	Reject = journal.Reject
	// Requests are the requests of a run.
	Requests = journal.Requests
	// RunInfo is what a run is.
	RunInfo = journal.Info
	// Summary is the account of a run.
	Summary = journal.Summary
)

// The actions, as results.csv spells them, and the kinds of a Conflict.
const (
	Created   = journal.Created
	Updated   = journal.Updated
	Unchanged = journal.Unchanged
	Skipped   = journal.Skipped
	Conflicts = journal.Conflicts
	Rejected  = journal.Rejected
	Unknown   = journal.Unknown
	Pending   = journal.Pending
	Existing  = journal.Existing
	InFile    = journal.InFile
)

// The exit codes of an import.
const (
	ExitDone    = journal.ExitDone
	ExitStopped = journal.ExitStopped
	ExitReports = journal.ExitReports
	ExitUnknown = journal.ExitUnknown
)
