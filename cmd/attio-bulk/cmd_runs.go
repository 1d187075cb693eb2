package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/undo"
)

func newRunsCommand(a *app) *cobra.Command {
	var rebuild bool
	var input string
	cmd := &cobra.Command{
		Use:   "runs [RUN_DIR]",
		Short: "List past runs, or show one",
		Long: `List the runs in attio-runs, the newest first, or show one: what it imported, its accounts,
its reports, and what to type next. Needs no key and no network.

--rebuild makes a run's reports anew from its journal and its input.`,
		Example: `  attio-bulk runs
  attio-bulk runs attio-runs/20261122T093000Z-users-1f0c
  attio-bulk runs attio-runs/20261122T093000Z-users-1f0c --rebuild
  attio-bulk runs --json`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) == 1 && rebuild:
				if err := rebuildRun(cmd.Context(), a, args[0], input); err != nil {
					return err
				}
				return showRun(a, args[0])
			case len(args) == 1:
				return showRun(a, args[0])
			case rebuild:
				return refused(errors.New("--rebuild goes with a run directory"))
			}
			return listRuns(a)
		},
	}
	cmd.Flags().BoolVar(&rebuild, "rebuild", false, "make the reports anew from the journal and the input")
	cmd.Flags().StringVar(&input, "input", "", "with --rebuild: where the input `FILE` is now (default where it was)")
	addOutputFlags(cmd.Flags())
	return cmd
}

// pastRun is a run directory as far as its files tell.
type pastRun struct {
	Dir     string            `json:"dir"`
	State   string            `json:"state"` // running, interrupted, stopped, finished, dry run
	Info    importer.RunInfo  `json:"run"`
	Summary *importer.Summary `json:"summary"` // null where the run never came to its end
}

func loadPastRun(dir string) (pastRun, error) {
	r := pastRun{Dir: dir}
	var err error
	if r.Info, r.Summary, err = journal.Load(dir); err != nil {
		return r, err
	}
	r.State = r.state()
	return r, nil
}

func (r *pastRun) state() string {
	if journal.Held(r.Dir) {
		return "running"
	}
	switch {
	case r.Summary == nil:
		return "interrupted"
	case r.Summary.DryRun:
		return "dry run"
	case undoneBy(r.Dir) != "":
		return undoneBy(r.Dir)
	case r.Summary.Finished:
		return "finished"
	default:
		return "stopped"
	}
}

// undoneBy says that undo has reverted a run, or a part of it, as its report shows; "" where it has not.
func undoneBy(dir string) string {
	rows, err := readTable(filepath.Join(dir, undo.File))
	if err != nil {
		return "" // no undo came to its end
	}
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

func listRuns(a *app) error {
	entries, err := os.ReadDir(journal.RunsFolder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	runs := []pastRun{}
	for _, e := range slices.Backward(entries) { // names begin with the time
		if !e.IsDir() {
			continue
		}
		r, err := loadPastRun(filepath.Join(journal.RunsFolder, e.Name()))
		if err != nil {
			a.warn("%v", err)
			continue
		}
		runs = append(runs, r)
	}
	if a.json {
		return a.printJSON(runs)
	}
	if len(runs) == 0 {
		a.say("there are no runs in %s", journal.RunsFolder)
		return nil
	}
	rows := make([][]any, len(runs))
	for i, r := range runs {
		rows[i] = []any{r.Dir, r.State, r.Info.Object, r.Info.Mode, r.Info.Input.Path, r.rows()}
	}
	return a.list(rows, "RUN", "STATE", "OBJECT", "MODE", "INPUT", "ROWS")
}

// rows is the accounts of a run in a few words.
func (r *pastRun) rows() string {
	if r.Summary == nil {
		return "-"
	}
	c := r.Summary.Rows
	return fmt.Sprintf("%d read, %d created, %d updated, %d conflict, %d rejected, %d unknown", c.Read, c.Created,
		c.Updated, c.Conflict, c.Rejected, c.Unknown)
}

// rebuildRun makes the reports of a run anew.
func rebuildRun(ctx context.Context, a *app, path, input string) error {
	dir, err := journal.Open(path)
	if err != nil {
		return startOfRun(err)
	}
	_, err = importer.Rebuild(ctx, importer.ResumeOptions{Dir: dir, Input: input})
	if err = errors.Join(err, dir.Close()); err != nil {
		return refused(moved(err, "runs", path, "--rebuild"))
	}
	a.say("made the reports of %s anew", path)
	return nil
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
	if _, err := fmt.Fprintf(a.out, "%s: %s\n%s %s into %s of workspace %s, begun %s\n", dir, r.State,
		r.Info.Mode, r.Info.Input.Path, r.Info.Object, r.Info.WorkspaceSlug,
		r.Info.CreatedAt.Format("2006-01-02 15:04:05 UTC")); err != nil {
		return err
	}
	if r.Summary == nil {
		a.hint("to continue where it stopped: " + quoted("attio-bulk", "resume", dir))
		return nil
	}
	if _, err := fmt.Fprintf(a.out, "%s\n%s\n", accounts(*r.Summary, 0), effort(*r.Summary)); err != nil {
		return err
	}
	if r.State == "running" {
		return nil // what to do next is for that process to say
	}
	done, next := afterUndo(dir, r.Info, *r.Summary)
	if done != "" {
		if _, err := fmt.Fprintf(a.out, "undo: %s\n", done); err != nil {
			return err
		}
	}
	for _, name := range reportFiles(dir) {
		if _, err := fmt.Fprintln(a.out, filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	a.hint(next...)
	return nil
}

// afterUndo is what came of undos of a run, "" where there was none, and what to type next.
func afterUndo(dir string, info importer.RunInfo, s importer.Summary) (done string, next []string) {
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
func nextOf(dir string, info importer.RunInfo) nextSteps {
	n := nextSteps{dir: dir, path: info.Input.Path, mapping: info.Mapping,
		given: []string{"--object=" + info.Object, "--mode=" + string(info.Mode)}}
	for _, f := range []struct{ name, value string }{
		{"match", info.Match}, {"format", info.Format}, {"delimiter", info.Delimiter}, {"encoding", info.Encoding},
		{"sheet", info.Sheet},
	} {
		if f.value != "" {
			n.given = append(n.given, "--"+f.name+"="+f.value)
		}
	}
	if info.Spreadsheet {
		n.given = append(n.given, "--for-spreadsheet")
	}
	return n
}

// completeRuns offers the run directories, the newest first.
func completeRuns(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	entries, err := os.ReadDir(journal.RunsFolder)
	if err != nil {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var out []string
	for _, e := range slices.Backward(entries) {
		if e.IsDir() {
			out = append(out, filepath.Join(journal.RunsFolder, e.Name()))
		}
	}
	return out, cobra.ShellCompDirectiveDefault
}
