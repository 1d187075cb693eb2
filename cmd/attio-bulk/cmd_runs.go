package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/undo"
)

type runsFlags struct {
	rebuild bool
	input   string
}

func newRunsCommand(a *app) *cobra.Command {
	var f runsFlags
	cmd := a.command("runs", cobra.MaximumNArgs(1), f.run)
	cmd.ValidArgsFunction = firstArg(completeRuns)
	cmd.Flags().BoolVar(&f.rebuild, "rebuild", false, "")
	cmd.Flags().StringVar(&f.input, "input", "", "")
	addOutputFlags(cmd.Flags())
	return cmd
}

func (f *runsFlags) run(ctx context.Context, a *app, args []string) error {
	switch {
	case len(args) == 0 && f.rebuild:
		return refused(errors.New("--rebuild goes with a run directory"))
	case len(args) == 0:
		return listRuns(a, journal.RunsFolder, knownRuns())
	case f.rebuild:
		if err := f.rebuildRun(ctx, a, args[0]); err != nil {
			return err
		}
	}
	if runs := heldRuns(args[0]); len(runs) > 0 {
		return listRuns(a, args[0], runs)
	}
	return showRun(a, args[0])
}

// heldRuns are the run directories in a folder that is none itself.
func heldRuns(folder string) []string {
	if isRun(folder) {
		return nil
	}
	runs, _ := runsIn(folder) // what cannot be read holds none
	return slices.DeleteFunc(runs, func(dir string) bool { return !isRun(dir) })
}

func isRun(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "run.json"))
	return err == nil
}

// pastRun is a run directory as far as its files tell.
type pastRun struct {
	Dir     string           `json:"dir"`
	State   string           `json:"state"` // running, interrupted, stopped, finished, dry run
	Info    journal.Info     `json:"run"`
	Summary *journal.Summary `json:"summary"` // null where the run never came to its end
}

func loadPastRun(dir string) (r pastRun, err error) {
	r.Dir = dir
	if r.Info, r.Summary, err = journal.Load(dir); err != nil {
		return r, err
	}
	undone := undoneBy(dir)
	switch {
	case journal.Held(dir):
		r.State = "running"
	case r.Summary == nil:
		r.State = "interrupted"
	case r.Summary.DryRun:
		r.State = "dry run"
	case undone != "":
		r.State = undone
	case r.Summary.Finished:
		r.State = "finished"
	default:
		r.State = "stopped"
	}
	return r, nil
}

// undoneBy says that undo has reverted a run, or a part of it, as its report shows; "" where it has not.
func undoneBy(dir string) string {
	rows, _ := readTable(filepath.Join(dir, undo.File)) // none: no undo came to its end
	state := ""
	for _, row := range rows {
		switch row["result"] {
		case journal.UndoKept, journal.UndoFailed:
			return "undone in part"
		case journal.UndoDeleted, journal.UndoRestored, journal.UndoArchived:
			state = "undone"
		}
	}
	return state
}

// fresh has a run whose last session did not come to its end counted by its journal: its summary is of an earlier one.
func (r *pastRun) fresh() error {
	h, err := journal.ReadHistory(r.Dir, &r.Info, nil, nil)
	if err != nil || !h.Killed {
		return err
	}
	s := h.Summary(&r.Info, h.Counts.Read+1, 0)
	if s.Input.Path = r.Info.Input.Path; r.State == "running" {
		s.Reason = ""
	} else {
		r.State = "interrupted"
	}
	r.Summary = &s
	return nil
}

