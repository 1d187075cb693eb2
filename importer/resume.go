package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// ResumeOptions say how to resume a run. The zero value does the rows that are left.
type ResumeOptions struct {
	Common
	Schema *attio.Schema    // of the run's object, as it is now; nil to have it read
	Input  string           // where the file is now; "" for where it was
	Retry  []journal.Action // rows that ended so are tried again: Rejected, Unknown
}

// openSession begins a later session from what a run's directory says. Close it.
func openSession(ctx context.Context, c *attio.Client, d *journal.Dir, retry []journal.Action) (*session, error) {
	s := &session{Import: Import{Client: c}, Dir: d}
	var err error
	if s.info, s.last, err = journal.Load(d.Path()); err != nil {
		return nil, err
	}
	if s.past, err = journal.ReadHistory(d.Path(), &s.info, retry, nil); err != nil {
		return nil, err
	}
	s.NoPreflight, s.ImportKey, s.MaxRejects = s.info.NoPreflight, s.info.ImportKey, s.info.MaxRejects
	s.RequireUnique = s.info.RequireUnique
	return s, context.Cause(ctx)
}

func (s *session) close() error {
	err := s.past.Close()
	if s.Input != nil {
		err = errors.Join(err, s.Input.Close())
	}
	return err
}

// schema is the schema of the run's object, read where the caller has not done so.
func (s *session) schema(ctx context.Context, known *attio.Schema) (*attio.Schema, error) {
	if known != nil {
		return known, nil
	}
	return s.Client.Schema(ctx, s.info.Object)
}

// read finds the run's input again and makes sure that it is the same. path is where it is now; "" for where it was.
func (s *session) read(ctx context.Context, path string) error {
	in := source.Options{Dialect: s.info.Read, Path: cmp.Or(path, s.info.InputAbsolute)}
	if in.Format == "" { // a version that looked for no table began the run
		in.Dialect, in.FirstLine = s.info.Dialect, true
	}
	if in.Path == "" { // of what was no file, a copy lies in the run directory
		in.Path, in.Spool = s.info.Input.Path, s.Dir.Spool()
	}
	var err error
	if s.file, err = mapfile.Parse("run.json", []byte(s.info.Mapping)); err != nil {
		return err
	}
	in.Mapping = s.file
	s.Input, err = source.Open(ctx, in)
	if err == nil {
		s.Survey, err = s.Input.Survey(ctx)
	}
	if err == nil {
		err = s.Input.OneTable(s.Survey)
	}
	if err != nil || s.Survey.SHA256 == s.info.Input.SHA256 {
		return err
	}
	return &journal.ChangedError{
		What: filepath.Base(in.Path), Run: s.Dir.Path(),
		Was: fmt.Sprintf("%d bytes, SHA-256 %.12s…", s.info.Input.Bytes, s.info.Input.SHA256),
		Is:  fmt.Sprintf("%d bytes, SHA-256 %.12s…", s.Survey.Bytes, s.Survey.SHA256),
	}
}

// bind makes the run's plan again from the mapping that run.json keeps.
func (s *session) bind(schema *attio.Schema) (*mapping.Plan, error) {
	if err := s.info.CheckWorkspace(schema.Self.WorkspaceID, schema.Self.WorkspaceSlug); err != nil {
		return nil, err
	}
	return mapping.Bind(s.file, s.Input.Describe(s.info.Input.Path, s.Survey), schema,
		mapping.BindOptions{Object: s.info.Object, Match: s.info.Match, Mode: s.info.Mode})
}

