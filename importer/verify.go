package importer

import (
	"context"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
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
	out := &report[verifyRow]{name: o.Dir.File(verifyFile)}
	if err := durable.Remove(out.name); err != nil {
		return sum, err
	}
	v := &verifying{run: run{Options: Options{Client: o.Client, Plan: plan}, stop: ctx, refs: newTargets(), find: newFinder(o.Client)}, out: out}
	err = v.rows(in.Rows(ctx), last)
	if cerr := out.Close(); err == nil {
		err = cerr
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
		v.run.missing(it) // fills the references in
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
		line.Verdict = "gone"
		return v.out.add(line)
	}
	c := v.run.Plan.Change(&it.rec, cur)
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
