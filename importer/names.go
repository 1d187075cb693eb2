package importer

import "github.com/attio-bulk/attio-bulk/importer/journal"

// Types of the journal that a run is told in, by their names at this package's door.
type (
	Action        = journal.Action
	Conflict      = journal.Conflict
	Counts        = journal.Counts
	InputIdentity = journal.InputIdentity
	MaxRejects    = journal.MaxRejects
	Outcome       = journal.Outcome
	Reject        = journal.Reject
	Requests      = journal.Requests
	RunInfo       = journal.Info
	Summary       = journal.Summary
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
