package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
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
	cmd := f.client.runCommand(a, "undo", f.run)
	cmd.Flags().BoolVar(&f.yes, "yes", false, "")
	f.client.addWriting(cmd.Flags())
	return cmd
}

func (f *undoFlags) run(ctx context.Context, r *openRun) error {
	plan, err := undo.PlanOf(r.path)
	if err != nil {
		return refused(err)
	}
	if plan.Begun && plan.Left() == 0 {
		if err := undo.Rebuild(r.dir); err != nil { // the undo before may have been killed before its report
			return err
		}
		return tellUndo(r, "nothing is left to undo; an earlier undo: ", plan.Earlier, nil)
	}
	schema, err := readSchema(ctx, r.client, r.info.Object, undoScopes(plan)...)
	if err != nil {
		return err
	}
	r.say("%s in workspace %q: %s", r.path, schema.Self.WorkspaceName, intention(plan, f.client.writeRate))
	if err := f.confirm(ctx, r.app); err != nil {
		return refused(err)
	}
	summary, err := undo.Run(ctx, r.client, r.dir,
		undo.Options{Schema: schema, Abort: r.abort, Progress: r.progress.undone})
	r.progress.done()
	return tellUndo(r, "", summary, err)
}

// tellUndo says what came of an undo, and gives the error that carries its exit code. cause is why it stopped early.
func tellUndo(r *openRun, lead string, s undo.Summary, cause error) error {
	cause = errors.Join(cause, r.result(struct {
		RunDir string `json:"run_dir"`
		undo.Summary
	}{r.path, s}))
	soFar := ""
	if cause != nil {
		soFar = " so far"
	}
	if cause == nil || len(s.Counts) > 0 {
		r.say("%s%s%s", lead, undone(s.Counts), soFar)
		r.say("report: %s", filepath.Join(r.path, undo.File))
	}
	if cause == nil {
		return exitWith(s.ExitCode)
	}
	r.explain(cause)
	r.hint("to continue: " + quoted("attio-bulk", "undo", r.path))
	return exitWith(exitCode(cause))
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
	var parts list
	for _, object := range slices.Sorted(maps.Keys(objects)) {
		parts.add(objects[object], grouped(int64(objects[object]))+" of "+object)
	}
	return " (" + parts.String() + ")"
}

// intention is what an undo is about to do, and how long that takes at a rate of writes a second.
func intention(p undo.Plan, rate float64) string {
	var parts list
	parts.add(p.Delete, "delete "+count(p.Delete, "record")+byObject(p.Objects))
	parts.add(p.Restore, "put back "+count(p.Restore, "record"))
	parts.add(p.Archive, "archive "+count(p.Archive, "option"))
	text := "there is nothing to undo"
	if all := p.Delete + p.Restore + p.Archive; all > 0 {
		text = "will " + parts.String()
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
	var parts list
	for _, result := range []string{journal.UndoDeleted, journal.UndoRestored, journal.UndoArchived, journal.UndoKept,
		journal.UndoGone, journal.UndoFailed} {
		parts.add(counts[result], grouped(int64(counts[result]))+" "+result)
	}
	return cmp.Or(parts.String(), "nothing was left to undo")
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
	case err == nil && answer != "yes", errors.Is(err, io.EOF):
		return errors.New("nothing was done")
	}
	return err
}
