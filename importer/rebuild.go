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

// Rebuild makes the reports and the summary of the run in d anew from its journal and its input, without a request: the
// schema that the run was bound to lies in its directory. input is where the file is now; "" for where it was. Errors:
// those of Resume, the cause of ctx.
func Rebuild(ctx context.Context, d *journal.Dir, input string) (_ journal.Summary, err error) {
	p, err := openSession(ctx, nil, d, nil)
	if err != nil {
		return journal.Summary{}, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	schema, err := schemaOfThen(d)
	if err == nil {
		err = p.read(ctx, input)
	}
	if err == nil {
		p.Plan, err = p.bind(schema)
	}
	withoutUnique := 0
	if err == nil {
		withoutUnique, err = p.rebuild(ctx, p.past, true)
	}
	if err == nil && !p.info.DryRun {
		err = undo.Rebuild(d)
	}
	if err != nil {
		return journal.Summary{}, err
	}
	s := p.past.Summary(&p.info, p.Survey.Rows, p.Survey.BlankRows)
	s.RunDir, s.WithoutUnique = d.Path(), withoutUnique
	if last := p.last; last != nil && !p.past.Killed { // what the journal does not know
		s.Reason, s.ExitCode, s.Finished, s.FinishedAt = last.Reason, last.ExitCode, last.Finished, last.FinishedAt
	}
	return s, s.Write(d)
}

// rebuild replaces the reports of the run by what its journal says, reading the input once. open has the rows in them
// that resume would look up first; a session that is about to do so leaves them out. It counts the rows that were
// created without a unique value.
func (s *session) rebuild(ctx context.Context, p *journal.History, open bool) (withoutUnique int, err error) {
	err = report.Replace(s.Dir, s.Input, func(reports report.Set) error {
		var rec mapping.Record
		for row, err := range s.Input.Rows(ctx) {
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
			rec = mapping.Record{Row: row, Fields: rec.Fields[:0]}
			var refused []*mapping.CellError
			var keys []mapping.Key
			if row.Bad == nil {
				refused = s.Plan.Values(row, &rec)
				keys = keysOf(s.Plan, nil, &rec)
			}
			if len(keys) == 0 && done.Action == journal.Created {
				withoutUnique++
			}
			out := done.With(row, refused, s.mayBeDropped(done, &rec), keys)
			s.explain(out.Dropped)
			if err := reports.Record(out); err != nil {
				return err
			}
		}
		return nil
	})
	return withoutUnique, err
}
