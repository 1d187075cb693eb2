package importer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Undo takes a run back as far as nobody has built on it: records that it created and that are still as the write answered them are
// deleted, values that it overwrote are put back where they are still what it wrote. All else is kept, with its reason. It
// works from the end of the run to its beginning, so that what refers goes before what is referred to. Each result is on disk in undo.csv
// before the next record's turn; a second undo goes on behind them. Deletion and overwriting may be repeated, so that a crash in between does no harm.

// undoFile says what undo did.
const undoFile = "undo.csv"

// The results of undo.csv.
const (
	UndoDeleted  = "deleted"
	UndoRestored = "restored"
	UndoArchived = "archived"
	UndoKept     = "kept"
	UndoGone     = "gone"
	UndoFailed   = "failed"
)

// undoWorkers is how many records are taken back at a time: each takes several reads before its one write.
const undoWorkers = 16

// UndoOptions say what to take back. Client, Schema and Dir are required.
type UndoOptions struct {
	Client   *attio.Client
	Schema   *attio.Schema
	Dir      *RunDir
	Progress func(done, total int)
}

// UndoPlan is what an undo would try.
type UndoPlan struct {
	Delete  int // records that the run created
	Restore int // records that it updated
	Archive int // options that it made
	Unknown int // rows whose write was sent and never answered: nothing can be taken back of them
	Done    int // of them, how many an earlier undo has dealt with
}

// UndoSummary counts what came of it.
type UndoSummary struct {
	Counts   map[string]int `json:"counts"` // by result
	ExitCode int            `json:"exit_code"`
}

// undoRow is a line of undo.csv.
type undoRow struct {
	Row      int    `csv:"row"`
	RecordID string `csv:"record_id"`
	Result   string `csv:"result"`
	Message  string `csv:"message"`
}

// undoStep is one record to take back.
type undoStep struct {
	row    int
	object string // slug
	record string
	made   bool // created by the run; else updated
	answer map[string]string
	before *image
	option *entry // an option that the run made
	lost   bool   // a row whose write was sent and never answered: there is no record that is known
}

// stage keeps apart what must not be taken back side by side: rows' records, then the targets that they refer to, then options.
func (s *undoStep) stage() int {
	switch {
	case s.option != nil:
		return 2
	case s.row == 0:
		return 1
	}
	return 0
}

// PlanUndo says what an undo of this run would try, without a request.
func PlanUndo(d *RunDir) (UndoPlan, error) {
	_, steps, done, err := undoSteps(d)
	var p UndoPlan
	for _, s := range steps {
		switch {
		case s.lost:
			p.Unknown++
			continue
		case s.option != nil:
			p.Archive++
		case s.made:
			p.Delete++
		default:
			p.Restore++
		}
		if done[s.key()] {
			p.Done++
		}
	}
	return p, err
}

func (s *undoStep) key() string { return fmt.Sprintf("%d %s", s.row, s.record) }

// undoSteps reads what the run did, last first, and what an earlier undo dealt with.
func undoSteps(d *RunDir) (RunInfo, []undoStep, map[string]bool, error) {
	info, _, err := LoadRun(d.Path())
	if err != nil {
		return info, nil, nil, err
	}
	if info.DryRun {
		return info, nil, nil, &DirError{d.Path(), "was a dry run: there is nothing to take back"}
	}
	before, err := readImages(d.File(beforeFile))
	if err != nil {
		return info, nil, nil, err
	}
	var steps []undoStep
	_, err = readJournal(d.File(journalFile), func(e *entry) error {
		switch {
		case e.Kind == kindAlso && e.Option != "":
			steps = append(steps, undoStep{record: e.Option, option: e})
		case e.Kind == kindAlso:
			steps = append(steps, undoStep{object: e.Object, record: e.Record, made: true, answer: e.Answer})
		case e.Kind == kindOutcome && e.Action == Created:
			steps = append(steps, undoStep{row: e.Row, object: info.Object, record: e.Record, made: true, answer: e.Answer})
		case e.Kind == kindOutcome && e.Action == Updated:
			steps = append(steps, undoStep{row: e.Row, object: info.Object, record: e.Record, answer: e.Answer, before: before[e.Row]})
		}
		return nil
	})
	if err != nil {
		return info, nil, nil, err
	}
	p, err := readPast(d.File(journalFile), nil)
	if err != nil {
		return info, nil, nil, err
	}
	if err := checkHead(info, p.head); err != nil {
		return info, nil, nil, err
	}
	for _, row := range p.unsure() {
		steps = append(steps, undoStep{row: row, object: info.Object, lost: true})
	}
	slices.Reverse(steps)
	done, err := undone(d.File(undoFile))
	return info, steps, done, err
}

