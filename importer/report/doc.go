// Package report writes the reports of a run: conflicts.csv, results.csv, dropped.csv and the rejects, a line or some
// for each outcome.
//
// A report is made when it gets its first line and appended to from then on; its rows come in the order of finishing.
// [Order] puts them in the order of the file when the run ends.
// Reports need not be on disk after a crash, since the journal is, and they are made anew from it in the order of the
// input. They belong to one goroutine.
package report

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
)

// Set is all reports of a run.
type Set struct {
	results   *Table[resultRow]
	conflicts *Table[conflictRow]
	dropped   *Table[droppedRow]
	rejects   *rejects
}

// Open opens the reports of a run that imports in, behind what they hold.
func Open(d *journal.Dir, in *source.File) Set { return open(d, in, "") }

func open(d *journal.Dir, in *source.File, suffix string) Set {
	return Set{
		results:   &Table[resultRow]{name: d.File(journal.ResultsFile + suffix), cells: (*resultRow).cells},
		conflicts: NewTable[conflictRow](d.File(journal.ConflictsFile + suffix)),
		dropped:   NewTable[droppedRow](d.File(journal.DroppedFile + suffix)),
		rejects:   &rejects{name: d.File(in.RejectsName() + suffix), input: in},
	}
}

// Record tells all of an outcome.
func (s Set) Record(out *journal.Outcome) error {
	if err := s.results.Add(resultOf(out)); err != nil {
		return err
	}
	if err := s.conflicts.Add(conflictsOf(out)...); err != nil {
		return err
	}
	if err := s.dropped.Add(droppedOf(out)...); err != nil {
		return err
	}
	return s.rejects.record(out)
}

// Flush hands what was recorded to the operating system.
func (s Set) Flush() error { return cmp.Or(s.results.Flush(), s.conflicts.Flush(), s.dropped.Flush()) }

// Close flushes all to disk and closes them, whatever comes of each.
func (s Set) Close() error {
	return errors.Join(s.results.Close(), s.conflicts.Close(), s.dropped.Close(), s.rejects.f.Finish())
}

// Replace makes all reports of a run anew from the outcomes that fill records. Until they are whole the earlier ones
// stay.
func Replace(d *journal.Dir, in *source.File, fill func(Set) error) error {
	s := open(d, in, newSuffix)
	names := []string{d.File(journal.ResultsFile), d.File(journal.ConflictsFile), d.File(journal.DroppedFile),
		d.File(in.RejectsName())}
	return replace(names, func() error {
		if err := errors.Join(fill(s), s.Close()); err != nil {
			return fmt.Errorf("make the reports anew: %w", err)
		}
		return nil
	})
}

// newSuffix is behind the name of a report that is being made anew.
const newSuffix = ".new"

// replace has files take the place of those that names name when fill has made them; one that it has not made leaves
// none.
func replace(names []string, fill func() error) error {
	for _, name := range names {
		if err := durable.Remove(name + newSuffix); err != nil { // of a process that was killed
			return err
		}
	}
	if err := fill(); err != nil {
		return err
	}
	for _, name := range names {
		if err := durable.ReplaceBy(name, name+newSuffix); err != nil {
			return err
		}
	}
	return nil
}
