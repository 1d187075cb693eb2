package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/importer"
)

type undoFlags struct {
	client clientFlags
	yes    bool
}

func newUndoCommand(a *app) *cobra.Command {
	var f undoFlags
	cmd := &cobra.Command{
		Use:   "undo RUN_DIR",
		Short: "Take back what a run did",
		Long: `Delete the records that a run created and nobody has changed since, put back the values that
it overwrote and nobody has changed since, and archive the options that it made (Attio cannot
delete those). Everything else is kept: undo.csv in the run directory says what became of each
record, and why. Deletion in Attio is final.

It says what it will do and asks, unless --yes is given. The key needs the scopes of import,
and to see whether somebody has built on a record: List entries, Notes, Tasks and User
management: Read.

` + exitCodesHelp(map[string]string{
			"1": "stopped by an error; another undo goes on",
			"3": "finished, but some records were kept: undo.csv says why",
			"4": "",
		}),
		Example:           "  attio-bulk undo attio-runs/20261122T093000Z-users-1f0c",
		Args:              one("RUN_DIR", seeRuns),
		ValidArgsFunction: completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), a, args[0])
		},
	}
	cmd.Flags().BoolVar(&f.yes, "yes", false, "do not ask")
	f.client.addWriting(cmd.Flags())
	return cmd
}

func (f *undoFlags) run(ctx context.Context, a *app, path string) error {
	p := newProgress(a.ui)
	client, err := f.client.open(p.event)
	if err != nil {
		return refused(err)
	}
	dir, err := importer.OpenRunDir(path)
	if err != nil {
		return startOfRun(err)
	}
	err = f.undo(ctx, a, importer.UndoOptions{Client: client, Dir: dir, Abort: a.abort, Progress: p.undone})
	p.done()
	return errors.Join(err, dir.Close())
}

func (f *undoFlags) undo(ctx context.Context, a *app, o importer.UndoOptions) error {
	path := o.Dir.Path()
	plan, err := importer.PlanUndo(o.Dir)
	if err != nil {
		return refused(err)
	}
	info, _, err := importer.LoadRun(path)
	if err != nil {
		return refused(err)
	}
	if o.Schema, err = readSchema(ctx, o.Client, info.Object, undoScopes(plan)...); err != nil {
		return err
	}
	a.say("%s in workspace %q: %s", path, o.Schema.Self.WorkspaceName, intention(plan, f.client.writeRate))
	if err := f.confirm(ctx, a); err != nil {
		return refused(err)
	}
	summary, err := importer.Undo(ctx, o)
	if a.json {
		if perr := a.printJSON(struct {
			RunDir string `json:"run_dir"`
			importer.UndoSummary
		}{path, summary}); perr != nil && !closedPipe(perr) {
			err = errors.Join(err, perr)
		}
	}
	switch {
	case err == nil:
		a.say("%s", undone(summary.Counts))
	case len(summary.Counts) > 0:
		a.say("%s so far", undone(summary.Counts))
	}
	if err == nil || len(summary.Counts) > 0 {
		a.say("report: %s", filepath.Join(path, "undo.csv"))
	}
	if err != nil {
		a.fail(err)
		a.hint(hints(err)...)
		a.hint("to continue: " + quoted("attio-bulk", "undo", path))
		return &exit{code: exitCode(err)}
	}
	if summary.ExitCode != 0 {
		return &exit{code: summary.ExitCode}
	}
	return nil
}

// undoScopes are what the plan needs: a record is deleted only where it is known that nothing hangs on it.
func undoScopes(p importer.UndoPlan) []string {
	scopes := []string{scopeWriteRecords, scopeReadObjects}
	if p.Archive > 0 {
		scopes = append(scopes, scopeWriteObjects)
	}
	if p.Delete > 0 {
		scopes = append(scopes, scopeReadEntries, scopeReadNotes, scopeReadTasks, scopeReadMembers)
	}
	return scopes
}

// intention is what an undo is about to do, and how long that takes at a rate of writes a second.
func intention(p importer.UndoPlan, rate float64) string {
	var parts []string
	for _, step := range []struct {
		n          int
		verb, noun string
	}{{p.Delete, "delete", "record"}, {p.Restore, "put back", "record"}, {p.Archive, "archive", "option"}} {
		if step.n > 0 {
			parts = append(parts, step.verb+" "+count(step.n, step.noun))
		}
	}
	text := "there is nothing to undo"
	if all := p.Delete + p.Restore + p.Archive; all > 0 {
		text = "will " + strings.Join(parts, ", ")
		if p.Done > 0 {
			text += fmt.Sprintf(" (%s done already)", grouped(int64(p.Done)))
		}
		takes := time.Duration(float64(all-p.Done) / cmp.Or(rate, attiosWrites) * float64(time.Second))
		text += ", in about " + remaining(max(time.Second, takes))
		text += "; what somebody has changed since is kept"
	}
	if p.Unknown > 0 {
		text += fmt.Sprintf("; the outcome of %s is unknown: resume finds it out", count(p.Unknown, "more row"))
	}
	return text
}

// attiosWrites is how many writes a second Attio allows.
const attiosWrites = 25

// undone is what came of an undo, in a fixed order.
func undone(counts map[string]int) string {
	var parts []string
	for _, result := range []string{importer.UndoDeleted, importer.UndoRestored, importer.UndoArchived, importer.UndoKept,
		importer.UndoGone, importer.UndoFailed} {
		if n := counts[result]; n > 0 {
			parts = append(parts, grouped(int64(n))+" "+result)
		}
	}
	if parts == nil {
		return "nothing was left to undo"
	}
	return strings.Join(parts, ", ")
}

// confirm asks. Where nobody can answer, only --yes goes on.
func (f *undoFlags) confirm(ctx context.Context, a *app) error {
	if f.yes {
		return nil
	}
	answer, err := a.ask(ctx, `Deletion in Attio is final. Type "yes" to continue:`)
	switch {
	case errors.Is(err, errNobody):
		return errors.New("deletion in Attio is final, and nobody can be asked here: add --yes")
	case err == nil && answer != "yes":
		return errors.New("nothing was done")
	}
	return err
}
