package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// What an export says at its end.

// exported says what was written and what can be claimed of it.
func (a *app) exported(m exporter.Manifest) {
	where := m.Path
	if where == "-" {
		where = "standard output"
	}
	a.say("exported %s of %s to %s: %s", count(m.Records, "record"), m.Object, where, m.Verdict)
	for _, change := range m.SchemaChanges {
		a.warn("%s", change)
	}
	switch m.Verdict {
	case exporter.Changed:
		a.say("  %s seen meanwhile; every record that existed throughout is there once", count(m.Changes, "change"))
	case exporter.Incomplete:
		for _, doubt := range m.Doubts {
			a.warn("%s", doubt)
		}
		a.hint(incompleteHint(m.Path))
	}
	if m.ChangesPath != "" && m.Since != nil {
		a.say("  %d added, %d changed, %d deleted: %s", m.Since.Added, m.Since.Changed, m.Since.Deleted, m.ChangesPath)
	}
}

// incompleteHint says what an export in doubt leaves, and what to do.
func incompleteHint(path string) string {
	again := "export again; where it says the same again and again, Attio's answers leave records out: ask its support"
	if path == "-" {
		return "what went to standard output is not proven to be whole: " + again
	}
	name := strings.TrimSuffix(path, exporter.IncompleteSuffix)
	return name + " was not touched; what was read lies in " + path + ": " + again
}

// checkExport compares a file with its manifest.
func checkExport(a *app, path string) error {
	r, err := exporter.Check(path)
	if err != nil {
		return refused(uncheckable(path, err))
	}
	if err := a.result(r); err != nil {
		return err
	}
	if r.OK() {
		a.say("%s agrees with its manifest: %s of %s, %s, verdict %s", path, count(r.Records, "record"), r.Manifest.Object,
			r.Manifest.FinishedAt, r.Manifest.Verdict)
	}
	for _, text := range slices.Concat(r.Manifest.SchemaChanges, r.Manifest.Doubts) {
		a.warn("%s", text)
	}
	for _, problem := range r.Problems {
		a.fail(errors.New(path + ": " + problem))
	}
	if !r.OK() || r.Manifest.Verdict == exporter.Incomplete {
		return &exit{code: exitUnsure}
	}
	return nil
}

// uncheckable says why a file cannot be compared with its manifest, and which to name instead.
func uncheckable(path string, err error) error {
	if cause, ok := errors.AsType[*fs.PathError](err); ok && errors.Is(err, fs.ErrNotExist) {
		if cause.Path == path {
			return &hinted{errors.New("--check " + path + ": there is no such file"), nearFiles(path)}
		}
		return &hinted{fmt.Errorf("%s cannot be checked: its manifest %s is not there", path, cause.Path), []string{
			"an export writes the manifest beside its file; where a file was moved, move the manifest with it"}}
	}
	return err
}

// What a person has to put right in an export, in the words of the command.

// exportFlag are the flags of exporter.Options' fields where they are not spelled alike.
var exportFlag = map[string]string{"Spreadsheet": "for-spreadsheet", "MinRecords": "min-records",
	"ChangesSince": "changes-since"}

// exportError tells what a person has to put right from what may pass by itself.
func exportError(err error, object string) error {
	if option, ok := errors.AsType[*exporter.OptionError](err); ok {
		name := cmp.Or(exportFlag[option.Option], strings.ToLower(option.Option))
		return refused(&hinted{errors.New("--" + name + ": " + option.Err.Error()), hints(err)})
	}
	if problems, ok := errors.AsType[problem.Problems](err); ok { // with columns and sort keys
		for i := range problems {
			if problems[i].Where == "Sort" {
				problems[i].Where = "--sort"
			}
		}
		return refused(&hinted{problems, []string{seeAttributes(object)}})
	}
	_, whole := errors.AsType[*exporter.NotWholeError](err)
	api, ok := errors.AsType[*attio.Error](err)
	if whole || ok && api.Class == attio.Refused { // the filter, above all, which Attio alone can check
		return refused(err)
	}
	return err
}

// seeAttributes is the hint to look for the names of attributes.
func seeAttributes(object string) string {
	return "to see the attributes: " + quoted("attio-bulk", "schema", object)
}

// ofOneObject reports whether an error says nothing of other objects: Attio looked at what was asked of this one and
// refused it, or the key may not see it.
func ofOneObject(err error) bool {
	api, ok := errors.AsType[*attio.Error](err)
	return ok && (api.Class == attio.Refused || errors.Is(err, attio.ErrForbidden) ||
		errors.Is(err, attio.ErrNotFound))
}

// inFilter adds to what Attio says of a filter what it does not say: which names there are.
func inFilter(err error, o *attio.Object) error {
	api, ok := errors.AsType[*attio.Error](err)
	if o == nil || !ok || api.Class != attio.Refused || len(api.FilterPath) == 0 {
		return err
	}
	var hint []string
	if a := o.Attribute(api.FilterPath[len(api.FilterPath)-1]); a != nil && len(a.Options) > 0 {
		var known []string
		for _, option := range a.Options {
			if !option.Archived {
				known = append(known, option.Title)
			}
		}
		hint = append(hint, a.Slug+" has "+strings.Join(known, ", "))
	}
	if api.Attribute != "" {
		var slugs []string
		for _, a := range o.Attributes {
			slugs = append(slugs, a.Slug)
		}
		hint = append(append(hint, didYouMean(api.Attribute, slugs)...), seeAttributes(o.Slug))
	}
	return &hinted{err, hint}
}
