package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

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
	client clientFlags
	input  inputFlags

	object, mapping, mode, match, runDir string
	maxRejects, importKey                string
	dryRun, noPreflight                  bool
	workers, limit                       int
	given                                []string // the flags as they were typed, for the command that comes next
	path                                 string
}

func newImportCommand(a *app) *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Import rows as records",
		Long: `Import the rows of a CSV, TSV, Excel (.xlsx), JSON or JSONL file as records of an object. FILE
"-" is standard input.

Without a mapping file, headers are matched to the slugs and titles of attributes. Rows whose
unique values are taken, in the workspace or by an earlier row, are conflicts: they are not
sent, and conflicts.csv says with what and in which attributes they differ. Refused rows go
to rejects.csv as they were, to be repaired and imported again.

All that happens is kept in a run directory. Ctrl-C finishes the requests in flight; resume
continues.

The key needs the scopes Records: Read-write (Read for --dry-run) and Object configuration:
Read, and User management: Read where a column names members of the workspace.

` + exitCodesHelp(map[string]string{"4": "finished, but the outcome of some rows is unknown"}),
		Example: `  attio-bulk import users.csv --mapping users.yaml --dry-run
  attio-bulk import users.csv --mapping users.yaml
  attio-bulk import users.csv --mode upsert --match primary_email_address
  zcat users.jsonl.gz | attio-bulk import - --format jsonl --json > summary.json`,
		Args: one("FILE", "name the file to import, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.path = args[0]
			f.given = typedFlags(cmd.Flags())
			return errors.Join(f.run(cmd.Context(), a), f.input.close())
		},
	}
	f.add(cmd.Flags())
	completeFlag(cmd, "mode", completeWords("create", "upsert", "update"))
	completeFlag(cmd, "format", completeWords("csv", "tsv", "jsonl", "json", "xlsx"))
	completeFlag(cmd, "object", completeObjectFlag(&f.client))
	completeFlag(cmd, "match", completeUnique(&f.client, &f.object))
	return cmd
}

func (f *importFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.object, "object", "", "the object to write to, by `SLUG` (default the mapping's, else users)")
	flags.StringVar(&f.mapping, "mapping", "", "a mapping `FILE`; without one, headers are matched to attributes")
	flags.StringVar(&f.mode, "mode", "create",
		"`MODE`: create (an existing record is a conflict), upsert (create or update), update (existing records only)")
	flags.StringVar(&f.match, "match", "",
		"for upsert and update: the unique `ATTR` that identifies a record (default the mapping's, else the only one)")
	flags.BoolVar(&f.dryRun, "dry-run", false,
		"compare every row with the workspace, write the same reports, send no write")
	flags.BoolVar(&f.noPreflight, "no-preflight", false, "with create: do not look existing records up before writing")
	flags.StringVar(&f.runDir, "run-dir", "",
		"the run's directory `DIR`, new or empty (default attio-runs/<UTC time>-<object>-<hex>)")
	f.input.add(flags)
	flags.IntVar(&f.workers, "workers", 0, "at most `N` calls in flight (default as many as the latency needs)")
	flags.StringVar(&f.maxRejects, "max-rejects", "",
		"stop, resumable, once more than `N|N%` rows are rejected; a share counts from the 100th row on")
	flags.IntVar(&f.limit, "limit", 0, "import the first `N` rows only; resume goes on from there")
	flags.StringVar(&f.importKey, "import-key", "",
		"put a fingerprint of run and row into the unique text attribute `ATTR`, so that a lost answer can be looked up "+
			"where nothing else is unique")
	f.client.addWriting(flags)
}

// run prepares everything that can be wrong before the first request is sent, then imports.
func (f *importFlags) run(ctx context.Context, a *app) error {
	rejects, err := f.check()
	if err != nil {
		return refused(err)
	}
	file, err := readMapping(f.mapping)
	if err != nil {
		return refused(err)
	}
	p := newProgress(a.ui)
	client, err := f.client.open(p.event)
	if err != nil {
		return refused(err)
	}
	if err := journal.CheckNew(f.runDir); err != nil {
		return f.startOfRun(err)
	}
	o := importer.Options{
		Client: client, DryRun: f.dryRun, NoPreflight: f.noPreflight, Limit: f.limit, Workers: f.workers,
		MaxRejects: rejects, ImportKey: f.importKey, Version: readVersion().Version,
		Abort: a.abort, Progress: p.update, Notice: func(text string) { a.say("%s", text) },
	}
	first := firstRejects{file: f.path}
	o.Rejected = first.add
	if err := f.prepare(ctx, a, file, &o); err != nil {
		return err
	}
	if o.Dir, err = journal.Create(f.runDir, o.Plan.Object.Slug); err != nil {
		return f.startOfRun(err)
	}
	if !f.dryRun {
		pointTo(o.Dir.Path(), time.Now())
	}
	if p.total = o.Survey.Rows; f.limit > 0 {
		p.total = min(p.total, f.limit)
	}
	release := ballast()
	summary, err := importer.Run(ctx, o)
	release()
	p.done()
	next := nextSteps{
		dir: o.Dir.Path(), path: f.path, total: p.total, given: f.given, unique: o.Plan.Unique, rejects: first.shown,
		proposal: f.proposal(),
	}
	return a.closeRun(summary, next, errors.Join(err, o.Dir.Close()))
}

