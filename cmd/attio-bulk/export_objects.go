package main

import (
	"path/filepath"
	"strings"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter"
)

// named are the objects that the flags name; with --all the workspace has to be asked.
func (f *exportFlags) named() []string {
	switch {
	case f.all:
		return nil
	case len(f.objects) > 0:
		return f.objects
	case f.object != "":
		return []string{f.object}
	}
	return []string{defaultObject}
}

// onceEach leaves out names of an object that was named before, by slug or id: one file would overwrite the other, or
// be there twice.
func onceEach(names []string, known []attio.Object) (once []string) {
	seen := make(map[string]bool)
	for _, name := range names {
		if o := objectNamed(known, name); o != nil && !seen[o.ID] {
			seen[o.ID] = true
			once = append(once, name)
		}
	}
	return once
}

// ready finds out what is wrong with any of the exports before the first of them writes a file; where the schema is not
// read yet, what needs no answer.
func (f *exportFlags) ready(o exporter.Options, objects []string, now time.Time) error {
	if objects == nil { // any name shows whether the folder can be written to
		o.ChangesSince, objects = "", []string{defaultObject}
	}
	for _, object := range objects {
		if err := f.of(o, object, now).Ready(now); err != nil {
			return exportError(err, object)
		}
	}
	return nil
}

// of are the options for one of the objects. Several share one date and time, and the folder that they share is made.
func (f *exportFlags) of(o exporter.Options, object string, now time.Time) exporter.Options {
	o.Object = object
	if f.several() && !strings.Contains(o.Out, "{object}") {
		name := "{object}.csv"
		if f.format == "jsonl" || f.raw {
			name = "{object}.jsonl"
		}
		o.Out = filepath.Join(o.Out, name)
	}
	o.MakeFolder = f.several() || strings.Contains(filepath.Dir(o.Out), "{")
	o.Out, o.ChangesSince = exporter.Expand(o.Out, object, now), exporter.Expand(o.ChangesSince, object, now)
	return o
}
