package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/undo"
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
	dir, err := journal.Open(path)
	if err != nil {
		return startOfRun(err)
	}
	err = f.undo(ctx, a, undo.Options{Client: client, Dir: dir, Abort: a.abort, Progress: p.undone})
	p.done()
	return errors.Join(err, dir.Close())
}

func (f *undoFlags) undo(ctx context.Context, a *app, o undo.Options) error {
	path := o.Dir.Path()
	plan, err := undo.PlanOf(o.Dir.Path())
	if err != nil {
		return refused(err)
	}
	if plan.Begun && plan.Left() == 0 {
		if err := undo.Rebuild(o.Dir); err != nil { // the undo before may have been killed before its report
			return err
		}
		return f.nothingLeft(a, path, plan)
	}
	info, _, err := journal.Load(path)
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
	summary, err := undo.Run(ctx, o)
	err = errors.Join(err, f.print(a, path, summary))
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

// print prints the result as JSON, where that is asked for.
func (f *undoFlags) print(a *app, path string, s undo.Summary) error {
	if !a.json {
		return nil
	}
	err := a.printJSON(struct {
		RunDir string `json:"run_dir"`
		undo.Summary
	}{path, s})
	if closedPipe(err) {
		return nil
	}
	return err
}

// nothingLeft says that earlier undos have dealt with everything.
func (f *undoFlags) nothingLeft(a *app, path string, p undo.Plan) error {
	a.say("nothing is left to undo; an earlier undo: %s", undone(p.Earlier.Counts))
	a.say("report: %s", filepath.Join(path, undo.File))
	if err := f.print(a, path, p.Earlier); err != nil {
		return err
	}
	if p.Earlier.ExitCode != 0 {
		return &exit{code: p.Earlier.ExitCode}
	}
	return nil
}

// undoScopes are what the plan needs: a record is deleted only where it is known that nothing hangs on it.
func undoScopes(p undo.Plan) []string {
	scopes := []string{scopeWriteRecords, scopeReadObjects}
	if p.Archive > 0 {
		scopes = append(scopes, scopeWriteObjects)
	}
	if p.Delete > 0 {
		scopes = append(scopes, scopeReadEntries, scopeReadNotes, scopeReadTasks, scopeReadMembers)
	}
	return scopes
}

// byObject names the objects of records, with the number of each, where there are several.
func byObject(objects map[string]int) string {
	if len(objects) < 2 {
		return ""
	}
	var parts []string
	for _, object := range slices.Sorted(maps.Keys(objects)) {
		parts = append(parts, fmt.Sprintf("%s of %s", grouped(int64(objects[object])), object))
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// intention is what an undo is about to do, and how long that takes at a rate of writes a second.
func intention(p undo.Plan, rate float64) string {
	var parts []string
	for _, step := range []struct {
		n          int
		verb, what string
	}{
		{p.Delete, "delete", count(p.Delete, "record") + byObject(p.Objects)},
		{p.Restore, "put back", count(p.Restore, "record")},
		{p.Archive, "archive", count(p.Archive, "option")},
	} {
		if step.n > 0 {
			parts = append(parts, step.verb+" "+step.what)
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
	for _, result := range []string{journal.UndoDeleted, journal.UndoRestored, journal.UndoArchived, journal.UndoKept,
		journal.UndoGone, journal.UndoFailed} {
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
