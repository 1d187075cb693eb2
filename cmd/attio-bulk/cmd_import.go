package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// defaultObject is what is imported into and exported from where nothing names another.
const defaultObject = "users"

// importFlags are the flags of import.
type importFlags struct {
	fileFlags
	o                  importer.Options // what is to be done, as far as it is known
	runDir, maxRejects string
}

func newImportCommand(a *app) *cobra.Command {
	var f importFlags
	cmd := f.command(a, "import", f.run, "name the file to import, or - for standard input")
	f.addMapping(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.o.DryRun, "dry-run", false, "")
	flags.BoolVar(&f.o.NoPreflight, "no-preflight", false, "")
	flags.StringVar(&f.runDir, "run-dir", "", "")
	flags.IntVar(&f.o.Workers, "workers", 0, "")
	flags.StringVar(&f.maxRejects, "max-rejects", "", "")
	flags.IntVar(&f.o.Limit, "limit", 0, "")
	flags.StringVar(&f.o.ImportKey, "import-key", "", "")
	f.client.addWriting(flags)
	return cmd
}

// run prepares everything that can be wrong before the first request is sent, then imports.
func (f *importFlags) run(ctx context.Context, a *app, _ []string) error {
	if err := f.check(); err != nil {
		return refused(err)
	}
	file, err := f.readMapping()
	if err != nil {
		return refused(err)
	}
	p, o := newProgress(a.ui), &f.o
	if o.Client, err = f.client.open(p.event); err != nil {
		return refused(err)
	}
	if err := journal.CheckNew(f.runDir); err != nil {
		return f.startOfRun(err)
	}
	first := firstRejects{file: f.input.Path}
	o.Version, o.Abort, o.Progress, o.Notice, o.Rejected = readVersion().Version, a.abort, p.update, a.notice, first.add
	if err := f.prepare(ctx, a, file); err != nil {
		return err
	}
	if o.Dir, err = journal.Create(f.runDir, o.Plan.Object.Slug); err != nil {
		return f.startOfRun(err)
	}
	if !o.DryRun {
		pointTo(o.Dir.Path(), time.Now())
	}
	if p.total = o.Survey.Rows; o.Limit > 0 {
		p.total = min(p.total, o.Limit)
	}
	release := ballast()
	defer release()
	summary, err := importer.Run(ctx, *o)
	p.done()
	next := nextSteps{
		dir: o.Dir.Path(), path: f.input.Path, total: p.total, given: f.given, unique: o.Plan.Unique, rejects: first.shown,
		proposal: f.proposal(),
	}
	return a.closeRun(summary, next, errors.Join(err, o.Dir.Close()))
}

// startOfRun says why a run directory cannot be a new run's.
func (f *importFlags) startOfRun(err error) error {
	if _, taken := errors.AsType[*journal.DirError](err); taken {
		err = takenDir(err, f.runDir)
	}
	return startError(err)
}

// prepare opens the input, reads the schema and binds the mapping: all that is wrong is said here, before any write.
func (f *importFlags) prepare(ctx context.Context, a *app, file *mapfile.File) error {
	in, err := f.open(ctx, file)
	if err != nil {
		return err
	}
	records := map[bool]string{true: scopeReadRecords, false: scopeWriteRecords}[f.o.DryRun]
	schema, err := readSchema(ctx, f.o.Client, f.objectOf(file), records, scopeReadObjects)
	if err != nil {
		return err
	}
	survey, err := in.Survey(ctx)
	if err != nil {
		return startError(err)
	}
	plan, err := f.bind(file, in, f.input.Path, survey, schema)
	if err != nil {
		return refused(f.unmapped(err))
	}
	if err := checkScopes(schema.Self, f.planScopes(plan)...); err != nil {
		return refused(err)
	}
	if f.o.ImportKey != "" {
		if err := importer.CheckImportKey(plan, f.o.ImportKey); err != nil {
			return refused(err)
		}
	}
	dry := ""
	if f.o.DryRun {
		dry = ", dry run: nothing is written"
	}
	a.say("%s: %s for %s of workspace %q, mode %s%s", f.input.Path, count(survey.Rows, "row"), plan.Object.Slug,
		schema.Self.WorkspaceName, f.mode, dry)
	for _, note := range append(survey.Notes, plan.Notes...) {
		a.say("  %s", note)
	}
	if dir := earlierRun(survey.SHA256, plan.Object.Slug, schema.Self.WorkspaceID, time.Now()); dir != "" && !f.o.DryRun {
		a.warn("the same file was imported into %s within the last day: %s", plan.Object.Slug, dir)
	}
	f.o.Plan, f.o.Input, f.o.Survey = plan, in, survey
	return nil
}

// planScopes are what the key must be allowed for this mapping: to know members by their addresses, to make options
// that are missing.
func (f *importFlags) planScopes(p *mapping.Plan) []string {
	var scopes []string
	for _, c := range p.File.Columns {
		slug, _, _ := strings.Cut(c.Attribute, ".")
		t := p.Object.Attribute(slug)
		switch {
		case t == nil:
		case t.Type == attio.TypeActorReference:
			scopes = append(scopes, scopeReadMembers)
		case c.Missing == value.MissingCreate && (t.Type == attio.TypeSelect || t.Type == attio.TypeStatus) && !f.o.DryRun:
			scopes = append(scopes, scopeWriteObjects)
		}
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// check looks at the flags by themselves.
func (f *importFlags) check() (err error) {
	if err := f.checkMode(); err != nil {
		return err
	}
	if f.o.NoPreflight && f.mode != string(mapping.Create) {
		return fmt.Errorf("--no-preflight goes with --mode create only: %s has to find the records first", f.mode)
	}
	f.o.MaxRejects, err = parseMaxRejects(f.maxRejects)
	return err
}