// startOfRun says why a run directory cannot be a new run's.
func (f *importFlags) startOfRun(err error) error {
	var taken *journal.DirError
	if errors.As(err, &taken) {
		err = takenDir(err, f.runDir)
	}
	return startOfRun(err)
}

// startOfRun leaves a held directory its own exit code; every other reason not to begin is a refusal.
func startOfRun(err error) error {
	var busy *journal.BusyError
	if errors.As(err, &busy) || errors.Is(err, syscall.ENOSPC) {
		return err
	}
	return refused(err)
}

// objectOf is the object that the flags, the mapping or the default name.
func (f *importFlags) objectOf(file *mapfile.File) string {
	switch {
	case f.object != "":
		return f.object
	case file != nil && file.Object != "":
		return file.Object
	}
	return defaultObject
}

// prepare opens the input, reads the schema and binds the mapping: all that is wrong is said here, before any write.
func (f *importFlags) prepare(ctx context.Context, a *app, file *mapfile.File, o *importer.Options) error {
	in, err := f.input.open(ctx, f.path, file)
	if err != nil {
		return err
	}
	schema, err := readSchema(ctx, o.Client, f.objectOf(file), f.scopes()...)
	if err != nil {
		return err
	}
	survey, err := in.Survey(ctx)
	if err != nil {
		return startError(err)
	}
	plan, err := mapping.Bind(file, in.Describe(f.path, survey), schema,
		mapping.BindOptions{Object: f.objectOf(file), Match: f.match, Mode: mapping.Mode(f.mode)})
	if err != nil {
		return refused(f.unmapped(err))
	}
	if err := checkScopes(schema.Self, f.planScopes(plan)...); err != nil {
		return refused(err)
	}
	if f.importKey != "" {
		if err := importer.CheckImportKey(plan, f.importKey); err != nil {
			return refused(err)
		}
	}
	a.say("%s: %s for %s of workspace %q, mode %s%s", f.path, count(survey.Rows, "row"), plan.Object.Slug,
		schema.Self.WorkspaceName, f.mode, dryRunNote(f.dryRun))
	for _, note := range append(survey.Notes, plan.Notes...) {
		a.say("  %s", note)
	}
	if dir := earlierRun(survey.SHA256, plan.Object.Slug, schema.Self.WorkspaceID, time.Now()); dir != "" && !f.dryRun {
		a.warn("the same file was imported into %s within the last day: %s", plan.Object.Slug, dir)
	}
	o.Plan, o.Input, o.Survey = plan, in, survey
	return nil
}

func dryRunNote(dry bool) string {
	if dry {
		return ", dry run: nothing is written"
	}
	return ""
}

// scopes are what the key must be allowed before anything starts.
func (f *importFlags) scopes() []string {
	if f.dryRun {
		return []string{scopeReadRecords, scopeReadObjects}
	}
	return []string{scopeWriteRecords, scopeReadObjects}
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
		case c.Missing == value.MissingCreate && (t.Type == attio.TypeSelect || t.Type == attio.TypeStatus) && !f.dryRun:
			scopes = append(scopes, scopeWriteObjects)
		}
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// check looks at the flags by themselves.
func (f *importFlags) check() (importer.MaxRejects, error) {
	switch mapping.Mode(f.mode) {
	case mapping.Create:
		if f.match != "" {
			return importer.MaxRejects{},
				errors.New("--match goes with --mode upsert or update; create looks at every unique attribute")
		}
	case mapping.Upsert, mapping.Update:
		if f.noPreflight {
			return importer.MaxRejects{},
				fmt.Errorf("--no-preflight goes with --mode create only: %s has to find the records first", f.mode)
		}
	default:
		return importer.MaxRejects{}, fmt.Errorf("--mode %q is none of create, upsert, update", f.mode)
	}
	return parseMaxRejects(f.maxRejects)
}

// readMapping reads a mapping file; nil where none is named.
func readMapping(name string) (*mapfile.File, error) {
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, fmt.Errorf("mapping file %s: %w", name, err)
	}
	file, err := mapfile.Parse(name, text)
	if err != nil && isTable(name) {
		return nil, &tableAsMapping{name} // nothing of it is shown
	}
	return file, err
}
