package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/attio-bulk/attio-bulk/attio"
)

// The scripts in testdata/filters run against a sandbox that counts all values of a filter, and against one that counts
// each $in by itself. They know two commands more:
//
//	values users|people|companies N FILE   write N rows with several unique values each
//	filters MIN MAX                        the largest filter of any query held at least MIN and at most MAX values

func TestFilterScripts(t *testing.T) {
	for _, count := range []string{"whole", "in"} {
		t.Run(count, func(t *testing.T) {
			p := scriptParams("filters")
			setup := p.Setup
			p.Setup = func(env *testscript.Env) error {
				env.Setenv("COUNT", count)
				return setup(env)
			}
			p.Cmds["values"], p.Cmds["filters"] = scriptValues, scriptFilters
			testscript.Run(t, p)
		})
	}
}

// scriptValues writes a file.
func scriptValues(ts *testscript.TestScript, neg bool, args []string) {
	rows := map[string]func(int) string{
		"users": func(i int) string { return fmt.Sprintf("v%d,v%d@fernhill.example.net", i, i) },
		"people": func(i int) string {
			var mails []string
			for j := range 5 {
				mails = append(mails, fmt.Sprintf("p%d.%d@fernhill.example.net", i, j))
			}
			return fmt.Sprintf("%s,c%d.fernhill-values.net", strings.Join(mails, ";"), i)
		},
		"companies": func(i int) string {
			return fmt.Sprintf("c%d.fernhill-values.net;d%d.fernhill-values.net,Company %d", i, i, i)
		},
	}
	headers := map[string]string{
		"users": "User ID,Primary email address", "people": "Emails,Domain", "companies": "Domains,Name",
	}
	if neg || len(args) != 3 || rows[args[0]] == nil {
		ts.Fatalf("usage: values users|people|companies N FILE")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	lines := []string{headers[args[0]]}
	for i := range n {
		lines = append(lines, rows[args[0]](i))
	}
	ts.Check(os.WriteFile(ts.MkAbs(filepath.FromSlash(args[2])), []byte(strings.Join(lines, "\n")+"\n"), 0o600))
}

// scriptFilters asks for the largest filter.
func scriptFilters(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: filters MIN MAX")
	}
	low, err := strconv.Atoi(args[0])
	ts.Check(err)
	high, err := strconv.Atoi(args[1])
	ts.Check(err)
	most := 0
	for _, r := range sceneOf(ts).server.Requests() {
		var q struct{ Filter json.RawMessage }
		if strings.HasSuffix(r.Path, "/query") && json.Unmarshal(r.Body, &q) == nil {
			most = max(most, attio.ShapeOf(q.Filter).Values)
		}
	}
	if most < low || most > high {
		ts.Fatalf("the largest filter held %d values, want %d to %d", most, low, high)
	}
}
