package importer

import (
	"context"
	"errors"

	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/report"
	"github.com/attio-bulk/attio-bulk/importer/undo"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Reports are made anew from the journal and the input: a crash may have torn them, and rows that are tried again
// must not stand in them twice. They come in the order of the file then, and not in that of finishing.

// Rebuild makes the reports and the summary of a run anew from its journal and its input, without a request: the
// schema that the run was bound to lies in its directory. Options used: Dir, Input. Errors: those of Resume, the
// cause of ctx.
func Rebuild(ctx context.Context, o ResumeOptions) (_ Summary, err error) {
	past, err := openPast(ctx, o, nil)
	if err != nil {
		return Summary{}, err
	}
	defer func() { err = errors.Join(err, past.Close()) }()
	schema, err := schemaOfThen(o.Dir)
	if err != nil {
		return Summary{}, err
	}
	if err := past.read(ctx, o); err != nil {
		return Summary{}, err
	}
	plan, err := rebind(schema, past.info, past.survey)
	if err != nil {
		return Summary{}, err
	}
	options := Options{Plan: plan, Input: past.in, Survey: past.survey, Dir: o.Dir}
	if err := rebuild(ctx, &options, past.History, true); err != nil {
		return Summary{}, err
	}
	if !past.info.DryRun {
		if err := undo.Rebuild(o.Dir); err != nil {
			return Summary{}, err
		}
	}
	s := past.Summary(&past.info, past.survey.Rows, past.survey.BlankRows)
	s.RunDir = o.Dir.Path()
	if last := past.last; last != nil && !past.Killed { // what the journal does not know
		s.Reason, s.ExitCode, s.Finished, s.FinishedAt = last.Reason, last.ExitCode, last.Finished, last.FinishedAt
	}
	return s, s.Write(o.Dir)
}

// rebuild replaces the reports of a run by what its journal says. open has the rows in them that resume would look up
// first; a session that is about to do so leaves them out.
func rebuild(ctx context.Context, o *Options, p *journal.History, open bool) error {
	return report.Replace(o.Dir, o.Input, func(reports report.Set) error { return replay(ctx, o, p, open, reports) })
}

// replay tells the reports of every row that is done, reading the input once.
func replay(ctx context.Context, o *Options, p *journal.History, open bool, reports report.Set) error {
	var rec mapping.Record
	for row, err := range o.Input.Rows(ctx) {
		if err != nil {
			return err
		}
		done, err := p.Result(row.Number, open)
		if err != nil {
			return err
		}
		if done == nil {
			continue
		}
		var refused []*mapping.CellError
		var keys []mapping.Key
		if row.Bad == nil {
			refused = o.Plan.Values(row, &rec)
			keys = keysOf(o.Plan, nil, &rec)
		}
		if err := reports.Record(done.With(row, refused, keys)); err != nil {
			return err
		}
	}
	return nil
}
