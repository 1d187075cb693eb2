package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// ResumeOptions say how to go on with a run. Client, Dir and, where rows are left, Schema are required.
type ResumeOptions struct {
	Client  *attio.Client
	Schema  *attio.Schema // of the run's object, read anew
	Dir     *RunDir
	Input   string   // where the file is now; "" for where it was
	Retry   []Action // rows that ended so are tried again: Rejected, Unknown
	Workers int
	Limit   int // rows in all from here on; 0 for all
	// MaxRejects is the bound from here on; where it is not set, the run's own.
	MaxRejects MaxRejects
	Abort      context.Context
	Progress   func(Progress)
	Notice     func(string)
}

// Changed says that something is no longer what the run was begun with.
type Changed struct {
	What, Was, Is string
	Run           string // the run's directory, where it is the input that changed
	Workspace     string // the run's workspace, where the key is of another
}

func (c *Changed) Error() string {
	return fmt.Sprintf("%s has changed since the run began: it was %s and is %s", c.What, c.Was, c.Is)
}

// Resume goes on with a run where it stopped. One that is finished sends nothing and returns its summary. Errors are
// those of Run, *Changed, *DirError for a dry run, *JournalError.
func Resume(ctx context.Context, o ResumeOptions) (Summary, error) {
	info, last, err := LoadRun(o.Dir.Path())
	if err != nil {
		return Summary{}, err
	}
	if info.DryRun {
		return Summary{}, &DirError{o.Dir.Path(), "was a dry run: there is nothing to go on with; run the import without --dry-run"}
	}
	if err := beginJournal(o.Dir, info); err != nil {
		return Summary{}, err
	}
	p, err := readPast(o.Dir.File(journalFile), o.Retry)
	if err != nil {
		return Summary{}, err
	}
	if err := checkHead(info, p.head); err != nil {
		return Summary{}, err
	}
	if last != nil && last.Finished && len(p.reopened) == 0 {
		return *last, nil
	}
	if err := notTakenBack(o.Dir); err != nil {
		return Summary{}, err
	}
	in, survey, err := reopen(ctx, o, info)
	if err != nil {
		return Summary{}, err
	}
	plan, unfit := rebind(o.Schema, info, survey)
	var onlySettle *attio.Object
	if unfit != nil {
		if plan, onlySettle, err = planOfThen(&o, info, p, survey, unfit); err != nil {
			return Summary{}, err
		}
	}
	differ, err := compareSuspects(ctx, o, p, plan, in)
	if err != nil {
		return Summary{}, err
	}
	if err := unfinish(o.Dir, last); err != nil {
		return Summary{}, err
	}
	if !o.MaxRejects.Set {
		o.MaxRejects = info.MaxRejects
	}
	j, err := openJournal(o.Dir.File(journalFile), p.whole)
	if err != nil {
		return Summary{}, err
	}
	sum, err := runLeg(ctx, Options{
		Client: o.Client, Plan: plan, Input: in, Survey: survey, Dir: o.Dir, NoPreflight: info.NoPreflight,
		Limit: o.Limit, Workers: o.Workers, MaxRejects: o.MaxRejects, ImportKey: info.ImportKey, Retry: o.Retry,
		Abort: o.Abort, Progress: o.Progress, Notice: o.Notice, onlySettle: onlySettle,
	}, info, p, j)
	if differ > 0 && err == nil {
		sum.ExitCode, sum.Reason = ExitUnknown, fmt.Sprintf("%s in Attio %s from the input: see %s", plural(differ, "record"),
			map[bool]string{true: "differs", false: "differ"}[differ == 1], verifyFile)
		err = durable.ReplaceJSON(o.Dir.File(summaryFile), sum)
	}
	return sum, cmp.Or(err, unfit)
}

// compareSuspects compares the rows that were written by a session whose input changed while it was read: nobody knows
// which bytes they were made of. It returns how many records are not as the input says; verify.csv names them.
func compareSuspects(ctx context.Context, o ResumeOptions, p *past, plan *mapping.Plan, in *source.File) (int, error) {
	if len(p.suspect) == 0 {
		return 0, nil
	}
	all, err := lastOutcomes(o.Dir.File(journalFile), p, false)
	if err != nil {
		return 0, err
	}
	suspects := make(map[int]*entry, len(p.suspect))
	for _, row := range p.suspect {
		suspects[row] = all[row]
	}
	sum, err := verifyRows(ctx, o, plan, in, suspects)
	if o.Notice != nil && err == nil {
		o.Notice(fmt.Sprintf("the input changed while an earlier session read it: of %s that it wrote, %d are not as the input says",
			plural(len(suspects), "row"), sum.Different+sum.Gone))
	}
	return sum.Different + sum.Gone, err
}

