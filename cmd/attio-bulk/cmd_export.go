package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
)

type exportFlags struct {
	client clientFlags
	o      exporter.Options // as far as the flags say it

	filter, sort, check string
	objects             []string
	all                 bool
	now                 time.Time     // that all names of files have
	known               *attio.Object // of a filter, once its schema is read
}

func newExportCommand(a *app) *cobra.Command {
	var f exportFlags
	cmd := a.command("export", cobra.NoArgs, f.run)
	flags := cmd.Flags()
	flags.StringVar(&f.o.Object, "object", "", "")
	flags.StringSliceVar(&f.objects, "objects", nil, "")
	flags.BoolVar(&f.all, "all", false, "")
	flags.StringVar(&f.o.Out, "out", "-", "")
	flags.StringVar(&f.o.Format, "format", "", "")
	flags.StringSliceVar(&f.o.Columns, "columns", nil, "")
	flags.StringVar(&f.filter, "filter", "", "")
	flags.StringVar(&f.sort, "sort", "", "")
	flags.IntVar(&f.o.Limit, "limit", 0, "")
	flags.StringVar((*string)(&f.o.References), "references", "id", "")
	flags.BoolVar(&f.o.Raw, "raw", false, "")
	flags.BoolVar(&f.o.Spreadsheet, "for-spreadsheet", false, "")
	flags.StringVar(&f.o.MinRecords, "min-records", "", "")
	flags.StringVar(&f.o.ChangesSince, "changes-since", "", "")
	flags.StringVar(&f.check, "check", "", "")
	f.client.add(flags)
	completeFlag(cmd, "object", completeObjects(&f.client))
	completeFlag(cmd, "objects", completeObjects(&f.client))
	completeFlag(cmd, "columns", completeColumns(&f.client, &f.o.Object))
	completeFlag(cmd, "sort", completeColumns(&f.client, &f.o.Object))
	completeFlag(cmd, "format", completeWords("csv", "jsonl"))
	completeFlag(cmd, "references", completeWords("id", "key", "name"))
	return cmd
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
	if err := f.parse(); err != nil {
		return exportError(err, f.o.Object)
	}
	f.now, f.o.Version = c.Now(), readVersion().Version
	f.o.Stdout, f.o.Progress, f.o.Warn = p.before(a.out), p.pages, func(text string) { a.warn("%s", text) }
	if f.o.Out == "-" && a.columns > 0 {
		f.o.Progress = nil // the records themselves appear on this terminal
	}
	objects := f.objects
	if !f.several() {
		objects = []string{cmp.Or(f.o.Object, defaultObject)}
	}
	err = f.ready(objects)
	if err == nil && f.several() {
		if objects, err = f.read(ctx, c); err == nil {
			err = f.ready(objects)
		}
	}
	if err != nil {
		return err
	}
	manifests, err := f.export(ctx, a, c, p, objects)
	if !a.json || len(manifests) == 0 {
		return err
	}
	var result any = manifests
	if !f.several() {
		result = manifests[0]
	}
	return cmp.Or(a.printJSON(result), err)
}

// export exports objects and returns the manifests of those that were written. One that has too few records, that
// cannot be proven complete, or that Attio refuses to give does not keep the others from being written.
func (f *exportFlags) export(ctx context.Context, a *app, c *attio.Client, p *progress, objects []string) (
	ms []exporter.Manifest, err error) {
	var all []exporter.Options
	for _, object := range objects {
		all = append(all, f.reading(c, object))
	}
	code, n := 0, 0
	for m, err := range exporter.Each(ctx, c, all) {
		p.done()
		object := objects[n]
		n++
		err = inFilter(err, f.known)
		if _, few := errors.AsType[*exporter.TooFewError](err); few || len(objects) > 1 && ofOneObject(err) {
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
	case f.all && len(f.objects) > 0, f.several() && f.o.Object != "":
		return errors.New("--object, --objects and --all exclude each other")
	case f.several() && (f.o.Out == "-" || f.o.Out == ""):
		return errors.New("--objects and --all write a file each: name a folder with --out, or a file with " +
			"{object} in its name")
	case f.several() && !strings.Contains(f.o.Out, "{object}") && exporter.NamesFile(f.o.Out):
		return fmt.Errorf("--out %s is the name of one file, and several are written: put {object} in it", f.o.Out)
	case f.several() && (f.filter != "" || f.o.Columns != nil):
		return errors.New("--filter and --columns are about one object: use them with --object")
	case f.several() && f.o.ChangesSince != "" && !strings.Contains(f.o.ChangesSince, "{object}"):
		return errors.New("--changes-since needs {object} in its name where several objects are exported")
	case a.json && f.o.Out == "-":
		return errors.New("--json and the export both want standard output: name a file with --out")
	}
	return nil
}

// parse reads the flags that have a form of their own.
func (f *exportFlags) parse() (err error) {
	if f.o.Sort, err = exporter.ParseSort(f.sort); err != nil {
		return err
	}
	f.o.Filter = json.RawMessage(f.filter)
	if name, ok := strings.CutPrefix(f.filter, "@"); ok {
		if f.o.Filter, err = os.ReadFile(name); err != nil {
			return refused(fmt.Errorf("--filter: %w", err))
		}
	}
	if len(f.o.Filter) > 0 && !json.Valid(f.o.Filter) {
		return refused(errors.New(`--filter is not JSON, such as {"plan":"Enterprise"}`))
	}
	return nil
}

// reading are the options for one object. Where it is the only one, its schema is read while its first pages are.
func (f *exportFlags) reading(c *attio.Client, object string) exporter.Options {
	o := f.of(object)
	read := c.Schema
	if o.References == flat.ByID && o.Columns == nil && f.filter == "" { // nothing of other objects, no option named
		read = c.AttributesOnly
	}
	o.ReadSchema = func(ctx context.Context) (*attio.Schema, error) {
		schema, err := readChecked(ctx, read, object, scopeReadRecords, scopeReadObjects)
		if err == nil {
			f.known = schema.Object(object)
		}
		return schema, err
	}
	return o
}
