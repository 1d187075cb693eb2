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

// shownDifferences is how many differences a VerifySummary has at most.
const shownDifferences = 20

// VerifyOptions say how to verify.
type VerifyOptions struct {
	Schema   *attio.Schema  // of the run's object, as it is now; nil to have it read
	Input    string         // where the file is now; "" for where it was
	Progress func(Progress) // called now and then; nil for nobody
}

// VerifySummary counts the verdicts.
type VerifySummary struct {
	Same      int `json:"same"`
	Different int `json:"different"`
	Gone      int `json:"gone"`
	// Dropped are the values that the run left out, as dropped.csv lists them. None of them counts as different.
	Dropped  journal.Dropped `json:"dropped"`
	ExitCode int             `json:"exit_code"` // 4 where anything is not as it was written
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

// verifyRow is a line of verify.csv.
type verifyRow struct {
	Row         int    `csv:"row"`
	Line        int    `csv:"line"`
	RecordID    string `csv:"record_id"`
	Verdict     string `csv:"verdict"` // same, different, gone
	Attributes  string `csv:"attributes"`
	Differences string `csv:"differences"`
}

// Verify compares the written records of the run in d with its input. verify.csv is replaced when all are compared.
// Errors: those of [Resume] but *[journal.UndoneError].
func Verify(ctx context.Context, c *attio.Client, d *journal.Dir, o VerifyOptions) (sum VerifySummary, err error) {
	s, err := openSession(ctx, c, d, nil)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if s.info.DryRun {
		return sum, &journal.DirError{Path: d.Path(), Reason: "was a dry run: there is nothing to verify"}
	}
	if err := s.read(ctx, o.Input); err != nil {
		return sum, err
	}
	schema, err := s.schema(ctx, o.Schema)
	if err == nil {
		s.Plan, err = s.bind(schema)
	}
	if err != nil {
		return sum, err
	}
	s.Notice = func(string) {}
	return s.verify(ctx, func(row int) bool {
		if o.Progress != nil && (row%lookupBatch == 0 || row == s.Survey.Rows) {
			o.Progress(Progress{Phase: "verifying", Total: s.Survey.Rows, Counts: journal.Counts{Read: row}})
		}
		return true
	})
}

// verify compares the records of those rows that were written and are wanted with the input, batch after batch, and
// replaces verify.csv.
func (s *session) verify(ctx context.Context, wanted func(row int) bool) (VerifySummary, error) {
	s.stop = ctx
	v := &verifier{session: s, resolver: newResolver(s)}
	v.sum.Dropped = s.past.Summary(&s.info, s.Survey.Rows, 0).Dropped
	err := report.ReplaceTable(s.Dir.File(verifyFile), func(add func(...verifyRow) error) error {
		v.add = add
		for row, err := range s.Input.Rows(ctx) {
			if err != nil {
				return err
			}
			if wanted(row.Number) {
				if err := v.row(row); err != nil {
					return err
				}
			}
		}
		return v.compareBatch()
	})
	if v.sum.Different+v.sum.Gone > 0 {
		v.sum.ExitCode = journal.ExitUnknown
	}
	return v.sum, err
}

type verifier struct {
	*session
	resolver *resolver
	items    []*item           // rows that were written and are not compared yet
	done     []*journal.Result // what came of them
	add      func(...verifyRow) error
	sum      VerifySummary
}

// row takes a row in.
func (v *verifier) row(row *mapping.Row) error {
	done, err := v.past.Result(row.Number, false)
	if err != nil || done == nil || done.Action != journal.Created && done.Action != journal.Updated {
		return err
	}
	it := &item{row: row, asked: []mapping.Key{idKey(done.RecordID)}}
	if len(v.Plan.Values(row, &it.rec)) > 0 {
		return nil
	}
	if v.items, v.done = append(v.items, it), append(v.done, done); len(v.items) < lookupBatch {
		return nil
	}
	return v.compareBatch()
}

// compareBatch reads the records of the rows that wait and compares them.
func (v *verifier) compareBatch() error {
	job := v.resolver.jobFor(v.items)
	if err := v.resolver.lookUp(job); err != nil {
		return err
	}
	v.resolver.learn(job.asks[1:])
	byID := make(map[string]*attio.Record)
	for i := range job.asks[0].records {
		byID[job.asks[0].records[i].ID] = &job.asks[0].records[i]
	}
	for i, it := range v.items {
		v.resolver.resolve(it)
		if err := v.compare(it, v.done[i], byID[v.done[i].RecordID]); err != nil {
			return err
		}
	}
	v.items, v.done = v.items[:0], v.done[:0]
	return nil
}

func (v *verifier) compare(it *item, done *journal.Result, cur *attio.Record) error {
	line := verifyRow{Row: it.row.Number, Line: it.row.Line, RecordID: done.RecordID}
	var ds []mapping.Difference
	if cur != nil {
		gone := slices.Clone(done.Dropped) // what is left out today as well stands no more in the record
		for _, now := range journal.Drops(it.dropped()) {
			if at := slices.IndexFunc(gone, now.Is); at >= 0 {
				gone = slices.Delete(gone, at, at+1)
			}
		}
		leaveOut(&it.full, gone, cur)
		c := v.Plan.Change(&it.full, cur)
		if ds = c.Differences; done.Action == journal.Updated {
			ds = slices.DeleteFunc(ds, func(d mapping.Difference) bool { return !sends(c.Fields, d.Slug) })
		}
	}
	switch {
	case cur == nil:
		v.sum.Gone++
		line.Verdict, ds = "gone", []mapping.Difference{{}}
	case len(ds) == 0:
		v.sum.Same++
		line.Verdict = "same"
	default:
		v.sum.Different++
		slugs := make([]string, len(ds))
		for i, d := range ds {
			slugs[i] = d.Slug
		}
		line.Verdict, line.Attributes = "different", strings.Join(slugs, " ")
		line.Differences = journal.Differences(ds).String()
	}
	for _, d := range ds[:min(len(ds), shownDifferences-len(v.sum.Shown))] {
		v.sum.Shown = append(v.sum.Shown, VerifyDifference{it.row.Number, it.row.Line, done.RecordID, d})
	}
	return v.add(line)
}

// sends reports whether fields name an attribute; of a part of one, slug is "name.first_name".
func sends(fields []value.Field, slug string) bool {
	slug, _, _ = strings.Cut(slug, ".")
	return slices.ContainsFunc(fields, func(f value.Field) bool { return f.Attr.Slug == slug })
}