// planOfThen is the plan that a run was begun with, for what can still be done where its mapping does not fit the
// workspace any more: to find out what became of rows whose answers were lost. Where there are none, unfit is all.
func planOfThen(
	o *ResumeOptions, info RunInfo, p *past, survey source.Survey, unfit error,
) (*mapping.Plan, *attio.Object, error) {
	var problems problem.Problems
	if !errors.As(unfit, &problems) || !p.open() || o.Schema.Object(info.Object) == nil {
		return nil, nil, unfit
	}
	var then attio.Schema
	if err := readJSON(o.Dir.File(schemaFile), &then); err != nil {
		return nil, nil, errors.Join(unfit, err)
	}
	plan, err := rebind(&then, info, survey)
	if err != nil {
		return nil, nil, errors.Join(unfit, err)
	}
	if o.Notice != nil {
		o.Notice("the mapping does not fit the workspace any more; only rows whose answers were lost are looked up")
	}
	return plan, o.Schema.Object(info.Object), nil
}

// unfinish takes back that a run is finished before it is gone on with: should this process be killed, the next one must not find nothing to do.
func unfinish(dir *RunDir, last *Summary) error {
	if last == nil || !last.Finished {
		return nil
	}
	s := *last
	s.Finished, s.ExitCode, s.Reason = false, ExitStopped, endedSilently
	if err := durable.ReplaceJSON(dir.File(summaryFile), s); err != nil {
		return fmt.Errorf("summary: %w", err)
	}
	return nil
}

// beginJournal makes the journal of a run that ended before it had one, or before its first line was whole: nothing was sent by then.
func beginJournal(dir *RunDir, info RunInfo) error {
	name := dir.File(journalFile)
	whole, err := readJournal(name, func(*entry) error { return nil })
	if err != nil && !errors.Is(err, fs.ErrNotExist) || whole > 0 {
		return err
	}
	for _, report := range []string{summaryFile, resultsFile, beforeFile} {
		if _, err := os.Stat(dir.File(report)); !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(&JournalError{name, 1, "holds nothing, and " + report + " shows that the run had begun; the file was damaged or edited"}, err)
		}
	}
	if err := durable.Remove(name); err != nil {
		return err
	}
	j, err := createJournal(name, info.head())
	if err != nil {
		return err
	}
	return j.Close()
}

// checkHead compares run.json with the journal that lies beside it.
func checkHead(info RunInfo, head entry) error {
	want := info.head()
	for _, c := range []Changed{
		{What: "the run of this journal", Was: head.Run, Is: want.Run},
		{What: "the input's SHA-256", Was: head.Input, Is: want.Input},
		{What: "the mapping", Was: head.Mapping, Is: want.Mapping},
		{What: "the object", Was: head.Object, Is: want.Object},
		{What: "the mode", Was: head.Mode, Is: want.Mode},
		{What: "the workspace", Was: head.Workspace, Is: want.Workspace},
	} {
		if c.Was != c.Is {
			return &c
		}
	}
	return nil
}

// reopen finds the run's input again and makes sure that it is the same.
func reopen(ctx context.Context, o ResumeOptions, info RunInfo) (*source.File, source.Survey, error) {
	path := info.InputAbsolute
	switch {
	case o.Input != "":
		path = o.Input
	case path == "":
		path = "-" // its copy lies in the run directory
	}
	file, err := mapfile.Parse(runFile, []byte(info.Mapping))
	if err != nil {
		return nil, source.Survey{}, err
	}
	in, err := source.Open(ctx, source.Options{
		Mapping: file, Path: path, Spool: o.Dir.Spool(), Format: info.Format, Delimiter: info.Delimiter, Encoding: info.Encoding, Sheet: info.Sheet, Spreadsheet: info.Spreadsheet,
		Columns: info.Columns,
	})
	if err != nil {
		return nil, source.Survey{}, err
	}
	survey, err := in.Survey(ctx)
	if err != nil {
		return nil, source.Survey{}, err
	}
	if survey.SHA256 != info.Input.SHA256 {
		return nil, source.Survey{}, &Changed{
			What: filepath.Base(path), Run: o.Dir.Path(),
			Was: fmt.Sprintf("%d bytes, SHA-256 %.12s…", info.Input.Bytes, info.Input.SHA256),
			Is:  fmt.Sprintf("%d bytes, SHA-256 %.12s…", survey.Bytes, survey.SHA256),
		}
	}
	return in, survey, nil
}

// checkWorkspace refuses the key of another workspace than the run's.
func (i *RunInfo) checkWorkspace(self attio.Self) error {
	if self.WorkspaceID == i.WorkspaceID {
		return nil
	}
	return &Changed{What: "the workspace of the key", Was: i.WorkspaceSlug, Is: self.WorkspaceSlug, Workspace: i.WorkspaceSlug}
}

// rebind makes the run's plan again from the mapping that run.json keeps.
func rebind(s *attio.Schema, info RunInfo, survey source.Survey) (*mapping.Plan, error) {
	if s == nil {
		return nil, errors.New("resume: no schema")
	}
	if err := info.checkWorkspace(s.Self); err != nil {
		return nil, err
	}
	file, err := mapfile.Parse(runFile, []byte(info.Mapping))
	if err != nil {
		return nil, err
	}
	return mapping.Bind(file, mapping.Input{Name: info.Input.Path, Columns: survey.Columns, JSON: survey.JSON, Spreadsheet: info.Spreadsheet}, s,
		mapping.BindOptions{Object: info.Object, Match: info.Match, Mode: info.Mode})
}
