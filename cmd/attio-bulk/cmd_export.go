package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
)

type exportFlags struct {
	client clientFlags

	object, out, format, filter, sort, references string
	columns, objects                              []string
	minRecords, since, check                      string
	limit                                         int
	raw, spreadsheet, all                         bool
}

func newExportCommand(a *app) *cobra.Command {
	var f exportFlags
	cmd := a.command("export", cobra.NoArgs, f.run)
	f.add(cmd.Flags())
	completeFlag(cmd, "object", completeObjects(&f.client))
	completeFlag(cmd, "objects", completeObjects(&f.client))
	completeFlag(cmd, "format", completeWords("csv", "jsonl"))
	completeFlag(cmd, "references", completeWords("id", "key", "name"))
	return cmd
}

func (f *exportFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.object, "object", "", "the object to read, by `SLUG` (default users)")
	flags.StringSliceVar(&f.objects, "objects", nil, "write one file for each of these objects, `A,B,…`")
	flags.BoolVar(&f.all, "all", false, "write one file for each object of the workspace")
	flags.StringVar(&f.out, "out", "-", "the output `FILE`; .gz and .zst compress; - is standard output")
	flags.StringVar(&f.format, "format", "", "the output's `FORMAT`: csv or jsonl (default by name, else csv)")
	flags.StringSliceVar(&f.columns, "columns", nil, "the file's columns `A,B.c,…`, in this order (default all)")
	flags.StringVar(&f.filter, "filter", "", "Attio's filter object, as `JSON` or @FILE")
	flags.StringVar(&f.sort, "sort", "", "the order of the file: `ATTR[.FIELD][:asc|desc],…` (default created_at:asc)")
	flags.IntVar(&f.limit, "limit", 0, "at most `N` records")
	flags.StringVar(&f.references, "references", "id",
		"how references are written, `FORM`: id; key (a unique attribute, imports into any workspace); name (the id, and a "+
			"readable column beside it)")
	flags.BoolVar(&f.raw, "raw", false, "JSONL only: each record as the API gave it")
	flags.BoolVar(&f.spreadsheet, "for-spreadsheet", false,
		"make text cells that a spreadsheet would run as a formula harmless")
	flags.StringVar(&f.minRecords, "min-records", "",
		"refuse to replace FILE with fewer than `N|N%` records; N% is of the records that it has now")
	flags.StringVar(&f.since, "changes-since", "",
		"also write what was added, changed and deleted since the earlier export `FILE`")
	flags.StringVar(&f.check, "check", "", "compare `FILE` with its manifest, and do nothing else")
	f.client.add(flags)
}

func (f *exportFlags) run(ctx context.Context, a *app, _ []string) error {
	if f.check != "" {
		return checkExport(a, f.check)
	}
	if err := f.checkFlags(a); err != nil {
		return refused(err)
	}
	limitMemory()
	p := newProgress(a.ui)
	c, err := f.client.open(p.event)
	if err != nil {
		return refused(err)
	}
	o, err := f.options()
	if err != nil {
		return exportError(err, f.object)
	}
	o.Stdout, o.Progress, o.Warn = p.before(a.out), p.pages, func(text string) { a.warn("%s", text) }
	if o.Out == "-" && a.columns > 0 {
		o.Progress = nil // the records themselves appear on this terminal
	}
	now := c.Now()
	if err := f.ready(o, f.named(), now); err != nil {
		return err
	}
	objects, export, err := f.exports(ctx, c, o, now)
	if err != nil {
		return err
	}
	manifests, err := a.exportEach(objects, func(object string) (exporter.Manifest, error) {
		m, err := export(object)
		p.done()
		return m, err
	})
	if a.json && len(manifests) > 0 {
		if err := f.printManifests(a, manifests); err != nil {
			return err
		}
	}
	return err
}

// exportEach exports objects one after the other and returns the manifests of those that were written. One that has
// too few records, that cannot be proven complete, or that Attio refuses to give does not keep the others from being
// written.
func (a *app) exportEach(objects []string, export func(object string) (exporter.Manifest, error)) (
	ms []exporter.Manifest, err error) {
	code := 0
	for _, object := range objects {
		m, err := export(object)
		var few *exporter.TooFewError
		if errors.As(err, &few) || len(objects) > 1 && ofOneObject(err) {
			a.explain(err)
			code = exitStopped
			continue
		}
		if err != nil {
			return ms, exportError(err, object)
		}
		ms = append(ms, m)
		if a.exported(m); m.Verdict == exporter.Incomplete && code == 0 {
			code = exitUnsure
		}
	}
	return ms, exitWith(code)
}

