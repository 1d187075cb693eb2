package undo

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// workers is how many records are undone at a time: each takes several reads before its one write.
const workers = 16

// Options say how to undo a run.
type Options struct {
	Schema *attio.Schema // of the run's object, as it is now; nil to have it read
	// Abort gives up the requests in flight; nil for never. The context of Run itself only keeps further ones from being
	// begun.
	Abort    context.Context
	Progress func(done, total int) // called now and then; nil for nobody
}

// undo is the state of one undo.
type undo struct {
	Options
	*work
	client *attio.Client
	plan   *mapping.Plan
	ours   map[string]bool // records that the run made: references to them are no change by others
	writer *journal.Writer
}

// Run undoes the run in d. ctx stops it: nothing more is begun, and a second undo continues it. The Summary counts what
// earlier undos did, too. Errors: *journal.DirError, *journal.Error, *journal.ChangedError for the key of another
// workspace, *attio.Error, an I/O error, the cause of ctx.
func Run(ctx context.Context, c *attio.Client, d *journal.Dir, o Options) (Summary, error) {
	w, err := read(d.Path())
	if err == nil && o.Schema == nil {
		o.Schema, err = c.Schema(ctx, w.info.Object)
	}
	if err != nil {
		return Summary{}, err
	}
	if err := w.info.CheckWorkspace(o.Schema.Self.WorkspaceID, o.Schema.Self.WorkspaceSlug); err != nil {
		return Summary{}, err
	}
	if o.Abort == nil {
		o.Abort = context.WithoutCancel(ctx)
	}
	u := &undo{
		Options: o, work: w, client: c, ours: make(map[string]bool),
		plan: &mapping.Plan{Object: o.Schema.Object(w.info.Object), Schema: o.Schema},
	}
	var todo []step
	for _, s := range w.steps {
		if s.made {
			u.ours[s.record] = true
		}
		if !w.done(&s) {
			todo = append(todo, s)
		}
	}
	err = cmp.Or(u.all(ctx, d, todo), w.write(d))
	summary := w.summary()
	if err != nil {
		summary.ExitCode = journal.ExitStopped
		return summary, fmt.Errorf("undo: %w", err)
	}
	return summary, nil
}

// all takes the steps in order, some at a time.
func (u *undo) all(ctx context.Context, d *journal.Dir, todo []step) (err error) {
	if len(todo) == 0 {
		return nil
	}
	if u.writer, err = journal.Append(d, u.history); err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, u.writer.Close()) }()
	for len(todo) > 0 {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		n := 1
		for n < min(len(todo), workers) && todo[n].stage() == todo[0].stage() {
			n++
		}
		if err := u.batch(ctx, todo[:n]); err != nil {
			return err
		}
		todo = todo[n:]
		if u.Progress != nil {
			u.Progress(len(u.steps)-len(todo), len(u.steps))
		}
	}
	return nil
}

// batch undoes some steps side by side. Their results are on disk when it returns.
func (u *undo) batch(ctx context.Context, steps []step) error {
	g, gctx := errgroup.WithContext(ctx)
	finished := make([]*journal.Undone, len(steps))
	for i := range steps {
		g.Go(func() error {
			result, err := u.one(gctx, &steps[i])
			durable.Crash("before-outcome")
			if err != nil {
				return err
			}
			finished[i] = result
			return u.writer.Record(result)
		})
	}
	err := g.Wait()
	for i, result := range finished {
		if result != nil {
			u.results[steps[i].id] = result
		}
	}
	if serr := u.writer.Sync(); serr != nil { // what the workers say then is the same
		return serr
	}
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// announce has the journal say what is about to be undone, and waits until that is on disk.
func (u *undo) announce(s *step) error {
	durable.Crash("before-intent")
	at := time.Now().UTC().Truncate(time.Millisecond)
	err := u.writer.Announce(nil, &journal.Undoing{Row: s.row, Record: s.record, At: at})
	durable.Crash("after-intent")
	return err
}
