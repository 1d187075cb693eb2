package importer

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/report"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Verify reads back what a run wrote and compares it, attribute by attribute, with what the file says: the last word
// on whether the import is in Attio. Only what the row speaks of is compared, so that what Attio's own enrichment
// adds does not count. Where an update added values to others that were there, the record is to hold those of the
// row; what stands beside them is no difference.

// verifyFile is the verdict for each row that was written.
const verifyFile = "verify.csv"

// VerifySummary counts the verdicts.
type VerifySummary struct {
	Same      int `json:"same"`
	Different int `json:"different"`
	Gone      int `json:"gone"`
	ExitCode  int `json:"exit_code"` // 4 where anything is not as it was written
	// Shown are the first differences, for a screen; verify.csv has all.
	Shown []VerifyDifference `json:"-"`
}

// VerifyDifference is an attribute in which a record differs from its row, or a record that is gone.
type VerifyDifference struct {
	Row      int
	Line     int // of the file
	RecordID string
	// Difference is zero where the record is gone. Its values are cells: for a terminal or a report, never for a log.
	mapping.Difference
}

// shownDifferences is how many differences a VerifySummary has at most.
const shownDifferences = 20

func (s *VerifySummary) show(row *mapping.Row, record string, ds ...mapping.Difference) {
	for _, d := range ds {
		if len(s.Shown) < shownDifferences {
			s.Shown = append(s.Shown, VerifyDifference{row.Number, row.Line, record, d})
		}
	}
}

// verifyRow is a line of verify.csv.
type verifyRow struct {
	Row         int    `csv:"row"`
	RecordID    string `csv:"record_id"`
	Verdict     string `csv:"verdict"` // same, different, gone
	Attributes  string `csv:"attributes"`
	Differences string `csv:"differences"`
}

// Verify compares a run's written records with its input. verify.csv is replaced when all are compared. Options used:
// Client, Schema, Dir, Input, Progress. Errors: those of Resume but *journal.UndoneError.
func Verify(ctx context.Context, o ResumeOptions) (sum VerifySummary, err error) {
	p, err := openPast(ctx, o, nil)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if p.info.DryRun {
		return sum, &journal.DirError{Path: o.Dir.Path(), Reason: "was a dry run: there is nothing to verify"}
	}
	if err := p.read(ctx, o); err != nil {
		return sum, err
	}
	plan, err := rebind(o.Schema, p.info, p.survey)
	if err != nil {
		return sum, err
	}
	return verifyRows(ctx, o, p, plan, func(row int) bool {
		if o.Progress != nil && (row%lookupBatch == 0 || row == p.survey.Rows) {
			o.Progress(Progress{Phase: "verifying", Total: p.survey.Rows, Counts: Counts{Read: row}})
		}
		return true
	})
}

// verifyRows compares the records of those rows that were written and are wanted with the input, and replaces
// verify.csv.
func verifyRows(
	ctx context.Context, o ResumeOptions, p *past, plan *mapping.Plan, wanted func(row int) bool,
) (VerifySummary, error) {
	v := &verifying{past: p, wanted: wanted, run: run{
		Options: Options{Client: o.Client, Plan: plan}, stop: ctx, refs: newTargets(), find: newFinder(o.Client),
	}}
	err := report.ReplaceTable(o.Dir.File(verifyFile), func(add func(...verifyRow) error) error {
		v.add = add
		return v.rows(ctx)
	})
	if v.sum.Different+v.sum.Gone > 0 {
		v.sum.ExitCode = ExitUnknown
	}
	return v.sum, err
}

type verifying struct {
	past   *past
	wanted func(row int) bool
	run    run
	add    func(...verifyRow) error
	sum    VerifySummary
}

// written is a row that was written, and what came of it.
type written struct {
	it   *item
	done *journal.Result
}

// rows compares batch after batch.
func (v *verifying) rows(ctx context.Context) error {
	var batch []written
	for row, err := range v.past.in.Rows(ctx) {
		if err != nil {
			return err
		}
		if !v.wanted(row.Number) {
			continue
		}
		done, err := v.past.Result(row.Number, false)
		if err != nil {
			return err
		}
		if done == nil || done.Action != Created && done.Action != Updated {
			continue
		}
		it := &item{row: row}
		if len(v.run.Plan.Values(row, &it.rec)) > 0 {
			continue
		}
		if batch = append(batch, written{it, done}); len(batch) == lookupBatch {
			if err := v.batch(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if len(batch) == 0 {
		return nil
	}
	return v.batch(batch)
}

// batch reads the records of some rows and compares them.
func (v *verifying) batch(rows []written) error {
	items := make([]*item, len(rows))
	job := &lookupJob{}
	for i, row := range rows {
		items[i] = row.it
		job.keys = append(job.keys, idKey(row.done.RecordID))
	}
	job.items, job.targets = items, v.run.refs.queries(items, v.run.Plan.Schema)
	done := v.run.lookup(job)
	if done.err != nil {
		return done.err
	}
	v.run.refs.learn(done.found)
	byID := make(map[string]*attio.Record, len(done.records))
	for i := range done.records {
		byID[done.records[i].ID] = &done.records[i]
	}
	for _, row := range rows {
		v.run.refs.fill(row.it)
		v.run.resolve(row.it)
		if err := v.compare(row.it, row.done, byID[row.done.RecordID]); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifying) compare(it *item, done *journal.Result, cur *attio.Record) error {
	line := verifyRow{Row: it.row.Number, RecordID: done.RecordID}
	if cur == nil {
		v.sum.Gone++
		v.sum.show(it.row, line.RecordID, mapping.Difference{})
		line.Verdict = "gone"
		return v.add(line)
	}
	c := v.run.Plan.Change(&it.full, cur)
	ds := c.Differences
	if done.Action == Updated {
		ds = slices.DeleteFunc(ds, func(d mapping.Difference) bool { return !sends(c.Fields, d.Slug) })
	}
	if len(ds) == 0 {
		v.sum.Same++
		line.Verdict = "same"
		return v.add(line)
	}
	v.sum.Different++
	v.sum.show(it.row, line.RecordID, ds...)
	slugs := make([]string, len(ds))
	for i, d := range ds {
		slugs[i] = d.Slug
	}
	line.Verdict, line.Attributes, line.Differences = "different", strings.Join(slugs, " "), journal.Differences(ds).String()
	return v.add(line)
}

// sends says whether fields name an attribute; of a part of one, slug is "name.first_name".
func sends(fields []value.Field, slug string) bool {
	slug, _, _ = strings.Cut(slug, ".")
	return slices.ContainsFunc(fields, func(f value.Field) bool { return f.Attr.Slug == slug })
}