// undone are the steps that an earlier undo dealt with; what failed is tried again.
func undone(name string) (map[string]bool, error) {
	done := make(map[string]bool)
	err := readReport(name, func(u undoRow) {
		if u.Result != UndoFailed {
			done[(&undoStep{row: u.Row, record: u.RecordID}).key()] = true
		}
	})
	if errors.Is(err, fs.ErrNotExist) {
		return done, nil
	}
	return done, err
}

// undo is the state of one undo.
type undo struct {
	UndoOptions
	plan *mapping.Plan
	ours map[string]bool // records that the run made: references to them are no change by others
}

// Undo takes the run back. ctx stops it between two records; what was done is in undo.csv, and a second Undo goes on.
func Undo(ctx context.Context, o UndoOptions) (UndoSummary, error) {
	info, steps, done, err := undoSteps(o.Dir)
	if err != nil {
		return UndoSummary{}, err
	}
	if o.Schema.Self.WorkspaceID != info.WorkspaceID {
		return UndoSummary{}, &Changed{"the workspace of the key", info.WorkspaceSlug, o.Schema.Self.WorkspaceSlug}
	}
	u := &undo{UndoOptions: o, plan: &mapping.Plan{Object: o.Schema.Object(info.Object), Schema: o.Schema}, ours: make(map[string]bool)}
	for _, s := range steps {
		if s.made {
			u.ours[s.record] = true
		}
	}
	out := &report[undoRow]{name: o.Dir.File(undoFile)}
	summary, err := u.all(ctx, steps, done, out)
	if err = errors.Join(err, out.Close()); err != nil {
		summary.ExitCode = ExitStopped
	}
	return summary, err
}

// all takes the steps in order, some at a time, and records each result before the next batch begins.
func (u *undo) all(ctx context.Context, steps []undoStep, done map[string]bool, out *report[undoRow]) (UndoSummary, error) {
	sum := UndoSummary{Counts: make(map[string]int)}
	var finished atomic.Int64
	for len(steps) > 0 {
		n := 1
		for n < min(len(steps), undoWorkers) && steps[n].stage() == steps[0].stage() {
			n++
		}
		batch, results := steps[:n], make([]*undoRow, n)
		steps = steps[n:]
		g, gctx := errgroup.WithContext(ctx)
		for i := range batch {
			if done[batch[i].key()] {
				continue
			}
			g.Go(func() error {
				row, err := u.one(gctx, &batch[i])
				results[i] = row
				return err
			})
		}
		err := g.Wait()
		for _, row := range results {
			if row == nil {
				continue
			}
			sum.Counts[row.Result]++
			if row.Result == UndoKept || row.Result == UndoFailed {
				sum.ExitCode = ExitReports
			}
			err = errors.Join(err, out.add(*row))
		}
		if err = errors.Join(err, out.Flush()); err != nil {
			return sum, fmt.Errorf("undo: %w", err)
		}
		if u.Progress != nil {
			u.Progress(int(finished.Add(int64(n))), int(finished.Load())+len(steps))
		}
		if ctx.Err() != nil {
			return sum, context.Cause(ctx)
		}
	}
	return sum, nil
}

// restoring are the fields that put an image back.
func restoring(o *attio.Object, im *image) ([]mapping.Field, error) {
	var out []mapping.Field
	for slug, raw := range im.Values {
		a := o.Attribute(slug)
		if a == nil {
			return nil, fmt.Errorf("attribute %s is no longer there", slug)
		}
		f, err := mapping.FieldOf(a, raw)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}
