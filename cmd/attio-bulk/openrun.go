package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// openRun is a run of the past that resume, verify or undo works with.
type openRun struct {
	*app
	client   *attio.Client
	dir      *journal.Dir // held
	path     string       // of dir
	info     journal.Info
	last     *journal.Summary // nil where no session came to its end
	progress *progress
}

// runCommand is the command that help/NAME.txt describes, about one RUN_DIR.
func (f *clientFlags) runCommand(a *app, name string, do func(context.Context, *openRun) error) *cobra.Command {
	cmd := a.command(name, one("RUN_DIR", "to see the runs in attio-runs: attio-bulk runs"),
		func(ctx context.Context, a *app, args []string) (err error) {
			r := &openRun{app: a, path: args[0], progress: newProgress(a.ui)}
			defer r.progress.done()
			if r.client, err = f.open(r.progress.event); err != nil {
				return refused(err)
			}
			if r.dir, err = journal.Open(r.path); err != nil {
				return startError(err)
			}
			if r.info, r.last, err = journal.Load(r.path); err == nil {
				err = do(ctx, r)
			} else {
				err = refused(err)
			}
			return errors.Join(err, r.dir.Close())
		})
	cmd.ValidArgsFunction = firstArg(completeRuns)
	return cmd
}
