package main

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// unmapped adds to what Bind says of a file without a mapping how to have one proposed.
func (f *importFlags) unmapped(err error) error {
	problems, _ := errors.AsType[problem.Problems](err)
	if f.proposal() == "" || !slices.ContainsFunc(problems, aboutColumn) {
		return err
	}
	return withHints(err, "to have a mapping file proposed for all columns: "+f.proposal())
}

// proposal is the command that proposes a mapping for the input; "" where there is a mapping, or no file to read twice.
func (f *importFlags) proposal() string {
	if f.mapping != "" || f.input.Path == "-" {
		return ""
	}
	args := append([]string{"attio-bulk", "mapping", "init", f.input.Path}, without(f.given,
		"import-key", "limit", "match", "max-rejects", "mode", "no-preflight", "dry-run", "read-rate", "write-rate",
		"workers", "run-dir", "json", "quiet", "verbose")...)
	return quoted(append(args, "--out="+mappingName(f.input.Path))...)
}

func aboutColumn(p problem.Problem) bool {
	return slices.ContainsFunc(p.Hint, func(line string) bool { return strings.Contains(line, "- column: ") })
}

// mappingName is what the mapping of a file is called where nobody has named it: users.csv.gz has users.yaml, in the
// current folder.
func mappingName(path string) string {
	name := filepath.Base(path)
	if at := strings.Index(name[1:], "."); at >= 0 {
		name = name[:at+1]
	}
	return name + ".yaml"
}

// tableAsMapping is the error of a file of rows where a mapping file should be named.
func tableAsMapping(path string) error {
	return &hinted{errors.New("mapping file " + path + ": a file of rows, not a mapping"),
		[]string{"a mapping file is YAML, and says what becomes of each column; to have one proposed: " +
			quoted("attio-bulk", "mapping", "init", path, "--out", mappingName(path))}}
}

// isTable reports whether a file's name is that of an input.
func isTable(path string) bool {
	return slices.Contains([]string{".csv", ".tsv", ".jsonl", ".ndjson", ".xlsx", ".gz", ".zst"},
		strings.ToLower(filepath.Ext(path)))
}
