package main

import (
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptAnswer answers a question of a proposed mapping, as a person does in an editor.
func scriptAnswer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: answer FILE TEXT…")
	}
	lines := strings.SplitAfter(ts.ReadFile(args[0]), "\n")
	for _, text := range args[1:] {
		found := -1
		for i, line := range lines {
			isAnswer := strings.HasPrefix(line, "  # - ") || strings.HasPrefix(line, "# "+text)
			if isAnswer && strings.Contains(line, text) {
				if found >= 0 {
					ts.Fatalf("%s: several lines hold %q", args[0], text)
				}
				found = i
			}
		}
		if found < 0 {
			ts.Fatalf("%s: no line to answer holds %q", args[0], text)
		}
		lines[found] = strings.Replace(lines[found], "# ", "", 1)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Join(lines, "")), 0o600))
}
