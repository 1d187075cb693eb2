package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/importer"
)

func newRunsCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "runs [RUN_DIR]",
		Short: "List past runs, or show one",
		Long: `List the runs in attio-runs, the newest first, or show one: what it imported, its accounts,
its reports, and what to type next. Needs no key and no network.`,
		Example: `  attio-bulk runs
  attio-bulk runs attio-runs/20261122T093000Z-users-1f0c
  attio-bulk runs --json`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeRuns,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return showRun(a, args[0])
			}
			return listRuns(a)
		},
	}
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
	if r.Info, r.Summary, err = importer.LoadRun(dir); err != nil {
		return r, err
	}
	r.State = r.state()
	return r, nil
}

func (r *pastRun) state() string {
	var busy *importer.Busy
	d, err := importer.OpenRunDir(r.Dir)
	switch {
	case errors.As(err, &busy):
		return "running"
	case err == nil:
		_ = d.Close() // it was only asked whether somebody holds it
	}
	switch {
	case r.Summary == nil:
		return "interrupted"
	case r.Summary.DryRun:
		return "dry run"
	case r.Summary.Finished:
		return "finished"
	default:
		return "stopped"
	}
}

func listRuns(a *app) error {
	entries, err := os.ReadDir(importer.RunsFolder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	runs := []pastRun{}
	for _, e := range slices.Backward(entries) { // names begin with the time
		if !e.IsDir() {
			continue
		}
		r, err := loadPastRun(filepath.Join(importer.RunsFolder, e.Name()))
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
		a.say("there are no runs in %s", importer.RunsFolder)
		return nil
	}
	return a.table(func(w *tabwriter.Writer) {
		fmt.Fprintln(w, "RUN\tSTATE\tOBJECT\tMODE\tINPUT\tROWS")
		for _, r := range runs {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Dir, r.State, r.Info.Object, r.Info.Mode, r.Info.Input.Path, r.rows())
		}
	})
}

// rows is the accounts of a run in a few words.
func (r *pastRun) rows() string {
	if r.Summary == nil {
		return "-"
	}
	c := r.Summary.Rows
	return fmt.Sprintf("%d read, %d created, %d updated, %d conflict, %d rejected, %d unknown", c.Read, c.Created, c.Updated, c.Conflict, c.Rejected, c.Unknown)
}

func showRun(a *app, dir string) error {
	r, err := loadPastRun(dir)
	if err != nil {
		return refused(err)
	}
	if a.json {
		return a.printJSON(r)
	}
	if _, err := fmt.Fprintf(a.out, "%s: %s\n%s %s into %s of workspace %s, begun %s\n", dir, r.State,
		r.Info.Mode, r.Info.Input.Path, r.Info.Object, r.Info.WorkspaceSlug, r.Info.CreatedAt.Format("2006-01-02 15:04:05 UTC")); err != nil {
		return err
	}
	if r.Summary == nil {
		a.hint("to go on where it stopped: " + quoted("attio-bulk", "resume", dir))
		return nil
	}
	if _, err := fmt.Fprintf(a.out, "%s\n%s\n", accounts(*r.Summary), effort(*r.Summary)); err != nil {
		return err
	}
	for _, name := range reportFiles(dir) {
		if _, err := fmt.Fprintln(a.out, filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	a.hint(nextOf(dir, r.Info).hints(*r.Summary)...)
	return nil
}

// nextOf is what may come after a run that another process began: its flags as its run.json has them.
func nextOf(dir string, info importer.RunInfo) nextSteps {
	n := nextSteps{dir: dir, path: info.Input.Path, mapping: info.Mapping, given: []string{"--object=" + info.Object, "--mode=" + string(info.Mode)}}
	for _, f := range []struct{ name, value string }{
		{"match", info.Match}, {"format", info.Format}, {"delimiter", info.Delimiter}, {"encoding", info.Encoding}, {"sheet", info.Sheet},
	} {
		if f.value != "" {
			n.given = append(n.given, "--"+f.name+"="+f.value)
		}
	}
	return n
}

// completeRuns offers the run directories, the newest first.
func completeRuns(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	entries, err := os.ReadDir(importer.RunsFolder)
	if err != nil {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var out []string
	for _, e := range slices.Backward(entries) {
		if e.IsDir() {
			out = append(out, filepath.Join(importer.RunsFolder, e.Name()))
		}
	}
	return out, cobra.ShellCompDirectiveDefault
}
