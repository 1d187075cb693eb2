package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

type resumeFlags struct {
	client     clientFlags
	retry      []string
	maxRejects string
	o          importer.ResumeOptions // what the flags say of them
}

func newResumeCommand(a *app) *cobra.Command {
	var f resumeFlags
	cmd := f.client.runCommand(a, "resume", f.run)
	cmd.PreRunE = func(*cobra.Command, []string) error { return refused(f.check()) }
	flags := cmd.Flags()
	flags.StringVar(&f.o.Input, "input", "", "")
	flags.StringSliceVar(&f.retry, "retry", nil, "")
	flags.IntVar(&f.o.Workers, "workers", 0, "")
	flags.IntVar(&f.o.Limit, "limit", 0, "")
	flags.StringVar(&f.maxRejects, "max-rejects", "", "")
	completeFlag(cmd, "retry", completeWords("rejected", "unknown"))
	f.client.addWriting(flags)
	return cmd
}

// check looks at the flags by themselves.
func (f *resumeFlags) check() (err error) {
	for _, r := range f.retry {
		action := journal.Action(r)
		if action != journal.Rejected && action != journal.Unknown {
			return fmt.Errorf("--retry %q is neither rejected nor unknown", r)
		}
		f.o.Retry = append(f.o.Retry, action)
	}
	f.o.MaxRejects, err = parseMaxRejects(f.maxRejects)
	return err
}

func (f *resumeFlags) run(ctx context.Context, r *openRun) (err error) {
	o := f.o
	next := nextOf(r.path, r.info)
	next.shown.file = next.path
	o.Abort, o.Progress, o.Notice, o.NotSent = r.abort, r.progress.update, r.notice, next.shown.add
	done := r.last != nil && r.last.Finished && len(o.Retry) == 0
	if r.info.DryRun { // Resume says so, and asks nothing of Attio
	} else if done {
		r.say("this run is finished: nothing is left to do")
		if undo, rest := afterUndo(r.path, r.info, *r.last); undo != "" {
			r.warn("undo has taken it back since: %s", undo)
			r.hint(rest...)
		}
	} else if o.Schema, err = readSchema(ctx, r.client, r.info.Object, scopeWriteRecords, scopeReadObjects); err != nil {
		return err
	}
	release := ballast()
	defer release()
	summary, err := importer.Resume(ctx, r.client, r.dir, o)
	r.progress.done()
	switch {
	case r.info.DryRun:
		return refused(withHints(err, "to import the file, run the import again without --dry-run"))
	case summary.Schema == 0: // nothing was begun: the input or the run directory is not what it was
		return startError(moved(err, "resume", r.path))
	}
	next.total = r.progress.total
	return r.closeRun(summary, next, err)
}
