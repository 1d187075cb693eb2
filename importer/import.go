package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Run imports: it is [Prepare], [journal.Create] and [Import.Run] in one call, with the errors of each. The Summary
// names the run directory, from which the run can be resumed, verified and undone. A nil error does not mean that every
// row was written: Summary.Rows counts what was rejected, a conflict or unknown, and ExitCode sums it up.
func Run(ctx context.Context, c *attio.Client, o Options) (_ journal.Summary, err error) {
	i, err := Prepare(ctx, c, o)
	if err != nil {
		return journal.Summary{}, err
	}
	defer func() { err = errors.Join(err, i.Close()) }()
	d, err := journal.Create(o.RunDir, i.Plan.Object.Slug)
	if err != nil {
		return journal.Summary{}, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return i.Run(ctx, d)
}

// Import is an import of which all is known that can be known before its first write. Its fields are to be read only.
type Import struct {
	Options
	Client *attio.Client
	Input  *source.File
	Survey source.Survey
	Plan   *mapping.Plan
}

// Prepare opens the input, reads the schema, reads the whole input once, and binds the mapping. It writes nothing to
// Attio, and nothing to disk but a temporary copy of what is in no file, which Close removes.
//
// Errors, in this order: *[journal.BusyError] and *[journal.DirError] of Options.RunDir and *[source.Error], before the
// first request; *[attio.Error]; *[source.Error] of a file that is at fault further on; [problem.Problems] of the
// mapping, all at once; *[ImportKeyError]; *[NothingUniqueError].
func Prepare(ctx context.Context, c *attio.Client, o Options) (_ *Import, err error) {
	if err := journal.CheckNew(o.RunDir); err != nil {
		return nil, err
	}
	i := &Import{Options: o, Client: c}
	i.In.Mapping = o.Mapping
	if i.Input, err = source.Open(ctx, i.In); err != nil {
		return nil, err
	}
	if err := i.bind(ctx); err != nil {
		return nil, errors.Join(err, i.Close())
	}
	return i, nil
}

func (i *Import) bind(ctx context.Context) (err error) {
	if i.Object == "" && i.Mapping != nil {
		i.Object = i.Mapping.Object
	}
	i.Object = cmp.Or(i.Object, mapping.DefaultObject)
	read := i.ReadSchema
	if read == nil {
		read = i.Client.Schema
	}
	schema, err := read(ctx, i.Object)
	if err == nil {
		i.Survey, err = i.Input.Survey(ctx)
	}
	if err == nil {
		err = i.Input.OneTable(i.Survey)
	}
	if err != nil {
		return err
	}
	i.Plan, err = mapping.Bind(i.Mapping, i.Input.Describe(i.Input.Path(), i.Survey), schema,
		mapping.BindOptions{Object: i.Object, Match: i.Match, Mode: i.Mode, IgnoreRest: i.IgnoreRest})
	if err == nil && i.ImportKey != "" {
		err = checkImportKey(i.Plan, i.ImportKey)
	}
	if err == nil && i.RequireUnique {
		err = checkUnique(i.Plan)
	}
	return err
}

// Rows is how many rows the import is about.
func (i *Import) Rows() int {
	if i.Limit > 0 {
		return min(i.Survey.Rows, i.Limit)
	}
	return i.Survey.Rows
}

// Close removes what Prepare made on disk.
func (i *Import) Close() error { return i.Input.Close() }

// Run imports into a new run directory, which the caller closes; it is called once. ctx stops it: no new rows, and
// requests in flight are seen through; Options.Abort gives those up. The Summary is that of the whole run, and is
// written to summary.json also when there is an error. The error says why the run stopped early: *[Interrupted],
// *[Stop], *[attio.Error], *[source.Error], an I/O error, or the cause of ctx.
func (i *Import) Run(ctx context.Context, d *journal.Dir) (journal.Summary, error) {
	info, err := i.info()
	if err == nil {
		err = info.Write(d)
	}
	if err != nil {
		return journal.Summary{}, err
	}
	if err := durable.ReplaceJSON(d.File(journal.SchemaFile), i.Plan.Schema); err != nil {
		return journal.Summary{}, fmt.Errorf("run directory: %w", err)
	}
	if spool := i.Input.Options().Spool; spool != "" {
		if err := d.KeepInput(spool); err != nil {
			return journal.Summary{}, err
		}
	}
	w, err := journal.NewWriter(d, &info)
	if err != nil {
		return journal.Summary{}, err
	}
	return (&session{Import: *i, Dir: d, info: info, past: &journal.History{}, journal: w}).run(ctx)
}

// info is what run.json says of a new run.
func (i *Import) info() (info journal.Info, err error) {
	info = journal.NewInfo()
	in, text, self := i.Input.Options(), i.Plan.File.YAML(), i.Plan.Schema.Self
	info.Version = i.Version
	info.Input = journal.InputIdentity{Path: in.Path, SHA256: i.Survey.SHA256, Bytes: i.Survey.Bytes}
	info.Mapping, info.MappingSHA256 = string(text), sha256Hex(text)
	info.Object, info.Mode = i.Plan.Object.Slug, i.Plan.Mode
	info.WorkspaceID, info.WorkspaceSlug = self.WorkspaceID, self.WorkspaceSlug
	info.DryRun, info.NoPreflight, info.Limit, info.Workers = i.DryRun, i.NoPreflight, i.Limit, i.Workers
	info.MaxRejects, info.ImportKey, info.RequireUnique = i.MaxRejects, i.ImportKey, i.RequireUnique
	if i.Plan.Match != nil {
		info.Match = i.Plan.Match.Slug
	}
	info.Dialect, info.Read = in.Dialect, i.Survey.Pinned
	if in.Spool == "" {
		info.InputAbsolute, err = filepath.Abs(in.Path)
	}
	return info, err
}