func (f *exportFlags) several() bool { return f.all || len(f.objects) > 0 }

// checkFlags looks at what the flags say together; the exporter looks at each.
func (f *exportFlags) checkFlags(a *app) error {
	switch {
	case f.all && len(f.objects) > 0, f.several() && f.object != "":
		return errors.New("--object, --objects and --all exclude each other")
	case f.several() && (f.out == "-" || f.out == ""):
		return errors.New("--objects and --all write a file each: name a folder with --out, or a file with " +
			"{object} in its name")
	case f.several() && !strings.Contains(f.out, "{object}") && exporter.NamesFile(f.out):
		return fmt.Errorf("--out %s is the name of one file, and several are written: put {object} in it", f.out)
	case f.several() && (f.filter != "" || f.columns != nil):
		return errors.New("--filter and --columns are about one object: use them with --object")
	case f.several() && f.since != "" && !strings.Contains(f.since, "{object}"):
		return errors.New("--changes-since needs {object} in its name where several objects are exported")
	case a.json && f.out == "-":
		return errors.New("--json and the export both want standard output: name a file with --out")
	}
	return nil
}

// options copies the flags.
func (f *exportFlags) options() (exporter.Options, error) {
	o := exporter.Options{
		Object: f.object, Out: f.out, Format: f.format, Columns: f.columns, Limit: f.limit,
		References: flat.References(f.references), Raw: f.raw,
		Spreadsheet: f.spreadsheet, MinRecords: f.minRecords, ChangesSince: f.since, Version: readVersion().Version,
	}
	var err error
	if f.sort != "" {
		if o.Sort, err = exporter.ParseSort(f.sort); err != nil {
			return o, err
		}
	}
	filter := []byte(f.filter)
	if name, ok := strings.CutPrefix(f.filter, "@"); ok {
		if filter, err = os.ReadFile(name); err != nil {
			return o, refused(fmt.Errorf("--filter: %w", err))
		}
	}
	if len(filter) > 0 {
		if !json.Valid(filter) {
			return o, refused(errors.New(`--filter is not JSON, such as {"plan":"Enterprise"}`))
		}
		o.Filter = filter
	}
	return o, nil
}

// exports are the objects to export, and how each is. Of one object, the schema is read while its first pages are.
func (f *exportFlags) exports(ctx context.Context, c *attio.Client, o exporter.Options, now time.Time) (
	[]string, func(string) (exporter.Manifest, error), error) {
	if f.several() {
		objects, schema, err := f.schema(ctx, c)
		if o.Schema = schema; err == nil {
			err = f.ready(o, objects, now)
		}
		return objects, func(object string) (exporter.Manifest, error) {
			return exporter.Run(ctx, c, f.of(o, object, now))
		}, err
	}
	read := c.Schema
	// nothing of other objects is shown, no option named
	if f.references == string(flat.ByID) && f.columns == nil && f.filter == "" {
		read = c.AttributesOnly
	}
	return f.named(), func(object string) (exporter.Manifest, error) {
		var known *attio.Object
		one := f.of(o, object, now)
		one.ReadSchema = func(ctx context.Context) (*attio.Schema, error) {
			schema, err := readChecked(ctx, read, object, scopeReadRecords, scopeReadObjects)
			if err == nil {
				known = schema.Object(object)
			}
			return schema, err
		}
		m, err := exporter.Run(ctx, c, one)
		return m, inFilter(err, known)
	}, nil
}

// schema checks the key and reads the schema of several objects that are to be exported.
func (f *exportFlags) schema(ctx context.Context, c *attio.Client) (objects []string, schema *attio.Schema, err error) {
	self, err := whoami(ctx, c, scopeReadRecords, scopeReadObjects)
	if err != nil {
		return nil, nil, startError(err)
	}
	known, err := c.Objects(ctx)
	if err != nil {
		return nil, nil, startError(err)
	}
	if err := checkObjects(self, known, f.objects...); err != nil {
		return nil, nil, refused(err)
	}
	objects = onceEach(f.objects, known)
	if f.all {
		for _, o := range known {
			objects = append(objects, o.Slug)
		}
		slices.Sort(objects)
	}
	if schema, err = c.Schema(ctx, objects...); err != nil {
		return nil, nil, startError(err)
	}
	return objects, schema, nil
}
