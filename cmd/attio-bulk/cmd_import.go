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
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// defaultObject is what is imported into and exported from where nothing names another.
const defaultObject = "users"

// importFlags are the flags of import.
type importFlags struct {
	fileFlags
	o          importer.Options // what is to be done, as far as it is known
	maxRejects string
}

func newImportCommand(a *app) *cobra.Command {
	var f importFlags
	cmd := f.command(a, "import", f.run, "name the file to import, or - for standard input")
	f.addMapping(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.o.DryRun, "dry-run", false, "")
	flags.BoolVar(&f.o.NoPreflight, "no-preflight", false, "")
	flags.StringVar(&f.o.RunDir, "run-dir", "", "")
	flags.IntVar(&f.o.Workers, "workers", 0, "")
	flags.StringVar(&f.maxRejects, "max-rejects", "", "")
	flags.IntVar(&f.o.Limit, "limit", 0, "")
	flags.StringVar(&f.o.ImportKey, "import-key", "", "")
	completeFlag(cmd, "import-key", completeUnique(&f.client, &f.object))
	flags.BoolVar(&f.o.RequireUnique, "require-unique", false, "")
	flags.IntVar(&f.o.Preview, "preview", shownPreviews, "")
	f.client.addWriting(flags)
	return cmd
}

// run prepares everything that can be wrong before the first request is sent, then imports.
func (f *importFlags) run(ctx context.Context, a *app, _ []string) (err error) {
	if err := f.check(); err != nil {
		return refused(err)
	}
	o, p := &f.o, newProgress(a.ui)
	if o.Mapping, err = f.readMapping(); err != nil {
		return refused(err)
	}
	client, err := f.client.open(p.event)
	if err != nil {
		return refused(err)
	}
	next := nextSteps{path: f.input.Path, given: f.given, shown: notSent{file: f.input.Path}, proposal: f.proposal()}
	o.Version, o.Abort, o.Progress, o.Notice = readVersion().Version, a.abort, p.update, a.notice
	o.NotSent = next.shown.add
	o.Previewed = func(row mapping.Preview) { next.rows = append(next.rows, row) }
	i, err := f.prepare(ctx, a, client)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.Close()) }()
	dir, err := journal.Create(o.RunDir, i.Plan.Object.Slug)
	if err != nil {
		return f.startOfRun(err)
	}
	pointTo(dir.Path(), time.Now())
	p.total = i.Rows()
	release := ballast()
	defer release()
	summary, err := i.Run(ctx, dir)
	p.done()
	next.dir, next.total, next.unique = dir.Path(), p.total, i.Plan.Unique
	return a.closeRun(summary, next, errors.Join(err, dir.Close()))
}

// startOfRun says why nothing could be begun.
func (f *importFlags) startOfRun(err error) error {
	if _, taken := errors.AsType[*journal.DirError](err); taken {
		err = takenDir(err, f.o.RunDir)
	}
	return startError(f.unmapped(f.unbound(f.undecided(err, f.o.Mapping))))
}

// prepare prepares the import, and says what it is about: all that is wrong is said here, before any write.
func (f *importFlags) prepare(ctx context.Context, a *app, client *attio.Client) (*importer.Import, error) {
	f.o.In, f.o.Object, f.o.Mode, f.o.Match = f.source(f.o.Mapping), f.objectOf(f.o.Mapping), mapping.Mode(f.mode), f.match
	f.o.IgnoreRest = f.ignoreRest
	f.o.ReadSchema = func(ctx context.Context, objects ...string) (*attio.Schema, error) {
		records := map[bool]string{true: scopeReadRecords, false: scopeWriteRecords}[f.o.DryRun]
		return readSchema(ctx, client, objects[0], records, scopeReadObjects)
	}
	i, err := importer.Prepare(ctx, client, f.o)
	if err != nil {
		return nil, f.startOfRun(f.otherObject(ctx, client, err))
	}
	self, slug := i.Plan.Schema.Self, i.Plan.Object.Slug
	if err := checkScopes(self, f.planScopes(i.Plan)...); err != nil {
		return nil, errors.Join(refused(err), i.Close())
	}
	dry := ""
	if f.o.DryRun {
		dry = ", dry run: nothing is written"
	}
	a.say("%s: %s for %s of workspace %q, mode %s%s", f.input.Path, count(i.Survey.Rows, "row"), slug,
		self.WorkspaceName, f.mode, dry)
	a.sayInput(i.Survey, i.Plan.Notes...)
	f.warnFooter(a, i.Survey)
	again := !f.o.DryRun && i.Plan.Mode == mapping.Create // what is there already is found again in the other modes
	if dir := earlierRun(i.Survey.SHA256, slug, self.WorkspaceID, time.Now()); dir != "" && again {
		a.warn("the same file was imported into %s within the last day: %s", slug, dir)
	}
	return i, nil
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
	if f.o.Preview != shownPreviews && !f.o.DryRun {
		return errors.New("--preview goes with --dry-run: nothing is sent then, and the rows are shown as they would stand")
	}
	if err := checkPreview(f.o.Preview); err != nil {
		return err
	}
	f.o.MaxRejects, err = parseMaxRejects(f.maxRejects)
	return err
}
