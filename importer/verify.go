package importer

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Verify reads back what a run wrote and compares it, attribute by attribute, with what the file says: the last word on whether the
// import is in Attio. Only what the row speaks of is compared, so that what Attio's own enrichment adds does not count. Where an update
// added values to others that were there, the record is to hold those of the row; what stands beside them is no difference.

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

// Verify compares a run's written records with its input.
func Verify(ctx context.Context, o ResumeOptions) (VerifySummary, error) {
	var sum VerifySummary
	info, _, err := LoadRun(o.Dir.Path())
	if err != nil {
		return sum, err
	}
	if info.DryRun {
		return sum, &DirError{o.Dir.Path(), "was a dry run: there is nothing to verify"}
	}
	p, err := readPast(o.Dir.File(journalFile), nil)
	if err != nil {
		return sum, err
	}
	if err := checkHead(info, p.head); err != nil {
		return sum, err
	}
	in, survey, err := reopen(ctx, o, info)
	if err != nil {
		return sum, err
	}
	plan, err := rebind(o.Schema, info, survey)
	if err != nil {
		return sum, err
	}
	last, err := lastOutcomes(o.Dir.File(journalFile), p, false)
	if err != nil {
		return sum, err
	}
	return verifyRows(ctx, o, plan, in, last)
}

// verifyRows compares the records of these rows with the input, and replaces verify.csv.
func verifyRows(
	ctx context.Context, o ResumeOptions, plan *mapping.Plan, in *source.File, last map[int]*entry,
) (VerifySummary, error) {
	out := &report[verifyRow]{name: o.Dir.File(verifyFile + newSuffix)}
	if err := durable.Remove(out.name); err != nil {
		return VerifySummary{}, err
	}
	v := &verifying{run: run{Options: Options{Client: o.Client, Plan: plan}, stop: ctx, refs: newTargets(), find: newFinder(o.Client)}, out: out}
	err := errors.Join(v.rows(in.Rows(ctx), last), out.Close())
	if err == nil {
		err = durable.ReplaceBy(o.Dir.File(verifyFile), out.name)
	}
	if v.sum.Different+v.sum.Gone > 0 {
		v.sum.ExitCode = ExitUnknown
	}
	return v.sum, err
}

type verifying struct {
	run run
	out *report[verifyRow]
	sum VerifySummary
}

// rows compares batch after batch.
func (v *verifying) rows(rows func(func(*mapping.Row, error) bool), last map[int]*entry) (err error) {
	var batch []*item
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := v.batch(batch, last)
		batch = batch[:0]
		return err
	}
	for row, rerr := range rows {
		if rerr != nil {
			return rerr
		}
		e := last[row.Number]
		if e == nil || (e.Action != Created && e.Action != Updated) {
			continue
		}
		it := &item{row: row}
		if len(v.run.Plan.Values(row, &it.rec)) > 0 {
			continue
		}
		if batch = append(batch, it); len(batch) == lookupBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// batch reads the records of some rows and compares them.
func (v *verifying) batch(items []*item, last map[int]*entry) error {
	job := &lookupJob{items: items, targets: v.run.refs.queries(items, v.run.Plan.Schema)}
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = last[it.row.Number].Record
		job.keys = append(job.keys, idKey(ids[i]))
	}
	done := v.run.lookup(job)
	if done.err != nil {
		return done.err
	}
	v.run.refs.learn(done.found)
	byID := make(map[string]*attio.Record, len(done.records))
	for i := range done.records {
		byID[done.records[i].ID] = &done.records[i]
	}
	for i, it := range items {
		v.run.refs.fill(it)
		v.run.resolve(it)
		if err := v.compare(it, last[it.row.Number], byID[ids[i]]); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifying) compare(it *item, done *entry, cur *attio.Record) error {
	line := verifyRow{Row: it.row.Number, RecordID: done.Record}
	if cur == nil {
		v.sum.Gone++
		v.sum.show(it.row, line.RecordID, mapping.Difference{})
		line.Verdict = "gone"
		return v.out.add(line)
	}
	c := v.run.Plan.Change(&it.full, cur)
	ds := c.Differences
	if done.Action == Updated {
		ds = slices.DeleteFunc(ds, func(d mapping.Difference) bool { return !sends(c.Fields, d.Slug) })
	}
	if len(ds) == 0 {
		v.sum.Same++
		line.Verdict = "same"
		return v.out.add(line)
	}
	v.sum.Different++
	v.sum.show(it.row, line.RecordID, ds...)
	slugs := make([]string, len(ds))
	for i, d := range ds {
		slugs[i] = d.Slug
	}
	line.Verdict, line.Attributes, line.Differences = "different", strings.Join(slugs, " "), differencesJSON(ds)
	return v.out.add(line)
}

// sends says whether fields name an attribute; of a part of one, slug is "name.first_name".
func sends(fields []value.Field, slug string) bool {
	slug, _, _ = strings.Cut(slug, ".")
	return slices.ContainsFunc(fields, func(f value.Field) bool { return f.Attr.Slug == slug })
}
