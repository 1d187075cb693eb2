package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/exporter"
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
		return refused(err)
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
