package importer

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// ResumeOptions say how to go on with a run. Client, Dir and, where rows are left, Schema are required.
type ResumeOptions struct {
	Client  *attio.Client
	Schema  *attio.Schema // of the run's object, read anew
	Dir     *journal.Dir
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

// past is a run as earlier sessions left it.
type past struct {
	*journal.History
	info   RunInfo
	last   *Summary // nil where no session came to its end
	in     *source.File
	survey source.Survey
}

// openPast reads what a run's directory says. Close its History.
func openPast(ctx context.Context, o ResumeOptions, retry []Action) (*past, error) {
	info, last, err := journal.Load(o.Dir.Path())
	if err != nil {
		return nil, err
	}
	h, err := journal.ReadHistory(o.Dir.Path(), &info, retry, nil)
	if err != nil {
		return nil, err
	}
	return &past{History: h, info: info, last: last}, context.Cause(ctx)
}

// read finds the run's input again.
func (p *past) read(ctx context.Context, o ResumeOptions) (err error) {
	p.in, p.survey, err = reopen(ctx, o, p.info)
	return err
}

// Resume continues a run where it stopped. One that is finished sends nothing and returns its summary. Errors are
// those of Run, *journal.ChangedError, *journal.DirError for a dry run, *journal.Error, *journal.UndoneError, and
// those of binding the mapping and of reading the input anew: mapping.Problems, *source.Error.
func Resume(ctx context.Context, o ResumeOptions) (_ Summary, err error) {
	p, err := openPast(ctx, o, o.Retry)
	if err != nil {
		return Summary{}, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	switch {
	case p.info.DryRun:
		return Summary{}, &journal.DirError{Path: o.Dir.Path(), Reason: "was a dry run: there is nothing to resume; run the import without --dry-run"}
	case p.last != nil && p.last.Finished && !p.Retries():
		return *p.last, nil
	case p.Undone:
		return Summary{}, &journal.UndoneError{Path: o.Dir.Path()}
	}
	if err := p.read(ctx, o); err != nil {
		return Summary{}, err
	}
	plan, unfit := rebind(o.Schema, p.info, p.survey)
	var onlySettle *attio.Object
	if unfit != nil {
		if plan, onlySettle, err = planOfThen(&o, p, unfit); err != nil {
			return Summary{}, err
		}
	}
	differ, err := compareSuspects(ctx, o, p, plan)
	if err != nil {
		return Summary{}, err
	}
	if p.last != nil && p.last.Finished {
		if err := p.last.Resumed().Write(o.Dir); err != nil {
			return Summary{}, err
		}
	}
	if !o.MaxRejects.Set {
		o.MaxRejects = p.info.MaxRejects
	}
	w, err := journal.Append(o.Dir, p.History)
	if err != nil {
		return Summary{}, err
	}
	sum, err := runSession(ctx, Options{
		Client: o.Client, Plan: plan, Input: p.in, Survey: p.survey, Dir: o.Dir, NoPreflight: p.info.NoPreflight,
		Limit: o.Limit, Workers: o.Workers, MaxRejects: o.MaxRejects, ImportKey: p.info.ImportKey, Retry: o.Retry,
		Abort: o.Abort, Progress: o.Progress, Notice: o.Notice, onlySettle: onlySettle,
	}, p.info, p.History, w)
	if differ > 0 && err == nil {
		sum.ExitCode, sum.Reason = ExitUnknown, fmt.Sprintf("%s in Attio %s from the input: see %s", plural(differ, "record"),
			map[bool]string{true: "differs", false: "differ"}[differ == 1], verifyFile)
		err = sum.Write(o.Dir)
	}
	return sum, cmp.Or(err, unfit)
}

// compareSuspects compares the rows that were written by a session whose input changed while it was read: nobody knows
// which bytes they were made of. It returns how many records are not as the input says; verify.csv names them.
func compareSuspects(ctx context.Context, o ResumeOptions, p *past, plan *mapping.Plan) (int, error) {
	if len(p.Suspects) == 0 {
		return 0, nil
	}
	sum, err := verifyRows(ctx, o, p, plan, func(row int) bool { return slices.Contains(p.Suspects, row) })
	if o.Notice != nil && err == nil {
		o.Notice(fmt.Sprintf("the input changed while an earlier session read it: of %s that it wrote, %d are not as the input says",
			plural(len(p.Suspects), "row"), sum.Different+sum.Gone))
	}
	return sum.Different + sum.Gone, err
}

// planOfThen is the plan that a run was begun with, for what can still be done where its mapping does not fit the
// workspace any more: to find out what became of rows whose answers were lost. Where there are none, unfit is all.
func planOfThen(o *ResumeOptions, p *past, unfit error) (*mapping.Plan, *attio.Object, error) {
	var problems problem.Problems
	if !errors.As(unfit, &problems) || !p.Open() || o.Schema.Object(p.info.Object) == nil {
		return nil, nil, unfit
	}
	then, err := schemaOfThen(o.Dir)
	if err != nil {
		return nil, nil, errors.Join(unfit, err)
	}
	plan, err := rebind(then, p.info, p.survey)
	if err != nil {
		return nil, nil, errors.Join(unfit, err)
	}
	if o.Notice != nil {
		o.Notice("the mapping does not fit the workspace any more; only rows whose answers were lost are looked up")
	}
	return plan, o.Schema.Object(p.info.Object), nil
}

// schemaOfThen is the schema that a run was bound to.
func schemaOfThen(d *journal.Dir) (*attio.Schema, error) {
	var s attio.Schema
	text, err := os.ReadFile(d.File(journal.SchemaFile))
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", journal.SchemaFile, err)
	}
	return &s, nil
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
	file, err := mapfile.Parse("run.json", []byte(info.Mapping))
	if err != nil {
		return nil, source.Survey{}, err
	}
	in, err := source.Open(ctx, source.Options{
		Dialect: info.Dialect, Mapping: file, Path: path, Spool: o.Dir.Spool(),
	})
	if err != nil {
		return nil, source.Survey{}, err
	}
	survey, err := in.Survey(ctx)
	if err != nil {
		return nil, source.Survey{}, err
	}
	if survey.SHA256 != info.Input.SHA256 {
		return nil, source.Survey{}, &journal.ChangedError{
			What: filepath.Base(path), Run: o.Dir.Path(),
			Was: fmt.Sprintf("%d bytes, SHA-256 %.12s…", info.Input.Bytes, info.Input.SHA256),
			Is:  fmt.Sprintf("%d bytes, SHA-256 %.12s…", survey.Bytes, survey.SHA256),
		}
	}
	return in, survey, nil
}

// rebind makes the run's plan again from the mapping that run.json keeps.
func rebind(s *attio.Schema, info RunInfo, survey source.Survey) (*mapping.Plan, error) {
	if s == nil {
		return nil, errors.New("resume: no schema")
	}
	if err := info.CheckWorkspace(s.Self.WorkspaceID, s.Self.WorkspaceSlug); err != nil {
		return nil, err
	}
	file, err := mapfile.Parse("run.json", []byte(info.Mapping))
	if err != nil {
		return nil, err
	}
	return mapping.Bind(file, mapping.Input{Name: info.Input.Path, Columns: survey.Columns, JSON: survey.JSON, Spreadsheet: info.Spreadsheet}, s,
		mapping.BindOptions{Object: info.Object, Match: info.Match, Mode: info.Mode})
}
