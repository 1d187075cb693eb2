//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// killShape is what is imported.
type killShape struct {
	object  string
	header  string
	row     func(i int) string
	mapping string // YAML; "" for headers
	args    []string
	workers int
	blind   bool // nothing to look a row up by: a lost answer stays unknown
	leaves  bool // some values are left out
	makes   bool // options and targets are made first, and the whole is taken back in the end
}

const killRows = 40

// killShapes: users have unique attributes of their own, specimens are found by an import key alone, upserts update
// half of their rows, deals cannot be found at all, and what other specimens need is made by the run.
func killShapes(seed uint64) killShape {
	workers := []int{1, 16}[seed%2]
	users := killUsers(workers)
	switch seed / 2 % 5 {
	case 1:
		return killShape{
			object: "specimens", header: "label", workers: workers,
			row:  func(i int) string { return fmt.Sprintf("specimen %d", i) },
			args: []string{"--import-key", "code"},
		}
	case 2:
		users.args = []string{"--mode", "upsert", "--match", "user_id"}
	case 3:
		return killShape{
			object: "deals", header: "name,stage,owner", workers: workers, blind: true,
			row: func(i int) string { return fmt.Sprintf("Deal %d,Lead,sam@example.com", i) },
		}
	case 4:
		return killMakes(workers)
	}
	return users
}

// killUsers are users of whom the mapping leaves some values out: of every third an amount that is none, of every
// fourth a person that is nowhere.
func killUsers(workers int) killShape {
	row := func(i int) string {
		amount, person := "5", ""
		if i%3 == 0 {
			amount = "many"
		}
		if i%4 == 0 {
			person = fmt.Sprintf("nobody%d@example.com", i)
		}
		return fmt.Sprintf("u%d,user%d@example.com,%s,%s", i, i, amount, person)
	}
	return killShape{
		object: "users", header: "user_id,primary_email_address,mrr,person", row: row, workers: workers, leaves: true,
		mapping: `version: 1
object: users
columns:
  - {column: user_id, attribute: user_id}
  - {column: primary_email_address, attribute: primary_email_address}
  - {column: mrr, attribute: mrr, on_error: drop}
  - {column: person, attribute: person, reference: people.email_addresses, missing: blank}
`,
	}
}

// dropped are the lines of dropped.csv that the rows of killUsers make, in the order of the file.
func dropped() (lines [][]string) {
	for i := range killRows {
		row, line := fmt.Sprint(i+1), fmt.Sprint(i+2)
		if i%3 == 0 {
			lines = append(lines, []string{row, line, "mrr", "mrr", "VAL010", "many", `"many" is not a number`})
		}
		if i%4 == 0 {
			key := fmt.Sprintf("nobody%d@example.com", i)
			lines = append(lines, []string{row, line, "person", "person", "REF001", key,
				fmt.Sprintf("no record of people has email_addresses %q", key)})
		}
	}
	return lines
}

// What the rows of killMakes need and nobody has.
const (
	killKinds   = 3
	killStates  = 2
	killFinders = 6
)

func killMakes(workers int) killShape {
	return killShape{
		object: "specimens", header: "code,kind,state,finder", workers: workers, makes: true,
		row: func(i int) string {
			return fmt.Sprintf("s%d,kind %d,state %d,finder%d@example.com", i, i%killKinds, i%killStates, i%killFinders)
		},
		mapping: `version: 1
object: specimens
match: code
columns:
  - {column: code, attribute: code}
  - {column: kind, attribute: kind, missing: create}
  - {column: state, attribute: state, missing: create}
  - {column: finder, attribute: finder, reference: people.email_addresses, missing: create}
`,
	}
}

// files writes what is imported.
func (k *killRun) files() {
	var b strings.Builder
	b.WriteString(k.shape.header + "\n")
	for i := range killRows {
		b.WriteString(k.shape.row(i) + "\n")
	}
	require.NoError(k.t, os.WriteFile(filepath.Join(k.dir, "rows.csv"), []byte(b.String()), 0o600))
	if k.shape.mapping != "" {
		require.NoError(k.t, os.WriteFile(filepath.Join(k.dir, "m.yaml"), []byte(k.shape.mapping), 0o600))
	}
}

// importArgs begin the run.
func (k *killRun) importArgs() []string {
	args := []string{"import", "rows.csv", "--run-dir", "run"}
	if k.shape.mapping != "" {
		args = append(args, "--mapping", "m.yaml")
	}
	return append(append(args, "--object", k.shape.object), k.shape.args...)
}

// checkMade says that each option and each target that the rows needed is there once, and that the run knows them for
// its own.
func (k *killRun) checkMade(sum *journal.Summary) {
	want := make(map[string]bool) // whether it is archived
	for i := range killKinds {
		want[fmt.Sprint("kind ", i)] = false
	}
	for i := range killStates {
		want[fmt.Sprint("state ", i)] = false
	}
	require.Equal(k.t, want, k.made())
	require.Equal(k.t, killFinders, k.server.Count("people"))
	require.Equal(k.t, map[string]int{"options": killKinds + killStates, "people": killFinders}, sum.AlsoCreated)
}

// made are the options that nobody had before, by title.
func (k *killRun) made() map[string]bool {
	out := make(map[string]bool)
	for _, o := range k.server.Workspace().Objects {
		if o.Slug != "specimens" {
			continue
		}
		for _, a := range o.Attributes {
			for _, option := range a.Options {
				if strings.HasPrefix(option.Title, a.Slug+" ") {
					require.NotContains(k.t, out, option.Title, "it was made twice")
					out[option.Title] = option.Archived
				}
			}
		}
	}
	return out
}

// takeBack undoes the run, killed as often, and looks for what it left behind.
func (k *killRun) takeBack() {
	require.Zero(k.t, k.undo(1), "all was as the run had left it")
	require.Zero(k.t, k.server.Count("specimens"))
	require.Zero(k.t, k.server.Count("people"))
	made := k.made()
	require.Len(k.t, made, killKinds+killStates)
	for title, archived := range made {
		require.True(k.t, archived, title)
	}
	counts := make(map[string]int)
	for _, result := range k.undone() {
		counts[result]++
	}
	require.Equal(k.t, map[string]int{journal.UndoDeleted: killRows + killFinders, journal.UndoArchived: killKinds +
		killStates}, counts)
}
