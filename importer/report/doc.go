// Package report writes the reports of a run: conflicts.csv, results.csv and the rejects, a line or some for each
// outcome.
//
// A report is made when it gets its first line and appended to from then on; its rows come in the order of finishing.
// Reports need not be on disk after a crash, since the journal is, and they are made anew from it in the order of the
// input. They belong to one goroutine.
package report

import (
	"errors"
	"fmt"

	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
)

// Recorder is told of every outcome.
type Recorder interface {
	Record(*journal.Outcome) error
	// Flush hands what was recorded to the operating system.
	Flush() error
	// Close flushes to disk.
	Close() error
}

// Set is all reports of a run.
type Set []Recorder

// Open opens the reports of a run that imports in, behind what they hold.
func Open(d *journal.Dir, in *source.File) Set { return open(d, in, "") }

func open(d *journal.Dir, in *source.File, suffix string) Set {
	return Set{
		newResults(d.File(journal.ResultsFile + suffix)),
		newConflicts(d.File(journal.ConflictsFile + suffix)),
		newRejects(d.File(in.RejectsName()+suffix), in),
	}
}

// Record tells all of an outcome.
func (s Set) Record(out *journal.Outcome) error {
	for _, r := range s {
		if err := r.Record(out); err != nil {
			return err
		}
	}
	return nil
}

// Flush flushes all.
func (s Set) Flush() error {
	for _, r := range s {
		if err := r.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// Close closes all, whatever comes of each.
func (s Set) Close() error {
	var errs []error
	for _, r := range s {
		errs = append(errs, r.Close())
	}
	return errors.Join(errs...)
}

// Replace makes all reports of a run anew from the outcomes that fill records. Until they are whole the earlier ones
// stay.
func Replace(d *journal.Dir, in *source.File, fill func(Set) error) error {
	names := []string{journal.ResultsFile, journal.ConflictsFile, in.RejectsName()}
	for _, n := range names {
		if err := durable.Remove(d.File(n + newSuffix)); err != nil {
			return err
		}
	}
	s := open(d, in, newSuffix)
	if err := errors.Join(fill(s), s.Close()); err != nil {
		return fmt.Errorf("make the reports anew: %w", err)
	}
	for _, n := range names {
		if err := durable.ReplaceBy(d.File(n), d.File(n+newSuffix)); err != nil {
			return err
		}
	}
	return nil
}