// Resume continues the run in d where it stopped. One that is finished sends nothing and returns its summary. Errors
// are those of [Import.Run], *[journal.ChangedError], *[journal.DirError] for a dry run, *[journal.Error],
// *[journal.UndoneError], and those of reading the input and the schema anew and of binding the mapping:
// *[source.Error], *[attio.Error], [problem.Problems].
func Resume(ctx context.Context, c *attio.Client, d *journal.Dir, o ResumeOptions) (_ journal.Summary, err error) {
	s, err := openSession(ctx, c, d, o.Retry)
	if err != nil {
		return journal.Summary{}, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	finished := s.last != nil && s.last.Finished
	switch {
	case s.info.DryRun:
		return journal.Summary{}, &journal.DirError{
			Path: d.Path(), Reason: "was a dry run: there is nothing to resume; import its file instead",
		}
	case finished && !s.past.Retries():
		return *s.last, nil
	case s.past.Undone:
		return journal.Summary{}, &journal.UndoneError{Path: d.Path()}
	}
	if o.Notice == nil {
		o.Notice = func(string) {}
	}
	if !o.MaxRejects.Set {
		o.MaxRejects = s.MaxRejects
	}
	s.Common = o.Common
	if err := s.read(ctx, o.Input); err != nil {
		return journal.Summary{}, err
	}
	schema, err := s.schema(ctx, o.Schema)
	if err != nil {
		return journal.Summary{}, err
	}
	var unfit error
	if s.Plan, unfit = s.bind(schema); unfit == nil && s.ImportKey != "" {
		if err := checkImportKey(s.Plan, s.ImportKey); err != nil {
			return journal.Summary{}, err
		}
	}
	if unfit != nil {
		if err := s.bindThen(schema, unfit); err != nil {
			return journal.Summary{}, err
		}
	}
	differ, err := s.compareSuspects(ctx)
	if err == nil && finished {
		err = s.last.Resumed().Write(d)
	}
	if err != nil {
		return journal.Summary{}, err
	}
	if s.journal, err = journal.Append(d, s.past); err != nil {
		return journal.Summary{}, err
	}
	sum, err := s.run(ctx)
	if differ > 0 && err == nil {
		sum.ExitCode, sum.Reason = journal.ExitUnknown, fmt.Sprintf("%s in Attio %s from the input: see %s",
			plural(differ, "record"), map[bool]string{true: "differs", false: "differ"}[differ == 1], verifyFile)
		err = sum.Write(d)
	}
	return sum, cmp.Or(err, unfit)
}

// compareSuspects compares the rows that were written by a session whose input changed while it was read: nobody knows
// which bytes they were made of. It returns how many records are not as the input says; verify.csv names them.
func (s *session) compareSuspects(ctx context.Context) (int, error) {
	if len(s.past.Suspects) == 0 {
		return 0, nil
	}
	sum, err := s.verify(ctx, func(row int) bool { return slices.Contains(s.past.Suspects, row) })
	if err == nil {
		s.Notice(fmt.Sprintf("the input changed while an earlier session read it: of %s that it wrote, "+
			"%d are not as the input says", plural(len(s.past.Suspects), "row"), sum.Different+sum.Gone))
	}
	return sum.Different + sum.Gone, err
}

// bindThen binds the plan to the schema that the run was begun with, for what can still be done where its mapping does
// not fit the workspace any more: to find out what became of rows whose answers were lost. Where there are none, unfit
// is all.
func (s *session) bindThen(now *attio.Schema, unfit error) error {
	_, known := errors.AsType[problem.Problems](unfit)
	if !known || !s.past.Open() || now.Object(s.info.Object) == nil {
		return unfit
	}
	then, err := schemaOfThen(s.Dir)
	if err == nil {
		s.Plan, err = s.bind(then)
	}
	if err != nil {
		return errors.Join(unfit, err)
	}
	s.Notice("the mapping does not fit the workspace any more; only rows whose answers were lost are looked up")
	s.settling = now.Object(s.info.Object)
	return nil
}

// schemaOfThen is the schema that a run was bound to.
func schemaOfThen(d *journal.Dir) (*attio.Schema, error) {
	var schema attio.Schema
	return &schema, d.Read(journal.SchemaFile, &schema)
}
