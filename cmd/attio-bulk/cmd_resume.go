package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

type resumeFlags struct {
	client clientFlags
	input  string
	retry  []string

	maxRejects     string
	workers, limit int
}

func newResumeCommand(a *app) *cobra.Command {
	var f resumeFlags
	cmd := &cobra.Command{
		Use:   "resume RUN_DIR",
		Short: "Go on with an interrupted or partly failed import",
		Long: `Go on with an import exactly where it stopped. Rows whose write was sent and never answered
are looked up first; the input must be the same file. A run that is finished sends nothing and
gives its own exit code.

` + exitCodesHelp(map[string]string{"4": "finished, but the outcome of some rows is unknown"}),
		Example: `  attio-bulk resume attio-runs/20261122T093000Z-users-1f0c
  attio-bulk resume attio-runs/20261122T093000Z-users-1f0c --retry unknown
  attio-bulk resume attio-runs/20261122T093000Z-users-1f0c --input moved/users.csv`,
		Args:              one("RUN_DIR", seeRuns),
		ValidArgsFunction: completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), a, args[0])
		},
	}
	cmd.Flags().StringVar(&f.input, "input", "", "where the input `FILE` is now (default where it was)")
	cmd.Flags().StringSliceVar(&f.retry, "retry", nil, "try rows again that ended as `KIND`: rejected or unknown")
	cmd.Flags().IntVar(&f.workers, "workers", 0, "at most `N` calls in flight (default as many as the latency needs)")
	cmd.Flags().IntVar(&f.limit, "limit", 0, "import up to row `N` of the file only (default all)")
	cmd.Flags().StringVar(&f.maxRejects, "max-rejects", "",
		"stop once more than `N|N%` rows of the run are rejected (default as the import was told; 100% for no bound)")
	completeFlag(cmd, "retry", completeWords("rejected", "unknown"))
	f.client.addWriting(cmd.Flags())
	return cmd
}

func (f *resumeFlags) run(ctx context.Context, a *app, path string) error {
	retry := make([]importer.Action, len(f.retry))
	for i, r := range f.retry {
		if retry[i] = importer.Action(r); retry[i] != importer.Rejected && retry[i] != importer.Unknown {
			return refused(fmt.Errorf("--retry %q is neither rejected nor unknown", r))
		}
	}
	rejects, err := parseMaxRejects(f.maxRejects)
	if err != nil {
		return refused(err)
	}
	p := newProgress(a.ui)
	client, err := f.client.open(p.event)
	if err != nil {
		return refused(err)
	}
	dir, err := journal.Open(path)
	if err != nil {
		return startOfRun(err)
	}
	err = f.resume(ctx, a, importer.ResumeOptions{
		Client: client, Dir: dir, Input: f.input, Retry: retry, Workers: f.workers, Limit: f.limit, MaxRejects: rejects,
		Abort:    a.abort,
		Progress: p.update, Notice: func(text string) { a.say("%s", text) },
	}, p)
	return errors.Join(err, dir.Close())
}

func (f *resumeFlags) resume(ctx context.Context, a *app, o importer.ResumeOptions, p *progress) error {
	info, last, err := journal.Load(o.Dir.Path())
	if err != nil {
		return refused(err)
	}
	done := last != nil && last.Finished && len(o.Retry) == 0
	if info.DryRun { // Resume says so, and asks nothing of Attio
	} else if done {
		a.say("this run is finished: nothing is left to do")
		if undo, rest := afterUndo(o.Dir.Path(), info, *last); undo != "" {
			a.warn("undo has taken it back since: %s", undo)
			a.hint(rest...)
		}
	} else if o.Schema, err = readSchema(ctx, o.Client, info.Object, scopeWriteRecords, scopeReadObjects); err != nil {
		return err
	}
	release := ballast()
	summary, err := importer.Resume(ctx, o)
	release()
	p.done()
	if summary.Schema == 0 { // nothing was begun: the input or the run directory is not what it was
		return startError(moved(err, "resume", o.Dir.Path()))
	}
	next := nextOf(o.Dir.Path(), info)
	next.total = p.total
	return a.closeRun(summary, next, err)
}
