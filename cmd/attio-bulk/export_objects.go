package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter"
)

// read checks the key, reads the schema of several objects that are to be exported, and returns their names. A second
// name of one object, slug or id, is left out: one file would overwrite the other, or be there twice.
func (f *exportFlags) read(ctx context.Context, c *attio.Client) (objects []string, err error) {
	known, err := readObjects(ctx, c, f.objects, scopeReadRecords, scopeReadObjects)
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool)
	for _, name := range f.objects {
		if o := objectNamed(known, name); !seen[o.ID] {
			seen[o.ID] = true
			objects = append(objects, name)
		}
	}
	if f.all {
		objects = slugs(known)
		slices.Sort(objects)
	}
	f.o.Schema, err = c.Schema(ctx, objects...)
	return objects, startError(err)
}

// ready finds out what is wrong with any of the exports before the first of them writes a file; where the schema is not
// read yet, what needs no answer.
func (f *exportFlags) ready(objects []string) error {
	if objects == nil { // any name shows whether the folder can be written to
		one := *f
		one.o.ChangesSince = ""
		return one.ready([]string{defaultObject})
	}
	for _, object := range objects {
		if err := f.of(object).Ready(f.now); err != nil {
			return exportError(err, object)
		}
	}
	return nil
}

// of are the options for one of the objects. Several share one date and time, and the folder that they share is made.
func (f *exportFlags) of(object string) exporter.Options {
	o := f.o
	o.Object = object
	if f.several() && !strings.Contains(o.Out, "{object}") {
		name := "{object}.csv"
		if o.Format == "jsonl" || o.Raw {
			name = "{object}.jsonl"
		}
		o.Out = filepath.Join(o.Out, name)
	}
	o.MakeFolder = f.several() || strings.Contains(filepath.Dir(o.Out), "{")
	o.Out, o.ChangesSince = exporter.Expand(o.Out, object, f.now), exporter.Expand(o.ChangesSince, object, f.now)
	return o
}
