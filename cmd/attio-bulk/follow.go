package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// Hints that know what was typed: the command that comes next, and the flag or the file that was meant.

// follow is the command that comes after this one, about the same file: its words, the flags that were typed as far as
// it has them too, and more. What is about this command's own work is left out, and so are the flags that drop names.
func (f *fileFlags) follow(command, drop, more []string) string {
	args := append(append([]string{"attio-bulk"}, command...), f.input.Path)
	if target, _, err := f.root.Find(command); err == nil {
		for _, word := range without(f.given, append(drop, "json", "quiet", "verbose", "read-rate", "write-rate")...) {
			if name, _, _ := strings.Cut(strings.TrimPrefix(word, "--"), "="); target.Flags().Lookup(name) != nil {
				args = append(args, word)
			}
		}
	}
	return quoted(append(args, more...)...)
}

// unbound adds to what Bind says which flag may help: to leave out many columns that nothing maps, or to read another
// sheet.
func (f *fileFlags) unbound(err error) error {
	const many = 4
	unmapped, missing := 0, false
	problems, _ := errors.AsType[problem.Problems](err)
	for _, p := range problems {
		if aboutColumn(p) {
			unmapped++
		}
		missing = missing || strings.Contains(p.Text, "has no column")
	}
	if unmapped >= many {
		err = withHints(err, "to leave out all columns that match nothing: --ignore-rest")
	}
	if sheets := sheetsOf(f.input.Path); missing && len(sheets) > 1 {
		err = withHints(err, fmt.Sprintf("%s has the sheets %s; to read another one: --sheet NAME", f.input.Path,
			strings.Join(sheets, ", ")))
	}
	return err
}

// nearFiles is the hint about a file that is not there, where its folder has files with names like it.
func nearFiles(path string) []string {
	folder, name := filepath.Split(path)
	entries, _ := os.ReadDir(cmp.Or(folder, ".")) // no folder has no files
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	near := problem.Nearest(name, names)
	for i := range near {
		near[i] = quoted(folder + near[i])
	}
	if len(near) == 0 {
		return nil
	}
	return []string{"did you mean " + strings.Join(near, " or ") + "?"}
}