// listRuns lists runs, the newest first. where is where they were looked for.
func listRuns(a *app, where string, folders []string) error {
	runs, rows := []pastRun{}, [][]any{}
	for _, dir := range folders {
		r, err := loadPastRun(dir)
		if err != nil {
			a.warn("%v", err)
			continue
		}
		runs = append(runs, r)
	}
	slices.SortStableFunc(runs, func(x, y pastRun) int { return y.Info.CreatedAt.Compare(x.Info.CreatedAt) })
	for _, r := range runs {
		words := "-"
		if r.Summary != nil {
			c := r.Summary.Rows
			words = fmt.Sprintf("%d read, %d created, %d updated, %d conflict, %d rejected, %d unknown", c.Read, c.Created,
				c.Updated, c.Conflict, c.Rejected, c.Unknown)
		}
		rows = append(rows, []any{r.Dir, r.State, r.Info.Object, r.Info.Mode, r.Info.Input.Path, words})
	}
	if a.json {
		return a.printJSON(runs)
	}
	if len(runs) == 0 {
		a.say("there are no runs in %s", where)
		return nil
	}
	return a.list(rows, "RUN", "STATE", "OBJECT", "MODE", "INPUT", "ROWS")
}

// rebuildRun makes the reports of a run anew.
func (f *runsFlags) rebuildRun(ctx context.Context, a *app, path string) error {
	dir, err := journal.Open(path)
	if err != nil {
		return startError(err)
	}
	_, err = importer.Rebuild(ctx, dir, f.input)
	if err = errors.Join(err, dir.Close()); err == nil {
		a.say("made the reports of %s anew", path)
	}
	return refused(moved(err, "runs", path, "--rebuild"))
}

func showRun(a *app, dir string) error {
	r, err := loadPastRun(dir)
	if err == nil {
		err = r.fresh()
	}
	if err != nil {
		return refused(err)
	}
	if a.json {
		return a.printJSON(r)
	}
	var next []string
	text := fmt.Sprintf("%s: %s\n%s %s into %s of workspace %s, begun %s\n", dir, r.State, r.Info.Mode, r.Info.Input.Path,
		r.Info.Object, r.Info.WorkspaceSlug, r.Info.CreatedAt.Format("2006-01-02 15:04:05 UTC"))
	if r.Summary == nil {
		next = []string{"to continue where it stopped: " + quoted("attio-bulk", "resume", dir)}
	} else {
		text += fmt.Sprintf("%s\n%s\n", accounts(*r.Summary, 0), effort(*r.Summary))
		if r.State != "running" { // else what to do next is for that process to say
			var done string
			if done, next = afterUndo(dir, r.Info, *r.Summary); done != "" {
				text += "undo: " + done + "\n"
			}
			for _, name := range reportFiles(dir) {
				text += filepath.Join(dir, name) + "\n"
			}
		}
	}
	if _, err := io.WriteString(a.out, text); err != nil {
		return err
	}
	a.hint(next...)
	return nil
}

// afterUndo is what came of undos of a run, "" where there was none, and what to type next.
func afterUndo(dir string, info journal.Info, s journal.Summary) (done string, next []string) {
	var p undo.Plan
	if !s.DryRun {
		p, _ = undo.PlanOf(dir) // a journal that cannot be read is told of by the command that needs it
	}
	switch {
	case p.Begun && p.Left() > 0:
		return undone(p.Earlier.Counts),
			[]string{"undo has reverted part of this run; to undo the rest: " + quoted("attio-bulk", "undo", dir)}
	case len(p.Earlier.Counts) > 0:
		return undone(p.Earlier.Counts), nil
	}
	return "", nextOf(dir, info).hints(s)
}

// nextOf is what may come after a run that another process began: its flags as its run.json has them.
func nextOf(dir string, info journal.Info) nextSteps {
	n := nextSteps{dir: dir, path: info.Input.Path, mapping: info.Mapping,
		given: []string{"--object=" + info.Object, "--mode=" + string(info.Mode)}}
	if info.Match != "" {
		n.given = append(n.given, "--match="+info.Match)
	}
	n.given = append(n.given, pins(info.Dialect)...)
	if info.RequireUnique {
		n.given = append(n.given, "--require-unique")
	}
	if info.Spreadsheet {
		n.given = append(n.given, "--for-spreadsheet")
	}
	return n
}
